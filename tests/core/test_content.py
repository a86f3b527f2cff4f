"""The questionnaires of the repository: they load, their sums and codes are those decided on, their cases come out."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from survey.core.answers import Case
from survey.core.asks import Survey, Text
from survey.core.examples import check_examples
from survey.core.load import load
from survey.core.questionnaire import Questionnaire
from survey.core.rules.gain import next_steps

# Folder, framework, points, groups and indicators.
CONTENT = [
    ("so-nganh-2026", "framework_state_so.csv", 1000, 9, 34),
    ("co-quan-dang-2026", "framework_party.csv", 1000, 8, 29),
    ("mat-tran-doan-the-2026", "framework_front.csv", 1000, 8, 28),
    ("xa-phuong-2026", "framework_commune.csv", 960, 6, 62),
]
NAMES = [entry[0] for entry in CONTENT]
NOTICE = "Bộ chỉ số minh họa, không phải Bộ chỉ số của Thành phố (QĐ 5279)."


@pytest.fixture(scope="module", params=NAMES)
def folder(request: pytest.FixtureRequest, repository: Path) -> Path:
    return repository / "questionnaires" / request.param


@pytest.fixture(scope="module")
def questionnaire(folder: Path) -> Questionnaire:
    return load(folder)


def test_no_folder_is_forgotten_here(repository: Path) -> None:
    assert {path.parent.name for path in (repository / "questionnaires").glob("*/questionnaire.yaml")} == set(NAMES)


@pytest.mark.parametrize(("name", "framework", "points", "groups", "indicators"), CONTENT, ids=NAMES)
def test_sums_and_counts_are_those_of_the_framework(
    repository: Path, name: str, framework: str, points: int, groups: int, indicators: int
) -> None:
    questionnaire = load(repository / "questionnaires" / name)
    assert questionnaire.maximum == points
    assert (len(questionnaire.groups), len(questionnaire.indicators)) == (groups, indicators)
    assert questionnaire.id == name.removesuffix("-2026")
    assert questionnaire.version == "2026.1"


@pytest.mark.parametrize(("name", "framework"), [entry[:2] for entry in CONTENT], ids=NAMES)
def test_codes_and_points_are_those_of_the_framework(
    repository: Path, shared_dir: Path, name: str, framework: str
) -> None:
    questionnaire = load(repository / "questionnaires" / name)
    with (shared_dir / "frameworks" / framework).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    codes = {indicator.code: indicator.maximum for indicator in questionnaire.indicators}
    codes |= {group.code: sum(one.maximum for one in group.all_indicators()) for group in questionnaire.groups}
    assert codes == {row["code"]: Decimal(row["max_points"]) for row in rows}


def test_its_worked_cases_come_out(folder: Path, questionnaire: Questionnaire) -> None:
    assert check_examples(folder, questionnaire) >= 10


def test_opinions_are_asked_as_opinions_so_that_no_step_proposes_to_raise_them(questionnaire: Questionnaire) -> None:
    opinions = [indicator for indicator in questionnaire.indicators if "hài lòng" in indicator.name.vi]
    assert all(isinstance(indicator.ask, Survey) for indicator in opinions)
    half = {key: Decimal(50) for indicator in opinions for key in indicator.keys}
    case = Case("Xã A", {"has_tthc": True}, half)
    assert not {indicator.code for indicator in opinions} & {step.code for step in next_steps(questionnaire, case)}


def test_nobody_is_told_to_ask_to_be_excused_where_nobody_rated(repository: Path) -> None:
    commune = load(repository / "questionnaires" / "xa-phuong-2026")
    assert "đề nghị không áp dụng" not in commune.by_code["6.7"].help.vi


def test_every_indicator_tells_what_an_official_needs(questionnaire: Questionnaire) -> None:
    for indicator in questionnaire.indicators:
        assert indicator.help.vi, indicator.code
        assert indicator.data_source.vi, indicator.code
        assert indicator.basis.vi, indicator.code


def test_titles_and_names_are_in_both_languages(questionnaire: Questionnaire) -> None:
    named: list[Text] = [questionnaire.title, questionnaire.notice]
    named += [part.name for part in (*questionnaire.all_groups, *questionnaire.indicators, *questionnaire.levels)]
    assert not [text.vi for text in named if not (text.vi and text.en)]


def test_readers_are_told_that_it_illustrates(questionnaire: Questionnaire) -> None:
    assert NOTICE in questionnaire.notice.vi


@pytest.mark.parametrize(
    ("has_tthc", "digital_economy_duty", "maximum"),
    [(True, True, 1000), (True, False, 950), (False, True, 820), (False, False, 770)],
)
def test_a_department_has_one_of_four_maxima(
    repository: Path, has_tthc: bool, digital_economy_duty: bool, maximum: int
) -> None:
    questionnaire = load(repository / "questionnaires" / "so-nganh-2026")
    attributes = {"has_tthc": has_tthc, "digital_economy_duty": digital_economy_duty}
    assert sum(one.maximum for one in questionnaire.indicators if one.applies_to(attributes)) == maximum


def test_a_ward_is_not_asked_what_it_cannot_know(repository: Path) -> None:
    questionnaire = load(repository / "questionnaires" / "xa-phuong-2026")
    provided = {one.code for one in questionnaire.indicators if one.provided_by}
    assert provided == {"1.1", "1.2", "1.3", "5.1", "5.2", "5.3", "5.4", "6.1", "6.2", "6.3", "6.4", "6.5"}
    assert sum(questionnaire.by_code[code].maximum for code in provided) == 160
