"""What an answer is: values by kind, missing and not applicable, read from typed text and files, stored as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from survey.core.asks import NO, YES, Checks, Choice, FreeText, Input, Manual, NumberKind, Points, YesNo
from survey.core.characters import clean_text as clean_text
from survey.core.numbers_vi import (
    NumberError,
    NumberFault,
    format_number,
    most_decimals,
    number_for_field,
    parse_file_number,
    parse_number,
    readings,
)
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.sorting_vi import fold
from survey.core.text import say

LONGEST_TEXT = 2_000  # characters of an answer that is taken
LONGEST_TYPED = 20_000  # characters of one that is not, kept so that its author can shorten it
SHOWN_TYPED = 60  # characters of it that a sentence repeats
NOTHING_TICKED = "-"  # how a file writes an empty set of ticks, since blank is missing


class Special(StrEnum):
    """What stands where there is no value."""

    MISSING = "missing"
    NOT_APPLICABLE = "KAD"  # from files only: taken as approved


Value = Decimal | str | frozenset[str] | Special


class AnswerFault(StrEnum):
    """Why a typed text could not be taken; it is kept as typed and scored as missing."""

    NOT_A_NUMBER = NumberFault.NOT_A_NUMBER
    NOT_AN_INTEGER = NumberFault.NOT_AN_INTEGER
    NEGATIVE = NumberFault.NEGATIVE
    AMBIGUOUS = NumberFault.AMBIGUOUS
    TOO_LARGE = NumberFault.TOO_LARGE
    TOO_PRECISE = NumberFault.TOO_PRECISE
    ABOVE_MAXIMUM = "above_maximum"
    UNKNOWN_OPTION = "unknown_option"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what was typed, what it means, and why it could not be taken."""

    typed: str
    value: Value
    fault: AnswerFault | None = None


BLANK = Answer("", Special.MISSING)


@dataclass(frozen=True)
class Case:
    """One agency's answers as scoring sees them."""

    agency: str
    values: Mapping[str, Value]  # by input key; absent is missing
    not_applicable: frozenset[str] = frozenset()  # codes of indicators approved as not applicable
    attributes: Mapping[str, bool] = field(default_factory=dict)
    cohort: str = ""  # whose values peers are; "" where there is one cohort only

    def value(self, key: str) -> Value:
        """The value at `key`, MISSING where there is none."""
        return self.values.get(key, Special.MISSING)


def read_typed(questionnaire: Questionnaire, key: str, text: str) -> Answer:
    """An answer as typed on a page, numbers in Vietnamese form. Raises KeyError for an unknown key."""
    return _read(questionnaire, key, text, parse_number)


def read_cell(questionnaire: Questionnaire, key: str, text: str) -> Answer:
    """An answer as a file writes it: decimal point, KAD for not applicable. Raises KeyError for an unknown key."""
    if len(text) <= LONGEST_TEXT and fold(clean_text(text)).rstrip(".") in ("kad", "k.a.d", "khong ap dung"):
        return Answer(clean_text(text).strip(), Special.NOT_APPLICABLE)
    return _read(questionnaire, key, text, parse_file_number)


def _read(questionnaire: Questionnaire, key: str, text: str, number: Callable[[str, NumberKind], Decimal]) -> Answer:
    indicator = questionnaire.users_of[key][0]
    typed = clean_text(text[:LONGEST_TYPED]).strip()
    if not typed:
        return BLANK
    if len(typed) > LONGEST_TEXT:
        return _refused(typed, AnswerFault.TOO_LONG)
    match indicator.ask:
        case YesNo():
            return _one_of(typed, _YES_NO.get(typed.lower(), typed.lower()), (YES, NO))
        case Choice(options=options):
            return _one_of(typed, typed, (option.code for option in options))
        case Checks(options=options):
            return _some_of(typed, {option.code for option in options})
        case FreeText():
            return Answer(typed, typed)
        case Points() | Manual():
            return _points(indicator, typed, number)
        case _:
            return _number(typed, number_of(questionnaire, key).kind, number)


_YES_NO = {"có": YES, "co": YES, "1": YES, "true": YES, "không": NO, "khong": NO, "0": NO, "false": NO}


def _refused(typed: str, fault: AnswerFault) -> Answer:
    return Answer(typed, Special.MISSING, fault)


def _one_of(typed: str, code: str, codes: Iterable[str]) -> Answer:
    return Answer(typed, code) if code in codes else _refused(typed, AnswerFault.UNKNOWN_OPTION)


def _some_of(typed: str, codes: set[str]) -> Answer:
    ticked = frozenset(part.strip() for part in typed.split(";") if part.strip()) - {NOTHING_TICKED}
    return Answer(typed, ticked) if ticked <= codes else _refused(typed, AnswerFault.UNKNOWN_OPTION)


def _number(typed: str, kind: NumberKind, number: Callable[[str, NumberKind], Decimal]) -> Answer:
    try:
        return Answer(typed, number(typed, kind))
    except NumberError as error:
        return _refused(typed, AnswerFault(error.fault.value))


def _points(indicator: Indicator, typed: str, number: Callable[[str, NumberKind], Decimal]) -> Answer:
    answer = _number(typed, NumberKind.DECIMAL, number)
    if not isinstance(answer.value, Decimal):
        return answer
    if answer.value > indicator.maximum:
        return _refused(typed, AnswerFault.ABOVE_MAXIMUM)
    if indicator.decimals is not None and answer.value != round(answer.value, indicator.decimals):
        return _refused(typed, AnswerFault.TOO_PRECISE)
    return answer


