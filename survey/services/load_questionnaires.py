"""Publishing questionnaires: each version's full text is frozen, so that a submission is always scored with its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey.core.asks import Text
from survey.core.errors import Fault, Faults
from survey.core.load import FILE_NAME, load_text, text_hash
from survey.core.questionnaire import Questionnaire
from survey.services import audit
from survey.services.errors import Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.scope import require_administrator
from survey.storage import events, questionnaires
from survey.storage.questionnaires import QuestionnaireVersion


@dataclass(frozen=True, slots=True)
class QuestionnaireRef:
    """One published version."""

    version_id: int
    id: str
    version: str
    title: Text
    sha256: str
    new: bool = False  # whether this call published it


def load_questionnaires(
    session: Session, folder: Path, *, by: Person | None = None, clock: Clock = system_clock
) -> tuple[QuestionnaireRef, ...]:
    """Publish `folder` (one questionnaire) or each folder in it that holds a questionnaire.yaml.

    An unchanged text is the version already there; a changed text under a version already published is Refused.
    Raises survey.core.errors.Faults with the faults of all folders; nothing is published then.
    """
    if by is not None:
        require_administrator(by)
    read = _read_all(folder)
    events.start_stream(session, audit.QUESTIONNAIRES)  # of two presses at once the second finds what the first made
    published = []
    for source, questionnaire in read:
        published.append(_publish(session, source, questionnaire, by, clock))
    session.flush()
    return tuple(published)


def _read_all(folder: Path) -> list[tuple[str, Questionnaire]]:
    files = [folder / FILE_NAME] if (folder / FILE_NAME).is_file() else sorted(folder.glob(f"*/{FILE_NAME}"))
    if not files:
        raise Faults([Fault(str(folder), 1, "faults.no_file")])
    read: list[tuple[str, Questionnaire]] = []
    faults: list[Fault] = []
    for file in files:
        data = file.read_bytes()
        try:
            questionnaire = load_text(data, f"{file.parent.name}/{file.name}")
        except Faults as found:
            faults.extend(found.faults)
            continue
        read.append((data.decode("utf-8-sig"), questionnaire))
    if faults:
        raise Faults(faults)
    return read


def _publish(
    session: Session, source: str, questionnaire: Questionnaire, by: Person | None, clock: Clock
) -> QuestionnaireRef:
    digest = text_hash(source)
    known = questionnaires.find_version(session, questionnaire.id, questionnaire.version)
    if known is not None:
        if known.sha256 != digest:
            raise Refused("services.version_changed", id=questionnaire.id, version=questionnaire.version)
        return _ref(known)
    version = QuestionnaireVersion(
        questionnaire_id=questionnaire.id,
        version=questionnaire.version,
        title_vi=questionnaire.title.vi,
        title_en=questionnaire.title.en,
        sha256=digest,
        source=source,
        published_at=clock(),
    )
    session.add(version)
    session.flush()
    audit.record(
        session, audit.QUESTIONNAIRES, "published", by, version.published_at,
        id=questionnaire.id, version=questionnaire.version, sha256=digest,
    )  # fmt: skip
    return _ref(version, new=True)


def _ref(version: QuestionnaireVersion, *, new: bool = False) -> QuestionnaireRef:
    title = Text(version.title_vi, version.title_en)
    return QuestionnaireRef(version.id, version.questionnaire_id, version.version, title, version.sha256, new)


def list_questionnaires(session: Session) -> tuple[QuestionnaireRef, ...]:
    """Every published version, newest of each id first."""
    return tuple(_ref(version) for version in questionnaires.listed(session))
