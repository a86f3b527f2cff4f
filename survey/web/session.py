"""Who is asking: the session token in its cookie, and the person whom the server-side session names."""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response

from survey.services import sign_in
from survey.services.instance import DatabaseTrouble
from survey.services.people import Body, Person, SignedIn, Stage
from survey.services.sign_in import TimeLeft, find_session, keep_alive
from survey.services.submission_views import SubmissionHead
from survey.web.work import instance, reading, writing

COOKIE = "phien"


def load_signed_in() -> None:
    """Put the signed-in browser and its person on `g`; None where nobody is signed in.

    One whose second factor is still to come is `g.halfway` and nobody's person: no page takes them for signed in.
    """
    g.signed_in, g.person, g.body, g.halfway = None, None, None, None
    token = request.cookies.get(COOKIE, "")
    if not token:
        return
    with reading() as session:
        found = find_session(session, token)
    if found is None:
        return
    if found.stage is not Stage.OPEN:
        g.halfway = found
        return
    take_up(found)
    if found.stale:
        try:
            with writing() as session:
                keep_alive(session, found)
        except DatabaseTrouble:
            return  # being seen a little later does no harm; a page must not fail for it


def take_up(found: SignedIn) -> None:
    """From now on this request is that of a person signed in."""
    g.signed_in, g.person, g.body, g.halfway = found, found.person, found.current, None


def halfway() -> SignedIn:
    """The browser that waits for its second factor. Raises LookupError on any other page."""
    found = g.get("halfway")
    if not isinstance(found, SignedIn):
        raise LookupError("nobody waits for a second factor")
    return found


def signed_in() -> SignedIn:
    """The signed-in browser. Raises LookupError on a page that is open to everybody."""
    found = g.get("signed_in")
    if not isinstance(found, SignedIn):
        raise LookupError("nobody is signed in")
    return found


def person() -> Person:
    """The person signed in. Raises LookupError on a page that is open to everybody."""
    return signed_in().person


def body() -> Body | None:
    """The body being worked for; None for those who serve none."""
    return signed_in().current


def time_left() -> TimeLeft:
    """How long this session lasts, for the page that warns before it ends."""
    return sign_in.time_left(signed_in())


def working_on(head: SubmissionHead) -> SubmissionHead:
    """Let the page's header name the body whose phiếu this is, whichever the person chose last."""
    g.submission = head
    served = (one for one in person().bodies if one.agency_id == head.agency.id)
    g.body = next(served, g.get("body"))
    return head


def start_session(response: Response, token: str) -> Response:
    """Hand the browser a new session token."""
    secure = request.is_secure or instance().secure_cookies
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=secure)
    return response


def end_session(response: Response) -> Response:
    """Take the session token away from the browser."""
    response.delete_cookie(COOKIE)
    return response
