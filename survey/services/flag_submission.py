"""Where verifiers look first: the signs of one phiếu, and those of a round by the points that hang on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from survey.core import document as doc
from survey.core.answers import Case, clean_text
from survey.core.asks import Text
from survey.core.flag_words import tell_flag
from survey.core.flags import Body, Flag, Flagged, FlagKind, Paper, find_flags
from survey.core.questionnaire import Questionnaire
from survey.core.sorting_vi import fold, vietnamese_key
from survey.core.workflow import SubmissionState
from survey.services.foreign_results import rows_in_round
from survey.services.instance import Clock, Session, system_clock
from survey.services.last_year import case_then
from survey.services.open_round import get_round
from survey.services.people import Person
from survey.services.published import published
from survey.services.scope import find_submission, require_overview
from survey.services.score_round import case_of
from survey.services.submission_views import AgencyRef, RoundRef
from survey.storage import evidence
from survey.storage.evidence import EvidenceRecord
from survey.storage.submission_rows import SubmissionRow, rows_sent_before, with_answers


@dataclass(frozen=True, slots=True)
class FlagView:
    """One sign as it is told."""

    kind: FlagKind
    codes: tuple[str, ...]  # of the indicators it is about; empty where it is about the whole phiếu
    sentence: str
    stake: float  # points that hang on it


@dataclass(frozen=True, slots=True)
class PhieuFlags:
    """The signs of one phiếu; the points of those at one indicator count once in `stake`."""

    flags: tuple[FlagView, ...]
    stake: float

    @property
    def by_kind(self) -> Mapping[FlagKind, tuple[str, ...]]:
        """The indicators of each kind of sign, the kinds in the order of the signs."""
        codes: dict[FlagKind, dict[str, None]] = {}
        for sign in self.flags:
            codes.setdefault(sign.kind, {}).update(dict.fromkeys(sign.codes))
        return {kind: tuple(found) for kind, found in codes.items()}


@dataclass(frozen=True, slots=True)
class FlagFilter:
    """What the list is narrowed to; empty = all. `search` is compared without dấu with name, code and mã định danh."""

    search: str = ""
    kind: str = ""  # khối
    cohort: str = ""  # cohort code
    sign: FlagKind | None = None


@dataclass(frozen=True, slots=True)
class FlaggedRow:
    """One phiếu that is worth a look."""

    submission_id: int
    agency: AgencyRef
    kind: str  # khối
    cohort_code: str
    cohort: Text
    signs: PhieuFlags


@dataclass(frozen=True, slots=True)
class FlagList:
    """The sent phiếu of a round that have signs, most at stake first, as far as the person reads them."""

    round: RoundRef
    at: datetime
    rows: tuple[FlaggedRow, ...]  # that match
    flagged: int  # with signs, before the filter
    sent: int
    cohorts: tuple[tuple[str, Text], ...]
    kinds: tuple[str, ...]


def flag_submission(session: Session, person: Person, submission_id: int, *, language: str = "vi") -> PhieuFlags:
    """The signs of one phiếu, held against those sent to the same questionnaire. Raises NotFound, NotAllowed."""
    require_overview(person)
    row = find_submission(session, person, submission_id)
    others = rows_in_round(session, row.round_id, answers=False)
    alike = [one for one in others if one.version_id == row.version_id]
    wanted = [one for one in alike if _is_held_against(one, person) or one.id == row.id]
    found = _flagged(session, row.round_id, wanted).get(row.id)
    return PhieuFlags((), 0.0) if found is None else _told(*found, language)


def list_flagged(
    session: Session,
    person: Person,
    round_id: int,
    narrow: FlagFilter = FlagFilter(),
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> FlagList:
    """The phiếu of a round that are worth a look. Raises NotFound, NotAllowed."""
    require_overview(person)
    current = get_round(session, round_id)
    sent = [row for row in rows_in_round(session, round_id, answers=False) if _is_held_against(row, person)]
    found = _flagged(session, round_id, sent)
    marked = [row for row in sent if row.id in found and found[row.id][1].flags]
    search = fold(clean_text(narrow.search).strip())
    rows = [_row(row, _told(*found[row.id], language)) for row in marked if _matches(row, found, narrow, search)]
    rows.sort(key=lambda row: (-row.signs.stake, vietnamese_key(row.agency.name)))
    return FlagList(
        round=current,
        at=clock(),
        rows=tuple(rows),
        flagged=len(marked),
        sent=len(sent),
        cohorts=tuple({row.cohort_code: Text(row.cohort_vi, row.cohort_en) for row in marked}.items()),
        kinds=tuple(dict.fromkeys(row.kind for row in marked)),
    )


def _is_held_against(row: SubmissionRow, person: Person) -> bool:
    """Whether its figures are there, sent, and the person's to see."""
    known = row.foreign is None or row.foreign.case is not None
    return known and row.state is SubmissionState.SENT and person.reads(row.kind)


def _matches(
    row: SubmissionRow, found: Mapping[int, tuple[Questionnaire, Flagged]], narrow: FlagFilter, search: str
) -> bool:
    signs = {flag.kind for flag in found[row.id][1].flags}
    return (
        (not search or search in row.agency_search)
        and (not narrow.kind or row.kind == narrow.kind)
        and (not narrow.cohort or row.cohort_code == narrow.cohort)
        and (narrow.sign is None or narrow.sign in signs)
    )


