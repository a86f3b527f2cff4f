"""The recalculation that other tests trust: it finds what a wrong cache hides."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl

from tests.recalculate import convert, recalculate, strip_caches


def _falsified(folder: Path) -> Path:
    """A workbook whose two formulas carry wrong cached values, one of them text."""
    honest, false = folder / "honest.xlsx", folder / "false.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([1, 2, "=A1+B1", '=IF(A1=1,"có","không")', "chữ"])
    workbook.save(honest)
    with zipfile.ZipFile(honest) as old, zipfile.ZipFile(false, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                content = re.sub(rb"<v ?/>|<v></v>", b"<v />", content)  # however openpyxl writes it
                content = content.replace(b'<c r="C1"><f>A1+B1</f><v /></c>', b'<c r="C1"><f>A1+B1</f><v>7</v></c>')
                content = content.replace(b'<c r="D1"><f>', b'<c r="D1" t="str"><f>')
                content = content.replace(b"</f><v /></c>", b"</f><v>sai</v></c>")
                assert content.count(b"<v>7</v>") == content.count(b"<v>sai</v>") == 1
            new.writestr(item, content)
    return false


def _values(workbook: Path) -> list[object]:
    return [cell.value for cell in openpyxl.load_workbook(workbook, data_only=True).active[1]]


def test_stripping_leaves_formulas_without_values_and_other_cells_alone(tmp_path: Path) -> None:
    assert strip_caches(_falsified(tmp_path), tmp_path / "bare.xlsx") == 2
    assert _values(tmp_path / "bare.xlsx") == [1, 2, None, None, "chữ"]


def test_falsified_caches_are_found_by_recalculation_and_believed_without_it(tmp_path: Path, soffice: str) -> None:
    false = _falsified(tmp_path)
    assert _values(convert(false, tmp_path, soffice)) == [1, 2, 7, "sai", "chữ"]
    assert _values(recalculate(false, tmp_path, soffice)) == [1, 2, 3, "có", "chữ"]
