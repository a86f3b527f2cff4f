"""Why a value held against its cohort earned its share, in words: the lowest, the highest, and the quotient."""

from __future__ import annotations

from fractions import Fraction

from survey.core.rules.exact import Outcome
from survey.core.rules.measure import transfer
from survey.core.rules.peers import Extent, scale_of
from survey.core.rules.rule_words import WHOLE
from survey.core.rules.shown import format_measured, format_short, share_words, unit_of
from survey.core.rules.telling import Telling
from survey.core.transfers import Linear, Peer, PeerMethod


def peer_words(told: Telling, score: Peer, settled: Outcome, shown: str) -> str:
    """ "vì 30 cuộc, nhỏ nhất 12, lớn nhất 80 trong nhóm (5 đơn vị): (30 − 12)/(80 − 12) = 26,47%."."""
    held = told.exact.peers[told.indicator.code, told.exact.case.cohort]
    value, unit = settled.measured or Fraction(0), unit_of(told.indicator, told.language)
    scale = scale_of(score, held)
    if scale is None:
        key = "peer_alone" if held.count == 1 else "peer_zero" if not held.high else "peer_equal"
        return told.say(key, measured=shown, earned=told.earned(score.equal))
    part = transfer(Linear(scale.start, scale.end), value)
    inside = (value - scale.start) / (scale.end - scale.start)
    quotient = told.say(
        "peer_quotient", parts=_quotient(score, held, value, unit), share=format_measured(inside, None, WHOLE)
    )
    if part != inside:
        quotient = told.say("peer_clamped", quotient=quotient, share=format_measured(part, None))
    words = told.say(
        "peer_among", measured=shown, low=format_measured(held.low, unit), high=format_measured(held.high, unit),
        count=held.count, quotient=quotient,
    )  # fmt: skip
    if score.least == 0 and score.most == 1:
        return f"{words}."
    share = settled.share or Fraction(0)
    return told.say(
        "peer_stretched", why=words, least=share_words(score.least, told.language),
        most=share_words(score.most, told.language), share=format_measured(share, None),
    )  # fmt: skip


def _quotient(score: Peer, held: Extent, value: Fraction, unit: str | None) -> str:
    """The quotient with figures in place of names."""

    def figure(number: Fraction) -> str:
        return _signed(format_measured(number, None)) if unit is None else _signed(format_short(number))

    x, low, high = figure(value), figure(held.low), figure(held.high)
    match score.method, score.rising:
        case PeerMethod.MINMAX, True:
            return f"({x} − {low}) / ({high} − {low})"
        case PeerMethod.MINMAX, _:
            return f"({high} − {x}) / ({high} − {low})"
        case _, True:
            return f"{x} / {high}"
        case _:
            return f"({high} + {low} − {x}) / {high}"


def _signed(text: str) -> str:
    """A negative number inside a sum stands in brackets."""
    return f"({text})" if text.startswith(("-", "−")) else text
