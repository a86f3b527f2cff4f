"""The offline phiếu: export and import are the identity, an untouched cell changes nothing, faults have a place."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core import document as doc
from survey.core.answers import Special, from_stored, read_typed, to_stored
from survey.core.errors import Faults
from survey.core.handed_in import Cell, Row, Table
from survey.core.load import load_text
from survey.core.offline_cells import (
    CODE,
    KAD,
    NOTE,
    VALUE,
    WAS,
    WHOSE,
    WHY,
    Whose,
    cell_of,
    check_whose,
    content_of,
    mark_of,
)  # fmt: skip
from survey.core.offline_lines import Closed, lay_out
from survey.core.offline_plan import Effect, Plan, changes_of, plan_offline

FILE = Path(__file__).with_name("offline") / "questionnaire.yaml"
QUESTIONNAIRE = load_text(FILE.read_text(encoding="utf-8"), str(FILE))
PHIEU = lay_out(QUESTIONNAIRE, {"3.4": Closed.PROVIDED, "3.5": Closed.GRADED})
OWN = sorted(PHIEU.open_keys)
LETTERS = dict(zip((CODE, VALUE, NOTE, KAD, WHY, *WAS.values(), WHOSE), "ADEFGKLMNJ", strict=True))


def stored(typed: Mapping[str, str]) -> dict[str, Any]:
    """A document in which this was typed."""
    made: dict[str, Any] = {}
    for key, text in typed.items():
        if doc.text_kind(key):
            made[key] = {"text": text, "rev": 1}
        elif key.startswith(doc.KAD):
            made[key] = {"reason": text, "decision": None, "rev": 1}
        else:
            made[key] = {**to_stored(read_typed(QUESTIONNAIRE, key, text)), "rev": 1}
    return made


def read_back(value: Decimal | str | None) -> Cell:
    """What the upload gate reads of a cell: a spreadsheet keeps a float of 15 digits, and texts as they are."""
    if isinstance(value, Decimal):
        return Cell(format(Decimal(f"{float(value):.15g}").normalize(), "f"), "number")
    return Cell(value or "")


def exported(
    document: Mapping[str, Any], changed: Mapping[tuple[str, str], object] = {}, language: str = "vi"
) -> Table:
    """The table of a phiếu as downloaded, some cells then typed into: (code, column) → text, Cell or Decimal."""
    rows = []
    for number, line in enumerate(PHIEU.lines, start=6):
        if not line.code:
            continue
        cells = {CODE: Cell(line.code), VALUE: read_back(cell_of(QUESTIONNAIRE, document, line, language))}
        if line.key:
            cells[WAS[VALUE]] = Cell(mark_of(content_of(QUESTIONNAIRE, document, line.target)))
        for column, prefix in ((NOTE, doc.NOTE), (KAD, doc.KAD), (WHY, doc.UNPROVEN)):
            content = content_of(QUESTIONNAIRE, document, prefix + line.indicator.code)
            if line.heads:
                cells |= {column: Cell(str(content.get("text", ""))), WAS[column]: Cell(mark_of(content))}
        for (code, column), value in changed.items():
            if code == line.code:
                cells[column] = value if isinstance(value, Cell) else read_back(value)  # type: ignore[arg-type]
        rows.append(Row(number, cells))
    return Table("phieu.xlsx", "Phiếu", LETTERS, tuple(rows))


def bare(*lines: tuple[str, str]) -> Table:
    """A table of codes and values that somebody wrote."""
    rows = (Row(at, {CODE: Cell(code), VALUE: Cell(value)}) for at, (code, value) in enumerate(lines, start=2))
    return Table("bảng", "", {CODE: "A", VALUE: "B"}, tuple(rows))


def told(plan: Plan) -> list[str]:
    return [fault.sentence() for fault in plan.faults]


def taken(document: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """The document once everything proposed is taken."""
    typed, reasons = changes_of(PHIEU, document, plan.proposals)
    return {**document, **stored(typed), **stored({doc.KAD + code: text for code, text in reasons.items()})}


def contents(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a document says, key by key."""
    return {key: found for key, entry in document.items() if (found := doc.content_of(entry))}


