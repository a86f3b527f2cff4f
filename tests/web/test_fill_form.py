"""A page of questions without any script: sent as a form, kept, explained, in conflict, with documents and requests."""

import pytest

from tests.web.conftest import DEPARTMENT, Site, card, group_form
from tests.web.strict_client import Page, StrictClient, text_of

RATIO = ("a.2.3.a", "a.so_cbccvc")


def group(site: Site, login: str = "nhap") -> tuple[StrictClient, str]:
    """A clerk at the ward's group 2."""
    return site.client(login), f"{site.ward}/muc/2"


def answer(site: Site, **typed: str) -> Page:
    """Type into the page of group 2 and press Lưu."""
    client, path = group(site)
    names = {name.replace("__", "."): value for name, value in typed.items()}
    return Page(client.send(group_form(client, path), **names))


def test_answers_are_saved_and_explained(site: Site) -> None:
    page = answer(site, **{"a.2.1": "dau_moi", "a.2.3.a": "73", "a.so_cbccvc": "1.060"})
    assert "15,00 / 30 điểm vì" in card(page, "2.1")
    assert "73/1.060" in card(page, "2.3")
    assert "Đã lưu lúc" in card(page, "2.1")
    history = site.client("nhap").page(f"{site.ward}/lich-su").text
    assert "so_cbccvc" not in history  # told by the indicator at which it is entered
    assert "2.3.a, 1.5" in history


def test_every_kind_of_control_comes_back_as_it_was_typed(site: Site) -> None:
    client, path = group(site)
    client.send(group_form(client, path), **{"a.2.1": "dau_moi", "a.2.3.a": "12 345", "n.2.1": "dòng 1\r\ndòng 2"})
    fields = group_form(client, path).fields
    assert fields["a.2.1"] == ["dau_moi"]
    assert fields["a.2.3.a"] == ["12.345"]
    assert fields["n.2.1"] == ["dòng 1\ndòng 2"]


def test_ticks_and_none_of_these_are_two_answers_and_blank_is_neither(site: Site) -> None:
    client, path = site.client("nhap"), f"{site.ward}/muc/1"
    form = group_form(client, path)
    boxes = [e.get("value", "") for e in client.page(path).all("input") if e.get("name") == "a.1.4"]
    assert boxes[-1] == "-"
    first = Page(client.send(form, **{"a.1.4": boxes[:2]}))
    assert "vì" in card(first, "1.4")
    none = Page(client.send(group_form(client, path), **{"a.1.4": ["-"]}))
    assert "0,00 / 20 điểm" in card(none, "1.4")
    assert "chưa có số liệu" not in card(none, "1.4")
    blank = Page(client.send(group_form(client, path), button="Bỏ trả lời 1.4"))
    assert "chưa có số liệu" in card(blank, "1.4")


@pytest.mark.parametrize("typed", ["mười hai", "1,5", "-3", "<b>12</b>", "=1+1", "１２", "nan", "1e5", "9" * 40])
def test_what_is_no_number_is_kept_and_told_at_its_field(site: Site, typed: str) -> None:
    page = answer(site, **{"a.2.3.a": typed})
    control = page.by_id("f-2.3.a")
    assert control.get("value") == typed
    assert control.get("aria-invalid") == "true"
    assert page.by_id("f-2.3.a-error").text
    summary = next(e for e in page.root.iter() if e.get("id") == "loi")
    assert [a.get("href") for a in summary.iter("a")] == ["#f-2.3.a"]
    assert page.text.count("0,00 / 20 điểm") >= 1


def test_an_answer_taken_from_a_wrong_list_is_told(site: Site) -> None:
    page = answer(site, **{"a.2.1": "khong_co_trong_danh_sach"})
    assert "Cần xem lại" in page.text


def test_a_part_that_is_larger_than_the_whole_is_kept_and_blocks(site: Site) -> None:
    page = answer(site, **{"a.2.4.a": "12.400", "a.2.4.b": "1.240"})
    assert "(12.400) lớn hơn" in card(page, "2.4")
    assert page.by_id("f-2.4.a").get("value") == "12.400"
    check = site.client("nhap").page(f"{site.ward}/kiem-tra")
    assert "Sửa xong 1 chỗ" in check.text


