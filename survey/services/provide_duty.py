"""Who gives which figures: what a person's body owns in a round, and what a coordinator gives in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.workflow import Obstacle, Role, RoundState, Step, SubmissionState, obstacle
from survey.services.errors import Blocked, NotAllowed, NotFound
from survey.services.instance import Clock, Session, system_clock
from survey.services.open_round import find_round
from survey.services.people import Person
from survey.services.published import published
from survey.services.scope import find_submission
from survey.services.submission_views import RoundRef
from survey.storage import providers
from survey.storage.providers import Provided, RoundVersion
from survey.storage.submission_rows import SubmissionRow, find_row


@dataclass(frozen=True, slots=True)
class Item:
    """One provided indicator."""

    indicator: Indicator
    body_id: int | None
    body: str  # that gives it; "" where the coordinators keep it to themselves


@dataclass(frozen=True)
class Task:
    """What a person gives in one questionnaire of a round."""

    round: RoundRef
    version_id: int
    questionnaire_id: str
    questionnaire: Questionnaire
    items: tuple[Item, ...]  # in file order
    kinds: frozenset[str] | None  # of the agencies; None: every khối
    obstacle: Obstacle | None  # why no figure can be given now

    @cached_property
    def keys(self) -> Mapping[str, Item]:
        """Every input that may be given, once, with its indicator."""
        found: dict[str, Item] = {}
        for item in self.items:
            for key in item.indicator.keys:
                found.setdefault(key, item)
        return found

    @property
    def bodies(self) -> tuple[str, ...]:
        """Names of the bodies that give these figures."""
        return tuple(dict.fromkeys(item.body for item in self.items if item.body))


def provided_indicators(questionnaire: Questionnaire) -> tuple[Indicator, ...]:
    """The indicators whose figures another body owns."""
    return tuple(indicator for indicator in questionnaire.indicators if indicator.provided_by is not None)


def clerk_bodies(person: Person) -> frozenset[int]:
    """The bodies for which a person enters figures."""
    return frozenset(body.agency_id for body in person.bodies if Role.CLERK in body.roles)


def rounds_to_provide(session: Session, person: Person, *, clock: Clock = system_clock) -> tuple[str, ...]:
    """Codes of the open rounds in which a body of this person gives figures, newest first; one statement at most."""
    bodies = clerk_bodies(person)
    if not bodies:
        return ()
    now = clock()
    found = providers.provided_rounds(session, bodies)
    return tuple(one.code for one in found if one.state is RoundState.OPEN and one.opens_at <= now)


def tasks_of(session: Session, person: Person, code: str, *, clock: Clock = system_clock) -> tuple[Task, ...]:
    """What this person gives in a round, questionnaire by questionnaire. Raises NotFound where that is nothing."""
    found = find_round(session, code)
    chosen = {(one.version_id, one.indicator): one for one in providers.providers(session, found.id)}
    blocked = _obstacle(found, clock)
    by_version: dict[int, list[RoundVersion]] = {}
    for line in providers.versions(session, found.id):
        by_version.setdefault(line.version_id, []).append(line)
    tasks = []
    for version_id, lines in by_version.items():
        questionnaire = published(session, version_id, lines[0].sha256)
        every = _items(questionnaire, version_id, chosen)
        items, kinds = _share(person, every, lines, begun=blocked is not Obstacle.NOT_OPEN)
        if items:
            tasks.append(Task(found, version_id, lines[0].questionnaire_id, questionnaire, items, kinds, blocked))
    if not tasks:
        raise NotFound
    return tuple(tasks)


def find_task(
    session: Session, person: Person, code: str, questionnaire_id: str, *, clock: Clock = system_clock
) -> Task:
    """One of them. Raises NotFound."""
    for task in tasks_of(session, person, code, clock=clock):
        if task.questionnaire_id == questionnaire_id:
            return task
    raise NotFound


def require_round(session: Session, person: Person, code: str, clock: Clock) -> None:
    """Raise NotFound where a person gives nothing in a round, Blocked where it takes no figures now."""
    require_open(tasks_of(session, person, code, clock=clock)[0])


def require_open(task: Task) -> None:
    """Raise Blocked where the round takes no figures now."""
    if task.obstacle is not None:
        raise Blocked(Step.PROVIDE, task.obstacle)


def _obstacle(found: RoundRef, clock: Clock) -> Obstacle | None:
    begun = found.state is not RoundState.OPEN or found.opens_at <= clock()
    state = found.state if begun else RoundState.DRAFT
    return obstacle(Step.PROVIDE, SubmissionState.NOT_STARTED, (), state, in_time=True, duty=True)


def _items(
    questionnaire: Questionnaire, version_id: int, chosen: Mapping[tuple[int, str], Provided]
) -> tuple[Item, ...]:
    items = []
    for indicator in provided_indicators(questionnaire):
        body = chosen.get((version_id, indicator.code))
        items.append(Item(indicator, body.agency_id if body else None, body.agency_name if body else ""))
    return tuple(items)


def _share(
    person: Person, items: tuple[Item, ...], lines: Iterable[RoundVersion], *, begun: bool
) -> tuple[tuple[Item, ...], frozenset[str] | None]:
    """The items that a person gives, and for agencies of which khối."""
    kinds = frozenset(line.kind for line in lines)
    coordinated = frozenset(kind for kind in kinds if person.coordinates(kind))
    bodies = clerk_bodies(person) if begun else frozenset()
    own = tuple(item for item in items if item.body_id in bodies)
    if coordinated and (coordinated == kinds or not own):
        return items, coordinated
    return own, None


def open_provided(
    session: Session, person: Person, submission_id: int, clock: Clock
) -> tuple[SubmissionRow, Mapping[str, Item]]:
    """A submission with its lock, and what this person may give in it, by indicator.

    Raises NotFound, NotAllowed (it is seen, but nothing in it is this person's to give), Blocked (not open, closed).
    """
    row = find_row(session, submission_id, (), None, lock=True)
    if row is None:
        raise NotFound
    given = providers.providers(session, row.round_id)
    chosen = {(one.version_id, one.indicator): one for one in given}
    items = _items(published(session, row.version_id, row.sha256), row.version_id, chosen)
    if not person.coordinates(row.kind):
        bodies = clerk_bodies(person)
        items = tuple(item for item in items if item.body_id in bodies)
    if not items:
        find_submission(session, person, submission_id)
        raise NotAllowed
    begun = row.round_state is not RoundState.OPEN or row.opens_at <= clock()
    state = row.round_state if begun else RoundState.DRAFT
    found = obstacle(Step.PROVIDE, row.state, (), state, in_time=True, duty=True)
    if found is not None:
        raise Blocked(Step.PROVIDE, found)
    return row, {item.indicator.code: item for item in items}
