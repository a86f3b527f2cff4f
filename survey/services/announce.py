"""Notices of coordinators to bodies, and the feed of a body: everything it was told about its phiếu, newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from survey.core.addresses import hide_contacts
from survey.core.answers import clean_text
from survey.core.asks import Text
from survey.core.workflow import Role
from survey.services import audit
from survey.services.checks import Checks
from survey.services.errors import NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.open_round import get_round
from survey.services.people import EVERY_KIND, Person
from survey.services.round_rules import checked_instant
from survey.services.scope import find_submission, require_coordinator, require_overview
from survey.storage import accounts, agencies, announcements, events
from survey.storage.agencies import Agency
from survey.storage.announcements import NOTICE, Announcement

LONGEST = 2000  # characters
TOLD = ("extended", "extension_taken_back", "returned", "sent_back", "kad_decided", "adjustment_decided")
"""Events of a submission that its body wants to hear of."""


class Audience(StrEnum):
    """Whom a notice is for."""

    EVERYBODY = "everybody"
    KIND = "kind"  # a khối
    COHORT = "cohort"  # a nhóm xếp hạng
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Audiences:
    """Whom a person may write to."""

    everybody: bool
    kinds: tuple[str, ...]
    cohorts: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice as coordinators see it."""

    id: int
    audience: Audience
    about: str  # khối, code of the cohort or name of the body; "" for everybody
    text: str
    by: str
    at: datetime
    until: datetime | None
    removed_at: datetime | None
    current: bool  # shown to bodies now
    mine: bool  # the person may take it away


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One thing a body was told."""

    kind: str  # notice, reminder, or the kind of an event
    at: datetime
    by: str
    text: str  # notice, reason …; "" where the kind says it all
    channel: str  # of a reminder
    until: datetime | None  # of a notice or an extension
    code: str  # indicator that a decision is about
    decision: str  # approved, refused, accepted …
    current: bool  # False for a notice that has run out or was taken away
    unread: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """All a body was told, newest first."""

    items: tuple[FeedItem, ...]

    @property
    def fresh(self) -> tuple[FeedItem, ...]:
        """What the person has not read and still holds."""
        return tuple(item for item in self.items if item.unread and item.current)


def list_audiences(session: Session, person: Person) -> Audiences:
    """Whom the person may write a notice to: bodies of the khối they coordinate."""
    bodies = agencies.assessed(session)
    kinds = tuple(dict.fromkeys(one.kind for one in bodies if person.coordinates(one.kind)))
    foreign = {one.cohort_code for one in bodies if not person.coordinates(one.kind)}
    inside = {one.cohort_code for one in bodies if one.cohort_code} - foreign
    named = ((one.code, Text(one.name_vi, one.name_en)) for one in agencies.cohorts(session) if one.code in inside)
    return Audiences(EVERY_KIND in person.kinds and Role.COORDINATOR in person.roles, kinds, tuple(named))


def write_notice(
    session: Session,
    person: Person,
    round_id: int,
    audience: Audience,
    about: str,
    text: str,
    until: datetime | None,
    *,
    clock: Clock = system_clock,
) -> int:
    """Tell bodies something until an instant; `about` is a khối, a cohort's code or a body's code. Twice is once.

    Raises NotFound, NotAllowed, Refused naming the field.
    """
    require_coordinator(person)
    current, now = get_round(session, round_id), clock()
    checks = Checks()
    nobody: dict[str, Any] = {}
    to = checks.take(nobody, _target, session, person, audience, about)
    words, last = checks.take("", _checked_text, text), checks.take(now, _checked_until, until, now)
    checks.settle()
    events.start_stream(session, audit.ROUNDS)  # of two presses at once the second finds the notice of the first
    for one, _ in announcements.notices_of(session, current.id):
        if _holds(one, now) and (one.text, one.until, _aim(one)) == (words, last, to):
            return one.id
    notice = Announcement(
        round_id=current.id, kind=NOTICE, channel="page", text=words, created_at=now, created_by=person.account_id,
        until=last, **to,
    )  # fmt: skip
    session.add(notice)
    session.flush()
    told = {"round": current.code, "notice": notice.id, "audience": audience.value, "about": about,
            "text": hide_contacts(words), "until": last.isoformat()}  # fmt: skip
    audit.record(session, audit.ROUNDS, "notice_written", person, now, **told)
    return notice.id


def _aim(one: Announcement) -> dict[str, Any]:
    """Whom a notice is for, as `_target` says it."""
    return {name: value for name in ("agency_id", "agency_kind", "cohort_code") if (value := getattr(one, name))}


def _checked_text(typed: str) -> str:
    words = clean_text(typed).strip()
    if not words or len(words) > LONGEST:
        raise Refused("notices.text_length", "text", longest=LONGEST)
    return words


def _checked_until(typed: datetime | None, now: datetime) -> datetime:
    until = checked_instant(typed, "until")
    if until <= now:
        raise Refused("notices.until_past", "until")
    return until


def _target(session: Session, person: Person, audience: Audience, about: str) -> dict[str, Any]:
    """The columns that say whom a notice is for. Raises Refused where the person may not write to them."""
    allowed = list_audiences(session, person)
    match audience:
        case Audience.EVERYBODY:
            if allowed.everybody:
                return {}
        case Audience.KIND:
            if about in allowed.kinds:
                return {"agency_kind": about}
        case Audience.COHORT:
            if about in {code for code, _ in allowed.cohorts}:
                return {"cohort_code": about}
        case Audience.BODY:
            found = agencies.find(session, clean_text(about).strip())
            if found is not None and person.coordinates(found.kind):
                return {"agency_id": found.id}
            raise Refused("notices.no_body", "body")
    raise Refused("notices.not_yours", "audience")


def list_notices(
    session: Session, person: Person, round_id: int, *, clock: Clock = system_clock
) -> tuple[NoticeView, ...]:
    """The notices of a round that concern a khối the person reads, newest first. Raises NotFound, NotAllowed."""
    require_overview(person)
    get_round(session, round_id)
    now, found = clock(), announcements.notices_of(session, round_id)
    bodies = {one.agency_id: session.get(Agency, one.agency_id) for one, _ in found if one.agency_id is not None}
    audiences = list_audiences(session, person)
    readable = {code for code, kind in _cohort_kinds(session) if person.reads(kind)}
    views = []
    for one, by in found:
        body = bodies.get(one.agency_id) if one.agency_id is not None else None
        if body is not None and not person.reads(body.kind):
            continue
        if one.agency_kind and not person.reads(one.agency_kind):
            continue
        if one.cohort_code and one.cohort_code not in readable:
            continue
        views.append(_notice(one, by, body, now, mine=_may_remove(person, one, body, audiences)))
    return tuple(views)


def _cohort_kinds(session: Session) -> set[tuple[str, str]]:
    return {(one.cohort_code, one.kind) for one in agencies.assessed(session) if one.cohort_code}


def _may_remove(person: Person, one: Announcement, body: Agency | None, audiences: Audiences) -> bool:
    if body is not None:
        return person.coordinates(body.kind)
    if one.agency_kind:
        return person.coordinates(one.agency_kind)
    if one.cohort_code:
        return one.cohort_code in {code for code, _ in audiences.cohorts}
    return audiences.everybody


def _notice(one: Announcement, by: str, body: Agency | None, now: datetime, *, mine: bool) -> NoticeView:
    audience, about = Audience.EVERYBODY, ""
    if body is not None:
        audience, about = Audience.BODY, body.name
    elif one.agency_kind:
        audience, about = Audience.KIND, one.agency_kind
    elif one.cohort_code:
        audience, about = Audience.COHORT, one.cohort_code
    current = _holds(one, now)
    return NoticeView(
        one.id, audience, about, one.text, by, one.created_at, one.until, one.removed_at, current, mine and current
    )


def _holds(one: Announcement, now: datetime) -> bool:
    return one.removed_at is None and (one.until is None or now <= one.until)


def remove_notice(
    session: Session, person: Person, round_id: int, notice_id: int, *, clock: Clock = system_clock
) -> None:
    """Show a notice no longer; it stays in the bodies' history. Twice is once. Raises NotFound, NotAllowed."""
    require_coordinator(person)
    one = session.get(Announcement, notice_id, with_for_update=True)
    if one is None or one.round_id != round_id or one.kind != NOTICE:
        raise NotFound
    body = session.get(Agency, one.agency_id) if one.agency_id is not None else None
    if not _may_remove(person, one, body, list_audiences(session, person)):
        raise NotFound
    if one.removed_at is not None:
        return
    now = one.removed_at = clock()
    session.flush()
    current = get_round(session, round_id)
    audit.record(session, audit.ROUNDS, "notice_removed", person, now, round=current.code, notice=one.id)


