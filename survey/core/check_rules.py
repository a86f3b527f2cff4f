"""Whether one indicator's rule can be scored: its source, its transfer, and what b = 0 means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from survey.core import asks, shapes
from survey.core.questionnaire import Indicator
from survey.core.rounding import half_up
from survey.core.source import Path
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares

Found = tuple[Path, str, dict[str, object]]


def rule_faults(indicator: Indicator, written: shapes.IndicatorShape, path: Path) -> Iterator[Found]:
    """Faults of one indicator's maximum, ask, score and zero_b."""
    yield from _maximum(indicator, written, path)
    yield from _ask(indicator, path)
    yield from _pairing(indicator, path)
    yield from _transfer(indicator, path)
    rated = bool(indicator.pairs)
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
    for number, pair in enumerate(indicator.pairs):
        if pair.part and pair.a.unit.vi != pair.b.unit.vi:
            place = (
                (*path, "ask", "mean", number) if isinstance(indicator.ask, asks.MeanRatio) else (*path, "ask", "ratio")
            )
            yield place, "part_units", {"a": pair.a.unit.vi, "b": pair.b.unit.vi}


def _pairing(indicator: Indicator, path: Path) -> Iterator[Found]:
    """Whether this source can be read by this transfer."""
    score, ask = indicator.score, indicator.ask
    match ask:
        case asks.YesNo() | asks.Choice():
            legal: tuple[type, ...] = (MapShares,)
            wanted = "map"
        case asks.Checks():
            legal, wanted = (AddShares,), "add"
        case asks.Number() | asks.Ratio() | asks.MeanRatio():
            legal, wanted = (Linear, Bands), "linear, bands"
        case _:
            if score is not None:
                yield (*path, "score"), "score_useless", {"code": indicator.code}
            return
    if score is None:
        yield (*path, "ask"), "score_absent", {"code": indicator.code, "wanted": wanted}
    elif not isinstance(score, legal):
        yield (*path, "score"), "score_illegal", {"code": indicator.code, "wanted": wanted}


def _transfer(indicator: Indicator, path: Path) -> Iterator[Found]:
    here = (*path, "score")
    match indicator.score:
        case MapShares(shares=shares) | AddShares(shares=shares):
            yield from _shares(indicator, shares, here)
        case Linear(start=start, end=end):
            if start == end:
                yield here, "linear_flat", {"code": indicator.code}
            if start < 0 or end < 0:
                yield here, "limit_negative", {"code": indicator.code}
        case Bands(bands=bands):
            for index, band in enumerate(bands):
                yield from _band(bands, index, band, (*here, "bands", index))


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
            yield (*here, "map", code), "share_unknown", {"answer": code, "options": ", ".join(codes)}
    for code in codes:
        if code not in shares:
            yield here, "share_absent", {"answer": code}
    for code, share in shares.items():
        if not 0 <= share <= 1:
            yield (*here, "map", code), "share_out_of_range", {"answer": code, "share": share}
    if shares and _best(indicator, shares) < 1:
        yield here, "share_unreachable", {"code": indicator.code}


def _best(indicator: Indicator, shares: Mapping[str, Fraction]) -> Fraction:
    """The largest share that can be earned."""
    if isinstance(indicator.ask, asks.Checks):
        return sum(shares.values(), Fraction(0))
    return max(shares.values())


def _band(bands: tuple[Band, ...], index: int, band: Band, path: Path) -> Iterator[Found]:
    last = index == len(bands) - 1
    if not 0 <= band.share <= 1:
        yield path, "share_out_of_range", {"answer": str(index + 1), "share": band.share}
    if last and band.limit is not None:
        yield path, "band_no_floor", {}
    if not last and band.limit is None:
        yield path, "band_no_limit", {}
    if band.limit is not None and band.limit < 0:
        yield path, "limit_negative", {"code": str(index + 1)}
    before = bands[index - 1] if index else None
    if before is None or before.limit is None or band.limit is None:
        return
    same = band.limit == before.limit and before.exclusive and not band.exclusive
    if band.limit > before.limit or (band.limit == before.limit and not same):
        yield path, "band_order", {"limit": band.limit, "before": before.limit}
