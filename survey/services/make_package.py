"""Making a one-way package of a round: points, or points with figures, signed by this instance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reports.data import fingerprint
from survey import __version__
from survey.core.asks import FreeText
from survey.core.foreign import told_groups, told_points, told_rate
from survey.core.numbers_vi import HANOI
from survey.core.questionnaire import Questionnaire
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.package_format import (
    Content,
    PackedBody,
    PackedQuestionnaire,
    pack_case,
    refuse,
    write_package,
)
from survey.services.package_key import signing_key
from survey.services.people import Person
from survey.services.scope import require_coordinator
from survey.services.score_round import RoundScores, ScoredQuestionnaire, score_round


@dataclass(frozen=True, slots=True)
class MadePackage:
    """A package, ready to be carried over."""

    content: bytes
    name: str  # of its file
    bodies: int
    public_key: str


def make_package(
    session: Session,
    person: Person | None,
    round_id: int,
    folder: Path,
    *,
    figures: bool,
    clock: Clock = system_clock,
) -> MadePackage:
    """The package of the cohorts that a coordinator sees in full (`person` None, the command line: of all).

    What came from elsewhere is not passed on. The caller notes the export. Raises NotFound, Refused.
    """
    if person is not None:
        require_coordinator(person)
    scored = score_round(session, round_id, kinds=person.readable_kinds if person else None, clock=clock)
    versions = list(scored.questionnaires)
    bodies = [body for place, one in enumerate(versions) for body in _bodies(one, place, figures=figures)]
    if not bodies:
        refuse("nobody_here")
    settings = read_settings(session)
    content = Content(
        instance_id=settings.instance_id, instance_name=settings.name, demonstration=settings.demonstration,
        round_code=scored.round.code, round_title=scored.round.title, made_at=scored.at, engine=__version__,
        audit_head=scored.audit_head, with_figures=figures,
        questionnaires=[_questionnaire(one.questionnaire) for one in versions], bodies=bodies,
    )  # fmt: skip
    key = signing_key(folder)
    public = key.public_key().public_bytes_raw().hex()
    return MadePackage(write_package(content, key), _name(scored, figures=figures), len(bodies), public)


def _questionnaire(questionnaire: Questionnaire) -> PackedQuestionnaire:
    return PackedQuestionnaire(questionnaire.id, questionnaire.version, fingerprint(questionnaire))


def _bodies(scored: ScoredQuestionnaire, place: int, *, figures: bool) -> list[PackedBody]:
    scores, texts = scored.scores, free_texts(scored.questionnaire)
    return [
        PackedBody(
            code=entry.agency.code, name=entry.agency.name, cohort=entry.cohort_code, questionnaire=place,
            state=entry.state, sent_at=entry.sent_at,
            total=scores.total_of(row), maximum=float(scores.maximum[row]), rate=told_rate(scores, row),
            groups=told_groups(scores, row), indicators=told_points(scores, row),
            figures=pack_case(scored.cases[row], texts) if figures else None,
        )
        for row, entry in enumerate(scored.entries)
        if entry.foreign is None
    ]  # fmt: skip


def free_texts(questionnaire: Questionnaire) -> frozenset[str]:
    """The keys of answers in words, which may name persons and earn no points."""
    return frozenset(key for key in questionnaire.keys if isinstance(questionnaire.users_of[key][0].ask, FreeText))


def _name(scored: RoundScores, *, figures: bool) -> str:
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in scored.round.code)
    kind = "so-lieu" if figures else "diem"
    return f"goi-{kind}-{plain}-{scored.instance_id}-{scored.at.astimezone(HANOI):%Y%m%d-%H%M%S}.json"
