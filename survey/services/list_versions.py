"""Every published version of the questionnaires, with the rounds that use it: what keeps it frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.core.asks import Text
from survey.core.workflow import Role
from survey.services.errors import NotAllowed
from survey.services.instance import Session
from survey.services.people import Person
from survey.storage import questionnaires, round_plans


@dataclass(frozen=True, slots=True)
class VersionUse:
    """One round that uses a version."""

    code: str
    submissions: int
    begun: int  # of them; the version stays in that round from the first one on


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version."""

    id: str
    version: str
    title: Text
    published_at: datetime
    sha256: str
    uses: tuple[VersionUse, ...]  # newest round first


def list_versions(session: Session, person: Person) -> tuple[VersionLine, ...]:
    """Every version, newest of each questionnaire first. Coordinators, administrators, auditors; else NotAllowed."""
    if not person.roles & {Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR}:
        raise NotAllowed
    uses: dict[int, list[VersionUse]] = {}
    for version_id, code, count, begun in round_plans.uses(session):
        uses.setdefault(version_id, []).append(VersionUse(code, count, begun))
    return tuple(
        VersionLine(
            one.questionnaire_id, one.version, Text(one.title_vi, one.title_en), one.published_at, one.sha256,
            tuple(uses.get(one.id, ())),
        )
        for one in questionnaires.listed(session)
    )  # fmt: skip
