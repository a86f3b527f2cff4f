"""The command that serves the web pages: gunicorn with threads, waitress on Windows, one Ctrl-C to stop."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

from survey.cli.instance import fill_with_demonstration, ready_database, show_accounts
from survey.cli.mail import mail_worker
from survey.cli.parser import PORT_VARIABLE
from survey.cli.say import complain, inform
from survey.cli.waiting import when_ready
from survey.services.demo import is_empty
from survey.services.instance import Database, open_database
from survey.services.mail_worker import MailWorker
from survey.web.app import create_app
from survey.web.logs import JsonLines, start_logging
from survey.web.metrics import FOLDER_VARIABLE

DEFAULT_PORT = 8000
THREADS = 16
BACKLOG = 512
MOST_WORKERS = 4
WAIT_FOR_REQUESTS = 5  # seconds that requests under way may take once stopping has begun
STUCK = 60  # seconds without a heartbeat, after which a worker is replaced
KEEP_ALIVE = 15  # seconds that an idle connection of the proxy in front is kept
LONGEST_ADDRESS = 8190  # bytes of a request's first line
SHARED_MEMORY = "/dev/shm"  # noqa: S108  a worker's heartbeat must not wait for a disk


def serve(asked: Namespace) -> int:
    """Upgrade the instance, seed an empty one where --demo is given, and serve until stopped."""
    port = _chosen_port(asked)
    if port is None:
        complain("cli.not_a_port", asked.language, typed=os.environ.get(PORT_VARIABLE, ""))
        return 2
    try:
        listener = _listen(asked.host, port)
    except OSError as error:
        key = {errno.EADDRINUSE: "cli.port_in_use", errno.EACCES: "cli.port_forbidden"}.get(error.errno or 0)
        complain(key or "cli.port_unusable", asked.language, host=asked.host, port=port, what=error.strerror)
        return 1
    with listener:
        when_ready(partial(_prepare, asked), listener, asked)
        database = open_database()
        start_logging(requests=not asked.demo)
        with _shared_counts(database):
            well = _serve(asked, listener, port, database)
    inform("cli.stopped", asked.language)
    return 0 if well else 1


def _serve(asked: Namespace, listener: socket.socket, port: int, database: Database) -> bool:
    """Make the application and run it; whether it ended well."""
    app = create_app(database=database)
    postman = mail_worker(app.extensions["instance"].config, database)
    shown = f"[{asked.host}]" if ":" in asked.host else asked.host
    inform("cli.serving", asked.language, address=f"http://{shown}:{port}")
    sys.stdout.flush()
    windows = sys.platform == "win32"
    return _run_waitress(listener, app, postman) if windows else _run_gunicorn(listener, app, database, postman)


def _workers(database: Database) -> int:
    """On SQLite one process serves all, so that writers wait in one fair queue; PostgreSQL has its own."""
    return 1 if database.is_sqlite else min(MOST_WORKERS, os.cpu_count() or 1)


@contextmanager
def _shared_counts(database: Database) -> Iterator[None]:
    """Where several workers serve, a folder in which they put their counts for /metrics together."""
    if _workers(database) == 1 or os.environ.get(FOLDER_VARIABLE):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="sansangso-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER_VARIABLE]


def _chosen_port(asked: Namespace) -> int | None:
    """--port, else $PORT, else 8000; None where $PORT is no port."""
    if asked.port is not None:
        return int(asked.port)
    typed = os.environ.get(PORT_VARIABLE, "").strip()
    if not typed:
        return DEFAULT_PORT
    return int(typed) if typed.isascii() and typed.isdigit() and 0 < int(typed) < 65_536 else None


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound before any other work, so that a port in use is told at once. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _prepare(asked: Namespace) -> None:
    database = ready_database()
    try:
        if asked.demo:
            fill_with_demonstration(database, asked.language)
        with database.reading() as session:
            if is_empty(session):
                inform("cli.no_accounts", asked.language)
        show_accounts(asked.language)
    finally:
        database.close()


def _run_gunicorn(listener: socket.socket, app: Flask, database: Database, postman: MailWorker | None) -> bool:
    """Serve until a signal comes; whether it ended well."""
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
    from gunicorn.glogging import Logger  # type: ignore[import-untyped]

    class Log(Logger):  # type: ignore[misc]
        def setup(self, cfg: object) -> None:
            super().setup(cfg)
            for handler in self.error_log.handlers:
                handler.setFormatter(JsonLines())

    database.close()  # no connection is carried into the workers, which are forked from here
    chosen: dict[str, Any] = {
        "bind": f"fd://{listener.detach()}",
        "worker_class": "gthread",
        "workers": _workers(database),
        "threads": THREADS,
        "timeout": STUCK,
        "graceful_timeout": WAIT_FOR_REQUESTS,
        "keepalive": KEEP_ALIVE,
        "worker_tmp_dir": SHARED_MEMORY if Path(SHARED_MEMORY).is_dir() else None,
        "limit_request_line": LONGEST_ADDRESS,
        "logger_class": Log,
        "loglevel": "warning",
        "control_socket_disable": True,  # newer gunicorn only
        "when_ready": _stop_gracefully_on_interrupt,
        "post_worker_init": partial(_begin_work, postman),
        "worker_exit": partial(_end_work, postman),
    }

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in chosen.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            return app

    process = os.getpid()
    try:
        Server().run()
    except SystemExit as leaving:
        if os.getpid() != process:  # a worker, which was forked inside run
            raise
        return not leaving.code
    return True


def _stop_gracefully_on_interrupt(_arbiter: object) -> None:
    """Stop by Ctrl-C as by a polite signal: the quick stop can hang a worker that the terminal interrupts as well."""
    signal.signal(signal.SIGINT, lambda _number, _frame: os.kill(os.getpid(), signal.SIGTERM))


def _begin_work(postman: MailWorker | None, _worker: object) -> None:
    """In each worker: interrupts are left to the parent, and mail is sent beside the pages (only after the fork)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if postman is not None:
        postman.start()


def _end_work(postman: MailWorker | None, _arbiter: object, _worker: object) -> None:
    if postman is not None:
        postman.stop(WAIT_FOR_REQUESTS)


def _run_waitress(listener: socket.socket, app: Flask, postman: MailWorker | None) -> bool:
    """Serve on Windows, where gunicorn cannot."""
    from waitress import serve as serve_by_waitress  # type: ignore[import-untyped]

    if postman is not None:
        postman.start()
    with suppress(KeyboardInterrupt):
        serve_by_waitress(app, sockets=[listener], threads=THREADS)
    if postman is not None:
        postman.stop(WAIT_FOR_REQUESTS)
    return True
