"""Instances whose packages are taken: known by id and key, trusted by an administrator who compared the key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.core.answers import clean_text
from survey.services import audit
from survey.services.errors import NotFound, Refused
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.package_format import Package, fingerprint_of, read_package, refuse
from survey.services.people import Person
from survey.services.scope import require_administrator
from survey.storage import events, packages
from survey.storage.packages import Source


def named(name: str, instance_id: str) -> str:
    """A source in a sentence: its name with its number, the number alone where it has no name."""
    return f"{name} ({instance_id})" if name and name != instance_id else instance_id


class UnknownSource(Refused):
    """A package of an instance that is not trusted yet."""

    def __init__(self, source: SourceView) -> None:
        super().__init__(
            "package.unknown_source", "file", name=named(source.name, source.instance_id),
            fingerprint=source.fingerprint,
        )  # fmt: skip
        self.source = source


@dataclass(frozen=True, slots=True)
class SourceView:
    """An instance as it is shown before and after it is trusted."""

    instance_id: str
    name: str
    fingerprint: str  # of its key, to be compared by another way than the package came
    since: datetime | None = None  # trusted since; None: not yet
    ended: datetime | None = None  # no longer trusted since then


def list_sources(session: Session, person: Person) -> tuple[SourceView, ...]:
    """Every instance that is or was trusted. Administrators only."""
    require_administrator(person)
    return tuple(
        SourceView(one.instance_id, one.name, fingerprint_of(one.public_key), one.created_at, one.ended_at)
        for one in packages.sources(session)
    )


def source_of(session: Session, data: bytes) -> SourceView:
    """Whose a package is. Raises Refused for one that is not as it was signed, or of a key that has changed."""
    package = read_package(data)
    known = _known(session, package)
    content = package.content
    since = known.created_at if known and known.ended_at is None else None
    return SourceView(content.instance_id, content.instance_name, fingerprint_of(package.public_key), since)


def trust_source(
    session: Session, person: Person | None, data: bytes, compared: str, *, clock: Clock = system_clock
) -> SourceView:
    """Trust the instance that signed a package, its fingerprint having been compared; by=None is the command line.

    Raises Refused where `compared` is not the fingerprint of its key.
    """
    if person is not None:
        require_administrator(person)
    package, now = read_package(data), clock()
    events.start_stream(session, audit.INSTANCE)  # of two presses at once the second finds it trusted
    known, content = _known(session, package), package.content
    fingerprint = fingerprint_of(package.public_key)
    if "".join(compared.split()).upper() != fingerprint.replace(" ", ""):
        raise Refused("package.fingerprint_differs", "fingerprint")
    since = known.created_at if known and known.ended_at is None else now
    if since is now:
        name = " ".join(clean_text(content.instance_name).split())[:200] or content.instance_id
        row = Source(
            instance_id=content.instance_id, name=name, public_key=package.public_key, created_at=now,
            created_by=person.account_id if person else None, ended_at=None,
        )  # fmt: skip
        session.merge(row)  # one that is trusted again may have another key
        session.flush()
        told = {"source": content.instance_id, "key": package.public_key}
        audit.record(session, audit.INSTANCE, "source_trusted", person, now, name=name, **told)
    return SourceView(content.instance_id, content.instance_name, fingerprint, since)


def distrust_source(session: Session, person: Person, instance_id: str, *, clock: Clock = system_clock) -> None:
    """Take no more packages of an instance; what was taken of it stays until a coordinator removes it.

    Raises NotFound for one that is not trusted (any more).
    """
    require_administrator(person)
    row, now = session.get(Source, instance_id, with_for_update=True), clock()
    if row is None or row.ended_at is not None:
        raise NotFound
    row.ended_at = now
    session.flush()
    audit.record(session, audit.INSTANCE, "source_distrusted", person, now, name=row.name, source=instance_id)


def require_trusted(session: Session, package: Package) -> Source:
    """The source of a package. Raises UnknownSource, Refused."""
    known = _known(session, package)
    if known is None or known.ended_at is not None:
        content = package.content
        raise UnknownSource(SourceView(content.instance_id, content.instance_name, fingerprint_of(package.public_key)))
    return known


def _known(session: Session, package: Package) -> Source | None:
    if package.content.instance_id == read_settings(session).instance_id:
        refuse("own")
    known = session.get(Source, package.content.instance_id)
    if known is not None and known.ended_at is None and known.public_key != package.public_key:
        refuse("key_changed", name=known.name, fingerprint=fingerprint_of(package.public_key))
    return known
