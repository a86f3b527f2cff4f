"""The log: JSON lines on stderr, one a request, that never hold what a person typed, is called or can be reached by.

A line says the rule of the address (never the address, which may hold a one-time token), status, time and the number of
the account. Of a fault it says the kind and the places in the code; neither its message nor the values in it.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime
from pathlib import PurePath
from traceback import extract_tb
from types import TracebackType

from flask import Flask, Response, g, has_request_context, request

HEADER = "X-Request-Id"
REQUESTS = "survey.web.requests"
_PLACES = 15  # of a fault that are told, the innermost
_REQUESTS = logging.getLogger(REQUESTS)


class JsonLines(logging.Formatter):
    """Writes a record as one line: what its author wrote, never what was filled in; and `extra["told"]`."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
            "logger": record.name,
        }
        if has_request_context():
            told["request"] = request_id()
        told |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[0] is not None:
            told |= _fault(record.exc_info[1], record.exc_info[2])
        return json.dumps(told, ensure_ascii=False)


def _fault(error: BaseException | None, trace: TracebackType | None) -> dict[str, object]:
    """What kind of fault, after which others, and where."""
    kinds: list[str] = []
    cause = error
    while cause is not None and len(kinds) < _PLACES:
        kinds.append(f"{type(cause).__module__}.{type(cause).__qualname__}".removeprefix("builtins."))
        cause = cause.__cause__ or cause.__context__
    places = extract_tb(trace)[-_PLACES:]
    where = [f"{'/'.join(PurePath(one.filename).parts[-3:])}:{one.lineno} {one.name}" for one in places]
    return {"error": kinds, "where": where}


def start_logging(*, requests: bool = True) -> None:
    """Write every line of this process to stderr; without `requests` only what needs attention."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _REQUESTS.setLevel(logging.INFO if requests else logging.WARNING)


def request_id() -> str:
    """The number of this request, made here: what a browser sends as one is not believed."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    """Number the answer and tell of it."""
    response.headers[HEADER] = request_id()
    level = logging.ERROR if response.status_code >= 500 else logging.INFO
    if _REQUESTS.isEnabledFor(level):
        who = g.get("person")
        told = {
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "ms": round(seconds() * 1000, 1),
            "account": who.account_id if who else None,
        }
        _REQUESTS.log(level, "request", extra={"told": told})
    return response


def seconds() -> float:
    """How long this request has taken so far."""
    return time.perf_counter() - float(g.get("began", time.perf_counter()))


def init_app(app: Flask) -> None:
    """Number, time and tell every request; to be called before other parts, so that their time is counted."""
    app.before_request(_begin)
    app.after_request(_end)
    app.jinja_env.globals["request_id"] = request_id
