"""Saving answers as they are typed, each with the revision it was seen at: two people never overwrite each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from survey.core import document as doc
from survey.core.answers import (
    clean_text,
    fault_sentence,
    from_stored,
    number_of,
    read_typed,
    show_value,
    to_stored,
)
from survey.core.asks import Text
from survey.core.fits import owners_of
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rules.words import explain_exact
from survey.core.text import say
from survey.core.workflow import Step
from survey.services.done_saves import DoneSave, find_done
from survey.services.errors import Refused
from survey.services.indicator_pages import IndicatorPages, people_of
from survey.services.instance import Clock, Session, system_clock
from survey.services.page_views import Asked
from survey.services.people import Person
from survey.services.published import published
from survey.services.questions_back import Backdrop, read_backdrop
from survey.services.saved_views import (
    Change,
    Conflict,
    GroupPoints,
    IndicatorUpdate,
    SavedAnswer,
    SavedAnswers,
    SaveOutcome,
)
from survey.services.scope import find_submission, require
from survey.services.sheet import Sheet, read_sheet
from survey.services.writing import write_document
from survey.storage import accounts
from survey.storage.events import SAVE_KEY, SaveKeyUsed
from survey.storage.submission_rows import SubmissionRow


def save_answers(
    session: Session,
    person: Person,
    submission_id: int,
    changes: Sequence[Change],
    *,
    language: str = "vi",
    save_key: str = "",
    file: str = "",
    clock: Clock = system_clock,
) -> SavedAnswers:
    """Save what can be saved, in one event. Raises NotFound, NotAllowed, Blocked (deadline, state).

    A save whose `save_key` (made by the browser, one a save) was done before is not done again but answered as it was
    then, whatever has happened since: its first answer may have been lost on the way. Raises Refused for other
    changes under a key that was used. `file` names the file that the changes came from, which their event tells.

    Five statements, all others being for the names in a conflict, for what a repeated save did, and for what is usual
    in the cohort while that is not in memory.
    """
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    questionnaire = published(session, row.version_id, row.sha256)
    judged = [_judge(questionnaire, row.answers, change) for change in changes]
    fresh = all(one.writes for one in judged)
    done = find_done(session, row, person, save_key) if save_key and not fresh else None
    written: dict[str, Any] = {}
    if done is not None:
        judged, now = _as_done(judged, done), done.at
    else:
        require(row, person, Step.FILL, now)
        written = _write(session, row, person, now, judged, save_key, file)
    sheet = read_sheet(session, row, {**row.answers, **written})
    backdrop = read_backdrop(session, row, questionnaire)
    in_the_way = {one.before["by"] for one in judged if one.conflicts and one.before}
    names = {person.account_id: person.name} | accounts.names(session, in_the_way)
    answers = tuple(_saved(sheet, one, person, names, language) for one in judged)
    return _result(sheet, backdrop, changes, answers, names, now, language)


def _write(
    session: Session,
    row: SubmissionRow,
    person: Person,
    now: datetime,
    judged: Sequence[_Judged],
    save_key: str,
    file: str,
) -> dict[str, Any]:
    """Write what of the changes is to be written; the new entries."""
    written = {one.key: doc.stamped(one.content, one.before, now, person.account_id) for one in judged if one.writes}
    if not written:
        return {}
    told = ({SAVE_KEY: save_key} if save_key else {}) | ({"file": file} if file else {})
    try:
        write_document(session, row, person, now, written, "answers_imported" if file else "answers_saved", **told)
    except SaveKeyUsed as used:
        raise Refused("services.save_key_used") from used
    return written


@dataclass(frozen=True, slots=True)
class _Judged:
    """One change held against what is there."""

    key: str
    typed: str
    content: dict[str, Any]  # what it would store
    before: Mapping[str, Any] | None  # the entry that is there
    seen: int
    read_only: bool = False
    too_long: bool = False  # only of notes: an answer too long is kept with its fault
    done: bool = False  # written by this very save, when it was sent before

    @property
    def same(self) -> bool:
        return self.content == doc.content_of(self.before)

    @property
    def writes(self) -> bool:
        refused = self.read_only or self.too_long
        return not refused and not self.done and not self.same and doc.revision_of(self.before) == self.seen

    @property
    def conflicts(self) -> bool:
        return not (self.read_only or self.too_long or self.done or self.same or self.writes)


def _judge(questionnaire: Questionnaire, document: Mapping[str, Any], change: Change) -> _Judged:
    before = document.get(change.key)
    key, typed, seen = change.key, change.typed, change.seen
    if kind := doc.text_kind(key):
        known = doc.is_text_key(questionnaire, document, key)
        text = clean_text(typed).strip()
        content = {"text": text} if text else {}
        return _Judged(key, typed, content, before, seen, not known, len(text) > doc.LONGEST[kind])
    if key not in questionnaire.users_of or doc.is_provided(questionnaire, key):
        return _Judged(key, typed, {}, before, seen, read_only=True)
    return _Judged(key, typed, to_stored(read_typed(questionnaire, key, typed)), before, seen)


def _as_done(judged: Sequence[_Judged], done: DoneSave) -> list[_Judged]:
    """The changes of a save sent again, those marked that it wrote then. Raises Refused where it is another save."""
    if not done.is_of({one.key: one.content for one in judged}):
        raise Refused("services.save_key_used")
    return [replace(one, done=one.key in done.written) for one in judged]


def _saved(sheet: Sheet, judged: _Judged, person: Person, names: Mapping[int, str], language: str) -> SavedAnswer:
    """What became of a change, told from the document as it is now."""
    key, entry = judged.key, sheet.document.get(judged.key)
    if judged.done:
        entry = {**judged.content, "rev": judged.seen + 1}
    typed, shown, fault = present_entry(sheet.questionnaire, key, entry, language)
    revision = doc.revision_of(entry)
    if judged.read_only:
        return SavedAnswer(key, SaveOutcome.READ_ONLY, revision, shown, typed)
    if judged.too_long:
        fault = say("services.note_long", language, longest=doc.LONGEST[doc.text_kind(key)])
        return SavedAnswer(key, SaveOutcome.FAULT, revision, shown, judged.typed, fault)
    if not judged.conflicts:
        return SavedAnswer(key, SaveOutcome.FAULT if fault else SaveOutcome.SAVED, revision, shown, typed, fault)
    met = _conflict(sheet.questionnaire, judged, entry, person, names, language)
    return SavedAnswer(key, SaveOutcome.CONFLICT, revision, shown, typed, fault, met)


def _conflict(
    questionnaire: Questionnaire,
    judged: _Judged,
    entry: Mapping[str, Any] | None,
    person: Person,
    names: Mapping[int, str],
    language: str,
) -> Conflict:
    key = judged.key
    users = questionnaire.users_of.get(key)
    number = number_of(questionnaire, key) if users and users[0].numbers else None

    def told(content: Mapping[str, Any] | None) -> str:
        _, shown, fault = present_entry(questionnaire, key, content, language)
        unit = number.unit.in_language(language) if number and shown and not fault else ""
        return f"{shown} {unit}".rstrip()

    return Conflict(
        label=number.label if number else Text(""),
        mine=told(judged.content),
        theirs=told(entry),
        by=names.get(entry["by"], "") if entry else "",
        at=doc.time_of(entry) if entry else None,
        own=entry is not None and entry["by"] == person.account_id,
    )


def present_entry(
    questionnaire: Questionnaire, key: str, entry: Mapping[str, Any] | None, language: str
) -> tuple[str, str, str]:
    """Text as typed, value in words, sentence of its fault."""
    if doc.text_kind(key):
        text = str((entry or {}).get("text", ""))
        return text, text, ""
    if key not in questionnaire.users_of:
        return "", "", ""
    answer = from_stored(questionnaire, key, entry or {})
    shown = answer.typed if answer.fault else show_value(questionnaire, key, answer.value, language)
    return answer.typed, shown, fault_sentence(questionnaire, key, answer, language)


def _result(
    sheet: Sheet,
    backdrop: Backdrop,
    changes: Sequence[Change],
    answers: tuple[SavedAnswer, ...],
    names: Mapping[int, str],
    now: datetime,
    language: str,
) -> SavedAnswers:
    """The points and reasons that the changes touched, and no more: each save of everybody works this out."""
    keys = {change.key for change in changes}
    asked_back = owners_of(sheet.questionnaire, keys)
    unproven = (one for one in sheet.questionnaire.indicators if doc.UNPROVEN + one.code in keys)
    touched = tuple({one.code: one for one in (*sheet.touched(keys), *asked_back, *unproven)}.values())
    codes = {indicator.code for indicator in touched} | {key.rpartition(":")[2] for key in keys}
    pages = IndicatorPages(sheet, names, (), language, backdrop)
    whole = sheet.questionnaire.whole
    groups = (group for group in sheet.questionnaire.all_groups if any(i.code in codes for i in group.all_indicators()))
    return SavedAnswers(
        answers,
        tuple(_update(sheet, indicator, pages, language) for indicator in touched),
        tuple(_points(sheet, group) for group in groups),
        None if sheet.exact.result(whole).lacks else _points(sheet, whole),
        now,
    )


def _points(sheet: Sheet, group: Group) -> GroupPoints:
    found = sheet.exact.result(group)
    left_out = bool(group.code) and sheet.left_out(group)
    points, maximum = float(found.points), float(found.maximum)
    return GroupPoints(group.code, points, maximum, group.outside, left_out, group.decimals)


def _update(sheet: Sheet, indicator: Indicator, pages: IndicatorPages, language: str) -> IndicatorUpdate:
    told = explain_exact(sheet.exact, indicator, language)
    return IndicatorUpdate(
        code=indicator.code,
        points=sheet.points(indicator),
        maximum=float(indicator.maximum),
        reason=f"{told.headline} {told.because}".strip(),
        faults=pages.faults(indicator),
        missing=sheet.missing(indicator),
        evidence_missing=sheet.evidence_missing(indicator),
        evidence_explained=sheet.evidence_explained(indicator),
        asked=sheet.asked(indicator) is Asked.YES,
        headline=told.headline,
        people=people_of(sheet, indicator),
        questions=pages.questions.open(indicator),
        confirmed=pages.confirmed(indicator) is not None,
    )
