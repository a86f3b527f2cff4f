"""Answers: read from pages and files, kept with their faults, stored, shown; nothing that was typed is lost."""

import json
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.answers import (
    BLANK,
    LONGEST_TEXT,
    LONGEST_TYPED,
    Answer,
    AnswerFault,
    Case,
    Special,
    Value,
    clean_text,
    fault_sentence,
    from_stored,
    labels,
    number_kind,
    number_of,
    read_cell,
    read_typed,
    show_value,
    to_cell,
    to_stored,
    value_for_field,
)
from survey.core.asks import NumberKind
from survey.core.load import load_text
from survey.core.text import LANGUAGES
from tests.core.tiny import questionnaire_with

QUESTIONNAIRE = load_text(
    questionnaire_with("""
    - code: "1.1"
      name: Có quy chế
      max: "10"
      ask: yes_no
    - code: "1.2"
      name: Người chủ trì
      max: "10"
      ask:
        choice:
          cap_truong:
            vi: Cấp trưởng
            en: Head
          cap_pho: Cấp phó
      score:
        map:
          cap_truong: "1"
          cap_pho: "1/2"
    - code: "1.3"
      name: Văn bản
      max: "10"
      ask:
        checks:
          quy_che: Quy chế
          ke_hoach: Kế hoạch
      score:
        add:
          quy_che: "1/2"
          ke_hoach: "1/2"
    - code: "1.4"
      name: Kinh phí
      max: "10"
      ask:
        number:
          label: Kinh phí chuyển đổi số
          unit: triệu đồng
          kind: decimal
      score:
        linear:
          from: "0"
          to: "1000"
    - code: "1.5"
      name: Điểm tự chấm
      max: "12.5"
      ask: points
    - code: "1.6"
      name: Ghi chú
      ask: text
    """),
    "thu.yaml",
)

YES_NO, CHOICE, CHECKS, DECIMAL, POINTS, TEXT, INTEGER = "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "so_cbccvc"


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        (YES_NO, "yes", "yes"),
        (YES_NO, "Có", "yes"),
        (YES_NO, unicodedata.normalize("NFD", "KHÔNG"), "no"),
        (YES_NO, "0", "no"),
        (CHOICE, "cap_pho", "cap_pho"),
        (CHECKS, "quy_che;ke_hoach", frozenset({"quy_che", "ke_hoach"})),
        (CHECKS, " ke_hoach ; ", frozenset({"ke_hoach"})),
        (CHECKS, "-", frozenset()),
        (INTEGER, "1.234", Decimal(1234)),
        (DECIMAL, "1.234,5", Decimal("1234.5")),
        (POINTS, "12,5", Decimal("12.5")),
        (TEXT, "  =HYPERLINK(1)\r\n<b>x</b>  ", "=HYPERLINK(1)\n<b>x</b>"),
    ],
)
def test_what_is_typed_on_a_page_is_taken(key: str, typed: str, value: Value) -> None:
    answer = read_typed(QUESTIONNAIRE, key, typed)
    assert (answer.value, answer.fault) == (value, None)


@pytest.mark.parametrize("key", QUESTIONNAIRE.keys)
@pytest.mark.parametrize("typed", ["", "  ", "\n", "\u00a0", "\u202e\0"])
def test_blank_is_missing_for_every_kind(key: str, typed: str) -> None:
    assert read_typed(QUESTIONNAIRE, key, typed) == read_cell(QUESTIONNAIRE, key, typed) == BLANK


@pytest.mark.parametrize(
    ("key", "typed", "fault", "word"),
    [
        (INTEGER, "mười", AnswerFault.NOT_A_NUMBER, "mười"),
        (INTEGER, "12,5", AnswerFault.NOT_AN_INTEGER, "Tổng số công chức"),
        (INTEGER, "-5", AnswerFault.NEGATIVE, "-5"),
        (INTEGER, "1,000", AnswerFault.AMBIGUOUS, "1000 hay 1"),
        (DECIMAL, "1.234", AnswerFault.AMBIGUOUS, "1234 hay 1,234"),
        (DECIMAL, "1.5", AnswerFault.AMBIGUOUS, "gõ 1,5"),
        (DECIMAL, "9" * 16, AnswerFault.TOO_LARGE, "Kinh phí chuyển đổi số"),
        (DECIMAL, "0,1234567", AnswerFault.TOO_PRECISE, "6 chữ số"),
        (POINTS, "1,234", AnswerFault.TOO_PRECISE, "2 chữ số"),
        (POINTS, "12,51", AnswerFault.ABOVE_MAXIMUM, "12,5"),
        (YES_NO, "maybe", AnswerFault.UNKNOWN_OPTION, "yes (Có), no (Không)"),
        (CHOICE, "Cap_pho", AnswerFault.UNKNOWN_OPTION, "cap_pho (Cấp phó)"),
        (CHECKS, "quy_che;khac", AnswerFault.UNKNOWN_OPTION, "ke_hoach (Kế hoạch)"),
        (TEXT, "dài" * 1000, AnswerFault.TOO_LONG, "3.000 ký tự"),
        (INTEGER, "1" * 3000, AnswerFault.TOO_LONG, "2.000"),
    ],
)
def test_what_cannot_be_taken_is_kept_and_explained(key: str, typed: str, fault: AnswerFault, word: str) -> None:
    answer = read_typed(QUESTIONNAIRE, key, typed)
    assert answer == Answer(typed, Special.MISSING, fault)
    assert word in fault_sentence(QUESTIONNAIRE, key, answer)


