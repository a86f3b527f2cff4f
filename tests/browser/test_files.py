"""Files in a real browser: sent with progress; where the answer is lost, sent again by itself and kept once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from survey.services import instance
from survey.storage.events import Event
from survey.storage.files import StoredFile
from tests.browser.conftest import Site
from tests.browser.looking import look
from tests.browser.world import WARD
from tests.core.handed_files import PDF


def kept(folder: Path) -> tuple[int, int]:
    """Files and events that tell of one."""
    database = instance.open_database(folder)
    with database.reading() as session:
        files = session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) or 0
        told = session.scalar(sa.select(sa.func.count()).where(Event.data.like('%"file":%'))) or 0
    database.close()
    return files, told


def test_a_document_whose_answer_is_lost_is_sent_again_and_kept_once(site: Site, tmp_path: Path) -> None:
    page = site.page("nhap.phuong", width=375)
    page.goto(f"{site.phieu(WARD)}/muc/1?them=1.4")
    form = page.locator(".add-document")
    form.locator("[name='e.number']").fill("77/KH-UBND")
    form.locator("[name='e.file']").set_input_files({"name": "KH.pdf", "mimeType": "application/pdf", "buffer": PDF})
    form.locator("[name='e.not_secret']").check()
    lost: list[str] = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and len(lost) < 3:
            lost.append(route.request.url)
            route.fetch(max_redirects=0)  # the server does it
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/muc/1*", lose)
    form.locator("button[value^='add:']").click()
    again = form.locator("[data-upload-again]")
    for _ in range(2):
        again.click()  # waits until it is offered
    again.wait_for()
    assert "không bị gửi thành hai lần" in form.locator("[data-upload-words]").inner_text()
    assert form.locator("[name='e.number']").input_value() == "77/KH-UBND"
    look(page)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("[id='cs-1.4'] .documents", has_text="77/KH-UBND").wait_for()
    assert len(lost) == 3
    assert kept(tmp_path / "instance") == (1, 1)
