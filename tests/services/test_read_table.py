"""Reading CSV and xlsx files into tables."""

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from survey.core.answer_file import Row
from survey.core.errors import Faults
from survey.services import read_table as reading
from survey.services.read_table import read_table


def write(folder: Path, content: bytes | str, name: str = "a.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def workbook(folder: Path, *rows: list[object], title: str = "Số liệu") -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def fault(file: Path) -> tuple[int, str, str]:
    with pytest.raises(Faults) as found:
        read_table(file)
    (one,) = found.value.faults
    for language in ("vi", "en"):
        assert one.sentence(language).startswith(str(file))
        assert "{" not in one.sentence(language)
    return one.line, one.column, one.key.removeprefix("answer_file.")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_is_read_whatever_program_wrote_it(tmp_path: Path, mark: str, sign: str, end: str) -> None:
    content = mark + end.join([sign.join(row) for row in (["agency", "1.1"], ['"Sở A, B; C"', "12"])]) + end
    table = read_table(write(tmp_path, content))
    assert table.header == Row(1, ("agency", "1.1"))
    assert table.rows == (Row(2, ("Sở A, B; C", "12")),)


def test_rows_keep_their_number_in_the_file(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, '\n\nagency,note\nA,"hai\ndòng"\n ,\nB,x\n'))
    assert [(row.line, row.cells[0]) for row in (table.header, *table.rows)] == [(3, "agency"), (4, "A"), (7, "B")]


def test_empty_columns_behind_the_last_heading_do_not_count(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, "agency,1.1,,\nA,1,,\n")).header.cells == ("agency", "1.1")


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ("", "a.csv", (1, "", "empty")),
        (" , ,\n\n", "a.csv", (1, "", "empty")),
        ("agency\nSở Y tế\n".encode("utf-16"), "a.csv", (1, "", "not_utf8")),
        ("agency\nX\nSở".encode() + b"\xff", "a.csv", (3, "", "not_utf8")),
        ('agency,1.1\nA,"1\nB,2\n', "a.csv", (2, "", "quotes")),
        ('agency,1.1\nA,"1"2\n', "a.csv", (2, "", "quotes")),
        ("agency", "a.ods", (1, "", "kind_unknown")),
        (b"PK\x03\x04 no package", "a.xlsx", (1, "", "xlsx_broken")),
        ("agency,1.1\n", "a.xlsx", (1, "", "xlsx_broken")),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: str | bytes, name: str, expected: tuple) -> None:
    assert fault(write(tmp_path, content, name)) == expected


def test_a_file_beyond_every_size_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE", 5)
    assert fault(write(tmp_path, "agency,1.1\n")) == (1, "", "file_large")


def test_a_workbook_is_read_as_a_csv_would_be(tmp_path: Path) -> None:
    file = workbook(
        tmp_path,
        ["agency", "1.1", "1.2.a", "x"],
        ["Sở A", 12, 0.1 + 0.2, True],
        [None, None, None, None],
        ["Sở B", "7.50", 1e16, date(2026, 11, 23)],
        ["Sở C", datetime(2026, 11, 23, 8, tzinfo=UTC).replace(tzinfo=None), -3.5, "=1+1".lstrip("=")],
    )
    table = read_table(file)
    assert table.rows == (
        Row(2, ("Sở A", "12", "0.3", "true")),
        Row(4, ("Sở B", "7.50", "1e+16", "2026-11-23")),
        Row(5, ("Sở C", "2026-11-23T08:00:00", "-3.5", "1+1")),
    )


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    file = workbook(tmp_path, ["agency"], ["A"])
    assert read_table(file.rename(tmp_path / "a.csv")).rows == (Row(2, ("A",)),)


def test_the_first_sheet_that_is_shown_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Ẩn"
    book.active.append(["wrong"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Số liệu").append(["agency"])
    book.active = 1
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx").header.cells == ("agency",)


def test_cells_whose_value_nobody_sees_are_named(tmp_path: Path) -> None:
    assert fault(workbook(tmp_path, ["agency", "1.1"], ["A", "#N/A"])) == (2, "B", "cell_error")
    assert fault(workbook(tmp_path, ["agency", "1.1"], ["A", 1], ["B", "=1/0"])) == (3, "B", "cell_uncalculated")


def test_a_cell_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = Workbook()
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "a.xlsx")
    assert fault(tmp_path / "a.xlsx") == (1, "", "sheet_large")


def test_a_package_that_unpacks_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = workbook(tmp_path, ["agency"], ["A"])
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/bomb.xml", b" " * 2_000_000)
    monkeypatch.setattr(reading, "LARGEST_UNPACKED", 1_000_000)
    assert fault(file) == (1, "", "file_large")


def test_a_package_with_entities_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path, ["agency"], ["A"])
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(evil, "w") as bad:
        for item in good.infolist():
            data = good.read(item)
            if item.filename == "xl/workbook.xml":
                data = (
                    b'<!DOCTYPE x [<!ENTITY e "e">]>' + data.partition(b"?>")[2]
                    if b"?>" in data
                    else (b'<!DOCTYPE x [<!ENTITY e "e">]>' + data)
                )
            bad.writestr(item, data)
    assert fault(evil) == (1, "", "xlsx_broken")