@pytest.mark.parametrize("fault", AnswerFault)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_its_sentence_for_every_kind(fault: AnswerFault, language: str) -> None:
    for key in QUESTIONNAIRE.keys:
        sentence = fault_sentence(QUESTIONNAIRE, key, Answer("1.5" * 100, Special.MISSING, fault), language)
        assert 20 < len(sentence) < 400


def test_an_answer_without_fault_has_no_sentence() -> None:
    assert fault_sentence(QUESTIONNAIRE, INTEGER, BLANK) == ""


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        (DECIMAL, "1.234", Decimal("1.234")),
        (DECIMAL, "1234.5", Decimal("1234.5")),
        (INTEGER, "12.0", Decimal(12)),
        (YES_NO, "TRUE", "yes"),
        (YES_NO, "1", "yes"),
        (YES_NO, "Không", "no"),
        (CHECKS, "ke_hoach;quy_che", frozenset({"quy_che", "ke_hoach"})),
        (POINTS, "12.5", Decimal("12.5")),
        (TEXT, "1.234,5", "1.234,5"),
    ],
)
def test_a_cell_of_a_file_has_a_decimal_point(key: str, cell: str, value: Value) -> None:
    answer = read_cell(QUESTIONNAIRE, key, cell)
    assert (answer.value, answer.fault) == (value, None)


@pytest.mark.parametrize("key", QUESTIONNAIRE.keys)
@pytest.mark.parametrize("cell", ["KAD", "kad", "K.a.d.", " Không áp dụng ", "KHÔNG  ÁP DỤNG", "khong ap dung"])
def test_not_applicable_comes_from_files_only(key: str, cell: str) -> None:
    assert read_cell(QUESTIONNAIRE, key, cell).value is Special.NOT_APPLICABLE
    assert read_typed(QUESTIONNAIRE, key, cell).value is not Special.NOT_APPLICABLE


def test_a_file_with_a_decimal_comma_is_asked_back() -> None:
    assert read_cell(QUESTIONNAIRE, DECIMAL, "1234,5").fault is AnswerFault.NOT_A_NUMBER


@pytest.mark.parametrize("read", [read_typed, read_cell])
def test_an_unknown_key_is_an_error(read) -> None:
    with pytest.raises(KeyError):
        read(QUESTIONNAIRE, "9.9", "1")


keys = st.sampled_from(QUESTIONNAIRE.keys)


@given(keys, st.text(max_size=40))
def test_any_text_is_read_without_an_error_and_stored_and_read_back(key: str, text: str) -> None:
    for read in (read_typed, read_cell):
        answer = read(QUESTIONNAIRE, key, text)
        stored = json.loads(json.dumps(to_stored(answer)))
        again = from_stored(QUESTIONNAIRE, key, stored)
        assert (again.value, again.fault) == (answer.value, answer.fault)
        assert answer.fault is None or again.typed == answer.typed
        assert from_stored(QUESTIONNAIRE, key, to_stored(again)) == again


def values(key: str) -> st.SearchStrategy[Value]:
    numbers = st.decimals(0, Decimal("999999999999999"), places=4, allow_nan=False)
    whole = st.integers(0, 10**15 - 1).map(Decimal)
    return {
        YES_NO: st.sampled_from(["yes", "no"]),
        CHOICE: st.sampled_from(["cap_truong", "cap_pho"]),
        CHECKS: st.frozensets(st.sampled_from(["quy_che", "ke_hoach"])),
        DECIMAL: numbers | whole,
        POINTS: st.decimals(0, Decimal("12.5"), places=2),
        TEXT: st.text(min_size=1, max_size=50).map(lambda text: clean_text(text).strip()).filter(bool),
        INTEGER: whole,
    }[key]


