"""Nhật ký: everybody reads the chains that are theirs and no others; search, pages, file, and who looked at whom."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.core.recompute import recompute
from survey.core.result_file import read_result
from survey.core.workflow import SubmissionState
from survey.services.audit import record
from survey.services.instance import DatabaseBusy, system_clock
from survey.services.people import Person
from survey.services.search_log import PER_PAGE
from survey.storage.database import Database
from survey.storage.events import Event
from survey.web.app import create_app
from tests.web.access_requests import rights
from tests.web.access_world import OWN, PARTY, Rights
from tests.web.strict_client import Page, StrictClient

__all__ = ["rights"]


@pytest.fixture
def app(rights: Rights, tmp_path: Path) -> Iterator[Flask]:
    """An application that keeps what it writes, over a copy of the instance."""
    rights.put("open", SubmissionState.SENT)
    source = rights.database.engine.raw_connection()
    with sa.create_engine(f"sqlite:///{tmp_path / 'copy.db'}").connect() as copy:
        source.driver_connection.backup(copy.connection.driver_connection)  # type: ignore[union-attr]
    source.close()
    made = create_app(tmp_path, Database(f"sqlite:///{tmp_path / 'copy.db'}"))
    made.test_client_class = StrictClient
    yield made
    made.extensions["instance"].database.close()


def client_of(rights: Rights, app: Flask, login: str) -> StrictClient:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    client.set_cookie("phien", rights.cookies[login])
    return client


def events(app: Flask, kind: str) -> list[Event]:
    with app.extensions["instance"].database.reading() as session:
        return list(session.scalars(sa.select(Event).where(Event.kind == kind).order_by(Event.id)))


def lines(page: Page) -> list[str]:
    """The words of every line of the log."""
    table = next(iter(page.root.iter("tbody")), None)
    return [] if table is None else [" ".join("".join(row.itertext()).split()) for row in table.iter("tr")]


def test_the_administrator_reads_of_the_instance_and_of_no_phieu(rights: Rights, app: Flask) -> None:
    page = client_of(rights, app, "administrator").page("/nhat-ky")
    told = lines(page)
    assert any("tạo tài khoản clerk (Người clerk)" in line for line in told)
    assert any("mở đợt đánh giá 2026 cho 3 đơn vị" in line for line in told)
    assert not [line for line in told if "lưu số liệu" in line or "Sở Y tế" in line]


def test_a_coordinator_reads_of_the_bodies_of_their_khoi(rights: Rights, app: Flask) -> None:
    told = lines(client_of(rights, app, "coordinator_of_another_khoi").page("/nhat-ky"))
    assert told
    assert all("Đảng ủy phường Ba Đình" in line for line in told)
    own = lines(client_of(rights, app, "coordinator_of_the_khoi").page("/nhat-ky"))
    assert own
    assert not [line for line in own if "Đảng ủy" in line]


def test_who_sees_totals_alone_is_told_so(rights: Rights, app: Flask) -> None:
    client = client_of(rights, app, "coordinator_of_totals")
    assert "không xem được nhật ký" in client.page("/nhat-ky").text
    file = client.get("/nhat-ky.csv").data.decode("utf-8-sig")
    assert [line.split(",")[0] for line in file.splitlines()] == ["Thời gian", "Mã nhật ký"]


def test_the_auditor_reads_everything_by_every_filter(rights: Rights, app: Flask) -> None:
    client = client_of(rights, app, "auditor")
    every = lines(client.page("/nhat-ky"))
    assert any("tạo tài khoản" in line for line in every)
    assert any("duyệt và gửi" in line for line in every)

    def found(**asked: str) -> list[str]:
        return lines(client.page("/nhat-ky", query_string=asked))

    assert all("Người leader" in line for line in found(nguoi="nguoi LEADER"))
    of_body = found(**{"don-vi": "so y te"})
    assert [line for line in of_body if "Sở Y tế" not in line and "nhập danh mục đơn vị" not in line] == []
    assert len(of_body) > 3
    assert {line.split("2026 ", 1)[1].split(" duyệt")[0] for line in found(viec="approved")} == {
        "Người leader", "Người neighbour", "Người party",
    }  # fmt: skip
    assert all("Tài khoản" in line for line in found(loai="accounts"))
    assert len(found(chua="12/QĐ-SYT")) == 3
    assert len(found(chua="NGUOI_DUNG_DAU")) == 3
    today = system_clock()
    assert found(tu=f"{today:%d/%m/%Y}", den=f"{today + timedelta(days=1):%d/%m/%Y}")
    assert found(tu="01/01/2031") == []
    assert found(den="01/01/2020") == []


def test_changes_are_told_with_both_values(rights: Rights, app: Flask) -> None:
    page = client_of(rights, app, "auditor").page("/nhat-ky", query_string={"viec": "answers_saved"})
    assert "1.2.a: – → 73" in page.text


def test_changes_of_what_is_no_figure_are_told_in_words(rights: Rights, app: Flask) -> None:
    changes = {
        "evidence:1.2": [{}, {"ids": [4, 7]}],
        "kad:2.4": [{}, {"decision": None, "reason": "Do Thành phố làm"}],
        "5.4.a": [{"value": "469"}, {"value": "498", "dated": "2026-11-13", "source": "12/SYT"}],
    }
    with app.extensions["instance"].database.writing() as session:
        record(session, "rounds", "answers_saved", None, system_clock(), changes=changes)
    page = client_of(rights, app, "auditor").page("/nhat-ky", query_string={"viec": "answers_saved", "loai": "rounds"})
    assert "tài liệu kiểm chứng của 1.2: – → 4, 7" in page.text
    assert "đề nghị không áp dụng 2.4: – → Do Thành phố làm" in page.text
    assert "5.4.a: 469 → 498 · 13/11/2026 · 12/SYT" in page.text


def test_an_odd_address_is_no_fault_and_an_odd_day_is_a_sentence(rights: Rights, app: Flask) -> None:
    client = client_of(rights, app, "auditor")
    page = client.page("/nhat-ky", query_string={"tu": "32/13/2026", "truoc": "x", "sau": "9" * 15, "loai": "?"})
    assert "“32/13/2026” không phải là ngày" in page.text
    for odd in ({"chua": "%_\\'\""}, {"nguoi": "\x00"}, {"den": "31/12/9999"}, {"tu": "01/01/0001"}, {"viec": "?"}):
        client.page("/nhat-ky", query_string=odd)


def test_every_line_is_on_one_page_and_the_way_back_is_the_same(rights: Rights, app: Flask) -> None:
    admin, client = rights.people["administrator"], client_of(rights, app, "auditor")
    database = app.extensions["instance"].database
    at = system_clock()
    with database.writing() as session:
        from survey.services import audit

        for number in range(2 * PER_PAGE + 7):  # many of them at one and the same moment
            audit.record(session, audit.INSTANCE, "log_checked", admin, at, head=f"{number:064}", counts={})
    seen: list[list[str]] = []
    page = client.page("/nhat-ky", query_string={"viec": "log_checked"})
    while True:
        seen.append(lines(page))
        if "Cũ hơn" not in page.links():
            break
        page = client.page(page.links()["Cũ hơn"])
    assert [len(part) for part in seen] == [PER_PAGE, PER_PAGE, 7]
    assert len({line for part in seen for line in part}) == 2 * PER_PAGE + 7
    back = client.page(page.links()["Mới hơn"])
    assert lines(back) == seen[1]
    assert lines(client.page(back.links()["Mới hơn"])) == seen[0]


def test_the_file_holds_what_is_found_and_its_taking_is_told(rights: Rights, app: Flask) -> None:
    client = client_of(rights, app, "auditor")
    answer = client.get("/nhat-ky.csv", query_string={"viec": "approved"})
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Thời gian", "Người thực hiện", "Việc"]
    assert len(rows) == 1 + 3 + 1
    assert "attachment" in answer.headers["Content-Disposition"]
    (told,) = events(app, "exported")
    assert rows[-1][1] in told.data  # the code of the log, pinned
    assert '"lines":3' in told.data


def test_a_look_at_another_bodys_phieu_is_told_once_an_hour(rights: Rights, app: Flask) -> None:
    number = rights.submissions[OWN]
    for login in ("auditor", "coordinator"):
        client = client_of(rights, app, login)
        for _ in range(3):
            client.page(f"/dot/2026/phieu/{number}")
    client_of(rights, app, "coordinator").page(f"/dot/2026/phieu/{rights.submissions[PARTY]}")
    client_of(rights, app, "clerk").page(f"/phieu/{number}")  # who works there leaves no note
    client_of(rights, app, "coordinator").page("/dot/2026")
    client_of(rights, app, "party_clerk_coordinating").page(f"/phieu/{number}/lich-su")
    told = [(event.stream, event.account_id) for event in events(app, "viewed")]
    people = rights.people
    assert told == [
        (f"access:{number}", people["auditor"].account_id),
        (f"access:{number}", people["coordinator"].account_id),
        (f"access:{rights.submissions[PARTY]}", people["coordinator"].account_id),
        (f"access:{number}", people["party_clerk_coordinating"].account_id),
    ]
    seen = lines(client_of(rights, app, "coordinator_of_the_khoi").page("/nhat-ky", query_string={"viec": "viewed"}))
    assert len(seen) == 3
    assert all("xem phiếu" in line for line in seen)


def test_a_busy_database_costs_the_note_and_not_the_page(
    rights: Rights, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*args: object, **kwargs: object) -> None:
        raise DatabaseBusy

    monkeypatch.setattr("survey.web.audit.viewing.note_view", busy)
    client_of(rights, app, "auditor").page(f"/dot/2026/phieu/{rights.submissions[OWN]}")
    assert events(app, "viewed") == []


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/dot/2026/tong-hop.xlsx", "workbook"),
        ("/dot/2026/ket-qua.result.json", "result"),
        ("/dot/2026/bieu-do/so-nganh/levels.png?tai=1", "chart"),
        ("/dot/2026/bieu-do/so-nganh/levels.svg?tai=1", "chart"),
    ],
)
def test_what_is_taken_away_is_told_once(rights: Rights, app: Flask, path: str, what: str) -> None:
    client = client_of(rights, app, "coordinator")
    client.page("/dot/2026/bieu-do")
    client.get("/dot/2026/bieu-do/so-nganh/levels.svg")  # the picture of the page is no file
    assert events(app, "exported") == []
    assert "attachment" in client.get(path).headers["Content-Disposition"]
    (told,) = events(app, "exported")
    assert f'"what":"{what}"' in told.data
    page = client_of(rights, app, "auditor").page("/nhat-ky", query_string={"loai": "access"})
    assert any("xuất" in line for line in lines(page))


def test_the_pages_speak_english_too(rights: Rights, app: Flask) -> None:
    page = client_of(rights, app, "auditor").page("/nhat-ky", query_string={"lang": "en"})
    assert page.h1 == "Log"
    assert "approved and sent it" in page.text
    assert isinstance(rights.people["auditor"], Person)


def test_the_result_for_checking_holds_the_bodies_of_ones_khoi_alone(rights: Rights, app: Flask) -> None:
    def taken(login: str) -> dict[str, int]:
        answer = client_of(rights, app, login).get("/dot/2026/ket-qua.result.json")
        found = recompute(read_result(answer.data, "x"), "x")
        assert found.differences == ()
        parts = json.loads(answer.data)["parts"]
        return {body["agency"]: len(body["answers"]) for part in parts for body in part["bodies"]}

    every, own = taken("coordinator"), taken("coordinator_of_the_khoi")
    assert PARTY in every
    assert own.keys() < every.keys()
    assert PARTY not in own
    assert client_of(rights, app, "clerk").get("/dot/2026/ket-qua.result.json").status_code in (403, 404)


def test_whoever_sees_totals_alone_is_led_from_the_result_to_the_ranking_that_says_so(
    rights: Rights, app: Flask
) -> None:
    client = client_of(rights, app, "coordinator_of_totals")
    answer = client.get("/dot/2026/ket-qua.result.json")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dot/2026/xep-hang")
    assert events(app, "exported") == []
