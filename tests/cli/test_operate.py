"""Commands of the operator as typed: backup, restore, doctor, move, each with its sentences and exit codes."""

import json
from pathlib import Path

import pytest

from survey.cli import main
from survey.services.instance import open_database, upgrade


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance of its own, upgraded."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("SANSANGSO_LANGUAGE", raising=False)
    assert main(["upgrade"]) == 0
    return folder


def test_backup_restore_and_doctor_as_an_operator_types_them(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pass").write_text("mười hai con giáp\n", encoding="utf-8")
    (folder / "secret.key").write_text("ab" * 32, encoding="ascii")
    (folder / "secret.key").chmod(0o600)
    capsys.readouterr()
    assert main(["backup", str(tmp_path), "--passphrase-file", str(tmp_path / "pass"), "--keep", "3"]) == 0
    out = capsys.readouterr().out
    assert "đã đọc lại và khớp" in out
    assert "đã được khóa bằng cụm mật khẩu" in out
    file = next(tmp_path.glob("sansangso-*.tar"))
    again = ["restore", str(file), "--into", str(tmp_path / "drill"), "--passphrase-file", str(tmp_path / "pass")]
    assert main(again) == 0
    out = capsys.readouterr().out
    assert "Đã khôi phục" in out
    assert "LỖI" not in out
    assert (tmp_path / "drill" / "secret.key").read_text(encoding="ascii") == "ab" * 32
    assert main(again) == 1
    assert "đang có dữ liệu" in capsys.readouterr().err


def test_the_doctor_speaks_json_and_fails_on_faults(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    (folder / "secret.key").unlink()
    assert main(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["well"], told["fault"]) == (False, 1)
    assert {point["level"] for point in told["points"]} == {"good", "look", "fault"}
    assert main(["doctor", "--language", "en"]) == 1
    assert "FAULT" in capsys.readouterr().out
    (folder / "secret.key").write_text("ab" * 32, encoding="ascii")
    (folder / "secret.key").chmod(0o600)
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "ĐẠT" in out
    assert "Hệ thống ổn" in out


def test_a_move_says_what_to_do_next(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["move", f"sqlite:///{tmp_path}/other.db"]) == 0
    assert "DATABASE_URL" in capsys.readouterr().out
    database = open_database(folder)
    upgrade(database)
    database.close()
    assert main(["move", "mysql://x/y"]) == 1
    assert "Địa chỉ cơ sở dữ liệu" in capsys.readouterr().err


@pytest.mark.parametrize(
    "typed",
    [
        ["backup"],
        ["backup", ".", "--keep", "0"],
        ["backup", ".", "--without-secrets", "--passphrase-file", "x"],
        ["restore"],
        ["move"],
    ],
)
def test_what_cannot_be_understood_is_exit_2(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(typed)
    assert left.value.code == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize("typed", [["backup", "none/none.tar"], ["restore", "none.tar"]])
def test_files_that_are_not_there_are_one_sentence(
    folder: Path, typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(typed) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_short_passphrase_is_refused(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pass").write_text("ngắn\n", encoding="utf-8")
    assert main(["backup", str(tmp_path), "--passphrase-file", str(tmp_path / "pass")]) == 1
    assert "12 ký tự" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.tar"))
