"""Small disks of their own, as root: one that can be filled, and one whose fsync fails or that turns read-only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import pytest

ON_DEMAND = os.environ.get("SANSANGSO_FAULTS") == "1"


def not_permitted(sentence: str) -> NoReturn:
    """Privileges cannot be installed as tools can: a skip in every run, a failure where faults were asked for."""
    if ON_DEMAND:
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def run(*command: str | Path) -> str:
    """What the command says. Raises CalledProcessError."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def memory_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A tmpfs; gone in the end."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        not_permitted("Sick disks are tried as root alone, who may mount a small one")
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        not_permitted("This machine lets nobody mount a small disk")
    try:
        yield place
    finally:
        run("umount", "-l", place)


class Ext4:
    """An ext4 whose blocks lie in a file in memory: in that file is what was written back or synced, and no more."""

    def __init__(self, image: Path, place: Path, options: str) -> None:
        self.image, self.place, self.options = image, place, options
        self.loop = ""

    def mount(self) -> None:
        """Put it in its place."""
        self.loop = run("losetup", "-f", "--show", self.image)
        run("mount", "-t", "ext4", "-o", self.options, self.loop, self.place)

    def unmount(self) -> None:
        """Take it away. Raises CalledProcessError where somebody still holds a file of it."""
        run("umount", self.place)
        run("losetup", "-d", self.loop)
        self.loop = ""

    def sync(self) -> None:
        """Bring everything that was written to the image."""
        run("sync", "-f", self.place)

    def turn_read_only(self) -> None:
        """As the kernel does after an error: at once, under open files."""
        run("mount", "-o", "remount,abort", self.place)

    def give_up(self) -> None:
        """Take it away whatever is open."""
        if self.loop:
            run("umount", "-l", self.place)
            run("losetup", "-d", self.loop)


@contextmanager
def ext4(place: Path, image: Path, megabytes: int, *, journal: bool = True, options: str = "rw") -> Iterator[Ext4]:
    """An ext4 made in a new image, mounted; gone in the end."""
    with image.open("wb") as out:
        out.truncate(megabytes * 2**20)
    place.mkdir()
    disk = Ext4(image, place, options)
    try:
        run("mkfs.ext4", "-q", "-O", "has_journal" if journal else "^has_journal", "-E", "nodiscard", image)
        disk.mount()
    except (OSError, subprocess.CalledProcessError):
        disk.loop = ""
        not_permitted("This machine mounts no ext4 out of a file")
    try:
        yield disk
    finally:
        disk.give_up()


def fill(file: Path) -> None:
    """Write until there is no room."""
    with suppress(OSError), file.open("wb", buffering=0) as out:
        while True:
            out.write(b"\0" * 65_536)
