"""Worked sentences of surveys, verifiers' points, peers, bonus and penalty, gates, and of groups, levels and ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from survey.core.answers import Case, Value
from survey.core.asks import ZeroB
from survey.core.load import load
from survey.core.modifiers import Counts
from survey.core.questionnaire import Questionnaire
from survey.core.rules.exact import outcome
from survey.core.rules.group_words import group_rule_in_words, level_in_words, ranking_in_words
from survey.core.rules.peers import NOBODY, Peers, peers_of
from survey.core.rules.words import reason, rule_in_words
from tests.core.rules.said import points_in_words


@pytest.fixture
def features(repository: Path) -> Path:
    return repository / "questionnaires" / "features"


def case(answers: Mapping[str, str], agency: str = "x") -> Case:
    values: dict[str, Value] = {key: Decimal(value) if value[-1].isdigit() else value for key, value in answers.items()}
    return Case(agency, values)


def told(questionnaire: Questionnaire, code: str, answers: Mapping[str, str], peers: Peers = NOBODY) -> str:
    """The reason; the points at its head are the exact ones."""
    indicator = questionnaire.by_code[code]
    sentence = reason(questionnaire, indicator, case(answers), peers=peers)
    settled = outcome(questionnaire, indicator, case(answers), peers)
    assert points_in_words(sentence) in (None, settled.points)
    english = reason(questionnaire, indicator, case(answers), "en", peers)
    assert points_in_words(english) == points_in_words(sentence)
    return sentence


def survey(*counts: int) -> dict[str, str]:
    return {f"1.1.n{place}": str(count) for place, count in enumerate(counts, start=1)}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (
            survey(60, 40, 15, 5),
            "16,25 / 20 điểm vì (60 × 100% + 40 × 75% + 15 × 50% + 5 × 0%) / 120 = 81,25%.",
        ),
        (
            survey(0, 0, 0, 0),
            "0,00 / 20 điểm vì chưa có ai trả lời khảo sát: nhiệm vụ chưa thực hiện nên chưa có điểm.",
        ),
        (
            survey(60, 40),
            "0,00 / 20 điểm vì chưa có số liệu “Bình thường”; “Không hài lòng”.",
        ),
        (survey(1, 1, 1, -1), "0,00 / 20 điểm vì số liệu nằm ngoài khoảng cho phép."),
    ],
)  # fmt: skip
def test_a_survey_shows_its_sum(features: Path, answers: dict[str, str], sentence: str) -> None:
    assert told(load(features / "survey.yaml"), "1.1", answers) == sentence


def test_the_verifier_s_points_wait_for_the_verifier(features: Path) -> None:
    questionnaire = load(features / "manual.yaml")
    assert told(questionnaire, "1.2", {}) == (
        "Chờ tính điểm vì tổ thẩm định chưa chấm; chưa tính vào điểm và điểm tối đa."
    )
    assert told(questionnaire, "1.2", {"1.2": "3.5"}) == "3,50 / 5 điểm theo điểm tổ thẩm định chấm."


@pytest.fixture
def cohort(features: Path) -> tuple[Questionnaire, Peers]:
    """Three bodies: 12, 30 and 80 services; 2, 4 and 6 days; growth of -2, 0 and 8."""
    questionnaire = load(features / "peer.yaml")
    figures = (("12", "2", "-2"), ("30", "4", "0"), ("80", "6", "8"))
    cases = [case(dict(zip(("1.1", "1.2", "1.3"), held, strict=True)), str(held)) for held in figures]
    return questionnaire, peers_of(questionnaire, cases)


@pytest.mark.parametrize(
    ("code", "figure", "sentence"),
    [
        (
            "1.1",
            "30",
            "2,65 / 10 điểm vì 30 dịch vụ, nhỏ nhất 12 dịch vụ, lớn nhất 80 dịch vụ trong nhóm"
            " (3 đơn vị có số liệu): (30 − 12) / (80 − 12) = 26,47%.",
        ),
        (
            "1.1",
            "9",
            "0,00 / 10 điểm vì 9 dịch vụ, nhỏ nhất 12 dịch vụ, lớn nhất 80 dịch vụ trong nhóm"
            " (3 đơn vị có số liệu): (9 − 12) / (80 − 12) = -4,41%, tính là 0%.",
        ),
        (
            "1.2",
            "4",
            "6,67 / 10 điểm vì 4 ngày, nhỏ nhất 2 ngày, lớn nhất 6 ngày trong nhóm"
            " (3 đơn vị có số liệu): (6 + 2 − 4) / 6 = 66,67%.",
        ),
        (
            "1.3",
            "0",
            "2,80 / 10 điểm vì 0 phần trăm, nhỏ nhất -2 phần trăm, lớn nhất 8 phần trăm trong nhóm"
            " (3 đơn vị có số liệu): (0 − (-2)) / (8 − (-2)) = 20%; xếp trong khoảng từ 10% điểm tối đa"
            " đến điểm tối đa thành 28%.",
        ),
    ],
)
def test_peers_are_told_with_the_lowest_and_the_highest(
    cohort: tuple[Questionnaire, Peers], code: str, figure: str, sentence: str
) -> None:
    assert told(cohort[0], code, {code: figure}, cohort[1]) == sentence


def test_without_the_others_figures_a_peer_waits(cohort: tuple[Questionnaire, Peers]) -> None:
    assert told(cohort[0], "1.1", {"1.1": "30"}) == (
        "Chờ tính điểm vì 30 dịch vụ được so với các đơn vị cùng nhóm, tính khi có số liệu của cả nhóm;"
        " chưa tính vào điểm và điểm tối đa."
    )


def test_nothing_to_compare_is_said(cohort: tuple[Questionnaire, Peers]) -> None:
    questionnaire, _ = cohort

    def alike(code: str, *figures: str) -> str:
        peers = peers_of(questionnaire, [case({code: figure}, str(place)) for place, figure in enumerate(figures)])
        return told(questionnaire, code, {code: figures[0]}, peers).split("; ")[-1]

    assert alike("1.1", "4") == "nhóm chỉ có một đơn vị có số liệu nên được điểm tối đa."
    assert alike("1.1", "4", "4") == "các đơn vị trong nhóm đều bằng nhau nên được điểm tối đa."
    assert alike("1.2", "0", "0") == "các đơn vị trong nhóm đều bằng 0 nên được một nửa điểm tối đa."


@pytest.mark.parametrize(
    ("code", "answers", "sentence"),
    [
        ("1.2", {"1.2": "yes"}, "+5,00 điểm (cộng tối đa 5) vì “Có” được điểm tối đa."),
        ("1.2", {"1.2": "no"}, "0,00 điểm (cộng tối đa 5) vì “Không” được 0 điểm."),
        ("2.1", {"2.1": "4"}, "−8,00 điểm (trừ tối đa 8) vì 4 lần, đã đến mức 4 lần nên bị trừ hết mức."),
        (
            "2.1",
            {"2.1": "1"},
            "−2,00 điểm (trừ tối đa 8) vì 1 lần, đi được 25% quãng từ mức 0 lần (không trừ) đến mức 4 lần (trừ hết).",
        ),
        ("2.1", {"2.1": "0"}, "0,00 điểm (trừ tối đa 8) vì 0 lần, chưa quá mức 0 lần nên không bị trừ điểm."),
        ("2.1", {}, "0,00 điểm (trừ tối đa 8) vì chưa có số liệu."),
    ],
)  # fmt: skip
def test_bonus_and_penalty_have_a_sign(features: Path, code: str, answers: dict[str, str], sentence: str) -> None:
    assert told(load(features / "bonus-penalty.yaml"), code, answers) == sentence


def test_a_penalty_that_is_picked_is_taken_off(features: Path) -> None:
    questionnaire = load(features / "bonus-penalty.yaml")
    indicator = replace(questionnaire.by_code["1.2"], counts=Counts.PENALTY)
    assert reason(questionnaire, indicator, case({"1.2": "yes"})) == (
        "−5,00 điểm (trừ tối đa 5) vì “Có” bị trừ hết mức."
    )
    assert (
        reason(questionnaire, indicator, case({"1.2": "no"}))
        == "0,00 điểm (trừ tối đa 5) vì “Không” không bị trừ điểm."
    )


def test_a_closed_gate_names_what_is_needed(features: Path) -> None:
    questionnaire = load(features / "gate.yaml")
    held = {"1.2.a": "30", "1.2.b": "40"}
    assert told(questionnaire, "1.2", held | {"1.1": "yes"}) == "15,00 / 20 điểm vì 30/40 = 75%."
    assert told(questionnaire, "1.2", held | {"1.1": "no"}) == (
        "10,00 / 20 điểm vì 30/40 = 75%, nhưng chỉ được một nửa điểm tối đa vì chỉ số 1.1 mới đạt 0%, cần đủ 100%."
    )
    assert told(questionnaire, "2.1", held | {"1.1": "no", "2.1": "yes"}) == (
        "0,00 / 10 điểm vì “Có” được điểm tối đa, nhưng chỉ được 0 điểm vì chỉ số chính 1 mới đạt 33,33%, cần trên 50%."
    )


def test_a_share_just_below_its_gate_is_not_shown_as_reached(features: Path) -> None:
    questionnaire = load(features / "gate.yaml")
    gated = questionnaire.by_code["2.1"]
    assert gated.gate is not None
    limit = Fraction(500001, 1000000)
    gate = replace(gated.gate, condition=replace(gated.gate.condition, limit=limit))
    held = {"1.1": "yes", "1.2.a": "1", "1.2.b": "4", "2.1": "yes"}
    assert "mới đạt 50%, cần trên 500001/1000000" in reason(questionnaire, replace(gated, gate=gate), case(held))


def test_a_gate_holds_what_no_denominator_earned(features: Path) -> None:
    questionnaire = load(features / "survey.yaml")
    gate = load(features / "gate.yaml").by_code["1.2"].gate
    assert gate is not None
    full = replace(questionnaire.by_code["1.1"], zero_b=ZeroB.FULL)
    closed = replace(full, gate=replace(gate, condition=replace(gate.condition, code="1.2")))
    held = survey(0, 0, 0, 0) | {"1.2.n1": "1", "1.2.n2": "9"}
    assert reason(questionnaire, closed, case(held)) == (
        "10,00 / 20 điểm vì chưa có ai trả lời khảo sát: không có việc phải làm nên được điểm tối đa"
        " (sẽ kiểm tra khi thẩm định), nhưng chỉ được một nửa điểm tối đa vì chỉ số 1.2 mới đạt 0%, cần đủ 100%."
    )


@pytest.mark.parametrize(
    ("feature", "code", "part"),
    [
        ("survey", "1.1", "giá trị các mức: “Rất hài lòng” 100%; “Hài lòng” 75%; “Bình thường” 50%"),
        ("survey", "1.2", "Không ai trả lời: không áp dụng."),
        ("manual", "1.2", "Tổ thẩm định chấm, từ 0 đến 5 điểm"),
        ("peer", "1.1", "(x − nhỏ nhất) / (lớn nhất − nhỏ nhất), càng cao càng tốt"),
        ("peer", "1.2", "(lớn nhất + nhỏ nhất − x) / lớn nhất, càng thấp càng tốt"),
        ("peer", "1.3", "Kết quả 0% là 10% điểm tối đa, 100% là điểm tối đa"),
        ("bonus-penalty", "1.2", "Điểm cộng: cộng thêm nhiều nhất 5 điểm, ngoài điểm tối đa."),
        ("bonus-penalty", "2.1", "tại 0 lần không trừ, tại 4 lần trừ hết mức."),
        ("gate", "1.2", "Chỉ tính trọn khi chỉ số 1.1 đạt đủ 100% điểm tối đa; chưa đạt thì nhiều nhất được một nửa"),
        ("gate", "2.1", "Chỉ tính khi chỉ số chính 1 đạt trên 50% điểm tối đa; chưa đạt thì được 0 điểm."),
        ("weighted-groups", "1.1", "Trọng số 2 trên tổng 4 của nhóm 1."),
    ],
)
def test_the_rule_of_every_kind_is_told(features: Path, feature: str, code: str, part: str) -> None:
    questionnaire = load(features / f"{feature}.yaml")
    assert part in rule_in_words(questionnaire, questionnaire.by_code[code])


def test_groups_tell_how_they_come_about(features: Path) -> None:
    questionnaire = load(features / "weighted-groups.yaml")
    one, two = questionnaire.groups
    assert group_rule_in_words(questionnaire, one).startswith(
        "Điểm = trung bình có trọng số tỷ lệ đạt của 3 chỉ số thành phần × 10 điểm"
    )
    assert "Phải có số liệu của ít nhất 50% trọng số" in group_rule_in_words(questionnaire, one)
    assert group_rule_in_words(questionnaire, one).endswith("Trọng số 3 trên tổng 4 của cả bộ.")
    assert "trung bình nhân" in group_rule_in_words(questionnaire, two)
    assert "Một phần đạt 0% thì cả nhóm là 0 điểm." in group_rule_in_words(questionnaire, two)
    summed = load(features / "bonus-penalty.yaml")
    assert "tổng không dưới 0 và không quá điểm tối đa" in group_rule_in_words(summed, summed.whole)
    assert group_rule_in_words(summed, summed.groups[1]).startswith("Chỉ gồm điểm cộng, điểm trừ")


def test_levels_and_ties_are_told(features: Path) -> None:
    questionnaire = load(features / "tie-breaks.yaml")
    assert level_in_words(questionnaire, questionnaire.levels[0]).startswith(
        "Dẫn dắt: tỷ lệ công bố trên 75%, và chỉ số chính 2 đạt từ 50% điểm tối đa"
    )
    assert level_in_words(questionnaire, questionnaire.levels[-1]) == "Khởi động: tỷ lệ công bố dưới 50%"
    assert "tỷ lệ đạt của chỉ số chính 2; tỷ lệ đạt của chỉ số 1.1; tỷ lệ chưa làm tròn" in ranking_in_words(
        questionnaire
    )
    assert "cùng hạng" in ranking_in_words(load(features / "gate.yaml"))
