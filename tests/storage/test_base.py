"""What columns hold: aware times in UTC, texts in NFC that every database can keep."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from survey.storage.accounts import FailedSignIn
from survey.storage.database import Database
from survey.storage.settings import Setting

HANOI = timezone(timedelta(hours=7))


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    moment = datetime(2026, 11, 23, 9, 12, 30, 123456, tzinfo=HANOI)
    with database.writing() as session:
        session.add(FailedSignIn(login="a", failures=1, last_at=moment))
    with database.reading() as session:
        found = session.scalars(sa.select(FailedSignIn)).one().last_at
    assert found == moment
    assert found.tzinfo is UTC


def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"), database.writing() as session:
        session.add(FailedSignIn(login="a", failures=1, last_at=datetime(2026, 11, 23)))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Ba\u0300", "B\u00e0"), ("a\x00b", "ab"), ("a\ud800b", "ab"), ("một\r\nhai", "một\nhai")],
)
def test_texts_are_kept_clean(database: Database, typed: str, kept: str) -> None:
    with database.writing() as session:
        session.add(Setting(name="a", value=typed))
    with database.reading() as session:
        assert session.scalars(sa.select(Setting.value).where(Setting.name == "a")).one() == kept
