"""How an indicator is scored, in words: for the help beside a question and for the sheet of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from survey.core.answers import labels
from survey.core.asks import Manual, MeanRatio, Number, Pair, Points, Ratio, Survey, Text
from survey.core.modifiers import Condition, Counts, Gate, Hidden
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.shown import format_exact_share, format_measured, format_short, share_words, unit_of
from survey.core.text import say
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares, Peer

WHOLE = Linear(Fraction(0), Fraction(1))  # a ratio earns its share


def rule_in_words(questionnaire: Questionnaire, indicator: Indicator, language: str = "vi") -> str:
    """How an indicator is scored: what is measured, what it earns, what b = 0 means, whom it is asked of."""
    return " ".join(_sentences(questionnaire, indicator, language))


def _sentences(questionnaire: Questionnaire, indicator: Indicator, language: str) -> Iterator[str]:
    yield _rule(indicator, language)
    yield from _ratios(questionnaire, indicator, language)
    if indicator.zero_b:
        yield say(f"words.{_zero_key(indicator)}_{indicator.zero_b.value.lower()}", language)
    if any(pair.part for pair in indicator.pairs):
        yield say("words.rule_part", language)
    if indicator.applies_when:
        attributes = condition_words(questionnaire, indicator.applies_when, language)
        yield say("words.rule_applies", language, attributes=attributes)
    shown = indicator.show_when
    if shown:
        names = labels(questionnaire.by_code[shown.code], language)
        answers = "; ".join(f"“{names[code]}”" for code in names if code in shown.values)
        key = "words.rule_shown_kad" if shown.hidden is Hidden.KAD else "words.rule_shown_zero"
        yield say(key, language, code=shown.code, answers=answers)
    if indicator.gate:
        yield gate_words(questionnaire, indicator, indicator.gate, language)
    if indicator.counts is not Counts.POINTS:
        maximum = format_number(indicator.maximum)
        yield say(f"words.rule_{indicator.counts.value}", language, maximum=maximum)
    yield from _weight(questionnaire, indicator, language)


def _zero_key(indicator: Indicator) -> str:
    if indicator.counts is Counts.PENALTY and not isinstance(indicator.ask, MeanRatio):
        return "rule_zero_loss_survey" if isinstance(indicator.ask, Survey) else "rule_zero_loss"
    match indicator.ask:
        case MeanRatio():
            return "rule_zero_mean"
        case Survey():
            return "rule_zero_survey"
        case _:
            return "rule_zero"


def _weight(questionnaire: Questionnaire, indicator: Indicator, language: str) -> Iterator[str]:
    """What it weighs in its group, where that is a mean."""
    for group in questionnaire.pages:
        if indicator in group.parts and not group.is_sum:
            of = sum((part.weight for part in group.parts), Fraction(0))
            yield weight_words(group.code, indicator.weight, of, language)


def weight_words(code: str, weight: Fraction, of: Fraction, language: str) -> str:
    """A weight among those of a mean; `code` is the mean's, empty for the whole."""
    weights = {"weight": format_short(weight), "of": format_short(of)}
    return say("words.rule_weight" if code else "words.rule_weight_whole", language, code=code, **weights)


def gate_words(questionnaire: Questionnaire, indicator: Indicator, gate: Gate, language: str) -> str:
    """What must be reached first, and what is earned otherwise."""
    place, wanted = condition_of(questionnaire, gate.condition, language)
    otherwise = earned_words(indicator, gate.otherwise, language)
    key = "words.rule_gate" if gate.otherwise else "words.rule_gate_nothing"
    return say(key, language, place=place, wanted=wanted, otherwise=otherwise)


def condition_of(questionnaire: Questionnaire, condition: Condition, language: str) -> tuple[str, str]:
    """A condition in words: chỉ số 1.1, từ 50%."""
    key = "above" if condition.exclusive else "all" if condition.limit == 1 else "from"
    wanted = say(f"words.wanted_{key}", language, limit=format_exact_share(condition.limit))
    return place_words(questionnaire, condition.code, language), wanted


def place_words(questionnaire: Questionnaire, code: str, language: str) -> str:
    """An indicator or a group by its code: “chỉ số 1.1”, “chỉ số chính 2”."""
    key = "words.place_indicator" if code in questionnaire.by_code else "words.place_group"
    return say(key, language, code=code)


def earned_words(indicator: Indicator, share: Fraction, language: str) -> str:
    """What a share of the maximum means: “được một nửa điểm tối đa”; of a penalty “bị trừ một nửa mức trừ tối đa”."""
    words = share_words(share, language)
    if indicator.counts is not Counts.PENALTY:
        return say("words.earned", language, share=words)
    if not share:
        return say("words.penalty_nothing", language)
    return say("words.penalty_all" if share == 1 else "words.penalty_part", language, share=format_exact_share(share))


def _each(indicator: Indicator, share: Fraction, language: str) -> str:
    """A share as the rule lists it behind an option or a step."""
    if indicator.counts is Counts.PENALTY:
        return earned_words(indicator, share, language)
    return share_words(share, language)


