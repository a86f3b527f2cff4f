"""Ranks under drawn weights and with parts left out: seeded, cohort by cohort, quantiles as R reckons them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from survey.core.ranking import ranks
from survey.core.reliability import cronbach_alpha, pairwise_covariances
from survey.core.robustness import Method, Ranking, draw, leave_one_out, ranks_of, spread_of_ranks
from survey.core.rules.exact import Exact
from survey.core.weights_tree import WeightsTree, index_scores
from tests.core.test_weights_tree import BODIES, case, grown, questionnaire

COHORTS = ("a", "b") * (BODIES // 2)
RANKING = Ranking(COHORTS, (True,) * (BODIES - 1) + (False,))


@pytest.fixture(scope="module")
def tree() -> WeightsTree:
    chance = random.Random(3)
    definition = questionnaire(chance)
    return grown(definition, [Exact(definition, case(chance, definition)) for _ in range(BODIES)])


@pytest.mark.parametrize("method", Method)
def test_the_same_seed_draws_the_same_weights(tree: WeightsTree, method: Method) -> None:
    first, again, other = (draw(tree, 50, seed, method) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert (first >= 0).all()


def test_noise_stays_within_its_spread(tree: WeightsTree) -> None:
    factors = draw(tree, 2_000, 1, Method.NOISE, 0.25) / tree.weights[:, None]
    assert 0.75 <= factors.min() < 0.76
    assert 1.24 < factors.max() <= 1.25
    assert factors.mean() == pytest.approx(1, abs=0.01)


def test_dirichlet_shares_out_what_a_group_weighs_and_keeps_its_means(tree: WeightsTree) -> None:
    drawn = draw(tree, 20_000, 1, Method.DIRICHLET)
    for parent in tree.parents:
        places = [part.place for part in parent.inside]
        assert drawn[places].sum(axis=0) == pytest.approx(tree.weights[places].sum())
        assert drawn[places].mean(axis=1) == pytest.approx(tree.weights[places], rel=0.05)


def slow_ranks(scores: np.ndarray) -> list[float]:
    """1-2-2-4 inside cohorts, one body after the other."""
    published = [np.nan if np.isnan(rate) else np.floor(rate * 10_000 + 0.5 + 1e-7) for rate in scores]
    ranks = []
    for row, rate in enumerate(published):
        rivals = [published[i] for i in range(BODIES) if COHORTS[i] == COHORTS[row] and RANKING.ranked[i]]
        counts = RANKING.ranked[row] and not np.isnan(rate)
        ranks.append(1.0 + sum(rival > rate for rival in rivals) if counts else np.nan)
    return ranks


def test_ranks_are_those_of_each_cohort(tree: WeightsTree) -> None:
    scores = index_scores(tree, draw(tree, 30, 4))
    scores[3] = scores[5]  # a tie
    ranks = ranks_of(scores, RANKING)
    for column in range(30):
        assert ranks[:, column] == pytest.approx(slow_ranks(scores[:, column]), nan_ok=True)


@pytest.mark.parametrize("sets", [1, 2, 7, 200, 301])
def test_quantiles_are_those_of_the_sorted_ranks(tree: WeightsTree, sets: int) -> None:
    weights = draw(tree, sets, 9)
    ranks = ranks_of(index_scores(tree, weights), RANKING)
    spread = spread_of_ranks(tree, weights, RANKING, (0.0, 0.05, 0.5, 0.95, 1.0))
    wanted = np.quantile(ranks, spread.quantiles, axis=1, method="linear").T  # R's type 7
    assert spread.at == pytest.approx(wanted, nan_ok=True, abs=1e-12)
    assert spread.mean == pytest.approx(ranks.mean(axis=1), nan_ok=True)


def test_leaving_a_part_out_moves_ranks_as_a_tree_without_it_does(tree: WeightsTree) -> None:
    own = ranks_of(index_scores(tree, tree.weights[:, None]), RANKING)[:, 0]
    for place, left in enumerate(leave_one_out(tree, RANKING)):
        weights = tree.weights[:, None].copy()
        weights[place] = 0
        change = ranks_of(index_scores(tree, weights), RANKING)[:, 0] - own
        known = ~np.isnan(change) & ~np.isnan(left.change)
        assert left.change[known] == pytest.approx(change[known])
        assert left.mean_change == pytest.approx(np.nanmean(np.abs(left.change)), nan_ok=True)


def test_what_breaks_ties_in_the_ranking_breaks_them_under_every_set_of_weights() -> None:
    scores = np.array([[0.5, 0.9], [0.5, 0.2], [0.5, 0.2], [0.50001, 0.1]])
    of_code, cohorts, ranked = np.array([0.1, 0.3, 0.3, -1.0]), ("a",) * 4, (True,) * 4
    assert ranks_of(scores, Ranking(cohorts, ranked)).T.tolist() == [[1, 1, 1, 1], [1, 2, 2, 4]]
    assert ranks_of(scores, Ranking(cohorts, ranked, breaks=(of_code,))).T.tolist() == [[3, 1, 1, 4], [1, 2, 2, 4]]
    rate = Ranking(cohorts, ranked, breaks=(None, of_code))
    assert ranks_of(scores, rate).T.tolist() == [[4, 2, 2, 1], [1, 2, 2, 4]]
    parted = ranks(np.full(4, 0.5), cohorts, ranked, of_code[:, None])
    assert parted == tuple(ranks_of(np.full((4, 1), 0.5), Ranking(cohorts, ranked, breaks=(of_code,)))[:, 0])


def test_covariances_of_a_pair_are_those_of_the_bodies_that_have_both() -> None:
    chance = np.random.default_rng(1)
    values = 1e6 + chance.normal(size=(40, 4))
    values[chance.random((40, 4)) < 0.2] = np.nan
    found = pairwise_covariances(values)
    for i in range(4):
        for j in range(4):
            both = ~np.isnan(values[:, i]) & ~np.isnan(values[:, j])
            assert found[i, j] == pytest.approx(np.cov(values[both, i], values[both, j])[0, 1], abs=1e-6)


def test_alpha_is_one_of_equal_parts_and_unknown_of_one_or_of_none_that_vary() -> None:
    column = np.arange(9.0)[:, None]
    assert cronbach_alpha(np.hstack([column, column, column])) == pytest.approx(1)
    assert np.isnan(cronbach_alpha(column))
    assert np.isnan(cronbach_alpha(np.ones((5, 3))))
    assert np.isnan(cronbach_alpha(np.full((5, 3), np.nan)))


def test_alpha_is_unknown_where_gaps_leave_no_variance_of_the_sum() -> None:
    gaps = np.array([[0.75, 0.48], [2 / 3, 0.5], [np.nan, 0.5], [1.0, 0.0]])
    assert pairwise_covariances(gaps).sum() < 0  # of the pairs that there are; no sum of anything varies so
    assert np.isnan(cronbach_alpha(gaps))
