"""Seeding: whole or not at all, and only where nothing is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from survey.core.numbers_vi import HANOI
from survey.services import instance
from survey.services.demo import is_empty, read_demo_accounts, seed_demonstration
from survey.services.demo.seed import round_dates
from survey.services.demo.workdays import Workdays
from survey.services.errors import Refused
from survey.services.import_agencies import import_agencies, packaged_agencies
from survey.storage.database import Database
from tests.services.test_demo import NOW, now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'sansangso.db'}")
    yield opened
    opened.close()


def test_an_interrupted_seeding_leaves_the_instance_empty(database: Database, tmp_path: Path) -> None:
    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed_demonstration(database, tmp_path, progress=interrupt, clock=now)
    with database.reading() as session:
        assert is_empty(session)
        assert not instance.read_settings(session).demonstration
    assert read_demo_accounts(tmp_path) == ()


def test_an_instance_with_anything_in_it_is_not_seeded(database: Database, tmp_path: Path) -> None:
    instance.upgrade(database)
    with database.writing() as session:
        import_agencies(session, packaged_agencies())
    with pytest.raises(Refused) as refused:
        seed_demonstration(database, tmp_path, clock=now)
    assert refused.value.key == "demo.not_empty"
    assert refused.value.sentence("en").startswith("The instance holds data")


def test_working_minutes_leave_out_nights_and_weekends() -> None:
    opens = NOW.replace(day=20, hour=0, minute=0)  # a Friday, 07:00 in Hà Nội
    axis = Workdays(opens, NOW)
    assert axis.length == 435 + 210 + 180  # Friday whole, Monday morning and until 16:30
    assert axis.at(0) == opens.replace(hour=1)
    assert axis.at(435 + 1).day == 23
    assert axis.at(1e9) <= NOW


def test_an_instance_younger_than_a_working_day_still_has_a_past() -> None:
    saturday = NOW.replace(day=21)
    axis = Workdays(saturday.replace(hour=1), saturday)
    assert saturday.replace(hour=1) <= axis.at(axis.length / 2) <= saturday


def test_the_round_is_half_over_on_any_day() -> None:
    opens, closes = round_dates(NOW)
    assert opens == datetime(2026, 11, 1, tzinfo=HANOI)
    assert closes == datetime(2026, 12, 15, 17, tzinfo=HANOI)
    later = datetime(2027, 3, 5, 18, tzinfo=UTC)  # the 6th in Hà Nội
    assert round_dates(later)[1] == datetime(2027, 3, 28, 17, tzinfo=HANOI)