integers = st.integers(0, 10**15 - 1).map(str)
decimals = st.decimals(0, Decimal("999999999999999"), places=6).map(lambda value: f"{value:f}".replace(".", ","))
reals = st.decimals(Decimal(-(10**9)), Decimal(10**9), places=15).map(lambda value: f"{value:f}".replace(".", ","))
texts = st.text(max_size=60) | st.sampled_from(["=1+1", "-5", "K.a.d.", "1.5", "@x", "_x000A_", "ô ô", "yes", "Có"])
ANSWERS = {
    "1.1": st.sampled_from(["yes", "no"]),
    "1.3": st.sampled_from(["dung_dau", "cap_pho", "cap_pho_khac"]),
    "2.1": st.sampled_from(["-", "ke_hoach", "kinh_phi", "ke_hoach;kinh_phi"]),
    "2.2.a2": decimals, "2.2.b2": decimals, "2.3": st.integers(0, 750).map(lambda n: f"{n // 100},{n % 100:02}"),
    "3.2": reals, "2.10": texts,
}  # fmt: skip
answers = st.fixed_dictionaries({}, optional={key: ANSWERS.get(key, integers) for key in OWN})
notes = st.dictionaries(
    st.sampled_from([prefix + code for prefix in (doc.NOTE, doc.KAD, doc.UNPROVEN) for code in ("1.1", "1.2", "2.1")]),
    texts.map(
        lambda text: from_stored(QUESTIONNAIRE, "2.10", to_stored(read_typed(QUESTIONNAIRE, "2.10", text))).typed
    ),
)
mistyped = st.dictionaries(st.sampled_from([key for key in OWN if key != "2.10"]), texts)
documents = st.builds(
    lambda typed, noted: stored(typed) | stored({k: v for k, v in noted.items() if v}), answers, notes
)


@settings(max_examples=30)
@given(documents, mistyped, st.sampled_from(["vi", "en"]))
def test_a_phieu_handed_in_as_it_was_downloaded_changes_nothing(
    document: dict[str, Any], wrong: dict[str, str], language: str
) -> None:
    document |= stored(wrong)
    plan = plan_offline(PHIEU, document, exported(document, language=language))
    assert (plan.proposals, plan.faults) == ([], [])


@given(documents, st.sampled_from(["vi", "en"]))
def test_what_one_phieu_exports_another_that_is_empty_imports_the_same(document: dict[str, Any], language: str) -> None:
    table = exported(document, language=language)
    rows = tuple(Row(row.number, {k: c for k, c in row.cells.items() if k not in WAS.values()}) for row in table.rows)
    plan = plan_offline(PHIEU, {}, Table("x", "Phiếu", LETTERS, rows))
    assert plan.faults == []
    assert contents(taken({}, plan)) == contents(document)
    again = plan_offline(PHIEU, taken({}, plan), Table("x", "Phiếu", LETTERS, rows))
    assert (again.proposals, again.faults) == ([], [])


@given(documents, documents)
def test_a_file_that_nobody_touched_never_undoes_a_newer_answer(then: dict[str, Any], now: dict[str, Any]) -> None:
    plan = plan_offline(PHIEU, now, exported(then))
    assert (plan.proposals, plan.faults) == ([], [])


@given(documents, documents)
def test_a_blank_never_erases(document: dict[str, Any], other: dict[str, Any]) -> None:
    blank = {(line.code, column): "" for line in PHIEU.lines for column in (VALUE, NOTE, KAD, WHY) if line.code}
    plan = plan_offline(PHIEU, document, exported(other, blank))
    assert (plan.proposals, plan.faults, plan.unchanged) == ([], [], 0)


def test_a_touched_cell_is_a_change_and_a_conflict_only_where_what_stands_has_changed_too() -> None:
    then = stored({"1.2.a": "5", "so_cbccvc": "10"})
    table = exported(then, {("1.2.a", VALUE): Decimal(7), ("so_cbccvc", VALUE): Decimal(12)})
    plan = plan_offline(PHIEU, stored({"1.2.a": "5", "so_cbccvc": "11"}), table)
    assert [(one.target, one.effect, one.before["value"], one.after["value"]) for one in plan.proposals] == [
        ("1.2.a", Effect.CHANGED, "5", "7"),
        ("so_cbccvc", Effect.CONFLICT, "11", "12"),
    ]
    same = plan_offline(PHIEU, stored({"1.2.a": "7", "so_cbccvc": "12"}), table)
    assert same.proposals == []


