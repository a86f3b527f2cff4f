"""Pages of bodies of which too little is known: the words for it everywhere, never 0, no level, no rank."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.core.recompute import recompute
from survey.core.result_file import read_result
from tests.web.served import Served, served
from tests.web.strict_client import StrictClient

TERM = "Chưa đủ số liệu để tính"
FEW = f"{TERM} (mới có 40% trọng số, cần 60%)"
ENOUGH = {"1": {"a.1.1": "yes"}, "2": {"a.2.1.a": "1", "a.2.1.b": "4"}}
LITTLE = {"1": {"a.1.1": "yes"}}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Served]:
    """SO-1 and SO-3 have sent, SO-1 too little; SO-2 has sent nothing."""
    folder = tmp_path_factory.mktemp("too-few")
    feature = (repository / "questionnaires" / "features" / "too-few.yaml").read_text(encoding="utf-8")
    (folder / "rules").mkdir()
    (folder / "rules" / "questionnaire.yaml").write_text(feature.replace("id: too-few", "id: mau"), encoding="utf-8")
    with served(folder, folder / "rules") as running:
        send(running.client("clerk"), running.client("leader"), LITTLE)
        send(running.client("third"), running.client("third"), ENOUGH)
        yield running


def phieu(client: StrictClient) -> str:
    """The address of one's phiếu."""
    links = client.page("/phieu/").links()
    return "/".join(next(link for words, link in links.items() if words.startswith("1.")).split("/")[:3])


def send(clerk: StrictClient, leader: StrictClient, typed: dict[str, dict[str, str]]) -> None:
    """From answers to a receipt; every page on the way is read strictly."""
    address = phieu(clerk)
    for group, values in typed.items():
        page = clerk.page(f"{address}/muc/{group}")
        form = next(one for one in page.forms() if {key.replace("a.", "s.", 1) for key in values} <= set(one.fields))
        clerk.send(form, **values)
    clerk.send(clerk.page(f"{address}/kiem-tra").form(f"{address}/trinh-duyet"), missing_confirmed="1")
    leader.send(leader.page(f"{address}/duyet").form(f"{address}/duyet"))


def text(client: StrictClient, address: str) -> str:
    return " ".join(client.page(address).text.split())


@pytest.mark.parametrize("page", ["", "/xem", "/kiem-tra", "/in/da-nhap", "/to-trinh", "/bien-nhan"])
def test_the_clerks_pages_and_papers_say_how_much_is_there_and_needed(system: Served, page: str) -> None:
    clerk = system.client("clerk")
    shown = text(clerk, phieu(clerk) + page)
    assert FEW in shown
    assert "0,00 / 100" not in shown
    assert "Thấp”" not in shown


def test_nobody_is_told_that_what_is_left_out_earns_nothing(system: Served) -> None:
    clerk = system.client("clerk")
    for page in ("/kiem-tra", "/to-trinh", "/xem"):
        assert "tính 0 điểm" not in text(clerk, phieu(clerk) + page), page
    for page in ("/xem", "/to-trinh", "/in/da-nhap", "/muc/3"):
        shown = text(clerk, phieu(clerk) + page)
        assert TERM.lower() in shown.replace(FEW, "").lower(), page
        assert not re.search(r"(?<!\d)0,00 / 10 ", shown), page
        assert "0,00%" not in shown.replace("100,00%", "").replace("40,00%", ""), page
    assert "để ngoài những gì chưa có số liệu" in text(clerk, f"{phieu(clerk)}/kiem-tra")


def test_a_mean_is_told_with_its_weights_and_shares(system: Served) -> None:
    third = system.client("third")
    made = "Trung bình có trọng số (2 × 100% + 1 × 25%) / 3 = 75%, để ngoài 3."
    for page in ("", "/xem"):
        assert made in text(third, phieu(third) + page), page
    assert "Trung bình" not in text(system.client("clerk"), phieu(system.client("clerk")))


def test_the_leader_sees_it_before_approving(system: Served) -> None:
    leader = system.client("leader")
    assert FEW in text(leader, f"{phieu(system.client('clerk'))}/duyet")


def test_the_running_total_says_it_and_becomes_a_total_once_there_is_enough(system: Served) -> None:
    other = system.client("other")
    address = phieu(other)
    page = other.page(f"{address}/muc/1")
    assert TERM in " ".join(page.text.split())
    token = next(form.fields["csrf_token"] for form in page.forms() if "csrf_token" in form.fields)
    totals = []
    for key in ("1.1", "3.1"):
        change = {"changes": [{"key": key, "typed": "yes", "seen": 0}]}
        answer = other.post(f"{address}/luu", json=change, headers={"X-CSRF-Token": token})
        totals.append(answer.get_json()["total"])
    assert totals == [TERM, "100,00 / 100"]


def test_the_hub_tells_the_interval_and_no_points_for_single_figures(system: Served) -> None:
    clerk = system.client("clerk")
    hub = text(clerk, phieu(clerk))
    assert "Nếu nhập đủ: từ 40,00% đến 100,00%." in hub
    assert "đến +" not in hub


def test_the_ranking_lists_it_apart_and_ranks_the_others(system: Served) -> None:
    ranking = text(system.client("coordinator"), "/dot/2026/xep-hang")
    assert "Đã gửi, chưa đủ số liệu để tính nên không xếp hạng (1)" in ranking
    assert f"Sở Y tế: {FEW}" in ranking
    assert "75,00 / 100" in ranking
    assert "2 đơn vị đã gửi, 1 chưa gửi" in ranking
    assert "0,00 / 100" not in ranking
    assert "Hạ tầng số là điểm mạnh chung, Nhân lực số còn thấp nhất" in ranking  # nothing is known of 3 at all
    assert "100 25 – 75,00 / 100" in ranking
    assert "–: chưa đủ số liệu" in ranking


def test_the_board_takes_the_median_of_those_with_a_rate(system: Served) -> None:
    assert "75,00%" in text(system.client("coordinator"), "/dot/2026")


def test_charts_and_the_phieu_seen_by_the_coordinator_say_it(system: Served) -> None:
    coordinator = system.client("coordinator")
    assert TERM in text(coordinator, "/dot/2026/bieu-do")
    assert FEW in text(coordinator, f"/dot/2026{phieu(system.client('clerk'))}")


def test_the_method_says_when(system: Served) -> None:
    clerk = system.client("clerk")
    assert "ít hơn thì chưa đủ số liệu để tính" in text(clerk, f"{phieu(clerk)}/cach-tinh-diem")


def test_the_result_file_holds_no_figure_for_it_and_is_recomputed(system: Served) -> None:
    content = system.client("coordinator").get("/dot/2026/ket-qua.result.json").data
    assert recompute(read_result(content, "x"), "x").differences == ()
    bodies = {body["agency"]: body["figures"] for part in json.loads(content)["parts"] for body in part["bodies"]}
    told = bodies["SO-1"]
    assert (told["state"][""], told["maximum"][""]) == ("missing", "100")
    assert "" not in told["points"] or told["points"][""] == ""
    assert all(not told.get(name, {}).get("") for name in ("share", "rate_published", "level", "rank"))
