"""The fast reading of a questionnaire: indicators, gates and groups of many agencies, each found once.

Equal to `exact.Exact` for every agency: rows that float64 and its bounds cannot settle are read exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np

from survey.core.modifiers import Aggregate, Condition, Counts, Gate
from survey.core.questionnaire import Group, Indicator
from survey.core.rounding import half_up
from survey.core.rules.columns import Columns
from survey.core.rules.exact import Exact
from survey.core.rules.group_columns import Found, arithmetic, geometric, mean_node, mean_share, sum_node
from survey.core.rules.nodes import Flags, Floats, Node, Whole, indicator_node, nothing_node
from survey.core.rules.outcomes import State
from survey.core.rules.peers import Peers
from survey.core.rules.points import Earned, earned, worth
from survey.core.twofold import Twofold, constant, full, where


class Vectors:
    """Some agencies read at once.

    The points of an indicator are worked out in its `room` where that is given: memory that is there already.
    """

    def __init__(self, columns: Columns, peers: Peers, room: Mapping[str, Floats] | None = None) -> None:
        self.columns, self.peers, self.room = columns, peers, room or {}
        self.questionnaire = columns.questionnaire
        self._nodes: dict[str, Node] = {}
        self._exact: dict[int, Exact] = {}

    def exact(self, row: int) -> Exact:
        """One of them read exactly."""
        if row not in self._exact:
            self._exact[row] = Exact(self.questionnaire, self.columns.case(row), self.peers)
        return self._exact[row]

    def node(self, code: str) -> Node:
        """An indicator, or a group, or the whole by the empty code."""
        if code not in self._nodes:
            indicator = self.questionnaire.by_code.get(code)
            made = self._group(self.questionnaire.group_of[code]) if indicator is None else self._indicator(indicator)
            self._nodes[code] = made
        return self._nodes[code]

    def holds(self, condition: Condition) -> Flags:
        """Where a share is reached; a part that does not apply is no hindrance."""
        held, unsure = self.node(condition.code).reaches(condition.limit, exclusive=condition.exclusive)
        for row in _rows(unsure):
            held[row] = self.exact(row).holds(condition)
        return held

    def share(self, code: str) -> Floats:
        """The nearest float64 of the share of an indicator, a group or the whole; nan where there is none."""
        values, unsure = self.node(code).nearest_share()
        for row in _rows(unsure):
            share = self.exact(row).share(code)
            values[row] = np.nan if share is None else float(share)
        return values

    def published(self, decimals: int) -> Floats:
        """The share of the whole, half-up; nan where there is none."""
        whole = self.node("")
        units, unsure = whole.rounded_share(Fraction(1), decimals)
        for row in _rows(unsure):
            share = self.exact(row).share("")
            units[row] = 0.0 if share is None else float(half_up(share, decimals) * 10**decimals)
        values: Floats = units / 10.0**decimals
        return values if whole.applies is None else np.where(whole.applies, values, np.nan)

    def points(self, code: str, into: Floats) -> None:
        """Write the nearest float64 of the points of an indicator, a group or the whole."""
        self._nearest(self.node(code).points, lambda row: self._result_points(code, row), into)

    def maximum(self, code: str, into: Floats) -> None:
        """Write the nearest float64 of the maximum of a group or the whole."""
        group = self.questionnaire.group_of[code]
        self._nearest(self.node(code).maximum, lambda row: self.exact(row).result(group).maximum, into)

    def _result_points(self, code: str, row: int) -> Fraction:
        indicator = self.questionnaire.by_code.get(code)
        if indicator is not None:
            return self.exact(row).outcome(indicator).points
        return self.exact(row).result(self.questionnaire.group_of[code]).points

    def _nearest(self, numbers: Whole | Twofold, exactly: Callable[[int], Fraction], into: Floats) -> None:
        if isinstance(numbers, Whole):
            numbers.nearest(into)
            return
        values, unsure = numbers.nearest()
        np.add(values, 0.0, out=into)  # no −0
        for row in _rows(unsure):
            into[row] = float(exactly(row))

    def _indicator(self, indicator: Indicator) -> Node:
        if not indicator.scored:
            return nothing_node(self.columns.size)
        found = earned(self.columns, indicator, self.peers)
        if indicator.gate is not None:
            self._close(indicator, indicator.gate, found)
        penalty = indicator.counts is Counts.PENALTY
        scale = 1 if indicator.decimals is None else 10**indicator.decimals
        for row in _rows(found.unsure):
            exactly = self.exact(row).outcome(indicator)
            found.states[row] = exactly.state
            if isinstance(found.points, Twofold):
                found.points.put(row, abs(exactly.points))
            else:
                found.points[row] = float(abs(exactly.points) * scale)
        if isinstance(found.points, Twofold):
            return indicator_node(indicator, -found.points if penalty else found.points, found.states)
        points = np.subtract(0.0, found.points, out=found.points) if penalty else found.points
        if indicator.code in self.room:
            self.room[indicator.code][:] = points
            points = self.room[indicator.code]
        tops = self.columns.kept.tops
        if indicator.code not in tops:
            tops[indicator.code] = float(half_up(indicator.maximum, indicator.decimals) * scale)
        return indicator_node(indicator, Whole(points, scale, tops[indicator.code]), found.states)

    def _close(self, indicator: Indicator, gate: Gate, found: Earned) -> None:
        """Hold the points down where the gate is closed."""
        closed = ~self.holds(gate.condition) & (found.states == State.SCORED)
        if not closed.any():
            return
        limit = worth(indicator, [gate.otherwise])
        if isinstance(found.points, Twofold):
            over = found.points - constant(gate.otherwise * indicator.maximum)
            near = closed & (np.abs(over.high) <= over.error * 2) & (over.error > 0)
            found.unsure = near if found.unsure is None else found.unsure | near
            lowered = full(self.columns.size, gate.otherwise * indicator.maximum)
            found.points = where(closed & (over.high > 0), lowered, found.points)
        elif not isinstance(limit, Twofold):
            found.points = np.where(closed, np.minimum(found.points, limit[0]), found.points)

    def _group(self, group: Group) -> Node:
        parts = [self.node(part.code) for part in group.parts]
        if not parts:
            return nothing_node(self.columns.size)
        if group.is_sum:
            return self._mended(group, sum_node(group, parts, self.columns.size))
        states, rows, used, weights = mean_share(group, parts, self.columns.size)
        if group.aggregate is Aggregate.GEOMETRIC:
            share, unsettled = geometric(parts, rows, used, weights)
            for row in _rows(unsettled & (states == State.SCORED)):
                share.put(row, self.exact(row).result(group).share or Fraction(0))
            return self._mended(group, mean_node(group, states, share))
        return self._mended(group, mean_node(group, states, arithmetic(parts, rows, used, weights)))

    def _mended(self, group: Group, found: Found) -> Node:
        """The points of rows that are unsure read exactly."""
        node, unsure = found
        rows = _rows(unsure)
        if rows and isinstance(node.points, Whole):
            units = node.points.units
            for row in rows:
                units[row] = float(self.exact(row).result(group).points * node.points.parts)
        return node


def _rows(flags: Flags | None) -> list[int]:
    return [] if flags is None else np.flatnonzero(flags).tolist()