def _flagged(
    session: Session, round_id: int, rows: Sequence[SubmissionRow]
) -> dict[int, tuple[Questionnaire, Flagged]]:
    """The signs by submission id, each with its questionnaire; one search a questionnaire."""
    by_version: dict[int, list[SubmissionRow]] = {}
    for row in rows:
        by_version.setdefault(row.version_id, []).append(row)
    last = _rows_before(session, round_id)
    found: dict[int, tuple[Questionnaire, Flagged]] = {}
    for members in by_version.values():
        questionnaire = published(session, members[0].version_id, members[0].sha256)
        key = _state(members, last)
        signs = _FOUND.get(key)
        if signs is None:
            signs = find_flags(questionnaire, _bodies(session, questionnaire, members, last))
            _remember(key, signs)
        found |= {row.id: (questionnaire, one) for row, one in zip(members, signs, strict=True)}
    return found


_Key = tuple[object, ...]
# 126 bodies of three questionnaires take 0.5 s, and while they are verified nothing of them changes: 0.03 s.
_FOUND: dict[_Key, tuple[Flagged, ...]] = {}
_MOST_FOUND = 32


def _state(rows: Sequence[SubmissionRow], last: Sequence[SubmissionRow]) -> _Key:
    """What tells one state of these phiếu from every other: each change is an event, and moves its chain's head."""
    told = [(row.foreign.source, row.foreign.made_at) if row.foreign else None for row in rows]
    heads = [(row.id, row.event_head, row.cohort_code, tuple(sorted(row.attributes.items()))) for row in rows]
    return (rows[0].sha256, tuple((row.id, row.event_head) for row in last), *zip(heads, told, strict=True))


def _remember(key: _Key, signs: tuple[Flagged, ...]) -> None:
    while len(_FOUND) >= _MOST_FOUND:
        _FOUND.pop(next(iter(_FOUND)), None)
    _FOUND[key] = signs


def _bodies(
    session: Session, questionnaire: Questionnaire, rows: Sequence[SubmissionRow], last: Sequence[SubmissionRow]
) -> list[Body]:
    """The phiếu of one questionnaire with their documents, and what these bodies sent the round before."""
    papers = _papers(session, rows)
    earlier = _earlier(session, questionnaire, last, rows)
    reader = doc.CaseReader(questionnaire)
    return [
        Body(
            case_of(reader, row),
            None if row.foreign is not None else _of(questionnaire, row, papers.get(row.id, ())),
            explained=_explained(questionnaire, row),
            earlier=earlier.get(row.agency_id),
        )
        for row in with_answers(session, rows)
    ]


def _explained(questionnaire: Questionnaire, row: SubmissionRow) -> frozenset[str]:
    """The indicators whose lack of a document the body explains."""
    if row.foreign is not None:
        return frozenset()
    return frozenset(code for code in questionnaire.by_code if doc.unproven_of(row.answers, code))


def _papers(session: Session, rows: Sequence[SubmissionRow]) -> dict[int, list[EvidenceRecord]]:
    records: dict[int, list[EvidenceRecord]] = {}
    for record in evidence.of_submissions(session, [row.id for row in rows]):
        records.setdefault(record.submission_id, []).append(record)
    return records


def _of(questionnaire: Questionnaire, row: SubmissionRow, records: Iterable[EvidenceRecord]) -> tuple[Paper, ...]:
    """The documents of a body with the indicators they stand under."""
    under: dict[int, list[str]] = {}
    for code in questionnaire.by_code:
        for number in doc.evidence_ids(row.answers, code):
            under.setdefault(number, []).append(code)
    return tuple(
        Paper(record.id, tuple(under.get(record.id, ())), record.number, record.issued, record.issuer)
        for record in records
    )


def _rows_before(session: Session, round_id: int) -> list[SubmissionRow]:
    """What every body sent last before this round, without the answers; as on the page of each."""
    return rows_sent_before(session, get_round(session, round_id).opens_at)


def _earlier(
    session: Session, questionnaire: Questionnaire, last: Sequence[SubmissionRow], rows: Sequence[SubmissionRow]
) -> dict[int, Case]:
    """What these bodies sent to the same questionnaire then, as far as it was asked the same, by agency id."""
    wanted = {(row.agency_id, row.questionnaire_id) for row in rows}
    alike = [row for row in last if (row.agency_id, row.questionnaire_id) in wanted]
    return {row.agency_id: case_then(session, questionnaire, row) for row in with_answers(session, alike)}


def _told(questionnaire: Questionnaire, found: Flagged, language: str) -> PhieuFlags:
    views = tuple(_view(questionnaire, flag, language) for flag in found.flags)
    return PhieuFlags(views, float(found.stake))


def _view(questionnaire: Questionnaire, flag: Flag, language: str) -> FlagView:
    return FlagView(flag.kind, flag.codes, tell_flag(questionnaire, flag, language), float(flag.stake))


def _row(row: SubmissionRow, signs: PhieuFlags) -> FlaggedRow:
    return FlaggedRow(
        submission_id=row.id,
        agency=AgencyRef(row.agency_id, row.agency_code, row.agency_name),
        kind=row.kind,
        cohort_code=row.cohort_code,
        cohort=Text(row.cohort_vi, row.cohort_en),
        signs=signs,
    )
