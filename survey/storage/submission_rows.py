"""The one query layer for submissions: a submission with its round, agency, cohort and chain head in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from survey.core.foreign import ForeignBody
from survey.core.workflow import RoundState, SubmissionState
from survey.storage.agencies import Agency, Cohort
from survey.storage.base import table_of
from survey.storage.events import EventStream, submission_stream
from survey.storage.questionnaires import QuestionnaireVersion
from survey.storage.rounds import Round
from survey.storage.submissions import Submission


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One submission as read; plain values, no lazy loading."""

    id: int
    round_id: int
    agency_id: int
    version_id: int
    cohort_code: str
    state: SubmissionState
    answers: dict[str, Any]
    revision: int
    frozen_attributes: dict[str, bool] | None
    extended_until: datetime | None
    last_activity_at: datetime | None
    last_activity_by: int | None
    presented_at: datetime | None
    presented_by: int | None
    compared_at: datetime | None
    sent_at: datetime | None
    returned_at: datetime | None
    round_code: str
    round_title: str
    period: str
    opens_at: datetime
    closes_at: datetime
    round_state: RoundState
    agency_code: str
    agency_name: str
    agency_search: str
    identifier: str
    kind: str
    type: str
    admin_level: str
    agency_place: int
    agency_attributes: dict[str, bool]
    parent_name: str | None
    cohort_vi: str
    cohort_en: str
    cohort_place: int
    questionnaire_id: str
    version: str
    title_vi: str
    title_en: str
    sha256: str
    event_count: int
    event_head: str
    foreign: ForeignBody | None = None  # the result of another instance that stands in for it in a summary

    @property
    def attributes(self) -> dict[str, bool]:
        """The agency's attributes: present ones until it is sent, then those of that moment."""
        return self.agency_attributes if self.frozen_attributes is None else self.frozen_attributes

    @property
    def deadline(self) -> datetime:
        """Until when the body may change and send it."""
        return self.closes_at if self.extended_until is None else max(self.closes_at, self.extended_until)


@cache
def _columns(*, answers: bool) -> tuple[sa.ColumnElement[Any], ...]:
    parent = aliased(Agency, name="parent")
    known: dict[str, Any] = {
        "answers": Submission.answers if answers else sa.literal({}, sa.JSON),
        "frozen_attributes": Submission.attributes,
        "round_code": Round.code,
        "round_title": Round.title,
        "period": Round.period,
        "opens_at": Round.opens_at,
        "closes_at": Round.closes_at,
        "round_state": Round.state,
        "agency_code": Agency.code,
        "agency_name": Agency.name,
        "agency_search": Agency.search,
        "identifier": Agency.identifier,
        "kind": Agency.kind,
        "type": Agency.type,
        "admin_level": Agency.level,
        "agency_place": Agency.place,
        "agency_attributes": Agency.attributes,
        "parent_name": sa.select(parent.name).where(parent.id == Agency.parent_id).scalar_subquery(),
        "cohort_vi": Cohort.name_vi,
        "cohort_en": Cohort.name_en,
        "cohort_place": Cohort.place,
        "questionnaire_id": QuestionnaireVersion.questionnaire_id,
        "version": QuestionnaireVersion.version,
        "title_vi": QuestionnaireVersion.title_vi,
        "title_en": QuestionnaireVersion.title_en,
        "sha256": QuestionnaireVersion.sha256,
        "event_count": EventStream.count,
        "event_head": EventStream.head,
    }
    return tuple((known[name] if name in known else getattr(Submission, name)).label(name) for name in _NAMES)


_NAMES = tuple(field.name for field in fields(SubmissionRow) if field.name != "foreign")


@cache
def _query(*, answers: bool = True) -> sa.Select[Any]:
    return (
        sa.select(*_columns(answers=answers))
        .select_from(Submission)
        .join(Round, Round.id == Submission.round_id)
        .join(Agency, Agency.id == Submission.agency_id)
        .join(Cohort, Cohort.code == Submission.cohort_code)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Submission.version_id)
        .join(EventStream, EventStream.stream == submission_stream(Submission.id))
    )


@cache
def _one(*, scoped: bool, lock: bool) -> sa.Select[Any]:
    """The statement of `find_row`, put together once: every page and every save asks for it."""
    query = _query().where(Submission.id == sa.bindparam("number"))
    if scoped:
        own = Submission.agency_id.in_(sa.bindparam("agencies", expanding=True))
        query = query.where(own | Agency.kind.in_(sa.bindparam("kinds", expanding=True)))
    return query.with_for_update(of=(Submission, EventStream)) if lock else query


def find_row(
    session: Session, submission_id: int, agencies: Collection[int], kinds: Collection[str] | None, *, lock: bool
) -> SubmissionRow | None:
    """The submission, if it belongs to one of `agencies` (ids) or to a khối of `kinds` (None: any).

    `lock` keeps others from changing it.
    """
    asked: dict[str, Any] = {"number": submission_id}
    if kinds is not None:
        asked |= {"agencies": list(agencies), "kinds": list(kinds)}
    row = session.execute(_one(scoped=kinds is not None, lock=lock), asked).one_or_none()
    return None if row is None else SubmissionRow(*row)


