"""Who gives figures for others, what is asked to be corrected, and which colleague holds which group."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.core.workflow import Role
from survey.storage.accounts import Account, Membership
from survey.storage.agencies import Agency
from survey.storage.base import EMPTY, Base
from survey.storage.questionnaires import QuestionnaireVersion
from survey.storage.rounds import Round
from survey.storage.submissions import Submission


class Provider(Base):
    """The body that gives the figures of a provided indicator in a round, for every agency."""

    __tablename__ = "provider"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("questionnaire_version.id"), primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)  # its code
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)


class Adjustment(Base):
    """Đề nghị điều chỉnh: an agency asks the owner of a provided figure to correct it."""

    __tablename__ = "adjustment"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), index=True)
    indicator: Mapped[str]
    proposed: Mapped[dict[str, Any]]  # input key → stored content that the agency holds to be right
    reason: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    decision: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # accepted, refused, withdrawn
    decision_reason: Mapped[str] = mapped_column(default="", server_default=EMPTY)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class Assignment(Base):
    """A group of a submission in the hands of one colleague."""

    __tablename__ = "assignment"

    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    group_code: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


@dataclass(frozen=True, slots=True)
class Provided:
    """One indicator of a round with the body that gives it."""

    version_id: int
    indicator: str
    agency_id: int
    agency_name: str


def providers(session: Session, round_id: int) -> list[Provided]:
    """Every indicator of a round for which a body was chosen."""
    query = (
        sa.select(Provider.version_id, Provider.indicator, Provider.agency_id, Agency.name)
        .join(Agency, Agency.id == Provider.agency_id)
        .where(Provider.round_id == round_id)
    )
    return [Provided(*row) for row in session.execute(query)]


def provided_rounds(session: Session, agency_ids: Collection[int]) -> Sequence[Round]:
    """The rounds in which one of these bodies gives figures, newest first."""
    given = sa.select(Provider.round_id).where(Provider.agency_id.in_(agency_ids))
    query = sa.select(Round).where(Round.id.in_(given)).order_by(Round.opens_at.desc(), Round.id.desc())
    return session.scalars(query).all()


def choose(session: Session, round_id: int, version_id: int, indicator: str, agency_id: int | None) -> None:
    """Let a body give an indicator; None: nobody but the coordinator."""
    place = (Provider.round_id == round_id, Provider.version_id == version_id, Provider.indicator == indicator)
    session.execute(sa.delete(Provider).where(*place))
    if agency_id is not None:
        session.add(Provider(round_id=round_id, version_id=version_id, indicator=indicator, agency_id=agency_id))
    session.flush()


@dataclass(frozen=True, slots=True)
class RoundVersion:
    """A questionnaire of a round, and the khối of the bodies that answer it."""

    version_id: int
    questionnaire_id: str
    sha256: str
    kind: str
    count: int  # of submissions


def versions(session: Session, round_id: int) -> list[RoundVersion]:
    """The questionnaires of a round, one line a khối."""
    version = (Submission.version_id, QuestionnaireVersion.questionnaire_id, QuestionnaireVersion.sha256)
    query = (
        sa.select(*version, Agency.kind, sa.func.count())
        .join(Agency, Agency.id == Submission.agency_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Submission.version_id)
        .where(Submission.round_id == round_id)
        .group_by(*version, Agency.kind)
        .order_by(Submission.version_id, Agency.kind)
    )
    return [RoundVersion(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """What a giver of figures may know of an agency: its names, and its document for the provided keys."""

    submission_id: int
    agency_id: int
    code: str
    name: str
    search: str
    attributes: dict[str, bool]
    answers: dict[str, Any]


def figure_rows(
    session: Session, round_id: int, version_id: int, kinds: Collection[str] | None, *, lock: bool = False
) -> list[FigureRow]:
    """The agencies that answer a questionnaire in a round, in official order; `kinds` None: of every khối."""
    query = (
        sa.select(
            Submission.id, Agency.id, Agency.code, Agency.name, Agency.search,
            Submission.attributes, Agency.attributes, Submission.answers,
        )
        .join(Agency, Agency.id == Submission.agency_id)
        .where(Submission.round_id == round_id, Submission.version_id == version_id)
    )  # fmt: skip
    if kinds is not None:
        query = query.where(Agency.kind.in_(kinds))
    if lock:  # in one order for all, so that two who write many never wait for each other
        ids = session.scalars(
            query.with_only_columns(Submission.id).order_by(Submission.id).with_for_update(of=Submission)
        )
        query = query.where(Submission.id.in_(ids.all()))
    found = session.execute(query.order_by(Agency.place, Submission.id))
    return [
        FigureRow(number, agency_id, code, name, search, own if frozen is None else frozen, answers)
        for number, agency_id, code, name, search, frozen, own, answers in found
    ]


def has_clerk(session: Session, agency_id: int) -> bool:
    """Whether anybody can sign in as clerk of a body."""
    clerk = (
        sa.select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.agency_id == agency_id, Membership.role == Role.CLERK, Account.disabled_at.is_(None))
    )
    return session.scalar(sa.select(clerk.exists())) is True


def clerks_of(session: Session, agency_id: int) -> list[tuple[int, str]]:
    """(account id, name) of everybody who fills in for a body."""
    query = (
        sa.select(Account.id, Account.name)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.agency_id == agency_id, Membership.role == Role.CLERK, Account.disabled_at.is_(None))
        .order_by(Account.id)
    )
    return [(row.id, row.name) for row in session.execute(query)]


def holders(session: Session, submission_id: int) -> dict[str, tuple[int, str]]:
    """Group code → (account id, name) of the colleague who holds it; only those who are still clerks of the body."""
    still = (
        sa.select(Membership.id)
        .where(Membership.account_id == Account.id, Membership.agency_id == Submission.agency_id)
        .where(Membership.role == Role.CLERK)
        .exists()
    )
    query = (
        sa.select(Assignment.group_code, Account.id, Account.name)
        .join(Account, Account.id == Assignment.account_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(Assignment.submission_id == submission_id, Account.disabled_at.is_(None), still)
    )
    return {row.group_code: (row.id, row.name) for row in session.execute(query)}


def assign(session: Session, submission_id: int, groups: dict[str, int | None], *, at: datetime, by: int) -> None:
    """Give groups to colleagues (account ids); None takes one back."""
    if not groups:
        return
    place = (Assignment.submission_id == submission_id, Assignment.group_code.in_(groups))
    session.execute(sa.delete(Assignment).where(*place))
    session.add_all(
        Assignment(submission_id=submission_id, group_code=code, account_id=holder, created_at=at, created_by=by)
        for code, holder in groups.items()
        if holder is not None
    )
    session.flush()


def drop_assignments(session: Session, account_id: int, agency_id: int) -> None:
    """Take back all that a colleague held at a body."""
    of_body = sa.select(Submission.id).where(Submission.agency_id == agency_id)
    session.execute(
        sa.delete(Assignment).where(Assignment.account_id == account_id, Assignment.submission_id.in_(of_body))
    )


def open_adjustment(session: Session, submission_id: int, indicator: str) -> Adjustment | None:
    """The request on an indicator that waits for an answer."""
    query = sa.select(Adjustment).where(Adjustment.submission_id == submission_id, Adjustment.indicator == indicator)
    return session.scalar(query.where(Adjustment.decision == ""))


def adjustments_of(session: Session, submission_id: int) -> Sequence[Adjustment]:
    """Every request of an agency, newest first."""
    query = sa.select(Adjustment).where(Adjustment.submission_id == submission_id)
    return session.scalars(query.order_by(Adjustment.id.desc())).all()


def adjustments_in(session: Session, round_id: int, version_ids: Collection[int]) -> Sequence[Adjustment]:
    """Every request on questionnaires of a round, oldest first."""
    query = (
        sa.select(Adjustment)
        .join(Submission, Submission.id == Adjustment.submission_id)
        .where(Submission.round_id == round_id, Submission.version_id.in_(version_ids))
        .order_by(Adjustment.id)
    )
    return session.scalars(query).all()
