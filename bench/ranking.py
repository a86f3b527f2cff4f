"""From the database to a ranking: the packaged round with every phiếu filled in and sent, on SQLite, from its file."""

from __future__ import annotations

import random
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bench.measure import Figure, tell
from bench.pages import build
from bench.rounds import answers
from survey.core.answers import Answer, to_cell, to_stored
from survey.core.ranking import ranks
from survey.core.workflow import SubmissionState
from survey.services import instance
from survey.services.instance import Session
from survey.services.published import published
from survey.services.score_round import score_round
from survey.storage.submission_rows import rows_of_round
from survey.storage.submissions import Submission

REPEATS = 5


def measure_ranking() -> None:
    """CPU milliseconds from rows to ranks, and of reading the bytes of the same rows."""
    with TemporaryDirectory() as name:
        build(Path(name))
        database = instance.open_database(Path(name))
        with database.writing() as session:
            count = _fill(session)
        times: dict[str, list[float]] = {"read": [], "ranked": []}
        for _ in range(REPEATS):
            for part, work in (("read", _read), ("ranked", _rank)):
                with database.reading() as session:
                    started = time.process_time()
                    work(session)
                    times[part].append((time.process_time() - started) * 1000)
        database.close()
    tell(lambda: None, 1, count=count, **{part: median(taken) for part, taken in times.items()})


def _fill(session: Session) -> int:
    """Give every phiếu of the round made-up answers and mark it as sent."""
    chance = random.Random(20261123)
    rows = rows_of_round(session, 1)
    for row in rows:
        values = answers(chance, published(session, row.version_id, row.sha256))
        stored = {key: to_stored(Answer(to_cell(value), value)) for key, value in values.items()}
        change = sa.update(Submission).where(Submission.id == row.id)
        session.execute(change.values(answers=stored, state=SubmissionState.SENT))
    return len(rows)


def _read(session: Session) -> object:
    """The bytes of the documents, not understood."""
    return session.execute(sa.text("select id, cast(answers as blob) from submission")).all()


def _rank(session: Session) -> object:
    placed = []
    for one in score_round(session, 1).questionnaires:
        sent = [entry.state is SubmissionState.SENT for entry in one.entries]
        cohorts = [entry.cohort_code for entry in one.entries]
        placed.append(ranks(one.scores.rate_published, cohorts, sent, one.scores.breaks))
    return placed


def print_ranking(figure: Figure) -> None:
    """Print the rows of the table."""
    told = figure.result
    name = f"reading the bytes of {told['count']:.0f} phiếu from SQLite"
    print(f"{name:<58}{told['read']:9.2f} ms")
    ratio = told["ranked"] / told["read"]
    print(f"{'the same from the database to ranked':<58}{told['ranked']:9.2f} ms {ratio:6.1f} ×")