def number_of(questionnaire: Questionnaire, key: str) -> Input:
    """The number asked for at `key`. Raises KeyError where that is no number."""
    for number in questionnaire.users_of[key][0].numbers:
        if number.key == key:
            return number
    raise KeyError(key)


def number_kind(questionnaire: Questionnaire, key: str) -> NumberKind | None:
    """How the number at `key` is written: stated points are decimals; None where no number is asked for."""
    if isinstance(questionnaire.users_of[key][0].ask, Points | Manual):
        return NumberKind.DECIMAL
    return next((number.kind for number in questionnaire.users_of[key][0].numbers if number.key == key), None)


def to_stored(answer: Answer) -> dict[str, Any]:
    """JSON form: {"value": "12.5" or ["a", "b"]}, {"typed": …, "fault": …}, {"special": "KAD"}; {} where blank."""
    if answer.fault is not None:
        return {"typed": answer.typed, "fault": answer.fault.value}
    match answer.value:
        case Special.MISSING:
            return {}
        case Special():
            return {"special": answer.value.value}
        case Decimal():
            return {"value": f"{answer.value:f}"}
        case frozenset():
            return {"value": sorted(answer.value)}
        case _:
            return {"value": answer.value}


def from_stored(questionnaire: Questionnaire, key: str, stored: Mapping[str, Any]) -> Answer:
    """The inverse of `to_stored`, `typed` in its clean form; other members (revision, time, author) are not looked at.

    Raises KeyError for an unknown key, ValueError for a stored value that the key cannot have.
    """
    if "fault" in stored:
        return _refused(stored["typed"], AnswerFault(stored["fault"]))
    if "special" in stored:
        return Answer(stored["special"], Special(stored["special"]))
    if stored.get("value") is None:
        return BLANK
    written = stored["value"]
    if isinstance(written, list):
        written = ";".join(written) or NOTHING_TICKED
    answer = _read(questionnaire, key, written, parse_file_number)
    if answer.fault is not None:
        raise ValueError(f"{key}: {answer.fault} in storage")
    return Answer(value_for_field(questionnaire, key, answer.value), answer.value)


def value_for_field(questionnaire: Questionnaire, key: str, value: Value) -> str:
    """The text of a form field that `read_typed` reads back as `value`; for ticks, codes joined by `;`."""
    if isinstance(value, Decimal):
        return number_for_field(value, number_kind(questionnaire, key) or NumberKind.DECIMAL)
    return to_cell(value)


def to_cell(value: Value) -> str:
    """The text that `read_cell` reads back as `value`."""
    match value:
        case Special.MISSING:
            return ""
        case Decimal():
            return f"{value:f}"
        case frozenset():
            return ";".join(sorted(value)) or NOTHING_TICKED
        case _:
            return str(value)


def labels(indicator: Indicator, language: str = "vi") -> dict[str, str]:
    """What each option of an indicator reads, by code; empty for kinds without options."""
    match indicator.ask:
        case YesNo():
            return {YES: say("answers.yes", language), NO: say("answers.no", language)}
        case Choice(options=options) | Checks(options=options):
            return {option.code: option.label.in_language(language) for option in options}
        case _:
            return {}


def show_value(questionnaire: Questionnaire, key: str, value: Value, language: str = "vi") -> str:
    """The value as a reader sees it: 1.234,5; the labels of options; empty for missing."""
    names = labels(questionnaire.users_of[key][0], language)
    match value:
        case Special.MISSING:
            return ""
        case Special.NOT_APPLICABLE:
            return say("answers.not_applicable", language)
        case Decimal():
            return format_number(value)
        case frozenset():
            return "; ".join(names[code] for code in names if code in value) or say("answers.nothing_ticked", language)
        case _:
            return names.get(value, value)


def fault_sentence(questionnaire: Questionnaire, key: str, answer: Answer, language: str = "vi") -> str:
    """What is wrong with a typed text and what to do; empty where nothing is. Raises KeyError for an unknown key."""
    if answer.fault is None:
        return ""
    indicator = questionnaire.users_of[key][0]
    label = next((number.label for number in indicator.numbers if number.key == key), indicator.name)
    kind = number_kind(questionnaire, key)
    meant = readings(answer.typed) if answer.fault is AnswerFault.AMBIGUOUS else ("",)
    likely = answer.fault is AnswerFault.AMBIGUOUS and len(meant) == 1
    stated = kind is not None and not indicator.numbers
    return say(
        "answers.ambiguous_point" if likely else f"answers.{answer.fault.value}",
        language,
        label=label.in_language(language),
        typed=_cut(answer.typed),
        example="1234" if kind is NumberKind.INTEGER else "1234,5",
        first=_cut(meant[0]),
        second=_cut(meant[-1]),
        decimals=indicator.decimals if stated and indicator.decimals is not None else most_decimals(kind),
        maximum=format_number(indicator.maximum),
        options=", ".join(f"{code} ({name})" for code, name in labels(indicator, language).items()),
        length=format_number(len(answer.typed)),
        longest=format_number(LONGEST_TEXT),
    )


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_TYPED else text[:SHOWN_TYPED] + "…"
