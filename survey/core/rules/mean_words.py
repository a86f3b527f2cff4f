"""The reading of a mean in words: the shares and weights of which one agency's group, or whole, is made."""

from __future__ import annotations

from fractions import Fraction

from survey.core.modifiers import Aggregate
from survey.core.questionnaire import Group, Indicator
from survey.core.rules.exact import Exact, indicator_result
from survey.core.rules.outcomes import LEAVES_MAXIMUM, State
from survey.core.rules.shown import format_short
from survey.core.text import say


def mean_in_words(exact: Exact, group: Group, language: str = "vi") -> str:
    """ "trung bình có trọng số (2 × 100% + 1 × 0%) / 3 = 66,666667%".

    Empty of a sum, of one part alone and of what is not scored.
    Shares in per cent have at most six decimals. Parts that are missing and left out are named after it.
    """
    result = exact.result(group)
    if group.is_sum or len(group.parts) < 2 or result.state is not State.SCORED or result.share is None:
        return ""
    counted: list[tuple[Fraction, Fraction]] = []
    without: list[str] = []
    for part in group.parts:
        own = indicator_result(part, exact.outcome(part)) if isinstance(part, Indicator) else exact.result(part)
        if own.state is State.MISSING and group.leaves_out:
            without.append(part.code)
        elif own.state not in LEAVES_MAXIMUM and part.weight:
            counted.append((part.weight, own.share or Fraction(0)))
    told = say(f"words.mean_{group.aggregate.value}", language, formula=_formula(group, counted))
    told = f"{told} = {_percent(result.share)}"
    return told + say("words.mean_without", language, codes=", ".join(without)) if without else told


def _formula(group: Group, counted: list[tuple[Fraction, Fraction]]) -> str:
    """The shares by their weights over all weights; weights that are all the same are 1."""
    if len({weight for weight, _ in counted}) == 1:
        counted = [(Fraction(1), share) for _, share in counted]
    below = _weight(sum((weight for weight, _ in counted), Fraction(0)))
    if group.aggregate is Aggregate.GEOMETRIC:
        factors = (_percent(share) + ("" if weight == 1 else f"^{_weight(weight)}") for weight, share in counted)
        return f"({' × '.join(factors)})^(1/{below})"
    plain = all(weight == 1 for weight, _ in counted)
    terms = (_percent(share) if plain else f"{_weight(weight)} × {_percent(share)}" for weight, share in counted)
    return f"({' + '.join(terms)}) / {below}"


def _weight(weight: Fraction) -> str:
    return format_short(weight)


def _percent(share: Fraction) -> str:
    return f"{format_short(share * 100)}%"
