"""Seeding the demonstration: an empty instance gets questionnaires, agencies, people, a round and its past, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

import sqlalchemy as sa

import survey
from survey.core.numbers_vi import HANOI
from survey.core.questionnaire import Questionnaire
from survey.core.text import say
from survey.core.workflow import SubmissionState
from survey.services import instance
from survey.services.content import read_content
from survey.services.demo.chains import Chains
from survey.services.demo.givers import Giving, choose_givers, letter_number
from survey.services.demo.history import Past, Writer, choose_moments
from survey.services.demo.material import Material, read_material
from survey.services.demo.people import People, make_people, name_contacts, write_demo_accounts
from survey.services.demo.roster import PINNED, Part, Peculiar, cast, perform
from survey.services.demo.story import tell
from survey.services.demo.workdays import Workdays
from survey.services.errors import Refused
from survey.services.import_agencies import import_agencies, packaged_agencies
from survey.services.instance import Clock, Database, Session, system_clock
from survey.services.load_questionnaires import load_questionnaires
from survey.services.open_round import open_round
from survey.services.people import Person
from survey.services.published import published
from survey.services.request_kad import decide_kad
from survey.services.scope import find_submission
from survey.services.send_for_approval import send_for_approval
from survey.services.sheet import read_sheet
from survey.services.sign_off import approve, return_to_clerk, send_back
from survey.services.submission_views import AgencyRef
from survey.storage.accounts import Account
from survey.storage.agencies import Agency
from survey.storage.questionnaires import QuestionnaireVersion
from survey.storage.rounds import Round
from survey.storage.submission_rows import rows_of_round

ROUND, YEAR = "2026", 2026
DAYS_LEFT, DAYS_OPEN = 22, 44
JUST_NOW = timedelta(minutes=5)  # nothing has happened since

Progress = Callable[[int, int], None]  # steps done, of how many


@dataclass(frozen=True, slots=True)
class SeededDemonstration:
    """What was made."""

    agencies: int
    submissions: int


def is_empty(session: Session) -> bool:
    """Whether the instance holds no account, agency, questionnaire or round."""
    kinds = (Account.id, Agency.id, QuestionnaireVersion.id, Round.id)
    return not any(session.scalar(sa.select(sa.exists().where(kind.is_not(None)))) for kind in kinds)


def packaged_questionnaires() -> Path:
    """The folder of questionnaires that comes with the system. Raises Refused where it is missing."""
    folder = Path(survey.__file__).resolve().parents[1] / "questionnaires"
    if not folder.is_dir():
        raise Refused("demo.no_questionnaires")
    return folder


def round_dates(now: datetime) -> tuple[datetime, datetime]:
    """(opening, deadline) of a round that is half over at `now`: on 23/11/2026 it runs from 01/11 to 17:00 15/12."""
    last = now.astimezone(HANOI).date() + timedelta(days=DAYS_LEFT)
    first = last - timedelta(days=DAYS_OPEN)
    return datetime.combine(first, time(), HANOI), datetime.combine(last, time(17), HANOI)


def seed_demonstration(
    database: Database,
    folder: Path,
    *,
    progress: Progress = lambda _done, _total: None,
    clock: Clock = system_clock,
) -> SeededDemonstration:
    """Fill an empty instance, whole or not at all, and write the accounts to offer. Raises Refused where not empty."""
    instance.upgrade(database)
    with database.writing() as session:
        if not is_empty(session):
            raise Refused("demo.not_empty")
        seeding = _Seeding(session, clock(), read_material(), progress)
        done = seeding.run()
        write_demo_accounts(folder, seeding.people.offered)
        return done


class _Seeding:
    """One seeding in one unit of work."""

    def __init__(self, session: Session, now: datetime, material: Material, progress: Progress) -> None:
        self.session = session
        self.material = material
        self.progress = progress
        self.opens, self.closes = round_dates(now)
        self.axis = Workdays(self.opens, now - JUST_NOW)
        self.people: People

    def run(self) -> SeededDemonstration:
        """Everything, in the order it would have happened."""
        instance.mark_demonstration(self.session)
        start = lambda: self.opens  # noqa: E731  the clock of that morning
        load_questionnaires(self.session, packaged_questionnaires(), clock=start)
        import_agencies(self.session, packaged_agencies(), clock=start)
        chains = Chains(self.session)
        bodies = self.session.scalars(sa.select(Agency).order_by(Agency.place)).all()
        assessed = [one for one in bodies if one.assessed]
        self.people = make_people(self.session, assessed, chains, self.opens)
        chains.write()
        name_contacts(self.session, assessed, self.people, start)
        opened = open_round(
            self.session,
            code=ROUND,
            title=say("demo.round_title", year=YEAR),
            period=str(YEAR),
            opens_at=self.opens,
            closes_at=self.closes,
            by=self.people.coordinator,
            clock=start,
        )
        pasts = self._pasts(opened.round_id, {one.id: one for one in bodies})
        givers = choose_givers(self.session, self.people.coordinator, ROUND, start)
        letters = partial(self._letter, givers)
        Writer(self.session, Chains(self.session), self.people, self.material, self.axis, YEAR, letters).write(pasts)
        self._move_on(pasts, givers)
        return SeededDemonstration(len(bodies), opened.submissions)

    def _pasts(self, round_id: int, agencies: Mapping[int, Agency]) -> list[Past]:
        """Every submission of the round with its story."""
        rows = rows_of_round(self.session, round_id)
        whole = {row.questionnaire_id: published(self.session, row.version_id, row.sha256) for row in rows}
        parts = cast(
            [(row.agency_code, row.cohort_code, row.questionnaire_id, row.agency_attributes) for row in rows], whole
        )
        for place, questionnaire in enumerate(whole.values(), start=1):
            perform(parts, questionnaire, self.material)
            self.progress(place, len(whole) * 2 + len(rows))
        return [
            self._past(row.id, agencies[row.agency_id], whole[row.questionnaire_id], part)
            for row, part in zip(rows, parts, strict=True)
        ]

    def _past(self, submission_id: int, agency: Agency, questionnaire: Questionnaire, part: Part) -> Past:
        story = tell(part, questionnaire, self.material, str(YEAR))
        moments = choose_moments(part.code, part.state, part.peculiar, self.axis)
        return Past(submission_id, agency, questionnaire, story, moments)

    def _letter(self, givers: Mapping[str, AgencyRef], owner: str) -> tuple[int, dict[str, str]]:
        """Who entered an owner's figures, and what is told of their source."""
        giver = givers.get(owner)
        clerk = self.people.clerks.get(giver.id) if giver else None
        told = {"source": letter_number(self.material, owner, giver)} | ({"body": giver.name} if giver else {})
        return (clerk or self.people.coordinator).account_id, told

    def _move_on(self, pasts: Sequence[Past], givers: Mapping[str, AgencyRef]) -> None:
        """Present, approve, give back, ask and decide by the services themselves, in the order of time."""
        giving = Giving(self.session, ROUND, self.people, self.material, self.axis.length, givers)
        given = [past for past in pasts if past.story.provided]
        asking = [move for at, past in enumerate(given) for move in giving.moves(past, at, past.agency.code in PINNED)]
        sharing = [move for past in pasts if not past.story.provided for move in giving.moves(past, 0, False)]
        own = [move for past in pasts for move in self._moves(past)]
        moves = sorted([*own, *asking, *sharing], key=lambda move: move[0])
        done, total = len(pasts) // 50, len(moves)
        for place, (position, take) in enumerate(moves):
            at = self.axis.at(position)
            take(clock=partial(_still, at))
            self.progress(place + done, total + done)

    def _moves(self, past: Past) -> Iterator[tuple[float, Callable[..., object]]]:
        """(position on the axis, step to take by the clock it is given) of one submission, in order."""
        session, number, when = self.session, past.submission_id, past.moments
        clerk, leader = self.people.clerks[past.agency.id], self.people.leaders[past.agency.id]
        coordinator, part = self.people.coordinator, past.story.part
        back = part.peculiar in (Peculiar.RETURNED, Peculiar.SENT_BACK)
        middle = (when.presented + when.moved) / 2
        if part.state in (SubmissionState.AWAITING_APPROVAL, SubmissionState.SENT) or back:
            yield when.presented, partial(send_for_approval, session, clerk, number, missing_confirmed=True)
        if part.peculiar in (Peculiar.KAD_APPROVED, Peculiar.KAD_REFUSED):
            agreed = part.peculiar is Peculiar.KAD_APPROVED
            reason = (self.material.approved if agreed else self.material.refused).format(year=YEAR)
            for code in past.story.requests:
                yield middle, partial(decide_kad, session, coordinator, number, code, approve=agreed, reason=reason)
        if part.state is SubmissionState.SENT:
            yield when.moved, partial(_approve, session, leader, number)
        if part.peculiar is Peculiar.SENT_BACK:
            yield middle, partial(_approve, session, leader, number)
            reason = _pick(self.material.returns_by_coordinator, number)
            yield when.moved, partial(send_back, session, coordinator, number, reason)
        if part.peculiar is Peculiar.RETURNED:
            reason = _pick(self.material.returns_by_leader, number)
            yield when.moved, partial(return_to_clerk, session, leader, number, reason)


def _still(at: datetime) -> datetime:
    """A clock that stands."""
    return at


def _pick(texts: Sequence[str], number: int) -> str:
    return texts[number % len(texts)]


def _approve(session: Session, leader: Person, submission_id: int, *, clock: Clock) -> None:
    """The leader approves exactly what stands there."""
    content = read_content(session, read_sheet(session, find_submission(session, leader, submission_id)))
    approve(session, leader, submission_id, content.digest, clock=clock)
