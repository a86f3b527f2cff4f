"""First sign-in by link and by letter, and the forgotten password: the same answer whatever was wrong."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from survey.services.invitations import Channel, Purpose, invite
from survey.storage.accounts import Account
from survey.storage.outbox import Message
from survey.web.auth import first
from tests.web.conftest import PASSWORD, Site, sign_in

NEW = "một câu mới thật dài"
ADDRESS = "https://khaosat.donvi.gov.vn"


def account_id(site: Site, login: str) -> int:
    with site.database.reading() as session:
        found = session.scalar(sa.select(Account.id).where(Account.login == login))
    assert found is not None
    return found


def secret(site: Site, channel: Channel, purpose: Purpose = Purpose.FIRST, days_ago: float = 0) -> str:
    moment = datetime.now(UTC) - timedelta(days=days_ago)
    with site.database.writing() as session:
        made_for = account_id(site, "duyet")
        return invite(session, made_for, by=None, channel=channel, purpose=purpose, clock=lambda: moment)


def by_letter(site: Site, **typed: str) -> TestResponse:
    client = site.anonymous()
    form = client.page("/dang-nhap/lan-dau").form("/dang-nhap/lan-dau")
    return client.send(form, follow=False, **{"login": "duyet", "new": NEW, "again": NEW, **typed})


def mailing(site: Site, address: str = ADDRESS) -> None:
    """Give the instance a mail server and an address, and its leader an e-mail address."""
    config = site.app.extensions["instance"].config
    config["mail"] = {"host": "127.0.0.1", "sender": "khaosat@donvi.gov.vn", "security": "none"}
    config["address"] = address
    with site.database.writing() as session:
        session.execute(sa.update(Account).where(Account.login == "duyet").values(email="duyet@donvi.gov.vn"))


def ask_for_reset(site: Site, login: str, **options: str) -> TestResponse:
    client = site.anonymous()
    form = client.page("/quen-mat-khau").form("/quen-mat-khau")
    return client.open("/quen-mat-khau", method="POST", data={**form.fields, "login": login}, **options)


def mails(site: Site) -> list[Message]:
    with site.database.reading() as session:
        return list(session.scalars(sa.select(Message).order_by(Message.id)))


def test_a_link_sets_the_password_and_signs_in(site: Site) -> None:
    client = site.anonymous()
    path = f"/moi/{secret(site, Channel.MAIL)}"
    page = client.page(path)
    assert "Cán bộ duyet" in page.text
    answer = client.send(page.form(path), new=NEW, again=NEW)
    assert answer.request.path == site.ward
    assert "Đã đặt mật khẩu và đăng nhập." in answer.text
    assert sign_in(site.anonymous(), "duyet").status_code == 422
    assert sign_in(site.anonymous(), "duyet", NEW).status_code == 302


def test_a_password_that_cannot_be_taken_leaves_the_link_as_it_was(site: Site) -> None:
    client = site.anonymous()
    path = f"/moi/{secret(site, Channel.MAIL)}"
    form = client.page(path).form(path)
    for new, again, sentence in [
        ("ngắn", "ngắn", "từ 12 đến 200 ký tự"),
        ("duyet123456789", "duyet123456789", "dễ bị đoán"),
        (NEW, "khác", "không giống nhau"),
    ]:
        answer = client.send(form, new=new, again=again)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert f'value="{new}"' not in answer.text
    assert client.send(form, new=NEW, again=NEW, follow=False).status_code == 302


def test_links_of_no_use_are_one_page(site: Site) -> None:
    client = site.anonymous()
    used = secret(site, Channel.MAIL)
    client.send(client.page(f"/moi/{used}").form(f"/moi/{used}"), new=NEW, again=NEW)
    old = secret(site, Channel.MAIL, days_ago=14.01)
    replaced = secret(site, Channel.MAIL)
    code = secret(site, Channel.LETTER)
    pages = []
    for token in (used, old, replaced, code, "x" * 43, "x", "%00", "a" * 5000):
        answer = site.anonymous().get(f"/moi/{token}")
        assert answer.status_code == 400
        pages.append(re.sub(r"/moi/[^\"?]*|csrf_token\" value=\"[^\"]*", "", answer.text))
    assert len(set(pages)) == 1
    assert "Liên kết này không còn dùng được" in pages[0]


def test_a_link_opened_twice_is_used_once(site: Site) -> None:
    one, two = site.anonymous(), site.anonymous()
    path = f"/moi/{secret(site, Channel.MAIL)}"
    forms = [client.page(path).form(path) for client in (one, two)]
    assert one.send(forms[0], new=NEW, again=NEW, follow=False).status_code == 302
    late = two.send(forms[1], new="một câu khác cũng dài", again="một câu khác cũng dài")
    assert late.status_code == 400
    assert "Liên kết này không còn dùng được" in late.text


def test_a_letters_code_sets_the_password_and_signs_in(site: Site) -> None:
    code = secret(site, Channel.LETTER)
    answer = by_letter(site, login="Duyet ", code=code.lower().replace("-", " "))
    assert answer.status_code == 302
    assert any(cookie.startswith("phien=") for cookie in answer.headers.getlist("Set-Cookie"))
    assert by_letter(site, code=code).status_code == 422


def test_what_was_typed_is_kept_but_the_password_and_a_good_code_stays_good(site: Site) -> None:
    code = secret(site, Channel.LETTER)
    answer = by_letter(site, code=code, new="ngắn", again="ngắn")
    assert answer.status_code == 422
    assert f'value="{code}"' in answer.text
    assert 'value="duyet"' in answer.text
    assert 'value="ngắn"' not in answer.text
    assert by_letter(site, code=code).status_code == 302


@pytest.mark.parametrize("login", ["duyet", "khong.co.ai"])
def test_wrong_codes_lock_a_name_known_or_not_together_with_wrong_passwords(site: Site, login: str) -> None:
    answers = [by_letter(site, login=login, code="AAAA-BBBB-CCCC") for _ in range(4)]
    assert {answer.status_code for answer in answers} == {422}
    assert sign_in(site.anonymous(), login, "sai").status_code == 429
    assert by_letter(site, login=login, code=secret(site, Channel.LETTER)).status_code == 429


def test_every_wrong_code_gets_the_same_answer(site: Site) -> None:
    code = secret(site, Channel.LETTER)
    texts = set()
    for typed in ({"login": "khong.co.ai", "code": code}, {"code": "AAAA-BBBB-CCCC"}, {"login": "nhap", "code": code}):
        answer = by_letter(site, **typed)
        assert answer.status_code == 422
        texts.add(re.sub(r'value="[^"]*"', "", answer.text))
    assert len(texts) == 1


def test_without_mail_the_page_says_whom_to_ask(site: Site) -> None:
    page = site.anonymous().page("/quen-mat-khau")
    assert "quản trị hệ thống của cơ quan tổng hợp" in page.text
    assert "Gửi liên kết" not in page.text


def test_a_mailed_link_leads_to_a_new_password(site: Site) -> None:
    mailing(site)
    answer = ask_for_reset(site, " DUYET ", follow_redirects=True)
    assert "Đã nhận yêu cầu" in answer.text
    (mail,) = mails(site)
    assert mail.address == "duyet@donvi.gov.vn"
    path = re.search(rf"{ADDRESS}(/moi/\S+)", mail.body)
    assert path is not None
    client = site.anonymous()
    assert client.send(client.page(path[1]).form(path[1]), new=NEW, again=NEW, follow=False).status_code == 302


def test_a_link_never_leads_where_a_request_says(site: Site) -> None:
    mailing(site)
    ask_for_reset(site, "duyet", headers={"Host": "evil.test", "X-Forwarded-Host": "evil.test"})
    assert not [mail for mail in mails(site) if "evil" in mail.body]
    site.app.extensions["instance"].config["address"] = ""
    assert "Gửi liên kết" not in site.anonymous().page("/quen-mat-khau").text


def test_every_name_gets_the_same_answer_after_the_same_time(site: Site) -> None:
    mailing(site)
    times, answers = {}, set()
    for login in ("duyet", "nhap", "khong.co.ai", "", "a" * 10_000):
        client = site.anonymous()
        form = client.page("/quen-mat-khau").form("/quen-mat-khau")
        begun = time.perf_counter()
        answer = client.send(form, login=login, follow=False)
        times[login] = time.perf_counter() - begun
        answers.add((answer.status_code, answer.headers["Location"], answer.text))
    assert len(answers) == 1
    assert max(times.values()) - min(times.values()) < 0.25 * first.FORGOTTEN_TAKES, times
    assert [mail.address for mail in mails(site)] == ["duyet@donvi.gov.vn"]


def test_nobody_fills_anothers_mailbox(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first, "FORGOTTEN_TAKES", 0.0)
    mailing(site)
    for _ in range(5):
        ask_for_reset(site, "duyet")
    assert len(mails(site)) == 1


def test_a_shut_account_gets_no_link(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first, "FORGOTTEN_TAKES", 0.0)
    mailing(site)
    with site.database.writing() as session:
        session.execute(sa.update(Account).where(Account.login == "duyet").values(disabled_at=datetime.now(UTC)))
    ask_for_reset(site, "duyet")
    assert mails(site) == []


def test_the_sign_in_page_leads_to_both(site: Site) -> None:
    links = site.anonymous().page("/dang-nhap").links()
    assert links["Lần đầu đăng nhập, có mã một lần"] == "/dang-nhap/lan-dau"
    assert links["Quên mật khẩu"] == "/quen-mat-khau"
    assert PASSWORD not in str(links)
