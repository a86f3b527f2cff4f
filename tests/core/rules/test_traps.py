"""The traps that calculations of this field fall into, each with the points it must come to, in every reading."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from survey.core.answers import Case, Special, Value, read_cell
from survey.core.asks import Input, Number, NumberKind, Pair, Ratio, Text, YesNo, ZeroB
from survey.core.questionnaire import Group, Indicator
from survey.core.rules.exact import Exact, State
from survey.core.rules.peers import peers_of
from survey.core.rules.words import explain
from survey.core.scoring import score
from survey.core.transfers import Band, Bands, Linear, MapShares, Peer, PeerMethod, Transfer
from tests.core.rules import cells, drawing
from tests.core.rules.sentences import is_told

WHOLE = Linear(Fraction(0), Fraction(1))
CODE = "1.2"


def ratio(maximum: str, score_: Transfer, *, zero_b: ZeroB = ZeroB.ZERO, part: bool = True) -> Indicator:
    a, b = (Input(f"{CODE}.{name}", Text(name), Text("đồng"), NumberKind.DECIMAL) for name in "ab")
    return Indicator(CODE, Text(CODE), Ratio(Pair(a, b, part)), score_, Fraction(maximum), 2, zero_b)


def against(method: PeerMethod = PeerMethod.MINMAX, equal: str = "1/2") -> Indicator:
    asked = Number(Input(CODE, Text(CODE), Text("bộ"), NumberKind.INTEGER))
    return Indicator(CODE, Text(CODE), asked, Peer(method, rising=True, equal=Fraction(equal)), Fraction(10), 2)


def of(a: str, b: str) -> dict[str, Value]:
    return {f"{CODE}.a": Decimal(a), f"{CODE}.b": Decimal(b)}


def only(value: Value) -> dict[str, Value]:
    return {CODE: value}


@dataclass(frozen=True)
class Trap:
    """What is answered by the bodies of one cohort, and what they must get: points, or a state."""

    indicator: Indicator
    answers: Sequence[dict[str, Value]]
    expected: Sequence[str | State]


BANDS = Bands(
    (Band(Fraction(1), Fraction("0.57")), Band(Fraction(1, 3), Fraction("0.3"), exclusive=True), Band(Fraction(0)))
)
KAD = Special.NOT_APPLICABLE
TRAPS = {
    "a tie x.xx5": Trap(ratio("20", WHOLE), [of("201", "8000"), of("67", "8000")], ["0.50", "0.17"]),
    "a tie in thirds": Trap(ratio("0.35", WHOLE), [of("1", "2"), of("3", "14")], ["0.18", "0.08"]),
    "57 of 100 is 0.57": Trap(
        ratio("10", BANDS), [of("57", "100"), of("30", "100"), of("31", "100")], ["10", "0", "3.33"]
    ),
    "b is 0": Trap(ratio("10", WHOLE), [of("0", "0"), of("3", "0")], ["0", State.MISSING]),
    "b is 0 and nothing is to be done": Trap(ratio("10", WHOLE, zero_b=ZeroB.FULL), [of("0", "0")], ["10"]),
    "b is 0 and no duty": Trap(ratio("10", WHOLE, zero_b=ZeroB.KAD), [of("0", "0")], [State.NOT_APPLICABLE]),
    "a above b": Trap(ratio("10", WHOLE), [of("11", "10"), of("10", "10")], [State.MISSING, "10"]),
    "a above b, capped": Trap(ratio("10", WHOLE, part=False), [of("11", "10")], ["10"]),
    "budgets of ten digits": Trap(
        ratio("50", WHOLE), [of("1234567891", "9876543210"), of("4938271605", "9876543210")], ["6.25", "25"]
    ),
    "a tie that budgets of ten digits miss by one đồng": Trap(
        ratio("1", WHOLE), [of("50000000", "10000000000"), of("49999999", "10000000000")], ["0.01", "0"]
    ),
    "all peers equal": Trap(against(), [only(Decimal(7))] * 3, ["5", "5", "5"]),
    "all peers 0": Trap(against(PeerMethod.MAX, "1"), [only(Decimal(0))] * 2, ["10", "10"]),
    "one peer": Trap(against(), [only(Decimal(7)), only(Special.MISSING)], ["5", State.MISSING]),
    "a whole cohort not applicable": Trap(against(), [only(KAD), only(KAD)], [State.NOT_APPLICABLE] * 2),
    "thirds of peers": Trap(
        against(), [only(Decimal(n)) for n in (1, 2, 3, 4)], ["0", "3.33", "6.67", "10"]
    ),
    "KAD against blank": Trap(
        ratio("10", WHOLE), [of("1", "3") | {f"{CODE}.a": KAD}, of("1", "3") | {f"{CODE}.a": Special.MISSING}],
        [State.NOT_APPLICABLE, State.MISSING],
    ),
    "a third of the maximum": Trap(
        replace(against(), ask=YesNo(CODE), score=MapShares({"yes": Fraction(1, 3), "no": Fraction(0)})),
        [only("yes")], ["3.33"],
    ),
}  # fmt: skip


def drawn(trap: Trap) -> list[cells.Drawn]:
    """The rows of one trap."""
    attributes = dict.fromkeys(drawing.ATTRIBUTES, False)
    cases = [Case("đơn vị", values, attributes=attributes) for values in trap.answers]
    questionnaire = drawing.questionnaire(trap.indicator)
    peers = peers_of(questionnaire, cases)
    rows = []
    for place, case in enumerate(cases):
        held: dict[str, object] = dict.fromkeys(cells.ASKERS)
        for key in trap.indicator.keys:
            value = case.value(key)
            word = {"yes": "Có", Special.NOT_APPLICABLE: "K.a.d.", Special.MISSING: None}
            held[key] = float(value) if isinstance(value, Decimal) else word[value]  # type: ignore[index]
        span = (place, len(cases) - 1 - place)
        rows.append(cells.Drawn(trap.indicator, questionnaire, case, peers, held, True, span))
    return rows


@pytest.mark.parametrize("name", TRAPS)
def test_fractions_vectors_and_sentences_step_over_the_trap(name: str) -> None:
    trap = TRAPS[name]
    rows = drawn(trap)
    scores = score(rows[0].questionnaire, [row.case for row in rows] * 3)  # few are read exactly, more by vectors
    at = scores.codes.index(CODE)
    for place, (row, expected) in enumerate(zip(rows, trap.expected, strict=True)):
        exact = row.exact
        if isinstance(expected, State):
            assert (exact.state, exact.points) == (expected, 0)
        else:
            assert (exact.state, exact.points) == (State.SCORED, Fraction(expected))
        assert (scores.states[place, at], scores.points[place, at]) == (exact.state, float(exact.points))
        told = explain(row.questionnaire, trap.indicator, row.case, peers=row.peers)
        assert is_told(trap.indicator, exact, told.headline), told.headline


def test_formulas_step_over_every_trap(tmp_path: Path, soffice: str) -> None:
    rows = [row for trap in TRAPS.values() for row in drawn(trap)]
    shown = cells.recalculated(rows, tmp_path, soffice)
    wrong = [
        (row.indicator, value)
        for row, value in zip(rows, shown, strict=True)
        if cells.differs(row.exact, value, row.indicator)
    ]
    assert not wrong


def test_a_body_to_which_nothing_applies_has_no_rate() -> None:
    trap = TRAPS["b is 0 and no duty"]
    name = Text("Nhóm")
    group = Group("1", name, name, indicators=(trap.indicator,))
    questionnaire = replace(drawing.questionnaire(trap.indicator), groups=(group,))
    case = drawn(trap)[0].case
    scores = score(questionnaire, [case] * 6)
    assert Exact(questionnaire, case).result(questionnaire.whole).share is None
    assert scores.maximum.tolist() == [0.0] * 6
    assert not (scores.rate_published == scores.rate_published).any()  # nan, not 0


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_words_are_read_in_whatever_form_they_are_written(form: str) -> None:
    questionnaire = drawing.questionnaire(replace(against(), ask=YesNo(CODE), score=MapShares({})))
    assert read_cell(questionnaire, CODE, unicodedata.normalize(form, "Có")).value == "yes"
    assert read_cell(questionnaire, CODE, unicodedata.normalize(form, "Không áp dụng")).value is KAD
