"""Taking a package of another instance into a round: checked, compared body by body, kept until a newer one comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from survey.core.foreign import told_groups, told_points, told_rate
from survey.core.scoring import score
from survey.core.workflow import RoundState, SubmissionState
from survey.services import audit
from survey.services.errors import NotFound
from survey.services.foreign_results import read_standing, rules_of
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.open_round import get_round
from survey.services.package_format import Content, Package, PackedBody, read_package, refuse, unpack_case
from survey.services.people import Person
from survey.services.published import published
from survey.services.scope import require_coordinator
from survey.services.trust_source import require_trusted
from survey.storage import events, packages
from survey.storage.packages import TakenPackage
from survey.storage.submission_rows import SubmissionRow, rows_of_round


class Fit(StrEnum):
    """What becomes of one body of a package."""

    TAKEN = "taken"
    POINTS_ONLY = "points_only"  # its figures mean something else here: the rules are not the same
    NOT_HERE = "not_here"  # no phiếu of this body and questionnaire in the round
    SENT_HERE = "sent_here"  # it has sent here itself, and that counts
    OF_ANOTHER = "of_another"  # another instance has told of it


COUNTED = frozenset({Fit.TAKEN, Fit.POINTS_ONLY})


@dataclass(frozen=True, slots=True)
class BodyView:
    """One body of a package and what becomes of it."""

    code: str
    name: str
    state: SubmissionState
    total: float | None  # None where too little is known
    maximum: float
    rate: float | None
    fit: Fit


@dataclass(frozen=True, slots=True)
class PackageView:
    """A package as it would be taken."""

    source: str
    instance_id: str
    round_code: str
    round_title: str
    made_at: datetime
    with_figures: bool
    sha256: str
    bodies: tuple[BodyView, ...]
    replaces: datetime | None  # when the one that it replaces was made

    @property
    def counted(self) -> int:
        """How many bodies it brings."""
        return sum(body.fit in COUNTED for body in self.bodies)


@dataclass(frozen=True, slots=True)
class TakenView:
    """A package that was taken."""

    package_id: int
    source: str
    instance_id: str
    source_round: str
    made_at: datetime
    taken_at: datetime
    with_figures: bool
    sha256: str
    standing: bool


def preview_package(session: Session, person: Person | None, round_id: int, data: bytes) -> PackageView:
    """What taking a package would do; nothing is kept. Raises Refused, UnknownSource, NotFound."""
    return _examine(session, person, round_id, read_package(data))


def take_package(
    session: Session, person: Person | None, round_id: int, data: bytes, *, clock: Clock = system_clock
) -> PackageView:
    """Take a package; an older one of its source counts no longer. `person` None is the command line.

    Raises Refused, UnknownSource, NotFound.
    """
    package, now = read_package(data), clock()
    events.start_stream(session, audit.INSTANCE)  # packages are taken and removed one after the other
    view = _examine(session, person, round_id, package)
    packages.end_standing(session, round_id, view.instance_id, now)
    row = TakenPackage(
        round_id=round_id, instance_id=view.instance_id, source_round=view.round_code, sha256=package.sha256,
        with_figures=view.with_figures, made_at=view.made_at, content=package.text, created_at=now,
        created_by=person.account_id if person else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    told = {"source": view.instance_id, "sha256": package.sha256, "bodies": view.counted, "round": round_id}
    audit.record(session, audit.INSTANCE, "package_taken", person, now, package=row.id, **told)
    return view


def remove_package(
    session: Session, person: Person, round_id: int, package_id: int, *, clock: Clock = system_clock
) -> None:
    """Let a package count no longer. Raises NotFound, Refused."""
    require_coordinator(person)
    events.start_stream(session, audit.INSTANCE)
    row, now = session.get(TakenPackage, package_id), clock()
    if row is None or row.round_id != round_id or row.removed_at is not None:
        raise NotFound
    _require_open(session, round_id)
    _require_every_khoi(session, person, round_id, [body.code for body in _content_of(session, round_id, row)])
    row.removed_at = now
    audit.record(session, audit.INSTANCE, "package_removed", person, now, package=row.id, round=round_id)
    session.flush()


def list_packages(session: Session, round_id: int) -> tuple[TakenView, ...]:
    """Every package ever taken into a round, newest first."""
    names = {source.instance_id: source.name for source in packages.sources(session)}
    return tuple(
        TakenView(
            row.id, names.get(row.instance_id, ""), row.instance_id, row.source_round, row.made_at, row.created_at,
            row.with_figures, row.sha256, row.removed_at is None,
        )
        for row in packages.taken(session, round_id)
    )  # fmt: skip


def _content_of(session: Session, round_id: int, row: TakenPackage) -> list[PackedBody]:
    standing = (content for _, content in read_standing(session, round_id) if content.instance_id == row.instance_id)
    return [body for content in standing for body in content.bodies]


def _examine(session: Session, person: Person | None, round_id: int, package: Package) -> PackageView:
    """Every check, then body by body what becomes of it."""
    if person is not None:
        require_coordinator(person)
    source, content = require_trusted(session, package), package.content
    _require_open(session, round_id)
    settings = read_settings(session)
    if content.demonstration and not settings.demonstration:
        refuse("demonstration")
    replaces = _replaced(session, round_id, package)
    rows = {(row.agency_code, row.questionnaire_id): row for row in rows_of_round(session, round_id, answers=False)}
    told = {
        body.code
        for _, other in read_standing(session, round_id)
        if other.instance_id != content.instance_id
        for body in other.bodies
    }
    fits = [_fit(session, content, body, rows, told) for body in content.bodies]
    counted = [body.code for body, fit in zip(content.bodies, fits, strict=True) if fit in COUNTED]
    if not counted:
        refuse("nobody")
    if person is not None:
        _require_every_khoi(session, person, round_id, counted)
    _score_again(session, content, fits, rows)
    return PackageView(
        source=source.name, instance_id=content.instance_id, round_code=content.round_code,
        round_title=content.round_title, made_at=content.made_at, with_figures=content.with_figures,
        sha256=package.sha256, bodies=tuple(_view(*pair) for pair in zip(content.bodies, fits, strict=True)),
        replaces=replaces,
    )  # fmt: skip


def _view(body: PackedBody, fit: Fit) -> BodyView:
    return BodyView(body.code, body.name, body.state, body.total, body.maximum, body.rate, fit)


def _require_open(session: Session, round_id: int) -> None:
    """Raise NotFound for no round, Refused for one that is closed."""
    if get_round(session, round_id).state is RoundState.CLOSED:
        refuse("round_closed")


def _require_every_khoi(session: Session, person: Person, round_id: int, codes: Sequence[str]) -> None:
    """Only who coordinates every body that a package tells of may bring it in or take it out. Raises Refused."""
    wanted = set(codes)
    rows = rows_of_round(session, round_id, answers=False)
    if any(row.agency_code in wanted and not person.coordinates(row.kind) for row in rows):
        refuse("not_your_khoi")


def _replaced(session: Session, round_id: int, package: Package) -> datetime | None:
    """When the package that this one replaces was made. Raises Refused where that is the newer one, or the same."""
    query = sa.select(TakenPackage.sha256, TakenPackage.made_at).where(
        TakenPackage.round_id == round_id,
        TakenPackage.instance_id == package.content.instance_id,
        TakenPackage.removed_at.is_(None),
    )
    for digest, made_at in session.execute(query):
        if digest == package.sha256:
            refuse("same")
        if made_at > package.content.made_at:
            refuse("older")
        return made_at
    return None


def _fit(
    session: Session,
    content: Content,
    body: PackedBody,
    rows: Mapping[tuple[str, str], SubmissionRow],
    told: set[str],
) -> Fit:
    packed = content.questionnaires[body.questionnaire]
    row = rows.get((body.code, packed.id))
    if row is None:
        return Fit.NOT_HERE
    if row.state is SubmissionState.SENT:
        return Fit.SENT_HERE
    if body.code in told:
        return Fit.OF_ANOTHER
    same = rules_of(session, row.version_id, row.sha256) == packed.rules
    return Fit.TAKEN if same or not content.with_figures else Fit.POINTS_ONLY


def _score_again(
    session: Session, content: Content, fits: Sequence[Fit], rows: Mapping[tuple[str, str], SubmissionRow]
) -> None:
    """Score the figures that came along; they must give the points that came along. Raises Refused, naming the body."""
    members: dict[int, list[PackedBody]] = {}
    for body, fit in zip(content.bodies, fits, strict=True):
        if fit is Fit.TAKEN and content.with_figures:
            members.setdefault(body.questionnaire, []).append(body)
    for place, bodies in members.items():
        row = rows[bodies[0].code, content.questionnaires[place].id]
        questionnaire = published(session, row.version_id, row.sha256)
        known = set(questionnaire.keys)
        for body in bodies:
            if body.figures is None or not known >= body.figures.values.keys():
                refuse("scores_differ", name=body.name)
        figures = [(body, body.figures) for body in bodies if body.figures is not None]
        cases = [replace(unpack_case(body.code, sent), cohort=body.cohort) for body, sent in figures]
        try:
            scores = score(questionnaire, cases)
        except (TypeError, ValueError, KeyError, ArithmeticError):
            refuse("scores_differ", name=", ".join(body.name for body in bodies[:3]))
        if questionnaire.has_peers:  # their points are held against bodies that need not be in the package
            continue
        for index, body in enumerate(bodies):
            again = (
                scores.total_of(index), float(scores.maximum[index]), told_rate(scores, index),
                told_groups(scores, index), told_points(scores, index),
            )  # fmt: skip
            if again != (body.total, body.maximum, body.rate, body.groups, body.indicators):
                refuse("scores_differ", name=body.name)
