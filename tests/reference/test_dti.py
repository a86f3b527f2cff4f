"""Published indices of provinces: the main indices and their weights give the published whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.cli import main
from tests.reference.tables import HERE, answers, by, published, read

ROUNDED = 1e-4  # what is published has four decimals, as the main indices have


@pytest.mark.parametrize(
    ("questionnaire", "file", "bodies"),
    [("dti-2022", "dti2022_provinces_top5.csv", 5), ("dti-2020", "dti2020_provinces_top9.csv", 9)],
)
def test_the_whole_and_the_ranks_are_those_published(
    questionnaire: str, file: str, bodies: int, tmp_path: Path
) -> None:
    wanted = published("dti", file)
    given, out = answers(tmp_path / "x.csv", questionnaire, wanted, "province", str), tmp_path / "out.csv"
    assert main([
        "score", "--questionnaire", str(HERE / questionnaire), "--answers", str(given), "--out", str(out),
    ]) == 0  # fmt: skip
    rows = by(wanted, "province")
    table = read(out)
    assert len(table) == bodies
    for row in table:
        assert float(row["total"]) == pytest.approx(float(rows[row["agency"]]["published"]), abs=ROUNDED)
        assert row["rank"] == rows[row["agency"]]["rank"]
