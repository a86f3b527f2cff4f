"""What is kept of a browser: its family and its system, nothing that tells one person's from another's."""

from __future__ import annotations

_FAMILIES = (  # in this order: each calls itself by the names of those after it
    ("coc_coc_browser", "Cốc Cốc"),
    ("Zalo", "Zalo"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def describe(user_agent: str) -> str:
    """ "Chrome, Windows"; what is not known is left out."""
    found = (next((name for mark, name in known if mark in user_agent), "") for known in (_FAMILIES, _SYSTEMS))
    return ", ".join(name for name in found if name)
