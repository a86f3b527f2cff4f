"""A real browser in a storm: two clerks in three tabs type while the server is killed, the line is cut, sessions end.

Whatever was typed is on the server in the end; where two wrote one answer, neither value is lost.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from survey.services import instance
from survey.storage.accounts import Account, WebSession
from survey.storage.database import Database, system_clock
from survey.storage.events import Event
from survey.storage.submissions import Submission
from tests.browser.conftest import sign_in
from tests.browser.world import FRONT
from tests.faults.conftest import size
from tests.faults.disks import ON_DEMAND
from tests.faults.served import Served

SHARED = 2  # fields that both clerks type into
NUMBER = "#phieu input[inputmode][data-key]"
STATE = "() => document.querySelector('[data-dot]') && document.querySelector('[data-dot]').dataset.dot"
# nothing is on its way any more: all is saved, or stands beside another value
QUIET = """() => ['saved', 'conflict', 'idle'].includes(document.querySelector('[data-dot]').dataset.dot)
  && !Object.keys(localStorage).some((name) => name.includes(':#'))"""
OFFERED = "() => Array.from(document.querySelectorAll('[data-conflict]:not([hidden]) dd')).map((one) => one.innerText)"
# what happens, and the chances of it
STEPS = {
    "type": 9,
    "hurry": 2,
    "kill": 1,
    "cut": 1,
    "mend": 4,
    "expire": 1,
    "reload": 1,
    "close": 1,
    "look": 2,
}
FORGETS = "Storage.prototype.setItem = () => {}"  # a browser that keeps nothing


@dataclass
class Desk:
    """One clerk's browser: the tabs that are open, and what was typed last into each field."""

    login: str
    context: Any
    keys: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    here: dict[Any, dict[str, str]] = field(default_factory=dict)  # by tab: what was typed since it was opened


@dataclass
class Storm:
    """Everything that can happen, by chance from a seed."""

    chance: random.Random
    server: Served
    database: Database
    desks: list[Desk]
    path: str
    submission: int
    up: bool = True
    counter: int = 100
    told: int = 0  # how often a page said that all is saved, and it was looked up

    def step(self) -> None:
        """One thing that happens."""
        desk = self.chance.choice(self.desks)
        [name] = self.chance.choices(list(STEPS), list(STEPS.values()))
        getattr(self, name)(desk)

    def type(self, desk: Desk, *, leave: bool = True) -> None:
        """A number typed key by key, and the field left, or not yet."""
        tab = self._tab(desk)
        if tab is None:
            return
        key = self.chance.choice(desk.keys)
        self.counter += 1
        place = tab.locator(f'#phieu [data-key="{key}"]').first
        place.fill("")
        place.press_sequentially(str(self.counter))
        desk.typed[key] = desk.here[tab][key] = str(self.counter)
        if leave:
            place.press("Tab")
        tab.wait_for_timeout(self.chance.choice((0, 50, 400)))

    def hurry(self, desk: Desk) -> None:
        """The server dies, or the line, while somebody is typing."""
        self.type(desk, leave=False)
        self.chance.choice((self.kill, self.cut))(desk)

    def kill(self, _desk: Desk) -> None:
        """`kill -9` of every process."""
        self.server.kill()
        self.up = False

    def cut(self, desk: Desk) -> None:
        """The line of this clerk is down."""
        desk.context.set_offline(True)

    def mend(self, desk: Desk) -> None:
        """The line is there again, and so is the server, and who was signed out signs in again."""
        desk.context.set_offline(False)
        if not self.up:
            self.server.start()
            self.up = True
        page = desk.context.new_page()
        page.goto(self.path)
        if page.locator("#f-login").count():
            sign_in(page, desk.login)
        page.close()
        for tab in desk.here:
            tab.evaluate("window.dispatchEvent(new Event('focus'))")

    def expire(self, desk: Desk) -> None:
        """The session has ended on the server."""
        with self.database.writing() as session:
            number = sa.select(Account.id).where(Account.login == desk.login).scalar_subquery()
            session.execute(
                sa.update(WebSession).where(WebSession.account_id == number).values(ended_at=system_clock())
            )

    def reload(self, desk: Desk) -> None:
        """F5 in the middle of it, which may find no server."""
        if desk.here:
            tab = self.chance.choice(list(desk.here))
            with suppress(Exception):  # no line, no server: the browser's own page
                tab.reload(timeout=5000)
            if tab.url.endswith(self.path) and tab.locator("#phieu").count():
                desk.here[tab] = {}
            else:
                self._shut(desk, tab)

    def close(self, desk: Desk) -> None:
        """A tab is closed as it stands."""
        if desk.here:
            self._shut(desk, self.chance.choice(list(desk.here)))

    def look(self, desk: Desk) -> None:
        """Where a page says that all is saved, all that was typed in it is on the server."""
        for tab, typed in desk.here.items():
            tab.wait_for_timeout(50)
            own = {key: text for key, text in typed.items() if desk.typed[key] == text and key in self._private(desk)}
            if typed and tab.evaluate(STATE) == "saved":
                stored = self._stored()
                assert {key: stored.get(key) for key in own} == own
                self.told += 1

    def end(self) -> None:
        """The storm is over: every line is mended, and each page is opened once more."""
        for desk in self.desks:
            self.mend(desk)
        for desk in self.desks:
            for tab in list(desk.here):
                self._shut(desk, tab)
            tab = self._tab(desk)
            assert tab is not None
            tab.wait_for_function(QUIET, timeout=60_000)

    def check(self) -> None:
        """Nothing that was typed is lost."""
        stored, ever = self._stored(), self._ever()
        for desk in self.desks:
            offered = " ".join(text for tab in desk.here for text in tab.evaluate(OFFERED))
            private = self._private(desk)
            for key, text in desk.typed.items():
                held = stored.get(key) == text if key in private else text in ever.get(key, ())
                assert held or text in offered, f"{desk.login}: {key} {text}, stored {stored.get(key)}"

    def _private(self, desk: Desk) -> set[str]:
        return set(desk.keys) - {key for other in self.desks if other is not desk for key in other.keys}

    def _stored(self) -> dict[str, str]:
        with self.database.reading() as session:
            document = session.scalars(sa.select(Submission.answers).where(Submission.id == self.submission)).one()
        return {key: str(entry.get("value")) for key, entry in document.items()}

    def _ever(self) -> dict[str, set[str]]:
        """Every value that was ever saved, by key."""
        found: dict[str, set[str]] = {}
        with self.database.reading() as session:
            for data in session.scalars(sa.select(Event.data).where(Event.kind == "answers_saved")):
                for key, (_, after) in json.loads(data)["changes"].items():
                    found.setdefault(key, set()).add(str(after.get("value")))
        return found

    def _tab(self, desk: Desk) -> Any:
        """A tab with the form; a new one where there is a line, a server and a session for it."""
        if desk.here and self.chance.random() < 0.9:
            return self.chance.choice(list(desk.here))
        tab = desk.context.new_page()
        tab.on("dialog", lambda dialog: dialog.accept())
        with suppress(Exception):
            tab.goto(self.path, timeout=5000)
        if not tab.locator("#phieu").count():
            tab.close()
            return None
        desk.here[tab] = {}
        return tab

    def _shut(self, desk: Desk, tab: Any) -> None:
        desk.here.pop(tab)
        tab.close()


