"""The pages of a body with surveys, verifiers' points, peers, gates, means, bonus and penalty, real numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.web.served import Served, served
from tests.web.strict_client import StrictClient

KINDS = Path(__file__).with_name("kinds")


@pytest.fixture
def system(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, KINDS) as running:
        yield running


@pytest.fixture
def clerk(system: Served) -> StrictClient:
    return system.client("clerk")


def group(clerk: StrictClient, code: str) -> str:
    """The address of a group's page."""
    return next(link for words, link in clerk.page("/").links().items() if words.startswith(f"{code}."))


def fill(clerk: StrictClient, code: str, **typed: str) -> str:
    """Fill in some fields of a page: `_1_3_n1="4"` is 4 at 1.3.n1; the page that comes back."""
    address = group(clerk, code)
    values = {f"a.{key.strip('_').replace('_', '.')}": value for key, value in typed.items()}
    shown = {f"s.{name.removeprefix('a.')}" for name in values}
    form = next(form for form in clerk.page(address).forms() if shown <= set(form.fields))
    clerk.send(form, **values)
    return clerk.page(address).text


def save(clerk: StrictClient, address: str, key: str, typed: str, seen: int) -> TestResponse:
    """Save one field as the script of a page does."""
    token = next(form.fields["csrf_token"] for form in clerk.page(address).forms() if "csrf_token" in form.fields)
    changes = [{"key": key, "typed": typed, "seen": seen}]
    return clerk.post(f"/phieu/{address.split('/')[2]}/luu", json={"changes": changes}, headers={"X-CSRF-Token": token})


def test_a_survey_asks_a_number_for_each_grade_and_shows_their_sum(clerk: StrictClient) -> None:
    page = fill(clerk, "1", _1_3_n1="60", _1_3_n2="40")
    assert "Tổng số trả lời: 100" in " ".join(page.split())
    page = fill(clerk, "1", _1_3_n3="20")
    assert "Tổng số trả lời: 120" in " ".join(page.split())
    assert "15,00 / 20 điểm vì (60 × 100% + 40 × 75% + 20 × 0%) / 120 = 75%." in " ".join(page.split())


def test_what_verifiers_grade_is_read_only_and_never_missing(clerk: StrictClient) -> None:
    page = clerk.page(group(clerk, "1"))
    assert "Do tổ thẩm định chấm, đơn vị không phải nhập." in page.text
    assert not any("a.1.4" in form.fields for form in page.forms())
    check = group(clerk, "1").rsplit("/", 2)[0] + "/kiem-tra"
    assert "Tính sáng tạo" not in clerk.page(check).text


def test_a_penalty_left_blank_is_missing_with_what_it_may_take_off_and_the_interval(clerk: StrictClient) -> None:
    check = group(clerk, "3").rsplit("/", 2)[0] + "/kiem-tra"
    shown = " ".join(clerk.page(check).text.split())
    assert "nay chưa trừ, có thể bị trừ đến 8 điểm" in shown
    assert "Nếu nhập đủ: từ 0,00% đến 100,00%." in shown
    fill(clerk, "3", _3_1="0")
    assert "có thể bị trừ" not in clerk.page(check).text


def test_a_posted_grade_of_one_s_own_is_not_taken(clerk: StrictClient) -> None:
    address = group(clerk, "1")
    answer = save(clerk, address, "1.4", "5", 0)
    assert answer.get_json()["answers"][0]["outcome"] == "read_only"


def test_a_gate_is_told_before_and_after_it_closes(clerk: StrictClient) -> None:
    page = " ".join(fill(clerk, "1", _1_1="no", _1_2_a="30", _1_2_b="40").split())
    assert "Chỉ tính trọn khi chỉ số 1.1 đạt đủ 100% điểm tối đa" in page
    assert "10,00 / 20 điểm vì 30/40 = 75%, nhưng chỉ được một nửa điểm tối đa vì chỉ số 1.1 mới đạt 0%" in page
    assert "15,00 / 20 điểm vì 30/40 = 75%." in " ".join(fill(clerk, "1", _1_1="yes").split())


def test_a_save_by_script_answers_with_what_the_gate_changed(clerk: StrictClient) -> None:
    fill(clerk, "1", _1_1="no", _1_2_a="30", _1_2_b="40")
    address = group(clerk, "1")
    answer = save(clerk, address, "1.1", "yes", 1)
    told = {one["code"]: one["headline"] for one in answer.get_json()["indicators"]}
    assert told == {"1.1": "10,00 / 10 điểm", "1.2": "15,00 / 20 điểm"}


def test_a_real_number_may_be_below_zero(clerk: StrictClient) -> None:
    page = " ".join(fill(clerk, "2", _2_1="-1,5").split())
    assert "4,25 / 10 điểm vì -1,5 phần trăm" in page
    assert "Số âm ghi dấu trừ phía trước" in page


