"""Scoring a file of answers by a questionnaire folder, without any database: CSV, JSON or a live workbook comes out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from survey import __version__
from survey.core.answer_file import read_answer_table
from survey.core.errors import Fault, Faults
from survey.core.load import load
from survey.core.result_file import ENDING
from survey.core.score_table import Progress, ScoredFile, score_answers, score_csv, score_json
from survey.services.instance import Clock, system_clock
from survey.services.read_table import read_table
from survey.services.result_export import result_of_file, rules_text

KINDS = (".csv", ".json", ".xlsx")


@dataclass(frozen=True, slots=True)
class ScoredReport:
    """What scoring a file did."""

    agencies: int
    warnings: tuple[Fault, ...]


def score_file(
    questionnaire: Path,
    answers: Path,
    out: Path,
    *,
    language: str = "vi",
    progress: Progress = iter,
    clock: Clock = system_clock,
) -> ScoredReport:
    """Score `answers` (.csv, .xlsx) and write `out` (.csv, .json, .result.json, .xlsx by its ending), all or nothing.

    Raises Faults with every fault of the questionnaire or of the answers, OSError for files that cannot be used.
    """
    write = writer(out, questionnaire, language=language, progress=progress, clock=clock)
    scored = read_scored(questionnaire, answers, out)
    write_whole(out, write(scored))
    return ScoredReport(len(scored.answers.cases), scored.answers.warnings)


def read_scored(questionnaire: Path, answers: Path, *outs: Path | None) -> ScoredFile:
    """The scores of a file of answers; `outs` are the files to be written, none of which may be an input."""
    definition = load(questionnaire)
    if not answers.is_file():
        raise Faults([Fault(str(answers), 1, "answer_file.not_found")])
    for out in outs:
        if out is not None and out.exists() and out.samefile(answers):
            raise Faults([Fault(str(out), 1, "answer_file.out_is_answers")])
    return score_answers(definition, read_answer_table(definition, read_table(answers)))


Writer = Callable[[ScoredFile], bytes]


def writer(
    out: Path, questionnaire: Path, *, language: str = "vi", progress: Progress = iter, clock: Clock = system_clock
) -> Writer:
    """What makes the content of `out` by its ending. Raises Faults for an ending that is none."""
    now = clock()
    if out.name.lower().endswith(ENDING):
        return lambda scored: result_of_file(scored, rules_text(questionnaire), now)
    match out.suffix.lower():
        case ".csv":
            return lambda scored: score_csv(scored).encode()
        case ".json":
            return lambda scored: score_json(scored, language, progress).encode()
        case ".xlsx":
            return lambda scored: _workbook(scored, now, language)
        case other:
            raise Faults([Fault(str(out), 1, "answer_file.out_kind_unknown", {"kind": other or out.name})])


def _workbook(scored: ScoredFile, now: datetime, language: str) -> bytes:
    from reports.excel.workbook import score_workbook

    answers = scored.answers
    return score_workbook(
        scored.questionnaire, answers.cases, answers.cohorts, taken_at=now, engine=__version__, language=language
    )


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all; an existing one is replaced."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
