"""Units of work for views: `with reading() as session:` a snapshot, `with writing() as session:` committed at its end.

Services are called inside; pages are rendered after, from the frozen views that services return. A view never answers
"saved" from inside a writing unit.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import current_app

from survey.services.instance import Session
from survey.web.config import Instance


def instance() -> Instance:
    """The instance that the application serves."""
    found = current_app.extensions["instance"]
    assert isinstance(found, Instance)  # noqa: S101
    return found


def reading() -> AbstractContextManager[Session]:
    """A unit of work that sees one snapshot and keeps nothing."""
    return instance().database.reading()


def writing() -> AbstractContextManager[Session]:
    """A unit of work that is committed at its end, and rolled back by any exception."""
    return instance().database.writing()
