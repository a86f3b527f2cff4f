"""Everything a round reports, written into a folder."""

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from survey.core.recompute import recompute
from survey.core.result_file import read_result
from survey.services.errors import Refused
from survey.services.write_reports import INDEX, write_reports
from tests.services.world import World, at


def test_every_file_is_written_and_told(world: World, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    with world.database.reading() as session:
        told = list(
            write_reports(
                session, "2026", tmp_path / "out", progress=lambda *step: steps.append(step), clock=at(days=1)
            )
        )
    assert sorted(told) == sorted((tmp_path / "out").iterdir())
    assert steps[-1][0] == steps[-1][1] == len(steps)
    assert "Tổng hợp" in load_workbook(tmp_path / "out" / "summary-2026.xlsx").sheetnames
    result = read_result((tmp_path / "out" / "result-2026.result.json").read_bytes(), "x")
    assert recompute(result, "x").differences == ()
    index = json.loads((tmp_path / "out" / INDEX).read_text(encoding="utf-8"))
    assert len(index) >= 3
    for name, words in index.items():
        assert words["title"]
        assert words["alternative"]
        with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            assert next(csv.reader(stream))


def test_an_unknown_round_names_those_there_are(world: World, tmp_path: Path) -> None:
    with world.database.reading() as session, pytest.raises(Refused) as refused:
        list(write_reports(session, "1999", tmp_path))
    assert "2026" in refused.value.sentence("en")
    assert list(tmp_path.iterdir()) == []