def hold_rows(session: Session, ids: Collection[int], kinds: Collection[str] | None) -> list[SubmissionRow]:
    """These submissions without their documents, as far as they belong to a khối of `kinds` (None: any), by id.

    Kept from others; one statement for all, in one order for everybody, so that two who hold many never wait in a ring.
    """
    query = _query(answers=False).where(Submission.id.in_(ids)).order_by(Submission.id)
    if kinds is not None:
        query = query.where(Agency.kind.in_(kinds))
    return [SubmissionRow(*row) for row in session.execute(query.with_for_update(of=(Submission, EventStream)))]


def rows_of_agency(session: Session, agency_id: int) -> list[SubmissionRow]:
    """An agency's submissions, newest round first."""
    query = _query().where(Submission.agency_id == agency_id).order_by(Round.opens_at.desc(), Submission.id.desc())
    return [SubmissionRow(*row) for row in session.execute(query)]


@cache
def _sent_before(*, answers: bool) -> sa.Select[Any]:
    """What was sent in rounds that opened before `opens_at`, the newest first."""
    earlier = Round.opens_at < sa.bindparam("opens_at", type_=Round.opens_at.type)
    query = _query(answers=answers).where(Submission.state == SubmissionState.SENT, earlier)
    return query.order_by(Round.opens_at.desc(), Submission.id.desc())


@cache
def _own_sent_before() -> sa.Select[Any]:
    own = (
        Submission.agency_id == sa.bindparam("agency"),
        QuestionnaireVersion.questionnaire_id == sa.bindparam("questionnaire"),
    )
    return _sent_before(answers=True).where(*own).limit(1)


def row_sent_before(session: Session, row: SubmissionRow) -> SubmissionRow | None:
    """The newest phiếu of the same body and questionnaire that was sent in a round that opened before this one's."""
    asked = {"agency": row.agency_id, "questionnaire": row.questionnaire_id, "opens_at": row.opens_at}
    found = session.execute(_own_sent_before(), asked).one_or_none()
    return None if found is None else SubmissionRow(*found)


def rows_sent_before(session: Session, opens_at: datetime) -> list[SubmissionRow]:
    """The same of every body and questionnaire, without the answers."""
    newest: dict[tuple[int, str], SubmissionRow] = {}
    for found in session.execute(_sent_before(answers=False), {"opens_at": opens_at}):
        row = SubmissionRow(*found)
        newest.setdefault((row.agency_id, row.questionnaire_id), row)
    return list(newest.values())


def rows_of_round(
    session: Session, round_id: int, cohort: str | None = None, *, answers: bool = True
) -> list[SubmissionRow]:
    """A round's submissions (of one cohort), by cohort and then in the official order of agencies.

    Without `answers` their documents are left empty: `with_answers` fetches those that are needed.
    """
    query = _query(answers=answers).where(Submission.round_id == round_id)
    if cohort is not None:
        query = query.where(Submission.cohort_code == cohort)
    query = query.order_by(Cohort.place, Agency.place, Submission.id)
    return [SubmissionRow(*row) for row in session.execute(query)]


def with_answers(session: Session, rows: Sequence[SubmissionRow]) -> list[SubmissionRow]:
    """The same rows with their documents; those of other instances have none."""
    found = session.execute(
        sa.select(Submission.id, Submission.answers).where(Submission.id.in_([row.id for row in rows]))
    )
    documents = {row.id: row.answers for row in found}
    return [replace(row, answers=documents[row.id]) if row.foreign is None else row for row in rows]


@cache
def _written(names: tuple[str, ...]) -> sa.Update:
    """The statement of `write_row` for these fields, past the session: it keeps no submission."""
    fields, rounds = sa.inspect(Submission).columns, table_of(Round)
    still_open = sa.exists().where(rounds.c.id == fields["round_id"], rounds.c.state == RoundState.OPEN)
    return (
        sa.update(table_of(Submission))
        .where(fields["id"] == sa.bindparam("number"), still_open)
        .values({fields[name]: sa.bindparam(f"new_{name}", type_=fields[name].type) for name in names})
        .returning(fields["id"])
    )


def write_row(session: Session, row: SubmissionRow, values: dict[str, Any]) -> bool:
    """Write `values` and count the revision; False where the round has been closed in the meantime."""
    values = {"revision": row.revision + 1, **values}
    asked = {f"new_{name}": value for name, value in values.items()}
    return session.execute(_written(tuple(values)), {"number": row.id, **asked}).first() is not None


def known_agencies(session: Session, round_id: int) -> set[tuple[int, int]]:
    """(agency id, version id) of a round's submissions."""
    query = sa.select(Submission.agency_id, Submission.version_id).where(Submission.round_id == round_id)
    return {(row.agency_id, row.version_id) for row in session.execute(query)}


def lock_round(session: Session, round_id: int) -> Sequence[int]:
    """Wait for every save under way in a round, and hold off new ones."""
    query = sa.select(Submission.id).where(Submission.round_id == round_id).order_by(Submission.id)
    return session.scalars(query.with_for_update()).all()
