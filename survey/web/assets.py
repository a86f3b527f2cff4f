"""Addresses of style sheets and scripts that carry the hash of their content, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import current_app, url_for


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(filename: str, endpoint: str = "static") -> str:
    """Address of a file of our own static folder, or of Bootstrap's ("bootstrap.static")."""
    owner = current_app if endpoint == "static" else current_app.blueprints["bootstrap"]
    path = Path(str(owner.static_folder)) / filename
    return url_for(endpoint, filename=filename, v=_digest(path))