def condition_words(questionnaire: Questionnaire, conditions: Mapping[str, bool], language: str) -> str:
    """Attributes of an agency as conditions: “Có giải quyết thủ tục hành chính”; không “…”."""
    named = []
    for name, value in conditions.items():
        label = questionnaire.attributes.get(name, Text(name)).in_language(language)
        named.append(f"“{label}”" if value else say("words.not_so", language, attribute=label))
    return "; ".join(named)


def limit_words(score: Linear, unit: str | None) -> dict[str, str]:
    """Both ends of a linear scale."""
    return {"start": format_measured(score.start, unit), "end": format_measured(score.end, unit)}


def band_words(band: Band, bands: Sequence[Band], unit: str | None, language: str) -> str:
    """Where a band begins: từ 57% trở lên · trên 50%; the floor: dưới 25%."""
    if band.limit is not None:
        key = "words.band_above" if band.exclusive else "words.band_from"
        return say(key, language, limit=format_measured(band.limit, unit))
    if len(bands) < 2:
        return say("words.band_any", language)
    lowest = bands[-2]
    key = "words.band_below" if not lowest.exclusive else "words.band_up_to" if lowest.limit else "words.band_at"
    return say(key, language, limit=format_measured(lowest.limit or Fraction(0), unit))


def _rule(indicator: Indicator, language: str) -> str:
    """What is measured and what it earns."""
    ask, score = indicator.ask, indicator.score
    if isinstance(ask, Points | Manual):
        key = "words.rule_points" if isinstance(ask, Points) else "words.rule_manual"
        return say(key, language, maximum=format_number(indicator.maximum))
    unit = unit_of(indicator, language)
    x = _measured_words(indicator, language)
    match score:
        case MapShares(shares=shares) | AddShares(shares=shares):
            names = labels(indicator, language)
            each = "; ".join(f"“{names[code]}”: {_each(indicator, shares[code], language)}" for code in names)
            return say("words.rule_add" if isinstance(score, AddShares) else "words.rule_map", language, shares=each)
        case Linear():
            return say(f"words.{_line_key(indicator, score)}", language, x=x, **limit_words(score, unit))
        case Bands(bands=bands):
            steps = (f"{band_words(b, bands, unit, language)}: {_each(indicator, b.share, language)}" for b in bands)
            return say("words.rule_bands", language, x=x, steps="; ".join(steps))
        case Peer():
            return " ".join(_peer(indicator, score, x, language))
        case _:
            return say("words.rule_unscored", language)


def _line_key(indicator: Indicator, score: Linear) -> str:
    if indicator.counts is Counts.PENALTY:
        return "rule_loss"
    if score == WHOLE and unit_of(indicator, "vi") is None:
        return "rule_share"
    return "rule_scale" if score.start else "rule_target"


def _peer(indicator: Indicator, score: Peer, x: str, language: str) -> Iterator[str]:
    """How the cohort sets the scale."""
    way = "rising" if score.rising else "falling"
    yield say(f"words.rule_peer_{score.method.value}_{way}", language, x=x)
    if score.least == 0 and score.most == 1:
        yield say("words.rule_peer_share", language)
    else:
        least, most = (_each(indicator, share, language) for share in (score.least, score.most))
        yield say("words.rule_peer_stretched", language, least=least, most=most)
    yield say("words.rule_peer_equal", language, share=_each(indicator, score.equal, language))


def _measured_words(indicator: Indicator, language: str) -> str:
    match indicator.ask:
        case Number(value=asked):
            return f"“{asked.label.in_language(language)}”"
        case MeanRatio():
            return say("words.rule_mean", language)
        case Survey():
            return say("words.rule_survey", language)
        case _:
            return "a/b"


def _ratios(questionnaire: Questionnaire, indicator: Indicator, language: str) -> Iterator[str]:
    """What a and b are, for each kind of agency."""
    match indicator.ask:
        case Survey(grades=grades):
            names = ((g.count.label.in_language(language), format_exact_share(g.value)) for g in grades)
            yield say("words.rule_grades", language, grades="; ".join(f"“{name}” {value}" for name, value in names))
        case Ratio(pair=pair):
            a, b = pair.a.label.in_language(language), pair.b.label.in_language(language)
            yield say("words.rule_ratio", language, a=a, b=b)
        case MeanRatio(pairs=pairs):
            for conditions, alike in groupby(pairs, key=lambda pair: pair.applies_when):
                ratios = "; ".join(_quotient(pair, language) for pair in alike)
                whose = condition_words(questionnaire, conditions, language)
                yield say(f"words.rule_ratios{'_of' if whose else ''}", language, ratios=ratios, attributes=whose)


def _quotient(pair: Pair, language: str) -> str:
    a, b, label = (text.in_language(language) for text in (pair.a.label, pair.b.label, pair.label))
    ratio = say("words.rule_quotient", language, a=a, b=b)
    return ratio if a.startswith(label) else f"{label}: {ratio}"
