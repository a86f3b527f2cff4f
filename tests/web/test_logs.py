"""The log and the metrics: a line for each request, counts for monitoring, never what a person typed or is called."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from survey.services.instance import DatabaseBusy
from survey.web.logs import REQUESTS, start_logging
from tests.web.conftest import PASSWORD, Site, group_form, sign_in
from tests.web.strict_client import Page


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What goes to stderr, with the log as `serve` sets it up."""
    stream = io.StringIO()
    root, requests = logging.getLogger(), logging.getLogger(REQUESTS)
    handlers, levels = root.handlers[:], (root.level, requests.level)
    monkeypatch.setattr("sys.stderr", stream)
    start_logging()
    yield stream
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    requests.setLevel(levels[1])


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_every_request_is_one_line_with_the_number_of_its_answer(site: Site, written: io.StringIO) -> None:
    answer = site.client("nhap").get(f"{site.ward}?tim=x")
    line = lines(written)[-1]
    assert line["request"] == answer.headers["X-Request-Id"]
    assert (line["level"], line["route"], line["status"]) == ("info", "/phieu/<int:number>", 200)
    assert line["ms"] > 0
    assert isinstance(line["account"], int)
    assert site.anonymous().get("/khong-co").headers["X-Request-Id"] != line["request"]
    assert (lines(written)[-1]["route"], lines(written)[-1]["account"]) == (None, None)


def test_nothing_that_a_person_typed_or_is_called_is_in_the_log(
    site: Site, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "so-bi-mat-73519"
    client, path = site.client("nhap"), f"{site.ward}/muc/2"
    form = group_form(client, path)
    client.post(path, data={**form.fields, "a.2.3.a": secret, "n.2.1": secret})
    client.get(f"{path}?tim={secret}", headers={"Referer": f"http://localhost/{secret}", "User-Agent": secret})
    client.get(f"/{secret}")
    sign_in(site.anonymous(), f"{secret}@coquan.vn", secret)
    site.client("quantri").get(f"/quan-tri/tai-khoan?tim={secret}")

    def broken(*args: object, **kwargs: object) -> None:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise ValueError(f"no place for {secret}") from error

    monkeypatch.setattr("survey.web.agency.fill.save_answers", broken)
    assert client.post(path, data={**form.fields, "a.2.3.a": secret}).status_code == 500
    logging.getLogger("sansangso.mail").error("not sent to %s", f"{secret}@coquan.vn")
    told = written.getvalue()
    for kept_out in (secret, PASSWORD, "Cán bộ", "quantri", "@"):
        assert kept_out not in told, kept_out
    fault = next(line for line in lines(written) if "error" in line)
    assert fault["error"] == ["ValueError", "KeyError"]
    assert any(place.startswith("agency/") or "fill.py" in place for place in fault["where"])
    assert len(lines(written)) > 8


def test_a_fault_of_ours_gives_its_number_on_the_page_and_to_scripts(
    site: Site, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    client = site.client("nhap")
    monkeypatch.setattr("survey.web.agency.pages.read_submission", broken)
    answer = client.get(site.ward)
    number = answer.headers["X-Request-Id"]
    assert number in Page(answer).text
    assert {line["request"] for line in lines(written) if line["level"] == "error"} == {number}
    answer = client.get(site.ward, headers={"Accept": "application/json"})
    assert answer.json is not None
    assert answer.json["request"] == answer.headers["X-Request-Id"]


def test_a_page_that_is_missing_carries_no_number(site: Site) -> None:
    answer = site.client("nhap").get("/phieu/999999")
    assert answer.headers["X-Request-Id"] not in answer.text


def test_what_a_browser_sends_as_a_number_is_not_believed(site: Site) -> None:
    answer = site.anonymous().get("/", headers={"X-Request-Id": "evil"})
    assert answer.headers["X-Request-Id"] != "evil"


def told(site: Site, **headers: str) -> dict[str, float]:
    """The metrics by name with labels."""
    answer = site.anonymous().get("/metrics", headers=headers)
    assert answer.status_code == 200
    rows = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in rows}


def test_metrics_count_requests_saves_and_a_busy_database(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client, path = site.client("nhap"), f"{site.ward}/muc/2"
    form = group_form(client, path)
    assert client.post(path, data={**form.fields, "a.2.3.a": "73"}).status_code == 302

    def busy(*args: object, **kwargs: object) -> None:
        raise DatabaseBusy

    with monkeypatch.context() as patch:
        patch.setattr("survey.web.agency.fill.save_answers", busy)
        assert client.post(path, data={**form.fields, "a.2.3.a": "74"}).status_code == 503
    found = told(site)
    rule = "/phieu/<int:number>/muc/<code>"
    assert found[f'sansangso_requests_total{{method="POST",route="{rule}",status="302"}}'] == 1
    assert found[f'sansangso_requests_total{{method="POST",route="{rule}",status="503"}}'] == 1
    assert found["sansangso_saves_total"] == 1
    assert found['sansangso_database_trouble_total{kind="busy"}'] == 1
    assert found[f'sansangso_request_seconds_count{{route="{rule}"}}'] >= 3
    assert (found["sansangso_database_up"], found["sansangso_outbox_waiting"]) == (1, 0)
    assert found["sansangso_sessions"] >= 1


def test_metrics_are_missing_to_others(site: Site) -> None:
    client = site.anonymous()
    missing = client.get("/khong-co", environ_base={"REMOTE_ADDR": "10.0.0.7"})
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x" * 4}):
        answer = client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.7"}, headers=headers)
        assert (answer.status_code, Page(answer).h1) == (404, Page(missing).h1)
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert client.get("/metrics", headers={name: "127.0.0.1"}).status_code == 404


def test_metrics_open_by_the_token_of_config(site: Site) -> None:
    config = site.app.extensions["instance"].config
    config["metrics_token"] = "một-mã-dài-hơn-16-chữ"
    sent = {"Authorization": "Bearer một-mã-dài-hơn-16-chữ".encode().decode("latin-1"), "X-Real-IP": "10.0.0.7"}
    assert site.anonymous().get("/metrics", headers=sent).status_code in (200, 404)
    config["metrics_token"] = "k" * 20
    assert site.anonymous().get("/metrics", headers={**sent, "Authorization": "Bearer " + "k" * 20}).status_code == 200
    config["metrics_token"] = "short"
    assert site.anonymous().get("/metrics", headers={**sent, "Authorization": "Bearer short"}).status_code == 404


def test_metrics_answer_while_the_database_does_not(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*args: object, **kwargs: object) -> None:
        raise DatabaseBusy

    monkeypatch.setattr("survey.web.metrics.count_load", busy)
    assert told(site)["sansangso_database_up"] == 0
