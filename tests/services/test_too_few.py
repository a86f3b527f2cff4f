"""Packages of bodies of which too little is known: neither total nor rate is told, and none is made up on the way."""

import io
import json
import tempfile
from pathlib import Path

import openpyxl

from survey.core.recompute import recompute
from survey.core.result_file import read_result
from survey.services.follow_progress import ProgressFilter, follow_progress
from survey.services.make_result import result_of_round
from survey.services.make_workbook import make_workbook
from survey.services.rank_cohort import rank_cohort
from survey.storage import settings
from survey.storage.database import Database
from tests.databases import Store
from tests.services.packed import FIGURES, pack, take, trust
from tests.services.world import Known, World, build_world

FEATURE = Path(__file__).resolve().parents[2] / "questionnaires" / "features" / "too-few.yaml"
TERM = "Chưa đủ số liệu để tính"


def build_too_few(database: Database) -> Known:
    """The small world with a questionnaire that asks for 60 % of the weight."""
    with tempfile.TemporaryDirectory() as folder:
        rules = FEATURE.read_text(encoding="utf-8").replace("id: too-few", "id: mau")
        (Path(folder) / "questionnaire.yaml").write_text(rules, encoding="utf-8")
        return build_world(database, Path(folder))


@FIGURES
def test_what_one_instance_cannot_tell_another_does_not_tell_either(
    store: Store, tmp_path: Path, figures: bool
) -> None:
    here, there = (World(*store.fresh(build_too_few)) for _ in range(2))
    with there.database.writing() as session:
        settings.write(session, "instance_id", "feedfacecafe0001")
        settings.write(session, "name", "Văn phòng Thành ủy")
    there.send({"1.1": "yes"})
    there.send({"1.1": "yes", "2.1.a": "1", "2.1.b": "4"}, by="other", leader="other", agency="SO-2")
    data = pack(there, tmp_path, figures=figures)
    sent = next(body for body in json.loads(data)["content"]["bodies"] if body["code"] == "SO-1")
    assert (sent["total"], sent["maximum"], sent["rate"]) == (None, 100.0, None)
    trust(here, data)
    view = take(here, data)
    assert [body.total for body in view.bodies if body.code == "SO-1"] == [None]
    with here.database.reading() as session:
        ranking = rank_cohort(session, here["coordinator"], 1, "so-nganh")
        progress = follow_progress(session, here["coordinator"], 1, ProgressFilter())
        result = result_of_round(session, 1)
        workbook = make_workbook(session, here["coordinator"], 1)
    assert [(row.agency.code, row.rank, row.points) for row in ranking.rows] == [("SO-2", 1, 75.0)]
    few = f"{TERM} (mới có 40% trọng số, cần 60%)" if figures else TERM
    assert [(agency.code, words.vi) for _, agency, words in ranking.lacking] == [("SO-1", few)]
    assert [agency.code for agency in ranking.unranked] == ["SO-3"]
    assert [one.median_rate for one in progress.cohorts if one.code == "so-nganh"] == [0.75]
    assert recompute(read_result(result, "x"), "x").differences == ()
    points = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)["Điểm"]
    row = next(row for row in points.iter_rows() if row[0].value == "SO-1")
    shown = [cell.value for cell in row[4:10]]
    assert [value or None for value in shown] == [None, 100, None, None, TERM, None]
