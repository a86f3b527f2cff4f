"""The command `sansangso`: exit codes, one sentence for every trouble, help in two languages."""

from pathlib import Path

import pytest

from survey.cli import main
from survey.core.numbers_vi import HANOI
from survey.services.instance import open_database
from survey.services.open_round import find_round
from survey.services.sign_in import check_password

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    "check", "score", "report", "questionnaires", "agencies", "rounds", "account", "upgrade", "demo", "serve",
)  # fmt: skip


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every command works on a folder of its own, in Vietnamese."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(folder))
    for name in ("DATABASE_URL", "SANSANGSO_LANGUAGE", "SANSANGSO_DEBUG", "PORT"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.mark.parametrize(
    "command", [(), *((name,) for name in COMMANDS), ("agencies", "import"), ("account", "create")]
)
def test_help_speaks_both_languages(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*command, "--help"])
    assert left.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "xem hướng dẫn này / show this help" in shown
    assert "tùy chọn / options" in shown


def test_without_arguments_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 0
    assert all(name in capsys.readouterr().out for name in ("sansangso",))


@pytest.mark.parametrize(
    "typed", [["fly"], ["score"], ["check"], ["serve", "--port", "0"], ["account"], ["check", "--x"]]
)
def test_what_cannot_be_understood_is_exit_2(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(typed)
    assert left.value.code == 2
    shown = capsys.readouterr().err
    assert shown.startswith("Lệnh chưa đúng / The command cannot be understood: ")
    assert shown.count("\n") == 2


def test_what_is_wrong_with_an_option_is_said_once_in_each_language(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["score", "--questionnaire", "a", "--answers", "b", "--seed", "x"])
    shown = capsys.readouterr().err
    assert shown.count("không phải số nguyên") == shown.count("is no integer") == 1


@pytest.mark.parametrize(
    ("language", "missing", "folder"),
    [("vi", "Không tìm thấy", "là thư mục; ở đây cần một tệp"), ("en", "was not found", "is a folder")],
)
def test_a_file_that_cannot_be_opened_is_told_in_our_words(
    language: str, missing: str, folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--language", language, "verify-result", str(tmp_path / "none.json")]) == 1
    assert main(["--language", language, "verify-result", str(tmp_path)]) == 1
    shown = capsys.readouterr().err.splitlines()
    assert missing in shown[0]
    assert folder in shown[1]
    assert "No such file" not in "".join(shown)


@pytest.mark.parametrize("place", [["--language", "en", "upgrade"], ["upgrade", "--language", "en"]])
def test_the_language_may_stand_before_or_after(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(place) == 0
    assert "Made the database and the secret.key" in capsys.readouterr().out


def test_the_language_of_the_machine_is_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SANSANGSO_LANGUAGE", "en")
    assert main(["upgrade"]) == 0
    assert main(["upgrade", "--language", "vi"]) == 0
    english, vietnamese = capsys.readouterr().out.splitlines()
    assert "Made the database" in english
    assert "đã ở phiên bản hiện tại" in vietnamese


def test_a_new_instance_has_its_secret_before_it_is_first_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(tmp_path / "new"))
    assert main(["upgrade"]) == 0
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_agencies_are_imported_and_faults_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packaged = ROOT / "survey" / "data" / "hanoi_agencies.csv"
    assert main(["agencies", "import", str(packaged)]) == 0
    assert main(["agencies", "import", str(packaged)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Danh mục đơn vị: thêm 412, thay đổi 0, giữ nguyên 0.",
        "Danh mục đơn vị: thêm 0, thay đổi 0, giữ nguyên 412.",
    ]
    broken = tmp_path / "agencies.csv"
    broken.write_text("code,name\n", encoding="utf-8")
    assert main(["agencies", "import", str(broken)]) == 1
    assert capsys.readouterr().err.startswith("agencies.csv, dòng 1: ")
    assert main(["agencies", "import", str(tmp_path / "none.csv")]) == 1
    assert "none.csv" in capsys.readouterr().err


def test_an_account_is_made_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    typed = tmp_path / "typed"
    typed.write_text("mật khẩu thật dài\n" * 2 + "ngắn\n", encoding="utf-8")
    create = ["account", "create", "--login", "An.1", "--name", "Nguyễn An", "--role", "administrator"]
    with typed.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(create) == 0
        assert main(create) == 1
        assert main([*create[:3], "binh", *create[4:]]) == 1
    shown = capsys.readouterr()
    assert shown.out == "Đã tạo tài khoản An.1.\n"
    assert len(shown.err.splitlines()) == 2
    database = open_database()
    with database.reading() as session:
        assert check_password(session, "an.1", "mật khẩu thật dài").matches
    database.close()


def test_an_agency_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    typed = tmp_path / "typed"
    typed.write_text("mật khẩu thật dài\n", encoding="utf-8")
    with typed.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["account", "create", "--login", "an1", "--name", "An", "--clerk", "HN-KHONG"]) == 1
    assert "HN-KHONG" in capsys.readouterr().err


def test_a_demonstration_is_not_made_over_data(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agencies", "import", str(ROOT / "survey" / "data" / "hanoi_agencies.csv")]) == 0
    assert main(["demo"]) == 1
    assert str(instance) in capsys.readouterr().out


def test_a_database_that_cannot_be_used_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'no' / 'folder' / 'x.db'}")
    assert main(["upgrade"]) == 1
    shown = capsys.readouterr().err
    assert "Traceback" not in shown
    assert shown.count("\n") == 1


def test_what_nobody_foresaw_is_one_sentence_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def burst(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("survey.cli.instance.open_database", burst)
    assert main(["upgrade"]) == 1
    assert "ZeroDivisionError: oh" in capsys.readouterr().err
    monkeypatch.setenv("SANSANGSO_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["upgrade"])


def test_stopping_by_hand_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("survey.cli.instance.open_database", stop)
    assert main(["upgrade"]) == 1
    assert capsys.readouterr().err == "Đã dừng.\n"


def test_a_report_of_an_unknown_round_names_those_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--round", "1999", "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == "Không có đợt đánh giá mang mã 1999; các mã hiện có: –.\n"
    assert not (tmp_path / "out").exists()


def test_a_real_instance_is_set_up_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questionnaires", "publish", str(ROOT / "questionnaires")]) == 0
    assert main(["questionnaires", "publish", str(ROOT / "questionnaires" / "so-nganh-2026")]) == 0
    assert main(["agencies", "import", str(ROOT / "survey" / "data" / "hanoi_agencies.csv")]) == 0
    opening = ["rounds", "open", "--code", "2026", "--title", "Đợt 2026", "--period", "2026", "--opens", "01/11/2026"]
    assert main([*opening, "--closes", "15/12/2026"]) == 0
    assert main([*opening, "--closes", "15/12/2026 17:00"]) == 0
    assert main(["rounds", "open", "--code", "x", *opening[4:], "--closes", "01/10/2026"]) == 1
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert sum(line.startswith("Đã ban hành ") for line in lines) == 4
    assert lines[4].startswith("so-nganh 2026.1 đã được ban hành trước đây")
    assert lines[-2:] == [
        "Đợt 2026 đã mở: 408 phiếu, trong đó 408 phiếu mới.",
        "Đợt 2026 đã mở: 408 phiếu, trong đó 0 phiếu mới.",
    ]
    assert len(shown.err.splitlines()) == 1
    database = open_database()
    with database.reading() as session:
        assert find_round(session, "2026").closes_at.astimezone(HANOI).hour == 17
    database.close()


@pytest.mark.parametrize("typed", ["2026-11-01", "31/11/2026", "01/11/2026 25:00", "mai"])
def test_a_day_that_is_none_is_exit_2(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["rounds", "open", "--code", "1", "--title", "t", "--period", "p", "--opens", typed, "--closes", typed])
    assert left.value.code == 2
    assert f"“{typed}”" in capsys.readouterr().err