def test_text_is_never_markup(site: Site) -> None:
    page = answer(site, **{"n.2.1": '<script>alert(1)</script> & "x" =1+1'})
    assert page.by_id("f-n-2.1").text == '<script>alert(1)</script> & "x" =1+1'


def test_decomposed_letters_and_control_characters_come_back_clean(site: Site) -> None:
    page = answer(site, **{"n.2.1": "Tổ công nghệ\x00\x07 số"})
    assert page.by_id("f-n-2.1").text == "Tổ công nghệ số"


def test_a_shared_number_is_entered_once_and_shown_elsewhere(site: Site) -> None:
    page = answer(site, **{"a.so_cbccvc": "106"})
    assert [e.get("name") for e in page.all("input")].count("a.so_cbccvc") == 1
    assert "106 người nhập ở chỉ số 2.2" in card(page, "2.3")
    assert "Số liệu này cũng dùng cho" in card(page, "2.2")


def test_provided_figures_are_read_only_and_name_their_source(site: Site) -> None:
    client, path = site.client("nhap"), f"{site.ward}/muc/1"
    page = client.page(path)
    assert "không phải nhập" in card(page, "1.1")
    names = {e.get("name") for e in page.all("input")}
    assert not any(str(name).startswith(("a.1.1", "a.1.2.", "a.1.3")) for name in names)
    forged = {"a.1.1.a": "5", "s.1.1.a": "0:", "a.1.1.b": "5", "s.1.1.b": "0:"}
    page = Page(client.send(group_form(client, path), **forged))
    assert "10,00" not in card(page, "1.1")


def test_saving_a_page_leaves_alone_what_somebody_else_changed_meanwhile(site: Site) -> None:
    (mine, path), (theirs, _) = group(site), group(site, "nhap2")
    old = group_form(mine, path)
    theirs.send(group_form(theirs, path), **{"a.2.3.a": "73"})
    answer = mine.send(old, **{"a.2.4.a": "5"})
    assert answer.status_code == 200
    fields = group_form(mine, path).fields
    assert (fields["a.2.3.a"], fields["a.2.4.a"]) == (["73"], ["5"])


def conflict(site: Site) -> tuple[StrictClient, Page]:
    """Both clerks change 2.3.a from the same page; the second one also types 2.4.a."""
    (mine, path), (theirs, _) = group(site), group(site, "nhap2")
    old = group_form(mine, path)
    theirs.send(group_form(theirs, path), **{"a.2.3.a": "73"})
    answer = mine.send(old, **{"a.2.3.a": "85", "a.2.4.a": "5"})
    assert answer.status_code == 409
    return mine, Page(answer)


def test_two_values_are_shown_and_nothing_is_overwritten(site: Site) -> None:
    client, page = conflict(site)
    assert "Cán bộ nhap2 đã lưu số liệu khác lúc" in card(page, "2.3")
    sides = text_of(page.by_id("xd-2.3"))
    assert sides.index("Của tôi (chưa lưu)") < sides.index("85 người") < sides.index("Giữ của tôi")
    assert sides.index("Của Cán bộ nhap2, lúc") < sides.index("73 người") < sides.index("Dùng của Cán bộ nhap2")
    assert 'href="#xd-2.3"' in page.html
    assert page.by_id("f-2.3.a").get("value") == "85"
    fields = group_form(client, f"{site.ward}/muc/2").fields
    assert (fields["a.2.3.a"], fields["a.2.4.a"]) == (["73"], ["5"])


@pytest.mark.parametrize(("button", "left"), [("Giữ của tôi", "85"), ("Dùng của Cán bộ nhap2", "73")])
def test_a_conflict_is_settled_by_either_button(site: Site, button: str, left: str) -> None:
    client, page = conflict(site)
    path = f"{site.ward}/muc/2"
    form = next(form for form in page.forms() if form.action == path)
    pressed = "mine:2.3" if "tôi" in button else "theirs:2.3"
    assert any(button in words and value == pressed for words, _, value, _ in form.buttons)
    assert client.send(form, do=pressed).status_code == 200
    assert group_form(client, path).fields["a.2.3.a"] == [left]


