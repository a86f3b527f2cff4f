"""The demonstration, seeded once for a module of tests on every database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from survey.services.demo import seed_demonstration
from survey.services.open_round import find_round
from survey.services.score_round import RoundEntry, RoundScores, ScoredQuestionnaire, score_round
from survey.storage.database import Database
from survey.storage.submission_rows import SubmissionRow, rows_of_round
from tests.databases import Store

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def now() -> datetime:
    return NOW


@dataclass
class Demonstration:
    database: Database
    folder: Path
    rows: list[SubmissionRow]
    scored: RoundScores

    def entries(self) -> Iterator[tuple[ScoredQuestionnaire, int, RoundEntry]]:
        """Every submission with the place of its scores."""
        for result in self.scored.questionnaires:
            for place, entry in enumerate(result.entries):
                yield result, place, entry

    def documents(self) -> Iterator[tuple[SubmissionRow, str, dict]]:
        for row in self.rows:
            for key, entry in row.answers.items():
                yield row, key, entry


@pytest.fixture(scope="module")
def demonstration(all_of_a_kind: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """Seeded at NOW."""
    database, folder = all_of_a_kind.empty(), tmp_path_factory.mktemp("instance")
    seed_demonstration(database, folder, clock=now)
    with database.reading() as session:
        found = find_round(session, "2026")
        rows, scored = rows_of_round(session, found.id), score_round(session, found.id)
    yield Demonstration(database, folder, rows, scored)
    all_of_a_kind.clear()
