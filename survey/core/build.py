"""From the written form of a questionnaire to its meaning: shapes in, frozen dataclasses out."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from survey.core import asks, scalars, shapes, transfers
from survey.core.asks import Input, NumberKind, Option, Pair, Text, ZeroB
from survey.core.questionnaire import (
    Evidence,
    Group,
    Hidden,
    Indicator,
    Level,
    Origin,
    Questionnaire,
    ShowWhen,
)

NOTHING = Text("")


def build(shape: shapes.QuestionnaireShape) -> Questionnaire:
    """The questionnaire that a well-formed file means; names that do not exist are left for `check` to find."""
    inputs = {name: _input(name, written, shared=True) for name, written in shape.inputs.items()}
    decimals = _decimals(shape.decimals)
    return Questionnaire(
        id=shape.id,
        version=shape.version,
        title=_text(shape.title),
        notice=_text(shape.notice),
        decimals=decimals,
        attributes={name: _text(label) for name, label in shape.attributes.items()},
        inputs=inputs,
        groups=tuple(_group(group, inputs, decimals) for group in shape.groups),
        levels=tuple(Level(_text(level.name), _limit(level), level.above is not None) for level in shape.levels),
    )


def _text(written: str | scalars.TwoLanguages | scalars.TwoPassages | None) -> Text:
    if written is None:
        return NOTHING
    return Text(written) if isinstance(written, str) else Text(written.vi, written.en)


def _decimals(written: str) -> int | None:
    return None if written == "none" else int(written)


def _limit(written: shapes.LevelShape | shapes.BandShape) -> Fraction | None:
    return written.above if written.above is not None else written.from_


def _input(key: str, written: shapes.InputShape, *, shared: bool = False) -> Input:
    return Input(key, _text(written.label), _text(written.unit), NumberKind(written.kind), shared, _text(written.help))


def _group(written: shapes.GroupShape, inputs: Mapping[str, Input], decimals: int | None) -> Group:
    name = _text(written.name)
    return Group(
        code=written.code,
        name=name,
        short=_text(written.short) if written.short else name,
        groups=tuple(_group(group, inputs, decimals) for group in written.groups),
        indicators=tuple(_indicator(indicator, inputs, decimals) for indicator in written.indicators),
        help=_text(written.help),
    )


def _indicator(written: shapes.IndicatorShape, inputs: Mapping[str, Input], decimals: int | None) -> Indicator:
    ask = _ask(written, inputs)
    shown = written.show_when
    proof = written.evidence
    return Indicator(
        code=written.code,
        name=_text(written.name),
        ask=ask,
        score=_score(written, ask),
        maximum=written.max if written.max is not None else Fraction(0),
        decimals=decimals if written.decimals is None else _decimals(written.decimals),
        zero_b=ZeroB(written.zero_b) if written.zero_b else None,
        applies_when=written.applies_when,
        show_when=ShowWhen(shown.code, frozenset(shown.is_), Hidden(shown.hidden)) if shown else None,
        may_request_kad=written.may_request_kad,
        evidence=Evidence(proof.required, _text(proof.what), _text(proof.caution)) if proof else None,
        help=_text(written.help),
        data_source=_text(written.data_source),
        verified_with=_text(written.verified_with),
        provided_by=_text(written.provided_by) if written.provided_by else None,
        basis=_text(written.basis),
        origin=Origin(written.origin),
    )


def _ask(written: shapes.IndicatorShape, inputs: Mapping[str, Input]) -> asks.Ask:
    code, ask = written.code, written.ask
    if ask.yes_no is not None:
        return asks.YesNo(code, _text(ask.yes_no.question))
    if ask.choice is not None:
        return asks.Choice(code, _options(ask.choice))
    if ask.checks is not None:
        return asks.Checks(code, _options(ask.checks))
    if ask.number is not None:
        return asks.Number(_asked(code, ask.number, inputs))
    if ask.ratio is not None:
        return asks.Ratio(_pair(code, "", ask.ratio, inputs))
    if ask.mean is not None:
        return asks.MeanRatio(tuple(_pair(code, str(n), pair, inputs) for n, pair in enumerate(ask.mean, start=1)))
    return asks.Points(code) if ask.points is not None else asks.FreeText(code)


def _options(written: Mapping[str, str | scalars.TwoLanguages]) -> tuple[Option, ...]:
    return tuple(Option(code, _text(label)) for code, label in written.items())


def _pair(code: str, number: str, written: shapes.PairShape, inputs: Mapping[str, Input]) -> Pair:
    a = _asked(f"{code}.a{number}", written.a, inputs)
    b = _asked(f"{code}.b{number}", written.b, inputs)
    if isinstance(written, shapes.MeanPairShape):
        return Pair(a, b, written.part, _text(written.label), written.applies_when)
    return Pair(a, b, written.part)


def _asked(key: str, written: shapes.InputName | shapes.InputShape, inputs: Mapping[str, Input]) -> Input:
    if isinstance(written, shapes.InputShape):
        return _input(key, written)
    unknown = Input(written.input, Text(written.input), NOTHING, NumberKind.INTEGER, shared=True)
    return inputs.get(written.input, unknown)


def _score(written: shapes.IndicatorShape, ask: asks.Ask) -> transfers.Transfer | None:
    score = written.score
    if score is None:
        return _usual(ask)
    if score.map is not None:
        return transfers.MapShares(score.map)
    if score.add is not None:
        return transfers.AddShares(score.add)
    if score.linear is not None:
        return transfers.Linear(score.linear.from_, score.linear.to)
    bands = (transfers.Band(band.share, _limit(band), band.above is not None) for band in score.bands or ())
    return transfers.Bands(tuple(bands))


def _usual(ask: asks.Ask) -> transfers.Transfer | None:
    """The transfer that needs no word: Có earns all, a ratio earns its share."""
    match ask:
        case asks.YesNo():
            return transfers.MapShares({asks.YES: Fraction(1), asks.NO: Fraction(0)})
        case asks.Ratio() | asks.MeanRatio():
            return transfers.Linear(Fraction(0), Fraction(1))
        case _:
            return None
