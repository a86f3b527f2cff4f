"""What a points formula may look like: functions of Excel 2010, Excel's limits, references instead of constants."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from survey.core.asks import Checks, Choice, Grade, Input, MeanRatio, NumberKind, Option, Pair, Survey, Text, ZeroB
from survey.core.load import load
from survey.core.modifiers import Counts
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.formula import PeerCells, Refs, measured_formulas, points_formula
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares, Peer, PeerMethod
from tests.core.rules import drawing

EXCEL_2010 = {
    "ABS", "AND", "CHOOSE", "COUNT", "FIND", "IF", "ISNUMBER", "LEN", "LOOKUP", "MAX", "MIN", "N", "OR", "ROUND",
    "SUBSTITUTE",
}  # fmt: skip
LONGEST, DEEPEST, LONGEST_TEXT, MOST_ARGUMENTS = 8_192, 64, 255, 255  # Excel's limits


def written(indicator: Indicator, questionnaire: Questionnaire | None = None) -> str:
    """The formula over references as long as a summary's: INDEX of a named column by the row's number."""
    return points_formula(questionnaire or drawing.questionnaire(indicator), indicator, references(indicator))


def references(indicator: Indicator) -> Refs:
    """References as long as a summary's."""
    extent = (f"INDEX('Mốc so sánh sở, ban, ngành'!${column}$8:${column}$99,$AC12)" for column in "EFGHIJK")
    return Refs(
        lambda key: f"INDEX(_{key},$AB12)",
        f"'Bộ chỉ số sở, ban, ngành'!$D${len(indicator.code)}",
        lambda name: f"INDEX(dk.{name},$AB12)",
        PeerCells(*extent),
        "$AD12",
        "'Bộ chỉ số sở, ban, ngành'!$D$9",
    )


def tokens(formula: str) -> Sequence[Token]:
    """What Excel reads."""
    return Tokenizer("=" + formula).items


def measures(formula: str) -> tuple[int, int]:
    """(how deep functions are nested, the most arguments that one has)."""
    open_arguments: list[int] = []
    deepest = most = 0
    for token in tokens(formula):
        if token.subtype == Token.OPEN:
            open_arguments.append(1)
            deepest = max(deepest, len(open_arguments))
        elif token.type == Token.SEP and token.subtype == Token.ARG and open_arguments:
            open_arguments[-1] += 1
            most = max(most, open_arguments[-1])
        elif token.subtype == Token.CLOSE:
            open_arguments.pop()
    assert not open_arguments
    return deepest, most


def assert_excel_takes(formula: str) -> None:
    functions = {token.value[:-1] for token in tokens(formula) if token.type == Token.FUNC and token.value != ")"}
    assert functions - {"INDEX"} <= EXCEL_2010
    assert len(formula) < LONGEST
    deepest, most = measures(formula)
    assert deepest < DEEPEST
    assert most < MOST_ARGUMENTS
    texts = [token.value for token in tokens(formula) if token.subtype == Token.TEXT]
    assert all(len(text) < LONGEST_TEXT for text in texts)


@pytest.mark.parametrize(("source", "transfer"), drawing.LEGAL)
def test_excel_2010_takes_every_formula(source: str, transfer: str) -> None:
    for seed in range(200):
        indicator = drawing.rule(random.Random(seed), source, transfer)
        assert_excel_takes(written(indicator))
        if source in drawing.MEASURED:
            own = measured_formulas(drawing.questionnaire(indicator), indicator, references(indicator))
            for formula in own:
                assert_excel_takes(formula)


def _number(key: str) -> Input:
    return Input(key, Text(key), Text("người"), NumberKind.INTEGER)


def _large(kind: str) -> Indicator:
    """An indicator at the far end of what a questionnaire may ask."""
    drawn = drawing.rule(random.Random(1), "ratio", "linear")
    plain = replace(drawn, zero_b=None, show_when=None, gate=None, counts=Counts.POINTS, maximum=Fraction(20))
    options = tuple(Option(f"muc_so_{n}", Text(str(n))) for n in range(40))
    shares = {option.code: Fraction(n, 39) for n, option in enumerate(options)}
    pairs = tuple(
        Pair(_number(f"1.2.a{n}"), _number(f"1.2.b{n}"), part=False, applies_when={"co": True}) for n in range(1, 13)
    )
    bands = Bands(tuple(Band(Fraction(n, 11), Fraction(n, 13), n % 2 == 0) for n in range(11, 0, -1)))
    match kind:
        case "choice":
            return replace(plain, ask=Choice("1.2", options), score=MapShares(shares))
        case "checks":
            few = options[:12]
            return replace(plain, ask=Checks("1.2", few), score=AddShares({o.code: shares[o.code] for o in few}))
        case "mean peer":
            held = Peer(PeerMethod.MINMAX, rising=True, equal=Fraction(1), least=Fraction(1, 10))
            return replace(plain, ask=MeanRatio(pairs), score=held, zero_b=ZeroB.KAD)
        case "survey bands":
            grades = tuple(Grade(Fraction(n, 9), _number(f"1.2.{n}")) for n in range(10))
            floor = Bands((*bands.bands, Band(Fraction(0))))
            return replace(plain, ask=Survey(grades), score=floor, zero_b=ZeroB.KAD)
        case "mean linear":
            whole = Linear(Fraction(0), Fraction(9, 10))
            return replace(plain, ask=MeanRatio(pairs), score=whole, zero_b=ZeroB.KAD)
        case _:
            floor = Bands((*bands.bands, Band(Fraction(0))))
            return replace(plain, ask=MeanRatio(pairs), score=floor, zero_b=ZeroB.KAD)


@pytest.mark.parametrize("kind", ["choice", "checks", "mean linear", "mean bands", "mean peer", "survey bands"])
def test_excel_takes_questions_larger_than_any_in_use(kind: str) -> None:
    assert_excel_takes(written(_large(kind)))


def test_the_maximum_is_always_a_reference() -> None:
    for source, transfer in drawing.LEGAL:
        drawn = replace(drawing.rule(random.Random(7), source, transfer), maximum=Fraction(4321), show_when=None)
        drawn = replace(drawn, gate=None)
        assert "4321" not in written(drawn)
        if source not in ("points", "manual"):
            assert "'Bộ chỉ số sở, ban, ngành'!$D$3" in written(drawn)


def test_a_plain_ratio_reads_as_officials_write_it() -> None:
    a, b = _number("1.2.a"), _number("1.2.b")
    drawn = drawing.rule(random.Random(2), "ratio", "linear")
    ratio = replace(
        drawn, ask=replace(drawn.ask, pair=Pair(a, b, part=True)), score=Linear(Fraction(0), Fraction(1)),
        decimals=2, zero_b=ZeroB.ZERO, applies_when={}, show_when=None, gate=None,
        counts=Counts.POINTS,
    )  # fmt: skip
    formula = points_formula(drawing.questionnaire(ratio), ratio, Refs(lambda key: key[-1].upper() + "1", "M1", str))
    assert re.sub(r'^IF\(OR\([^)]*\),"K.a.d.",(.*)\)$', r"\1", formula) == (
        'IF(OR(COUNT(A1,B1)<2,A1<0,A1>B1),"",IF(B1=0,0,ROUND(M1*A1/B1,2)))'
    )


def test_excel_2010_takes_every_formula_of_the_house(repository: Path) -> None:
    for folder in sorted((repository / "questionnaires").glob("*/questionnaire.yaml")):
        questionnaire = load(folder)
        for indicator in questionnaire.indicators:
            if indicator.scored:
                assert_excel_takes(written(indicator, questionnaire))
