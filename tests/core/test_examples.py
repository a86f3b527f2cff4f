"""Worked cases: what differs is named with its line, and a faulty file of cases says so."""

from pathlib import Path

import pytest

from survey.core.errors import Fault, Faults
from survey.core.examples import check_examples, differences, read_examples
from survey.core.load import load_text
from tests.core.tiny import marked_lines, questionnaire_with

QUESTIONNAIRE = load_text(
    questionnaire_with("""
    - code: "1.1"
      name: Tỷ lệ họp
      max: "20"
      applies_when:
        has_tthc: true
      ask:
        ratio:
          a:
            label: Số cuộc họp chủ trì
            unit: cuộc
            kind: integer
          b:
            label: Tổng số cuộc họp
            unit: cuộc
            kind: integer
          part: true
      zero_b: zero
    """).replace("title: Thử", 'title: Thử\nlevels:\n  - name: Cao\n    above: "0.5"\n  - name: Thấp'),
    "thu.yaml",
)

GOOD = """\
- agency: Sở A
  attributes:
    has_tthc: true
  answers:
    "1.1.a": "73"
    "1.1.b": "106"
    so_cbccvc: "50"
  expect:
    points:
      "1.0": "5"
      "1.1": "13.77"
    groups:
      "1": "18.77"
    total: "18.77"
    maximum: "30"
    rate_published: "0.6257"
    level: Cao
- agency: Sở B
  expect:
    points:
      "1.0": missing
      "1.1": KAD
    maximum: "10"
"""


def faults(text: str) -> list[Fault]:
    try:
        return differences(QUESTIONNAIRE, read_examples(text, "examples.yaml", QUESTIONNAIRE))
    except Faults as found:
        return list(found.faults)


def test_cases_that_come_out_as_written_have_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "key", "word"),
    [
        ('"13.77"', '"13.78"  # here', "points_differ", "tính ra 13,77, ví dụ ghi 13,78"),
        ('"13.77"', "missing  # here", "points_differ", "13,77"),
        ('"1.0": missing', '"1.0": "0"  # here', "points_differ", "missing"),
        ('"1.1": KAD', '"1.1": missing  # here', "points_differ", "KAD"),
        ('"1": "18.77"', '"1": "18.78"  # here', "figure_differs", "“Sở A”, 1"),
        ('total: "18.77"', 'total: "18.76"  # here', "figure_differs", "total"),
        ('maximum: "30"', 'maximum: "20"  # here', "figure_differs", "30"),
        ('"0.6257"', '"0.6256"  # here', "figure_differs", "0,6257"),
        ("level: Cao", "level: Thấp  # here", "level_differs", "Cao"),
    ],
)
def test_a_difference_is_named_with_its_line(old: str, new: str, key: str, word: str) -> None:
    text = GOOD.replace(old, new, 1)
    found = faults(text)
    assert [(fault.key, fault.line) for fault in found] == [(f"example.{key}", line) for line in marked_lines(text)]
    assert word in found[0].sentence()


def test_a_difference_in_points_gives_the_reason_in_the_language_asked_for() -> None:
    [fault] = faults(GOOD.replace('"13.77"', '"20"', 1))
    assert "73/106" in fault.sentence()
    assert fault.sentence("en").partition("20. ")[2] != fault.sentence("vi").partition("20. ")[2]


@pytest.mark.parametrize(
    ("old", "new", "key", "word"),
    [
        ('"1.1.a": "73"', '"1.1.a": 73  # here', "faults.unquoted_number", '"73"'),
        ('"1.1.a": "73"', '"1.1.a": "7,5"  # here', "example.answer_fault", "7,5"),
        ('"1.1.a": "73"', '"1.1.c": "7"  # here', "example.unknown_name_near", "1.1."),
        ('"1.1.a": "73"', 'zzz: "7"  # here', "example.unknown_name", "zzz"),
        ("has_tthc: true", "has_tthcc: true  # here", "example.unknown_name_near", "has_tthc"),
        ('"1.1": "13.77"', '"1.11": "13.77"  # here', "example.unknown_name_near", "1.1"),
        ('"1": "18.77"', '"2": "18.77"  # here', "example.unknown_name", "2"),
        ("level: Cao", "level: Khá  # here", "example.unknown_level", "Cao, Thấp"),
        ('total: "18.77"', "total: 18.77  # here", "faults.unquoted_number", "18.77"),
        ('total: "18.77"', 'totl: "18.77"  # here', "faults.unknown_key_near", "total"),
        ('"1.0": missing', '"1.0": none  # here', "faults.not_a_rule_number", "none"),
        ("- agency: Sở B", "- agenci: Sở B  # here", "faults.unknown_key_near", "agency"),
    ],
)
def test_a_slip_in_a_case_is_named_with_its_line(old: str, new: str, key: str, word: str) -> None:
    text = GOOD.replace(old, new, 1)
    found = [fault for fault in faults(text) if fault.key == key]
    assert [fault.line for fault in found] == marked_lines(text)
    assert word in found[0].sentence()


def test_slips_come_all_at_once() -> None:
    text = GOOD.replace("has_tthc: true", "co_so: true").replace('"73"', '"x"').replace("level: Cao", "level: Khá")
    assert [fault.line for fault in faults(text)] == [3, 5, 17]


@pytest.mark.parametrize(("text", "key"), [("a: b", "example.not_a_list"), ("", "faults.empty")])
def test_a_file_of_something_else_says_so(text: str, key: str) -> None:
    assert [fault.key for fault in faults(text)] == [key]


def test_the_cases_of_a_folder_are_counted_and_their_faults_raised(tmp_path: Path) -> None:
    assert check_examples(tmp_path, QUESTIONNAIRE) == 0
    (tmp_path / "examples.yaml").write_text(GOOD, encoding="utf-8")
    assert check_examples(tmp_path, QUESTIONNAIRE) == 2
    (tmp_path / "examples.yaml").write_text(GOOD.replace("Cao", "Thấp"), encoding="utf-8")
    with pytest.raises(Faults, match=r"examples\.yaml:17: .*Sở A"):
        check_examples(tmp_path, QUESTIONNAIRE)
