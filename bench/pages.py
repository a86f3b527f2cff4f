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

from flask import Flask, before_render_template, template_rendered
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
LOGIN, PASSWORD = "thuoc.ke", "sông dài cá lội biệt tăm"
REPEATS = 30
PIECE = 40  # characters of fixed text between two values of the bare template: about what a template of ours has


def measure_pages() -> None:
    """To be measured in its own process: milliseconds and statements of each, the page as ratio to bare Jinja."""
    with TemporaryDirectory() as folder:
        build(Path(folder))
        app = create_app(Path(folder))
        database = app.extensions["instance"].database
        statements = [0]

        @event.listens_for(database.engine, "before_cursor_execute")
        def _count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            statements[0] += not statement.startswith("BEGIN")

        found = _measure(signed_in(app), statements, _Rendering(app))
        database.close()
    tell(lambda: None, 1, **found)


class _Rendering:
    """The milliseconds that requests spend inside their Jinja template."""

    def __init__(self, app: Flask) -> None:
        self.times: list[float] = []
        self._start = 0.0
        before_render_template.connect(self._begin, app)
        template_rendered.connect(self._end, app)

    def _begin(self, *_: object, **__: object) -> None:
        self._start = time.process_time()

    def _end(self, *_: object, **__: object) -> None:
        self.times.append((time.process_time() - self._start) * 1000)


def print_pages(figure: Figure) -> None:
    """Print the rows of the table."""
    found = figure.result
    rendered = found["render_ms"]
    print(f"{'a flat template of the same markup, values set in':<58}{found['flat_ms']:9.2f} ms")
    print(f"{'the template of a group page alone':<58}{rendered:9.2f} ms")
    page, save = found["page_ms"], found["save_ms"]
    ratio = f"{page / rendered:6.2f} × its template, {page / found['flat_ms']:.1f} × the flat one"
    print(f"{'group page of 12 indicators':<58}{page:9.2f} ms {ratio}, {found['page_sql']:.0f} statements")
    print(f"{'saved answer':<58}{save:9.2f} ms {found['save_sql']:.0f} statements")


def build(folder: Path) -> None:
    """The open round; one clerk."""
    database = instance.open_database(folder)
    instance.upgrade(database)
    open_the_round(database)
    with database.writing() as session:
        create_account(session, login=LOGIN, name="Thước", password=PASSWORD, serves=[Serves(WARD, Role.CLERK)])
    database.close()


def open_the_round(database: instance.Database) -> int:
    """Register, questionnaires and a round, which is open now; its id."""
    now = datetime.now(UTC)
    with database.writing() as session:
        import_agencies(session, packaged_agencies())
        load_questionnaires(session, Path(__file__).resolve().parents[1] / "questionnaires")
        opened = open_round(
            session, code="2026", title="2026", period="2026",
            opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=22),
        )  # fmt: skip
    return opened.round_id


def signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    page = client.get("/dang-nhap").get_data(as_text=True)
    token = _after(page, 'name="csrf_token" value="')
    client.post("/dang-nhap", data={"csrf_token": token, "login": LOGIN, "password": PASSWORD})
    return client


def _after(page: str, start: str) -> str:
    return page.split(start, 1)[1].split('"', 1)[0]


def _measure(client: FlaskClient, statements: list[int], rendering: _Rendering) -> dict[str, float]:
    hub = client.get("/phieu/", follow_redirects=True).request.path
    address = f"{hub}/muc/{GROUP}"
    page = client.get(address).get_data(as_text=True)
    token = _after(page, 'name="csrf_token" value="')
    numbers = [piece.split('"', 1)[0] for piece in map(_key, page.split('inputmode="numeric"')[1:])]
    _save(client, hub, token, [{"key": key, "typed": "7", "seen": 0} for key in numbers])
    page = client.get(address).get_data(as_text=True)
    flat, seen = _flat(page), [1]

    def save() -> None:
        seen[0] += 1
        change = {"key": numbers[0], "typed": str(seen[0]), "seen": seen[0] - 1}
        _save(client, hub, token, [change])

    found = {"flat_ms": _milliseconds(flat)}
    for name, work in (("page", lambda: client.get(address)), ("save", save)):
        found[f"{name}_sql"], found[f"{name}_ms"] = _statements(work, statements), _milliseconds(work)
    found["render_ms"] = median(rendering.times[-REPEATS:])
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


def _flat(page: str) -> Callable[[], object]:
    """Render this very page from a template without macros: fixed text and escaped values in turn."""
    pieces = [page[start : start + PIECE] for start in range(0, len(page), PIECE)]
    environment = Environment(autoescape=True)
    body: list[nodes.Node] = [
        nodes.Output([nodes.TemplateData(piece)]) if place % 2 else nodes.Output([nodes.Name(f"v{place}", "load")])
        for place, piece in enumerate(pieces)
    ]
    tree: Any = nodes.Template(body, lineno=1).set_environment(environment)
    template = environment.from_string(tree)
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
