"""Commands on files: checking questionnaires, scoring a file of answers, writing the reports of a round."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from survey.cli.say import inform, steps
from survey.core.errors import Fault, Faults
from survey.core.examples import check_examples, differences, read_examples
from survey.core.load import FILE_NAME, load
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Questionnaire
from survey.core.text import say


def check(asked: Namespace) -> int:
    """Check every questionnaire named and the worked cases beside it; Faults with all that was found."""
    faults: list[Fault] = []
    for place in (place for path in asked.paths for place in _questionnaires(path)):
        try:
            definition = load(place)
            examples = _check_cases(place, definition)
        except Faults as found:
            faults.extend(found.faults)
            continue
        inform(
            "cli.checked",
            asked.language,
            path=place,
            groups=len(definition.groups),
            indicators=len(definition.indicators),
            maximum=format_number(definition.maximum),
            examples=examples,
        )
    if faults:
        raise Faults(faults)
    return 0


def _questionnaires(path: Path) -> list[Path]:
    """A questionnaire, or those in a folder: its folders that hold one, else its YAML files."""
    if not path.is_dir() or (path / FILE_NAME).exists():
        return [path]
    folders = sorted(file.parent for file in path.glob(f"*/{FILE_NAME}"))
    return folders or sorted(path.glob("*.yaml")) or [path]


def _check_cases(place: Path, definition: Questionnaire) -> int:
    """Score the worked cases of a questionnaire: how many there are. Raises Faults.

    They stand in examples.yaml beside questionnaire.yaml; for x.yaml on its own, in examples/x.yaml.
    """
    if place.is_dir():
        return check_examples(place, definition)
    if place.name == FILE_NAME:
        return check_examples(place.parent, definition)
    cases = place.parent / "examples" / place.name
    if not cases.is_file():
        return 0
    read = read_examples(cases.read_bytes(), str(cases), definition)
    if faults := differences(definition, read):
        raise Faults(faults)
    return len(read.examples)


def report(asked: Namespace) -> None:
    """Write the summary workbook and the charts of a round."""
    from survey.cli.instance import ready_database
    from survey.services.audit import take_pin
    from survey.services.note_access import note_export
    from survey.services.write_reports import write_reports

    count, database = 0, ready_database()
    with database.reading() as session, steps(say("cli.reporting", asked.language)) as progress:
        for _ in write_reports(session, asked.round, asked.out, language=asked.language, progress=progress):
            count += 1
        pin = take_pin(session)  # of the same snapshot: its head is printed on the workbook
    with database.writing() as session:
        note_export(session, None, "report", pin=pin, round=asked.round, files=count)
    inform("cli.reported", asked.language, count=count, folder=asked.out)
