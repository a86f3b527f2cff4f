"""The written form: wrong keys, kinds and words, each with its line and a sentence that names the thing."""

import time
from pathlib import Path

import pytest

from survey.core.errors import MOST_FAULTS, Faults
from survey.core.load import load, load_text, text_hash
from tests.core.tiny import HEAD, expected, faults_of, found_in, marked_lines, questionnaire_with

RATIO = """
- code: "1.1"
  name: Tỷ lệ
  max: "10"
  ask:
    ratio:
      a:
        label: a
        unit: người
        kind: integer
      b:
        label: b
        unit: người
        kind: integer
      part: true
  zero_b: zero
"""


def changed(old: str, new: str, text: str = RATIO) -> str:
    """A questionnaire in which one piece of text is another."""
    whole = HEAD.replace('max: "10"', 'max: "11"') + "      " + text.strip("\n").replace("\n", "\n      ") + "\n"
    assert whole.count(old) == 1
    return whole.replace(old, new)


def test_the_tiny_questionnaire_is_faultless() -> None:
    assert faults_of(questionnaire_with(RATIO)) == []


SHOWN = 'zero_b: zero\n        show_when:\n          code: "1.0"'
TWO_LIMITS = 'levels:\n  - name: Cao  # here\n    above: "0.5"\n    from: "0.5"'
TWO_SCORES = '        score:  # here\n          map:\n            x: "1"\n          add:\n            x: "1"'

# What is written, what is written instead (faulty line marked), the fault, words its sentence must hold.
SLIPS = [
    ("id: thu", "id: Thử nghiệm  # here", "bad_id", "Thử nghiệm"),
    ('version: "1"', "version: 2026.1  # here", "unquoted_number", '"2026.1"'),
    ('version: "1"', 'version: "bản 1"  # here', "bad_version", "bản 1"),
    ("title: Thử", "title:  # here", "blank_text", "title"),
    ("title: Thử", "title: ~  # here", "blank_text", "title"),
    ("title: Thử", "title:  # here\n  vi: Thử", "missing_key", "en"),
    ("title: Thử", "title:\n  vi: Thử\n  eng: Test  # here\n  en: Test", "unknown_key_near", "“en”"),
    ("title: Thử", "title:  # here\n  - Thử", "wrong_kind_text", "title"),
    ("title: Thử", 'title: Thử\ndecimals: "7"  # here', "not_one_of", "none"),
    ("title: Thử", "title: Thử\ndecimals: 2  # here", "unquoted_number", '"2"'),
    ("title: Thử", "title: Thử\nlevles:  # here\n  - name: Cao", "unknown_key_near", "“levels”"),
    ("title: Thử", "title: Thử\nxyzzy: a  # here", "unknown_key", "xyzzy"),
    ("title: Thử", "title: Thử\nlevels: Cao  # here", "wrong_kind_list", "levels"),
    ("title: Thử", "title: Thử\nlevels:\n  - Cao  # here", "wrong_kind_mapping", "levels"),
    ("title: Thử", f"title: Thử\n{TWO_LIMITS}", "two_limits", "above"),
    ("has_tthc: Có", "Có TTHC: Có  # here", "bad_name", "Có TTHC"),
    ("so_cbccvc:\n", "so_cbccvc:\n    labell: Số  # here\n", "unknown_key_near", "“label”"),
    ("groups:\n  - code", "groups: x  # here\nrest:\n  - code", "wrong_kind_list", "groups"),
    ("name: Nhận thức số", "nam: x  # here\n    name: Nhận thức số", "unknown_key_near", "“name”"),
    ('code: "1"\n', 'code: "một"  # here\n', "bad_code", "một"),
    ('code: "1"\n', "code: 1  # here\n", "unquoted_number", '"1"'),
    ('code: "1.1"', "code: 1.10  # here", "unquoted_number", '"1.10"'),
    ('code: "1.1"', 'code: "1.1."  # here', "bad_code", "1.1."),
    ("name: Tỷ lệ", f"name: {'dài ' * 200} # here", "long_text", "500"),
    ('max: "10"', "max: 10  # here", "unquoted_number", '"10"'),
    ('max: "10"', "max: 10.5  # here", "unquoted_number", "nháy"),
    ('max: "10"', 'max: "10,5"  # here', "not_a_rule_number", "10,5"),
    ('max: "10"', 'max: "1/0"  # here', "not_a_rule_number", "1/0"),
    ('max: "10"', 'max: "1e3"  # here', "not_a_rule_number", "1e3"),
    ('max: "10"', 'max: "nan"  # here', "not_a_rule_number", "nan"),
    ('max: "10"', f'max: "{"9" * 5000}"  # here', "not_a_rule_number", "999"),
    ('max: "10"', 'max:  # here\n          - "10"', "not_a_rule_number", "max"),
    ("part: true", "part: yes  # here", "not_a_boolean", "true"),
    ("part: true", "part:  # here", "not_a_boolean", "part"),
    ("            part: true\n", "", "missing_key", "part"),
    ("zero_b: zero", "zero_b: kad  # here", "not_one_of", "KAD"),
    ("zero_b: zero", "zero_b: zero\n        orgin: derived  # here", "unknown_key_near", "“origin”"),
    ("zero_b: zero", "zero_b: zero\n        origin: mine  # here", "not_one_of", "adapted"),
    ("zero_b: zero", "zero_b: zero\n        evidence:  # here\n          what: x", "missing_key", "required"),
    ("zero_b: zero", "zero_b: zero\n        applies_when:\n          has_tthc: có  # here", "not_a_boolean", "có"),
    ("zero_b: zero", 'zero_b: zero\n        show_when:  # here\n          code: "1.0"', "missing_key", "is"),
    ("zero_b: zero", f"{SHOWN}\n          is: yes  # here", "wrong_kind_list", "is"),
    ("zero_b: zero", f"{SHOWN}\n          is:  # here\n            [\n            ]", "empty_list", "is"),
    ("zero_b: zero", "zero_b: zero\n        score: linear  # here", "missing_key", "from"),
    ("zero_b: zero", "zero_b: zero\n        score: linar  # here", "one_of_these", "linear"),
    ("zero_b: zero", f"zero_b: zero\n{TWO_SCORES}", "one_of_these", "score"),
    ("          ratio:", "          raito:  # here", "unknown_key_near", "“ratio”"),
    ("label: a\n", "label: a\n              lable: a  # here\n", "unknown_key_near", "“label”"),
    ("label: a\n", "label: a\n              input: so_cbccvc\n", "unknown_key", "label"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "word"), SLIPS, ids=[f"{n}-{slip[2]}" for n, slip in enumerate(SLIPS)])
