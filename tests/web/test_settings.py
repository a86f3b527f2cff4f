"""The page of settings: what each means, the second factor asked back, what the settings take out of pages."""

import pytest

from survey.services.instance import change_setting, read_settings
from tests.web.conftest import Site, group_form
from tests.web.strict_client import Page

PATH = "/quan-tri/cai-dat"
CODE = "2.1"  # an indicator that documents prove


def test_settings_are_saved_and_stand_on_the_page_again(site: Site) -> None:
    client = site.client("quantri")
    form = client.page(PATH).form(PATH)
    del form.fields["uploads"]
    answer = client.send(form, name="Văn phòng Ban Chỉ đạo", idle_days="60")
    assert "Đã lưu cài đặt" in answer.text
    again = client.page(PATH).form(PATH)
    assert (again.fields["name"], again.fields["idle_days"]) == (["Văn phòng Ban Chỉ đạo"], ["60"])
    assert "uploads" not in again.fields
    assert "abstracts" in again.fields


def test_a_fault_keeps_what_was_typed_and_stands_at_its_field(site: Site) -> None:
    client = site.client("quantri")
    answer = client.send(client.page(PATH).form(PATH), name="Sở A", idle_days="1")
    assert answer.status_code == 422
    assert "từ 7 đến 365" in answer.text
    assert 'value="Sở A"' in answer.text


def test_the_second_factor_is_asked_back(site: Site) -> None:
    client = site.client("quantri")
    form = client.page(PATH).form(PATH)
    with site.database.writing() as session:
        change_setting(session, "second_factor", "1")
    asked = client.send(form)
    assert asked.status_code == 422
    assert "vẫn tắt xác thực hai lớp" in asked.text
    with site.database.reading() as session:
        assert read_settings(session).second_factor
    assert "Đã lưu cài đặt" in client.send(Page(asked).form(PATH), confirmed="1").text
    with site.database.reading() as session:
        assert not read_settings(session).second_factor


@pytest.mark.parametrize("login", ["nhap", "duyet", "tonghop"])
def test_others_do_not_find_the_page(site: Site, login: str) -> None:
    assert site.client(login).get(PATH).status_code == 404


def test_the_field_for_the_subject_of_documents_goes_away(site: Site) -> None:
    client, path = site.client("nhap"), f"{site.ward}/muc/2"
    form = group_form(client, path)
    opening = {**form.fields, "do": f"open:{CODE}"}
    assert 'name="e.summary"' in client.post(path, data=opening, follow_redirects=True).text
    with site.database.writing() as session:
        change_setting(session, "abstracts", "0")
    opened = client.post(path, data={**group_form(client, path).fields, "do": f"open:{CODE}"}, follow_redirects=True)
    assert 'name="e.number"' in opened.text
    assert 'name="e.summary"' not in opened.text
    typed = {
        "do": f"add:{CODE}",
        "e.number": "1/QĐ",
        "e.summary": "Về việc",
        "e.issued": "",
        "e.issuer": "",
        "e.link": "",
        "e.not_secret": "1",
    }
    answer = client.post(path, data={**group_form(client, path).fields, **typed}, follow_redirects=True)
    assert "không ghi trích yếu" in answer.text
