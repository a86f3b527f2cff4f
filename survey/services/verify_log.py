"""Checking the log against itself and against a hash that somebody has on paper: a receipt, a workbook, a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey.services import audit
from survey.services.audit import BrokenChain, Pin
from survey.services.check_signed import check_signed
from survey.services.errors import Refused
from survey.services.instance import Clock, Session, system_clock
from survey.storage import events

LENGTH = 64  # of a hash as printed
SHORTEST = 16  # digits that are enough to name one


class Printed(StrEnum):
    """What a printed hash turned out to be."""

    NOW = "now"  # the log as it stands
    EVENT = "event"  # an event of a chain: a receipt's
    EXPORT = "export"  # the whole log when a file was made, counted again from the events
    CHANGED = "changed"  # of a file that was made, but the events of that time have been changed or cut off
    UNKNOWN = "unknown"  # nothing here comes to it


@dataclass(frozen=True, slots=True)
class VerifiedLog:
    """What was found."""

    events: int
    chains: int
    head: str  # the whole log as it stands
    broken: tuple[BrokenChain, ...]
    printed: Printed | None = None  # of the hash asked for

    @property
    def sound(self) -> bool:
        """Whether nothing is broken and the printed hash, where there is one, belongs to this log."""
        return not self.broken and self.printed not in (Printed.CHANGED, Printed.UNKNOWN)


def verify_log(session: Session, printed: str = "") -> VerifiedLog:
    """Walk every chain, hold what was signed against it; compare with a printed hash, of which 16 digits are enough.

    Raises Refused for what is no hash.
    """
    pin, chains = audit.take_pin(session), audit.check_events(session)
    broken = (*chains, *check_signed(session))
    found = _compare(session, pin, _digits(printed), chains) if printed.strip() else None
    return VerifiedLog(sum(pin.counts.values()), len(pin.counts), pin.head, broken, found)


def keep_head(session: Session, *, clock: Clock = system_clock) -> Pin:
    """Pin the log as it stands by an event, so that its hash can be written down and compared when it has grown."""
    pin = audit.take_pin(session)
    audit.record(
        session, audit.INSTANCE, "log_checked", None, clock(), head=pin.head, counts=dict(pin.counts)
    )  # fmt: skip
    return pin


def _digits(printed: str) -> str:
    """The hash as it is kept; people copy it with blanks, dashes and capitals."""
    plain = "".join(printed.split()).replace("-", "").lower()
    if not SHORTEST <= len(plain) <= LENGTH or set(plain) - set("0123456789abcdef"):
        raise Refused("verify_log.head_form", "head", shortest=SHORTEST)
    return plain


def _compare(session: Session, now: Pin, printed: str, broken: Sequence[BrokenChain]) -> Printed:
    if now.head.startswith(printed):
        return Printed.NOW
    written = events.all_hashes(session)
    for event in events.of_kinds(session, audit.PINNING):
        pin = audit.pin_of(event)
        if pin is not None and pin.head.startswith(printed):
            whole = not any(one.number <= pin.counts.get(one.stream, -1) for one in broken)
            return Printed.EXPORT if whole and audit.holds(pin, written) else Printed.CHANGED
    return Printed.EVENT if any(one.startswith(printed) for one in written.values()) else Printed.UNKNOWN
