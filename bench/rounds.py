"""Made-up rounds of any size for measuring: every agency has answered everything that its questionnaire asks."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from reports.data import AgencyRow, Cohort, QuestionnaireResult, RoundData, fingerprint
from survey.core.answers import Case, Value
from survey.core.asks import NO, YES, Checks, Choice, FreeText, Points, YesNo
from survey.core.load import load
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.ranking import ranks
from survey.core.scoring import score

FOLDER = Path(__file__).resolve().parents[1] / "questionnaires"
SIZES = {  # bodies in each cohort of each questionnaire
    408: {
        "co-quan-dang-2026": (5, 2, 126),
        "so-nganh-2026": (17,),
        "xa-phuong-2026": (75, 51),
        "mat-tran-doan-the-2026": (6, 126),
    },
    3321: {"xa-phuong-2026": (*[100] * 33, 21)},
}


def answers(chance: random.Random, questionnaire: Questionnaire) -> dict[str, Value]:
    """An answer to every indicator."""
    values: dict[str, Value] = {}
    for indicator in questionnaire.indicators:
        values.update(_answer(chance, indicator))
    return values


def _answer(chance: random.Random, indicator: Indicator) -> dict[str, Value]:
    match indicator.ask:
        case YesNo(key=key):
            return {key: chance.choice([YES, NO])}
        case Choice(key=key, options=options):
            return {key: chance.choice(options).code}
        case Checks(key=key, options=options):
            return {key: frozenset(option.code for option in options if chance.random() < 0.6)}
        case Points(key=key):
            return {key: Decimal(chance.randint(0, int(indicator.maximum * 100))) / 100}
        case FreeText():
            return {}
        case _:
            denominators = {pair.b.key for pair in indicator.pairs}
            return {n.key: Decimal(chance.randint(80, 120) if n.key in denominators else chance.randint(0, 80))
                    for n in indicator.numbers}  # fmt: skip


def made_up(size: int) -> RoundData:
    """A closed round of `size` bodies (408 over four questionnaires, or 3,321 communes)."""
    chance = random.Random(20261123)
    results = []
    for folder, cohorts in SIZES[size].items():
        questionnaire = load(FOLDER / folder)
        rows, cases, codes = [], [], []
        for number, count in enumerate(cohorts, start=1):
            cohort = Cohort(f"{questionnaire.id}-{number}", f"Nhóm {questionnaire.id} {number}")
            for place in range(count):
                code = f"{questionnaire.id}-{number}-{place:04d}"
                rows.append(AgencyRow(code, f"Ủy ban nhân dân xã thử nghiệm số {place}", cohort))
                traits = {name: chance.random() < 0.7 for name in questionnaire.attributes}
                cases.append(Case(code, answers(chance, questionnaire), attributes=traits, cohort=cohort.code))
                codes.append(cohort.code)
        scores = score(questionnaire, cases)
        placed = ranks(scores.rate_published, codes, [True] * len(codes), scores.breaks)
        digest = fingerprint(questionnaire)
        results.append(QuestionnaireResult(questionnaire, tuple(rows), tuple(cases), scores, placed, digest))
    at = datetime(2026, 12, 16, 9, tzinfo=UTC)
    return RoundData("2026", "Đợt đo tốc độ", "Năm 2026", at, closed=True, results=tuple(results))
