"""Whether one indicator's rule can be scored: its source, its transfer, and what b = 0 means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from survey.core import asks, shapes
from survey.core.modifiers import Counts
from survey.core.questionnaire import Indicator
from survey.core.rounding import half_up
from survey.core.source import Path
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares, Peer, PeerMethod

Found = tuple[Path, str, dict[str, object]]


def as_written(number: Fraction) -> str:
    """A rule's number as a file writes it: 0.75, 20, 1/3."""
    places = next((d for d in range(10) if 10**d % number.denominator == 0), None)
    if places is None:
        return str(number)
    return f"{Decimal(number.numerator) / Decimal(number.denominator):.{places}f}"


def pair_place(indicator: Indicator, number: int, path: Path) -> Path:
    """Where the ratio with this number is written."""
    return (*path, "ask", "mean", number) if isinstance(indicator.ask, asks.MeanRatio) else (*path, "ask", "ratio")


def number_places(indicator: Indicator, path: Path) -> Iterator[tuple[Path, asks.Input]]:
    """Each number that an indicator asks for, with the place it is written at."""
    if isinstance(indicator.ask, asks.Number):
        yield (*path, "ask", "number", "input"), indicator.ask.value
    for number, pair in enumerate(indicator.pairs):
        here = pair_place(indicator, number, path)
        yield (*here, "a", "input"), pair.a
        yield (*here, "b", "input"), pair.b


def rule_faults(indicator: Indicator, written: shapes.IndicatorShape, path: Path) -> Iterator[Found]:
    """Faults of one indicator's maximum, ask, score and zero_b."""
    yield from _maximum(indicator, written, path)
    yield from _ask(indicator, path)
    yield from _pairing(indicator, written, path)
    yield from _transfer(indicator, path)
    if not indicator.scored and indicator.counts is not Counts.POINTS:
        yield (*path, "counts"), "counts_unscored", {"code": indicator.code}
    rated = bool(indicator.pairs or indicator.grades)
    if rated and indicator.zero_b is None:
        yield (*path, "ask"), "zero_b_absent", {"code": indicator.code}
    if not rated and indicator.zero_b is not None:
        yield (*path, "zero_b"), "zero_b_useless", {"code": indicator.code}


def _maximum(indicator: Indicator, written: shapes.IndicatorShape, path: Path) -> Iterator[Found]:
    code = indicator.code
    if not indicator.scored:
        if written.max is not None:
            yield (*path, "max"), "max_unscored", {"code": code}
        return
    if written.max is None:
        yield path, "max_absent", {"code": code}
    elif indicator.maximum <= 0:
        yield (*path, "max"), "max_not_positive", {"code": code}
    elif half_up(indicator.maximum, indicator.decimals) != indicator.maximum:
        yield (*path, "max"), "max_too_precise", {"code": code, "decimals": indicator.decimals}


def _ask(indicator: Indicator, path: Path) -> Iterator[Found]:
    match indicator.ask:
        case asks.Choice(options=options) if len(options) < 2:
            yield (*path, "ask"), "too_few_options", {"code": indicator.code}
        case asks.Checks(options=options) if not options:
            yield (*path, "ask"), "too_few_options", {"code": indicator.code}
        case asks.MeanRatio(pairs=pairs):
            if len(pairs) < 2:
                yield (*path, "ask"), "too_few_ratios", {"code": indicator.code}
        case asks.Survey():
            yield from _survey(indicator, (*path, "ask", "survey", "grades"))
    for number, pair in enumerate(indicator.pairs):
        for side, asked in (("a", pair.a), ("b", pair.b)):
            if asked.kind is asks.NumberKind.REAL:
                yield (*pair_place(indicator, number, path), side), "real_in_ratio", {"code": indicator.code}
        units = (pair.a.unit.vi, pair.b.unit.vi)  # empty where the name of a shared input is wrong
        if pair.part and all(units) and units[0] != units[1]:
            data: dict[str, object] = {"code": indicator.code, "a": units[0], "b": units[1]}
            yield (*pair_place(indicator, number, path), "part"), "part_units", data


def _survey(indicator: Indicator, here: Path) -> Iterator[Found]:
    values = [grade.value for grade in indicator.grades]
    if len(values) < 2:
        yield here, "too_few_grades", {"code": indicator.code}
    for number, value in enumerate(values):
        if not 0 <= value <= 1:
            yield (*here, number, "value"), "share_out_of_range", {"share": as_written(value)}
    if len(values) > 1 and len(set(values)) == 1:
        yield here, "grades_equal", {"code": indicator.code}
    elif len(values) > 1 and max(values) < 1:
        yield here, "share_unreachable", {"code": indicator.code, "best": as_written(max(values))}


def _pairing(indicator: Indicator, written: shapes.IndicatorShape, path: Path) -> Iterator[Found]:
    """Whether this source can be read by this transfer."""
    asked = _only_key(written.ask)
    wanted = LEGAL[asked]
    data: dict[str, object] = {"code": indicator.code, "asked": asked, "wanted": " / ".join(wanted)}
    if not wanted:
        if written.score is not None:
            yield (*path, "score"), "score_useless", data
    elif indicator.score is None:
        yield (*path, "ask"), "score_absent", data
    elif written.score is not None and (transfer := _only_key(written.score)) not in wanted:
        yield (*path, "score"), "score_illegal", {**data, "written": transfer}


