"""Take the pictures of the guides and of the README again, from a freshly seeded demonstration in a real browser.

`python -m tools.take_pictures` takes all, with names as arguments those alone: `python -m tools.take_pictures hub`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from survey.services.demo import seed_demonstration
from survey.services.instance import URL_VARIABLE, Database, open_database
from tools.guide_pictures import SCENES, Scene

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
COLOURS = 80  # pages have few; more make files larger and nothing clearer
LARGEST = 120_000  # bytes of one picture
ADDRESS = "https://khaosat.example.vn"  # what prints and letters show
MARGIN = 8  # pixels around what is shown
PHONE = 375
# A bar that keeps to the foot would lie over what is shown.
UNSTICK = "document.querySelectorAll('.save-bar, .picked-bar').forEach(bar => { bar.style.position = 'static'; })"


@dataclass
class Studio:
    """A served demonstration, the browser that looks at it, and those who have signed in."""

    address: str
    database: Database
    browser: Any
    windows: dict[tuple[str, int], Any]
    work: Path  # a folder for files to hand in

    def page(self, login: str = "", width: int = 1280) -> Any:
        """A new page of the person's browser, signed in through the form the first time; "" is nobody."""
        window = self.windows.get((login, width))
        if window is None:
            window = self.browser.new_context(
                base_url=self.address, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", accept_downloads=True,
                viewport={"width": width, "height": 812 if width <= PHONE else 900}, has_touch=width <= PHONE,
            )  # fmt: skip
            self.windows[login, width] = window
            if login:
                self.sign_in(window.new_page(), login)
        return window.new_page()

    def sign_in(self, page: Any, login: str) -> None:
        """Press the person's button on the sign-in page of the demonstration, or type the password."""
        from survey.services.demo.people import PASSWORD

        page.goto("/dang-nhap")
        page.fill("#f-login", login)
        page.fill("#f-password", PASSWORD)
        with page.expect_navigation():
            page.press("#f-password", "Enter")
        page.close()


def main(names: list[str]) -> int:
    """Take the pictures that were asked for; 1 where one could not be taken or is too large."""
    from playwright.sync_api import Error

    unknown = set(names) - {scene.name for scene in SCENES}
    if unknown:
        print("no such picture:", ", ".join(sorted(unknown)))
        return 2
    wanted = [scene for scene in SCENES if not names or scene.name in names]
    os.environ.pop(URL_VARIABLE, None)
    wrong = []
    with tempfile.TemporaryDirectory(prefix="sansangso-pictures-") as folder, studio(Path(folder)) as place:
        for scene in wanted:
            file = FOLDER / f"{scene.name}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                content = small(take(place, scene))
            except (Error, LookupError) as fault:
                print(f"{'–':>7}  {scene.name}: {str(fault).splitlines()[0]}", flush=True)
                wrong.append(scene.name)
                continue
            file.write_bytes(content)
            print(f"{len(content):7}  {scene.name}", flush=True)
            if len(content) > LARGEST:
                wrong.append(scene.name)
    if wrong:
        print("not taken, or too large:", ", ".join(wrong))
    return 1 if wrong else 0


@contextmanager
def studio(folder: Path) -> Iterator[Studio]:
    """Seed a demonstration in the folder (or copy the one $SEEDED names), serve it, start the browser."""
    from playwright.sync_api import sync_playwright
    from werkzeug.serving import WSGIRequestHandler, make_server

    from survey.web.app import create_app

    class Quiet(WSGIRequestHandler):
        def log(self, *_args: Any) -> None:
            return

    instance = folder / "instance"
    if seeded := os.environ.get("SEEDED"):
        shutil.copytree(seeded, instance)
    else:
        instance.mkdir()
        database = open_database(instance)
        seed_demonstration(database, instance)
        database.close()
    (instance / "config.toml").write_text(f'address = "{ADDRESS}"\n', encoding="utf-8")
    app = create_app(instance)
    server: Any = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with sync_playwright() as playwright:
            program = next(path for name in BROWSERS if (path := shutil.which(name)))
            browser = playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
            database = app.extensions["instance"].database
            yield Studio(f"http://127.0.0.1:{server.server_port}", database, browser, {}, folder)
            browser.close()
    finally:
        server.shutdown()
        thread.join()
        app.extensions["instance"].database.close()


def take(place: Studio, scene: Scene) -> bytes:
    """Go where the scene is, and photograph what it names: the box around all of it, with a margin."""
    page = place.page(scene.login, scene.width)
    scene.go(page, place)
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.evaluate("window.scrollTo(0, 0)")
    if not scene.of:
        shown: bytes = page.screenshot(full_page=True)
        page.close()
        return shown
    page.evaluate(UNSTICK)
    boxes = [box for selector in scene.of if (box := page.locator(selector).first.bounding_box())]
    if len(boxes) != len(scene.of):
        raise LookupError(f"{scene.name}: not all of {scene.of} is on {page.url}")
    left = max(min(box["x"] for box in boxes) - MARGIN, 0)
    top = max(min(box["y"] for box in boxes) - MARGIN, 0)
    right = min(max(box["x"] + box["width"] for box in boxes) + MARGIN, scene.width)
    bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN
    height = min(bottom - top, scene.most)
    cut = {"x": left, "y": top, "width": right - left, "height": height}
    shown = page.screenshot(full_page=True, clip=cut)
    page.close()
    return shown


def small(content: bytes) -> bytes:
    """The same picture with few colours."""
    from PIL import Image

    out = BytesIO()
    few = Image.open(BytesIO(content)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
