"""A storm of saves: clients that save one after the other, send again what was not answered, and note every answer."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException

import sqlalchemy as sa

from survey.services.audit import check_events
from survey.storage.database import Database
from survey.storage.events import Event
from survey.storage.submissions import Submission
from tests.faults.browser import Browser, new_id
from tests.services.world import Known

KEYS = ("2.3", "1.2.a", "so_cbccvc", "2.2.a")
BODIES = {"SO-1": "clerk", "SO-2": "other", "SO-3": "third"}
AGAIN = 0.02  # seconds before what was not answered is sent again


@dataclass
class Client:
    """Counts one answer up, one save at a time; `acknowledged` is the last number that was told as saved."""

    browser: Browser
    submission: int
    key: str
    acknowledged: int = 0
    wrong: str = ""  # what an answer said that should not be
    milliseconds: list[float] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        """Until stopped; what is under way then may or may not have been done."""
        while not stop.is_set() and not self.wrong:
            number, save_id = self.acknowledged + 1, new_id()
            change = (self.key, str(number), self.acknowledged)
            began = time.monotonic()
            while not stop.is_set():
                try:
                    told = self.browser.send(f"/phieu/{self.submission}", save_id, change)
                except (OSError, HTTPException, ValueError):
                    stop.wait(AGAIN)
                    continue
                if told.status == 503:
                    stop.wait(AGAIN)
                    continue
                answer = told.body.get("answers", [{}])[0]
                if told.status != 200 or (answer.get("outcome"), answer.get("revision")) != ("saved", number):
                    self.wrong = f"{self.key} {number}: {told.status} {told.body}"
                else:
                    self.acknowledged = number
                    self.milliseconds.append((time.monotonic() - began) * 1000)
                break


def clients_of(known: Known, tokens: Mapping[str, str], port: int, keys: tuple[str, ...] = KEYS) -> list[Client]:
    """One for each key of each body."""
    clients = []
    for agency, login in BODIES.items():
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/phien", headers={"Cookie": f"phien={tokens[login]}"})
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
            csrf = json.load(answer)["csrf"]
        clients += [Client(Browser(port, tokens[login], csrf), known.submissions[agency], key) for key in keys]
    return clients


@contextmanager
def blowing(clients: list[Client]) -> Iterator[None]:
    """All of them save meanwhile."""
    stop = threading.Event()
    threads = [threading.Thread(target=client.run, args=(stop,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def lost(database: Database, acknowledged: Mapping[tuple[int, str], int]) -> list[str]:
    """What was told as saved and is not in the store or not in the log, or more than once; and a log that is broken."""
    found = []
    with database.reading() as session:
        found += [f"{one.stream} {one.number} {one.what}" for one in check_events(session)]
        documents = {row.id: row.answers for row in session.execute(sa.select(Submission.id, Submission.answers))}
        told: dict[tuple[int, str], list[str]] = {}
        saved = sa.select(Event.stream, Event.data).where(Event.kind == "answers_saved").order_by(Event.id)
        for event in session.execute(saved):
            for key, (_, after) in json.loads(event.data)["changes"].items():
                told.setdefault((int(event.stream.partition(":")[2]), key), []).append(after["value"])
    for (submission, key), number in acknowledged.items():
        entry = documents[submission].get(key, {"value": "0", "rev": 0})
        steps = told.get((submission, key), [])
        if entry["rev"] not in (number, number + 1) or entry["value"] != str(entry["rev"]):
            found.append(f"{submission} {key}: {number} was acknowledged, the store has {entry}")
        if steps != [str(step + 1) for step in range(entry["rev"])]:
            found.append(f"{submission} {key}: the log has {len(steps)} saves, the store {entry['rev']}")
    return found


def acknowledged_by(clients: list[Client]) -> dict[tuple[int, str], int]:
    """The last number of each client that was told as saved."""
    return {(client.submission, client.key): client.acknowledged for client in clients}
