"""Events of the log in words: "Nguyễn Thị A lưu 3 số liệu (2.1, 2.3)"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from string import Formatter
from typing import Any

from survey.core.numbers_vi import format_date, format_time
from survey.core.text import catalogue
from survey.services.audit import EventView
from survey.web.language import current_language, t

MOST_CODES = 8  # named in one line
LONGEST = 300  # characters of one thing that is told; the whole of it is in the log


def tell(event: EventView) -> str:
    """What happened, for a reader; an event without a sentence of its own is told by its kind."""
    key = f"web_history.{event.kind}"
    if key not in catalogue():
        return event.kind
    return t(key, **{name: _member(event, name) for name in _blanks(key)}).strip(" :,")


def kind_label(kind: str) -> str:
    """A kind of events by its sentence, what each event tells left out."""
    key = f"web_history.{kind}"
    return t(key, **dict.fromkeys(_blanks(key), "…")) if key in catalogue() else kind


def _blanks(key: str) -> set[str]:
    """What the sentence of a kind names."""
    sentence = catalogue()[key].get(current_language(), catalogue()[key]["vi"])
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _member(event: EventView, name: str) -> str:
    """One thing that a sentence names; empty where the event does not tell it."""
    if name == "codes":
        return _codes(event.data, event.homes)
    if name == "about":
        return event.about
    if name == "document":
        return shown(next(filter(None, (event.data.get("evidence") or {}).get("fields", ())), ""))
    if name == "what" and (key := f"web_log.what_{event.data.get('what')}") in catalogue():
        return t(key)
    if name == "channel" and (key := f"web_log.channel_{event.data.get('channel')}") in catalogue():
        return t(key)
    return shown(event.data.get(name, ""))


def _codes(data: Mapping[str, Any], homes: Mapping[str, str]) -> str:
    """The keys that changed, shortened; a number that several indicators use by the one where it is entered."""
    changed = data.get("changes") or {}
    told = (str(key).rpartition(":")[2] for key in changed)
    keys = list(dict.fromkeys(homes.get(key, key) for key in told))
    named = ", ".join(keys[:MOST_CODES])
    return f"{named}, …" if len(keys) > MOST_CODES else named


def shown(value: Any) -> str:
    """A value as people write it: days and times of Hà Nội, how many there are of a list."""
    if isinstance(value, (list, dict)):
        return str(len(value))
    if value is None:
        return ""
    text = str(value)
    try:
        if len(text) == 10:
            return format_date(date.fromisoformat(text))
        if len(text) > 18 and text[10] == "T":
            moment = datetime.fromisoformat(text)
            return f"{format_time(moment)}, {format_date(moment)}"
    except ValueError:
        pass
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
