"""The bodies that a person may be given to, for forms and for the sheets of workbooks."""

from __future__ import annotations

from dataclasses import dataclass

from survey.services.instance import Session
from survey.storage import agencies


@dataclass(frozen=True, slots=True)
class BodyChoice:
    """One body that is not closed."""

    code: str
    name: str
    kind: str


def bodies_to_serve(session: Session) -> tuple[BodyChoice, ...]:
    """Every body that is not closed, in official order."""
    return tuple(
        BodyChoice(one.code, one.name, one.kind) for one in agencies.listed(session, "") if one.closed_at is None
    )
