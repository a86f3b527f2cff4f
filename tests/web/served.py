"""An application over the small world of tests/services, with browsers that are signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask

from survey.core.workflow import Role
from survey.services.create_account import Serves, create_account
from survey.services.import_agencies import import_agencies
from survey.services.instance import change_setting, upgrade
from survey.services.load_questionnaires import load_questionnaires
from survey.services.open_round import open_round
from survey.storage.database import Database, system_clock
from survey.web.app import create_app
from tests.services.world import HERE, PASSWORD
from tests.web.strict_client import StrictClient

AGENCIES = HERE / "mau" / "agencies.csv"
PEOPLE: dict[str, list[Serves]] = {
    "clerk": [Serves("SO-1", Role.CLERK), Serves("P-1", Role.CLERK)],
    "clerk2": [Serves("SO-1", Role.CLERK)],
    "leader": [Serves("SO-1", Role.LEADER, "Giám đốc")],
    "other": [Serves("SO-2", Role.CLERK), Serves("SO-2", Role.LEADER)],
    "third": [Serves("SO-3", Role.CLERK), Serves("SO-3", Role.LEADER)],
    "coordinator": [],
    "admin": [],
}


@dataclass
class Served:
    """One application and its round."""

    app: Flask
    round_code: str = "2026"
    clients: dict[str, StrictClient] = field(default_factory=dict)

    def client(self, login: str) -> StrictClient:
        """A browser in which this person is signed in."""
        if login not in self.clients:
            self.app.test_client_class = StrictClient
            client = self.app.test_client()
            assert isinstance(client, StrictClient)
            form = client.page("/dang-nhap").form("/dang-nhap")
            answer = client.send(form, login=login, password=PASSWORD)
            assert answer.status_code == 200, answer.get_data(as_text=True)
            self.clients[login] = client
        return self.clients[login]


@contextmanager
def served(folder: Path, questionnaires: Path = HERE / "mau", agencies: Path = AGENCIES) -> Iterator[Served]:
    """Serve an instance in `folder` with the questionnaires of a folder, a round open now, and the people above."""
    build(folder, questionnaires, agencies)
    with opened(folder) as system:
        yield system


@contextmanager
def opened(folder: Path) -> Iterator[Served]:
    """Serve the instance that was built in `folder`, or a copy of one."""
    database = Database(f"sqlite:///{folder}/test.db")
    app = create_app(folder, database)
    app.testing = True
    try:
        yield Served(app)
    finally:
        database.close()


def build(folder: Path, questionnaires: Path = HERE / "mau", agencies: Path = AGENCIES) -> None:
    """Make the database."""
    database = Database(f"sqlite:///{folder}/test.db")
    upgrade(database)
    with database.writing() as session:
        import_agencies(session, agencies)
        load_questionnaires(session, questionnaires)
        change_setting(session, "second_factor", "0")  # but where a test asks for it
        now = system_clock()
        open_round(
            session, code="2026", title="Đợt đánh giá năm 2026", period="Năm 2026",
            opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=22),
        )  # fmt: skip
        for login, bodies in PEOPLE.items():
            roles = {"coordinator": [Role.COORDINATOR], "admin": [Role.ADMINISTRATOR]}.get(login, [])
            create_account(session, login=login, name=f"Người {login}", password=PASSWORD, roles=roles, serves=bodies)
    database.close()