def test_a_note_in_conflict_keeps_both_texts(site: Site) -> None:
    (mine, path), (theirs, _) = group(site), group(site, "nhap2")
    old = group_form(mine, path)
    theirs.send(group_form(theirs, path), **{"n.2.3": "Theo công văn số 12"})
    answer = mine.send(old, **{"n.2.3": "Theo báo cáo quý 4"})
    page = Page(answer)
    assert answer.status_code == 409
    sides = text_of(page.by_id("xd-2.3"))
    assert "Ghi chú" in sides
    assert "Theo công văn số 12" in sides
    form = next(form for form in page.forms() if form.action == path)
    assert form.fields["n.2.3"] == ["Theo báo cáo quý 4"]
    assert mine.send(form, do="mine:2.3").status_code == 200
    assert group_form(mine, path).fields["n.2.3"] == ["Theo báo cáo quý 4"]


def test_what_does_not_fit_is_asked_back_and_confirmed_with_a_reason(site: Site) -> None:
    client, path = site.client("nhap.so"), f"/phieu/{site.submissions[DEPARTMENT]}/muc/6"
    odd = {"a.tong_ho_so_tthc": "100", "a.6.5.a": "90", "a.6.5.b": "120"}
    page = Page(client.send(group_form(client, path), **odd))
    assert "lớn hơn “Tổng số hồ sơ" in card(page, "6.5")
    long = client.send(group_form(client, path), do="right:6.5", **{"r.6.5": "a" * 12_000})
    assert (long.status_code, 'href="#f-r.6.5"' in Page(long).html) == (422, True)
    page = Page(client.send(group_form(client, path), do="right:6.5", **{"r.6.5": "Có hồ sơ chuyển từ kỳ trước"}))
    assert "xác nhận “Đúng như vậy”" in card(page, "6.5")
    assert "Lý do: Có hồ sơ chuyển từ kỳ trước" in card(page, "6.5")
    page = Page(client.send(group_form(client, path), do="unright:6.5"))
    assert "xác nhận “Đúng như vậy”" not in card(page, "6.5")


def test_the_next_group_opens_once_this_one_is_saved(site: Site) -> None:
    client, path = group(site)
    answer = client.send(group_form(client, path), button="Sang mục 3", **{"a.2.3.a": "7"})
    assert answer.request.path == f"{site.ward}/muc/3"
    assert group_form(client, path).fields["a.2.3.a"] == ["7"]


def test_a_document_is_added_used_again_and_taken_off(site: Site) -> None:
    client, path = group(site)
    opened = Page(client.send(group_form(client, path), button="Thêm tài liệu kiểm chứng 2.1", **{"a.2.3.a": "7"}))
    form = next(form for form in opened.forms() if form.action == path)
    assert form.fields["a.2.3.a"] == ["7"]
    typed = {
        "e.number": "466/QĐ-UBND",
        "e.issued": "15/03/2026",
        "e.issuer": "UBND phường",
        "e.summary": "Kiện toàn",
        "e.not_secret": "1",
    }
    added = Page(client.send(form, **typed, do="add:2.1"))
    assert "466/QĐ-UBND, 15/03/2026, UBND phường" in card(added, "2.1")
    again = Page(client.send(group_form(client, path), button="Thêm tài liệu kiểm chứng 2.3"))
    form = next(form for form in again.forms() if form.action == path)
    pick = next(o.get("value", "") for o in again.by_id("f-pick").iter("option") if "466" in "".join(o.itertext()))
    used = Page(client.send(form, pick=pick, do="attach:2.3"))
    assert "466/QĐ-UBND" in card(used, "2.3")
    listed = client.page(f"{site.ward}/tai-lieu")
    assert "2.1, 2.3" in listed.text
    off = Page(client.send(group_form(client, path), do=f"detach:2.1:{pick}"))
    assert "466/QĐ-UBND" not in card(off, "2.1")
    assert "466/QĐ-UBND" in card(off, "2.3")