def test_a_slip_is_named_with_its_line(old: str, new: str, key: str, word: str) -> None:
    text = changed(old, new)
    faults = [fault for fault in faults_of(text) if fault.key == f"faults.{key}"]
    assert faults
    lines = marked_lines(text)
    assert [fault.line for fault in faults][: len(lines)] == lines
    assert word in faults[0].sentence()
    assert faults[0].sentence("en") != faults[0].sentence("vi")
    assert faults[0].sentence().startswith(f"thu.yaml:{faults[0].line}: ")


def test_braces_are_named_and_not_what_they_brought_about() -> None:
    text = changed("title: Thử", "title: {vi: Một, hai, en: One}  # here")
    assert found_in(text) == expected(text, "flow_style")
    assert "dấu phẩy" in faults_of(text)[0].sentence()


def test_slips_everywhere_come_all_at_once_with_faults_of_meaning() -> None:
    text = questionnaire_with("""
        - code: "1.1"
          name: Hai slips
          max: 5  # here
          ask: yes_no
          orgin: derived  # here
        - code: "1.2"
          name: Trùng mã
          max: "5"
          ask: yes_no
        - code: "1.2"  # here
          name: Trùng mã
          max: "0"  # here
          ask: yes_no
          zero_b: zero  # here
        - code: "2.1"  # here
          name: Sai nhóm
          max: "5"
          ask: {points}  # here
    """).replace("title: Thử", "title:  # here")
    keys = ["blank_text", "unquoted_number", "unknown_key_near", "code_repeated", "max_not_positive", "zero_b_useless"]
    assert found_in(text)[:6] == expected(text, *keys, "code_prefix", "flow_style")[:6]
    assert ("flow_style", marked_lines(text)[-1]) in found_in(text)