@given(keys.flatmap(lambda key: st.tuples(st.just(key), values(key))))
def test_every_value_survives_storage_field_and_file(case: tuple[str, Value]) -> None:
    key, value = case
    stored = json.loads(json.dumps(to_stored(Answer("", value))))
    assert from_stored(QUESTIONNAIRE, key, stored).value == value
    assert read_typed(QUESTIONNAIRE, key, value_for_field(QUESTIONNAIRE, key, value)).value == value
    if key != TEXT:  # words such as "KAD" mean something in a file
        assert read_cell(QUESTIONNAIRE, key, to_cell(value)).value == value


def test_not_applicable_and_missing_survive_storage() -> None:
    for value in Special:
        assert from_stored(QUESTIONNAIRE, TEXT, to_stored(Answer("", value))).value is value
    assert from_stored(QUESTIONNAIRE, TEXT, {"value": "KAD", "rev": 3}).value == "KAD"


@pytest.mark.parametrize(("key", "stored"), [(CHOICE, "khac"), (INTEGER, "12.5"), (DECIMAL, "-1"), (CHECKS, ["khac"])])
def test_a_stored_value_that_cannot_be_is_an_error(key: str, stored: object) -> None:
    with pytest.raises(ValueError, match=key):
        from_stored(QUESTIONNAIRE, key, {"value": stored})


@pytest.mark.parametrize(
    ("key", "value", "language", "shown"),
    [
        (YES_NO, "yes", "vi", "Có"),
        (YES_NO, "no", "en", "No"),
        (CHOICE, "cap_truong", "vi", "Cấp trưởng"),
        (CHOICE, "cap_truong", "en", "Head"),
        (CHOICE, "cap_pho", "en", "Cấp phó"),
        (CHECKS, frozenset({"ke_hoach", "quy_che"}), "vi", "Quy chế; Kế hoạch"),
        (CHECKS, frozenset(), "vi", "Không có mục nào"),
        (DECIMAL, Decimal("1234.50"), "vi", "1.234,5"),
        (TEXT, "<b>", "vi", "<b>"),
        (TEXT, Special.MISSING, "vi", ""),
        (INTEGER, Special.NOT_APPLICABLE, "vi", "Không áp dụng"),
    ],
)
def test_values_are_shown_as_readers_know_them(key: str, value: Value, language: str, shown: str) -> None:
    assert show_value(QUESTIONNAIRE, key, value, language) == shown


def test_a_whole_decimal_stands_in_its_field_so_that_it_reads_back() -> None:
    assert value_for_field(QUESTIONNAIRE, DECIMAL, Decimal(1234)) == "1234"
    assert value_for_field(QUESTIONNAIRE, INTEGER, Decimal(1234)) == "1.234"


def test_texts_lose_only_what_nobody_sees() -> None:
    assert clean_text("a\0b\u202ec\ud800d\ufffee\x7ff") == "abcdef"
    assert clean_text("x\r\ny\rz\u2028w\tv") == "x\ny\nz\nw\tv"
    assert clean_text(unicodedata.normalize("NFD", "Ứng Hòa")) == "Ứng Hòa"


def test_a_flood_of_text_is_cut_before_it_is_kept() -> None:
    answer = read_typed(QUESTIONNAIRE, TEXT, "x" * 1_000_000)
    assert answer.fault is AnswerFault.TOO_LONG
    assert len(answer.typed) == LONGEST_TYPED
    assert read_typed(QUESTIONNAIRE, TEXT, "x" * LONGEST_TEXT).fault is None


def test_what_is_asked_at_a_key_is_known() -> None:
    assert number_of(QUESTIONNAIRE, INTEGER).unit.vi == "người"
    assert [number_kind(QUESTIONNAIRE, key) for key in (INTEGER, DECIMAL, POINTS, TEXT)] == [
        NumberKind.INTEGER,
        NumberKind.DECIMAL,
        NumberKind.DECIMAL,
        None,
    ]
    with pytest.raises(KeyError):
        number_of(QUESTIONNAIRE, TEXT)
    assert labels(QUESTIONNAIRE.by_code[TEXT]) == {}


def test_a_case_gives_missing_for_what_it_does_not_hold() -> None:
    assert Case("Sở A", {}).value("1.1") is Special.MISSING
