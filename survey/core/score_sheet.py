"""The arrays of Scores, filled a span of agencies at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.core.levels import level_index
from survey.core.questionnaire import RATE, Level, Questionnaire
from survey.core.rules.outcomes import State
from survey.core.rules.vectors import Vectors
from survey.core.scores import RATE_DECIMALS, Flags, Floats, Scores, States


def levels_of(
    questionnaire: Questionnaire, published: Floats, held: Sequence[Flags | None]
) -> tuple[Level | None, ...]:
    """The level of every published rate whose gates hold."""
    levels = questionnaire.levels
    if not levels:
        return (None,) * len(published)
    return tuple(levels[i] if i >= 0 else None for i in level_index(levels, published, held).tolist())


@dataclass(frozen=True, slots=True)
class Sheet:
    """Room for the figures of n agencies; each indicator and each group is one stretch of memory."""

    questionnaire: Questionnaire
    codes: tuple[str, ...]  # of the scored indicators
    points: Floats  # m × n
    states: States  # m × n
    groups: dict[str, tuple[Floats, Floats, Floats, States]]  # points, maximum, share, state by code; "" the whole
    published: Floats
    breaks: Floats  # k × n
    held: tuple[Flags | None, ...]  # of every level: whose gates hold

    @classmethod
    def blank(cls, questionnaire: Questionnaire, size: int) -> Sheet:
        """Room for `size` agencies."""
        codes = tuple(indicator.code for indicator in questionnaire.indicators if indicator.scored)
        return cls(
            questionnaire,
            codes,
            np.empty((len(codes), size)),
            np.empty((len(codes), size), np.int8),
            {code: (np.empty(size), np.empty(size), np.empty(size), np.empty(size, np.int8))
             for code in questionnaire.group_of},
            np.empty(size),
            np.empty((len(questionnaire.tie_breaks), size)),
            tuple(np.ones(size, dtype=bool) if level.gates else None for level in questionnaire.levels),
        )  # fmt: skip

    def room(self, rows: slice) -> dict[str, Floats]:
        """Where the points of some agencies are worked out, by indicator."""
        return {code: self.points[place, rows] for place, code in enumerate(self.codes)}

    def fill(self, rows: slice, read: Vectors) -> None:
        """Write the figures of some agencies, read in their own room."""
        for code, (points, maximum, share, states) in self.groups.items():
            read.points(code, points[rows])
            read.maximum(code, maximum[rows])
            share[rows] = read.share(code)
            states[rows] = read.node(code).states
        self.published[rows] = read.published(RATE_DECIMALS)
        for place, code in enumerate(self.questionnaire.tie_breaks):
            self.breaks[place, rows] = read.share("" if code == RATE else code)
        for level, held in zip(self.questionnaire.levels, self.held, strict=True):
            for gate in level.gates:
                if held is not None:
                    held[rows] &= read.holds(gate)
        for place, code in enumerate(self.codes):  # last: what the groups are made of ends here
            read.points(code, self.points[place, rows])
            self.states[place, rows] = read.node(code).states

    def scores(self, agencies: tuple[str, ...]) -> Scores:
        """The figures of all of them."""
        scored = [self.questionnaire.by_code[code] for code in self.codes]
        whole = self.groups[""]
        groups = {group.code: self.groups[group.code] for group in self.questionnaire.all_groups}
        return Scores(
            agencies=agencies,
            codes=self.codes,
            maxima=np.array([float(indicator.maximum) for indicator in scored], np.float64),
            counted=np.array([float(indicator.counted) for indicator in scored], np.float64),
            points=self.points.T,
            states=self.states.T,
            group_points={code: figures[0] for code, figures in groups.items()},
            group_maximum={code: figures[1] for code, figures in groups.items()},
            group_share={code: figures[2] for code, figures in groups.items()},
            group_state={code: figures[3] for code, figures in groups.items()},
            total=np.where((whole[3] == State.MISSING) & np.isnan(whole[2]), np.nan, whole[0]),
            maximum=whole[1],
            whole_state=whole[3],
            rate=whole[2],
            rate_published=self.published,
            level=levels_of(self.questionnaire, self.published, self.held),
            breaks=self.breaks.T,
        )
