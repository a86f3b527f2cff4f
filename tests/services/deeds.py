"""One press at a time: a deed, what it leaves in the log, and what a second press and those who may not leave there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from survey.core.addresses import hide_contacts
from survey.services.instance import Clock, Session
from survey.storage.accounts import Account, WebSession
from survey.storage.agencies import Agency
from survey.storage.events import Event
from survey.storage.invitations import Invitation, RecoveryCode
from tests.databases import Store
from tests.services.world import PASSWORD, World, at

Press = Callable[["Scene", Session, Any, Clock], Any]
"""(scene, session, who presses, clock) → what the service answers."""


def ready(press: Press, who: str) -> Callable[[Scene], Any]:
    """A press that somebody has done before."""
    return lambda scene: scene.do(press, who)


NOTHING: tuple[str, ...] = ()  # a second press changes nothing, and leaves nothing
REFUSED = None  # a second press is refused


@dataclass
class Scene:
    """One world with what was made ready in it."""

    world: World
    folder: Path
    store: Store  # for another instance beside it
    kept: dict[str, Any] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)  # that were handed out; none may stand in the log

    @property
    def number(self) -> int:
        """The submission of SO-1."""
        return self.world.submission()

    def do(self, press: Press, who: str = "admin") -> Any:
        """Press in a unit of work of its own, a minute after the last one."""
        self.world.minutes += 1
        with self.world.database.writing() as session:
            return press(self, session, self.world[who], at(minutes=self.world.minutes))

    def events(self) -> list[Event]:
        """The whole log, in the order in which it was written."""
        with self.world.database.reading() as session:
            return list(session.scalars(sa.select(Event).order_by(Event.id)))

    def give_contacts(self) -> None:
        """Everybody and every body can be reached, so that the log could betray it."""
        with self.world.database.writing() as session:
            for place, account in enumerate(session.scalars(sa.select(Account).order_by(Account.id))):
                account.email, account.phone = f"nguoi{place}@donvi.example", f"024 3825 35{place:02}"
            for place, agency in enumerate(session.scalars(sa.select(Agency).order_by(Agency.id))):
                agency.contact_email, agency.contact_phone = f"don-vi{place}@donvi.example", f"0912 345 6{place:02}"

    def hidden(self) -> set[str]:
        """Everything that the database keeps to itself."""
        columns: tuple[Any, ...] = (
            Account.email, Account.phone, Account.password_hash, Account.totp_secret, Agency.contact_email,
            Agency.contact_phone, Invitation.secret_hash, RecoveryCode.code_hash, WebSession.token_hash,
            WebSession.csrf_secret,
        )  # fmt: skip
        with self.world.database.reading() as session:
            found = {text for column in columns for text in session.scalars(sa.select(column)) if text}
        return found | self.secrets | {PASSWORD} | set(self.world.known.tokens.values())


@dataclass(frozen=True)
class Deed:
    """One press.

    `tells` are the events it leaves, in order: "kind@stream", the stream of a submission being named by its agency, of
    views of it by "access:" and its agency; "-kind@…" is the system's own. One press that changes several objects, or
    several things of one, has one for each.
    """

    service: str  # module.function
    tells: tuple[str, ...]
    press: Press
    by: str = "admin"
    again: tuple[str, ...] | None = NOTHING  # what a second press tells
    given: Callable[[Scene], Any] | None = None  # what is there before
    stranger: str = ""  # one who may not; "": there is nobody, or no person presses
    wrong: Press | None = None  # what is refused, or comes to nothing, for the one who may

    def __str__(self) -> str:
        return f"{self.service}:{','.join(dict.fromkeys(told.partition('@')[0] for told in self.tells))}"

    def told(self, scene: Scene, tells: tuple[str, ...]) -> list[tuple[str, str, int | None]]:
        """(kind, stream, account) of each."""
        found = []
        for told in tells:
            kind, _, place = told.removeprefix("-").partition("@")
            area, _, agency = place.rpartition(":")
            if agency in scene.world.known.submissions:
                place = f"{area or 'submission'}:{scene.world.submission(agency)}"
            found.append((kind, place, None if told.startswith("-") else scene.world[self.by].account_id))
        return found


def texts_of(data: str) -> Iterator[str]:
    """Every text in an event's data, names of fields too."""

    def walk(value: object) -> Iterator[str]:
        match value:
            case str():
                yield value
            case dict():
                for key, member in value.items():
                    yield key
                    yield from walk(member)
            case list():
                for member in value:
                    yield from walk(member)

    return walk(json.loads(data))


def betrayed(scene: Scene, events: list[Event]) -> list[str]:
    """Texts in these events that tell a secret, an address or a telephone number."""
    hidden = scene.hidden()
    return [
        text
        for event in events
        for text in texts_of(event.data)
        if any(secret in text for secret in hidden) or hide_contacts(text) != text
    ]
