"""The command that serves the web pages: gunicorn with threads, waitress on Windows, one Ctrl-C to stop."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
from argparse import Namespace
from typing import Any

from survey.cli.instance import fill_with_demonstration, ready_database, show_accounts
from survey.cli.parser import PORT_VARIABLE
from survey.cli.say import complain, inform
from survey.services.demo import is_empty
from survey.services.instance import open_database

DEFAULT_PORT = 8000
THREADS = 16
BACKLOG = 512
WAIT_FOR_REQUESTS = 5  # seconds that requests under way may take once stopping has begun


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
        _prepare(asked)
        shown = f"[{asked.host}]" if ":" in asked.host else asked.host
        inform("cli.serving", asked.language, address=f"http://{shown}:{port}")
        sys.stdout.flush()
        _run_waitress(listener) if sys.platform == "win32" else _run_gunicorn(listener)
    inform("cli.stopped", asked.language)
    return 0


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


def _run_gunicorn(listener: socket.socket) -> None:
    """Serve until a signal comes.

    On SQLite one process serves all, so that writers wait for their turn in one fair queue; PostgreSQL has its own.
    """
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    database = open_database()
    workers = 1 if database.is_sqlite else min(4, os.cpu_count() or 1)
    database.close()
    chosen: dict[str, Any] = {
        "bind": f"fd://{listener.detach()}",
        "worker_class": "gthread",
        "workers": workers,
        "threads": THREADS,
        "graceful_timeout": WAIT_FOR_REQUESTS,
        "loglevel": "warning",
        "control_socket_disable": True,  # newer gunicorn only
        "when_ready": _stop_gracefully_on_interrupt,
        "post_worker_init": _leave_interrupts_to_the_parent,
    }

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in chosen.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            from survey.web.app import create_app

            return create_app()

    process = os.getpid()
    try:
        Server().run()
    except SystemExit as leaving:
        if leaving.code or os.getpid() != process:  # workers are forked here, and leave here
            raise


def _stop_gracefully_on_interrupt(_arbiter: object) -> None:
    """Stop by Ctrl-C as by a polite signal: the quick stop can hang a worker that the terminal interrupts as well."""
    signal.signal(signal.SIGINT, lambda _number, _frame: os.kill(os.getpid(), signal.SIGTERM))


def _leave_interrupts_to_the_parent(_worker: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run_waitress(listener: socket.socket) -> None:
    """Serve on Windows, where gunicorn cannot."""
    from waitress import serve as serve_by_waitress  # type: ignore[import-untyped]

    from survey.web.app import create_app

    try:
        serve_by_waitress(create_app(), sockets=[listener], threads=THREADS)
    except KeyboardInterrupt:
        return
