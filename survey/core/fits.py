"""Numbers of one phiếu that do not fit each other: parts above their whole, one total asked twice with two values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from survey.core.answers import Case, number_of
from survey.core.asks import Fit, Input, Ratio
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.measure import number, why_unasked
from survey.core.sorting_vi import fold
from survey.core.text import say


@dataclass(frozen=True, slots=True)
class Misfit:
    """Numbers that do not fit, with what they come to."""

    fit: Fit
    parts: Fraction  # added up
    whole: Fraction
    same: bool = False  # one number asked twice, by its label and unit

    @property
    def keys(self) -> tuple[str, ...]:
        """Every number that it is about."""
        return (*self.fit.parts, self.fit.whole)


def misfits(questionnaire: Questionnaire, case: Case) -> Mapping[str, tuple[Misfit, ...]]:
    """What does not fit, by the code of the indicator at which it is asked back: the last one in the file.

    Numbers of indicators that are not asked now, blanks and faults fit with everything.
    """
    found: dict[str, list[Misfit]] = {}
    known = _Known(questionnaire, case)
    for fit, same in fits_of(questionnaire):
        met = known.misfit(fit, same=same)
        if met is not None:
            found.setdefault(owner_of(questionnaire, fit).code, []).append(met)
    return {code: tuple(several) for code, several in found.items()}


def owners_of(questionnaire: Questionnaire, keys: set[str]) -> tuple[Indicator, ...]:
    """The indicators at which numbers are asked back when one of `keys` has changed."""
    fits = (fit for fit, _ in fits_of(questionnaire) if keys.intersection((*fit.parts, fit.whole)))
    owners = (owner_of(questionnaire, fit) for fit in fits)
    return tuple({owner.code: owner for owner in owners}.values())


def owner_of(questionnaire: Questionnaire, fit: Fit) -> Indicator:
    """The last of the indicators where its numbers are entered."""
    places = {indicator.code: place for place, indicator in enumerate(questionnaire.indicators)}
    homes = (questionnaire.users_of[key][0] for key in (*fit.parts, fit.whole))
    return max(homes, key=lambda indicator: places[indicator.code])


def fits_of(questionnaire: Questionnaire) -> tuple[tuple[Fit, bool], ...]:
    """The declared fits, then those that equal labels imply (True), each once."""
    declared = ((fit, False) for fit in questionnaire.fits)
    return (*declared, *((fit, True) for fit in _implied(questionnaire)))


def _implied(questionnaire: Questionnaire) -> Iterator[Fit]:
    """Denominators of two ratios that ask for the same by label and unit."""
    first: dict[tuple[str, str], str] = {}
    for indicator in questionnaire.indicators:
        if isinstance(indicator.ask, Ratio) and indicator.provided_by is None:
            asked = indicator.ask.pair.b
            key = first.setdefault((fold(asked.label.vi), fold(asked.unit.vi)), asked.key)
            if key != asked.key:
                yield Fit((key,), asked.key, exact=True)


class _Known:
    """The numbers of one case that count now."""

    def __init__(self, questionnaire: Questionnaire, case: Case) -> None:
        self._questionnaire, self._case = questionnaire, case

    def value(self, key: str) -> Fraction | None:
        """The number; None where it is blank, faulty or not asked now."""
        users = self._questionnaire.users_of[key]
        if all(why_unasked(self._questionnaire, user, self._case) is not None for user in users):
            return None
        return number(self._case.value(key))

    def misfit(self, fit: Fit, *, same: bool) -> Misfit | None:
        """The misfit, if it is one. A sum that must be reached needs all its parts; one passed already none."""
        values = [self.value(key) for key in fit.parts]
        known = [value for value in values if value is not None]
        whole = self.value(fit.whole)
        if whole is None or not known or (len(known) < len(values) and (fit.exact or min(known) < 0)):
            return None
        parts = sum(known, Fraction(0))
        fits = parts == whole if fit.exact else parts <= whole
        return None if fits else Misfit(fit, parts, whole, same)


def tell_misfit(questionnaire: Questionnaire, met: Misfit, language: str = "vi") -> str:
    """A misfit in words, with both places."""
    whole = number_of(questionnaire, met.fit.whole)
    parts = [number_of(questionnaire, key) for key in met.fit.parts]
    unit = whole.unit.in_language(language)
    key = "same" if met.same else ("unequal" if met.fit.exact else "above") + ("" if len(parts) == 1 else "_sum")
    return say(
        f"ask_back.fits_{key}", language,
        part=_named(questionnaire, parts[0], language),
        parts=" + ".join(_named(questionnaire, part, language) for part in parts),
        label=whole.label.in_language(language),
        at=questionnaire.users_of[met.fit.parts[0]][0].code, at_whole=questionnaire.users_of[whole.key][0].code,
        sum=f"{format_number(met.parts)} {unit}".rstrip(), whole=_named(questionnaire, whole, language),
        total=f"{format_number(met.whole)} {unit}".rstrip(),
    )  # fmt: skip


def _named(questionnaire: Questionnaire, asked: Input, language: str) -> str:
    """A number by its label and the indicator where it is entered."""
    user = questionnaire.users_of[asked.key][0]
    label = asked.label.in_language(language) or user.name.in_language(language)
    return f"“{label}” ({user.code})"
