"""The result of a file of answers as a file that proves itself, held to what tables and pages show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from survey import __version__
from survey.core.load import FILE_NAME, read_bytes
from survey.core.result_figures import Name, disagreement
from survey.core.result_file import BodyResult, Part, make_part, write_result, written_figures
from survey.core.score_table import ScoredFile
from survey.core.scoring import Scores
from survey.core.text import say
from survey.services.errors import Refused


def rules_text(questionnaire: Path) -> str:
    """The text of a questionnaire's folder or file."""
    file = questionnaire / FILE_NAME if questionnaire.is_dir() else questionnaire
    return read_bytes(file).decode()


def result_of_file(scored: ScoredFile, rules: str, at: datetime) -> bytes:
    """The result file of a scored file of answers: every row is ranked. Raises Refused where two readings differ."""
    bodies = [BodyResult(case, case.agency, ranked=True) for case in scored.answers.cases]
    part = make_part(scored.questionnaire, rules, bodies)
    hold(part, scored.scores, scored.ranks)
    return write_result([part], title=scored.questionnaire.title.vi, engine=__version__, at=at)


def hold(part: Part, scores: Scores, places: Sequence[int | None]) -> None:
    """Make sure that a file says what pages and workbooks say. Raises Refused with the first figure that differs."""
    for row, (body, rank) in enumerate(zip(part.bodies, places, strict=True)):
        figures = written_figures(body)
        name = disagreement(figures, scores, row)
        if name is None and figures.get(Name("rank"), "") != ("" if rank is None else str(rank)):
            name = Name("rank")
        if name is not None:
            what = say(f"result.what_{name.what}")
            raise Refused("result.disagree", agency=body.agency, what=what, code=name.code)
