"""Accounts from the command line: made with a one-time code, let in again, opened."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.cli import main
from survey.services.instance import open_database
from survey.services.invitations import accept_letter
from survey.services.passwords import hashed
from survey.services.sign_in import check_password, open_session
from survey.storage.accounts import Account
from survey.storage.events import Event
from survey.storage.invitations import Invitation

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")
ADMINISTRATOR = ["account", "create", "--login", "An.1", "--name", "Nguyễn An", "--role", "administrator", "--invite"]


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty instance."""
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "instance"


def printed_code(shown: str) -> str:
    found = CODE.findall(shown)
    assert len(found) == 1
    return str(found[0])


def gets_in(code: str, login: str = "an.1") -> bool:
    database = open_database()
    with database.writing() as session:
        result = accept_letter(session, login, code, hashed("một câu mới thật dài"))
    database.close()
    return result.opened


def test_an_account_is_made_without_a_password_and_its_code_sets_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ADMINISTRATOR) == 0
    shown = capsys.readouterr().out
    assert "Đã tạo tài khoản An.1." in shown
    assert re.search(r"đến \d\d:\d\d, \d\d/\d\d/\d{4}", shown)  # not today's hour alone
    assert gets_in(printed_code(shown))


def test_a_reset_prints_a_new_code_and_ends_the_older(capsys: pytest.CaptureFixture[str]) -> None:
    main(ADMINISTRATOR)
    first = printed_code(capsys.readouterr().out)
    assert main(["account", "reset", "AN.1"]) == 0
    second = printed_code(capsys.readouterr().out)
    assert not gets_in(first)
    assert gets_in(second)


def test_a_reset_takes_the_second_factor_away_where_it_is_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    main(ADMINISTRATOR)
    database = open_database()
    with database.writing() as session:
        values = {"totp_secret": "x", "totp_since": sa.func.current_timestamp()}
        session.execute(sa.update(Account).values(**values))
    for options, kept in ([], True), (["--second-factor"], False):
        assert main(["account", "reset", "an.1", *options]) == 0
        with database.reading() as session:
            assert bool(session.scalar(sa.select(Account.totp_secret))) is kept
    database.close()
    capsys.readouterr()


def test_a_locked_name_is_opened(capsys: pytest.CaptureFixture[str]) -> None:
    main(ADMINISTRATOR)
    gets_in(printed_code(capsys.readouterr().out))
    database = open_database()
    for _ in range(5):
        with database.reading() as session:
            checked = check_password(session, "an.1", "sai")
        with database.writing() as session:
            open_session(session, checked)
    assert main(["account", "unlock", "An.1"]) == 0
    assert main(["account", "unlock", "An.1"]) == 0
    assert [line.split(";")[0] for line in capsys.readouterr().out.splitlines()] == [
        "Đã mở An.1",
        "An.1 không bị tạm khóa.",
    ]
    with database.reading() as session:
        assert check_password(session, "an.1", "một câu mới thật dài").matches
        assert session.scalar(sa.select(sa.func.count()).where(Event.kind == "account_unlocked")) == 1
    database.close()


def test_idle_accounts_are_shut_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    main(ADMINISTRATOR)
    main(["account", "create", "--login", "binh", "--name", "Bình", "--invite"])
    database = open_database()
    with database.writing() as session:
        session.execute(sa.update(Account).values(created_at=datetime(2020, 1, 1, tzinfo=UTC)))
        session.execute(sa.update(Invitation).values(created_at=datetime(2020, 1, 1, tzinfo=UTC)))
    database.close()
    capsys.readouterr()
    assert main(["account", "shut-idle"]) == 0
    assert capsys.readouterr().out == "Đã khóa 1 tài khoản lâu không đăng nhập.\n"


@pytest.mark.parametrize("command", ["reset", "unlock"])
def test_an_account_that_is_not_there_is_named(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["account", command, "khong.co"]) == 1
    assert capsys.readouterr().err == "Không có tài khoản khong.co.\n"


def test_a_shut_account_gets_no_code(capsys: pytest.CaptureFixture[str]) -> None:
    main(ADMINISTRATOR)
    database = open_database()
    with database.writing() as session:
        session.execute(sa.update(Account).values(disabled_at=Account.created_at))
    database.close()
    capsys.readouterr()
    assert main(["account", "reset", "an.1"]) == 1
    assert "đang khóa" in capsys.readouterr().err
