"""What may not lie in the repository: large files, paths of one machine, registry addresses, stale locks."""

import configparser
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LARGEST = 500_000  # bytes
LOCKS = ("run.txt", "test.txt")
LOCKED_EXTRAS = {"run.txt": ("postgres",), "test.txt": ("postgres", "test", "lint")}

MACHINE_PATH = re.compile(r"(?<![\w.~}])/(?:work|root|home|Users)/\w|[A-Z]:\\Users\\")
EMOJI = re.compile("[\U0001f000-\U0001faff\ufe0f]")
REGISTRY = re.compile(r"\S+://\S+|--(?:extra-)?index-url.*|--find-links.*|\S+\.(?:org|com|io|net)\b")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")


def find_in_texts(pattern: re.Pattern[str], files: list[Path]) -> dict[str, str]:
    """First match of the pattern in each file that is text."""
    found = {}
    for path in files:
        content = path.read_bytes()
        if b"\0" not in content and (match := pattern.search(content.decode("utf-8", errors="replace"))):
            found[str(path)] = match[0]
    return found


def pins(lock: Path) -> dict[str, set[str]]:
    """Versions by name; a name has two where Python versions need different ones."""
    found: dict[str, set[str]] = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if match := PIN.match(line):
            found.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    return found


def wanted(repository: Path, lock_name: str) -> list[Requirement]:
    """What setup.cfg and the build ask of a lock."""
    config = configparser.ConfigParser()
    config.read(repository / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"].splitlines()
    for extra in LOCKED_EXTRAS[lock_name]:
        lines += config["options.extras_require"][extra].splitlines()
    lines += (repository / "requirements" / "build.in").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def test_no_file_is_large(house_files: list[Path]) -> None:
    assert not [path.name for path in house_files if path.stat().st_size > LARGEST]


def test_no_text_names_a_path_of_one_machine(house_files: list[Path]) -> None:
    assert not find_in_texts(MACHINE_PATH, house_files)


def test_no_text_has_an_emoji(house_files: list[Path]) -> None:
    assert not find_in_texts(EMOJI, house_files)


@pytest.mark.parametrize("lock_name", LOCKS)
def test_a_lock_names_no_registry(repository: Path, lock_name: str) -> None:
    text = (repository / "requirements" / lock_name).read_text(encoding="utf-8")
    assert not REGISTRY.findall(text)


@pytest.mark.parametrize("lock_name", LOCKS)
def test_a_lock_has_everything_that_setup_cfg_asks_for(repository: Path, lock_name: str) -> None:
    pinned = pins(repository / "requirements" / lock_name)
    stale = []
    for need in wanted(repository, lock_name):
        versions = pinned.get(canonicalize_name(need.name), set())
        if not any(need.specifier.contains(version) for version in versions):
            stale.append(str(need))
    assert not stale, "run `make lock`"


@pytest.mark.parametrize("lock_name", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(repository: Path, lock_name: str) -> None:
    text = (repository / "requirements" / lock_name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert not [entry for entry in entries if PIN.match(entry) and "--hash=sha256:" not in entry]


def test_both_locks_agree(repository: Path) -> None:
    run, test = (pins(repository / "requirements" / name) for name in LOCKS)
    assert {name: versions for name, versions in run.items() if test.get(name) != versions} == {}
