"""The coordinator's pages: progress, bodies with search, one phiếu, giving it back, requests, the ranking."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from survey.core.asks import Text
from survey.core.workflow import SubmissionState
from survey.services import make_charts
from survey.services.follow_progress import Progress
from survey.web.coordinator.board import _finding
from tests.services.world import FULL
from tests.web.served import Served, build, opened
from tests.web.strict_client import StrictClient

REASON = "Chỉ số 1.1 thiếu quyết định phân công, đề nghị bổ sung"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance, to be copied."""
    folder = tmp_path_factory.mktemp("built")
    build(folder)
    return folder


@pytest.fixture
def system(built: Path, tmp_path: Path) -> Iterator[Served]:
    """An instance of its own."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    with opened(tmp_path) as system:
        yield system


@pytest.fixture
def coordinator(system: Served) -> StrictClient:
    """The coordinator's browser."""
    return system.client("coordinator")


def number_of(client: StrictClient) -> str:
    """The number of the phiếu that a clerk or leader lands on."""
    return client.page("/").response.request.path.split("/")[2]


def fill_in(clerk: StrictClient) -> str:
    """Type every answer, page by page, as a browser without scripts; the phiếu's number."""
    number = number_of(clerk)
    for link in set(clerk.page("/").links().values()):
        if "/muc/" not in link:
            continue
        page = clerk.page(link)
        for form in page.forms():
            typed = {
                f"a.{key}": text.split(";") if ";" in text else text
                for key, text in FULL.items()
                if f'name="a.{key}"' in page.html and any(name.startswith("s.") for name in form.fields)
            }
            if typed:
                clerk.send(form, **typed)
                break
    return number


def send(system: Served) -> str:
    """A phiếu filled in, presented, approved and sent; its number."""
    clerk = system.client("clerk")
    number = fill_in(clerk)
    check = clerk.page(f"/phieu/{number}/kiem-tra")
    presented = clerk.send(check.form("/trinh-duyet"), confirmed="1")
    assert presented.status_code == 200, presented.get_data(as_text=True)
    leader = system.client("leader")
    receipt = leader.send(leader.page(f"/phieu/{number}/duyet").form("/duyet"))
    assert receipt.request.path.endswith("/bien-nhan"), receipt.get_data(as_text=True)
    return number


def test_the_board_counts_every_body_and_says_what_it_found(coordinator: StrictClient) -> None:
    page = coordinator.page("/tong-hop")
    assert page.h1 == "Đợt đánh giá năm 2026"
    assert "4 đơn vị" in page.text
    assert "Chưa đơn vị nào gửi phiếu" in page.text
    assert "số liệu tạm tính đến" in page.text


@pytest.mark.parametrize("typed", ["Dân tộc", "dan toc", "DAN TOC", "SO-2"])
def test_bodies_are_found_with_and_without_marks(coordinator: StrictClient, typed: str) -> None:
    page = coordinator.page("/dot/2026/don-vi", query_string={"tim": typed})
    assert "Sở Dân tộc và Tôn giáo" in page.text
    assert "Sở Y tế" not in page.text


def test_a_search_without_result_says_what_to_do(coordinator: StrictClient) -> None:
    page = coordinator.page("/dot/2026/don-vi", query_string={"tim": "không có đâu", "trang": "99"})
    assert "Không có đơn vị nào phù hợp" in page.text


@pytest.mark.parametrize("query", [{"trang": "0"}, {"trang": "x"}, {"tinh-trang": "?"}, {"nhom": "khong-co"}])
def test_an_odd_address_is_no_fault(coordinator: StrictClient, query: dict[str, str]) -> None:
    coordinator.page("/dot/2026/don-vi", query_string=query)


@pytest.mark.parametrize(
    "path", ["/dot/2031", "/dot/2031/don-vi", "/dot/2026/phieu/9999", "/dot/2031/xep-hang", "/dot/2026/xep-hang?nhom=x"]
)
def test_what_is_not_there_is_a_404(coordinator: StrictClient, path: str) -> None:
    coordinator.page(path, status=404)


def test_a_sent_phieu_is_ranked_and_read_only(system: Served, coordinator: StrictClient) -> None:
    number = send(system)
    ranking = coordinator.page("/dot/2026/xep-hang")
    assert "Sở Y tế" in ranking.text
    assert "Chưa gửi nên chưa xếp hạng" in ranking.text
    phieu = coordinator.page(f"/dot/2026/phieu/{number}")
    assert "73" in phieu.text
    assert not [form for form in phieu.forms() if any(name.startswith("a.") for name in form.fields)]


def test_a_cohort_of_few_bodies_is_no_finding(system: Served, coordinator: StrictClient) -> None:
    send(system)
    page = coordinator.page("/dot/2026")
    assert "1/4 đơn vị đã gửi" in page.text
    assert "gửi nhiều nhất" not in page.text


def test_the_finding_names_the_cohort_of_enough_bodies_that_has_sent_most(system: Served) -> None:
    with system.app.test_request_context("/?lang=en"):
        system.app.preprocess_request()
        progress = SimpleNamespace(
            total=27, counts={SubmissionState.SENT: 10},
            cohorts=[cohort("Few", 1, 2), cohort("Departments", 3, 5), cohort("Wards", 6, 20)],
        )  # fmt: skip
        assert _finding(cast(Progress, progress)) == "10 of 27 bodies have sent; Departments: most sent (60%)"


def cohort(name: str, sent: int, total: int) -> SimpleNamespace:
    """What the finding reads of a cohort."""
    return SimpleNamespace(name=Text(name, name), sent=sent, total=total)


