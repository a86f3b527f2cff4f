"""Telling the log who looked at another body's phiếu: after the page is made, and never at the page's cost."""

from __future__ import annotations

from functools import partial

from flask import Flask, Response, current_app, g

from survey.services.instance import DatabaseTrouble
from survey.services.note_access import is_view_noted, note_view
from survey.services.people import Person
from survey.services.submission_views import SubmissionHead
from survey.web.work import instance, reading


def looking_at(head: SubmissionHead) -> None:
    """Say whose phiếu this page shows; those who work for the body leave no note."""
    g.looked_at = head


def note_look(response: Response) -> Response:
    """Have the look noted once the page has been sent, at most once an hour."""
    head, who = g.get("looked_at") or g.get("submission"), g.get("person")
    if head is None or who is None or response.status_code != 200:
        return response
    if any(body.agency_id == head.agency.id for body in who.bodies):
        return response
    try:
        with reading() as session:
            known = is_view_noted(session, who, head.id)
    except DatabaseTrouble:
        known = False
    if not known:
        response.call_on_close(partial(_note, current_app._get_current_object(), who, head.id))  # type: ignore[attr-defined]
    return response


def _note(app: Flask, who: Person, submission_id: int) -> None:
    """In a unit of its own; a busy database costs the note, which the program's log then tells, and not the page."""
    with app.app_context():
        try:
            with instance().database.writing() as session:
                note_view(session, who, submission_id)
        except DatabaseTrouble as trouble:
            app.logger.warning("a look at submission %s was not noted: %s", submission_id, trouble)
