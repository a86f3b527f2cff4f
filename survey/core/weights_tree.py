"""A questionnaire as a tree of weights over the shares that bodies earned: its index under any set of weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from survey.core.modifiers import Aggregate, Counts, MissingRule
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rules.outcomes import LEAVES_MAXIMUM, State

Floats = NDArray[np.float64]

CLOSE = 1e-12  # in place of a maximum of 0, below which nothing is divided


@dataclass(frozen=True)
class Node:
    """An indicator or a group in its parent; rows are bodies.

    `cover` is how much of its weight counts for each body: 1 or 0 in a mean; in a sum the part of its maximum that
    applies. `share` is the signed share of an indicator; a group has its parts instead.
    """

    code: str
    place: int  # among the weights; −1 for the whole, which has none
    weight: float  # as the questionnaire has it: a maximum in a sum
    aggregate: Aggregate | None  # None: an indicator
    outside: bool  # adds to the numerator of its parent alone: bonus and penalty
    cover: Floats
    missing: NDArray[np.bool_]
    share: Floats | None = None
    parts: tuple[Node, ...] = ()
    unfit: NDArray[np.bool_] | None = None  # too little is known of it: it counts 0

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """Its parts that are indicators."""
        return tuple(part for part in self.parts if part.share is not None)

    @cached_property
    def inside(self) -> tuple[Node, ...]:
        """Its parts that make up its maximum."""
        return tuple(part for part in self.parts if not part.outside)

    @cached_property
    def earned(self) -> Floats:
        """The shares of its indicators, 0 where one does not count; n × leaves."""
        columns = [leaf.cover * leaf.share for leaf in self.leaves if leaf.share is not None]
        return _columns(columns, len(self.cover))

    @cached_property
    def covers(self) -> Floats:
        """The covers of those of its indicators that make up the maximum; n × leaves."""
        return _columns([leaf.cover for leaf in self.leaves if not leaf.outside], len(self.cover))

    @cached_property
    def is_whole(self) -> bool:
        """Whether every part counts in full for every body: one denominator then serves them all."""
        return all(bool((part.cover == 1).all()) for part in self.inside)


@dataclass(frozen=True)
class WeightsTree:
    """The tree of one questionnaire over n bodies."""

    whole: Node
    nodes: tuple[Node, ...]  # all but the whole, by place

    @property
    def codes(self) -> tuple[str, ...]:
        """The code of each weight."""
        return tuple(node.code for node in self.nodes)

    @property
    def weights(self) -> Floats:
        """The questionnaire's own weights."""
        return np.array([node.weight for node in self.nodes], np.float64)

    @cached_property
    def parents(self) -> tuple[Node, ...]:
        """The nodes with parts, parents first."""
        return tuple(node for node in self.whole.walk() if node.parts)

    @property
    def has_rate(self) -> NDArray[np.bool_]:
        """The bodies to which anything applies, and of which enough is known."""
        return np.asarray(self.whole.cover > 0)


def weights_tree(
    questionnaire: Questionnaire, points: Floats, states: NDArray[np.int8], groups: Mapping[str, NDArray[np.int8]]
) -> WeightsTree:
    """The tree over points and states of n bodies × the scored indicators in file order (as `Scores` has them).

    `groups` are the states of every group by code, the whole by the empty one.
    """
    scored = [indicator for indicator in questionnaire.indicators if indicator.scored]
    columns = {indicator.code: column for column, indicator in enumerate(scored)}
    building = _Building(points, states, columns, groups)
    whole = building.group(questionnaire.whole, None)
    return WeightsTree(whole, tuple(sorted((n for n in whole.walk() if n.place >= 0), key=lambda node: node.place)))


@dataclass
class _Building:
    points: Floats
    states: NDArray[np.int8]
    columns: dict[str, int]
    groups: Mapping[str, NDArray[np.int8]]
    place: int = -1

    def group(self, group: Group, parent: Group | None) -> Node:
        place = self._next() if parent is not None else -1
        parts = tuple(
            self.leaf(part, group) if isinstance(part, Indicator) else self.group(part, group) for part in group.parts
        )
        there = _applicable(parts, len(self.points))
        missing = np.asarray(self.groups[group.code] == State.MISSING)
        unfit = missing if not group.is_sum and bool(missing.any()) else None
        parts = tuple(_in_parent(part, group) for part in parts)
        applies = (there > 0) & ~missing if group.may_lack else there > 0
        if group.is_sum and parent is not None and parent.is_sum and not group.outside:
            cover = there / max(float(group.maximum), CLOSE)
        else:
            cover = np.asarray(applies, np.float64) if not group.outside else np.ones(len(self.points))
        weight = _outside_maximum(group) if group.outside else float(group.maximum)
        if parent is not None and not parent.is_sum:
            weight = float(group.weight)
        return Node(group.code, place, weight, group.aggregate, group.outside, cover, missing, None, parts, unfit)

    def leaf(self, indicator: Indicator, parent: Group) -> Node:
        column = self.columns[indicator.code]
        states = self.states[:, column]
        cover = np.asarray(~np.isin(states, LEAVES_MAXIMUM), np.float64)
        share = self.points[:, column] / float(indicator.maximum)
        outside = indicator.counts is not Counts.POINTS
        weight = indicator.maximum if parent.is_sum else indicator.weight
        missing = np.asarray(states == State.MISSING)
        return Node(indicator.code, self._next(), float(weight), None, outside, cover, missing, share)

    def _next(self) -> int:
        self.place += 1
        return self.place


