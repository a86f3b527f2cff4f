"""Which body gives which figures of a round: proposed by the names in the questionnaire, chosen by the coordinator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from survey.core import document as doc
from survey.core.asks import Text
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.sorting_vi import fold, vietnamese_key
from survey.core.workflow import Obstacle, Role, RoundState, Step
from survey.services import audit
from survey.services.errors import Blocked, NotAllowed, NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.open_round import find_round
from survey.services.people import Person
from survey.services.provide_duty import provided_indicators
from survey.services.provided_source import value_of
from survey.services.published import published
from survey.services.scope import require_overview
from survey.services.submission_views import AgencyRef, RoundRef
from survey.storage import agencies, events, providers
from survey.storage.agencies import Agency
from survey.storage.providers import RoundVersion

CITY = "thanh_pho"


@dataclass(frozen=True, slots=True)
class Giver:
    """One provided indicator of a round and who gives it."""

    place: str  # "<version id>.<code>": its field in the form
    code: str
    name: Text
    named: Text  # the giver as the questionnaire names it
    body: AgencyRef | None  # chosen
    proposed: AgencyRef | None  # by name, where none is chosen
    has_clerk: bool  # whether anybody of the chosen body can sign in
    filled: int  # agencies that have all its figures
    total: int  # agencies to which it applies


@dataclass(frozen=True, slots=True)
class GiversOf:
    """The provided indicators of one questionnaire."""

    questionnaire_id: str
    title: Text
    givers: tuple[Giver, ...]
    may_change: bool  # by the person asking: coordinators of every khối that answers it

    @property
    def without(self) -> int:
        """How many have no body yet."""
        return sum(giver.body is None for giver in self.givers)


@dataclass(frozen=True, slots=True)
class Givers:
    """Who gives the figures of a round."""

    round: RoundRef
    parts: tuple[GiversOf, ...]
    choices: tuple[AgencyRef, ...]  # bodies of the city, by name
    kinds: frozenset[str]  # khối of the agencies that are given figures
    blocked: bool  # the round is closed


def propose_body(named: str, bodies: Iterable[AgencyRef]) -> AgencyRef | None:
    """The body that a text names, also inside "… qua Sở …"; the longest name where several fit, None where none."""
    text = _words(named)
    fitting = [body for body in bodies if f" {_words(body.name)} " in f" {text} "]
    return max(fitting, key=lambda body: len(body.name), default=None)


def _words(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", fold(text)).split())


def who_provides(session: Session, person: Person, code: str) -> Givers:
    """The provided indicators of a round, of the questionnaires that this person reads. Raises NotFound, NotAllowed."""
    require_overview(person)
    found = find_round(session, code)
    bodies = _bodies(session)
    chosen = {(one.version_id, one.indicator): one.agency_id for one in providers.providers(session, found.id)}
    parts: list[GiversOf] = []
    kinds: set[str] = set()
    for version_id, lines in _versions(session, found.id).items():
        seen = frozenset(line.kind for line in lines if person.reads(line.kind))
        questionnaire = published(session, version_id, lines[0].sha256)
        if not seen or not provided_indicators(questionnaire):
            continue
        kinds |= seen
        counts = _counts(session, found.id, version_id, questionnaire, seen)
        givers = tuple(
            _giver(session, version_id, indicator, bodies, chosen.get((version_id, indicator.code)), counts)
            for indicator in provided_indicators(questionnaire)
        )
        may_change = all(person.coordinates(line.kind) for line in lines)
        parts.append(GiversOf(lines[0].questionnaire_id, questionnaire.title, givers, may_change))
    choices = sorted(_choices(bodies), key=lambda body: vietnamese_key(body.name))
    return Givers(found, tuple(parts), tuple(choices), frozenset(kinds), found.state is RoundState.CLOSED)


def _versions(session: Session, round_id: int) -> dict[int, list[RoundVersion]]:
    by_version: dict[int, list[RoundVersion]] = {}
    for line in providers.versions(session, round_id):
        by_version.setdefault(line.version_id, []).append(line)
    return by_version


def _bodies(session: Session) -> dict[int, tuple[AgencyRef, bool]]:
    """Every body, and whether it can be chosen: it is of the city and not closed."""
    columns = sa.select(Agency.id, Agency.code, Agency.name, Agency.level, Agency.closed_at)
    return {
        row.id: (AgencyRef(row.id, row.code, row.name), row.level == CITY and row.closed_at is None)
        for row in session.execute(columns)
    }


def _choices(bodies: Mapping[int, tuple[AgencyRef, bool]]) -> list[AgencyRef]:
    return [body for body, free in bodies.values() if free]


def _counts(
    session: Session, round_id: int, version_id: int, questionnaire: Questionnaire, kinds: frozenset[str]
) -> dict[str, tuple[int, int]]:
    """Indicator → (agencies that have all its figures, agencies to which it applies)."""
    rows = providers.figure_rows(session, round_id, version_id, kinds)
    counts = {}
    for indicator in provided_indicators(questionnaire):
        asked = [row for row in rows if indicator.applies_to(row.attributes)]
        counts[indicator.code] = sum(is_filled(indicator, row.answers) for row in asked), len(asked)
    return counts


def is_filled(indicator: Indicator, document: doc.Document) -> bool:
    """Whether all its figures are there."""
    return all(value_of(document.get(key)) for key in indicator.keys)


def _giver(
    session: Session,
    version_id: int,
    indicator: Indicator,
    bodies: Mapping[int, tuple[AgencyRef, bool]],
    chosen: int | None,
    counts: Mapping[str, tuple[int, int]],
) -> Giver:
    named = indicator.provided_by or Text("")
    filled, total = counts[indicator.code]
    return Giver(
        place=f"{version_id}.{indicator.code}",
        code=indicator.code,
        name=indicator.name,
        named=named,
        body=bodies[chosen][0] if chosen is not None else None,
        proposed=propose_body(named.vi, _choices(bodies)) if chosen is None else None,
        has_clerk=chosen is not None and providers.has_clerk(session, chosen),
        filled=filled,
        total=total,
    )


def choose_providers(
    session: Session, person: Person, code: str, chosen: Mapping[str, str], *, clock: Clock = system_clock
) -> int:
    """Set the bodies (agency codes, "" for none) of provided indicators by `Giver.place`; how many changed.

    One event for all. Raises NotFound (also for a questionnaire of which one does not coordinate every khối),
    NotAllowed for those who are no coordinators, Blocked, Refused.
    """
    if Role.COORDINATOR not in person.roles:
        raise NotAllowed
    found = find_round(session, code)
    if chosen and found.state is RoundState.CLOSED:
        raise Blocked(Step.PROVIDE, Obstacle.CLOSED)
    events.start_stream(session, audit.ROUNDS)  # of two at once the second sees what the first has chosen
    known = {(one.version_id, one.indicator): one for one in providers.providers(session, found.id)}
    by_code = agencies.by_code(session)
    open_places = _places(session, person, found.id)
    changes = {}
    for place, agency_code in chosen.items():
        if place not in open_places:
            raise NotFound
        version_id, indicator = open_places[place]
        before = known.get((version_id, indicator))
        agency = by_code.get(agency_code)
        if agency_code and (agency is None or agency.closed_at is not None):
            raise Refused("web_provide.body_unknown", place, code=agency_code)
        if (before.agency_id if before else None) == (agency.id if agency else None):
            continue
        providers.choose(session, found.id, version_id, indicator, agency.id if agency else None)
        changes[place] = [before.agency_name if before else "", agency.name if agency else ""]
    if changes:
        audit.record(session, audit.ROUNDS, "providers_chosen", person, clock(), round=found.code, bodies=changes)
    return len(changes)


def _places(session: Session, person: Person, round_id: int) -> dict[str, tuple[int, str]]:
    """The fields that this person may set: of questionnaires whose every khối they coordinate."""
    places = {}
    for version_id, lines in _versions(session, round_id).items():
        if all(person.coordinates(line.kind) for line in lines):
            for indicator in provided_indicators(published(session, version_id, lines[0].sha256)):
                places[f"{version_id}.{indicator.code}"] = (version_id, indicator.code)
    return places


def proposals(givers: Givers) -> dict[str, str]:
    """The proposed bodies (agency codes) of all indicators that have none, by place."""
    return {
        giver.place: giver.proposed.code
        for part in givers.parts
        if part.may_change
        for giver in part.givers
        if giver.proposed is not None
    }