def read_feed(session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock) -> Feed:
    """All that a submission's body was told. Raises NotFound."""
    row, now = find_submission(session, person, submission_id), clock()
    read = announcements.read_until(session, person.account_id, row.id)
    items = [
        FeedItem(
            one.kind, one.created_at, by, one.text, one.channel, one.until, "", "", _holds(one, now),
            unread=read is None or one.created_at > read,
        )
        for one, by in announcements.told_to(session, row)
    ]  # fmt: skip
    told = announcements.events_of(session, row.id, TOLD)
    names = accounts.names(session, {event.account_id for event in told if event.account_id is not None})
    for event in told:
        data = json.loads(event.data)
        until = data.get("until")
        items.append(
            FeedItem(
                event.kind, event.at, names.get(event.account_id or 0, ""), str(data.get("reason") or ""), "",
                datetime.fromisoformat(until) if until else None, str(data.get("code") or data.get("indicator") or ""),
                str(data.get("decision") or ""), current=True, unread=read is None or event.at > read,
            )
        )  # fmt: skip
    return Feed(tuple(sorted(items, key=lambda item: item.at, reverse=True)))


def mark_feed_read(session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock) -> None:
    """The person has read all that the body was told so far; it stays in the history. Raises NotFound.

    Nothing happens where nothing is unread.
    """
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    if not any(item.unread for item in read_feed(session, person, submission_id, clock=clock).items):
        return
    announcements.mark_read(session, person.account_id, row.id, now)
    audit.record_for(session, row, "notices_read", person, now)