def _outside_maximum(group: Group) -> float:
    """What the bonuses and penalties of a group can come to at most."""
    return float(sum(indicator.maximum for indicator in group.all_indicators() if indicator.scored))


def _applicable(parts: Sequence[Node], size: int) -> Floats:
    """The weight of the parts that apply to each body."""
    there = np.zeros(size)
    for part in parts:
        if not part.outside:
            there += part.cover * part.weight
    return there


def _in_parent(part: Node, group: Group) -> Node:
    """A part as a mean sees it that leaves out what is missing; elsewhere what is missing earned 0."""
    if group.is_sum or group.missing is MissingRule.ZERO or not bool(part.missing.any()):
        return part
    fields = {name: getattr(part, name) for name in part.__dataclass_fields__}
    return Node(**{**fields, "cover": part.cover * ~part.missing})


def index_scores(tree: WeightsTree, weights: Floats) -> Floats:
    """Shares of the whole: n bodies × k sets of weights (a column each, by place); nan where there is no rate.

    A sum weighs its parts by the maxima that apply, so a part's weight in a set stands for its whole maximum.
    """
    result = _values(tree.whole, weights, bool((weights <= 0).any()))
    result[~tree.has_rate] = np.nan
    return result


def _values(node: Node, weights: Floats, zeros: bool) -> Floats:
    """The share of a group, n × k. Where sets hold zeros, nan tells that nothing in it has any weight."""
    if node.aggregate is Aggregate.GEOMETRIC:
        return _geometric(node, weights, zeros)
    value, below = _leaf_sums(node, weights)
    for part in node.parts:
        if part.share is None:
            inner = _values(part, weights, zeros)
            heavy = part.cover[:, None] * weights[part.place]
            if zeros:
                heavy = np.where(np.isnan(inner), 0.0, heavy)
                inner = np.nan_to_num(inner)
            inner *= heavy
            value += inner
            if not part.outside:
                below = below + (heavy if zeros or not node.is_whole else weights[part.place])
    if node.outside:
        return np.asarray(value / node.weight)
    value = _divided(value, below, zeros)
    if any(part.outside for part in node.parts):
        np.clip(value, 0.0, 1.0, out=value)
    return _unfit(node, value)


def _leaf_sums(node: Node, weights: Floats) -> tuple[Floats, Floats]:
    """Σ w·s of the indicators of a group, and Σ w of those that count: n × k, or one row where all count for all."""
    mine = weights[[leaf.place for leaf in node.leaves if not leaf.outside]]
    below = mine.sum(axis=0)[None, :] if node.is_whole else node.covers @ mine
    if not node.leaves:
        return np.zeros((len(node.cover), weights.shape[1])), np.asarray(below)
    return node.earned @ weights[[leaf.place for leaf in node.leaves]], np.asarray(below)


def _columns(columns: list[Floats], size: int) -> Floats:
    return np.column_stack(columns) if columns else np.zeros((size, 0))


def _divided(value: Floats, below: Floats, zeros: bool) -> Floats:
    """value / below; where nothing has a weight 0, or nan where sets hold zeros."""
    if bool((below > 0).all()):
        value /= below
        return value
    below = np.broadcast_to(below, value.shape)
    empty = np.full(value.shape, np.nan if zeros else 0.0)
    return np.asarray(np.divide(value, below, out=empty, where=below > 0))


def _unfit(node: Node, value: Floats) -> Floats:
    if node.unfit is not None:
        value[node.unfit] = 0.0
    return value


def _geometric(node: Node, weights: Floats, zeros: bool) -> Floats:
    """(Π s^w)^(1 / Σ w), 0 where a part with a weight earned 0."""
    shape = (len(node.cover), weights.shape[1])
    logs, below, nothing = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    for part in node.parts:
        share = _values(part, weights, zeros) if part.share is None else part.share[:, None]
        heavy = np.where(np.isnan(share), 0.0, part.cover[:, None] * weights[part.place])
        positive = share > 0
        nothing |= ~positive & (heavy > 0)
        logs += heavy * np.log(share, out=np.zeros(share.shape), where=positive)
        below += heavy
    value = np.exp(_divided(logs, below, zeros))
    value[nothing] = 0.0
    if not zeros:
        value[below <= 0] = 0.0
    return _unfit(node, value)


def effective_weights(tree: WeightsTree, weights: Floats | None = None) -> Floats:
    """What each indicator and group weighs in the whole: weights multiplied down from the top, scaled per parent.

    Each level sums to 1 where every part goes down to it. Bonus and penalty weigh nothing (nan): they stand outside.
    """
    given = tree.weights if weights is None else weights
    result = np.full(len(tree.nodes), np.nan)
    for parent in tree.parents:
        above = 1.0 if parent.place < 0 else result[parent.place]
        places = [part.place for part in parent.inside]
        total = given[places].sum()
        if total > 0:
            result[places] = above * given[places] / total
    return result