def test_an_indicator_left_out_for_its_slips_brings_no_false_faults() -> None:
    text = questionnaire_with("""
        - code: "1.1"
          name: Cha
          max: 5  # here
          ask: yes_no
        - code: "1.2"
          name: Con
          max: "5"
          ask: yes_no
          show_when:
            code: "1.1"
            is:
              - yes
    """).replace("      kind: integer\n", "      kind: whole  # here\n", 1)
    text = text.replace("    kind: integer\ngroups", "    kind: whole  # here\ngroups")
    assert found_in(text) == expected(text, "not_one_of", "unquoted_number")


INSIDE = """\
    indicators:
      - code: "2.1"
        name: x
        max: "1"
        ask: yes_no
        zero_b: KAD  # here
        show_when:
          code: "7.7"  # here
          is:
            - no
"""


@pytest.mark.parametrize(
    ("slip", "keys"),
    [
        ('  - code: "2"  # here\n', ["missing_key", "zero_b_useless", "show_when_unknown"]),
        ("  - name: x  # here\n", ["missing_key"]),
        ('  - code: "x"  # here\n    name: x\n', ["bad_code"]),
        (
            '  - code: "2"\n    name: x\n    hepl: y  # here\n',
            ["unknown_key_near", "zero_b_useless", "show_when_unknown"],
        ),
        (
            '  - code: "2"\n    name: x\n    groups: y  # here\n',
            ["wrong_kind_list", "zero_b_useless", "show_when_unknown"],
        ),
    ],
)
def test_a_slip_in_the_head_of_a_group_hides_as_little_as_can_be(slip: str, keys: list[str]) -> None:
    text = HEAD + slip + INSIDE
    assert found_in(text) == list(zip(keys, marked_lines(text), strict=False))


def test_a_kind_with_nothing_below_it_lacks_what_it_needs() -> None:
    text = HEAD + '  - code: "2"\n    name: x\n' + INSIDE.replace("yes_no", "checks  # here")
    assert ("too_few_options", marked_lines(text)[0]) in found_in(text)
    braces = changed("zero_b: zero", "zero_b: zero\n        score:\n          bands: []  # here")
    assert found_in(braces) == [(key, *marked_lines(braces)) for key in ("flow_style", "band_no_floor")]


def test_questionnaires_are_told_apart_by_their_bytes() -> None:
    assert text_hash("a: x") == text_hash(b"a: x") != text_hash("a: y")


@pytest.mark.parametrize("text", ["just words", "- a\n- b", '"quoted"'])
def test_a_file_of_something_else_says_so(text: str) -> None:
    assert found_in(text) == [("not_a_questionnaire", 1)]


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(Faults) as caught:
            load(path)
        assert [fault.key for fault in caught.value.faults] == ["faults.no_file"]


def test_folder_and_file_load_alike(tmp_path: Path) -> None:
    (tmp_path / "questionnaire.yaml").write_text(questionnaire_with(RATIO), encoding="utf-8")
    assert load(tmp_path) == load(str(tmp_path / "questionnaire.yaml"))


def test_texts_keep_their_lines_only_where_they_are_long() -> None:
    text = changed(
        "name: Tỷ lệ", "name: |\n          Tỷ   lệ\n          hai\n        help: |\n          Một\n\n          hai\n"
    )
    indicator = load_text(text, "thu.yaml").by_code["1.1"]
    assert (indicator.name.vi, indicator.help.vi) == ("Tỷ lệ hai", "Một\nhai")


def test_a_file_of_thousands_of_faults_lists_the_first_and_counts_the_rest() -> None:
    text = questionnaire_with(RATIO) + "".join(f"khoa{number}: x\n" for number in range(3_000))
    begun = time.process_time()
    faults = faults_of(text)
    assert time.process_time() - begun < 5
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1].key == "faults.more"
    assert faults[-1].line == faults[-2].line + 1
