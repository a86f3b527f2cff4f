"""The command that scores a file of answers, and says why, what a change would bring, and how firm ranks are."""

from __future__ import annotations

import difflib
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from survey.cli.say import bar, complain, inform, tell
from survey.core.answers import Value, fault_sentence, read_cell
from survey.core.errors import Fault, Faults
from survey.core.rules.peers import Peers, peers_of
from survey.core.score_table import ScoredFile
from survey.core.text import say
from survey.services.errors import Refused

if TYPE_CHECKING:
    from survey.core.weights_file import WeightSets

REPORTS = (".json", ".csv", ".txt")


def score(asked: Namespace) -> int | None:
    """Score a file of answers; what should be looked at goes to stderr."""
    from survey.services.score_file import read_scored, write_whole, writer

    language = asked.language
    if not any((asked.out, asked.explain, asked.what_if, asked.next_steps, asked.robustness, asked.weights)):
        complain("score.nothing_asked", language)
        return 2

    def progress(rows: Iterable[int]) -> Iterable[int]:
        return bar(rows, say("cli.scoring", language))

    report = _report_file(asked)
    write = writer(asked.out, asked.questionnaire, language=language, progress=progress) if asked.out else None
    scored = read_scored(asked.questionnaire, asked.answers, asked.out, report, asked.weights_out)
    rows = _rows(scored, asked)
    changes = _changes(scored, asked)
    sets = _weights(scored, asked)
    for warning in scored.answers.warnings:
        tell(warning.sentence(language), sys.stderr)
    if scored.answers.warnings:
        complain("cli.warnings", language, count=len(scored.answers.warnings))
    if write is not None:
        write_whole(asked.out, write(scored))
        inform("cli.scored", language, count=len(scored.answers.cases), file=asked.out)
    _tell(scored, asked, rows, changes)
    _weigh(scored, asked, report, sets)
    return None


def _report_file(asked: Namespace) -> Path | None:
    """The file that the report on robustness goes to; None for the screen. Raises Faults for an unknown kind."""
    if asked.robustness in (None, "-"):
        return None
    file = Path(asked.robustness)
    if file.suffix.lower() not in REPORTS:
        raise Faults([Fault(str(file), 1, "score.report_kind", {"kind": file.suffix or file.name})])
    return file


def _rows(scored: ScoredFile, asked: Namespace) -> list[int]:
    """The rows that are told of: those named, else all. Raises Refused for a name that is not in the file."""
    places = {case.agency: row for row, case in enumerate(scored.answers.cases)}
    rows = []
    for name in asked.agency:
        if name not in places:
            near = difflib.get_close_matches(name, list(places), n=1, cutoff=0)
            raise Refused("score.agency_unknown", agency=name, near=near[0] if near else "")
        rows.append(places[name])
    return rows or list(range(len(places)))


def _changes(scored: ScoredFile, asked: Namespace) -> dict[str, Value]:
    """What --what-if says. Raises Refused for what is not asked or cannot be taken."""
    questionnaire, changes = scored.questionnaire, {}
    for typed in asked.what_if:
        key, equals, text = typed.partition("=")
        if not equals:
            raise Refused("score.change_form", typed=typed)
        if key not in questionnaire.users_of:
            near = difflib.get_close_matches(key, questionnaire.keys, n=1, cutoff=0)
            raise Refused("score.change_unknown", code=key, near=near[0])
        answer = read_cell(questionnaire, key, text)
        if answer.fault is not None:
            raise Refused(
                "score.change_refused", code=key, why=fault_sentence(questionnaire, key, answer, asked.language)
            )
        changes[key] = answer.value
    if changes and not asked.agency and len(scored.answers.cases) > 1:
        raise Refused("score.agency_needed")
    return changes


def _tell(scored: ScoredFile, asked: Namespace, rows: list[int], changes: dict[str, Value]) -> None:
    """The sentences that were asked for, body by body."""
    if not (asked.explain or asked.next_steps or changes):
        return
    from survey.core.score_words import change, explanation, steps
    from survey.core.what_if import what_if

    cases = scored.answers.cases
    peers: Peers = peers_of(scored.questionnaire, cases)
    for row in rows:
        if asked.explain:
            for line in explanation(scored, row, peers, asked.language):
                tell(line)
        if asked.next_steps:
            for line in steps(scored, row, peers, asked.language):
                tell(line)
        if changes:
            brought = what_if(scored.questionnaire, cases, row, changes)
            for line in change(scored, row, changes, brought, asked.language):
                tell(line)


def _weights(scored: ScoredFile, asked: Namespace) -> WeightSets | None:
    """The sets of --weights, read before anything is written. Raises Faults for what cannot be taken."""
    if asked.weights is None:
        return None
    from survey.core.robustness_report import tree_of
    from survey.core.weights_file import read_weights
    from survey.services.read_table import read_table

    if not asked.weights.is_file():
        raise Faults([Fault(str(asked.weights), 1, "answer_file.not_found")])
    return read_weights(tree_of(scored.questionnaire, scored.scores), read_table(asked.weights))


def _weigh(scored: ScoredFile, asked: Namespace, report: Path | None, sets: WeightSets | None) -> None:
    """Scores and ranks under the sets of --weights, and the report of --robustness."""
    if sets is None and asked.robustness is None:
        return
    from survey.core import robustness_report as robust
    from survey.core.robustness import Method
    from survey.core.weights_file import reweighed_csv
    from survey.services.score_file import write_whole

    questionnaire, answers = scored.questionnaire, scored.answers
    if sets is not None:
        tree = robust.tree_of(questionnaire, scored.scores)
        ranking = robust.ranking_of(questionnaire, scored.scores, answers.cohorts)
        table = reweighed_csv(tree, sets, ranking, scored.scores.agencies)
        if asked.weights_out is not None:
            write_whole(asked.weights_out, table.encode())
            inform("score.written", asked.language, file=asked.weights_out)
        elif asked.robustness is None:
            tell(table.rstrip("\n"))
    if asked.robustness is None:
        return
    drawing = robust.Drawing(asked.draws, asked.seed, Method(asked.method), asked.spread)
    given = None if sets is None else sets.weights
    made = robust.robustness(questionnaire, answers.cases, scored.scores, answers.cohorts, drawing, given)
    if report is None:
        tell(robust.as_text(made, asked.language).rstrip("\n"))
        return
    match report.suffix.lower():
        case ".json":
            content = robust.as_json(made)
        case ".csv":
            content = robust.as_csv(made)
        case _:
            content = robust.as_text(made, asked.language)
    write_whole(report, content.encode())
    inform("score.written", asked.language, file=report)
