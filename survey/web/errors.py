"""Every refusal has its page: what happened, what is safe, what to do next; scripts get the same as JSON."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException, InternalServerError

from survey.services.errors import Blocked, ContentChanged, NotAllowed, ServiceError
from survey.services.errors import NotFound as NotFoundHere
from survey.services.instance import DatabaseTrouble
from survey.web.csrf import FIELD, StaleForm, is_same_origin
from survey.web.language import current_language, t
from survey.web.logs import request_id
from survey.web.metrics import count_trouble

NAMED = frozenset({400, 401, 404, 405, 409, 413, 429, 500, 503})
OURS = 500  # statuses from here on are faults of ours, which a request's number helps to find
NEVER_REPEATED = frozenset(  # forms with a password or a code
    f"auth.{view}" for view in (
        "send_sign_in", "password", "invitation", "first", "code", "enrol", "change_contact", "second_factor",
        "new_codes", "turn_off",
    )
)  # fmt: skip


def wants_json() -> bool:
    """Whether the request was made by a script of ours."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def refuse(status: int, name: str, **values: object) -> Response:
    """The answer for one refusal; `name` picks `web_error.<name>_title` and `web_error.<name>_text`."""
    title, text = t(f"web_error.{name}_title"), t(f"web_error.{name}_text", **values)
    number = request_id() if status >= OURS else ""  # never on a 404: foreign and missing are the same page
    if wants_json():
        return make_response(jsonify(error=name, title=title, sentence=text, request=number), status)
    page = render_template(
        "errors/page.html", status=status, name=name, title=title, text=text, typed=_typed(name), request_number=number
    )
    return make_response(page, status)


def _typed(name: str) -> list[tuple[str, str]] | None:
    """What a form held that could not be taken, to be sent again with one press; only for forms of this site."""
    if name not in ("stale_form", "401", "503") or request.method != "POST":
        return None
    if request.endpoint in NEVER_REPEATED or not is_same_origin():
        return None
    return [(key, value) for key, value in request.form.items(multi=True) if key != FIELD]


def _http(error: HTTPException) -> Response:
    """The page of an HTTP error; 403 is never told from 404."""
    if isinstance(error, StaleForm):
        return refuse(400, "stale_form")
    status = 404 if error.code in (None, 403, 410) else int(error.code)
    if error.response is not None or status < 400:
        return make_response(error.get_response())
    answer = refuse(status, str(status) if status in NAMED else "400")
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def _broken(error: Exception) -> Response:
    """The page of a fault of ours, written to the log and never shown."""
    current_app.logger.exception("unexpected", exc_info=error)
    try:
        return refuse(500, "500")
    except Exception:  # the page itself cannot be made
        current_app.logger.exception("the error page cannot be made")
        title, text = t("web_error.500_title"), t("web_error.500_text")
        bare = f'<!doctype html><html lang="vi"><title>{title}</title><h1>{title}</h1><p>{text}</p></html>'
        return make_response(bare, 500)


def _service(error: ServiceError) -> Response:
    """What a service cannot carry out: not there and not allowed are one page, a locked phiếu says why."""
    match error:
        case NotFoundHere() | NotAllowed():
            return refuse(404, "404")
        case Blocked():
            return refuse(409, "blocked", why=error.sentence(current_language()))
        case ContentChanged():
            return refuse(409, "409")
        case _:
            return refuse(422, "refused", why=error.sentence(current_language()))


def _trouble(error: DatabaseTrouble) -> Response:
    """The database is busy, full or read-only: nothing was kept, what was typed can be sent again."""
    current_app.logger.error("database trouble", extra={"told": {"trouble": error.kind.value}})
    count_trouble(error)
    return refuse(503, "503")


def init_app(app: Flask) -> None:
    """Register the pages of errors."""
    app.register_error_handler(ServiceError, _service)
    app.register_error_handler(DatabaseTrouble, _trouble)
    answer: Callable[[HTTPException], Response] = _http
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(Exception, _broken)
    app.register_error_handler(InternalServerError, _broken)
    app.jinja_env.globals["repeat_url"] = lambda: url_for(str(request.endpoint), **(request.view_args or {}))
