"""Addresses of our pages for those who read them elsewhere: in a mail, on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import request, url_for

from survey.web.work import instance


def public_address() -> str | None:
    """`address` of config.toml, such as "https://khaosat.donvi.gov.vn", without a stroke at its end.

    None where it is not set, or is no address. It is never taken from a request that anybody can send: the name in it
    is the sender's to choose, and a link to another machine would hand the secret over.
    """
    address = str(instance().config.get("address", "")).strip().rstrip("/")
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("https", "http") and parts.hostname else None


def mailed_link(endpoint: str, **values: Any) -> str | None:
    """The whole address of a page, for a mail that anybody may ask for; None without `address` in config.toml."""
    address = public_address()
    return None if address is None else address + url_for(endpoint, **values)


def site_address() -> str:
    """Where people reach the system: as set, else as the administrator who asks has reached it."""
    return public_address() or request.host_url.rstrip("/")


def outside_url(endpoint: str, **values: Any) -> str:
    """The whole address of a page, for what an administrator sends or prints."""
    return site_address() + url_for(endpoint, **values)
