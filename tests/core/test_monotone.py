"""What must hold in whole trees of sums and means: more earns no less, missing still counts, asking is not given."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core import document as doc
from survey.core.answers import Case, read_typed, to_stored, value_for_field
from survey.core.asks import MeanRatio, Number, Ratio, Survey
from survey.core.modifiers import Counts
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.measure import number
from survey.core.rules.outcomes import State
from survey.core.scoring import score
from survey.core.transfers import Bands, Linear, Peer
from tests.core.rules import drawing
from tests.core.rules.trees import drawn_bodies, drawn_tree

SIZE = 6
STAMP = {"rev": 1, "at": "2026-11-30T00:00:00+00:00", "by": 1}
seeds = st.integers(0, 10**9)


def drawn(seed: int, size: int = SIZE) -> tuple[random.Random, Questionnaire, list[Case]]:
    """A tree and bodies that answer it, and the chance that goes on."""
    chance = random.Random(seed)
    tree = drawn_tree(chance, "cay")
    return chance, tree, drawn_bodies(chance, tree, size)


def rises(indicator: Indicator) -> bool:
    """Whether more is better by its rule, and it does not take points off."""
    score_by = indicator.score
    match score_by:
        case Linear():
            better = score_by.start < score_by.end and score_by.least <= score_by.most
        case Peer():
            better = score_by.rising and score_by.least <= score_by.equal <= score_by.most
        case Bands(bands=bands):
            better = all(above.share >= below.share for above, below in pairwise(bands))
        case _:
            better = False
    return better and indicator.counts is not Counts.PENALTY


def raised(chance: random.Random, indicator: Indicator, case: Case) -> dict[str, Decimal] | None:
    """One number of an answered indicator changed so that what it measures is no less; None where that cannot be."""
    match indicator.ask:
        case Number(value=asked):
            key, most = asked.key, None
        case Ratio() | MeanRatio():
            pair = chance.choice(indicator.pairs)
            below = number(case.value(pair.b.key))
            key, most = pair.a.key, below if pair.part else None
        case Survey(grades=grades):
            key, most = max(grades, key=lambda grade: grade.value).count.key, None
        case _:
            return None
    now = case.values.get(key)
    if not isinstance(now, Decimal) or now <= 0:
        return None
    more = now + chance.choice([1, 2, 10, 1000])
    return {key: more} if most is None or more <= most else None


@settings(max_examples=20)
@given(seed=seeds)
def test_raising_what_is_better_higher_never_lowers_the_rate_of_a_tree(seed: int) -> None:
    chance, tree, cases = drawn(seed)
    before = score(tree, cases)
    for place, indicator in enumerate(tree.indicators):
        row = chance.randrange(SIZE)
        if not rises(indicator) or before.states[row, place] != State.SCORED:
            continue
        more = raised(chance, indicator, cases[row])
        if more is None:
            continue
        changed = [*cases]
        changed[row] = replace(cases[row], values={**cases[row].values, **more})
        after = score(tree, changed)
        assert after.points[row, place] >= before.points[row, place], (indicator.code, more)
        assert not after.rate[row] < before.rate[row], (indicator.code, more)
        assert not after.total[row] < before.total[row]


@settings(max_examples=20)
@given(seed=seeds)
def test_what_is_missing_never_makes_the_maximum_of_a_tree_smaller(seed: int) -> None:
    chance, tree, full = drawn(seed)
    own = {key for indicator in tree.indicators if indicator not in drawing.PARENTS for key in indicator.keys}
    graded = {key for indicator in tree.indicators if not indicator.by_agency for key in indicator.keys}
    lost = {key for key in own - graded if chance.random() < 0.5}
    bare = [replace(one, values={k: v for k, v in one.values.items() if k not in lost}) for one in full]
    peers: dict[Any, Any] = {}
    before, after = score(tree, full, peers=peers), score(tree, bare, peers=peers)
    for code, maxima in before.group_maximum.items():
        assert (after.group_maximum[code] >= maxima).all(), code
    assert (after.maximum >= before.maximum).all()


def written(tree: Questionnaire, case: Case) -> dict[str, Any]:
    """The document that a body with these answers has, as far as a form can take them."""
    read = {key: read_typed(tree, key, value_for_field(tree, key, value)) for key, value in case.values.items()}
    return {key: {**to_stored(answer), **STAMP} for key, answer in read.items()}


@given(seed=seeds, decision=st.sampled_from([None, doc.REFUSED]))
def test_a_request_that_is_not_approved_changes_nothing_of_a_body(seed: int, decision: str | None) -> None:
    chance, tree, (case,) = drawn(seed, 1)
    document = written(tree, case)
    codes = chance.sample(sorted(tree.by_code), 3)
    request = {"reason": "Không được giao.", "decision": decision, **STAMP}
    asked = {**document, **{doc.KAD + code: request for code in codes}}
    plain, after = (doc.case_of(tree, one, case.agency, case.attributes)[0] for one in (document, asked))
    assert after == plain
    assert after.not_applicable == frozenset()
