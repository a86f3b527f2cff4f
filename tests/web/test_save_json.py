"""What the saving script sends and gets: one field at a time, with the revision that the page showed."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from survey.services.open_round import close_round
from tests.web.conftest import PARTY, Site, group_form, sign_in
from tests.web.strict_client import StrictClient


def token(client: StrictClient) -> str:
    """The token for forms of the session."""
    told = client.get("/phien").json
    assert told is not None
    return str(told["csrf"])


def save(site: Site, login: str, *changes: tuple[str, str, int], client: StrictClient | None = None) -> TestResponse:
    """Send changes as the script does."""
    browser = client or site.client(login)
    rows = [{"key": key, "typed": typed, "seen": seen} for key, typed, seen in changes]
    return post(browser, f"{site.ward}/luu", {"changes": rows}, token(browser))


def post(client: StrictClient, path: str, body: Any, csrf: str) -> TestResponse:
    return client.post(path, json=body, headers={"X-CSRF-Token": csrf, "Accept": "application/json"})


def told(answer: TestResponse) -> dict[str, Any]:
    assert isinstance(answer.json, dict)
    return answer.json


def test_a_save_tells_points_reason_and_totals(site: Site) -> None:
    answer = save(site, "nhap", ("2.3.a", "73", 0), ("so_cbccvc", "106", 0))
    assert answer.status_code == 200
    first = told(answer)["answers"][0]
    assert (first["outcome"], first["revision"], first["typed"], first["fault"]) == ("saved", 1, "73", "")
    by_code = {one["code"]: one for one in told(answer)["indicators"]}
    assert by_code["2.3"]["headline"] == "13,77 / 20 điểm"
    assert "73/106" in by_code["2.3"]["because"]
    assert told(answer)["groups"]["2"] == "13,77 / 100"
    assert told(answer)["total"].startswith("13,77 / ")


def test_the_same_save_twice_is_saved_once(site: Site) -> None:
    first = save(site, "nhap", ("2.3.a", "73", 0))
    second = save(site, "nhap", ("2.3.a", "73", 0))
    assert (first.status_code, second.status_code) == (200, 200)
    assert told(second)["answers"][0]["revision"] == 1
    assert site.client("nhap").page(f"{site.ward}/lich-su").text.count("lưu số liệu") == 1


def test_a_revision_that_is_no_more_is_a_conflict_with_both_values(site: Site) -> None:
    save(site, "nhap2", ("2.3.a", "73", 0))
    answer = save(site, "nhap", ("2.3.a", "85", 0), ("2.4.a", "5", 0))
    assert answer.status_code == 409
    first, second = told(answer)["answers"]
    assert (first["outcome"], first["typed"], first["revision"]) == ("conflict", "73", 1)
    assert first["conflict"]["heads"]["theirs"].startswith("Của Cán bộ nhap2, lúc ")
    assert first["conflict"]["heads"]["use"] == "Dùng của Cán bộ nhap2"
    assert (first["conflict"]["mine"], first["conflict"]["theirs"]) == ("85 người", "73 người")
    assert first["conflict"]["label"] != ""
    assert second["outcome"] == "saved"


def test_another_window_of_ones_own_is_not_told_as_another_person(site: Site) -> None:
    save(site, "nhap", ("2.3.a", "73", 0))
    first = told(save(site, "nhap", ("2.3.a", "85", 0)))["answers"][0]
    heads = first["conflict"]["heads"]
    assert "cửa sổ khác của cùng tài khoản lúc " in heads["lead"]
    assert (heads["mine"], heads["use"]) == ("Ở trang này (chưa lưu)", "Dùng của cửa sổ kia")


def test_a_fault_is_kept_and_told(site: Site) -> None:
    first = told(save(site, "nhap", ("2.3.a", "mười", 0)))["answers"][0]
    assert (first["outcome"], first["typed"]) == ("fault", "mười")
    assert "mười" in first["fault"]


@pytest.mark.parametrize("key", ["1.1.a", "khong.co", "kad:2.1", "evidence:2.1", ""])
def test_what_is_not_the_bodys_to_write_stays_as_it_is(site: Site, key: str) -> None:
    assert told(save(site, "nhap", (key, "5", 0)))["answers"][0]["outcome"] == "read_only"


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"changes": []},
        {"changes": "x"},
        {"changes": [{}]},
        {"changes": [{"key": 1, "typed": "5", "seen": 0}]},
        {"changes": [{"key": "2.3.a", "typed": 5, "seen": 0}]},
        {"changes": [{"key": "2.3.a", "typed": "5", "seen": -1}]},
        {"changes": [{"key": "2.3.a", "typed": "5", "seen": 10**30}]},
        {"changes": [{"key": "2.3.a", "typed": "5", "seen": 0}] * 501},
    ],
)
def test_what_no_script_of_ours_sends_is_refused(site: Site, body: Any) -> None:
    client = site.client("nhap")
    assert post(client, f"{site.ward}/luu", body, token(client)).status_code == 400


def test_broken_text_is_cleaned_or_refused_never_a_fault_of_ours(site: Site) -> None:
    for typed in ("\ud800", "\x00", "a" * 100_000, "Tiếng Việt"):
        assert save(site, "nhap", ("note:2.1", typed, 0)).status_code in (200, 400, 409)


def test_without_a_session_a_save_says_so(site: Site) -> None:
    answer = post(site.anonymous(), f"{site.ward}/luu", {"changes": []}, "x")
    assert (answer.status_code, told(answer)["error"]) == (401, "401")
    assert site.anonymous().get("/phien").json == {"signed_in": False}


def test_after_signing_in_again_the_old_page_saves_with_the_new_token(site: Site) -> None:
    client = site.client("nhap", again=True)
    old = token(client)
    client.send(client.page(site.ward).form("/dang-xuat"))
    sign_in(client, "nhap")
    stale = post(client, f"{site.ward}/luu", {"changes": [{"key": "2.3.a", "typed": "7", "seen": 0}]}, old)
    assert (stale.status_code, told(stale)["error"]) == (400, "stale_form")
    assert save(site, "nhap", ("2.3.a", "7", 0), client=client).status_code == 200


def test_one_person_may_work_for_two_bodies_in_two_tabs(site: Site) -> None:
    client = site.client("nhap")
    path = f"/phieu/{site.submissions[PARTY]}/muc/1"
    assert client.send(group_form(client, path), **{"a.1.1": "nguoi_dung_dau"}).status_code == 200
    assert save(site, "nhap", ("2.3.a", "7", 0)).status_code == 200


def test_a_leader_cannot_save(site: Site) -> None:
    assert save(site, "duyet", ("2.3.a", "7", 0)).status_code == 404


def test_once_the_round_is_closed_a_save_says_why_not(site: Site) -> None:
    with site.database.writing() as session:
        from survey.services.open_round import find_round
        from survey.services.sign_in import check_password, open_session
        from tests.web.conftest import PASSWORD

        opened = open_session(session, check_password(session, "tonghop", PASSWORD))
        assert opened.signed_in is not None
        close_round(session, opened.signed_in.person, find_round(session, "2026").id)
    answer = save(site, "nhap", ("2.3.a", "7", 0))
    assert (answer.status_code, told(answer)["error"]) == (409, "blocked")
    assert "Đợt đánh giá đã đóng" in told(answer)["sentence"]
    assert "Đợt đánh giá đã đóng" in site.client("nhap").page(f"{site.ward}/muc/2").text