def test_ticks_are_merged_item_by_item() -> None:
    then = stored({"2.1": "ke_hoach"})
    table = exported(then, {("2.1:kinh_phi", VALUE): "Có"})
    now = stored({"2.1": "-"})  # a colleague took the other one away
    plan = plan_offline(PHIEU, now, table)
    assert [(one.target, one.effect) for one in plan.proposals] == [("2.1:kinh_phi", Effect.CHANGED)]
    assert changes_of(PHIEU, now, plan.proposals)[0] == {"2.1": "kinh_phi"}
    away = plan_offline(PHIEU, then, exported(then, {("2.1:ke_hoach", VALUE): "không"}))
    assert changes_of(PHIEU, then, away.proposals)[0] == {"2.1": "-"}


@pytest.mark.parametrize(
    ("code", "typed", "value"),
    [
        ("1.2.a", "1.234", "1234"), ("1.2.a", "1,234", "1234"), ("1.2.a", "1 234", "1234"),
        ("2.2.a2", "1.234,5", "1234.5"), ("2.2.a2", "1,234.5", "1234.5"), ("3.2", "-2,5", "-2.5"),
        ("1.1", "Co\u0301", "yes"), ("1.1", "KHÔNG", "no"), ("1.1", "Yes", "yes"), ("1.3", "dung_dau", "dung_dau"),
        ("1.3", "nguoi  dung dau", "dung_dau"), ("1.3", "Cap pho (cap_pho_khac)", "cap_pho_khac"),
        ("2.1", "Kế hoạch; Kinh phí", ["ke_hoach", "kinh_phi"]), ("2.1", "không có mục nào", []),
        ("2.1:ke_hoach", "x", "yes"), (" 1.2.A ", "7", "7"), ("2.10", "=1+1", "=1+1"),
    ],
)  # fmt: skip
def test_values_are_read_as_people_write_them(code: str, typed: str, value: object) -> None:
    plan = plan_offline(PHIEU, {}, bare((code, typed)))
    assert [one.after["value"] for one in plan.proposals] == [value], told(plan)


@pytest.mark.parametrize(
    ("code", "column", "cell", "sentence"),
    [
        ("1.2.a", VALUE, "mười", "“mười”"),
        ("1.2.a", VALUE, "-5", "âm"),
        ("1.2.a", VALUE, Decimal("12.5"), "nguyên"),
        ("1.2.a", VALUE, "1,000", "1000 hoặc 1"),
        ("2.2.a2", VALUE, "1.234", "1234 hoặc 1,234"),
        ("1.2.a", VALUE, "６", "６"),
        ("1.2.a", VALUE, "6 người", "6 người"),
        ("1.2.a", VALUE, Cell("05/01/2026", "date"), "ngày tháng (05/01/2026)"),
        ("1.2.a", VALUE, "05/01/2026", "“05/01/2026” không phải là số"),
        ("1.2.a", VALUE, Cell("1", "truth"), "đúng/sai"),
        ("1.2.a", VALUE, Cell("", "formula"), "công thức"),
        ("1.2.a", VALUE, Cell("#REF!", "error"), "#REF!"),
        ("2.10", VALUE, Cell("U+0007", "unseen"), "U+0007"),
        ("2.10", VALUE, "a" * 2001, "2.001"),
        ("2.3", VALUE, Decimal("8"), "7,5"),
        ("1.1", VALUE, "có lẽ", "có lẽ"),
        ("1.3", VALUE, "Cấp phó", "“Cấp phó (cap_pho)”"),
        ("2.1:ke_hoach", VALUE, "chắc", "“chắc” chưa rõ là có hay không"),
        ("2.1:ke_hoach", VALUE, "Không", "mới ghi Không ở một số nội dung"),
        ("1.2", VALUE, "5", "ở các dòng mã bên dưới"),
        ("1.1", VALUE, "K.a.d.", "ghi lý do ở cột Đề nghị không áp dụng"),
        ("3.4", VALUE, Decimal(5), "do cơ quan khác cung cấp"),
        ("3.5", VALUE, Decimal(5), "tổ thẩm định"),
        ("1.1", NOTE, "a" * 2001, "2001 ký tự"),
        ("1.2.a", NOTE, "ghi chú", "ghi ở dòng mã 1.2"),
        ("1.2.a", KAD, "Không được giao", "ghi ở dòng mã 1.2"),
        ("3.4", KAD, "Không được giao", "không phải đề nghị"),
        ("1.3", WHY, "Đang trình ký", "không yêu cầu tài liệu"),
        ("1.2.a", WHY, "Đang trình ký", "ghi ở dòng mã 1.2"),
        ("1.1", CODE, "9.9", "mã “9.9” không có trong phiếu"),
        ("1.1", CODE, "１.１", "mã “１.１” không có"),
        ("1.1", CODE, Cell("2.1", "number"), "2.1 hay 2.10"),
        ("1.1", CODE, Cell("01/02/2026", "date"), "đã đổi mã"),
        ("1.1", CODE, Cell("", "formula"), "công thức"),
        ("1.1", CODE, "1.2.a", "đã có ở dòng"),
    ],
)
def test_a_faulty_cell_is_told_by_its_place_and_the_others_can_be_taken(
    code: str, column: str, cell: object, sentence: str
) -> None:
    table = exported(
        stored({"1.2.a": "3"}), {(code, VALUE): "Có", (code, column): cell, ("3.2", VALUE): Decimal("2.5")}
    )
    plan = plan_offline(PHIEU, {}, table)
    (fault,) = [one for one in told(plan) if sentence in one] or [f"none of {told(plan)}"]
    assert sentence in fault
    assert "phieu.xlsx, trang “Phiếu”, ô " in fault
    assert "3.2" in [one.target for one in plan.proposals]
    assert not any(one.target == code and one.column == column for one in plan.proposals)


