"""The past of an account in words."""

from __future__ import annotations

from typing import Any

from survey.core.kinds import kind_names
from survey.core.text import catalogue
from survey.core.workflow import Role
from survey.services.list_accounts import PastEvent
from survey.services.people import EVERY_KIND
from survey.web.language import current_language, t


def event_words(event: PastEvent) -> str:
    """One event as a sentence; one of a kind without words is called by its kind."""
    key = f"web_accounts.event_{event.kind}"
    if key not in catalogue():
        return t("web_accounts.event_other", kind=event.kind)
    return t(key, **_values(event))


def _values(event: PastEvent) -> dict[str, object]:
    data = event.data
    match event.kind:
        case "role_given" | "role_taken":
            title = f" ({data['title']})" if data.get("title") else ""
            return {"role": _roles([data.get("role")]), "agency": data.get("agency", ""), "title": title}
        case "rights_changed":
            before, after = (_rights(data, place) for place in (0, 1))
            return {"before": before, "after": after}
        case "account_changed" | "contact_changed":
            names = [t(f"accounts.col_{name}").lower() for name in data.get("changed", ()) if _is_column(name)]
            return {"what": ", ".join(names)}
        case "invited" | "invitation_accepted":
            return {"channel": t(f"web_accounts.channel_{'mail' if data.get('channel') == 'mail' else 'letter'}")}
        case "account_shut_idle":
            return {"days": data.get("days", "")}
        case _:
            return {}


def _is_column(name: object) -> bool:
    return f"accounts.col_{name}" in catalogue()


def _roles(roles: Any) -> str:
    return ", ".join(t(f"web.role_{role}") for role in roles or () if role in set(Role))


def _rights(data: Any, place: int) -> str:
    """Roles of the whole instance with the khối, before (0) or after (1)."""
    roles, kinds = data["roles"][place], data["kinds"][place].split()
    said = _roles(roles) or t("web_accounts.nothing")
    if Role.COORDINATOR.value not in roles:
        return said
    seen = t("accounts.file_every") if EVERY_KIND in kinds else kind_names(kinds, current_language())
    return f"{said} ({seen or t('accounts.file_totals')})"
