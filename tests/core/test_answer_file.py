"""Files of answers: every fault with its row and column, and what is taken."""

import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest

from survey.core.answer_file import AnswerFile, Row, Table, read_answer_table, starts_formula
from survey.core.answers import Special
from survey.core.errors import Faults
from survey.core.load import load
from survey.core.questionnaire import Questionnaire

FILE = Path(__file__).with_name("all_kinds.yaml")
GOOD_BY_HEADING = {
    "agency": "Sở A",
    "cohort": "xa",
    "has_tthc": "có",
    "1.1": "yes",
    "1.2.a": "73",
    "so_cbccvc": "106",
    "1.3": "cap_pho",
    "2.1": "ke_hoach;kinh_phi",
    "2.2.a1": "9",
    "2.2.b1": "10",
    "2.2.a2": "2.5",
    "2.2.b2": "5",
    "2.3": "7.25",
    "2.10": "Ghi chú",
}
HEADER, GOOD = list(GOOD_BY_HEADING), list(GOOD_BY_HEADING.values())


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load(FILE)


def table(*rows: list[str], header: list[str] | None = None) -> Table:
    numbered = tuple(Row(number, tuple(row)) for number, row in enumerate(rows, start=2))
    return Table("so_lieu.csv", Row(1, tuple(header or HEADER)), numbered)


def with_cell(column: str, text: str, **others: str) -> list[str]:
    row = list(GOOD)
    for name, typed in {column: text, **others}.items():
        row[HEADER.index(name)] = typed
    return row


def read(questionnaire: Questionnaire, *rows: list[str], header: list[str] | None = None) -> AnswerFile:
    return read_answer_table(questionnaire, table(*rows, header=header))


def faults(
    questionnaire: Questionnaire, *rows: list[str], header: list[str] | None = None
) -> list[tuple[int, str, str]]:
    """(row, column, what) of each fault."""
    with pytest.raises(Faults) as found:
        read(questionnaire, *rows, header=header)
    for fault in found.value.faults:
        for language in ("vi", "en"):
            sentence = fault.sentence(language)
            assert sentence.startswith(f"so_lieu.csv:{fault.line}")
            assert "{" not in sentence
    return [(fault.line, fault.column, fault.key.removeprefix("answer_file.")) for fault in found.value.faults]


def test_a_row_becomes_a_case(questionnaire: Questionnaire) -> None:
    taken = read(questionnaire, GOOD)
    case = taken.cases[0]
    assert (case.agency, taken.cohorts, case.attributes) == ("Sở A", ("xa",), {"has_tthc": True})
    assert case.values["1.2.a"] == Decimal(73)
    assert case.values["2.2.a2"] == Decimal("2.5")
    assert case.values["2.1"] == {"ke_hoach", "kinh_phi"}
    assert taken.warnings == ()


@pytest.mark.parametrize(
    "typed", ["KAD", "kad", "Không áp dụng", "K.a.d.", unicodedata.normalize("NFD", "Không áp dụng")]
)
def test_not_applicable_is_read_in_every_spelling(questionnaire: Questionnaire, typed: str) -> None:
    assert read(questionnaire, with_cell("1.2.a", typed)).cases[0].values["1.2.a"] is Special.NOT_APPLICABLE


def test_an_empty_cell_is_missing_and_a_dash_an_empty_set_of_ticks(questionnaire: Questionnaire) -> None:
    case = read(questionnaire, with_cell("1.1", "", **{"2.1": "-"})).cases[0]
    assert case.values["1.1"] is Special.MISSING
    assert case.values["2.1"] == frozenset()


@pytest.mark.parametrize(
    ("column", "typed", "what"),
    [
        ("1.2.a", "-3", "negative"),
        ("1.2.a", "bảy ba", "not_a_number"),
        ("1.2.a", "1,5", "not_a_number"),
        ("1.2.a", "7.5", "not_an_integer"),
        ("1.2.a", "9" * 16, "too_large"),
        ("2.2.a2", "0.1234567", "too_precise"),
        ("2.3", "7.75", "above_maximum"),
        ("2.3", "7.125", "too_precise"),
        ("1.3", "truong_phong", "unknown_option"),
        ("1.1", "có lẽ", "unknown_option"),
        ("2.1", "ke_hoach;nhan_su", "unknown_option"),
        ("2.10", "a" * 2001, "too_long"),
        ("has_tthc", "có lẽ", "attribute_unknown"),
        ("agency", " ", "agency_blank"),
        ("agency", "a" * 301, "name_long"),
        ("cohort", "a" * 301, "name_long"),
    ],
)
def test_a_faulty_cell_is_named(questionnaire: Questionnaire, column: str, typed: str, what: str) -> None:
    assert faults(questionnaire, with_cell(column, typed)) == [(2, column, what)]


def test_every_fault_is_listed_at_once(questionnaire: Questionnaire) -> None:
    found = faults(
        questionnaire,
        with_cell("1.2.a", "-1", **{"1.3": "x"}),
        with_cell("2.3", "9"),
        with_cell("agency", "Sở B"),
    )
    assert found == [
        (2, "1.2.a", "negative"),
        (2, "1.3", "unknown_option"),
        (3, "agency", "agency_repeated"),
        (3, "2.3", "above_maximum"),
    ]


