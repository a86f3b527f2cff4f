"""What is usual in a cohort: median and spread of every measured value, and what a value would earn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from survey.core.answers import Case
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import Exact, points_of
from survey.core.rules.peers import NOBODY, Peers, measured, peers_of, share_of
from survey.core.transfers import Bands, Linear, Peer

FEWEST = 8  # values of a cohort; of fewer none is usual
FAR = 3.5  # robust deviations from the median
_FROM_MAD = 1.4826  # of a normal distribution
_FROM_MEAN = 1.2533  # where more than half are equal and their median deviation is 0


@dataclass(frozen=True, slots=True)
class Norm:
    """The values of one indicator in one cohort."""

    median: Fraction
    spread: float  # robust standard deviation; 0 where all are equal
    count: int

    def is_far(self, x: Fraction) -> bool:
        """Whether a value lies 3.5 robust deviations or more from the median."""
        return self.spread > 0 and abs(float(x - self.median)) >= FAR * self.spread


class Norms:
    """The cohorts of one questionnaire."""

    def __init__(self, questionnaire: Questionnaire, cases: Sequence[Case]) -> None:
        self._questionnaire = questionnaire
        self._peers: Peers = peers_of(questionnaire, cases) if questionnaire.has_peers else NOBODY
        self._exact = [Exact(questionnaire, case, self._peers) for case in cases]
        self._norms: dict[tuple[str, str], Norm | None] = {}

    def read(self, row: int) -> Exact:
        """One body, read exactly."""
        return self._exact[row]

    def norm(self, indicator: Indicator, cohort: str) -> Norm | None:
        """What is usual there; None where too few have a value."""
        place = indicator.code, cohort
        if place not in self._norms:
            inside = (one for one in self._exact if one.case.cohort == cohort)
            values = [value for one in inside if (value := one.outcome(indicator).measured) is not None]
            self._norms[place] = norm_of(values)
        return self._norms[place]

    def measured(self, indicator: Indicator, case: Case) -> Fraction | None:
        """What other answers of a body measured."""
        return measured(self._questionnaire, indicator, case)

    def worth(self, indicator: Indicator, x: Fraction, cohort: str) -> Fraction:
        """The points that a measured value earns, its gate not looked at."""
        score = indicator.score
        match score:
            case Linear() | Bands() | Peer():
                share = share_of(score, x, self._peers.get((indicator.code, cohort)))
                return Fraction(0) if share is None else points_of(indicator, share)
            case _:
                return Fraction(0)


def norm_of(values: Sequence[Fraction]) -> Norm | None:
    """Median and robust spread (median absolute deviation, or the mean one where that is 0)."""
    if len(values) < FEWEST:
        return None
    ordered = sorted(values, key=float)  # comparing fractions is what would take long; floats order them the same
    half = len(ordered) // 2
    middle = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    away = [abs(float(value) - float(middle)) for value in values]
    spread = median(away) * _FROM_MAD or sum(away) / len(away) * _FROM_MEAN
    return Norm(middle, spread, len(values))
