"""Small made-up rounds for the tests of the reports: every kind of answer, state and cohort, names that are hostile."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from reports.data import AgencyRow, Cohort, QuestionnaireResult, RoundData
from survey.core.answers import Case, Special, Value
from survey.core.asks import NO, YES, Checks, Choice, FreeText, Manual, NumberKind, Points, YesNo
from survey.core.load import load
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.ranking import ranks
from survey.core.scoring import score
from survey.core.workflow import SubmissionState

FOLDER = Path(__file__).parent
NOTICE = "Số liệu minh họa. Bộ chỉ số minh họa, không phải Bộ chỉ số của Thành phố (QĐ 5279)."
AT = datetime(2026, 11, 23, 2, 15, tzinfo=UTC)
HOSTILE = (
    "=1+1",
    "+84 24 3825 3536",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "a\x00b\x0bc",
    "<b>&amp;",
    "\ud800x",
)
STATES = tuple(SubmissionState)


def every_kind() -> Questionnaire:
    """The questionnaire of every_kind.yaml."""
    return load(FOLDER / "every_kind.yaml")


def every_piece() -> Questionnaire:
    """The questionnaire of every_piece.yaml."""
    return load(FOLDER / "every_piece.yaml")


def answers(chance: random.Random, questionnaire: Questionnaire) -> dict[str, Value]:
    """Answers of one agency: complete, missing, zero, above the whole, not applicable."""
    given: dict[str, Value] = {}
    for indicator in questionnaire.indicators:
        if chance.random() < 0.93:
            given.update(_answer(chance, indicator))
    for indicator in questionnaire.indicators:
        if chance.random() < 0.04 and not any(key in questionnaire.inputs for key in indicator.keys):
            given[indicator.keys[-1]] = Special.NOT_APPLICABLE
    return given


def _answer(chance: random.Random, indicator: Indicator) -> dict[str, Value]:
    match indicator.ask:
        case YesNo(key=key):
            return {key: YES if chance.random() < 0.8 else NO}
        case Choice(key=key, options=options):
            return {key: chance.choice(options).code}
        case Checks(key=key, options=options):
            return {key: frozenset(option.code for option in options if chance.random() < 0.6)}
        case Manual(key=key) if chance.random() < 0.4:
            return {}
        case Points(key=key) | Manual(key=key):
            return {key: Decimal(chance.randint(0, int(indicator.maximum * 100))) / 100}
        case FreeText(key=key):
            return {key: chance.choice(HOSTILE[:5])}
        case _:
            whole = chance.choice([0, 3, 8, 40, 100, 106, 400])
            drawn: dict[str, Value] = {}
            for pair in indicator.pairs:
                drawn |= {pair.a.key: Decimal(chance.randint(0, whole + 2)), pair.b.key: Decimal(whole)}
            for number in () if drawn else indicator.numbers:
                real = number.kind is NumberKind.REAL
                figure = round(Decimal(chance.randint(-90, 60)) / 7, 9) if real else Decimal(chance.randint(0, 6))
                drawn[number.key] = figure
            return drawn


def result(
    questionnaire: Questionnaire, sizes: Sequence[int], seed: int, *, states: Sequence[SubmissionState] = STATES
) -> QuestionnaireResult:
    """Agencies in cohorts of these sizes, their states drawn; every third one ties with the one before."""
    chance = random.Random(seed)
    rows: list[AgencyRow] = []
    cases: list[Case] = []
    for place, size in enumerate(sizes, 1):
        cohort = Cohort(f"{questionnaire.id}-{place}", f"Nhóm {place} của {questionnaire.id}")
        for number in range(size):
            code = f"{questionnaire.id}.{place}.{number:03}"
            state = SubmissionState.SENT if chance.random() < 0.6 else chance.choice(states)
            rows.append(_row(code, cohort, state, number, chance))
            tied = number % 3 == 2
            given = cases[-1].values if tied else answers(chance, questionnaire)
            if state is SubmissionState.NOT_STARTED:
                given = {}
            approved = frozenset({"2.1.1", "2.1.2"} if chance.random() < 0.1 else ()) & set(questionnaire.by_code)
            traits = (
                cases[-1].attributes if tied else {name: chance.random() < 0.6 for name in questionnaire.attributes}
            )
            cases.append(Case(code, given, cases[-1].not_applicable if tied else approved, traits, cohort.code))
    return scored(questionnaire, rows, cases)


def _row(code: str, cohort: Cohort, state: SubmissionState, number: int, chance: random.Random) -> AgencyRow:
    hostile = HOSTILE[number % len(HOSTILE)]
    return AgencyRow(
        code=code,
        name=f"Ủy ban nhân dân phường {number}" if number % 4 else hostile,
        cohort=cohort,
        state=state,
        parent="Ủy ban nhân dân Thành phố",
        sent_at=AT if state is SubmissionState.SENT else None,
        last_activity=AT if state is not SubmissionState.NOT_STARTED else None,
        document_number=hostile,
        contact="Nguyễn Văn A",
        phone="+84 912 345 678",
        notes=hostile,
        lacking_evidence=chance.randint(0, 3),
        verified_total=round(chance.uniform(10, 60), 2) if number % 5 == 0 else None,
        previous_total=round(chance.uniform(10, 60), 2) if number % 2 else None,
    )


def scored(questionnaire: Questionnaire, rows: Sequence[AgencyRow], cases: Sequence[Case]) -> QuestionnaireResult:
    """The result of these cases: those sent are ranked."""
    scores = score(questionnaire, cases, among=[row.sent for row in rows])
    cohorts = [row.cohort.code for row in rows]
    placed = ranks(scores.rate_published, cohorts, [row.sent for row in rows], scores.breaks)
    return QuestionnaireResult(questionnaire, tuple(rows), tuple(cases), scores, placed, "7f3a91c2" * 8)


def composite_round(seed: int = 11) -> RoundData:
    """Peers, bonus and penalty, gates, means in means, broken ties, beside a plain questionnaire."""
    results = (result(every_piece(), (17, 6, 1), seed), result(load(FOLDER / "two_groups.yaml"), (5,), seed + 1))
    return RoundData("2026", "Đợt đánh giá năm 2026", "Năm 2026", AT, False, results, NOTICE, "Thành phố", "0.1.0")


def small_round(*, closed: bool = False, seed: int = 7) -> RoundData:
    """Two questionnaires, three cohorts."""
    first = every_kind()
    second = load(FOLDER / "two_groups.yaml")
    results = (result(first, (14, 6), seed), result(second, (9,), seed + 1))
    return RoundData(
        "2026", "Đợt đánh giá năm 2026", "Năm 2026", AT, closed, results, NOTICE, "Sở Khoa học và Công nghệ", "0.1.0",
        "ab" * 32,
    )  # fmt: skip
