"""Naming somebody who approves in the leader's place, and how the leader finds what has changed, page by page."""

from datetime import timedelta

from survey.core.numbers_vi import HANOI, format_date
from survey.services.instance import system_clock
from tests.web.conftest import DEPARTMENT, WARD, Site, group_form
from tests.web.strict_client import Page


def day(later: int) -> str:
    return format_date(system_clock().astimezone(HANOI).date() + timedelta(days=later))


def test_a_deputy_is_named_on_the_page_acts_at_once_and_is_ended_there(site: Site) -> None:
    leader, deputy, path = site.client("duyet"), site.client("nhap2"), f"{site.ward}/duyet-thay"
    assert "Chưa cử ai duyệt thay" in leader.page(path).text
    assert "Cử duyệt thay" not in deputy.page(path).text
    form = leader.page(path).form(path)
    wrong = leader.send(form, until_day="mai")
    assert (wrong.status_code, 'href="#f-account"' in Page(wrong).html) == (422, True)
    chosen = next(one.get("value") for one in leader.page(path).all("option") if "nhap2" in "".join(one.itertext()))
    named = Page(leader.send(form, account=chosen, until_day=day(3), capacity="KT."))
    assert "KT. Cán bộ nhap2" in named.text
    assert "đang duyệt thay" in named.text
    assert "Đang duyệt thay lãnh đạo (KT.)" in deputy.page(f"{site.ward}/duyet").text
    assert leader.send(named.form("/ket-thuc")).status_code == 200
    assert "đã chấm dứt sớm" in leader.page(path).text
    assert "Đang duyệt thay" not in deputy.page(f"{site.ward}/duyet").text


def test_those_of_other_bodies_find_no_page(site: Site) -> None:
    assert site.client("duyet.so").get(f"{site.ward}/duyet-thay").status_code == 404
    foreign = f"/phieu/{site.submissions[WARD]}/duyet-thay/1/ket-thuc"
    client = site.client("duyet.so")
    token = client.get("/phien").json
    assert client.post(foreign, data={"csrf_token": token and token["csrf"]}).status_code == 404


def test_a_leader_reads_what_has_changed_since_the_last_look(site: Site) -> None:
    leader, clerk, path = site.client("duyet"), site.client("nhap"), f"{site.ward}/muc/2"
    assert "Lần đầu mở phiếu này" in leader.page(f"{site.ward}/duyet").text
    clerk.send(group_form(clerk, path), **{"a.2.3.a": "73"})
    found = leader.page(f"{site.ward}/duyet").text
    assert "1 thay đổi từ lần xem lúc" in found
    assert "73 người" in found


def test_the_page_of_a_phieu_leads_the_leader_to_deputies_and_says_that_an_approval_holds_no_longer(site: Site) -> None:
    leader, clerk = site.client("duyet.so"), site.client("nhap.so")
    path = f"/phieu/{site.submissions[DEPARTMENT]}"
    links = [link.get("href") for link in leader.page(path).all("a")]
    assert {f"{path}/duyet", f"{path}/duyet-thay"} <= set(links)
    assert f"{path}/duyet-thay" not in [link.get("href") for link in clerk.page(path).all("a")]
    clerk.send(clerk.page(f"{path}/kiem-tra").form("/trinh-duyet"), missing_confirmed="1")
    leader.send(leader.page(f"{path}/duyet").form("/duyet"))
    assert "Người duyệt: Cán bộ duyet.so" in clerk.page(path).text
    leader.send(leader.page(f"{path}/rut-lai").form("/rut-lai"))
    for reader in (leader, clerk):
        assert "hết hiệu lực lúc" in reader.page(path).text
        assert "Phiếu phải trình và duyệt lại" in reader.page(path).text
