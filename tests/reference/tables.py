"""The shared reference figures as tables, and files of answers made of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from survey.core.load import load

HERE = Path(__file__).parent
SHARED = Path(__file__).resolve().parents[3] / "shared" / "reference"
ABSENT = "the published reference figures are not beside this checkout (../shared/reference)"

Table = list[dict[str, str]]


def published(folder: str, name: str) -> Table:
    """One of the shared files; the test is skipped where they are absent."""
    file = SHARED / folder / name
    if not file.is_file():
        pytest.skip(ABSENT)
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def figure(text: str) -> str:
    """A cell as a file of answers writes it: blank where not available, fifteen decimals at most."""
    return "" if text == "NA" else f"{round(Decimal(text), 15):f}"


def answers(file: Path, questionnaire: str, table: Table, agency: str, columns: Callable[[str], str]) -> Path:
    """A file of answers to one of the questionnaires here: its inputs from the columns that `columns` names."""
    keys = load(HERE / questionnaire).keys
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["agency", *keys])
        writer.writerows([row[agency], *(figure(row[columns(key)]) for key in keys)] for row in table)
    return file


def by(table: Table, column: str) -> Mapping[str, dict[str, str]]:
    """The rows by one of their columns."""
    return {row[column]: row for row in table}


def read(file: Path) -> Table:
    """A CSV that was written."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def apart(pairs: Sequence[tuple[float, float]]) -> float:
    """The largest difference."""
    return max(abs(one - other) for one, other in pairs)
