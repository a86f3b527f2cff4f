"""Lunch, and a night: a form left open saves, or keeps what was typed until its person has signed in again."""

from datetime import timedelta

import sqlalchemy as sa
from werkzeug.test import TestResponse

from survey.storage.accounts import WebSession
from tests.faults.browser import new_id
from tests.faults.conftest import size
from tests.faults.test_lost_answers import saves
from tests.web.conftest import PASSWORD, Site, group_form, sign_in
from tests.web.strict_client import Form, Page, StrictClient
from tests.web.test_save_json import post, token, told

KEY = "2.3.a"
LUNCH, NIGHT = timedelta(hours=2), timedelta(hours=13)


def age(site: Site, by: timedelta) -> None:
    """Everything that a session knows of time was that much earlier."""
    with site.database.writing() as session:
        for one in session.scalars(sa.select(WebSession)):
            one.created_at, one.last_seen = one.created_at - by, one.last_seen - by


def body(number: int) -> dict[str, object]:
    return {"id": new_id(), "changes": [{"key": KEY, "typed": str(number + 1), "seen": number}]}


def press(client: StrictClient, form: Form) -> TestResponse:
    """Send a form as a browser does, which says where it came from."""
    return client.post(form.action, data=form.fields, headers={"Origin": "http://localhost"})


def value(client: StrictClient, site: Site) -> str:
    return str(client.page(f"{site.ward}/muc/2").by_id(f"f-{KEY}").get("value"))


def test_after_two_hours_the_script_saves_with_the_token_of_the_page(site: Site) -> None:
    tries = size(3, 50)
    for number in range(tries):
        client = site.client("nhap", again=True)
        csrf = token(client)
        age(site, LUNCH)
        assert post(client, f"{site.ward}/luu", body(number), csrf).status_code == 200
        assert value(client, site) == str(number + 1)
    assert len(saves(site)) == tries


def test_after_two_hours_the_form_saves_without_a_script(site: Site) -> None:
    tries = size(2, 50)
    for number in range(tries):
        client = site.client("nhap", again=True)
        form = group_form(client, f"{site.ward}/muc/2")
        age(site, LUNCH)
        assert client.send(form, **{f"a.{KEY}": str(number + 1)}).status_code == 200
        assert value(client, site) == str(number + 1)
    assert len(saves(site)) == tries


def test_once_the_session_has_ended_the_script_saves_once_after_signing_in_again(site: Site) -> None:
    tries = size(3, 50)
    for number in range(tries):
        client = site.client("nhap", again=True)
        csrf, mine = token(client), body(number)
        age(site, NIGHT)
        ended = post(client, f"{site.ward}/luu", mine, csrf)
        assert (ended.status_code, told(ended)["error"]) == (401, "401")
        assert len(saves(site)) == number, "nothing is saved for nobody"
        sign_in(client, "nhap", PASSWORD)
        stale = post(client, f"{site.ward}/luu", mine, csrf)
        assert (stale.status_code, told(stale)["error"]) == (400, "stale_form")
        for _ in range(2):
            assert post(client, f"{site.ward}/luu", mine, token(client)).status_code == 200
        assert value(client, site) == str(number + 1)
    assert len(saves(site)) == tries


def test_once_the_session_has_ended_the_form_is_kept_on_the_page_and_saved_once(site: Site) -> None:
    tries = size(2, 50)
    for number in range(tries):
        client = site.client("nhap", again=True)
        path = f"{site.ward}/muc/2"
        form = group_form(client, path)
        form.fields[f"a.{KEY}"] = [str(number + 1)]
        age(site, NIGHT)
        kept = press(client, form)
        assert kept.status_code == 401
        assert len(saves(site)) == number
        again = Page(kept).form(path)
        assert again.fields[f"a.{KEY}"] == [str(number + 1)]
        sign_in(client, "nhap", PASSWORD)
        stale = press(client, again)
        assert stale.status_code == 400, "the token is of no session, and the text is kept once more"
        assert press(client, Page(stale).form(path)).status_code == 302
        assert value(client, site) == str(number + 1)
    assert len(saves(site)) == tries
