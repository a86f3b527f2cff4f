"""Results as files that prove themselves: of a file of answers, and of a round."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from survey import __version__
from survey.core.load import FILE_NAME, read_bytes
from survey.core.result_file import BodyResult, make_part, write_result
from survey.core.score_table import ScoredFile


def rules_text(questionnaire: Path) -> str:
    """The text of a questionnaire's folder or file."""
    file = questionnaire / FILE_NAME if questionnaire.is_dir() else questionnaire
    return read_bytes(file).decode()


def result_of_file(scored: ScoredFile, rules: str, at: datetime) -> bytes:
    """The result file of a scored file of answers: every row is ranked."""
    bodies = [BodyResult(case, case.agency, ranked=True) for case in scored.answers.cases]
    part = make_part(scored.questionnaire, rules, bodies)
    return write_result([part], title=scored.questionnaire.title.vi, engine=__version__, at=at)
