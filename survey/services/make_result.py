"""The result of a round as a file that proves itself: rules, answers and figures of the bodies that a person sees."""

from __future__ import annotations

from survey import __version__
from survey.core.ranking import ranks
from survey.core.result_figures import told_figures
from survey.core.result_file import BodyResult, Part, make_part, write_result
from survey.core.workflow import SubmissionState
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.result_export import hold
from survey.services.round_scope import Kinds
from survey.services.scope import require_overview
from survey.services.score_round import ScoredQuestionnaire, score_round
from survey.storage.questionnaires import find_version


def make_result(session: Session, person: Person, round_id: int, *, clock: Clock = system_clock) -> bytes:
    """The result of a round as far as a coordinator or an auditor sees it; empty without any body. Raises NotFound."""
    require_overview(person)
    return result_of_round(session, round_id, kinds=person.readable_kinds, clock=clock)


def result_of_round(session: Session, round_id: int, *, kinds: Kinds = None, clock: Clock = system_clock) -> bytes:
    """The result of a round as it stands: what was sent is ranked, the rest stands beside it. Empty without any body.

    Of `kinds` (None: all) the whole cohorts alone. Raises NotFound, and Refused where two readings differ.
    """
    scored = score_round(session, round_id, kinds=kinds, clock=clock)
    parts = [_part(session, one) for one in scored.questionnaires]
    if not parts:
        return b""
    title = f"{scored.round.code}: {scored.round.title}"
    return write_result(parts, title=title, engine=__version__, at=scored.at, head=scored.audit_head)


def _part(session: Session, scored: ScoredQuestionnaire) -> Part:
    questionnaire = scored.questionnaire
    version = find_version(session, questionnaire.id, questionnaire.version)
    if version is None:
        raise LookupError(f"{questionnaire.id} {questionnaire.version}")
    bodies = []
    for row, (entry, case) in enumerate(zip(scored.entries, scored.cases, strict=True)):
        sent, foreign = entry.state is SubmissionState.SENT, entry.foreign
        if foreign is not None and foreign.case is None:
            told = told_figures(scored.scores, row)
            bodies.append(BodyResult(case, entry.agency.name, sent, foreign.source, told))
        else:
            bodies.append(BodyResult(case, entry.agency.name, sent))
    part = make_part(questionnaire, version.source, bodies)
    cohorts, ranked = [entry.cohort_code for entry in scored.entries], [body.ranked for body in bodies]
    hold(part, scored.scores, ranks(scored.scores.rate_published, cohorts, ranked, scored.scores.breaks))
    return part
