"""What every test may ask for: outside programs, and facts kept beside the repository."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
REQUIRE_ALL = os.environ.get("SANSANGSO_REQUIRE_ALL") == "1"

# A slow machine is no fault of the code; where everything is required, every run tries the same examples.
settings.register_profile("house", deadline=None, print_blob=True, derandomize=REQUIRE_ALL, max_examples=50)
settings.load_profile("house")

MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, on Linux
ENOUGH = 4 * 2**30  # bytes free there
ROOM = "sansangso-tests-"  # and the number of the process whose room it is


def move_into_memory() -> None:
    """Let temporary files lie in memory: tests commit and copy so often that disks take half the time.

    For this run and all that it starts, where there is room; what runs that were killed have left is taken away.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH:
        return
    for left in MEMORY.glob(f"{ROOM}*"):
        if not Path(f"/proc/{left.name.removeprefix(ROOM)}").exists():
            shutil.rmtree(left, ignore_errors=True)
    room = MEMORY / f"{ROOM}{os.getpid()}"
    room.mkdir()
    room.chmod(0o755)  # PostgreSQL's own account passes through
    os.environ["TMPDIR"] = tempfile.tempdir = str(room)
    atexit.register(shutil.rmtree, room, ignore_errors=True)


move_into_memory()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def absent(sentence: str) -> NoReturn:
    """Skip the test with a sentence, or fail it where everything is required."""
    if REQUIRE_ALL:
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def find_program(name: str, *commands: str) -> str:
    """Return the path of the first command that is installed."""
    for command in commands:
        if path := shutil.which(command):
            return path
    absent(f"{name} is not installed (looked for {', '.join(commands)})")


@pytest.fixture(scope="session")
def soffice() -> str:
    """Path of LibreOffice."""
    return find_program("LibreOffice", "soffice", "libreoffice")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium, for Playwright's `executable_path`.

    Its shell without windows is taken where there is one: a new window costs a quarter of the time.
    """
    return find_program("Chromium", "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def pdftoppm() -> str:
    """Path of poppler's pdftoppm, which turns a page into a picture."""
    return find_program("poppler-utils", "pdftoppm")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Reference material beside the repository; the product never needs it, so its absence is a skip."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("there is no ../shared beside the repository")
    return folder
