"""`sansangso verify-log`: exit code 1 with the place where a chain breaks, and what a printed code turns out to be."""

import sqlite3
from pathlib import Path

import pytest

from survey.cli import main
from survey.services.create_account import create_account
from survey.services.instance import open_database, upgrade
from survey.services.people import EVERY_KIND
from survey.services.scope import checked_kinds

PASSWORD = "mật khẩu thật dài"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance with three accounts, and so three events."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(folder))
    for name in ("DATABASE_URL", "SANSANGSO_LANGUAGE", "SANSANGSO_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    folder.mkdir()
    database = open_database(folder)
    upgrade(database)
    with database.writing() as session:
        for login in ("mot", "hai", "ba."):
            create_account(session, login=login, name=f"Người {login}", password=PASSWORD)
    database.close()
    return folder


def tamper(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "sansangso.db") as connection:
        connection.execute(statement)


def head(shown: str) -> str:
    return next(line.split()[-1] for line in shown.splitlines() if "Mã nhật ký" in line)


def test_a_whole_log_is_said_to_be_whole(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify-log"]) == 0
    shown = capsys.readouterr().out
    assert "nguyên vẹn: 3 sự kiện trong 1 chuỗi" in shown
    assert len(head(shown)) == 64
    assert main(["verify-log", "--head", head(shown)]) == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE event SET data = '{}' WHERE number = 2", "sự kiện số 2 không còn như lúc ghi"),
        ("DELETE FROM event WHERE number = 2", "thiếu sự kiện số 2"),
        ("DELETE FROM event WHERE number = 3", "từ sự kiện số 3"),
        ("DELETE FROM event_stream", "từ sự kiện số 4"),
    ],
)
def test_tampering_is_told_with_its_place(
    instance: Path, capsys: pytest.CaptureFixture[str], statement: str, said: str
) -> None:
    tamper(instance, statement)
    assert main(["verify-log"]) == 1
    shown = capsys.readouterr()
    assert f"accounts: {said}" in shown.err or said in shown.err
    assert "1 chỗ" in shown.err


def test_a_kept_code_outlives_the_events_that_follow_and_tells_of_all_being_cut(
    instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify-log", "--keep"]) == 0
    kept = capsys.readouterr().out.split("Đã ghi lại mã nhật ký:")[1].split()[0]
    assert main(["verify-log", "--head", kept]) == 0
    assert "còn nguyên" in capsys.readouterr().out
    tamper(instance, "DELETE FROM event")
    tamper(instance, "DELETE FROM event_stream")
    assert main(["verify-log"]) == 0  # nothing is left that could tell
    assert main(["verify-log", "--head", kept]) == 1
    assert "cắt bớt" in capsys.readouterr().err


def test_a_code_that_is_none_is_a_sentence(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify-log", "--head", "xyz"]) == 1
    assert "ít nhất 16 ký tự" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [((), EVERY_KIND), (("--khoi", "dang"), "dang"), (("--khoi", "dang", "--khoi", "nha_nuoc"), "dang nha_nuoc"),
     (("--khoi", "chung"), "")],
)  # fmt: skip
def test_a_coordinator_is_made_for_the_khoi_that_are_named(
    instance: Path, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], kinds: str
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert main(["account", "create", "--login", "tonghop", "--name", "A", "--role", "coordinator", *typed]) == 0
    with sqlite3.connect(instance / "sansangso.db") as connection:
        (made,) = connection.execute("SELECT kinds FROM account WHERE login = 'tonghop'").fetchone()
    assert made == kinds


def test_a_khoi_that_is_not_there_is_named_with_those_that_are(
    instance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    asked = ["account", "create", "--login", "tonghop", "--name", "A", "--role", "coordinator", "--khoi", "sao hỏa"]
    assert main(asked) == 1
    assert "Không có khối “sao hỏa”" in capsys.readouterr().err
    database = open_database(instance)
    with database.reading() as session:
        assert checked_kinds(session, ["mttq_ctxh"]) == frozenset({"mttq_ctxh"})
    database.close()
