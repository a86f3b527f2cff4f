"""Worked next steps: what to do, by how much, what it brings; and what is never proposed."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from survey.core.answers import Case, Value
from survey.core.asks import Text
from survey.core.load import load
from survey.core.questionnaire import Questionnaire
from survey.core.rules.gain import next_steps
from survey.core.rules.gain_words import tell_step
from survey.core.text import LANGUAGES
from tests.core.rules import bodies

HELD: dict[str, Value] = {
    "so_cbccvc": Decimal(106), "1.1.a": Decimal(73), "1.2.a": Decimal(90), "1.3": Decimal(2),
    "1.4.a": Decimal(30), "1.4.b": Decimal(300), "1.5": "chua", "1.6": frozenset({"ke_hoach"}), "1.7": "yes",
}  # fmt: skip


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load(Path(__file__).with_name("gain.yaml"))


def told(questionnaire: Questionnaire, values: dict[str, Value], code: str) -> list[str]:
    case = Case("x", values)
    return [tell_step(questionnaire, case, step) for step in next_steps(questionnaire, case) if step.code == code]


@pytest.mark.parametrize(
    ("code", "changes", "sentences"),
    [
        (
            "1.1",
            {},
            [
                "Kỳ tới, “Số công chức được tập huấn” thêm 33 người (73 → 106), đạt mục tiêu 100%, có tài liệu kiểm"
                " chứng: +6,23 điểm.",
                "Kỳ tới, “Số công chức được tập huấn” thêm 11 người (73 → 84), có tài liệu kiểm chứng: +2,08 điểm.",
            ],
        ),
        (
            "1.1",  # the gap is less than a tenth of b: one step
            {"1.1.a": Decimal(100)},
            [
                "Kỳ tới, “Số công chức được tập huấn” thêm 6 người (100 → 106), đạt mục tiêu 100%, có tài liệu kiểm"
                " chứng: +1,13 điểm.",
            ],
        ),
        ("1.1", {"1.1.a": Decimal(106)}, []),
        (
            "1.1",
            {"1.1.a": Decimal(107)},
            ["Sửa số liệu: “Số công chức được tập huấn” (107) đang lớn hơn “Tổng số công chức” (106):"
             " tối đa +20,00 điểm."],
        ),
        (
            "1.1",
            {"1.1.a": Decimal(0), "so_cbccvc": Decimal(0)},
            ["Kỳ tới, bắt đầu thực hiện (“Tổng số công chức” hiện bằng 0), có tài liệu kiểm chứng:"
             " tối đa +20,00 điểm."],
        ),
        (
            "1.3",
            {},
            ["Kỳ tới, “Số cuộc họp” thêm 1 cuộc (2 → 3), lên bậc từ 3 cuộc trở lên, có tài liệu kiểm chứng:"
             " +15,00 điểm."],
        ),
        (
            "1.4",  # the fewer the better
            {},
            ["Kỳ tới, “Số văn bản giấy” giảm 15 văn bản (30 → 15), đạt mục tiêu 5%, có tài liệu kiểm chứng:"
             " +3,33 điểm."],
        ),
        (
            "1.5",  # opens the gate of 1.7
            {},
            ["Kỳ tới, đạt “Có đầu mối, kiêm nhiệm” (hiện là “Chưa bố trí”), có tài liệu kiểm chứng: +25,00 điểm,"
             " tính cả thay đổi ở chỉ số 1.7."],
        ),
        (
            "1.5",
            {"1.5": "kiem_nhiem"},
            ["Kỳ tới, đạt “Có người chuyên trách” (hiện là “Có đầu mối, kiêm nhiệm”), có tài liệu kiểm chứng:"
             " +15,00 điểm."],
        ),
        ("1.6", {}, ["Kỳ tới, có thêm “Quy chế quản lý dữ liệu”, có tài liệu kiểm chứng: +6,00 điểm."]),
        ("1.6", {"1.6": frozenset({"ke_hoach", "quy_che"})}, []),
        ("1.7", {"1.7": "no"}, []),  # its gate is closed: a better answer brings nothing yet
        ("1.3", {"1.3": Decimal(-1)}, ["Sửa số liệu đang nằm ngoài khoảng cho phép: tối đa +20,00 điểm."]),
    ],
)  # fmt: skip
def test_a_step_says_what_to_do_and_what_it_brings(
    questionnaire: Questionnaire, code: str, changes: dict[str, Value], sentences: list[str]
) -> None:
    assert told(questionnaire, {**HELD, **changes}, code) == sentences


def test_what_is_missing_is_to_be_provided_and_the_gain_is_a_ceiling(questionnaire: Questionnaire) -> None:
    without = {key: value for key, value in HELD.items() if key not in ("1.4.a", "1.5")}
    assert told(questionnaire, without, "1.4") == [
        "Cung cấp số liệu “Số văn bản giấy”: tối đa +10,00 điểm."
    ]  # fmt: skip
    assert told(questionnaire, without, "1.5") == [
        "Cung cấp số liệu của chỉ số này: tối đa +40,00 điểm, tính cả thay đổi ở chỉ số 1.7."
    ]


def test_the_sentence_of_a_gate_names_what_meets_it(questionnaire: Questionnaire) -> None:
    """Where the indicator that a gate waits for has a step of its own, that one is told; else the gate itself."""
    group = questionnaire.groups[0]
    provided = [
        replace(one, provided_by=Text("Sở Nội vụ")) if one.code == "1.5" else one for one in group.indicators
    ]  # fmt: skip
    theirs = replace(questionnaire, groups=(replace(group, indicators=tuple(provided)),))
    assert told(theirs, HELD, "1.7") == [
        "Kỳ tới, đáp ứng điều kiện ở chỉ số 1.5: từ 50% điểm tối đa, có tài liệu kiểm chứng: tối đa +10,00 điểm."
    ]
    assert told(theirs, HELD, "1.5") == []


def test_a_figure_that_several_indicators_use_counts_in_all_of_them(questionnaire: Questionnaire) -> None:
    """More people earn more at 1.8 and lower 1.1 and 1.2: 23,50 − 6,47 − 3,99, and 5,00 − 2,18 − 1,35."""
    assert told(questionnaire, HELD, "1.8") == [
        "Kỳ tới, “Tổng số công chức” thêm 94 người (106 → 200), đạt mục tiêu 200 người, có tài liệu kiểm chứng:"
        " +13,04 điểm, tính cả thay đổi ở chỉ số 1.1, 1.2.",
        "Kỳ tới, “Tổng số công chức” thêm 20 người (106 → 126), có tài liệu kiểm chứng: +1,47 điểm,"
        " tính cả thay đổi ở chỉ số 1.1, 1.2.",
    ]


def test_every_step_of_random_bodies_has_words_in_both_languages() -> None:
    ways = set()
    for seed in range(400):
        questionnaire, case = bodies.body(random.Random(seed))
        for step in next_steps(questionnaire, case):
            ways.add(step.way)
            for language in LANGUAGES:
                sentence = tell_step(questionnaire, case, step, language)
                assert sentence.endswith(".")
                assert "áp dụng" not in sentence
    assert len(ways) >= 8
