"""Saving an answer and opening a group page: CPU and SQL statements, the page beside the same markup in bare Jinja."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment, nodes
from sqlalchemy import event

from bench.measure import Figure, tell
from survey.core.workflow import Role
from survey.services import instance
from survey.services.create_account import Serves, create_account
from survey.services.import_agencies import import_agencies, packaged_agencies
from survey.services.load_questionnaires import load_questionnaires
from survey.services.open_round import open_round
from survey.web.app import create_app

WARD = "HN-00004-UBND"
GROUP = "4.C"  # a commune's largest page: 12 indicators
LOGIN, PASSWORD = "nguoi.do", "mật khẩu để đo"
REPEATS = 30
PIECE = 40  # characters of fixed text between two values of the bare template: about what a template of ours has


def measure_pages() -> None:
    """To be measured in its own process: milliseconds and statements of each, the page as ratio to bare Jinja."""
    with TemporaryDirectory() as folder:
        _build(Path(folder))
        app = create_app(Path(folder))
        database = app.extensions["instance"].database
        statements = [0]

        @event.listens_for(database.engine, "before_cursor_execute")
        def _count(*_: object) -> None:
            statements[0] += 1

        client = _signed_in(app)
        found = _measure(client, statements)
        database.close()
    tell(lambda: None, **found)


def print_pages(figure: Figure) -> None:
    """Print the rows of the table."""
    found = figure.result
    bare = found["bare_ms"]
    print(f"{'the same markup from a bare Jinja template':<58}{bare:9.2f} ms")
    for name, what in (("page", "group page of 12 indicators"), ("save", "saved answer")):
        ratio = f"{found[f'{name}_ms'] / bare:6.2f} ×" if name != "save" else ""
        count = f"{found[f'{name}_sql']:4.0f} statements" if f"{name}_sql" in found else ""
        print(f"{what:<58}{found[f'{name}_ms']:9.2f} ms {ratio:>9}{count}")


def _build(folder: Path) -> None:
    """The packaged register, questionnaires and a round; one clerk."""
    database = instance.open_database(folder)
    instance.upgrade(database)
    now = datetime.now(UTC)
    with database.writing() as session:
        import_agencies(session, packaged_agencies())
        load_questionnaires(session, Path(__file__).resolve().parents[1] / "questionnaires")
        open_round(
            session, code="2026", title="2026", period="2026",
            opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=22),
        )  # fmt: skip
        create_account(session, login=LOGIN, name="Đo", password=PASSWORD, serves=[Serves(WARD, Role.CLERK)])
    database.close()


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    page = client.get("/dang-nhap").get_data(as_text=True)
    token = _after(page, 'name="csrf_token" value="')
    client.post("/dang-nhap", data={"csrf_token": token, "login": LOGIN, "password": PASSWORD})
    return client


def _after(page: str, start: str) -> str:
    return page.split(start, 1)[1].split('"', 1)[0]


def _measure(client: FlaskClient, statements: list[int]) -> dict[str, float]:
    hub = client.get("/phieu/", follow_redirects=True).request.path
    address = f"{hub}/muc/{GROUP}"
    page = client.get(address).get_data(as_text=True)
    token = _after(page, 'name="csrf_token" value="')
    numbers = [piece.split('"', 1)[0] for piece in page.split('inputmode="numeric"')[1:] for piece in [_key(piece)]]
    _save(client, hub, token, [{"key": key, "typed": "7", "seen": 0} for key in numbers])
    page = client.get(address).get_data(as_text=True)
    bare, seen = _bare(page), [1]

    def save() -> None:
        seen[0] += 1
        change = {"key": numbers[0], "typed": str(seen[0]), "seen": seen[0] - 1}
        _save(client, hub, token, [change])

    found = {"bare_ms": _milliseconds(bare)}
    for name, work in (("page", lambda: client.get(address)), ("save", save)):
        found[f"{name}_sql"], found[f"{name}_ms"] = _statements(work, statements), _milliseconds(work)
    found["page_kb"] = len(page) / 1024
    return found


def _key(piece: str) -> str:
    return piece.split('data-key="', 1)[1]


def _save(client: FlaskClient, hub: str, token: str, changes: list[dict[str, Any]]) -> None:
    answer = client.post(
        f"{hub}/luu", data=json.dumps({"changes": changes}), headers={"X-CSRF-Token": token},
        content_type="application/json",
    )  # fmt: skip
    if answer.status_code != 200:
        raise SystemExit(f"{answer.status_code}: {answer.get_data(as_text=True)[:300]}")


def _bare(page: str) -> Callable[[], object]:
    """Render this very page from a template without macros: fixed text and escaped values in turn."""
    pieces = [page[start : start + PIECE] for start in range(0, len(page), PIECE)]
    environment = Environment(autoescape=True)
    body: list[nodes.Node] = [
        nodes.Output([nodes.TemplateData(piece)]) if place % 2 else nodes.Output([nodes.Name(f"v{place}", "load")])
        for place, piece in enumerate(pieces)
    ]
    template = environment.from_string(nodes.Template(body, lineno=1).set_environment(environment))
    values = {f"v{place}": piece for place, piece in enumerate(pieces) if not place % 2}
    return lambda: template.render(values)


def _statements(work: Callable[[], object], statements: list[int]) -> float:
    before = statements[0]
    work()
    return float(statements[0] - before)


def _milliseconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return median(times) * 1000
