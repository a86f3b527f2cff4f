"""Scores of a file of answers as CSV and JSON."""

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import pytest

from survey.core.answer_file import AnswerFile, Row, Table, read_answer_table
from survey.core.load import load
from survey.core.questionnaire import Questionnaire
from survey.core.score_table import ScoredFile, score_answers, score_csv, score_json

KEYS = ["1.1", "1.2.a", "so_cbccvc", "1.3", "2.1", "2.2.a1", "2.2.b1", "2.2.a2", "2.2.b2", "2.3", "2.10"]
FULL = ["yes", "73", "106", "cap_pho", "ke_hoach;kinh_phi", "9", "10", "2.5", "5", "7.25", "x"]


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load(Path(__file__).with_name("all_kinds.yaml"))


def answers(questionnaire: Questionnaire, *rows: list[str]) -> AnswerFile:
    """Rows of agency, cohort, has_tthc and the inputs in order."""
    numbered = tuple(Row(number, tuple(row)) for number, row in enumerate(rows, start=2))
    header = Row(1, ("agency", "cohort", "has_tthc", *KEYS))
    return read_answer_table(questionnaire, Table("t.csv", header, numbered))


def table(questionnaire: Questionnaire, *rows: list[str]) -> list[dict[str, str]]:
    written = score_csv(score_answers(questionnaire, answers(questionnaire, *rows)))
    return list(csv.DictReader(io.StringIO(written)))


def test_columns_stand_in_the_order_agreed(questionnaire: Questionnaire) -> None:
    (row,) = table(questionnaire, ["Sở A", "", "1", *FULL])
    codes = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.10"]
    assert list(row) == ["agency", *codes, "1", "2", "total", "maximum", "rate", "rate_published", "level", "rank"]


def test_points_are_those_of_the_rules(questionnaire: Questionnaire) -> None:
    (row,) = table(questionnaire, ["Sở A", "", "1", *FULL])
    assert [row[code] for code in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.10")] == [
        "10", "13.77", "5", "10", "7", "7.25", "0",
    ]  # fmt: skip
    assert (row["1"], row["2"], row["total"], row["maximum"]) == ("28.77", "24.25", "53.02", "67.5")
    assert float(row["rate"]) == float(Fraction("53.02") / Fraction("67.5"))
    assert (row["rate_published"], row["level"], row["rank"]) == ("0.7855", "Cao", "1")


def test_missing_is_empty_and_not_applicable_is_kad(questionnaire: Questionnaire) -> None:
    blank = ["", "KAD", "106", "", "-", "", "", "", "", "", ""]
    (row,) = table(questionnaire, ["Sở A", "", "0", *blank])
    assert [row[code] for code in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.10")] == [
        "", "KAD", "", "0", "KAD", "", "",
    ]  # fmt: skip
    assert (row["1"], row["2"], row["total"], row["maximum"], row["rate"]) == ("0", "0", "0", "37.5", "0.0")
    assert (row["rate_published"], row["level"]) == ("0.0000", "Thấp")


def test_where_nothing_applies_there_is_no_rate(questionnaire: Questionnaire) -> None:
    nothing = ["KAD", "KAD", "0", "KAD", "KAD", "KAD", "", "", "", "KAD", "KAD"]
    (row,) = table(questionnaire, ["Sở A", "", "1", *nothing])
    assert (row["1"], row["2"], row["total"], row["maximum"]) == ("KAD", "KAD", "0", "0")
    assert [row[name] for name in ("rate", "rate_published", "level", "rank")] == ["", "", "", ""]


def test_ranks_are_inside_cohorts_and_ties_share_one(questionnaire: Questionnaire) -> None:
    low = ["no", *FULL[1:]]
    rows = table(
        questionnaire,
        ["A", "xã", "1", *FULL], ["B", "xã", "1", *low], ["C", "xã", "1", *FULL], ["D", "phường", "1", *low],
    )  # fmt: skip
    assert [(row["agency"], row["rank"]) for row in rows] == [("A", "1"), ("B", "3"), ("C", "1"), ("D", "1")]


def test_a_hidden_indicator_earns_nothing_and_is_not_missing(questionnaire: Questionnaire) -> None:
    (row,) = table(questionnaire, ["A", "", "1", "no", *FULL[1:]])
    assert row["1.3"] == "0"


def test_no_cell_becomes_a_formula(questionnaire: Questionnaire) -> None:
    rows = table(questionnaire, ["=1+1", "", "1", *FULL], ["@x", "", "1", *FULL], ['Sở "A", B', "", "1", *FULL])
    assert [row["agency"] for row in rows] == ["'=1+1", "'@x", 'Sở "A", B']


def test_json_says_why(questionnaire: Questionnaire) -> None:
    read = answers(questionnaire, ["=1+1", "xã", "0", "yes", "107", "106", *FULL[3:]])
    content = json.loads(score_json(score_answers(questionnaire, read)))
    assert (content["questionnaire"], content["notice"], content["maximum"]) == ("moi-loai", "Chỉ để thử.", 67.5)
    (agency,) = content["agencies"]
    assert (agency["agency"], agency["cohort"], agency["rank"], agency["level"]) == ("=1+1", "xã", 1, "Cao")
    indicators = agency["indicators"]
    assert indicators["1.2"]["state"] == "missing"
    assert indicators["1.2"]["points"] is None
    assert "107" in indicators["1.2"]["reason"]
    assert indicators["2.2"]["state"] == "not_applicable"
    assert indicators["1.1"]["points"] == 10
    assert agency["groups"]["2"] == {"points": 17.25, "maximum": 17.5}
    english = json.loads(score_json(score_answers(questionnaire, read), "en"))
    assert english["title"] == "Every kind of input"


def test_json_tells_how_far_it_is(questionnaire: Questionnaire) -> None:
    seen = []
    read = answers(questionnaire, ["A", "", "1", *FULL], ["B", "", "1", *FULL])
    score_json(score_answers(questionnaire, read), progress=lambda rows: (seen.append(row) or row for row in rows))
    assert seen == [0, 1]


def scored(questionnaire: Questionnaire, key: str, **values: str) -> ScoredFile:
    """A file in which one column alone is filled in, scored."""
    others = [other for other in questionnaire.keys if other != key]
    blank = ("",) * len(others)
    rows = tuple(Row(number, (*pair, *blank)) for number, pair in enumerate(values.items(), start=2))
    table = Table("t.csv", Row(1, ("agency", key, *others)), rows)
    return score_answers(questionnaire, read_answer_table(questionnaire, table))


def test_what_waits_is_pending_and_peers_are_held_against_the_file() -> None:
    features = Path(__file__).parents[2] / "questionnaires" / "features"
    manual = load(features / "manual.yaml")
    row = next(csv.DictReader(io.StringIO(score_csv(scored(manual, "1.1", A="yes")))))
    assert (row["1.1"], row["1.2"], row["maximum"]) == ("10", "pending", "10")
    peer = load(features / "peer.yaml")
    told = json.loads(score_json(scored(peer, "1.1", A="12", B="30", C="80")))
    one = told["agencies"][1]["indicators"]["1.1"]
    assert one["points"] == 2.65
    assert "nhỏ nhất 12 dịch vụ, lớn nhất 80 dịch vụ trong nhóm (3 đơn vị có số liệu)" in one["reason"]
