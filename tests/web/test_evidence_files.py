"""Files of documents in the browser, with scripts and without: kept once, downloaded, never opened."""

import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from survey.services.instance import change_setting
from survey.storage.events import Event
from survey.storage.files import StoredFile
from tests.core.handed_files import HOSTILE, JPEG, OFFICE_HOSTILE, PDF, content_of, word
from tests.web.conftest import Site
from tests.web.strict_client import Form, Page, StrictClient
from tests.web.test_fill_form import card, group, group_form

NAME = "Quyết định 466 – kiện toàn.exe"
TYPED = {"e.number": "466/QĐ-UBND", "e.not_secret": "1", "do": "add:2.1"}
AGAIN = {"Accept": "application/json"}


def chosen(content: bytes, name: str = NAME) -> dict[str, Any]:
    return {"e.file": (io.BytesIO(content), name)}


def opened(client: StrictClient, path: str) -> Form:
    """The page of a group with the form for a document open."""
    page = Page(client.send(group_form(client, path), do="open:2.1"))
    return next(form for form in page.forms() if form.action == path)


def add(site: Site) -> str:
    """A document without a file; its address."""
    client, path = group(site)
    client.send(opened(client, path), **TYPED)
    return next(a for a in client.page(f"{site.ward}/tai-lieu").links().values() if "/tai-lieu/" in a).partition("#")[0]


def attach(client: StrictClient, form: Form, content: bytes, **more: Any) -> TestResponse:
    return client.send(form, **{**chosen(content), "e.not_secret": "1", **more})


def kept(site: Site) -> tuple[int, int]:
    """Files, and events that tell of one."""
    with site.database.reading() as session:
        files = session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) or 0
        told = sa.select(sa.func.count()).where(Event.kind.like("evidence%"), Event.data.like('%"file":%'))
        return files, session.scalar(told) or 0


def test_a_document_is_taken_away_only_after_what_goes_with_it_is_told(site: Site) -> None:
    address = add(site)
    client = site.client("nhap")
    page = client.page(address)
    folded = ["".join(one.itertext()) for one in page.all("details")]
    assert ["khỏi chỉ số 2.1" in text for text in folded if "Xóa tài liệu này" in text] == [True]
    assert "466/QĐ-UBND" not in Page(client.send(page.form("/xoa"))).text
    history = client.page(f"{site.ward}/lich-su").text
    assert all(f"{did} tài liệu kiểm chứng 466/QĐ-UBND: 2.1" in history for did in ("thêm", "xóa"))