def test_an_agency_written_decomposed_is_the_same_agency(questionnaire: Questionnaire) -> None:
    again = with_cell("agency", unicodedata.normalize("NFD", "Sở  A "))
    assert faults(questionnaire, GOOD, again) == [(3, "agency", "agency_repeated")]


def test_columns_are_checked(questionnaire: Questionnaire) -> None:
    header = [*HEADER, "1.2.c", "la_gi", "1.1", ""]
    header[HEADER.index("1.3")] = "2.3 "
    row = [*GOOD, "", "", "", "thừa"]
    assert [(column, what) for _, column, what in faults(questionnaire, row, header=header)] == [
        ("2.3", "column_repeated"),
        ("1.2.c", "column_unknown_near"),
        ("la_gi", "column_unknown"),
        ("1.1", "column_repeated"),
        ("", "column_unnamed"),
        ("", "columns_missing"),
        ("2.3", "not_a_number"),
    ]


def test_a_code_that_a_spreadsheet_has_shortened_is_found(questionnaire: Questionnaire) -> None:
    header = [*HEADER[:-1], "2.1"]  # 2.10 as a number
    found = faults(questionnaire, GOOD, header=header)
    assert (1, "2.1", "column_repeated") in found


def test_missing_columns_are_named_together(questionnaire: Questionnaire) -> None:
    with pytest.raises(Faults) as found:
        read(questionnaire, ["Sở A", "yes"], header=["agency", "1.1"])
    (fault,) = found.value.faults
    assert fault.data["columns"] == "1.2.a, so_cbccvc, 1.3, 2.1, 2.2.a1, 2.2.b1, 2.2.a2, 2.2.b2, 2.3"


def test_without_agencies_nothing_is_read(questionnaire: Questionnaire) -> None:
    assert faults(questionnaire, GOOD[1:], header=HEADER[1:]) == [(1, "", "columns_missing")]
    assert faults(questionnaire) == [(1, "", "no_rows")]


def test_headings_may_be_in_capitals_and_decomposed(questionnaire: Questionnaire) -> None:
    header = [unicodedata.normalize("NFD", name.upper()) for name in HEADER]
    assert read(questionnaire, GOOD, header=header).cases == read(questionnaire, GOOD).cases


def test_a_row_of_another_width_is_named(questionnaire: Questionnaire) -> None:
    assert faults(questionnaire, GOOD[:-1], [*GOOD, "x"]) == [(2, "", "row_width"), (3, "", "row_width")]
    assert len(read(questionnaire, [*GOOD, "", " "]).cases) == 1


def test_a_part_above_its_whole_is_a_warning(questionnaire: Questionnaire) -> None:
    taken = read(questionnaire, with_cell("1.2.a", "107"))
    (warning,) = taken.warnings
    assert (warning.line, warning.column, warning.key) == (2, "1.2.a", "answer_file.part")
    assert "107" in warning.sentence()
    assert "so_cbccvc" in warning.sentence()


def test_a_part_that_is_not_looked_at_is_no_warning(questionnaire: Questionnaire) -> None:
    asleep = with_cell("2.2.a1", "99", has_tthc="không")
    assert read(questionnaire, asleep).warnings == ()
    assert read(questionnaire, with_cell("2.2.a2", "99")).warnings == ()  # not a part: capped


def test_attributes_not_given_are_false_with_a_warning(questionnaire: Questionnaire) -> None:
    keep = [place for place, name in enumerate(HEADER) if name not in ("cohort", "has_tthc", "2.10")]
    taken = read(questionnaire, [GOOD[place] for place in keep], header=[HEADER[place] for place in keep])
    assert taken.cases[0].attributes == {}
    assert [warning.key for warning in taken.warnings] == ["answer_file.attributes_absent"]
    assert taken.cohorts == ("",)


def test_a_formula_in_a_name_stays_text_with_a_warning(questionnaire: Questionnaire) -> None:
    taken = read(questionnaire, with_cell("agency", "=1+1"), with_cell("agency", "<b>Sở</b>"))
    assert [case.agency for case in taken.cases] == ["=1+1", "<b>Sở</b>"]
    assert [(w.line, w.key) for w in taken.warnings] == [(2, "answer_file.formula")]


@pytest.mark.parametrize("text", ["-1.5", "-12", "-1.234,5", "-0.5%", "-2.5e-05"])
def test_a_number_below_zero_is_no_formula(text: str) -> None:
    assert not starts_formula(text)


@pytest.mark.parametrize("text", ["-1+1", "-A1", "=1", "@x", "+84", "-1|cmd", "-", "-1.5)"])
def test_what_a_spreadsheet_would_reckon_is_a_formula(text: str) -> None:
    assert starts_formula(text)


def test_a_case_knows_its_cohort(questionnaire: Questionnaire) -> None:
    taken = read(questionnaire, GOOD, with_cell("agency", "Sở B", cohort="phường"))
    assert [case.cohort for case in taken.cases] == list(taken.cohorts) == ["xa", "phường"]
