"""What is usual in the cohort of a phiếu, from what bodies of the same khối have sent, kept in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic
from weakref import WeakKeyDictionary

from survey.core import document as doc
from survey.core.ask_back import is_comparable
from survey.core.flag_norms import FEWEST, Norm, norm_of
from survey.core.questionnaire import Questionnaire
from survey.core.rules.peers import measured
from survey.core.same_meaning import as_asked_now
from survey.core.workflow import SubmissionState
from survey.services.instance import Session
from survey.services.open_round import list_rounds
from survey.services.published import published
from survey.storage.submission_rows import SubmissionRow, rows_of_round, with_answers

KEPT = 600.0  # seconds: a question may be some minutes behind, and 126 phiếu take 0.1 s to read

Norms = Mapping[str, Norm]  # by indicator code
_Key = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class _Cohort:
    """The shares of a cohort, and what is usual among them."""

    at: float
    values: Mapping[str, Mapping[int, Fraction]]  # by indicator code and submission id
    norms: Norms


_KNOWN: WeakKeyDictionary[object, dict[_Key, _Cohort]] = WeakKeyDictionary()  # by the pool of a database


def read_norms(session: Session, row: SubmissionRow, questionnaire: Questionnaire) -> Norms:
    """What is usual among the others of its cohort and khối; nothing where fewer than eight have sent a value.

    Of this round, else of the round before as far as the same was asked. No statement while it is in memory, three at
    most where it is not.
    """
    kept = _KNOWN.setdefault(session.get_bind().engine.pool, {})
    key = (row.round_id, row.version_id, row.cohort_code, row.kind)
    found = kept.get(key)
    if found is None or monotonic() - found.at > KEPT:
        values = _values(session, row, questionnaire)
        found = kept[key] = _Cohort(monotonic(), values, _norms(values))
    if row.state is not SubmissionState.SENT:
        return found.norms
    return _norms({code: {at: x for at, x in held.items() if at != row.id} for code, held in found.values.items()})


def _norms(values: Mapping[str, Mapping[int, Fraction]]) -> Norms:
    found = ((code, norm_of(tuple(held.values()))) for code, held in values.items())
    return {code: norm for code, norm in found if norm is not None}


def _values(session: Session, row: SubmissionRow, questionnaire: Questionnaire) -> Mapping[str, Mapping[int, Fraction]]:
    values: dict[str, dict[int, Fraction]] = {one.code: {} for one in questionnaire.indicators if is_comparable(one)}
    for one in _sent(session, row):
        asked = published(session, one.version_id, one.sha256)
        own = doc.CaseReader(asked).read(one.answers, one.agency_code, one.attributes)
        case = as_asked_now(questionnaire, asked, own)
        for code, held in values.items():
            value = measured(questionnaire, questionnaire.by_code[code], case)
            if value is not None:
                held[one.id] = value
    return values


def _sent(session: Session, row: SubmissionRow) -> Sequence[SubmissionRow]:
    """What the cohort has sent, with its answers: in this round, or in the one that began last before it."""
    found = _alike(session, row, row.round_id)
    if len(found) < FEWEST:
        before = [one for one in list_rounds(session) if one.opens_at < row.opens_at]
        found = _alike(session, row, max(before, key=lambda one: one.opens_at).id) if before else []
    return with_answers(session, found) if len(found) >= FEWEST else ()


def _alike(session: Session, row: SubmissionRow, round_id: int) -> list[SubmissionRow]:
    return [
        one
        for one in rows_of_round(session, round_id, row.cohort_code, answers=False)
        if one.state is SubmissionState.SENT and one.kind == row.kind and one.questionnaire_id == row.questionnaire_id
    ]
