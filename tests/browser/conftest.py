"""Chromium over a served instance: each test gets its own copy, `lived` is one instance in which everything happens."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from survey.web.app import create_app
from tests.browser.world import PASSWORD, build, live_in
from tests.browser.world_admin import live_in_administration
from tests.browser.world_office import live_in_office
from tests.conftest import absent

SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 20_000  # milliseconds; a slow machine is no fault of the code
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Quiet(WSGIRequestHandler):
    """Requests are not told on the console."""

    def log(self, *_args: Any) -> None:
        return


@dataclass
class Site:
    """A served instance and the browser that looks at it."""

    address: str
    browser: Any
    submissions: dict[str, int]
    places: dict[str, str] = field(default_factory=dict)  # numbers and secrets that addresses name

    def phieu(self, agency: str) -> str:
        """Path of a body's phiếu."""
        return f"/phieu/{self.submissions[agency]}"

    def window(self, width: int = 1280, height: int = 900, **more: Any) -> Any:
        """A browser of its own, as a new person at another desk has."""
        context = self.browser.new_context(
            base_url=self.address, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", accept_downloads=True,
            viewport={"width": width, "height": height}, **more,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        return context

    def page(self, login: str = "", **more: Any) -> Any:
        """A page of a new browser in which this person has signed in through the form."""
        page = self.window(**more).new_page()
        if login:
            page.goto("/dang-nhap")
            sign_in(page, login)
        return page


def sign_in(page: Any, login: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form and send it."""
    page.fill("#f-login", login)
    page.fill("#f-password", password)
    with page.expect_navigation():
        page.press("#f-password", "Enter")
    assert not page.url.endswith("/dang-nhap"), page.inner_text("main")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """One Chromium for all tests."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        absent(f"{error.name} is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield started
        started.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> tuple[Path, dict[str, int]]:
    """The instance that sites are copies of, and its submissions."""
    folder = tmp_path_factory.mktemp("browser")
    return folder, build(folder, repository / "questionnaires")


@contextmanager
def serving(
    folder: Path, browser: Any, submissions: dict[str, int], places: dict[str, str] | None = None
) -> Iterator[Site]:
    """Serve an instance from a thread."""
    app = create_app(folder)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site = Site(f"http://127.0.0.1:{server.server_port}", browser, submissions, places or {})
    try:
        yield site
    finally:
        for context in list(browser.contexts):
            context.close()
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["instance"].database.close()


@pytest.fixture
def site(template: tuple[Path, dict[str, int]], tmp_path: Path, browser: Any, on_files: None) -> Iterator[Site]:
    """A fresh round in which nobody has done anything."""
    folder, submissions = template
    shutil.copytree(folder, tmp_path / "instance")
    with serving(tmp_path / "instance", browser, submissions) as served:
        yield served


Lived = tuple[Path, dict[str, int], dict[str, str]]


@pytest.fixture(scope="session")
def lived_folder(template: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A copy in which every state has its phiếu, its round, its account."""
    folder = tmp_path_factory.mktemp("lived") / "instance"
    shutil.copytree(template[0], folder)
    live_in(folder, template[1])
    places = live_in_office(folder, template[1]) | live_in_administration(folder)
    return folder, template[1], places


@pytest.fixture
def on_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites stand on their own files, whatever the surroundings say."""
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture(scope="module")
def lived(lived_folder: Lived, browser: Any) -> Iterator[Site]:
    """The instance in which everything has happened; tests only read it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        folder, submissions, places = lived_folder
        with serving(folder, browser, submissions, places) as served:
            yield served


@pytest.fixture(scope="module")
def signed_in(lived: Site) -> Callable[[str], Any]:
    """Pages of `lived`, one for each person, kept for the module."""
    pages: dict[str, Any] = {}

    def of(login: str) -> Any:
        if login not in pages:
            pages[login] = lived.page(login)
        return pages[login]

    return of
