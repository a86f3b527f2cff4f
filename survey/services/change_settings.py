"""The settings of the instance, changed on a page by an administrator; the log tells each before and after."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.answers import clean_text
from survey.services import audit
from survey.services.errors import Refused
from survey.services.instance import (
    SWITCHES,
    Clock,
    Session,
    Settings,
    change_setting,
    read_settings,
    system_clock,
)
from survey.services.people import Person
from survey.services.scope import require_administrator
from survey.storage import events

LONGEST_NAME = 200  # characters
FEWEST_DAYS, MOST_DAYS = 7, 365  # of idleness
LARGEST_FILE, LARGEST_PHIEU = 50, 5_000  # megabytes
RANGES = {
    "idle_days": (FEWEST_DAYS, MOST_DAYS),
    "file_megabytes": (1, LARGEST_FILE),
    "phieu_megabytes": (1, LARGEST_PHIEU),
}


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """The settings as typed."""

    name: str
    idle_days: str
    uploads: bool
    abstracts: bool
    mail: bool
    second_factor: bool
    file_megabytes: str = "20"
    phieu_megabytes: str = "200"
    confirmed: bool = False  # that the second factor may be switched off


def show_settings(session: Session, person: Person) -> Settings:
    """The settings as they stand. Administrators only."""
    require_administrator(person)
    return read_settings(session)


def change_settings(
    session: Session, person: Person, form: SettingsForm, *, clock: Clock = system_clock
) -> dict[str, tuple[str, str]]:
    """Write what differs; what it was and is, by name. Administrators only. Raises Refused, naming the field.

    Switching the second factor off is asked back first.
    """
    require_administrator(person)
    events.start_stream(session, audit.INSTANCE)  # of two at once the second sees what the first has changed
    now, wanted = read_settings(session), _checked(form)
    changed = {name: (_said(getattr(now, name)), value) for name, value in wanted.items()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if changed.get("second_factor") == ("1", "0") and not form.confirmed:
        raise Refused("settings.confirm_second_factor", "confirmed")
    for name, (_, value) in changed.items():
        change_setting(session, name, value)
    if changed:
        told = {name: list(pair) for name, pair in changed.items()}
        audit.record(session, audit.INSTANCE, "settings_changed", person, clock(), changes=told)
    return changed


def _checked(form: SettingsForm) -> dict[str, str]:
    name = " ".join(clean_text(form.name).split())
    if len(name) > LONGEST_NAME:
        raise Refused("settings.name_long", "name", longest=LONGEST_NAME)
    counts = {field: _count(form, field) for field in RANGES}
    if int(counts["phieu_megabytes"]) < int(counts["file_megabytes"]):
        raise Refused("settings.phieu_small", "phieu_megabytes", file=counts["file_megabytes"])
    return {"name": name, **counts, **{one: _said(getattr(form, one)) for one in SWITCHES}}


def _count(form: SettingsForm, field: str) -> str:
    """A whole number as typed, within its range. Raises Refused."""
    typed, (fewest, most) = getattr(form, field).strip(), RANGES[field]
    if not typed.isascii() or not typed.isdigit() or not fewest <= int(typed[:6]) <= most:
        raise Refused(f"settings.{field}", field, fewest=fewest, most=most)
    return str(int(typed))


def _said(value: object) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)