def test_peers_wait_until_the_others_figures_are_there(clerk: StrictClient) -> None:
    page = " ".join(fill(clerk, "2", _2_2="30").split())
    assert "tính khi có số liệu của các đơn vị cùng nhóm" in page
    assert "Chờ tính điểm vì 30 dịch vụ được so với các đơn vị cùng nhóm" in page


def test_bonus_and_penalty_are_marked_and_signed(clerk: StrictClient) -> None:
    page = " ".join(fill(clerk, "1", _1_5="yes").split())
    assert "cộng tối đa 5 điểm" in page
    assert "+5,00 điểm (cộng tối đa 5) vì “Có” được điểm tối đa." in page
    page = " ".join(fill(clerk, "3", _3_1="1").split())
    assert "trừ tối đa 8 điểm" in page
    assert "−2,00 điểm (trừ tối đa 8)" in page
    hub = " ".join(clerk.page("/phieu/").text.split())
    assert "−2,00" in hub


def test_the_phieu_on_paper_takes_every_kind(clerk: StrictClient) -> None:
    fill(clerk, "1", _1_1="yes", _1_3_n1="60", _1_3_n2="40", _1_3_n3="20", _1_5="yes")
    fill(clerk, "3", _3_1="1")
    number = group(clerk, "1").split("/")[2]
    filled = " ".join(clerk.page(f"/phieu/{number}/in/da-nhap").text.split())
    assert "Do tổ thẩm định chấm; đơn vị không nhập." in filled
    assert "−2,00" in filled
    assert "+5,00" in filled
    assert "chờ: tổ thẩm định chưa chấm" in filled
    blank = " ".join(clerk.page(f"/phieu/{number}/in/trong").text.split())
    assert "Rất hài lòng" in blank
    assert "chờ:" not in blank
    word = clerk.get(f"/phieu/{number}/in/da-nhap.docx")
    with zipfile.ZipFile(io.BytesIO(word.data)) as package:
        document = package.read("word/document.xml").decode()
    assert "−2,00" in document
    assert "trừ\u00a0tối\u00a0đa\u00a08\u00a0điểm" in document


def test_a_sent_phieu_of_every_kind_is_read_ranked_and_reported(system: Served, clerk: StrictClient) -> None:
    fill(clerk, "1", _1_1="yes", _1_2_a="30", _1_2_b="40", _1_3_n1="60", _1_3_n2="40", _1_3_n3="20", _1_5="yes")
    fill(clerk, "2", _2_1="2", _2_2="3", _2_3_a="5", _2_3_b="10")
    fill(clerk, "3", _3_1="1")
    number = group(clerk, "1").split("/")[2]
    clerk.send(clerk.page(f"/phieu/{number}/kiem-tra").form(f"/phieu/{number}/trinh-duyet"))
    leader = system.client("leader")
    review = leader.page(f"/phieu/{number}/duyet")
    assert "chờ" in review.text
    leader.send(review.form(f"/phieu/{number}/duyet"))
    assert leader.page(f"/phieu/{number}/bien-nhan").text
    coordinator = system.client("coordinator")
    for page in ("xep-hang", "bieu-do"):
        assert coordinator.get(f"/dot/2026/{page}").status_code == 200
    assert "được so với các đơn vị cùng nhóm" in leader.page(f"/phieu/{number}/xem").text, "a body sees no peers"
    seen = " ".join(coordinator.page(f"/dot/2026/phieu/{number}").text.split())
    assert "10,00 / 10 điểm vì 3 dịch vụ" in seen
    assert "được so với các đơn vị cùng nhóm" not in seen


def test_the_hub_tells_what_missing_figures_of_a_mean_can_bring(clerk: StrictClient) -> None:
    fill(clerk, "2", _2_1="10")
    hub = " ".join(clerk.page("/phieu/").text.split())
    assert "đến +40" not in hub
    fill(clerk, "2", _2_1="-10")  # nothing of half the weight; the other half is missing
    hub = " ".join(clerk.page("/phieu/").text.split())
    assert "đến +20" in hub
    assert "đến +0" not in hub


def test_the_letter_to_sign_gives_each_group_its_own_figures(clerk: StrictClient) -> None:
    fill(clerk, "1", _1_1="yes", _1_5="yes")
    fill(clerk, "2", _2_1="-1,5", _2_3_a="5", _2_3_b="10")
    fill(clerk, "3", _3_1="1")
    number = group(clerk, "1").split("/")[2]
    letter = " ".join(clerk.page(f"/phieu/{number}/to-trinh").text.split())
    assert "3Điểm trừ−2,00" in letter
    assert "2Kết quả4018,0045,00%" in letter  # (2 · 0,425 + 1 · 0,5) / 3; what is missing is left out
    assert "3.1 Gửi báo cáo chậm" not in letter  # a penalty is not among those that lose most of their maximum
