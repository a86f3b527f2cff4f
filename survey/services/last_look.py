"""What has changed in a phiếu since a leader last opened it: old and new, by whom; kept for each leader and phiếu."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from survey.core import document as doc
from survey.core.answers import number_of
from survey.core.asks import Text
from survey.core.questionnaire import Questionnaire
from survey.core.text import say
from survey.core.workflow import Role
from survey.services.fill import present_entry
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.published import published
from survey.services.scope import find_submission
from survey.storage import accounts, events
from survey.storage.deputies import LastLook
from survey.storage.events import Event
from survey.storage.submission_rows import SubmissionRow

MOST_EVENTS = 5000  # that are looked through


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """One thing that stands differently, from what it was at the last look to what it is now."""

    code: str  # indicator
    name: Text
    label: str  # of the number, or what of the indicator it is; "" where the indicator's name is the label
    before: str  # in words, with the unit; "" = blank
    after: str
    by: str  # who changed it last; "" where that is not told
    at: datetime


@dataclass(frozen=True, slots=True)
class SinceLook:
    """What a leader finds."""

    since: datetime | None  # None: the phiếu is opened for the first time
    changes: tuple[ChangedAnswer, ...]  # in the order of the questionnaire


def look_again(
    session: Session, person: Person, submission_id: int, *, language: str = "vi", clock: Clock = system_clock
) -> SinceLook | None:
    """What has changed since this leader last opened the phiếu, and note that it is open now; None for all others.

    Opened again while nothing has happened, it tells the same: a page that is loaded anew loses nothing. No event:
    what is kept is how far one reader has read. Raises NotFound.
    """
    row = find_submission(session, person, submission_id, lock=True)  # two windows of one leader
    if Role.LEADER not in person.roles_for(row.agency_id, row.kind):
        return None
    seen = session.get(LastLook, (person.account_id, row.id))
    if seen is None:
        first = LastLook(account_id=person.account_id, submission_id=row.id, events=row.event_count, at=clock())
        session.add(first)
        session.flush()
        return SinceLook(None, ())
    if seen.events != row.event_count:
        seen.earlier_events, seen.earlier_at = seen.events, seen.at
        seen.events = row.event_count
    seen.at = clock()
    session.flush()
    if seen.earlier_events is None:
        return SinceLook(None, ())
    return SinceLook(seen.earlier_at, _changes(session, row, seen.earlier_events, language))


def _changes(session: Session, row: SubmissionRow, after: int, language: str) -> tuple[ChangedAnswer, ...]:
    """What the events with a higher number have changed, taken together."""
    stream = events.submission_stream(row.id)
    whole = events.history(session, stream, MOST_EVENTS)
    found = [one for one in whole if one.number > after]
    first: dict[str, Mapping[str, Any]] = {}
    last: dict[str, tuple[Mapping[str, Any], Event]] = {}
    for event in reversed(found):
        for key, (was, becomes) in (json.loads(event.data).get("changes") or {}).items():
            first.setdefault(key, was)
            last[key] = becomes, event
    names = accounts.names(session, {one.account_id for one in found if one.account_id})
    questionnaire = published(session, row.version_id, row.sha256)
    place = {code: at for at, code in enumerate(questionnaire.by_code)}
    told = [
        _told(questionnaire, key, first[key], *last[key], names, language)
        for key in last
        if first[key] != last[key][0] and _code(questionnaire, key) is not None
    ]
    told += _documents(questionnaire, row, whole, after, names, language)
    return tuple(sorted(told, key=lambda one: place[one.code]))


def _documents(
    questionnaire: Questionnaire,
    row: SubmissionRow,
    whole: Sequence[Event],
    after: int,
    names: Mapping[int, str],
    language: str,
) -> Iterator[ChangedAnswer]:
    """The documents that are still attached and were changed themselves, or their files; those added are told above."""
    before: dict[int, _Document] = {}
    now: dict[int, tuple[_Document, Event]] = {}
    for event in reversed(whole):
        data = json.loads(event.data)
        record = data.get("evidence")
        if record is None:
            continue
        number = int(record["id"])
        known = now[number][0] if number in now else _Document((), "", "")
        now[number] = known.after(event.kind, data), event
        if event.number <= after:
            before[number] = now[number][0]
    for code, indicator in questionnaire.by_code.items():
        for number in doc.evidence_ids(row.answers, code):
            was, stands = before.get(number), now.get(number)
            if was is None or stands is None or was == stands[0]:
                continue
            is_now, event = stands
            full = was.told() == is_now.told()
            label, by = say("last_look.evidence", language), names.get(event.account_id or 0, "")
            yield ChangedAnswer(code, indicator.name, label, was.told(full), is_now.told(full), by, event.at)


@dataclass(frozen=True, slots=True)
class _Document:
    """A document as the events tell it."""

    fields: tuple[str, ...]
    name: str  # of its file; "" where it has none
    sha256: str

    def after(self, kind: str, data: Mapping[str, Any]) -> _Document:
        """As it is after an event that tells of it."""
        fields = tuple(data["evidence"]["fields"])
        if kind == "evidence_file_removed":
            return _Document(fields, "", "")
        if "file" in data:
            return _Document(fields, data["name"], data["file"])
        return replace(self, fields=fields)

    def told(self, full: bool = False) -> str:
        """In words; `full`: with the digest of the file, where files of one name must be told apart."""
        digest = doc.short_hash(self.sha256) if full and self.sha256 else ""
        return ", ".join(word for word in (*self.fields, self.name, digest) if word)


def _code(questionnaire: Questionnaire, key: str) -> str | None:
    """The indicator that a key belongs to; None for one that the questionnaire does not know."""
    prefix, _, rest = key.rpartition(":")
    if prefix:
        return rest if rest in questionnaire.by_code else None
    users = questionnaire.users_of.get(key)
    return users[0].code if users else None


def _told(
    questionnaire: Questionnaire,
    key: str,
    was: Mapping[str, Any],
    becomes: Mapping[str, Any],
    event: Event,
    names: Mapping[int, str],
    language: str,
) -> ChangedAnswer:
    code = _code(questionnaire, key) or ""
    indicator = questionnaire.by_code[code]
    given = key in questionnaire.users_of and doc.is_provided(questionnaire, key)
    before, after = (_shown(questionnaire, key, entry, language) for entry in (was, becomes))
    by = "" if given else names.get(event.account_id or 0, "")
    return ChangedAnswer(code, indicator.name, _label(questionnaire, key, language), before, after, by, event.at)


def _label(questionnaire: Questionnaire, key: str, language: str) -> str:
    if key not in questionnaire.users_of:
        return say(f"last_look.{key.partition(':')[0]}", language)
    asked = number_of(questionnaire, key) if questionnaire.users_of[key][0].numbers else None
    return asked.label.in_language(language) if asked else ""


def _shown(questionnaire: Questionnaire, key: str, entry: Mapping[str, Any], language: str) -> str:
    """What an entry says, in words: of documents how many there are, of requests and confirmations the reason."""
    if key.startswith(doc.EVIDENCE):
        count = len(entry.get("ids", ()))
        return say("last_look.documents", language, count=count) if count else ""
    if key.startswith((doc.KAD, doc.RIGHT)):
        said = str(entry.get("reason") or entry.get("text") or "")
        return said or (say("last_look.said", language) if entry else "")
    _, shown, fault = present_entry(questionnaire, key, entry, language)
    users = questionnaire.users_of.get(key)
    unit = number_of(questionnaire, key).unit.in_language(language) if users and users[0].numbers else ""
    return f"{shown} {unit}".strip() if shown and not fault else shown
