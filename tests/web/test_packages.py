"""Packages in the browser: a source is compared and trusted, its package looked at and taken, marked, and removed."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.services.instance import change_setting
from survey.services.package_format import fingerprint_of, read_package
from survey.web.app import create_app
from tests.web.conftest import WARD, Site, group_form
from tests.web.strict_client import Page, StrictClient

ROUND, SOURCES = "/dot/2026/goi-du-lieu", "/quan-tri/nguon-du-lieu"


@pytest.fixture
def sender(built: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Site]:
    """Another instance, on which the ward has sent."""
    template, submissions = built
    folder = tmp_path / "sender"
    shutil.copytree(template, folder)
    app = create_app(folder)
    app.test_client_class = StrictClient
    site = Site(app, folder, submissions)
    with site.database.writing() as session:
        change_setting(session, "instance_id", "feedfacecafe0001")
        change_setting(session, "name", "Văn phòng Thành ủy")
    client, path = site.client("nhap"), f"{site.ward}/muc/2"
    client.post(path, data={**group_form(client, path).fields, "a.2.3.a": "73"})
    yield site
    site.database.close()


def made(sender: Site, kind: str = "figures") -> bytes:
    """What the coordinator of the other instance downloads."""
    client = sender.client("tonghop")
    answer = client.send(client.page(ROUND).form(f"{ROUND}/xuat"), kind=kind)
    assert answer.mimetype == "application/json"
    assert re.fullmatch(r'attachment; filename=goi-(so-lieu|diem)-2026-feedfacecafe0001-[\d-]+\.json',
                        answer.headers["Content-Disposition"])  # fmt: skip
    return answer.get_data()


def hand_in(client: StrictClient, path: str, data: bytes, name: str = "goi.json") -> Page:
    form = client.page(path).form(path)
    sent = {**form.fields, "file": (io.BytesIO(data), name)}
    answer = client.post(path, data=sent, content_type="multipart/form-data", follow_redirects=True)
    return Page(answer)


def test_a_source_is_trusted_and_its_package_taken_and_removed(site: Site, sender: Site) -> None:
    data = made(sender)
    coordinator, administrator = site.client("tonghop"), site.client("quantri")
    unknown = hand_in(coordinator, ROUND, data)
    assert unknown.h1 == "Nguồn chưa được tin cậy"
    key = fingerprint_of(read_package(data).public_key)
    assert key in unknown.text
    assert key in Page(sender.client("quantri").get(SOURCES)).text  # what the other side reads out

    compared = hand_in(administrator, SOURCES, data)
    form = next(form for form in compared.forms() if "nguon-du-lieu/" in form.action)
    wrong = administrator.send(form, fingerprint="0000 1111")
    assert wrong.status_code == 422
    assert "không phải mã khóa" in wrong.text
    done = administrator.send(form, fingerprint=key.lower())
    assert "Văn phòng Thành ủy" in Page(done).text

    form = next(form for form in Page(done).forms() if form.action.endswith("/thoi"))
    assert "thôi tin cậy từ" in administrator.send(form).text
    assert administrator.send(form).status_code == 422  # pressed twice
    assert hand_in(coordinator, ROUND, data).h1 == "Nguồn chưa được tin cậy"
    compared = hand_in(administrator, SOURCES, data)
    form = next(form for form in compared.forms() if re.search(r"nguon-du-lieu/\d+$", form.action))
    assert "Đã tin cậy" in administrator.send(form, fingerprint=key).text

    preview = hand_in(coordinator, ROUND, data)
    assert "Sẽ nhận kết quả của" in preview.text
    form = next(form for form in preview.forms() if re.search(r"goi-du-lieu/\d+$", form.action))
    assert "Đã nhận gói dữ liệu" in coordinator.send(form).text
    assert coordinator.send(form).status_code == 404  # pressed again: it has been taken
    board = coordinator.page("/dot/2026").text
    assert "đơn vị lấy từ hệ thống khác: Văn phòng Thành ủy" in board
    assert "Từ hệ thống khác: Văn phòng Thành ủy" in coordinator.page(f"/dot/2026/don-vi?tim={WARD}").text

    ward = coordinator.page(f"/dot/2026/don-vi?tim={WARD}")
    phieu = next(link for link in ward.links().values() if "/dot/2026/phieu/" in link)
    assert "Từ hệ thống khác: Văn phòng Thành ủy" in coordinator.page(phieu).text
    page = coordinator.page(ROUND)
    form = next(form for form in page.forms() if form.action.endswith("/bo"))
    assert "Đã bỏ gói dữ liệu" in coordinator.send(form).text
    assert "lấy từ hệ thống khác" not in coordinator.page("/dot/2026").text
    assert "Từ hệ thống khác" not in coordinator.page(phieu).text


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "không phải gói"), (b"PK\x03\x04", "không phải gói"), (b'{"a": 1}', "có byte bị thay đổi")],
)
@pytest.mark.parametrize(("login", "path"), [("tonghop", ROUND), ("quantri", SOURCES)])
def test_another_file_is_refused_with_a_sentence(site: Site, login: str, path: str, content: bytes, said: str) -> None:
    page = hand_in(site.client(login), path, content)
    assert page.response.status_code == 422
    assert said in page.text


def test_no_file_at_all_is_said(site: Site) -> None:
    client = site.client("tonghop")
    answer = client.send(client.page(ROUND).form(ROUND))
    assert answer.status_code == 422
    assert "Chọn tệp gói dữ liệu" in answer.text


def test_the_decision_stands_above_the_long_list_of_bodies(site: Site, sender: Site) -> None:
    data = made(sender, "points")
    administrator = site.client("quantri")
    compared = hand_in(administrator, SOURCES, data)
    form = next(form for form in compared.forms() if "nguon-du-lieu/" in form.action)
    administrator.send(form, fingerprint=fingerprint_of(read_package(data).public_key))
    preview = hand_in(site.client("tonghop"), ROUND, data).text
    assert preview.index("Nhận kết quả của") < preview.index("HN-")


def test_a_package_that_waits_is_its_own_persons(site: Site, sender: Site) -> None:
    data = made(sender, "points")
    hand_in(site.client("quantri"), SOURCES, data)
    assert site.client("tonghop").get(f"{ROUND}/1").status_code == 404
    assert site.client("quantri").get(f"{SOURCES}/1").status_code == 200
    assert site.client("nhap").get(ROUND).status_code == 404
