"""How the sheets are made: text stays text, every sheet prints, freezes and says what it is, rows fit their text."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from openpyxl.workbook import Workbook

from reports.data import RoundData
from reports.excel.book import Book, Heading
from reports.excel.plan import row_keys, sheet_name
from reports.excel.strings import LONGEST
from reports.excel.styles import DAY, TEXT
from reports.excel.titles import short_titles
from reports.excel.workbook import provisional_stamp, summary_workbook
from reports.excel.wrapping import TALLEST, height, lines
from tests.reports import rounds
from tests.reports.workbooks import formulas, opened, values


@pytest.fixture(scope="module")
def data() -> RoundData:
    return rounds.small_round()


@pytest.fixture(scope="module")
def workbook(data: RoundData) -> bytes:
    return summary_workbook(data)


@pytest.fixture(scope="module")
def book(workbook: bytes) -> Workbook:
    return opened(workbook)


def test_hostile_texts_stay_texts_in_every_sheet(data: RoundData, book: Workbook) -> None:
    texts = [text for text in rounds.HOSTILE if text.startswith(("=", "+", "-", "@"))]
    shown = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value in texts]
    assert {cell.value for cell in shown} == set(texts)
    assert {cell.data_type for cell in shown} == {"s"}
    assert all(cell.style_id is not None and cell._style.quotePrefix for cell in shown)
    assert not [text for text in formulas(book).values() if "http://x" in text]


def test_what_xml_cannot_hold_is_left_out(book: Workbook) -> None:
    shown = {cell.value for row in book["Tổng hợp"].iter_rows() for cell in row if isinstance(cell.value, str)}
    assert {"abc", "x", "<b>&amp;"} <= shown


def one_cell(value: object) -> object:
    """What a reader finds of a value written alone."""
    made = Book(Heading("Thử", rounds.AT, "", "", "vi"))
    made.add("Thử", "FFFFFF").put(1, 1, value, TEXT.but(number=DAY) if isinstance(value, date) else TEXT)  # type: ignore[arg-type]
    return opened(made.finish())["Thử"]["A1"].value


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (12, 12),
        (0.1, 0.1),
        (float("nan"), None),
        ("", None),
        ("dòng một\ndòng hai", "dòng một\ndòng hai"),
        ("  giữ khoảng trắng ", "  giữ khoảng trắng "),
        ("a" * (LONGEST + 5), "a" * LONGEST),
        ("mang_xa_hoi _x0041_", "mang_xa_hoi _x0041_"),
    ],
)
def test_a_value_is_read_back_as_what_it_is(value: object, found: object) -> None:
    assert one_cell(value) == found


def test_days_and_instants_are_dates_by_the_clock_in_hanoi() -> None:
    assert str(one_cell(date(2026, 2, 28))) == "2026-02-28 00:00:00"
    assert str(one_cell(rounds.AT)) == "2026-11-23 09:15:00"


def test_no_cell_is_written_twice(workbook: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/"):
                cells = re.findall(rb'<c r="([A-Z]+[0-9]+)"', package.read(name))
                assert len(cells) == len(set(cells)), name


def test_every_sheet_prints_on_a4_landscape_with_page_numbers_and_notice(book: Workbook) -> None:
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape"), sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_area
        assert sheet.print_title_rows
        assert "QĐ 5279" in sheet.oddFooter.left.text
        assert sheet.oddFooter.right.text == "&P/&N"
        assert sheet.freeze_panes
        assert sheet.sheet_properties.tabColor
        assert len(sheet.title) <= 31


def test_words_that_no_formula_knows_cannot_be_typed_where_one_is_picked(book: Workbook) -> None:
    picked = [rule for sheet in book for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert picked
    assert all(rule.showErrorMessage and rule.error for rule in picked)


def test_columns_repeated_on_every_page_hold_no_line_that_would_be_cut_there(book: Workbook) -> None:
    repeated = {sheet.title: sheet for sheet in book if sheet.print_title_cols}
    assert {name.split()[0] for name in repeated} == {"Tổng", "Điểm", "Số"}
    for sheet in repeated.values():
        columns = sheet.column_dimensions
        last = sheet.print_title_cols.rpartition("$")[2]
        assert not [cell.coordinate for row in sheet[f"A2:{last}3"] for cell in row if cell.value is not None]
        wide = sum(columns[chr(at)].width for at in range(ord("A"), ord(last) + 1))
        assert f"A1:{last}1" in sheet.merged_cells
        assert sheet.row_dimensions[1].height >= height(lines(sheet["A1"].value, wide, 15, True), 15)


def test_the_notice_and_the_stamp_stand_on_every_sheet(data: RoundData, workbook: bytes) -> None:
    stamp = provisional_stamp(data)
    assert stamp == f"Số liệu tạm tính đến 23/11/2026 09:15 – {data.sent}/29 đơn vị đã gửi"
    for sheet in opened(workbook, values=True):
        top = "\n".join(str(cell.value) for row in sheet.iter_rows(max_row=6) for cell in row if cell.value)
        assert stamp in top, sheet.title
        assert rounds.NOTICE in top, sheet.title


def test_a_closed_round_bears_no_stamp(data: RoundData) -> None:
    closed = replace(data, closed=True)
    texts = [value for value in values(opened(summary_workbook(closed))).values() if isinstance(value, str)]
    assert not [text for text in texts if "tạm tính đến" in text]


def test_every_sheet_is_linked_from_the_first(workbook: bytes) -> None:
    book = opened(workbook)
    links = [text for (sheet, _), text in formulas(book).items() if sheet == "Thông tin" and "HYPERLINK" in text]
    named = {match[1] for text in links if (match := re.search(r"#'([^']+)'!A1", text))}
    assert named == set(book.sheetnames[1:])


def test_the_index_sheet_has_the_columns_of_an_annex(book: Workbook) -> None:
    rows = list(book["Bộ chỉ số sở, ban, ngành"].iter_rows(values_only=True))
    head = next(row for row in rows if row[0] == "Mã")
    assert head[:10] == (
        "Mã", "Chỉ số", "Điểm chỉ số chính", "Điểm tối đa", "Cách xác định và tính điểm", "Tài liệu kiểm chứng",
        "Nguồn dữ liệu", "Đơn vị phối hợp xác minh", "Căn cứ", "Nguồn gốc",
    )  # fmt: skip
    by_code = {row[0]: row for row in rows}
    assert by_code["1.2"][10] == "nguoi_dung_dau: Người đứng đầu\ncap_pho: Cấp phó\nkhong: Không có"
    assert by_code["3.11"][3] == "Không tính điểm"
    assert "Sở Khoa học và Công nghệ cung cấp" in by_code["3.10"][6]
    assert "a: Số công chức có chữ ký số (người)" in by_code["2.1.1"][4]


def test_a_round_without_agencies_or_questionnaires_still_makes_a_workbook(data: RoundData) -> None:
    empty = summary_workbook(replace(data, results=()))
    assert opened(empty).sheetnames == ["Thông tin", "Tổng hợp", "Thống kê chỉ số", "Chưa gửi", "Đối chiếu"]


def test_the_workbook_speaks_english_where_asked(data: RoundData) -> None:
    names = opened(summary_workbook(data, "en")).sheetnames
    assert names[:2] == ["About", "Summary"]
    assert "Points departments" in names


@pytest.mark.parametrize(
    ("text", "columns", "count"),
    [
        ("", 10, 1),
        ("Ủy ban nhân dân xã", 40, 1),
        ("Ban Quản lý Khu công nghệ cao và Khu công nghiệp thành phố Hà Nội", 40, 2),
        ("một\nhai", 40, 2),
        ("a" * 100, 20, 6),
    ],
)
def test_lines_of_wrapped_text_are_counted(text: str, columns: float, count: int) -> None:
    assert lines(text, columns) == count


def test_rows_are_as_high_as_their_text_and_never_higher_than_excel_takes() -> None:
    assert height(2) > 2 * 10 * 1.2
    assert height(1000) == TALLEST


def test_sheet_names_are_those_that_excel_takes() -> None:
    assert sheet_name("Điểm: [a/b]*?", ()) == "Điểm a b"
    assert sheet_name("Điểm", ("điểm",)) == "Điểm 2"
    long = sheet_name("Ủy ban Mặt trận Tổ quốc Việt Nam xã Cổ Đô", ())
    assert len(long) <= 31
    assert long == "Ủy ban Mặt trận Tổ quốc Việt"


def test_tabs_name_what_tells_questionnaires_apart() -> None:
    titles = ["Bộ chỉ số chuyển đổi số cấp xã, phường", "Bộ chỉ số chuyển đổi số Mặt trận Tổ quốc và các tổ chức"]
    assert short_titles(titles, 20) == ["cấp xã, phường", "Mặt trận Tổ quốc"]
    assert short_titles(titles[:1], 20) == [""]


def test_codes_that_match_would_confuse_are_replaced() -> None:
    assert row_keys(["HN-1", "HN-2"]) == ("HN-1", "HN-2")
    assert row_keys(["A*", "AB"]) == ("DV00001", "DV00002")
    assert row_keys(["a", "A"]) == ("DV00001", "DV00002")
