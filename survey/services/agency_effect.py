"""What a change of a body's line does to what it is asked: the maximum before and after, and which indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from survey.core.asks import Text
from survey.core.questionnaire import Questionnaire
from survey.core.workflow import RoundState, SubmissionState
from survey.services.instance import Session
from survey.services.published import published
from survey.services.register_values import Values, attributes_of
from survey.storage import questionnaires
from survey.storage.agencies import Agency
from survey.storage.submission_rows import SubmissionRow, rows_of_agency


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator that is asked from now on, or no longer."""

    code: str
    name: Text
    maximum: Fraction


@dataclass(frozen=True, slots=True)
class MaximumEffect:
    """One questionnaire before and after: of a phiếu in an open round, or of the rounds to come."""

    title: Text
    round_title: str  # "" for the rounds to come
    state: SubmissionState | None
    frozen: bool  # sent: it keeps the attributes of that moment until it is given back
    before: Fraction | None  # None: nothing is asked
    after: Fraction | None
    gained: tuple[Asked, ...]
    lost: tuple[Asked, ...]

    @property
    def changes(self) -> bool:
        """Whether anything is asked more or less."""
        return self.before != self.after or bool(self.gained or self.lost)


def maximum_of(questionnaire: Questionnaire, attributes: Mapping[str, bool]) -> Fraction:
    """The points of a body with these attributes, before anything is answered."""
    asked = (indicator.maximum for indicator in questionnaire.indicators if indicator.applies_to(attributes))
    return sum(asked, Fraction(0))


def maximum_now(session: Session, values: Values) -> tuple[Text, Fraction] | None:
    """The newest questionnaire that a body with these values is asked, and its maximum; None where it is asked none."""
    found = _newest(session, str(values.get("questionnaire") or "")) if values.get("assessed") else None
    return (found.title, maximum_of(found, attributes_of(values))) if found else None


def maximum_effects(session: Session, agency: Agency, before: Values, after: Values) -> tuple[MaximumEffect, ...]:
    """What changed values of a body do: to its phiếu in open rounds, then to the rounds to come."""
    old, new = attributes_of(before), attributes_of({**before, **after})
    found = [
        _of_phieu(session, row, old, new)
        for row in rows_of_agency(session, agency.id)
        if row.round_state is RoundState.OPEN
    ]
    return (*found, *_of_rounds_to_come(session, before, {**before, **after}, old, new))


def _of_phieu(session: Session, row: SubmissionRow, old: Mapping[str, bool], new: Mapping[str, bool]) -> MaximumEffect:
    questionnaire = published(session, row.version_id, row.sha256)
    frozen = row.frozen_attributes is not None
    kept = row.attributes if frozen else None
    return _compared(questionnaire, row.round_title, row.state, kept or old, kept or new, frozen=frozen)


def _of_rounds_to_come(
    session: Session, before: Values, after: Values, old: Mapping[str, bool], new: Mapping[str, bool]
) -> list[MaximumEffect]:
    """The newest questionnaires; two where the body changes from one to another."""
    ids = [str(values.get("questionnaire") or "") if values.get("assessed") else "" for values in (before, after)]
    if ids[0] == ids[1]:
        found = _newest(session, ids[0])
        return [_compared(found, "", None, old, new)] if found else []
    effects = []
    for id_, joins in zip(ids, (False, True), strict=True):
        if found := _newest(session, id_):
            total = maximum_of(found, new if joins else old)
            first, last = (None, total) if joins else (total, None)
            effects.append(MaximumEffect(found.title, "", None, False, first, last, (), ()))
    return effects


def _newest(session: Session, questionnaire_id: str) -> Questionnaire | None:
    versions = (one for one in questionnaires.listed(session) if one.questionnaire_id == questionnaire_id)
    version = next(versions, None)
    return published(session, version.id, version.sha256) if version else None


def _compared(
    questionnaire: Questionnaire,
    round_title: str,
    state: SubmissionState | None,
    old: Mapping[str, bool],
    new: Mapping[str, bool],
    *,
    frozen: bool = False,
) -> MaximumEffect:
    every = questionnaire.indicators
    return MaximumEffect(
        questionnaire.title,
        round_title,
        state,
        frozen,
        maximum_of(questionnaire, old),
        maximum_of(questionnaire, new),
        tuple(Asked(i.code, i.name, i.maximum) for i in every if i.applies_to(new) and not i.applies_to(old)),
        tuple(Asked(i.code, i.name, i.maximum) for i in every if i.applies_to(old) and not i.applies_to(new)),
    )
