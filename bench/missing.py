"""How long another body's phiếu and one that is not there take to be told missing, asked for in turn."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bench.measure import Figure, tell
from bench.pages import build, signed_in
from survey.storage.agencies import Agency
from survey.storage.submissions import Submission
from survey.web.app import create_app

CALLS = 200
NOBODYS = 999_999
FOREIGN = "HN-UBND-SNV"


def measure_missing() -> None:
    """The median of each over CALLS calls, in turn, so that a slow moment of the machine meets both."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        build(folder)
        app = create_app(folder)
        client = signed_in(app)
        database = app.extensions["instance"].database
        wanted = sa.select(Submission.id).join(Agency, Agency.id == Submission.agency_id).where(Agency.code == FOREIGN)
        with database.reading() as session:
            foreign = session.scalars(wanted).one()
        times: dict[int, list[float]] = {foreign: [], NOBODYS: []}
        for number in (foreign, NOBODYS) * (CALLS + 5):
            started = time.perf_counter()
            if client.get(f"/phieu/{number}").status_code != 404:
                raise SystemExit(f"{number} is not missing")
            times[number].append((time.perf_counter() - started) * 1000)
        figures = {name: median(taken[5:]) for name, taken in zip(("foreign", "none"), times.values(), strict=True)}
        database.close()
    tell(_nothing, 1, **figures)


def print_missing(figure: Figure) -> None:
    """Print the rows of the table."""
    foreign, none = figure.result["foreign"], figure.result["none"]
    print(f"{f'another phiếu is missing, median of {CALLS}':<58}{foreign:9.2f} ms")
    apart = abs(foreign - none) / none
    print(f"{'no phiếu is missing, asked for in turn':<58}{none:9.2f} ms {apart:6.1%} apart (at most 10%)")


def _nothing() -> None:
    """The times are told already."""
