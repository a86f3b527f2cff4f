"""Whose bodies a coordinator sees, in words: beside their name in the header, and on the pages of a round."""

from __future__ import annotations

from flask import Flask

from survey.core.kinds import kind_names
from survey.core.workflow import Role
from survey.services.people import EVERY_KIND, Person
from survey.web.language import current_language, t


def scope_words(person: Person) -> str:
    """The khối of a coordinator for the header; empty for everybody else."""
    if Role.COORDINATOR not in person.roles:
        return ""
    if EVERY_KIND in person.kinds:
        return t("scope.head_every")
    if not person.kinds:
        return t("scope.head_totals")
    return t("scope.head_some", kinds=kind_names(person.kinds, current_language()))


def scope_note(person: Person) -> str:
    """What a board shows to somebody who does not see every khối; empty for those who do."""
    kinds = person.readable_kinds
    if kinds is None:
        return ""
    return t("scope.board_some", kinds=kind_names(kinds, current_language())) if kinds else t("scope.board_totals")


def own_kinds(person: Person) -> str:
    """Names of the khối that somebody sees body by body."""
    return kind_names(person.readable_kinds or (), current_language())


def init_app(app: Flask) -> None:
    """Offer the words to templates."""
    app.jinja_env.globals.update(scope_words=scope_words, own_kinds=own_kinds)
