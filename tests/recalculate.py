"""Recalculate a workbook by LibreOffice, its cached values stripped first, so that a wrong cache cannot pass."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

_CELL = re.compile(rb"<c\b([^>]*[^/>])>(.*?)</c>", re.DOTALL)
_FORMULA = re.compile(rb"<f\b[^>]*/>|<f\b.*?</f>", re.DOTALL)
_TYPE = re.compile(rb"""\st=(?:"[^"]*"|'[^']*')""")


def _bare(cell: re.Match[bytes]) -> bytes:
    """A cell without its value and the value's type, where a formula gives it one."""
    formula = _FORMULA.search(cell[2])
    return b"<c" + _TYPE.sub(b"", cell[1]) + b">" + formula[0] + b"</c>" if formula else cell[0]


def strip_caches(source: Path, target: Path) -> int:
    """Copy a workbook without the cached value of any formula; how many formulas it has."""
    count = 0
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.startswith("xl/worksheets/"):
                content = _CELL.sub(_bare, content)
                count += len(_FORMULA.findall(content))
            new.writestr(item, content)
    return count


def recalculate(workbook: Path, folder: Path, soffice: str) -> Path:
    """The path of a copy of `workbook` in `folder` whose every formula LibreOffice has worked out anew."""
    folder.mkdir(parents=True, exist_ok=True)
    bare = folder / f"{workbook.stem}-bare.xlsx"
    strip_caches(workbook, bare)
    return convert(bare, folder, soffice)


def convert(workbook: Path, folder: Path, soffice: str) -> Path:
    """The path of `workbook` as LibreOffice writes it again, in `folder`; caches are believed where there are any."""
    return convert_all([workbook], folder, soffice)[0]


def convert_all(workbooks: Sequence[Path], folder: Path, soffice: str) -> list[Path]:
    """Several at once: starting LibreOffice takes longer than the work."""
    result = folder / "recalculated"
    command = [
        soffice, f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}", "--headless", "--norestore",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(result), *map(str, workbooks),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [result / workbook.name for workbook in workbooks]
