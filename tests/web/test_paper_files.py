"""Word files of every kind of body as LibreOffice reads them: a tờ trình is one page, tables repeat their heading."""

import re
import subprocess
from pathlib import Path

from tests.web.conftest import DEPARTMENT, FRONT, PARTY, WARD, Site

READERS = {WARD: "duyet", PARTY: "nhap", DEPARTMENT: "duyet.so", FRONT: "tonghop"}


def to_pdf(soffice: str, folder: Path) -> dict[str, bytes]:
    """Every Word file of the folder as PDF, by name."""
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    files = [str(path) for path in sorted(folder.glob("*.docx"))]
    command = [soffice, profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {path.stem: path.read_bytes() for path in folder.glob("*.pdf")}


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", pdf))


def test_every_bodys_files_open_and_a_statement_is_one_page(site: Site, soffice: str, tmp_path: Path) -> None:
    folder = tmp_path / "word"
    folder.mkdir()
    for agency, login in READERS.items():
        for name, path in (("trong", "in/trong"), ("nhap", "in/da-nhap"), ("totrinh", "to-trinh")):
            answer = site.client(login).get(f"/phieu/{site.submissions[agency]}/{path}.docx")
            assert answer.status_code == 200
            (folder / f"{agency}-{name}.docx").write_bytes(answer.data)
    made = to_pdf(soffice, folder)
    assert len(made) == 12
    assert {name: pages(pdf) for name, pdf in made.items() if name.endswith("totrinh") and pages(pdf) != 1} == {}
    assert pages(made[f"{WARD}-trong"]) < 16
