"""Events of the log in words: "Nguyễn Thị A lưu 3 số liệu (2.1, 2.3)"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.core.text import catalogue
from survey.services.audit import EventView
from survey.web.language import t

MOST_CODES = 8  # named in one line


def tell(event: EventView) -> str:
    """What happened, for a reader; an event without a sentence of its own is told by its kind."""
    key = f"web_history.{event.kind}"
    if key not in catalogue():
        return event.kind
    return t(key, codes=_codes(event.data), **_known(event.data))


def _codes(data: Mapping[str, Any]) -> str:
    """The keys that changed, shortened."""
    changed = data.get("changes") or {}
    keys = list(dict.fromkeys(str(key).rpartition(":")[2] for key in changed))
    named = ", ".join(keys[:MOST_CODES])
    return f"{named}, …" if len(keys) > MOST_CODES else named


def _known(data: Mapping[str, Any]) -> dict[str, str]:
    """The members that sentences may name; those not there are empty."""
    return {name: str(data.get(name, "")) for name in ("reason", "code", "number", "decision", "receipt", "hash")}