@pytest.fixture
def own_instance(template: tuple[Path, dict[str, int]], tmp_path: Path, on_files: None) -> tuple[Path, int]:
    """A copy of the instance, and the phiếu that both clerks fill in."""
    shutil.copytree(template[0], tmp_path / "instance")
    return tmp_path / "instance", template[1][FRONT]


@contextmanager
def storming(folder: Path, submission: int, browser: Any, seed: int) -> Iterator[Storm]:
    """Two clerks at one page, each with fields of their own and some that both type into."""
    database = instance.open_database(folder)
    with Served(folder) as server:
        address = f"http://127.0.0.1:{server.port}"
        desks = []
        for login in ("nhap.mttq", "nhap2"):
            context = browser.new_context(base_url=address, locale="vi-VN")
            context.set_default_timeout(30_000)
            page = context.new_page()
            page.goto("/dang-nhap")
            sign_in(page, login)
            page.close()
            desks.append(Desk(login, context))
        path = _page_of_many_numbers(desks[0].context, submission)
        made = Storm(random.Random(seed), server, database, desks, f"{address}{path[0]}", submission)
        keys = path[1]
        desks[0].keys = keys[: len(keys) // 2 + SHARED // 2]
        desks[1].keys = keys[len(keys) // 2 - SHARED // 2 :]
        yield made
        for desk in desks:
            desk.context.close()
    database.close()


def _page_of_many_numbers(context: Any, submission: int) -> tuple[str, list[str]]:
    """The page of the phiếu that asks for most numbers, and their keys."""
    page = context.new_page()
    page.goto(f"/phieu/{submission}")
    links = page.locator("a[href*='/muc/']").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    found: list[tuple[str, list[str]]] = []
    for link in dict.fromkeys(one.partition("#")[0] for one in links):
        page.goto(link)
        keys = page.locator(NUMBER).evaluate_all("all => all.map((one) => one.dataset.key)")
        found.append((link, list(dict.fromkeys(keys))))
    page.close()
    return max(found, key=lambda one: len(one[1]))


@pytest.mark.parametrize("seed", range(size(1, 20)))
def test_whatever_was_typed_in_the_storm_is_on_the_server_or_offered(
    own_instance: tuple[Path, int], browser: Any, seed: int
) -> None:
    with storming(*own_instance, browser, seed) as storm:
        for _ in range(size(50, 150)):
            storm.step()
        storm.end()
        storm.check()
        assert storm.counter >= size(110, 130), "few numbers were typed"


@pytest.mark.skipif(not ON_DEMAND, reason="one storm may spare a browser that keeps nothing: make faults has many")
def test_a_browser_that_keeps_nothing_loses_what_was_typed(
    own_instance: tuple[Path, int], browser: Any, tmp_path: Path
) -> None:
    lost = 0
    for seed in range(10):
        shutil.copytree(own_instance[0], tmp_path / f"copy-{seed}")
        with storming(tmp_path / f"copy-{seed}", own_instance[1], browser, seed) as storm:
            for desk in storm.desks:
                desk.context.add_init_script(FORGETS)
            for _ in range(60):
                storm.step()
            storm.end()
            try:
                storm.check()
            except AssertionError:
                lost += 1
    assert lost
