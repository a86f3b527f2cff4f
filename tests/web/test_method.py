"""The page Cách tính điểm: every rule with a worked example, made from the definition that scores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.core.load import load
from survey.core.rules.group_words import group_rule_in_words
from survey.core.rules.rule_words import rule_in_words
from survey.core.rules.worked import worked_examples
from tests.web.served import Served, served

KINDS = Path(__file__).with_name("kinds")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("method"), KINDS) as running:
        yield running


def number(system: Served) -> str:
    """The phiếu of SO-1."""
    links = system.client("clerk").page("/").links()
    return next(link.split("/")[2] for words, link in links.items() if words.startswith("1."))


def test_a_body_reads_every_rule_with_an_example(system: Served) -> None:
    page = system.client("clerk").page(f"/phieu/{number(system)}/cach-tinh-diem")
    shown = " ".join(page.text.split())
    questionnaire = load(KINDS)
    for indicator in questionnaire.indicators:
        assert rule_in_words(questionnaire, indicator) in shown
        for example in worked_examples(questionnaire, indicator):
            assert example.sentence in shown
    for group in (questionnaire.whole, *questionnaire.all_groups):
        assert group_rule_in_words(questionnaire, group) in shown
    assert "Cao: tỷ lệ công bố trên 50%, và chỉ số chính 1 đạt từ 50% điểm tối đa" in shown
    assert "tỷ lệ đạt của chỉ số chính 1; tỷ lệ chưa làm tròn" in shown
    assert "Kế hoạch năm" in shown  # its basis
    assert "Khi chưa đạt điều kiện: 7,50 / 20" not in shown
    assert "nhưng chỉ được một nửa điểm tối đa vì chỉ số 1.1 mới đạt 0%, cần đủ 100%." in shown


def test_the_page_is_there_in_english_too(system: Served) -> None:
    page = system.client("clerk").page(f"/phieu/{number(system)}/cach-tinh-diem?lang=en")
    assert "How it is scored" in page.text
    assert "because 30/40 = 75%" in " ".join(page.text.split())
    system.client("clerk").page("/?lang=vi")


def test_it_is_linked_from_the_hub_and_from_each_indicator(system: Served) -> None:
    clerk = system.client("clerk")
    address = f"/phieu/{number(system)}/cach-tinh-diem"
    assert address in clerk.page(f"/phieu/{number(system)}").links().values()
    assert f"{address}#cs-1.2" in clerk.page(f"/phieu/{number(system)}/muc/1").links().values()


def test_another_body_s_is_not_there(system: Served) -> None:
    assert system.client("other").get(f"/phieu/{number(system)}/cach-tinh-diem").status_code == 404


def test_the_office_reads_every_version(system: Served) -> None:
    coordinator = system.client("coordinator")
    assert "/bo-chi-so/mau/1" in coordinator.page("/bo-chi-so").links().values()
    assert "Gửi báo cáo chậm" in coordinator.page("/bo-chi-so/mau/1").text
    assert coordinator.get("/bo-chi-so/mau/2").status_code == 404
    assert system.client("clerk").get("/bo-chi-so/mau/1").status_code == 404
