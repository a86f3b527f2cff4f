"""Pages of paper: prints carry the code and can be compared, a signed paper is recorded once, scans are safe."""

import io
import re

import docx
import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from survey.core.document import revision_of
from survey.core.paper import Capacity
from survey.services import instance
from survey.storage.submissions import Submission, standing_sign_off
from tests.core.handed_files import HOSTILE, PDF, SVG, png
from tests.web.conftest import DEPARTMENT, FRONT, PARTY, WARD, Site
from tests.web.strict_client import Form, StrictClient

CODE = re.compile(r"Mã nội dung: ([0-9A-F]{4}-[0-9A-F]{4})")
KINDS = ("trong", "da-nhap")


def save(site: Site, key: str, value: str) -> None:
    """Save one answer of the ward as the page's script does."""
    client, number = site.client("nhap"), site.submissions[WARD]
    with site.database.reading() as session:
        before = session.get_one(Submission, number).answers.get(key)
    token = client.page(site.ward).form("/dang-xuat").fields["csrf_token"][0]
    changes = {"changes": [{"key": key, "typed": value, "seen": revision_of(before)}]}
    answer = client.post(f"{site.ward}/luu", json=changes, headers={"X-CSRF-Token": token})
    assert answer.status_code == 200, answer.text


def code_of(site: Site, login: str = "nhap") -> str:
    found = CODE.search(site.client(login).page(f"{site.ward}/in/da-nhap").text)
    assert found is not None
    return found[1]


def record_form(client: StrictClient, ward: str) -> Form:
    return client.page(f"{ward}/ky-giay").form("/ky-giay")


def paper(code: str, **changes: object) -> dict[str, object]:
    today = instance.system_clock().astimezone().strftime("%d/%m/%Y")
    known = {
        "code": code, "paper_number": "125/TTr-UBND", "signed_on": today, "capacity": "KT.", "signer": "Nguyễn Thị Hòa",
        "title": "Phó Chủ tịch", "missing_confirmed": "1",
    }  # fmt: skip
    return known | changes


@pytest.mark.parametrize("kind", KINDS)
def test_no_figure_is_named_twice_in_one_cell(site: Site, kind: str) -> None:
    page = site.client("tonghop").page(f"/phieu/{site.submissions[FRONT]}/in/{kind}")
    assert "Công đoàn: số đoàn viên" in page.text
    assert re.findall(r"([^<>:]+): \1:", page.text) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("agency", [WARD, PARTY, DEPARTMENT])
def test_the_sheet_is_laid_out_for_its_body(site: Site, kind: str, agency: str) -> None:
    client = site.client("nhap.so" if agency == DEPARTMENT else "nhap")
    page = client.page(f"/phieu/{site.submissions[agency]}/in/{kind}")
    party = "ĐẢNG CỘNG SẢN VIỆT NAM" in page.text
    assert party == (agency == PARTY)
    assert ("Độc lập - Tự do - Hạnh phúc" in page.text) != party
    assert "Người cung cấp, ngày" in page.text
    assert (CODE.search(page.text) is None) == (kind == "trong")
    assert len(page.all("img")) == (0 if kind == "trong" else 1)


