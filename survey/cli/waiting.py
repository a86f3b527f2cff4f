"""While the database cannot be used yet: every request is answered 503 with a kind sentence, until it can."""

from __future__ import annotations

import json
import socket
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from survey.cli.say import complain, inform
from survey.core.text import say
from survey.services.instance import DatabaseTrouble, Trouble
from survey.web.headers import CONTENT_SECURITY_POLICY

PAUSE = 1.0  # seconds between two tries
TELL_AGAIN = 60.0  # seconds after which the same trouble is told once more
PATIENCE = 10.0  # seconds for a browser to send its request
_MOST_BYTES = 12 * 2**20  # of a request that are read away, so that its sender hears the answer
_PIECE = 65_536
_PAGE = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>{vi_title}</title><h1>{vi_title}</h1><p>{vi_text}</p>'
    '<h2 lang="en">{en_title}</h2><p lang="en">{en_text}</p></html>'
)


def when_ready(work: Callable[[], None], listener: socket.socket, asked: Namespace) -> None:
    """Do what needs the database; where that is not up yet or cannot write, answer 503 at the socket and try again.

    Raises DatabaseTrouble for a database that time alone does not mend.
    """
    why = _try(work)
    if not why:
        return
    with _standing_in(listener):
        told, at = "", 0.0
        while why:
            if why != told or time.monotonic() - at > TELL_AGAIN:
                told, at = why, time.monotonic()
                complain("cli.waiting_for_database", asked.language, why=why)
            time.sleep(PAUSE)
            why = _try(work)
    inform("cli.database_is_there", asked.language)


def _try(work: Callable[[], None]) -> str:
    """Do it; why it could not be done yet, in one line: a lock, a full disk, a server that is not up. "" once done."""
    try:
        work()
    except DatabaseTrouble as trouble:
        said = getattr(trouble.__cause__, "orig", None)
        if trouble.kind is Trouble.BROKEN and hasattr(said, "sqlite_errorcode"):
            raise
        return (str(said or "").strip() or trouble.kind.value).splitlines()[0]
    return ""


@contextmanager
def _standing_in(listener: socket.socket) -> Iterator[None]:
    """Answer for the application at its socket, which stays open after it."""
    server = _StandIn(listener.getsockname()[:2], _Answer, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="stand-in")
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


class _StandIn(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


class _Answer(BaseHTTPRequestHandler):
    """Tells everybody that nothing was kept and to try again."""

    timeout = PATIENCE

    def _refuse(self) -> None:
        self._read_away()
        texts = {
            f"{language}_{part}": say(f"web_error.waiting_{part}", language)
            for language in ("vi", "en")
            for part in ("title", "text")
        }
        if "application/json" in self.headers.get("Accept", ""):
            told = {"error": "503", "title": texts["vi_title"], "sentence": texts["vi_text"], "request": ""}
            kind, body = "application/json", json.dumps(told, ensure_ascii=False)
        else:
            kind, body = "text/html; charset=utf-8", _PAGE.format(**texts)
        data = body.encode()
        self.send_response_only(HTTPStatus.SERVICE_UNAVAILABLE)
        for name, value in (
            ("Content-Type", kind), ("Content-Length", str(len(data))), ("Retry-After", "5"),
            ("Cache-Control", "no-store"), ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
            ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Connection", "close"),
        ):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _read_away(self) -> None:
        length = self.headers.get("Content-Length", "")
        left = min(int(length), _MOST_BYTES) if length.isdecimal() else 0
        while left > 0 and (piece := self.rfile.read(min(left, _PIECE))):
            left -= len(piece)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _refuse  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing: the log tells why once, not once a request."""
