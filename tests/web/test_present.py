"""Còn thiếu gì, trình duyệt, lấy lại: what the clerk does once the figures are in."""

from tests.web.conftest import Site, group_form
from tests.web.strict_client import Page


def present(site: Site) -> Page:
    """Confirm what is missing and press Trình duyệt."""
    client = site.client("nhap")
    form = client.page(f"{site.ward}/kiem-tra").form("/trinh-duyet")
    return Page(client.send(form, missing_confirmed="1"))


def test_what_is_missing_is_listed_with_the_way_to_its_field(site: Site) -> None:
    page = site.client("nhap").page(f"{site.ward}/kiem-tra")
    links = {address for words, address in page.links().items() if words.startswith("2.1 ")}
    assert links == {f"{site.ward}/muc/2#cs-2.1"}
    target = site.client("nhap").page(f"{site.ward}/muc/2")
    assert target.by_id("cs-2.1") is not None


def test_figures_of_other_bodies_are_not_in_the_bodys_list(site: Site) -> None:
    page = site.client("nhap").page(f"{site.ward}/kiem-tra")
    assert not any(words.startswith("1.1 ") for words in page.links())


def test_the_deadline_stands_in_a_sentence_of_its_own(site: Site) -> None:
    assert "phiếu chỉ xem được. Hạn gửi " in site.client("nhap").page(f"{site.ward}/kiem-tra").text


def test_what_is_missing_has_to_be_confirmed(site: Site) -> None:
    client = site.client("nhap")
    answer = client.send(client.page(f"{site.ward}/kiem-tra").form("/trinh-duyet"))
    assert answer.status_code == 422
    assert "Cần xem lại" in answer.text
    assert "Chưa bắt đầu" in client.page(site.ward).text


def test_a_fault_keeps_it_from_being_presented(site: Site) -> None:
    client, path = site.client("nhap"), f"{site.ward}/muc/2"
    form = client.page(f"{site.ward}/kiem-tra").form("/trinh-duyet")
    client.send(group_form(client, path), **{"a.2.3.a": "mười"})
    answer = client.send(form, missing_confirmed="1")
    assert answer.status_code == 422
    assert "/trinh-duyet" not in [f.action for f in Page(answer).forms()]


def test_presented_it_is_read_only_until_it_is_taken_back(site: Site) -> None:
    page = present(site)
    assert "Đã trình duyệt." in page.text
    client = site.client("nhap")
    assert not any("/muc/" in form.action for form in client.page(f"{site.ward}/muc/2").forms())
    back = Page(client.send(client.page(site.ward).form("/lay-lai")))
    assert "Đã lấy lại phiếu để sửa." in back.text
    assert any("/muc/" in form.action for form in client.page(f"{site.ward}/muc/2").forms())


def test_presenting_twice_is_presenting_once(site: Site) -> None:
    client = site.client("nhap")
    form = client.page(f"{site.ward}/kiem-tra").form("/trinh-duyet")
    for _ in range(2):
        assert client.send(form, missing_confirmed="1").status_code == 200
    assert client.page(f"{site.ward}/lich-su").text.count("trình duyệt") == 1


def test_the_leaders_reason_stands_on_every_page_until_it_is_presented_again(site: Site) -> None:
    present(site)
    leader = site.client("duyet")
    assert "Xem và duyệt" in leader.page(site.ward).links()
    form = leader.page(f"{site.ward}/duyet").form("/tra-lai")
    leader.send(form, reason="Chỉ số 2.3: kiểm tra lại số người.")
    client = site.client("nhap")
    for path in (site.ward, f"{site.ward}/muc/2"):
        assert "Chỉ số 2.3: kiểm tra lại số người." in client.page(path).text
    present(site)
    assert "kiểm tra lại số người" not in client.page(site.ward).text


def test_approved_the_receipt_is_on_the_hub_and_the_history_tells_all(site: Site) -> None:
    present(site)
    leader = site.client("duyet")
    page = Page(leader.send(leader.page(f"{site.ward}/duyet").form("/duyet")))
    assert page.h1 == "Đã gửi phiếu tự đánh giá"
    hub = site.client("nhap").page(site.ward)
    assert "số biên nhận" in hub.text
    history = site.client("nhap").page(f"{site.ward}/lich-su").text
    assert history.index("duyệt và gửi") < history.index("trình duyệt")


def test_a_document_sent_while_the_phieu_is_locked_is_told_so_even_where_something_is_wrong_in_it(site: Site) -> None:
    client, path = site.client("nhap"), f"{site.ward}/muc/2"
    opened = Page(client.send(group_form(client, path), do="open:2.1"))
    form = next(form for form in opened.forms() if form.action == path)
    client.send(form, **{"e.number": "466/QĐ-UBND", "e.not_secret": "1", "do": "add:2.1"})
    links = client.page(f"{site.ward}/tai-lieu").links().values()
    place = next(address for address in links if "/tai-lieu/" in address).partition("#")[0]
    change = client.page(place).form(place)
    present(site)
    for typed in ({"e.issued": "31/02/2026"}, {"e.number": "467/QĐ-UBND", "e.not_secret": "1"}):
        answer = client.send(change, **typed)
        assert answer.status_code == 409
        assert "466/QĐ-UBND" in client.page(f"{site.ward}/tai-lieu").text