def test_a_blank_sheet_asks_for_every_figure_and_tells_none(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    blank = site.client("nhap").page(f"{site.ward}/in/trong")
    filled = site.client("nhap").page(f"{site.ward}/in/da-nhap")
    assert len(filled.all("tbody")) == len(blank.all("tbody")) + 1  # the signatures
    assert filled.all("tbody")[-1].get("class") == "signed"
    figures = [cell for cell in filled.all("strong") if "".join(cell.itertext()) == "37"]
    assert figures
    assert not [cell for cell in blank.all("strong") if "".join(cell.itertext()) == "37"]


def test_one_group_is_printed_alone_and_an_unknown_one_is_missing(site: Site) -> None:
    client = site.client("nhap")
    page = client.page(f"{site.ward}/in/trong?nhom=2")
    codes = [cell.text for cell in page.all("th") if cell.get("scope") == "row"]
    assert codes
    assert all(code and code.startswith("2.") for code in codes)
    for kind in (*KINDS, "trong.docx"):
        assert client.get(f"{site.ward}/in/{kind}?nhom=99").status_code == 404


@pytest.mark.parametrize("path", ["in/trong.docx", "in/da-nhap.docx", "in/trong.docx?nhom=4.A", "to-trinh.docx"])
def test_word_files_are_attached_and_open(site: Site, path: str) -> None:
    answer = site.client("nhap").get(f"{site.ward}/{path}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    opened = docx.Document(io.BytesIO(answer.data))
    assert opened.tables


def test_the_statement_says_what_a_leader_must_know(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    text = site.client("duyet").page(f"{site.ward}/to-trinh").text
    for words in ("TỜ TRÌNH", "theo điểm tự đánh giá", "Chỉ số đạt thấp nhất", "chưa có số liệu", "KT."):
        assert words in text
    assert code_of(site) in text


def test_a_group_that_does_not_apply_tells_what_its_short_word_means(site: Site) -> None:
    text = site.client("nhap.so").page(f"/phieu/{site.submissions[DEPARTMENT]}/to-trinh").text
    assert "Hoạt động kinh tế số (K.a.d.: không áp dụng)" in text
    assert text.count("(K.a.d.: không áp dụng)") == 1


def test_the_address_behind_the_qr_code_tells_whether_the_print_still_holds(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    client = site.client("duyet")
    page = client.page(f"{site.ward}/in/da-nhap")
    address = re.search(r"http://localhost(/doi-chieu/\d+/[0-9a-f]{16})", page.text)
    assert address is not None
    assert "Khớp" in client.page(address[1]).text
    save(site, "so_cbccvc", "38")
    changed = client.page(address[1]).text
    assert "Không khớp" in changed
    assert "thay đổi sau khi in" in changed
    save(site, "so_cbccvc", "37")
    assert "Khớp: mã" in client.page(address[1]).text


def test_a_code_may_be_typed_and_nonsense_is_asked_again(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    client, number = site.client("duyet"), site.submissions[WARD]
    form = client.page(f"/doi-chieu/{number}").form(f"/doi-chieu/{number}")
    typed = client.get(f"/doi-chieu/{number}", query_string={"ma": code_of(site).lower()})
    assert form.method == "get"
    assert "Khớp: mã" in typed.text
    for nonsense in ("xin chào", "../..", "<script>", "0" * 500, "\ud83d"):
        answer = client.get(f"/doi-chieu/{number}", query_string={"ma": nonsense.encode("utf-8", "replace")})
        assert answer.status_code == 200
        assert "8 ký tự" in answer.text


def test_prints_of_another_body_are_missing(site: Site) -> None:
    client, number = site.client("nhap"), site.submissions[DEPARTMENT]
    paths = [f"/phieu/{number}/ban-giay", f"/phieu/{number}/to-trinh", f"/phieu/{number}/to-trinh.docx"]
    paths += [f"/phieu/{number}/in/{kind}{ending}" for kind in KINDS for ending in ("", ".docx")]
    paths += [f"/doi-chieu/{number}", f"/doi-chieu/{number}/7f3a91c2", f"/phieu/{number}/ky-giay"]
    for path in paths:
        assert client.get(path).status_code == 404, path


def test_the_clerk_records_the_paper_and_the_receipt_tells_it(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    client = site.client("nhap")
    form = record_form(client, site.ward)
    answer = client.send(form, **paper(code_of(site)), scan=(io.BytesIO(png()), "Bản quét.exe"))
    assert answer.status_code == 200
    for words in ("125/TTr-UBND", "KT.", "Nguyễn Thị Hòa", "Phó Chủ tịch", "Tải bản quét"):
        assert words in answer.text
    link = re.search(rf"{site.ward}/ban-quet/\d+", answer.text)
    assert link is not None
    found = client.get(link[0])
    assert (found.data, found.mimetype) == (png(), "image/png")
    assert "attachment" in found.headers["Content-Disposition"]
    assert "filename*=UTF-8''B%E1%BA%A3n%20qu%C3%A9t.png" in found.headers["Content-Disposition"]
    for other in ("nhap.so", "quantri"):
        assert site.client(other).get(link[0]).status_code == 404
    office = site.client("tonghop")
    assert office.get(link[0]).status_code == 200
    assert "Ký giấy: số 125/TTr-UBND" in office.page(f"/dot/2026/phieu/{site.submissions[WARD]}").text
    assert "Ký giấy" in site.client("duyet").page(f"{site.ward}/duyet").text


def test_a_form_sent_twice_is_recorded_once(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    client = site.client("nhap")
    form, typed = record_form(client, site.ward), paper(code_of(site))
    first, second = (client.send(form, **typed) for _ in range(2))
    numbers = [re.findall(r"2026-\d{6}", answer.text)[0] for answer in (first, second)]
    assert numbers == ["2026-000001", "2026-000001"]


def test_a_code_of_an_older_print_is_refused_and_what_was_typed_stays(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    old = code_of(site)
    save(site, "so_cbccvc", "38")
    client = site.client("nhap")
    answer = client.send(record_form(client, site.ward), **paper(old))
    assert answer.status_code == 422
    assert "in bản mới" in answer.text
    assert 'value="Nguyễn Thị Hòa"' in answer.text
    assert code_of(site) not in answer.text.replace(old, "")


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_scan_is_refused_with_a_sentence(site: Site, what: str) -> None:
    save(site, "so_cbccvc", "37")
    client = site.client("nhap")
    content = HOSTILE[what][0]
    handed = (io.BytesIO(content), "../../ban\u202equet.pdf")
    answer = client.send(record_form(client, site.ward), **paper(code_of(site)), scan=handed)
    assert answer.status_code == 422
    assert 'href="#f-scan"' in answer.text
    assert not (site.folder / "files").exists()


def test_a_file_that_is_far_too_large_is_refused(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    client = site.client("nhap")
    form, code = record_form(client, site.ward), code_of(site)
    for size, status, words in ((11, 422, "quá 10,0 MB"), (13, 413, "quá lớn")):
        large = FileStorage(io.BytesIO(PDF + b" " * (size * 2**20)), "to.pdf", "scan", "application/pdf")
        boundary, content = encode_multipart({**form.fields, **paper(code), "scan": large})
        kind = f"multipart/form-data; boundary={boundary}"
        answer = client.post(
            f"{site.ward}/ky-giay", input_stream=io.BytesIO(content), content_type=kind, content_length=len(content)
        )
        assert (answer.status_code, words in answer.text) == (status, True)


def test_the_scan_comes_later_and_is_replaced(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    client = site.client("nhap")
    answer = client.send(record_form(client, site.ward), **paper(code_of(site)))
    assert "Chưa có bản quét" in answer.text
    receipt = f"{site.ward}/bien-nhan"
    refused = client.send(client.page(receipt).form("/ban-quet"), scan=(io.BytesIO(SVG), "a.svg"))
    assert refused.status_code == 422
    nothing = client.send(client.page(receipt).form("/ban-quet"))
    assert nothing.status_code == 422
    kept = client.send(client.page(receipt).form("/ban-quet"), scan=(io.BytesIO(PDF), "a.pdf"))
    assert "Đã lưu bản quét" in kept.text
    again = client.send(client.page(receipt).form("/ban-quet"), "Thay", scan=(io.BytesIO(png()), "b.png"))
    assert again.status_code == 200
    assert "thay bản quét" in client.page(f"{site.ward}/lich-su").text


def test_no_file_is_asked_for_where_uploads_are_off(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    with site.database.writing() as session:
        instance.change_setting(session, "uploads", "0")
    client = site.client("nhap")
    page = client.page(f"{site.ward}/ky-giay")
    assert not [e for e in page.all("input") if e.get("type") == "file"]
    answer = client.send(page.form("/ky-giay"), **paper(code_of(site)), scan=(io.BytesIO(PDF), "a.pdf"))
    assert answer.status_code == 422
    assert "không nhận tệp" in answer.text
    assert client.send(page.form("/ky-giay"), **paper(code_of(site))).status_code == 200


def test_a_party_body_signs_as_its_documents_write_it(site: Site) -> None:
    client, number = site.client("nhap"), site.submissions[PARTY]
    token = client.page(site.ward).form("/dang-xuat").fields["csrf_token"][0]
    changes = {"changes": [{"key": "1.2.a", "typed": "4", "seen": 0}]}
    assert client.post(f"/phieu/{number}/luu", json=changes, headers={"X-CSRF-Token": token}).status_code == 200
    page = client.page(f"/phieu/{number}/ky-giay")
    assert "K/T" in page.text
    code = CODE.search(client.page(f"/phieu/{number}/in/da-nhap").text)
    assert code is not None
    answer = client.send(page.form("/ky-giay"), **paper(code[1], paper_number="12-TTr/ĐU", title="Phó Bí thư"))
    assert "K/T Nguyễn Thị Hòa" in answer.text
    with site.database.reading() as session:
        standing = standing_sign_off(session, number)
        assert standing is not None
        assert standing.capacity == Capacity.KT


def test_the_form_is_there_only_while_a_paper_can_be_recorded(site: Site) -> None:
    client = site.client("nhap")
    assert client.get(f"{site.ward}/ky-giay").status_code == 404
    save(site, "so_cbccvc", "37")
    assert client.get(f"{site.ward}/ky-giay").status_code == 200
    assert site.client("duyet").get(f"{site.ward}/ky-giay").status_code == 404
    client.send(record_form(client, site.ward), **paper(code_of(site)))
    assert client.get(f"{site.ward}/ky-giay").status_code == 404


def test_a_phieu_with_faults_is_mended_by_its_body_before_a_paper_is_recorded(site: Site) -> None:
    save(site, "so_cbccvc", "mười")
    onward = {"nhap": f"{site.ward}/kiem-tra", "tonghop": f"/dot/2026/phieu/{site.submissions[WARD]}"}
    for login, address in onward.items():
        page = site.client(login).page(f"{site.ward}/ky-giay")
        assert "chỗ phải sửa; đơn vị sửa xong" in page.text
        assert address in [link.get("href") for link in page.all("a") if "btn" in link.get("class", "")]
        assert ("Kiểm tra và trình duyệt" in page.text) == (login == "nhap")


def test_the_coordinator_records_the_paper_of_a_body_that_only_sent_paper(site: Site) -> None:
    save(site, "so_cbccvc", "37")
    client = site.client("tonghop")
    answer = client.send(record_form(client, site.ward), **paper(code_of(site, "tonghop")))
    assert answer.status_code == 200
    assert "Đã ghi nhận bản giấy" in answer.text
    page = client.page(f"{site.ward}/bien-nhan")
    assert page.links()["Về phiếu"].startswith("/dot/2026/phieu/")
    kept = client.send(page.form("/ban-quet"), scan=(io.BytesIO(PDF), "a.pdf"))
    assert "Tải bản quét" in kept.text
    assert "ghi nhận bản giấy" in site.client("nhap").page(f"{site.ward}/lich-su").text
