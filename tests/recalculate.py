"""Recalculate a workbook by LibreOffice, its cached values stripped first, so that a wrong cache cannot pass."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

_CACHED = re.compile(
    rb"(<c\b[^>]*?)(?: t=\"(?:str|n|b|e)\")?([^>]*>)(<f\b(?:[^>]*/>|.*?</f>))(?:<v>.*?</v>|<v\s*/>)?</c>", re.DOTALL
)


def strip_caches(source: Path, target: Path) -> int:
    """Copy a workbook without the cached value of any formula; how many formulas it has."""
    count = 0
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                content, found = _CACHED.subn(rb"\1\2\3</c>", content)
                count += found
            new.writestr(item, content)
    return count


def recalculate(workbook: Path, folder: Path, soffice: str) -> Path:
    """The path of a copy of `workbook` in `folder` whose every formula LibreOffice has worked out anew."""
    folder.mkdir(parents=True, exist_ok=True)
    bare = folder / f"{workbook.stem}-bare.xlsx"
    strip_caches(workbook, bare)
    result = folder / "recalculated"
    command = [
        soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(result), str(bare),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return result / bare.name