# Which transfers can score what each source asks.
LEGAL = {
    "yes_no": ("map",),
    "choice": ("map",),
    "checks": ("add",),
    "number": ("linear", "bands", "peer"),
    "ratio": ("linear", "bands", "peer"),
    "mean": ("linear", "bands", "peer"),
    "survey": ("linear", "bands", "peer"),
    "points": (),
    "manual": (),
    "text": (),
}


def _only_key(written: shapes.AskShape | shapes.ScoreShape) -> str:
    """The one kind that is written."""
    return next(iter(written.model_fields_set))


def _transfer(indicator: Indicator, path: Path) -> Iterator[Found]:
    here = (*path, "score")
    match indicator.score:
        case MapShares(shares=shares):
            yield from _shares(indicator, shares, (*here, "map"))
        case AddShares(shares=shares):
            yield from _shares(indicator, shares, (*here, "add"))
        case Linear(start=start, end=end):
            if start == end:
                yield (*here, "linear"), "linear_flat", {"code": indicator.code}
            for key, limit in (("from", start), ("to", end)):
                if limit < 0 and not _may_be_negative(indicator):
                    yield (*here, "linear", key), "limit_negative", {"limit": as_written(limit)}
                elif limit > 1 and _at_most_one(indicator):
                    yield (*here, "linear", key), "limit_beyond_one", {"limit": as_written(limit)}
        case Bands(bands=bands):
            yield from _bands(indicator, bands, (*here, "bands"))
        case Peer():
            yield from _peer(indicator, indicator.score, (*here, "peer"))


def _may_be_negative(indicator: Indicator) -> bool:
    return any(asked.kind is asks.NumberKind.REAL for asked in indicator.numbers)


def _at_most_one(indicator: Indicator) -> bool:
    """Whether what is measured never passes 1: part of a whole, a mean of capped ratios, a mean grade."""
    match indicator.ask:
        case asks.Ratio(pair=pair):
            return pair.part
        case _:
            return isinstance(indicator.ask, asks.MeanRatio | asks.Survey)


def _beyond_one(band: Band) -> bool:
    """Whether a value of at most 1 never reaches a band."""
    return band.limit is not None and (band.limit >= 1 if band.exclusive else band.limit > 1)


def _peer(indicator: Indicator, score: Peer, here: Path) -> Iterator[Found]:
    for key, share in (("equal", score.equal), ("least", score.least), ("most", score.most)):
        if not 0 <= share <= 1:
            yield (*here, key), "share_out_of_range", {"share": as_written(share)}
    if score.least >= score.most:
        data: dict[str, object] = {"least": as_written(score.least), "most": as_written(score.most)}
        yield here, "peer_range", data
    elif 0 <= score.most < 1:
        yield (*here, "most"), "share_unreachable", {"code": indicator.code, "best": as_written(score.most)}
    if score.method is PeerMethod.MAX and _may_be_negative(indicator):
        yield (*here, "method"), "peer_max_real", {"code": indicator.code}


def _shares(indicator: Indicator, shares: Mapping[str, Fraction], here: Path) -> Iterator[Found]:
    match indicator.ask:
        case asks.YesNo():
            codes = [asks.YES, asks.NO]
        case asks.Choice(options=options) | asks.Checks(options=options):
            codes = [option.code for option in options]
        case _:
            return
    for code in shares:
        if code not in codes:
            yield (*here, code), "share_unknown", {"answer": code, "options": ", ".join(codes)}
    for code in codes:
        if code not in shares:
            yield here, "share_absent", {"answer": code}
    for code, share in shares.items():
        if not 0 <= share <= 1:
            yield (*here, code), "share_out_of_range", {"share": as_written(share)}
    known = [share for code, share in shares.items() if code in codes]
    adds = isinstance(indicator.ask, asks.Checks)
    best = sum(known, Fraction(0)) if adds else max(known, default=Fraction(0))
    if best < 1 and len(known) == len(codes):
        yield here, "share_unreachable", {"code": indicator.code, "best": as_written(best)}


def _bands(indicator: Indicator, bands: tuple[Band, ...], here: Path) -> Iterator[Found]:
    if not bands:
        yield here, "band_no_floor", {}
        return
    for index, band in enumerate(bands):
        last = index == len(bands) - 1
        if not 0 <= band.share <= 1:
            yield (*here, index, "share"), "share_out_of_range", {"share": as_written(band.share)}
        if last and band.limit is not None:
            yield (*here, index), "band_no_floor", {}
        if not last and band.limit is None:
            yield (*here, index), "band_no_limit", {}
        if band.limit is not None and band.limit < 0 and not _may_be_negative(indicator):
            yield (*here, index), "limit_negative", {"limit": as_written(band.limit)}
        if _at_most_one(indicator) and _beyond_one(band):
            yield (*here, index), "limit_beyond_one", {"limit": as_written(band.limit or Fraction(0))}
        if index:
            yield from _order(bands[index - 1], band, (*here, index))
            if _from_zero(bands[index - 1]) and not _may_be_negative(indicator):
                yield (*here, index), "band_never", {}
    best = max(band.share for band in bands)
    if best < 1:
        yield here, "share_unreachable", {"code": indicator.code, "best": as_written(best)}


def _from_zero(band: Band) -> bool:
    """Whether every figure that is not negative reaches a band."""
    return band.limit == 0 and not band.exclusive


def _order(before: Band, band: Band, here: Path) -> Iterator[Found]:
    """From the highest limit down; `above` a limit and then `from` the same limit part the limit itself."""
    if before.limit is None or band.limit is None or band.limit < before.limit:
        return
    if band.limit > before.limit or not (before.exclusive and not band.exclusive):
        yield here, "band_order", {"limit": as_written(band.limit), "before": as_written(before.limit)}
