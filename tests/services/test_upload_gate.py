"""The upload gate on tables: columns by heading, kinds of cells, and every fault of a table with sheet and cell."""

import shutil
import subprocess
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from survey.core.handed_in import Cell
from survey.services.upload_gate import table_from_json, table_to_json
from tests.services.gate_files import GOOD, HEADINGS, faults, read, with_cell, with_strings, workbook


def texts(content: bytes, name: str = "ds.xlsx") -> list[dict[str, str]]:
    return [{key: cell.text for key, cell in row.cells.items()} for row in read(content, name).rows]


def test_columns_are_found_by_heading_wherever_they_stand() -> None:
    table = read(
        workbook(["Danh sách đơn vị"], [], ["STT", "Tên đơn vị", None, "  MÃ  đơn vị *"], [1, "Sở A", "?", "A"])
    )
    assert (table.file, table.sheet, table.letters) == ("ds.xlsx", "Đơn vị", {"name": "B", "code": "D"})
    assert [(row.number, row.text("code"), row.text("name"), row.text("day")) for row in table.rows] == [
        (4, "A", "Sở A", "")
    ]


def test_cells_say_their_kind() -> None:
    row = ["0912", 1.5, date(2026, 11, 23), True]
    cells = read(workbook(HEADINGS, row)).rows[0].cells
    assert cells == {
        "code": Cell("0912"),
        "name": Cell("1.5", "number"),
        "day": Cell("23/11/2026", "date"),
        "note": Cell("1", "truth"),
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1 + 0.2, Cell("0.3", "number")),
        (1e16, Cell("10000000000000000", "number")),
        (912345678, Cell("912345678", "number")),
        (-3.5, Cell("-3.5", "number")),
        (datetime.fromisoformat("2026-11-23T08:05"), Cell("23/11/2026 08:05", "date")),
        (time(8, 30), Cell("08:30", "date")),
        ("23/11/2026", Cell("23/11/2026")),
        ("So\u031b\u0309 Y te\u0302\u0301", Cell("Sở Y tế")),
        ("dòng một\ndòng hai", Cell("dòng một\ndòng hai")),
        ("'=1+1", Cell("'=1+1")),
    ],
)
def test_values_are_told_as_they_are_read(value: object, expected: Cell) -> None:
    assert read(workbook(HEADINGS, ["A", "Sở A", value])).rows[0].cell("day") == expected


def test_the_row_that_counts_the_columns_and_blank_rows_are_no_data() -> None:
    content = workbook(HEADINGS, ["(1)", "(2)", "(3)", "(4)"], [None, " ", None], ["A", "Sở A"])
    assert [(row.number, row.text("code")) for row in read(content).rows] == [(4, "A")]


def test_the_sheet_with_the_headings_is_found_behind_a_guide() -> None:
    def guide(book: Workbook, sheet: Worksheet) -> None:
        page = book.create_sheet("Hướng dẫn", 0)
        page.append(["Cột “Mã đơn vị” ghi mã"])
        page.append(["Tên đơn vị", "tên đầy đủ"])
        hidden = book.create_sheet("Danh mục", 0)
        hidden.append(HEADINGS)
        hidden.sheet_state = "hidden"

    table = read(workbook(*GOOD, also=guide))
    assert (table.sheet, len(table.rows)) == ("Đơn vị", 2)


def test_without_headings_the_first_sheet_is_named_and_not_the_guide_that_lists_them() -> None:
    def guide(book: Workbook, _sheet: Worksheet) -> None:
        page = book.create_sheet("Hướng dẫn")
        page.append(["Mục", "Cách ghi", "Ví dụ"])
        page.append(["Tên đơn vị", "tên đầy đủ", "Sở A"])

    assert faults(workbook(*GOOD[1:], also=guide)) == [("headings_none", "ds.xlsx, trang “Đơn vị”")]


