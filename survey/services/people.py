"""Who is asking: the person behind a request, the bodies they serve, and what they may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from survey.core.sorting_vi import vietnamese_key
from survey.core.workflow import Role
from survey.storage.accounts import Stage

__all__ = ["EVERY_KIND", "Body", "Deputising", "Person", "SignedIn", "Stage", "gather_bodies"]

EVERY_KIND = "*"


@dataclass(frozen=True, slots=True)
class Deputising:
    """In whose place a person leads a body, while they do."""

    id: int
    capacity: str  # KT., TL., TUQ.
    until: date  # the last day


@dataclass(frozen=True, slots=True)
class Body:
    """A body (đơn vị) that a person serves."""

    agency_id: int
    code: str
    name: str
    roles: frozenset[Role]  # clerk, leader or both
    title: str = ""  # chức vụ at this body
    deputy: Deputising | None = None  # the role of leader is held in the leader's place


def gather_bodies(served: Iterable[Body]) -> tuple[Body, ...]:
    """Each body once with all the roles held there, in Vietnamese order."""
    bodies: dict[int, Body] = {}
    for one in served:
        known = bodies.get(one.agency_id, one)
        roles, title = one.roles | known.roles, one.title or known.title
        bodies[one.agency_id] = replace(one, roles=roles, title=title, deputy=one.deputy or known.deputy)
    return tuple(sorted(bodies.values(), key=lambda body: vietnamese_key(body.name)))


@dataclass(frozen=True, slots=True)
class Person:
    """An account that is not disabled, with all its rights."""

    account_id: int
    login: str
    name: str
    language: str = "vi"
    roles: frozenset[Role] = frozenset()  # those of the whole instance
    bodies: tuple[Body, ...] = ()  # in Vietnamese order
    kinds: frozenset[str] = frozenset()  # khối whose bodies a coordinator sees; EVERY_KIND for all of them

    @property
    def readable_kinds(self) -> frozenset[str] | None:
        """The khối whose every submission may be read; None: all of them."""
        if Role.AUDITOR in self.roles or (Role.COORDINATOR in self.roles and EVERY_KIND in self.kinds):
            return None
        return self.kinds if Role.COORDINATOR in self.roles else frozenset()

    def coordinates(self, kind: str) -> bool:
        """Whether the person is coordinator of this khối."""
        return Role.COORDINATOR in self.roles and bool(self.kinds & {kind, EVERY_KIND})

    def reads(self, kind: str) -> bool:
        """Whether every submission of this khối may be read."""
        readable = self.readable_kinds
        return readable is None or kind in readable

    def roles_for(self, agency_id: int, kind: str) -> frozenset[Role]:
        """The roles that hold for a submission of this agency, which belongs to this khối."""
        own = (body.roles for body in self.bodies if body.agency_id == agency_id)
        roles = self.roles.union(*own)
        return roles if self.coordinates(kind) else roles - {Role.COORDINATOR}

    def deputises(self, agency_id: int) -> Deputising | None:
        """In whose place the person leads the body; None for its own leaders, and for those who do not lead it."""
        return next((body.deputy for body in self.bodies if body.agency_id == agency_id), None)

    def has(self, role: Role) -> bool:
        """Whether the role is held, for the instance or at any body."""
        return role in self.roles or any(role in body.roles for body in self.bodies)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in browser."""

    session_id: int
    person: Person
    current: Body | None  # the body being worked for; None only for a person without bodies
    csrf_secret: str
    created: datetime
    last_seen: datetime
    stale: bool  # last_seen is old enough to be renewed: call sign_in.keep_alive in a writing unit of work
    stage: Stage = Stage.OPEN  # any other: the password was right, and the second factor is still to come
