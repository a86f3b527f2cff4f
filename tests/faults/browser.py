"""What the saving script of the page does, over a plain connection: a save is sent under its id until answered."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from tests.web.strict_client import StrictClient

PATIENCE = 30.0  # seconds


@dataclass
class Told:
    """An answer of the server."""

    status: int
    body: dict[str, Any]


@dataclass
class Browser:
    """A browser that is signed in, at a server's port."""

    port: int
    cookie: str
    csrf: str
    patience: float = PATIENCE
    tries: int = field(default=0)

    def send(self, path: str, save_id: str, *changes: tuple[str, str, int]) -> Told:
        """One try. Raises OSError or HTTPException where no whole answer comes."""
        self.tries += 1
        rows = [{"key": key, "typed": typed, "seen": seen} for key, typed, seen in changes]
        connection = HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            headers = {
                "Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": self.csrf,
                "Cookie": f"phien={self.cookie}", "Connection": "close",
            }  # fmt: skip
            connection.request("POST", f"{path}/luu", json.dumps({"id": save_id, "changes": rows}), headers)
            answer = connection.getresponse()
            told = json.loads(answer.read())
        finally:
            connection.close()
        return Told(answer.status, told)

    def save(self, path: str, *changes: tuple[str, str, int], save_id: str = "") -> Told:
        """Try until an answer comes."""
        save_id = save_id or new_id()
        while True:
            try:
                return self.send(path, save_id, *changes)
            except (OSError, HTTPException):
                continue


def new_id() -> str:
    """An id as the script makes it."""
    return secrets.token_hex(16)


def browser_of(client: StrictClient, port: int, patience: float = PATIENCE) -> Browser:
    """The session of a test client at a real port."""
    cookie = client.get_cookie("phien")
    assert cookie is not None
    told = client.get("/phien").json
    assert told is not None
    return Browser(port, cookie.value, str(told["csrf"]), patience)
