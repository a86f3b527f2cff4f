"""What bodies measured, as the fractions that cells hold, and the extents of their cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from reports.data import Cohort, QuestionnaireResult
from survey.core.answers import Case
from survey.core.asks import MeanRatio, Number, Ratio, Survey, ZeroB
from survey.core.questionnaire import Indicator
from survey.core.rules.measure import asked_pairs, number, whole_grades
from survey.core.rules.peers import measured


@dataclass(frozen=True, slots=True)
class MeasuredFraction:
    """A measured value as a fraction, not reduced."""

    top: float
    bottom: float

    @property
    def value(self) -> float:
        """What it comes to."""
        return self.top / self.bottom


def measured_fraction(result: QuestionnaireResult, indicator: Indicator, index: int) -> MeasuredFraction | None:
    """What one agency measured; None where it has no value."""
    case = result.cases[index]
    value = measured(result.questionnaire, indicator, case)
    if value is None:
        return None
    bottom = _bottom(indicator, case)
    return MeasuredFraction(float(value * bottom), float(bottom))


def _bottom(indicator: Indicator, case: Case) -> Fraction:
    """The denominator as it stands in the cells."""

    def of(key: str) -> Fraction:
        return number(case.value(key)) or Fraction(0)

    match indicator.ask:
        case Ratio(pair=pair):
            return of(pair.b.key)
        case Survey(grades=grades) as ask:
            return whole_grades(ask)[1] * sum((of(grade.count.key) for grade in grades), Fraction(0))
        case MeanRatio() as ask:
            pairs = asked_pairs(ask, case)
            left_out = indicator.zero_b is ZeroB.KAD
            return Fraction(sum(1 for pair in pairs if of(pair.b.key) or not left_out))
        case Number():
            return Fraction(1)
    raise TypeError(f"{indicator.code} measures nothing")


@dataclass(frozen=True, slots=True)
class CohortExtent:
    """The values of one cohort for one indicator; no ends where nobody has one."""

    count: int
    low: MeasuredFraction | None
    high: MeasuredFraction | None


def cohort_extent(result: QuestionnaireResult, indicator: Indicator, cohort: Cohort) -> CohortExtent:
    """The extent over those of a cohort that have sent."""
    held = [
        value
        for index, row in enumerate(result.agencies)
        if row.sent and row.cohort == cohort and (value := measured_fraction(result, indicator, index)) is not None
    ]
    if not held:
        return CohortExtent(0, None, None)
    return CohortExtent(len(held), min(held, key=lambda one: one.value), max(held, key=lambda one: one.value))
