"""A round as the reports take it: one snapshot of scores, ranks and what stands beside them, without a database."""

from __future__ import annotations

from collections.abc import Mapping

from reports.data import AgencyRow, Cohort, CohortTotals, QuestionnaireResult, RoundData, fingerprint
from survey import __version__
from survey.core.ranking import ranks
from survey.core.text import say
from survey.core.workflow import RoundState, SubmissionState
from survey.services.foreign_results import foreign_origin
from survey.services.heads import signed_words
from survey.services.instance import Clock, Session, system_clock
from survey.services.round_scope import Kinds, scope_sentence
from survey.services.score_round import RoundEntry, RoundScores, ScoredQuestionnaire, score_round
from survey.storage.contacts import Contact, contacts


def round_data(
    session: Session,
    round_id: int,
    *,
    kinds: Kinds = None,
    language: str = "vi",
    clock: Clock = system_clock,
) -> RoundData:
    """The round as it stands, in one snapshot: bodies of `kinds` (None: all), of the others totals. Raises NotFound."""
    scored = score_round(session, round_id, kinds=kinds, clock=clock)
    named = contacts(session, [entry.agency.id for one in scored.questionnaires for entry in one.entries])
    cohorts = {cohort.code: Cohort(cohort.code, cohort.name.in_language(language)) for cohort in scored.cohorts}
    return RoundData(
        code=scored.round.code,
        title=scored.round.title,
        period=scored.round.period,
        taken_at=scored.at,
        closed=scored.round.state is RoundState.CLOSED,
        results=tuple(_result(one, cohorts, named, language) for one in scored.questionnaires),
        notice=_notice(scored, scope_sentence(kinds, language), language),
        engine=__version__,
        audit_head=scored.audit_head,
        others=tuple(
            CohortTotals(Cohort(one.code, one.name.in_language(language)), one.counts, one.median_rate, one.too_few)
            for one in scored.others
        ),
    )


def _notice(scored: RoundScores, scope: str, language: str) -> str:
    """That the figures are made up, whose they are, and what the questionnaires say of themselves, each once."""
    notices = [one.questionnaire.notice.in_language(language) for one in scored.questionnaires]
    demonstration = [say("reports.demonstration", language)] if scored.demonstration else []
    return " ".join(dict.fromkeys(notice for notice in (*demonstration, scope, *notices) if notice))


def _result(
    scored: ScoredQuestionnaire, cohorts: dict[str, Cohort], named: Mapping[int, Contact], language: str
) -> QuestionnaireResult:
    sent = [entry.state is SubmissionState.SENT for entry in scored.entries]
    codes = [entry.cohort_code for entry in scored.entries]
    return QuestionnaireResult(
        questionnaire=scored.questionnaire,
        agencies=tuple(
            _row(entry, cohorts[entry.cohort_code], named[entry.agency.id], language) for entry in scored.entries
        ),
        cases=scored.cases,
        scores=scored.scores,
        ranks=ranks(scored.scores.rate_published, codes, sent, scored.scores.breaks),
        rules_hash=fingerprint(scored.questionnaire),
    )


def _row(entry: RoundEntry, cohort: Cohort, named: Contact, language: str) -> AgencyRow:
    pending = say("reports.pending_kad", language, count=entry.pending_kad) if entry.pending_kad else ""
    origin = foreign_origin(entry.foreign, language) if entry.foreign else ""
    signed = signed_words(entry.paper, language) if entry.paper else ""
    return AgencyRow(
        code=entry.agency.code,
        name=entry.agency.name,
        cohort=cohort,
        state=entry.state,
        parent=entry.parent,
        sent_at=entry.sent_at if entry.state is SubmissionState.SENT else None,
        last_activity=entry.last_activity,
        document_number=entry.paper.number if entry.paper else "",
        contact=named.names,
        phone=named.phones,
        notes=" ".join(words for words in (origin, signed, pending) if words),
        given=entry.foreign is not None and entry.foreign.case is None,
        lacking_evidence=entry.missing_evidence if entry.foreign is None else None,  # documents never travel
    )