def test_both_rows_of_a_code_that_stands_twice_are_left() -> None:
    plan = plan_offline(PHIEU, {}, bare(("1.2.a", "5"), ("2.2.a1", "6"), ("1.2.A", "7")))
    assert [one.target for one in plan.proposals] == ["2.2.a1"]
    assert "đã có ở dòng 2" in told(plan)[0]


def test_ticks_given_as_a_list_and_item_by_item_are_asked_back() -> None:
    plan = plan_offline(PHIEU, {}, bare(("2.1", "ke_hoach"), ("2.1:kinh_phi", "Có")))
    assert [one.target for one in plan.proposals] == ["2.1:kinh_phi"]
    assert "Giữ một cách" in told(plan)[0]


def test_a_figure_without_a_code_is_a_fault_and_a_heading_is_none() -> None:
    plan = plan_offline(PHIEU, {}, bare(("", "5"), ("", "")))
    assert ["chưa có mã" in sentence for sentence in told(plan)] == [True]


WHOSE_IT_IS = Whose("2026", "SO-1", "mau", "1", "ab" * 32)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (Whose("2026", "SO-2", "mau", "1", "ab" * 32).written(), "phiếu của đơn vị mã SO-2"),
        (Whose("2025", "SO-1", "mau", "1", "ab" * 32).written(), "đợt 2025"),
        (Whose("2026", "SO-1", "mau", "2", "cd" * 32).written(), "bộ chỉ số mau 2"),
        ("không rõ", "cột ẩn"),
    ],
)
def test_a_phieu_of_somebody_else_another_round_or_version_is_refused_whole(written: str, sentence: str) -> None:
    table = exported({}, {("1.1", WHOSE): written, ("1.2.a", WHOSE): WHOSE_IT_IS.written()})
    with pytest.raises(Faults) as refused:
        check_whose(table, WHOSE_IT_IS)
    assert sentence in refused.value.faults[0].sentence()
    assert "ô A6" in refused.value.faults[0].place()
    check_whose(exported({}, {("1.2.a", WHOSE): WHOSE_IT_IS.written()}), WHOSE_IT_IS)


def test_what_is_missing_stays_missing() -> None:
    assert from_stored(QUESTIONNAIRE, "1.1", content_of(QUESTIONNAIRE, {}, "1.1")).value is Special.MISSING
