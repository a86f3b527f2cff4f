"""`python -m bench.bare_saves URL`: the least that saving can be, a view that commits one row, served as we are."""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, request

from survey.cli.serve import BACKLOG, _run_gunicorn
from survey.services.instance import Database

TABLE = "CREATE TABLE IF NOT EXISTS bare_row (value TEXT NOT NULL)"


def bare(url: str) -> Flask:
    """One connection a thread, one row a request, synced."""
    app, local = Flask("bare"), threading.local()
    connect, insert = _driver(url)
    connect().execute(TABLE)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.post("/")
    def save() -> Response:
        change = request.get_json()["changes"][0]
        if not hasattr(local, "connection"):
            local.connection = connect()
        insert(local.connection, change["typed"])
        return jsonify(revision=change["seen"] + 1)

    return app


def _driver(url: str) -> tuple[Callable[[], Any], Callable[[Any, str], None]]:
    """How to connect, and how to insert and commit."""
    if url.startswith("sqlite"):
        return lambda: _sqlite(url), _insert_sqlite
    import psycopg

    return lambda: psycopg.connect(url, autocommit=True), _insert_postgresql


def _sqlite(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _insert_sqlite(connection: Any, value: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO bare_row VALUES (?)", (value,))
    connection.execute("COMMIT")


def _insert_postgresql(connection: Any, value: str) -> None:
    connection.execute("INSERT INTO bare_row VALUES (%s)", (value,))


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])), backlog=BACKLOG)
    _run_gunicorn(listener, bare(sys.argv[1]), Database(sys.argv[1]), None)
