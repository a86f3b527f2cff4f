"""Đôn đốc: reminding bodies by mail, or by a text for a công văn or for Zalo; that it was done is kept and logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey.core.addresses import hide_contacts
from survey.core.answers import clean_text
from survey.core.instants_vi import plain_instant, weekday
from survey.core.numbers_vi import format_date, format_time
from survey.core.text import say
from survey.core.workflow import RoundState, SubmissionState
from survey.services import audit
from survey.services.chase import Chased, ChaseRow, read_chased
from survey.services.checks import Checks
from survey.services.errors import Refused
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.open_round import get_round
from survey.services.outbox import put_mail
from survey.services.people import Person
from survey.services.scope import require_coordinator
from survey.services.submission_views import RoundRef
from survey.storage.announcements import REMINDER, Announcement
from survey.storage.contacts import contacts

LONGEST_SUBJECT, LONGEST_TEXT = 200, 20_000  # characters
MOST_NAMED = 20  # bodies in the short text for Zalo
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class Channel(StrEnum):
    """How a body is reminded."""

    MAIL = "mail"
    DISPATCH = "dispatch"  # công văn
    ZALO = "zalo"


@dataclass(frozen=True, slots=True)
class Draft:
    """A reminder before it is sent."""

    rows: tuple[ChaseRow, ...]  # the bodies it is for
    channel: Channel
    subject: str  # of a mail
    text: str  # with blanks to be filled for each body where it is a mail
    unreachable: tuple[str, ...]  # names of the bodies that no mail reaches


@dataclass(frozen=True, slots=True)
class Reminders:
    """What reminding did."""

    bodies: int
    mails: int
    unreachable: tuple[str, ...]


def draft_reminder(
    session: Session,
    person: Person,
    round_id: int,
    submission_ids: Sequence[int],
    channel: Channel,
    *,
    address: str = "",
    clock: Clock = system_clock,
) -> Draft:
    """The usual text for these bodies, to be edited; `address` is where they find their phiếu.

    Raises NotFound, NotAllowed, Refused where no body is left to be reminded.
    """
    current, rows = _chosen(session, person, round_id, submission_ids, clock)
    subject = say("chase.mail_subject", round=current.title) if channel is Channel.MAIL else ""
    match channel:
        case Channel.MAIL:
            text = say("chase.mail_text", address=address, office=read_settings(session).name or say("chase.office"))
        case Channel.DISPATCH:
            text = _dispatch(current, rows, clock)
        case Channel.ZALO:
            text = _zalo(current, rows, address, clock)
    deaf = tuple(row.agency.name for row in rows if not row.has_mail) if channel is Channel.MAIL else ()
    return Draft(rows, channel, subject, text, deaf)


def fill_in(text: str, row: ChaseRow, current: RoundRef) -> str:
    """A text with its blanks filled for one body."""
    known = {
        "[đơn vị]": row.agency.name,
        "[đợt]": current.title,
        "[hạn gửi]": plain_instant(row.deadline),
        "[còn lại]": _days(row),
        "[tình trạng]": _standing(row),
    }
    for blank, words in known.items():
        text = text.replace(blank, words)
    return text


def send_reminders(
    session: Session,
    person: Person,
    round_id: int,
    submission_ids: Sequence[int],
    channel: Channel,
    subject: str,
    text: str,
    *,
    clock: Clock = system_clock,
) -> Reminders:
    """Remind bodies, and keep that they were: by mail those with an address, else the text given out by hand.

    Raises NotFound, NotAllowed, Refused naming the field.
    """
    current, rows = _chosen(session, person, round_id, submission_ids, clock)
    if current.state is not RoundState.OPEN:
        raise Refused("rounds.closed" if current.state is RoundState.CLOSED else "rounds.not_opened", "text")
    checks = Checks()
    title = checks.take("", _checked, subject, "subject", LONGEST_SUBJECT) if channel is Channel.MAIL else ""
    body = checks.take("", _checked, text, "text", LONGEST_TEXT)
    checks.settle()
    now, mails, reached = clock(), 0, list(rows)
    if channel is Channel.MAIL:
        if not read_settings(session).mail:
            raise Refused("chase.mail_off", "text")
        written = {row.submission_id: _mail(session, row, current, title, body, clock) for row in rows}
        mails, reached = sum(written.values()), [row for row in rows if written[row.submission_id]]
        if not reached:
            raise Refused("chase.no_address", "text")
    session.add_all(
        Announcement(
            round_id=current.id, agency_id=row.agency.id, kind=REMINDER, channel=channel.value,
            text=fill_in(body, row, current) if channel is Channel.MAIL else "",
            created_at=now, created_by=person.account_id,
        )
        for row in reached
    )  # fmt: skip
    session.flush()
    told = {"round": current.code, "channel": channel.value, "agencies": [row.agency.code for row in reached]}
    audit.record(session, audit.ROUNDS, "reminded", person, now, **told, mails=mails, text=hide_contacts(body))
    deaf = tuple(row.agency.name for row in rows if row not in reached)
    return Reminders(len(reached), mails, deaf)


def _chosen(
    session: Session, person: Person, round_id: int, submission_ids: Sequence[int], clock: Clock
) -> tuple[RoundRef, tuple[ChaseRow, ...]]:
    require_coordinator(person)
    current = get_round(session, round_id)
    if not submission_ids:
        raise Refused("chase.none_chosen", "bodies")
    rows = read_chased(session, person, round_id, submission_ids, clock=clock)
    if not rows:
        raise Refused("chase.none_left", "bodies")
    return current, rows


def _checked(typed: str, field: str, longest: int) -> str:
    text = clean_text(typed).strip()
    if not text:
        raise Refused("chase.text_needed", field)
    if len(text) > longest:
        raise Refused("chase.text_long", field, longest=longest)
    return text


def _mail(session: Session, row: ChaseRow, current: RoundRef, title: str, body: str, clock: Clock) -> int:
    """Put a mail to everybody who answers for a body; how many."""
    subject, text, count = fill_in(title, row, current), fill_in(body, row, current), 0
    for address, account_id in contacts(session, [row.agency.id])[row.agency.id].addresses:
        put = put_mail(session, "reminder", address, subject, text, account_id=account_id, clock=clock)
        count += put is not None
    return count


def _days(row: ChaseRow) -> str:
    if row.chased is Chased.OVERDUE:
        return say("chase.days_over", days=-row.days_left) if row.days_left else say("chase.hours_over")
    return say("chase.days_left", days=row.days_left) if row.days_left else say("chase.last_day")


def _standing(row: ChaseRow) -> str:
    """The state in words, with how much is missing while the body still fills in."""
    state = say("chase.state_returned" if row.chased is Chased.RETURNED else f"chase.state_{row.state.value}")
    if row.missing and row.state is SubmissionState.FILLING:
        state = say("chase.state_missing", state=state, count=row.missing)
    return say("chase.state_overdue", state=state) if row.chased is Chased.OVERDUE else state


def _due(current: RoundRef) -> str:
    named = say(f"web_rounds.weekday_{weekday(current.closes_at)}")
    return say("chase.due", time=format_time(current.closes_at), weekday=named, day=format_date(current.closes_at))


def _dispatch(current: RoundRef, rows: Sequence[ChaseRow], clock: Clock) -> str:
    """The list of a công văn: parents in Roman numbers, their bodies numbered inside."""
    groups: dict[str, list[ChaseRow]] = {}
    for row in rows:
        groups.setdefault(row.parent, []).append(row)
    lines = [say("chase.dispatch_begin", round=current.title, due=_due(current)), ""]
    for place, (parent, inside) in enumerate(groups.items(), start=1):
        if len(groups) > 1:
            lines.append(f"{_roman(place)}. {parent or say('chase.no_parent')}")
        for number, row in enumerate(inside, start=1):
            own = say("chase.own_deadline", due=plain_instant(row.deadline)) if row.extended else ""
            end = "." if number == len(inside) else ";"
            lines.append(f"{number}. {row.agency.name}: {_standing(row)}{own}{end}")
        lines.append("")
    lines.append(say("chase.dispatch_end", count=len(rows), at=plain_instant(clock())))
    return "\n".join(lines)


def _zalo(current: RoundRef, rows: Sequence[ChaseRow], address: str, clock: Clock) -> str:
    names = ", ".join(row.agency.name for row in rows[:MOST_NAMED])
    if len(rows) > MOST_NAMED:
        names = say("chase.zalo_more", names=names, count=len(rows) - MOST_NAMED)
    at = plain_instant(clock())
    text = say("chase.zalo_text", round=current.title, due=_due(current), count=len(rows), names=names, at=at)
    return f"{text} {address}".strip()


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text
