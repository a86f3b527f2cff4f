"""What the web needs to know of its instance: folder, secret, cookies, and whether it is a demonstration."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from survey.services.instance import (
    Database,
    DatabaseTrouble,
    instance_folder,
    open_database,
    read_settings,
    secret_key,
)

CONFIG_FILE = "config.toml"
DEMO_ACCOUNTS_FILE = "demo-accounts.json"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account that the sign-in page of a demonstration offers."""

    role: str
    agency: str
    login: str
    password: str


def read_config(folder: Path) -> dict[str, Any]:
    """config.toml of the folder; empty where there is none. Raises tomllib.TOMLDecodeError."""
    file = folder / CONFIG_FILE
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


class Instance:
    """One instance folder and its database, as the application holds them while it runs.

    config.toml may hold `secure_cookies` (true behind https that ends before us), `trusted_proxies` (how many
    proxies in front set X-Forwarded-*) and `[mail]` (services/mail_server.py). Raises tomllib.TOMLDecodeError for a
    config.toml that cannot be read.
    """

    def __init__(self, folder: Path | None = None, database: Database | None = None) -> None:
        self.folder = (folder or instance_folder()).resolve()
        self.database = database or open_database(self.folder)
        self.secret = secret_key(self.folder)
        config = read_config(self.folder)
        self.config = config
        self.secure_cookies = bool(config.get("secure_cookies", False))
        self.trusted_proxies = int(config.get("trusted_proxies", 0))

    @property
    def demonstration(self) -> bool:
        """Whether every page says that this is a demonstration; no where the database cannot tell, on its 503 page."""
        try:
            return self._demonstration
        except DatabaseTrouble:
            return False

    @cached_property
    def _demonstration(self) -> bool:
        """Read once: it never changes while we run."""
        with self.database.reading() as session:
            return read_settings(session).demonstration

    def demo_accounts(self) -> tuple[DemoAccount, ...]:
        """The accounts to offer on the sign-in page; none outside a demonstration."""
        file = self.folder / DEMO_ACCOUNTS_FILE
        if not self.demonstration or not file.is_file():
            return ()
        rows = json.loads(file.read_text(encoding="utf-8"))
        return tuple(DemoAccount(row["role"], row["agency"], row["login"], row["password"]) for row in rows)