def test_a_chart_is_drawn_again_only_after_a_change(
    system: Served, coordinator: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = send(system)
    path = coordinator.page("/dot/2026/bieu-do").all("img")[0].get("src", "")
    first = coordinator.get(path)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-store")
    with monkeypatch.context() as patched:
        patched.setattr(make_charts, "round_data", None)  # drawing would fail
        coordinator.page(f"/dot/2026/phieu/{number}")  # to look is no change
        assert coordinator.get(path).data == first.data
    assert coordinator.get(path + "?lang=en").data != first.data
    assert system.client("clerk").get(path).status_code == 404
    coordinator.get("/dot/2026?lang=vi")
    leader = system.client("leader")
    leader.send(leader.page(f"/phieu/{number}/rut-lai").form("/rut-lai"))
    assert coordinator.get(path).status_code == 404  # nobody is ranked any more


def test_giving_back_needs_a_reason_and_the_clerk_reads_it(system: Served, coordinator: StrictClient) -> None:
    number = send(system)
    page = coordinator.page(f"/dot/2026/phieu/{number}")
    refused = coordinator.send(page.form("/tra-lai"), reason="ok")
    assert refused.status_code == 422
    assert "Cần xem lại" in refused.get_data(as_text=True)
    done = coordinator.send(page.form("/tra-lai"), reason=REASON)
    assert "Đã trả lại phiếu" in done.get_data(as_text=True)
    assert REASON in system.client("clerk").page(f"/phieu/{number}").text
    assert "Chưa đơn vị nào" in coordinator.page("/dot/2026/xep-hang").text


def test_after_the_deadline_it_is_given_back_with_a_new_one(
    system: Served, coordinator: StrictClient, tmp_path: Path
) -> None:
    number = send(system)
    with closing(sqlite3.connect(tmp_path / "test.db")) as database, database:
        database.execute("update round set closes_at = datetime('now', '-1 hour')")
    form = coordinator.page(f"/dot/2026/phieu/{number}").form("/tra-lai")
    for typed, said in (("", "chọn thời hạn mới"), ("31/02/2030", "ngày"), ("01/01/2020", "Hạn mới đã qua")):
        refused = coordinator.send(form, reason=REASON, until_date=typed)
        assert refused.status_code == 422
        assert said in refused.text
        assert REASON in refused.text
    done = coordinator.send(form, reason=REASON, until_date="02/03/2040", until_time="16h")
    assert "Đã trả lại phiếu" in done.text
    extended = coordinator.page("/dot/2026/gia-han").text
    assert "02/03/2040" in extended
    assert REASON in extended
    clerk = system.client("clerk").page(f"/phieu/{number}").text
    assert "16:00, 02/03/2040" in clerk or "16:00, thứ Sáu 02/03/2040" in clerk


def test_the_leader_returns_withdraws_and_sends_again(system: Served) -> None:
    number = send(system)
    leader = system.client("leader")
    receipt = leader.page(f"/phieu/{number}/bien-nhan")
    assert "Số biên nhận" in receipt.text
    confirm = leader.page(f"/phieu/{number}/rut-lai")
    done = leader.send(confirm.form("/rut-lai"))
    assert "Đã rút lại phiếu" in done.get_data(as_text=True)
    leader.page(f"/phieu/{number}/bien-nhan", status=404)
    clerk = system.client("clerk")
    clerk.send(clerk.page(f"/phieu/{number}/kiem-tra").form("/trinh-duyet"), confirmed="1")
    review = leader.page(f"/phieu/{number}/duyet")
    assert "chỗ còn được thêm nhiều điểm nhất" in review.text
    refused = leader.send(review.form("/tra-lai"), reason="")
    assert refused.status_code == 422
    leader.send(review.form("/tra-lai"), reason=REASON)
    assert REASON in clerk.page(f"/phieu/{number}").text


def test_approving_what_has_changed_since_is_refused_with_the_new_content(system: Served) -> None:
    clerk = system.client("clerk")
    number = fill_in(clerk)
    clerk.send(clerk.page(f"/phieu/{number}/kiem-tra").form("/trinh-duyet"), confirmed="1")
    leader = system.client("leader")
    form = leader.page(f"/phieu/{number}/duyet").form("/duyet")
    form.fields["seen"] = ["0" * 64]
    answer = leader.send(form)
    assert answer.status_code == 409


@pytest.mark.parametrize("who", ["clerk", "leader", "admin", "other"])
@pytest.mark.parametrize("path", ["/tong-hop", "/dot/2026", "/dot/2026/don-vi", "/dot/2026/khong-ap-dung"])
def test_nobody_else_sees_the_coordinators_pages(system: Served, who: str, path: str) -> None:
    system.client(who).page(path, status=404)


def test_the_administrator_finds_shuts_and_opens_accounts(system: Served) -> None:
    admin = system.client("admin")
    page = admin.page("/quan-tri/tai-khoan", query_string={"tim": "nguoi clerk"})
    assert "clerk" in page.text
    clerk = system.client("clerk")
    place = page.links()["Người clerk"]
    shut = admin.send(admin.page(place).form("/khoa"))
    assert "Đã khóa tài khoản" in shut.get_data(as_text=True)
    assert clerk.page("/phieu").h1 == "Đăng nhập"
    opened = admin.send(admin.page(place).form("/mo"))
    assert "Đã mở lại tài khoản" in opened.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/tong-hop", "/dot/2026/don-vi", "/dot/2026/khong-ap-dung", "/dot/2026/xep-hang"])
def test_the_pages_speak_english_too(coordinator: StrictClient, path: str) -> None:
    page = coordinator.page(path, query_string={"lang": "en"})
    assert page.root.get("lang") == "en"
    assert "Đơn vị" not in page.text
