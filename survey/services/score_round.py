"""Scores of a whole round: one vector pass per questionnaire over all its submissions, and ranks inside cohorts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isnan

import numpy as np

from survey.core import document as doc
from survey.core.answers import Case
from survey.core.asks import Text
from survey.core.foreign import ForeignBody, given_points
from survey.core.questionnaire import Questionnaire
from survey.core.rules.exact import State
from survey.core.rules.peers import peers_of
from survey.core.scoring import Scores, score
from survey.core.workflow import SubmissionState
from survey.services.audit import audit_head
from survey.services.foreign_results import rows_in_round
from survey.services.heads import paper_of
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.open_round import get_round
from survey.services.people import Person
from survey.services.published import published
from survey.services.round_scope import CohortTotals, Kinds, cohort_totals, whole_cohorts
from survey.services.sheet import Sheet
from survey.services.submission_views import AgencyRef, PaperSignature, RoundRef
from survey.storage import submissions
from survey.storage.submission_rows import SubmissionRow, with_answers
from survey.storage.submissions import SignOff


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """One body's submission in a round, with what summaries print beside its score."""

    submission_id: int
    agency: AgencyRef
    identifier: str  # mã định danh; "" where not yet given
    kind: str
    type: str
    admin_level: str
    parent: str  # parent agency's name
    cohort_code: str
    state: SubmissionState
    last_activity: datetime | None
    sent_at: datetime | None
    receipt: str
    content_hash: str  # of what was signed off; "" unless sent
    pending_kad: int  # requests not yet answered
    missing_evidence: int  # indicators that earn points and lack a required document
    notes: Mapping[str, str]  # indicator code → the body's note
    foreign: ForeignBody | None = None  # what another instance told of it, where that stands here
    paper: PaperSignature | None = None  # by which it was sent; None: by a click, or not sent


@dataclass(frozen=True, slots=True)
class ScoredQuestionnaire:
    """All submissions to one questionnaire version; entries, cases and scores are in one order."""

    questionnaire: Questionnaire
    entries: tuple[RoundEntry, ...]  # by cohort, then official order of agencies
    cases: tuple[Case, ...]
    scores: Scores


