"""Results that came from other instances, laid over the rows of a round: the one hook of boards, rankings and reports.

A package's result stands in for a phiếu here as long as that is not sent here itself; what is sent here counts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from reports.data import fingerprint
from survey.core.foreign import ForeignBody
from survey.core.numbers_vi import format_date, format_time
from survey.core.text import say
from survey.core.workflow import SubmissionState
from survey.services.instance import Session
from survey.services.package_format import Content, PackedBody, content_of, unpack_case
from survey.services.people import Person
from survey.services.published import published
from survey.services.scope import find_submission
from survey.storage import packages
from survey.storage.submission_rows import SubmissionRow, rows_of_round

_RULES: dict[str, str] = {}  # fingerprint by the hash of a questionnaire's text, which never changes


def rows_in_round(
    session: Session, round_id: int, cohort: str | None = None, *, answers: bool = True
) -> list[SubmissionRow]:
    """`rows_of_round` with the results of other instances where a body has not sent here."""
    rows = rows_of_round(session, round_id, cohort, answers=answers)
    return lay_over(session, rows, read_standing(session, round_id))


def read_foreign(session: Session, person: Person, submission_id: int) -> ForeignBody | None:
    """What another instance told of a body, where that counts; None where its own phiếu does. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    return lay_over(session, [row], read_standing(session, row.round_id))[0].foreign


def read_standing(session: Session, round_id: int) -> list[tuple[str, Content]]:
    """The packages that count in a round, each with the name of its source."""
    return [(name, _content(package.sha256, package.content)) for package, name in packages.standing(session, round_id)]


@lru_cache(maxsize=16)
def _content(_sha256: str, text: str) -> Content:
    return content_of(json.loads(text))


def lay_over(
    session: Session, rows: Sequence[SubmissionRow], told: Sequence[tuple[str, Content]]
) -> list[SubmissionRow]:
    """The rows, those that a package tells of with what it tells."""
    by_body = {
        (body.code, _questionnaire(content, body)): (name, content, body)
        for name, content in told
        for body in content.bodies
    }
    if not by_body:
        return list(rows)
    return [_over(session, row, by_body.get((row.agency_code, row.questionnaire_id))) for row in rows]


def _questionnaire(content: Content, body: PackedBody) -> str:
    return content.questionnaires[body.questionnaire].id


def _over(session: Session, row: SubmissionRow, found: tuple[str, Content, PackedBody] | None) -> SubmissionRow:
    if found is None or row.state is SubmissionState.SENT:
        return row
    name, content, body = found
    same = content.questionnaires[body.questionnaire].rules == rules_of(session, row.version_id, row.sha256)
    return replace(
        row, foreign=foreign_body(name, content, body, usable=same), state=body.state, answers={},
        sent_at=body.sent_at, last_activity_at=None, last_activity_by=None, returned_at=None,
    )  # fmt: skip


def foreign_body(name: str, content: Content, body: PackedBody, *, usable: bool) -> ForeignBody:
    """A packed body as scoring takes it; its figures only where the rules are the same here."""
    case = unpack_case(body.code, body.figures) if usable and body.figures is not None else None
    return ForeignBody(
        name, content.made_at, body.state, body.sent_at, body.total, body.maximum, body.rate, body.groups,
        body.indicators, case,
    )  # fmt: skip


def rules_of(session: Session, version_id: int, sha256: str) -> str:
    """The fingerprint of a published version."""
    if sha256 not in _RULES:
        _RULES[sha256] = fingerprint(published(session, version_id, sha256))
    return _RULES[sha256]


def foreign_origin(foreign: ForeignBody, language: str = "vi") -> str:
    """Where a result came from, as pages and sheets mark it."""
    at = f"{format_time(foreign.made_at)}, {format_date(foreign.made_at)}"
    return say("package.origin", language, name=foreign.source, at=at)


def foreign_origins(rows: Sequence[SubmissionRow]) -> tuple[tuple[str, datetime, int], ...]:
    """The instances that told of these rows: name, as of when, of how many."""
    tally = Counter((row.foreign.source, row.foreign.made_at) for row in rows if row.foreign is not None)
    return tuple((source, made_at, count) for (source, made_at), count in sorted(tally.items()))
