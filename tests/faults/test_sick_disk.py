"""A disk that is full, fails to sync or turns read-only, a locked database: nothing is told as saved that is not.

A sentence says so, what was typed stays, and once it is mended saving goes on without a restart.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from survey.storage.database import Database
from survey.web.app import create_app
from tests.faults.disks import ext4, fill, memory_disk
from tests.faults.test_lost_answers import saves
from tests.web.conftest import Site, group_form
from tests.web.strict_client import StrictClient
from tests.web.test_save_json import post, token, told

CODE = "2.1"
KEY = f"note:{CODE}"
LONG = "x" * 1500
BRIEFLY = 0.2  # seconds that a writer waits here


@contextmanager
def site_in(folder: Path, built: tuple[Path, dict[str, int]]) -> Iterator[Site]:
    """A site whose instance lies there."""
    template, submissions = built
    shutil.copytree(template, folder)
    app = create_app(folder, Database(f"sqlite:///{folder / 'sansangso.db'}", wait=BRIEFLY))
    app.test_client_class = StrictClient
    site = Site(app, folder, submissions)
    try:
        yield site
    finally:
        site.database.close()


class Clerk:
    """Saves one note again and again."""

    def __init__(self, site: Site) -> None:
        self.site, self.client, self.saved = site, site.client("nhap"), 0
        self.csrf = token(self.client)

    def save(self, typed: str) -> bool:
        """Whether it was told as saved; where it was not, the answer is a 503 with the sentence."""
        body = {"changes": [{"key": KEY, "typed": f"{self.saved} {typed}", "seen": self.saved}]}
        answer = post(self.client, f"{self.site.ward}/luu", body, self.csrf)
        if answer.status_code == 200:
            self.saved += 1
            return True
        assert answer.status_code == 503
        assert "Chưa có gì được lưu" in told(answer)["sentence"]
        return False

    def nothing_false(self) -> None:
        """The store has what was told as saved, and no more."""
        assert len(saves(self.site)) == self.saved

    def goes_on(self) -> None:
        """The next save is done."""
        assert self.save("đã sửa xong")
        self.nothing_false()


def test_a_full_disk_is_told_and_once_there_is_room_saving_goes_on(
    built: tuple[Path, dict[str, int]], tmp_path: Path
) -> None:
    with memory_disk(tmp_path / "disk", 24) as disk, site_in(disk / "instance", built) as site:
        clerk, filler = Clerk(site), disk / "filler"
        fill(filler)
        answers = [clerk.save(LONG) for _ in range(60)]
        assert False in answers
        clerk.nothing_false()
        filler.unlink()
        clerk.goes_on()


def test_a_failing_fsync_is_told_and_once_it_works_saving_goes_on(
    built: tuple[Path, dict[str, int]], tmp_path: Path
) -> None:
    """The file system has room and takes every write; the disk under it has none, so that fsync alone fails."""
    with memory_disk(tmp_path / "memory", 24) as memory:
        image, filler = memory / "image", memory / "filler"
        with ext4(tmp_path / "disk", image, 64, journal=False) as disk, site_in(disk.place / "instance", built) as site:
            clerk = Clerk(site)
            assert clerk.save("còn tốt")
            fill(filler)
            refused = 0
            while refused < 10 and clerk.saved < 2000:
                refused += not clerk.save(LONG)
            assert refused == 10
            filler.unlink()
            clerk.goes_on()


def test_a_disk_that_turns_read_only_is_told_and_can_be_mounted_anew_under_the_running_service(
    built: tuple[Path, dict[str, int]], tmp_path: Path
) -> None:
    with (
        memory_disk(tmp_path / "memory", 96) as memory,
        ext4(tmp_path / "disk", memory / "image", 64) as disk,
        site_in(disk.place / "instance", built) as site,
    ):
        clerk = Clerk(site)
        disk.sync()  # the copied files; what is saved syncs itself
        assert clerk.save("còn tốt")
        disk.turn_read_only()
        answers = [clerk.save("không ghi được") for _ in range(3)]
        assert answers == [False] * 3
        disk.unmount()  # nothing of it is held any more
        disk.mount()
        clerk.nothing_false()
        clerk.goes_on()


def test_a_locked_database_is_told_and_once_it_is_free_saving_goes_on(
    built: tuple[Path, dict[str, int]], tmp_path: Path
) -> None:
    with site_in(tmp_path / "instance", built) as site:
        clerk = Clerk(site)
        form = group_form(clerk.client, f"{site.ward}/muc/2")
        typed = {**form.fields, f"n.{CODE}": "ghi chú dài"}
        with closing(sqlite3.connect(site.folder / "sansangso.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert not clerk.save("bị khóa")
            page = clerk.client.post(form.action, data=typed, headers={"Origin": "http://localhost"})
            other.execute("ROLLBACK")
        assert page.status_code == 503
        kept = page.get_data(as_text=True)
        assert "Gửi lại nội dung vừa nhập" in kept
        assert "ghi chú dài" in kept
        clerk.nothing_false()
        clerk.goes_on()
