"""51 countries × 49 indicators: index, sub-indices, pillars, ranks and robustness come out as published.

The figures were reckoned by another program (COINr); nothing in the code of this one knows their names.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from survey.cli import main
from survey.core.load import load
from survey.core.questionnaire import Questionnaire
from tests.reference.tables import HERE, Table, answers, apart, by, published, read

CLOSE = 1e-9
FOLDER = "asem"
RAW, GEOMETRIC, RESCALED = "asem", "asem-geometric", "asem-rescaled"


def names(questionnaire: Questionnaire) -> dict[str, str]:
    """The published name of every indicator and group, in small letters, by our code."""
    groups = {group.code: group.short.vi.lower() for group in questionnaire.all_groups}
    return groups | {indicator.code: indicator.keys[0] for indicator in questionnaire.indicators}


def columns(table: Table) -> dict[str, str]:
    """The columns of a published table by their names in small letters."""
    return {name.lower(): name for name in table[0]}


def inputs(folder: Path, questionnaire: str, name: str) -> Path:
    table = published(FOLDER, name)
    known = columns(table)
    return answers(folder / f"{questionnaire}.csv", questionnaire, table, "uCode", lambda key: known[key])


def score(questionnaire: str, file: Path, *more: object) -> None:
    arguments = ["score", "--questionnaire", str(HERE / questionnaire), "--answers", str(file), *map(str, more)]
    assert main(arguments) == 0


def assert_as_published(table: Table, wanted: Table, questionnaire: str) -> None:
    rows, known = by(wanted, "uCode"), columns(wanted)
    groups = {group.code: group.short.vi.lower() for group in load(HERE / questionnaire).all_groups}
    assert len(table) == len(rows) == 51
    for row in table:
        there = rows[row["agency"]]
        pairs = [(float(row["total"]), float(there["Index"]))]
        pairs += [(float(row[code]), float(there[known[name]])) for code, name in groups.items()]
        assert apart(pairs) <= CLOSE, row["agency"]


def test_index_sub_indices_pillars_and_ranks_are_those_published(tmp_path: Path) -> None:
    file, out = inputs(tmp_path, RAW, "asem_iData.csv"), tmp_path / "out.csv"
    score(RAW, file, "--out", out)
    wanted = published(FOLDER, "coinr_simple_results.csv")
    table = read(out)
    assert_as_published(table, wanted, RAW)
    assert {row["agency"]: row["rank"] for row in table} == {row["uCode"]: row["Rank"] for row in wanted}


def test_the_command_by_itself_writes_the_same(tmp_path: Path) -> None:
    file, here, alone = inputs(tmp_path, RAW, "asem_iData.csv"), tmp_path / "here.csv", tmp_path / "alone.csv"
    score(RAW, file, "--out", here)
    command = [
        sys.executable, "-c", "from survey.cli import main; raise SystemExit(main())", "score",
        "--questionnaire", str(HERE / RAW), "--answers", str(file), "--out", str(alone),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    )
    assert done.returncode == 0, done.stderr
    assert alone.read_bytes() == here.read_bytes()


def test_geometric_means_are_those_published(tmp_path: Path) -> None:
    wanted = published(FOLDER, "coinr_geom_Aggregated.csv")
    file, out = inputs(tmp_path, GEOMETRIC, "coinr_geom_Aggregated.csv"), tmp_path / "out.csv"
    score(GEOMETRIC, file, "--out", out)
    assert_as_published(read(out), wanted, GEOMETRIC)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Robustness of the rescaled columns under the published 200 sets of noisy weights, and their scores."""
    folder = tmp_path_factory.mktemp("rescaled")
    file, sets = inputs(folder, RESCALED, "coinr_geom_Aggregated.csv"), folder / "weights.csv"
    known = names(load(HERE / RESCALED))
    noisy = {row["iCode"].lower(): row for row in published(FOLDER, "oracle_noisy_weights_200.csv")}
    with sets.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        titles = [str(number) for number in range(1, 201)]
        writer.writerow(["code", *titles])
        writer.writerows([code, *(noisy[name][title] for title in titles)] for code, name in known.items())
    out, scores = folder / "report.json", folder / "scores.csv"
    score(RESCALED, file, "--weights", sets, "--weights-out", scores, "--robustness", out)
    told = json.loads(out.read_text(encoding="utf-8"))
    return {"told": told, "scores": read(scores), "names": known}


def test_scores_under_200_sets_of_noisy_weights_are_those_published(report: dict[str, Any]) -> None:
    wanted = by(published(FOLDER, "oracle_index_scores_200.csv"), "uCode")
    assert len(report["scores"]) == 51
    for row in report["scores"]:
        there = wanted[row["agency"]]
        pairs = [(100 * float(row[f"{n}:score"]), float(there[f"X{n}"])) for n in range(1, 201)]
        assert apart(pairs) <= CLOSE, row["agency"]


def test_rank_quantiles_and_means_are_those_published(report: dict[str, Any]) -> None:
    wanted = by(published(FOLDER, "oracle_rankstats_200.csv"), "uCode")
    for body in report["told"]["bodies"]:
        there = wanted[body["agency"]]
        pairs = (("q05", "Q5"), ("median", "Median"), ("q95", "Q95"), ("mean", "Mean"))
        assert apart([(body[ours], float(there[theirs])) for ours, theirs in pairs]) <= CLOSE, body["agency"]


def test_leaving_a_pillar_out_moves_ranks_as_published(report: dict[str, Any]) -> None:
    wanted = {
        row["Removed"].lower(): float(row["MeanAbsRankDiff"]) for row in published(FOLDER, "coinr_remove_pillar.csv")
    }
    moved = {report["names"][one["code"]]: one["mean_change"] for one in report["told"]["left_out"]}
    pillars = wanted.keys() - {"nominal"}
    assert len(pillars) == 8
    assert apart([(moved[name], wanted[name]) for name in pillars]) <= CLOSE


def test_effective_weights_are_those_published(report: dict[str, Any]) -> None:
    wanted = {row["iCode"].lower(): float(row["EffWeight"]) for row in published(FOLDER, "coinr_eff_weights.csv")}
    found = {report["names"][one["code"]]: one["effective"] for one in report["told"]["weights"]}
    assert found.keys() == wanted.keys() - {"index"}
    assert apart([(weight, wanted[name]) for name, weight in found.items()]) <= CLOSE


def test_alphas_are_those_published(report: dict[str, Any], tmp_path: Path) -> None:
    wanted = {row["Group"].lower(): row for row in published(FOLDER, "coinr_cronbach.csv")}
    of_shares = {report["names"].get(one["code"]): one["shares"] for one in report["told"]["alphas"]}
    file, out = inputs(tmp_path, RAW, "asem_iData.csv"), tmp_path / "report.json"
    score(RAW, file, "--robustness", out, "--draws", 1)
    raw = json.loads(out.read_text(encoding="utf-8"))["alphas"]
    of_measured = {report["names"].get(one["code"]): one["measured"] for one in raw}
    for name, there in wanted.items():
        pairs = [(of_shares[name], float(there["alpha_norm"])), (of_measured[name], float(there["alpha_raw"]))]
        assert apart(pairs) <= CLOSE, name
