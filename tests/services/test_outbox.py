"""The outbox against a real mail server: each message goes out once, waits longer after each failure, or gives up."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.services import outbox
from survey.services.errors import Refused
from survey.services.instance import Database, change_setting
from survey.services.mail_server import MailServer, Security, read_mail_server, write_mail
from survey.services.mail_worker import MailWorker
from survey.services.outbox import LEASE, put_mail, send_waiting
from survey.storage.outbox import Message
from tests.mail_sink import PASSWORD, USER, certificate, free_port, mail_sink
from tests.services.world import NOW, at

ADDRESS = "nguyen.van.a@donvi.example"
SUBJECT = "Thư mời đặt mật khẩu: Hệ thống khảo sát mức độ sẵn sàng chuyển đổi số của các cơ quan Đảng, đoàn thể"
BODY = "Kính gửi đồng chí Nguyễn Văn A,\n\nLiên kết dùng một lần: https://khaosat.example/moi/abc\n.\nTrân trọng.\n"
NOWHERE = MailServer("127.0.0.1", 9, "khao.sat@donvi.example", security=Security.NONE, seconds=2)


def put(database: Database, address: str = ADDRESS, subject: str = SUBJECT, **later: float) -> int | None:
    with database.writing() as session:
        return put_mail(session, "invitation", address, subject, BODY, clock=at(**later))


def kept(database: Database) -> list[Message]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Message).order_by(Message.id)))


def test_a_message_is_sent_once_with_all_that_it_says(database: Database) -> None:
    put(database)
    with mail_sink() as (sink, server):
        assert send_waiting(database, server, clock=at(minutes=1)) == 1
        assert send_waiting(database, server, clock=at(days=2)) == 0
    (mail,) = sink.mails
    assert sink.to == [ADDRESS]
    assert (mail["Subject"], mail["To"], mail["Date"]) == (SUBJECT, ADDRESS, "Mon, 23 Nov 2026 09:01:00 +0700")
    assert mail["From"] == '"Khảo sát chuyển đổi số, Văn phòng" <khao.sat@donvi.example>'
    assert mail["Message-ID"].endswith("@donvi.example>")
    assert mail.get_content().replace("\r\n", "\n") == BODY
    assert mail.get_content_type() == "text/plain"
    assert sink.raw[0].isascii()  # so that any server takes it
    (message,) = kept(database)
    assert (message.body, message.sent_at, message.last_error) == ("", NOW + timedelta(minutes=1), "")


def test_a_server_that_was_down_gets_the_message_when_it_is_up_again(database: Database) -> None:
    put(database)
    port = free_port()
    down = replace(NOWHERE, port=port)
    assert send_waiting(database, down, clock=at()) == 0
    (message,) = kept(database)
    assert (message.tries, message.due_at, message.body) == (1, NOW + timedelta(minutes=1), BODY)
    assert f"127.0.0.1:{port}" in outbox.error_sentence(message.last_error)
    with mail_sink(port) as (sink, server):
        assert send_waiting(database, server, clock=at(seconds=59)) == 0  # not yet
        assert send_waiting(database, server, clock=at(seconds=60)) == 1
    assert len(sink.mails) == 1
    assert kept(database)[0].last_error == ""


def test_the_waits_grow_and_end_after_a_day_with_a_reason_and_without_the_text(database: Database) -> None:
    put(database)
    tried = []
    while (message := kept(database)[0]).given_up_at is None:
        moment = message.due_at
        tried.append(moment - NOW)
        assert send_waiting(database, NOWHERE, clock=lambda moment=moment: moment) == 0
    minutes = [one.total_seconds() / 60 for one in tried]
    assert minutes == [0, 1, 6, 21, 81, 321, 561, 801, 1041, 1281, 1440]
    assert message.body == ""
    assert outbox.error_sentence(message.last_error).startswith("Không kết nối được tới máy chủ thư")
    assert outbox.error_sentence(message.last_error, "en").startswith("The mail server")
    with mail_sink() as (sink, server):
        assert send_waiting(database, server, clock=at(days=3)) == 0
    assert sink.mails == []


def test_a_refused_address_is_given_up_at_once_and_keeps_no_other_mail_waiting(database: Database) -> None:
    put(database, "khong.co@donvi.example")
    put(database, "day@donvi.example")
    put(database)
    with mail_sink() as (sink, server):
        sink.refused["khong.co@donvi.example"] = "550 5.1.1 No such user"
        sink.refused["day@donvi.example"] = "452 4.2.2 Mailbox full"
        assert send_waiting(database, server, clock=at()) == 1
    gone, full, sent = kept(database)
    assert (gone.given_up_at, gone.body) == (NOW, "")
    assert "550 5.1.1 No such user" in outbox.error_sentence(gone.last_error)
    assert (full.given_up_at, full.due_at, full.body) == (None, NOW + timedelta(minutes=1), BODY)
    assert sent.sent_at == NOW


def test_a_server_that_demands_tls_and_a_password_is_given_both(database: Database, tmp_path: Path) -> None:
    context, trust = certificate(tmp_path)
    put(database)
    with mail_sink(tls=context) as (sink, server):
        known = replace(server, user=USER, password=PASSWORD, trust=trust)
        for wrong, why in (
            (replace(known, trust=""), "mail.error_tls"),
            (replace(known, password="sai"), "mail.error_password"),
            (replace(known, security=Security.NONE, user="", password=""), "mail.error_sender"),
        ):
            moment = kept(database)[0].due_at
            assert send_waiting(database, wrong, clock=lambda moment=moment: moment) == 0
            assert kept(database)[0].last_error.partition(" ")[0] == why
        assert PASSWORD not in kept(database)[0].last_error
        assert sink.mails == []
        assert send_waiting(database, known, clock=at(hours=1)) == 1
    assert len(sink.mails) == 1
    assert PASSWORD not in repr(known)


@pytest.mark.parametrize(
    "subject", ["Chào\r\nBcc: ke.xau@nguoi.example", "Chào\nBcc: ke.xau@nguoi.example", "Chào\u2028Bcc: x@y.example"]
)
def test_nothing_in_a_subject_begins_another_header(database: Database, subject: str) -> None:
    put(database, subject=subject)
    with mail_sink() as (sink, server):
        assert send_waiting(database, server, clock=at()) == 1
    (mail,) = sink.mails
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Chào Bcc: ")
    assert sink.to == [ADDRESS]


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b", "a b@c.example", "a@c.example,b@c.example", "a@c.example\nBcc: b@c.example", "<a@c.example>",
     "Ấ@c.example", "a@1.2.3.4", "a@-c.example", "a..b@c.example", "a@c.example\u202e", '"a b"@c.example',
     f"{'a' * 65}@c.example", f"a@{'c.' * 130}example"],
)  # fmt: skip
def test_what_is_no_address_is_never_written_to(database: Database, address: str) -> None:
    if address == "a@c.example\u202e":  # what no reader sees is not there
        assert put(database, address) is not None
        assert kept(database)[0].address == "a@c.example"
        return
    assert put(database, address) is None
    with pytest.raises(Refused):
        write_mail(NOWHERE, to=address, subject="x", body="y", number="1", at=NOW)
    assert kept(database) == []


def test_two_workers_at_once_send_each_message_once(database: Database) -> None:
    for number in range(60):
        put(database, f"nguoi{number}@donvi.example")
    with mail_sink() as (sink, server):
        done: list[int] = []
        start = threading.Barrier(4)

        def work() -> None:
            start.wait()
            done.append(send_waiting(database, server, clock=at()))

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert sum(done) == 60
    assert sorted(sink.to) == sorted({f"nguoi{number}@donvi.example" for number in range(60)})


class Killed(BaseException):
    """The process is gone: nothing of ours runs any more."""


def test_one_killed_before_the_server_had_the_mail_sends_it_later_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database)

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with mail_sink() as (sink, server):
        with monkeypatch.context() as patched:
            patched.setattr(outbox, "write_mail", dies)
            with pytest.raises(Killed):
                send_waiting(database, server, clock=at())
        assert send_waiting(database, server, clock=at(minutes=14)) == 0  # another worker may still be at it
        assert sink.mails == []
        assert send_waiting(database, server, clock=lambda: NOW + LEASE) == 1
        assert send_waiting(database, server, clock=at(days=1)) == 0
    assert len(sink.mails) == 1


def test_one_killed_after_the_server_had_the_mail_sends_it_again_under_the_same_name(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database)

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with mail_sink() as (sink, server):
        with monkeypatch.context() as patched:
            patched.setattr(outbox, "_note_sent", dies)
            with pytest.raises(Killed):
                send_waiting(database, server, clock=at())
        assert send_waiting(database, server, clock=lambda: NOW + LEASE) == 1
    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_mail_switched_off_takes_nothing_and_lets_go_of_what_waits(database: Database) -> None:
    put(database)
    with database.writing() as session:
        change_setting(session, "mail", "0")
    assert put(database) is None
    with mail_sink() as (sink, server):
        assert send_waiting(database, server, clock=at()) == 0
    assert sink.mails == []
    (message,) = kept(database)
    assert (message.body, message.given_up_at) == ("", NOW)


def test_what_is_rolled_back_is_never_sent(database: Database) -> None:
    def fails() -> None:
        with database.writing() as session:
            put_mail(session, "invitation", ADDRESS, SUBJECT, BODY, clock=at())
            raise Killed

    with pytest.raises(Killed):
        fails()
    assert kept(database) == []


def test_the_worker_sends_while_it_runs_and_stops(database: Database) -> None:
    put(database)
    with mail_sink() as (sink, server):
        worker = MailWorker(database, server, every=0.05, clock=at())
        worker.start()
        for _ in range(200):
            if kept(database)[0].sent_at is not None:
                break
            time.sleep(0.05)
        assert worker.stop()
    assert len(sink.mails) == 1


def test_the_settings_of_a_server_are_read_and_its_faults_named() -> None:
    mail = {"host": "mail.donvi.example", "sender": "Khảo sát <khao.sat@Donvi.example>", "user": "khaosat"}
    found = read_mail_server({"mail": mail}, {"SANSANGSO_MAIL_PASSWORD": "bi mat"})
    assert found == MailServer(
        "mail.donvi.example", 587, "khao.sat@donvi.example", "Khảo sát", Security.STARTTLS, "khaosat", "bi mat"
    )
    assert read_mail_server({}, {}) is None
    for changed, field in (
        ({"host": ""}, "host"),
        ({"host": "a b"}, "host"),
        ({"sender": "Khảo sát"}, "sender"),
        ({"security": "tls"}, "security"),
        ({"security": "none"}, "security"),
        ({"port": "25"}, "port"),
        ({"port": 70000}, "port"),
        ({"user": "khaosat"}, "user"),
        ({"password": "mật khẩu"}, "password"),
    ):
        with pytest.raises(Refused) as caught:
            read_mail_server({"mail": mail | {"password": "x" if field != "user" else ""} | changed}, {})
        assert caught.value.field == field
        assert caught.value.sentence("en") != caught.value.sentence("vi")
    with pytest.raises(Refused):
        read_mail_server({"mail": "mail.donvi.example"}, {})