def test_the_place_in_a_document_and_why_there_is_none_are_saved_without_scripts(site: Site) -> None:
    client, path = group(site)
    asked = group_form(client, path)
    named = next(name for name in asked.fields if name.startswith("u."))
    shown = Page(client.send(asked, **{named: "Bản gốc do Thành phố giữ.", "do": "save"}))
    assert group_form(client, path).fields[named] == ["Bản gốc do Thành phố giữ."]
    assert "Giải trình vì sao chưa có tài liệu" in shown.text
    opened = Page(client.send(group_form(client, path), do="open:2.1"))
    form = next(form for form in opened.forms() if form.action == path)
    client.send(form, **{"e.number": "466/QĐ", "e.not_secret": "1", "do": "add:2.1"})
    cited = group_form(client, path)
    place = next(name for name in cited.fields if name.startswith("p."))
    client.send(cited, **{place: "Điều 3", "do": "save"})
    client.send(cited, **{place: "Điều 4", "do": "save"})  # an old page: the one before stays, both are shown
    assert group_form(client, path).fields[place] == ["Điều 3"]
    assert "466/QĐ (Điều 3)" in site.client("duyet").page(f"{site.ward}/duyet").text


def test_a_document_that_cannot_be_taken_is_told_and_its_text_kept(site: Site) -> None:
    client, path = group(site)
    bad = {"e.number": "466/QĐ", "e.issued": "31/02/2026", "e.link": "javascript:alert(1)", "do": "add:2.1"}
    answer = client.send(group_form(client, path), **bad, **{"a.2.3.a": "7"})
    page = Page(answer)
    assert answer.status_code == 422
    assert page.by_id("e-number").get("value") == "466/QĐ"
    assert page.by_id("e-issued").get("aria-invalid") == "true"
    assert page.by_id("e-link").get("aria-invalid") == "true"
    assert page.by_id("f-2.3.a").get("value") == "7"


def test_a_mark_of_secrecy_is_asked_about(site: Site) -> None:
    client, path = group(site)
    marked = {"e.number": "1/KH", "e.summary": "Kế hoạch TỐI MẬT", "do": "add:2.1"}
    page = Page(client.send(group_form(client, path), **marked))
    assert "Có chữ MẬT" in page.text
    assert "Đánh dấu xác nhận tài liệu không chứa bí mật nhà nước" in page.text
    asked = {**marked, "e.not_secret": "1"}
    form = next(form for form in page.forms() if form.action == path)
    warned = Page(client.send(form, **asked))
    assert "Đã xem lại: chữ MẬT không phải dấu độ mật" in warned.text
    kept = Page(client.send(form, **asked, **{"e.marks_checked": "1"}))
    assert "1/KH" in card(kept, "2.1")


def test_not_applicable_is_asked_for_with_a_reason_and_can_be_withdrawn(site: Site) -> None:
    client, path = site.client("nhap"), f"{site.ward}/muc/1"
    short = client.send(group_form(client, path), **{"k.1.6": "x", "do": "kad:1.6"})
    assert short.status_code == 422
    assert Page(short).by_id("f-k.1.6").text == "x"
    asked = Page(client.send(group_form(client, path), **{"k.1.6": "Phường không lắp camera.", "do": "kad:1.6"}))
    assert "chờ trả lời. Lý do đề nghị: Phường không lắp camera." in card(asked, "1.6")
    back = Page(client.send(group_form(client, path), do="unkad:1.6"))
    assert "chờ trả lời" not in card(back, "1.6")


def test_a_leader_reads_and_has_nothing_to_type_into(site: Site) -> None:
    page = site.client("duyet").page(f"{site.ward}/muc/2")
    assert [form.action for form in page.forms() if "/muc/" in form.action] == []
    assert "Tài khoản này xem được phiếu" in page.text


def test_a_group_that_is_not_there_is_missing(site: Site) -> None:
    client = site.client("nhap")
    for code in ("99", "4", "2.1", "%3Cb%3E"):
        assert client.get(f"{site.ward}/muc/{code}").status_code == 404


@pytest.mark.parametrize(
    "do", ["attach:2.1", "detach:2.1:x", "detach:2.1:999999", "add:9.9", "kad:9.9", "nonsense", ""]
)
def test_a_button_that_is_not_on_the_page_does_no_harm(site: Site, do: str) -> None:
    client, path = group(site)
    answer = client.send(group_form(client, path), do=do, **{"e.number": "1/KH", "e.not_secret": "1"})
    assert answer.status_code in (200, 404)