def test_a_document_is_added_with_its_file_without_scripts_and_read_by_others(site: Site) -> None:
    client, path = group(site)
    form = opened(client, path)
    for _ in range(3):  # the answer was lost, the form is sent again
        shown = Page(client.send(form, **TYPED, **chosen(PDF), **{"a.2.3.a": "7"}))
    assert "Quyết định 466 – kiện toàn.pdf" in card(shown, "2.1")
    assert kept(site) == (1, 1)
    assert group_form(client, path).fields["a.2.3.a"] == ["7"]
    for login, page in (("nhap", f"{site.ward}/tai-lieu"), ("duyet", f"{site.ward}/duyet"), ("tonghop", None)):
        reader = site.client(login)
        number = site.ward.rpartition("/")[2]
        found = reader.page(page or f"/dot/2026/phieu/{number}")
        link = next(address for words, address in found.links().items() if "kiện toàn.pdf" in words)
        answer = reader.get(link)
        assert answer.data == PDF
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert f"filename*=UTF-8''{quote('Quyết định 466 – kiện toàn.pdf')}" in answer.headers["Content-Disposition"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_is_attached_replaced_and_taken_away(site: Site) -> None:
    place, client = add(site), site.client("nhap")
    page = Page(attach(client, client.page(place).form("/tep"), PDF))
    assert "Đã lưu tệp đính kèm." in page.text
    page = Page(attach(client, page.form("/tep"), word()))
    assert "Quyết định 466 – kiện toàn.docx" in page.text
    assert "Gỡ tệp này" in page.text
    page = Page(client.send(page.form("/tep/go")))
    assert "Chưa có tệp." in page.text
    history = client.page(f"{site.ward}/lich-su").text
    replaced = "thay tệp của tài liệu kiểm chứng 466/QĐ-UBND bằng"
    for said in ("đính kèm tệp", replaced, "gỡ tệp Quyết định 466 – kiện toàn.docx"):
        assert said in history


def test_the_script_is_answered_in_its_own_words_and_lost_answers_leave_one_file(site: Site) -> None:
    place, client = add(site), site.client("nhap")
    form = client.page(place).form("/tep")
    for _ in range(20):
        data = {**form.fields, **chosen(PDF), "e.not_secret": "1"}
        answer = client.post(form.action, data=data, headers=AGAIN)
        assert answer.json == {"next": place}
    assert kept(site) == (1, 1)
    refused = client.post(form.action, data={**form.fields, **chosen(b"MZ")}, headers=AGAIN)
    assert refused.status_code == 422
    assert list((refused.json or {})["faults"]) == ["file"]


def test_every_hostile_file_gets_a_page_with_its_sentence_and_the_next_good_one_works(site: Site) -> None:
    place, client = add(site), site.client("nhap")
    form = client.page(place).form("/tep")
    for made, _ in {**HOSTILE, **OFFICE_HOSTILE}.values():
        answer = attach(client, form, content_of(made))
        assert answer.status_code == 422
        assert Page(answer).by_id("tep-file").get("aria-invalid") == "true"
    assert kept(site) == (0, 0)
    assert not [path for path in Path(site.folder, "files").rglob("*") if path.is_file()]
    assert attach(client, form, JPEG).status_code == 200


def test_what_is_missing_or_ambiguous_is_said_at_its_field(site: Site) -> None:
    place, client = add(site), site.client("nhap")
    form = client.page(place).form("/tep")
    nothing = Page(client.send(form, **{"e.not_secret": "1"}))
    assert "Chọn một tệp trước khi gửi." in nothing.text
    unticked = Page(client.send(form, **chosen(PDF)))
    assert unticked.by_id("tep-not_secret").get("aria-invalid") == "true"
    marked = Page(attach(client, form, PDF, **chosen(PDF, "Kế hoạch TỐI MẬT.pdf")))
    asked = {**chosen(PDF, "Kế hoạch TỐI MẬT.pdf"), "e.not_secret": "1", "e.marks_checked": "1"}
    assert marked.by_id("tep-marks_checked").get("aria-invalid") == "true"
    assert client.send(marked.form("/tep"), **asked).status_code == 200
    content = PDF + b" " * (20 * 2**20) + b"%%EOF"
    limit, body = encode_multipart({**form.fields, "e.file": FileStorage(io.BytesIO(content), NAME)})
    large = client.post(form.action, data=body, content_type=f"multipart/form-data; boundary={limit}")
    assert large.status_code == 422
    assert "MB, quá 20,0 MB" in Page(large).text


def test_no_field_and_no_way_where_uploads_are_off(site: Site) -> None:
    place, client = add(site), site.client("nhap")
    form = client.page(place).form("/tep")
    attach(client, form, PDF)
    with site.database.writing() as session:
        change_setting(session, "uploads", "0")
    page = client.page(place)
    assert not [one for one in page.forms() if one.action.endswith("/tep")]
    assert "Quyết định 466" in page.text
    _, path = group(site)
    assert 'type="file"' not in client.page(f"{path}?them=2.1").html
    assert "không nhận tệp đính kèm" in Page(attach(client, form, JPEG)).text
    typed = {"e.number": "9/QĐ", "e.not_secret": "1", "do": "add:2.1"}
    assert "không nhận tệp đính kèm" in Page(client.send(group_form(client, path), **typed, **chosen(PDF))).text


def test_a_refused_document_keeps_what_was_typed(site: Site) -> None:
    client, path = group(site)
    answer = client.send(opened(client, path), **TYPED, **chosen(b"MZ"), **{"a.2.3.a": "7"})
    page = Page(answer)
    assert answer.status_code == 422
    assert page.by_id("e-number").get("value") == "466/QĐ-UBND"
    assert page.by_id("f-2.3.a").get("value") == "7"
    assert "Nội dung tệp là chương trình" in card(page, "2.1")
    assert kept(site) == (0, 0)
