"""Mail from the command line: what waits is sent while pages are served, and a trial says what came of it."""

import json
import signal
import time
from pathlib import Path

import pytest

from survey.cli import main
from survey.services.instance import open_database, upgrade
from survey.services.outbox import put_mail
from tests.cli.test_serve import PATIENCE, serving
from tests.mail_sink import Sink, free_port, mail_sink


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance whose mail goes to a port where nobody listens yet."""
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def configure(folder: Path, port: int) -> None:
    section = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "khao.sat@donvi.example"\n'
    (folder / "config.toml").write_text(section, encoding="utf-8")


def put(folder: Path) -> None:
    database = open_database(folder)
    upgrade(database)
    with database.writing() as session:
        put_mail(session, "notice", "a@donvi.example", "Tiêu đề", "Nội dung")
    database.close()


def wait_for_mail(sink: Sink) -> int:
    until = time.monotonic() + PATIENCE
    while not sink.raw and time.monotonic() < until:
        time.sleep(0.1)
    return len(sink.raw)


def test_what_waits_is_sent_while_pages_are_served_and_serving_still_stops_cleanly(folder: Path) -> None:
    put(folder)
    with mail_sink() as (sink, server):
        configure(folder, server.port)
        with serving(folder) as (process, _):
            assert wait_for_mail(sink) == 1
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    logged = [json.loads(line) for line in err.splitlines()]
    assert {line["event"] for line in logged} <= {"request"}  # no word of who was written to
    assert sink.mails[0]["Subject"] == "Tiêu đề"


def test_a_trial_mail_arrives_or_says_why_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mail", "test", "a@donvi.example"]) == 1
    assert "[mail]" in capsys.readouterr().err
    with mail_sink() as (sink, server):
        configure(folder, server.port)
        assert main(["mail", "test", "a@donvi.example"]) == 0
        sink.refused["b@donvi.example"] = "550 No such user"
        assert main(["mail", "test", "b@donvi.example"]) == 1
        assert main(["mail", "test", "không phải địa chỉ"]) == 1
    said = capsys.readouterr()
    assert f"127.0.0.1:{server.port}" in said.out
    assert "550 No such user" in said.err
    assert sink.to == ["a@donvi.example"]


def test_sending_by_hand_says_how_many_went_and_why_the_others_wait(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder)
    port = free_port()
    configure(folder, port)
    assert main(["mail", "send"]) == 1
    said = capsys.readouterr()
    assert said.out == "Đã gửi 0 thư, còn 1 thư đang chờ.\n"
    assert f"127.0.0.1:{port}" in said.err
    put(folder)
    with mail_sink(port) as (sink, _):
        assert main(["mail", "send"]) in (0, 1)
    assert len(sink.mails) == 1  # the other one waits its minute


def test_a_faulty_section_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "config.toml").write_text('[mail]\nhost = "mail"\nsender = "ai đó"\n', encoding="utf-8")
    assert main(["mail", "send"]) == 1
    assert capsys.readouterr().err.startswith("config.toml, [mail]: sender “ai đó”")