def test_a_sheet_asked_for_is_the_only_one_taken() -> None:
    assert read(workbook(*GOOD), sheet="đơn  vị").sheet == "Đơn vị"
    assert faults(workbook(*GOOD), sheet="Số liệu") == [("sheet_missing", "ds.xlsx")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Họ tên", "Chức vụ"], ["An", "Giám đốc"]], [("headings_none", "ds.xlsx, trang “Đơn vị”")]),
        ([["Mã đơn vị", "Ngày"], ["A", None]], [("heading_missing", "ds.xlsx, trang “Đơn vị”, dòng 1")]),
        ([HEADINGS], [("no_rows", "ds.xlsx, trang “Đơn vị”, dòng 1")]),
        ([[*HEADINGS, "Điện thoại"], ["A", "Sở A"]], [("heading_unknown", "ds.xlsx, trang “Đơn vị”, ô E1")]),
        ([[*HEADINGS, "Ghi chu"], ["A", "Sở A"]], [("heading_near", "ds.xlsx, trang “Đơn vị”, ô E1")]),
        ([[*HEADINGS, "code"], ["A", "Sở A"]], [("heading_repeated", "ds.xlsx, trang “Đơn vị”, ô E1")]),
        ([HEADINGS, ["A", "=B1"]], [("formula", "ds.xlsx, trang “Đơn vị”, ô B2")]),
        ([HEADINGS, ["A", "Sở A"], ["B", "#REF!"]], [("error_value", "ds.xlsx, trang “Đơn vị”, ô B3")]),
        (
            [HEADINGS, ["A", "=1/0", "=A2"]],
            [("formula", "ds.xlsx, trang “Đơn vị”, ô " + cell) for cell in ("B2", "C2")],
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_cell(rows: list, expected: list[tuple[str, str]]) -> None:
    assert faults(workbook(*rows)) == expected


def test_formulas_outside_our_columns_are_nobodys_business() -> None:
    assert len(read(workbook([*HEADINGS, None, None], ["A", "Sở A", None, None, None, "=1+1"])).rows) == 1


def test_more_keeps_columns_under_their_own_heading() -> None:
    table = read(workbook([*HEADINGS, " has_tthc "], ["A", "Sở A", None, None, 1]), more=True)
    assert (table.letters["has_tthc"], table.rows[0].cell("has_tthc")) == ("E", Cell("1", "number"))
    repeated = workbook([*HEADINGS, "x", "x"], ["A", "Sở A"])
    assert faults(repeated, more=True) == [("heading_repeated", "ds.xlsx, trang “Đơn vị”, ô F1")]


def test_merged_cells_inside_the_table_are_refused_and_beside_it_they_are_not() -> None:
    def merge(*ranges: str) -> bytes:
        rows = [["Danh sách"], [], HEADINGS, ["A", "Sở A"], ["B", "Sở B"]]
        return workbook(*rows, also=lambda _, sheet: [sheet.merge_cells(one) for one in ranges])

    assert len(read(merge("A1:D2", "F4:G5", "A9:D9")).rows) == 2
    assert faults(merge("B4:B5")) == [("merged", "ds.xlsx, trang “Đơn vị”, ô B4")]


@pytest.mark.parametrize("coded", ["_x0007_", "_xD800_", "_xFFFF_", "_x0000_"])
def test_characters_that_nobody_sees_are_refused_with_their_cell(coded: str) -> None:
    content = with_cell(workbook(*GOOD), f'<c r="B2" t="inlineStr"><is><t>S{coded}A</t></is></c>'.encode())
    assert faults(content) == [("unseen", "ds.xlsx, trang “Đơn vị”, ô B2")]


def test_codes_that_excel_writes_for_characters_are_read_as_these() -> None:
    content = with_cell(workbook(*GOOD), b'<c r="B2" t="inlineStr"><is><t>a_x000A_b_x005F_x0041_</t></is></c>')
    assert texts(content)[0]["name"] == "a\nb_x0041_"


def test_shared_texts_are_read_without_how_they_are_pronounced() -> None:
    strings = "<sst><si><r><t>Sở </t></r><r><t>Y tế</t></r><rPh sb='0' eb='1'><t>so</t></rPh></si></sst>"
    assert texts(with_strings(workbook(*GOOD), strings.encode()))[0]["name"] == "Sở Y tế"


def test_one_stray_cell_far_away_is_named() -> None:
    def stray(place: str) -> bytes:
        return workbook(*GOOD, also=lambda _, sheet: sheet.__setitem__(place, 1))

    assert faults(stray("A1048576")) == [("far_row", "ds.xlsx, trang “Đơn vị”, ô A1048576")]
    assert faults(stray("XFD3")) == [("far_column", "ds.xlsx, trang “Đơn vị”, ô XFD3")]
    assert len(read(stray("Z900")).rows) == 2


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_is_read_whatever_program_wrote_it(mark: str, sign: str, end: str) -> None:
    lines = [["Mã đơn vị", "Tên đơn vị"], ["A", '"Sở A, B; C"'], ["B", '"hai\ndòng"'], ["C", "Sở C"]]
    table = read((mark + end.join(sign.join(line) for line in lines) + end).encode(), "ds.csv")
    assert [(row.number, row.text("name")) for row in table.rows] == [(2, "Sở A, B; C"), (3, "hai\ndòng"), (5, "Sở C")]
    assert table.sheet == ""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [("empty", "ds.csv")]),
        (b" \n\n", [("empty", "ds.csv")]),
        ("code,Tên đơn vị\nA,Sở A\n".encode("utf-16"), [("utf16", "ds.csv")]),
        ("code,Tên đơn vị\nA,S\nB,Sở".encode() + b"\xff", [("not_utf8", "ds.csv, dòng 3")]),
        (b"code,\xed\xa0\x80\nA,B\n", [("not_utf8", "ds.csv, dòng 1")]),
        ('code,Tên đơn vị\nA,"B\nC,D\n'.encode(), [("quotes", "ds.csv, dòng 2")]),
        ("code,Tên đơn vị\nA,Sở A, B\n".encode(), [("many_in_line", "ds.csv, dòng 2")]),
        ("code,Tên đơn vị\nA,S\x07\n".encode(), [("unseen", "ds.csv, dòng 2, cột B")]),
        ("code,Tên đơn vị,x\nA,B\n".encode(), [("heading_unknown", "ds.csv, dòng 1, cột C")]),
        (("code,Tên đơn vị\n" + "A," + "b" * 40_000 + "\n").encode(), [("cell_long", "ds.csv, dòng 2")]),
        (("code,Tên đơn vị\n" + "A,b\n" * 50_001).encode(), [("far_row", "ds.csv, dòng 50001, cột A")]),
    ],
)
def test_what_is_wrong_with_a_csv_is_said_with_its_line(content: bytes, expected: list[tuple[str, str]]) -> None:
    assert faults(content, "ds.csv") == expected


def test_a_table_is_kept_and_found_again() -> None:
    table = read(workbook(HEADINGS, ["A", "Sở “A”\nở", date(2026, 1, 2), 7]))
    kept = table_from_json(table_to_json(table))
    assert kept == table
    assert kept.sha256 == table.sha256 != ""


def test_only_the_last_part_of_a_name_is_told() -> None:
    assert read(workbook(*GOOD), "C:\\Users\\an\\\u202eds .xlsx").file == "ds .xlsx"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_good_file_saved_again_by_libreoffice_is_taken(tmp_path: Path) -> None:
    row = ["0912", "Sở Y tế – “Hà Nội”", date(2026, 11, 23), 1.5]
    content = workbook(["Danh sách"], HEADINGS, row, also=lambda _, sheet: sheet.merge_cells("A1:D1"))
    (tmp_path / "a.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), "a.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    again = read((tmp_path / "out" / "a.xlsx").read_bytes())
    assert again.rows == read(content).rows
