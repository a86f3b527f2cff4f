"""Last year's answers: taken over by one press where still right, asked back where the new ones are far off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey.services import instance
from survey.services.open_round import open_round
from survey.services.review_submission import review_submission
from survey.services.send_for_approval import send_for_approval
from survey.services.sign_off import approve
from survey.storage.submission_rows import rows_of_round
from tests.browser.conftest import Site
from tests.browser.filler import follow, wait_until_saved
from tests.browser.looking import look
from tests.browser.world import FRONT, fill_whole, person_of

CODE = "1.2"


@pytest.fixture
def grown(site: Site, tmp_path: Path) -> Site:
    """The same with a phiếu of the Front that was sent in a round before; it stays open, which no page of this asks."""
    database = instance.open_database(tmp_path / "instance")
    now = datetime.now(UTC)
    with database.writing() as session:
        opened = open_round(
            session, code="2025", title="Đợt đánh giá năm 2025", period="Năm 2025",
            opens_at=now - timedelta(days=400), closes_at=now + timedelta(days=1),
        )  # fmt: skip
        number = next(row.id for row in rows_of_round(session, opened.round_id) if row.agency_code == FRONT)
    clerk, leader = person_of(database, "nhap.mttq"), person_of(database, "duyet.mttq")
    with database.writing() as session:
        fill_whole(session, clerk, number)
        send_for_approval(session, clerk, number, missing_confirmed=True)
        approve(session, leader, number, review_submission(session, leader, number).content_hash)
    database.close()
    return site


def test_what_is_still_right_is_taken_over_by_one_press_and_a_number_far_off_is_asked_back(grown: Site) -> None:
    page = grown.page("nhap.mttq")
    page.goto(f"{grown.phieu(FRONT)}/chi-so/{CODE}")
    card = page.locator(f'[data-indicator="{CODE}"]')
    assert "Năm 2025" in card.inner_text()
    button = card.get_by_role("button", name="Còn đúng")
    look(page)
    button.press("Enter")
    wait_until_saved(page)
    fields = [one.input_value() for one in card.locator("input[inputmode]").all()]
    assert all(fields), fields
    assert not button.is_visible()
    assert not card.locator("[data-question]").is_visible()

    card.locator("input[inputmode]").last.fill("90000")
    page.keyboard.press("Tab")
    card.locator("[data-question]").wait_for()
    assert "90.000" in card.locator("[data-question]").inner_text()
    look(page)
    page.goto(f"{grown.phieu(FRONT)}/kiem-tra")
    assert "Nên xem lại" in page.inner_text("main")
    look(page)


def test_the_leader_reads_how_the_rate_has_moved(grown: Site) -> None:
    page = grown.page("duyet.mttq")
    page.goto(f"{grown.phieu(FRONT)}/duyet")
    said = page.locator("main", has_text="Kỳ trước (Năm 2025)").inner_text()
    assert "điểm phần trăm" in said
    look(page)


def test_without_scripts_the_button_sends_the_page_and_fills_what_is_blank(grown: Site) -> None:
    page = grown.page("nhap.mttq", java_script_enabled=False)
    page.goto(f"{grown.phieu(FRONT)}/chi-so/{CODE}")
    card = page.locator(f'[data-indicator="{CODE}"]')
    card.locator("input[inputmode]").first.fill("3")
    follow(page, card.get_by_role("button", name="Còn đúng"))
    values = [one.input_value() for one in card.locator("input[inputmode]").all()]
    assert values[0] == "3"
    assert all(values)
