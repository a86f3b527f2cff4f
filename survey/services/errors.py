"""The rules a request can run against; each error names the fact, and its sentence is in the catalogue."""

from __future__ import annotations

from survey.core.text import say
from survey.core.workflow import Obstacle, Step


class ServiceError(Exception):
    """A request that cannot be carried out; `key` is its sentence in the catalogue, `values` fill its blanks."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def sentence(self, language: str = "vi") -> str:
        """What the user reads."""
        return say(self.key, language, **self.values)


class NotFound(ServiceError):
    """No such thing, or not this person's: the two are one answer (404)."""

    def __init__(self) -> None:
        super().__init__("services.not_found")


class NotAllowed(ServiceError):
    """The thing is seen by this person, the step is not theirs (403)."""

    def __init__(self) -> None:
        super().__init__("services.not_allowed")


class Blocked(ServiceError):
    """The step is theirs but cannot be taken now: state, deadline or closed round (409)."""

    def __init__(self, step: Step, obstacle: Obstacle) -> None:
        super().__init__(f"services.blocked_{obstacle.value}")
        self.step = step
        self.obstacle = obstacle


class ContentChanged(ServiceError):
    """What the leader saw is no longer what would be sent (409)."""

    def __init__(self, seen: str, now: str) -> None:
        super().__init__("services.content_changed", seen=seen, now=now)


class Refused(ServiceError):
    """Something typed cannot be taken (422); `field` names the form field it belongs to."""

    def __init__(self, key: str, field: str = "", **values: object) -> None:
        super().__init__(key, **values)
        self.field = field

    @property
    def each(self) -> tuple[Refused, ...]:
        """Every refusal that it tells: itself, but for several at once (see checks)."""
        return (self,)

    def by_field(self, language: str = "vi") -> dict[str, str]:
        """The first sentence of each field that it names."""
        return {one.field: one.sentence(language) for one in reversed(self.each)}


class StillFaulty(ServiceError):
    """The phiếu holds answers that cannot be sent (422): see check_submission."""

    def __init__(self, count: int) -> None:
        super().__init__("services.still_faulty", count=count)
        self.count = count


class StillMissing(ServiceError):
    """Answers are missing and the clerk has not confirmed that they will stay so (422): ask, then send again."""

    def __init__(self, count: int) -> None:
        super().__init__("services.still_missing", count=count)
        self.count = count
