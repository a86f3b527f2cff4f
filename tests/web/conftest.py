"""A site for web tests: four real bodies, their people, one round that is open, and a strict client."""

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.core.workflow import Role
from survey.services import instance
from survey.services.create_account import Serves, create_account
from survey.services.import_agencies import import_agencies, packaged_agencies
from survey.services.load_questionnaires import load_questionnaires
from survey.services.open_round import open_round
from survey.storage.database import Database
from survey.storage.submission_rows import rows_of_round
from survey.web.app import create_app
from tests.web.strict_client import Form, Page, StrictClient

PASSWORD = "mật khẩu thật dài"
WARD, PARTY, FRONT, DEPARTMENT = "HN-00004-UBND", "HN-00004-DU", "HN-00004-MTTQ", "HN-UBND-SNV"
PEOPLE = {
    "nhap": [(WARD, Role.CLERK), (PARTY, Role.CLERK)],
    "nhap2": [(WARD, Role.CLERK)],
    "duyet": [(WARD, Role.LEADER)],
    "nhap.so": [(DEPARTMENT, Role.CLERK)],
    "duyet.so": [(DEPARTMENT, Role.LEADER)],
}
OFFICE = {"tonghop": Role.COORDINATOR, "quantri": Role.ADMINISTRATOR}


@dataclass
class Site:
    """One application over its own copy of the instance."""

    app: Flask
    folder: Path
    submissions: dict[str, int]  # by agency code
    signed_in: dict[str, StrictClient] = field(default_factory=dict)

    @property
    def ward(self) -> str:
        """Address of the ward's phiếu."""
        return f"/phieu/{self.submissions[WARD]}"

    def anonymous(self) -> StrictClient:
        """A browser that nobody has signed in with."""
        client = self.app.test_client()
        assert isinstance(client, StrictClient)
        return client

    def client(self, login: str, again: bool = False) -> StrictClient:
        """A browser in which this person has signed in through the page."""
        if again or login not in self.signed_in:
            client = self.anonymous()
            answer = sign_in(client, login)
            assert answer.status_code == 302, answer.status_code
            if again:
                return client
            self.signed_in[login] = client
        return self.signed_in[login]

    @property
    def database(self) -> Database:
        """What the application writes to."""
        database = self.app.extensions["instance"].database
        assert isinstance(database, Database)
        return database


def sign_in(client: StrictClient, login: str, password: str = PASSWORD) -> TestResponse:
    """Send the sign-in form as a browser would, not following where it leads."""
    return client.send(sign_in_form(client), login=login, password=password, follow=False)


def sign_in_form(client: StrictClient, path: str = "/dang-nhap") -> Form:
    """The sign-in form of a fresh page."""
    return client.page(path).form("/dang-nhap")


def group_form(client: StrictClient, path: str) -> Form:
    """The form with the questions of one group."""
    return next(form for form in client.page(path).forms() if form.action == path)


def card(page: Page, code: str) -> str:
    """The words of one indicator's card."""
    return " ".join("".join(page.by_id(f"cs-{code}").itertext()).split())


def write_agencies(file: Path) -> None:
    """The ward's three bodies, a department and those above them, out of the packaged register."""
    with packaged_agencies().open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    by_code = {row["code"]: row for row in rows}
    kept: dict[str, dict[str, str]] = {}
    for code in (WARD, PARTY, FRONT, DEPARTMENT):
        above = code
        while above:
            kept[above] = by_code[above]
            above = by_code[above]["parent_code"]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(row for row in rows if row["code"] in kept)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> tuple[Path, dict[str, int]]:
    """The instance that every site is a copy of, and its submissions by agency code."""
    folder = tmp_path_factory.mktemp("instance")
    database = instance.open_database(folder)
    instance.upgrade(database)
    write_agencies(folder / "agencies.csv")
    now = datetime.now(UTC)
    with database.writing() as session:
        import_agencies(session, folder / "agencies.csv")
        load_questionnaires(session, repository / "questionnaires")
        instance.change_setting(session, "second_factor", "0")  # but where a test asks for it
        opened = open_round(
            session,
            code="2026",
            title="Đợt đánh giá năm 2026",
            period="Năm 2026",
            opens_at=now - timedelta(days=20),
            closes_at=now + timedelta(days=22),
        )
        for login, serves in PEOPLE.items():
            served = [Serves(code, role) for code, role in serves]
            create_account(session, login=login, name=f"Cán bộ {login}", password=PASSWORD, serves=served)
        for login, role in OFFICE.items():
            create_account(session, login=login, name=f"Cán bộ {login}", password=PASSWORD, roles=[role])
        submissions = {row.agency_code: row.id for row in rows_of_round(session, opened.round_id)}
    database.close()
    instance.secret_key(folder)
    return folder, submissions


@pytest.fixture
def site(built: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Site]:
    """A fresh copy."""
    template, submissions = built
    folder = tmp_path / "instance"
    shutil.copytree(template, folder)
    app = create_app(folder)
    app.test_client_class = StrictClient
    yield Site(app, folder, submissions)
    app.extensions["instance"].database.close()


@pytest.fixture(autouse=True)
def on_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites stand on their own files, whatever the surroundings say."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
