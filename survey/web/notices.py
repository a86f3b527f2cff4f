"""One short message carried over a redirect: a code of the catalogue in a cookie that the next page takes away."""

from __future__ import annotations

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from survey.core.text import catalogue
from survey.web.language import t

COOKIE = "thong_bao"


def with_notice(response: AnyResponse, code: str) -> AnyResponse:
    """Let the next page say `web_notice.<code>`. Raises KeyError for a code that is not in the catalogue."""
    catalogue()[f"web_notice.{code}"]
    response.set_cookie(COOKIE, code, max_age=60, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def notice() -> str:
    """The sentence left by the request before, once; empty where there is none."""
    key = f"web_notice.{request.cookies.get(COOKIE, '')}"
    if key not in catalogue():
        return ""
    g.notice_shown = True
    return t(key)


def forget_notice(response: Response) -> Response:
    """Take the message away once a page has shown it."""
    if g.get("notice_shown"):
        response.delete_cookie(COOKIE)
    return response