@dataclass(frozen=True, slots=True)
class CohortRef:
    """A cohort named."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class RoundScores:
    """One snapshot of a round."""

    round: RoundRef
    at: datetime
    demonstration: bool
    instance_id: str
    cohorts: tuple[CohortRef, ...]  # in official order
    questionnaires: tuple[ScoredQuestionnaire, ...]
    audit_head: str  # hash over the heads of all event chains
    others: tuple[CohortTotals, ...] = ()  # cohorts of which the person sees no body's figures


def score_round(session: Session, round_id: int, *, kinds: Kinds = None, clock: Clock = system_clock) -> RoundScores:
    """Score the submissions of the round as it stands, in one snapshot. Raises NotFound.

    `kinds` are the khối that the reader sees (None: all); of cohorts that are not all theirs there are totals alone.
    """
    current = get_round(session, round_id)
    rows, others = _split(session, round_id, kinds)
    settings = read_settings(session)
    cohorts = {row.cohort_code: CohortRef(row.cohort_code, Text(row.cohort_vi, row.cohort_en)) for row in rows}
    return RoundScores(
        round=current,
        at=clock(),
        demonstration=settings.demonstration,
        instance_id=settings.instance_id,
        cohorts=tuple(cohorts.values()),
        questionnaires=score_rows(session, rows, submissions.standing_of_round(session, round_id)),
        audit_head=audit_head(session),
        others=others,
    )


def _split(session: Session, round_id: int, kinds: Kinds) -> tuple[Sequence[SubmissionRow], tuple[CohortTotals, ...]]:
    """The rows of the cohorts seen in full with their answers, and the totals of the others."""
    if kinds is None:
        return rows_in_round(session, round_id), ()
    every = rows_in_round(session, round_id, answers=False)
    whole = whole_cohorts(every, kinds)
    hidden = [row for row in every if row.cohort_code not in whole]
    sent = with_answers(session, [row for row in hidden if row.state is SubmissionState.SENT])
    totals = cohort_totals(hidden, published_rates(session, sent), kinds)
    return with_answers(session, [row for row in every if row.cohort_code in whole]), totals


def published_rates(session: Session, sent: Sequence[SubmissionRow]) -> dict[int, float]:
    """Published rate by submission id, where there is one."""
    rates = {}
    for scored in score_rows(session, sent, {}):
        for entry, rate in zip(scored.entries, scored.scores.rate_published.tolist(), strict=True):
            if not isnan(rate):
                rates[entry.submission_id] = rate
    return rates


def score_rows(
    session: Session, rows: Sequence[SubmissionRow], signed: Mapping[int, SignOff]
) -> tuple[ScoredQuestionnaire, ...]:
    """One vector pass per questionnaire version; `signed` is the standing sign-off by submission id."""
    by_version: dict[int, list[SubmissionRow]] = {}
    for row in rows:
        by_version.setdefault(row.version_id, []).append(row)
    return tuple(_score_version(session, members, signed) for members in by_version.values())


def _score_version(
    session: Session, rows: Sequence[SubmissionRow], signed: Mapping[int, SignOff]
) -> ScoredQuestionnaire:
    questionnaire = published(session, rows[0].version_id, rows[0].sha256)
    reader = doc.CaseReader(questionnaire)
    cases = tuple(case_of(reader, row) for row in rows)
    sent = [row.state is SubmissionState.SENT for row in rows]
    scores = given_points(questionnaire, score(questionnaire, cases, among=sent), [row.foreign for row in rows])
    lacking = _missing_evidence(questionnaire, rows, scores)
    entries = tuple(_entry(row, signed.get(row.id), questionnaire, lacking[index]) for index, row in enumerate(rows))
    return ScoredQuestionnaire(questionnaire, entries, cases, scores)


def case_of(reader: doc.CaseReader, row: SubmissionRow) -> Case:
    """The figures of a phiếu in its cohort: its own, or those that another instance sent."""
    if row.foreign is not None and row.foreign.case is not None:
        return replace(row.foreign.case, cohort=row.cohort_code)
    return replace(reader.read(row.answers, row.agency_code, row.attributes), cohort=row.cohort_code)


def among_peers(session: Session, person: Person, sheet: Sheet) -> Sheet:
    """A submission held against what its cohort has sent; as it was where the person does not see all of the cohort."""
    row = sheet.row
    rows = rows_in_round(session, row.round_id, row.cohort_code)
    if row.cohort_code not in whole_cohorts(rows, person.readable_kinds):
        return sheet
    reader = doc.CaseReader(sheet.questionnaire)
    sent = (one for one in rows if one.version_id == row.version_id and one.state is SubmissionState.SENT)
    peers = peers_of(sheet.questionnaire, [case_of(reader, one) for one in sent])
    return replace(sheet, case=replace(sheet.case, cohort=row.cohort_code), peers=peers)


def _missing_evidence(questionnaire: Questionnaire, rows: Sequence[SubmissionRow], scores: Scores) -> list[int]:
    """How many indicators of each row earn points and lack a required document; unknown of other instances: none."""
    earned = (scores.points > 0) & (scores.states == State.SCORED)
    needed = np.zeros(len(scores.codes), dtype=bool)
    for place, code in enumerate(scores.codes):
        indicator = questionnaire.by_code[code]
        proof = indicator.evidence is not None and indicator.evidence.required
        needed[place] = proof and indicator.provided_by is None
    lacking = []
    for index, row in enumerate(rows):
        codes = (scores.codes[place] for place in np.flatnonzero(earned[index] & needed))
        lacking.append(0 if row.foreign else sum(not doc.evidence_ids(row.answers, code) for code in codes))
    return lacking


def _entry(
    row: SubmissionRow, sign_off: SignOff | None, questionnaire: Questionnaire, missing_evidence: int
) -> RoundEntry:
    notes = {code: note for code in questionnaire.by_code if (note := doc.note_of(row.answers, code))}
    return RoundEntry(
        submission_id=row.id,
        agency=AgencyRef(row.agency_id, row.agency_code, row.agency_name),
        identifier=row.identifier,
        kind=row.kind,
        type=row.type,
        admin_level=row.admin_level,
        parent=row.parent_name or "",
        cohort_code=row.cohort_code,
        state=row.state,
        last_activity=row.last_activity_at,
        sent_at=row.sent_at,
        receipt=sign_off.receipt if sign_off else "",
        content_hash=sign_off.content_hash if sign_off else "",
        pending_kad=len(doc.pending_requests(row.answers)),
        missing_evidence=missing_evidence,
        notes=notes,
        foreign=row.foreign,
        paper=paper_of(sign_off, row.kind) if sign_off else None,
    )
