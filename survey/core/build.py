"""From the written form of a questionnaire to its meaning: shapes in, frozen dataclasses out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from survey.core import asks, scalars, shapes, transfers
from survey.core.asks import Input, NumberKind, Option, Pair, Text, ZeroB
from survey.core.modifiers import Aggregate, Condition, Counts, Gate, Hidden, MissingRule, ShowWhen
from survey.core.questionnaire import (
    Evidence,
    Group,
    Indicator,
    Level,
    Origin,
    Questionnaire,
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
        groups=tuple(_group(group, inputs, _Given(decimals, shape.missing, shape.coverage)) for group in shape.groups),
        levels=tuple(_level(level) for level in shape.levels),
        aggregate=Aggregate(shape.aggregate),
        scale=shape.max or Fraction(0),
        missing=MissingRule(shape.missing or "zero"),
        coverage=shape.coverage or Fraction(0),
        tie_breaks=tuple(shape.tie_breaks),
        fits=tuple(_fit(fit) for fit in shape.fits),
    )


def _text(written: str | scalars.TwoLanguages | scalars.TwoPassages | None) -> Text:
    if written is None:
        return NOTHING
    return Text(written) if isinstance(written, str) else Text(written.vi, written.en)


def _decimals(written: str) -> int | None:
    return None if written == "none" else int(written)


def _level(written: shapes.LevelShape) -> Level:
    gates = tuple(_condition(gate) for gate in written.gates)
    return Level(_text(written.name), _limit(written), written.above is not None, gates)


def _condition(written: shapes.ConditionShape) -> Condition:
    """A condition; one without a limit is left for `check` to find."""
    return Condition(written.code, _limit(written) or Fraction(0), written.above is not None)


def _limit(written: shapes.LimitShape) -> Fraction | None:
    return written.above if written.above is not None else written.from_


def _fit(written: shapes.FitShape) -> asks.Fit:
    """Numbers that belong together; those held against nothing, or twice, are left for `check` to find."""
    whole = written.within if written.within is not None else written.equals
    return asks.Fit(tuple(written.parts), whole or "", exact=written.within is None)


def _input(key: str, written: shapes.InputShape, *, shared: bool = False) -> Input:
    return Input(key, _text(written.label), _text(written.unit), NumberKind(written.kind), shared, _text(written.help))


@dataclass(frozen=True, slots=True)
class _Given:
    """What the groups below inherit."""

    decimals: int | None
    missing: str | None
    coverage: Fraction | None


def _group(written: shapes.GroupShape, inputs: Mapping[str, Input], given: _Given) -> Group:
    name = _text(written.name)
    decimals = given.decimals if written.decimals is None else _decimals(written.decimals)
    coverage = given.coverage if written.coverage is None else written.coverage
    own = _Given(decimals, written.missing or given.missing, coverage)
    return Group(
        code=written.code,
        name=name,
        short=_text(written.short) if written.short else name,
        groups=tuple(_group(group, inputs, own) for group in written.groups),
        indicators=tuple(_indicator(indicator, inputs, decimals) for indicator in written.indicators),
        help=_text(written.help),
        aggregate=Aggregate(written.aggregate),
        weight=written.weight,
        scale=written.max or Fraction(0),
        missing=MissingRule(own.missing or "zero"),
        coverage=own.coverage or Fraction(0),
        decimals=decimals,
    )


def _indicator(written: shapes.IndicatorShape, inputs: Mapping[str, Input], decimals: int | None) -> Indicator:
    ask = _ask(written, inputs)
    shown = written.show_when
    proof, gate = written.evidence, written.gate
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
        gate=Gate(_condition(gate), gate.otherwise) if gate else None,
        counts=Counts(written.counts),
        weight=written.weight,
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
    if ask.survey is not None:
        return _survey(code, ask.survey)
    if ask.manual is not None:
        return asks.Manual(code)
    return asks.Points(code) if ask.points is not None else asks.FreeText(code)


def _survey(code: str, written: shapes.SurveyShape) -> asks.Survey:
    """The count of the n-th grade has the key `code.n<n>`."""
    unit, about = _text(written.unit), _text(written.help)
    counts = (
        (
            grade.value,
            Input(f"{code}.n{n}", _text(grade.label), unit, NumberKind.INTEGER, help=about if n == 1 else NOTHING),
        )
        for n, grade in enumerate(written.grades, start=1)
    )
    return asks.Survey(tuple(asks.Grade(value, count) for value, count in counts))


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
    if score.peer is not None:
        peer = score.peer
        method = transfers.PeerMethod(peer.method)
        return transfers.Peer(method, peer.direction == "up", peer.equal, peer.least, peer.most)
    bands = (transfers.Band(band.share, _limit(band), band.above is not None) for band in score.bands or ())
    return transfers.Bands(tuple(bands))


def _usual(ask: asks.Ask) -> transfers.Transfer | None:
    """The transfer that needs no word: Có earns all, a ratio earns its share."""
    match ask:
        case asks.YesNo():
            return transfers.MapShares({asks.YES: Fraction(1), asks.NO: Fraction(0)})
        case asks.Ratio() | asks.MeanRatio() | asks.Survey():
            return transfers.Linear(Fraction(0), Fraction(1))
        case _:
            return None
