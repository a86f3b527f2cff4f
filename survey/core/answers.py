"""What an answer is: values by kind, missing and not applicable, read from typed text and files, stored as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from survey.core.asks import NO, YES, Checks, Choice, FreeText, Input, NumberKind, Points, Text, YesNo
from survey.core.numbers_vi import NumberError, NumberFault, format_number, parse_file_number, parse_number
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.text import say

LONGEST_TEXT = 2000  # characters
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

    def value(self, key: str) -> Value:
        """The value at `key`, MISSING where there is none."""
        return self.values.get(key, Special.MISSING)


def clean_text(text: str) -> str:
    """NFC, line ends as \\n, without control characters and lone surrogates."""
    joined = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in joined if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))


def read_typed(questionnaire: Questionnaire, key: str, text: str) -> Answer:
    """An answer as typed on a page, numbers in Vietnamese form. Raises KeyError for an unknown key."""
    return _read(questionnaire, key, text, parse_number)


def read_cell(questionnaire: Questionnaire, key: str, text: str) -> Answer:
    """An answer as a file writes it: decimal point, KAD for not applicable. Raises KeyError for an unknown key."""
    if clean_text(text).strip().lower().rstrip(".") in ("kad", "k.a.d", "không áp dụng"):
        return Answer(text, Special.NOT_APPLICABLE)
    return _read(questionnaire, key, text, parse_file_number)


def _read(questionnaire: Questionnaire, key: str, text: str, number: Callable[[str, NumberKind], Decimal]) -> Answer:
    typed = clean_text(text).strip()
    indicator = questionnaire.users_of[key][0]
    if not typed:
        return BLANK
    match indicator.ask:
        case YesNo():
            return _one_of(typed, _YES_NO.get(typed.lower(), typed.lower()), (YES, NO))
        case Choice(options=options):
            return _one_of(typed, typed, (option.code for option in options))
        case Checks(options=options):
            return _some_of(typed, {option.code for option in options})
        case FreeText():
            return (
                Answer(typed, Special.MISSING, AnswerFault.TOO_LONG)
                if len(typed) > LONGEST_TEXT
                else Answer(typed, typed)
            )
        case Points():
            return _points(indicator, typed, number)
        case _:
            return _number(typed, number_of(questionnaire, key).kind, number)


_YES_NO = {"có": YES, "co": YES, "1": YES, "true": YES, "không": NO, "khong": NO, "0": NO, "false": NO}


def _one_of(typed: str, code: str, codes: Iterable[str]) -> Answer:
    if code in codes:
        return Answer(typed, code)
    return Answer(typed, Special.MISSING, AnswerFault.UNKNOWN_OPTION)


def _some_of(typed: str, codes: set[str]) -> Answer:
    ticked = frozenset(part.strip() for part in typed.split(";") if part.strip()) - {NOTHING_TICKED}
    if ticked <= codes:
        return Answer(typed, ticked)
    return Answer(typed, Special.MISSING, AnswerFault.UNKNOWN_OPTION)


def _number(typed: str, kind: NumberKind, number: Callable[[str, NumberKind], Decimal]) -> Answer:
    try:
        return Answer(typed, number(typed, kind))
    except NumberError as error:
        return Answer(typed, Special.MISSING, AnswerFault(error.fault.value))


def _points(indicator: Indicator, typed: str, number: Callable[[str, NumberKind], Decimal]) -> Answer:
    answer = _number(typed, NumberKind.DECIMAL, number)
    if not isinstance(answer.value, Decimal):
        return answer
    if answer.value > indicator.maximum:
        return Answer(typed, Special.MISSING, AnswerFault.ABOVE_MAXIMUM)
    exponent = answer.value.normalize().as_tuple().exponent
    if indicator.decimals is not None and isinstance(exponent, int) and -exponent > indicator.decimals:
        return Answer(typed, Special.MISSING, AnswerFault.TOO_PRECISE)
    return answer


def number_of(questionnaire: Questionnaire, key: str) -> Input:
    """The number asked for at `key`. Raises KeyError where that is no number."""
    for number in questionnaire.users_of[key][0].numbers:
        if number.key == key:
            return number
    raise KeyError(key)


def to_stored(answer: Answer) -> dict[str, Any]:
    """JSON form: {"value": "12.5"} | {"value": ["a", "b"]} | {"typed": …, "fault": …}; {} where blank."""
    if answer.fault is not None:
        return {"typed": answer.typed, "fault": answer.fault.value}
    match answer.value:
        case Special.MISSING:
            return {}
        case Decimal():
            return {"value": f"{answer.value:f}", "number": True}
        case frozenset():
            return {"value": sorted(answer.value)}
        case _:
            return {"value": str(answer.value)}


def from_stored(stored: Mapping[str, Any]) -> Answer:
    """The inverse of `to_stored`; further members of `stored` (revision, time, author) are not looked at."""
    if "fault" in stored:
        return Answer(stored["typed"], Special.MISSING, AnswerFault(stored["fault"]))
    value = stored.get("value")
    if value is None:
        return BLANK
    if isinstance(value, list):
        return Answer(";".join(value) or NOTHING_TICKED, frozenset(value))
    if stored.get("number"):
        number = Decimal(value)
        return Answer(format_number(number), number)
    return Answer(value, value)


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
    """What is wrong with a typed text and what to do; empty where nothing is."""
    if answer.fault is None:
        return ""
    indicator = questionnaire.users_of[key][0]
    label = next((n.label for n in indicator.numbers if n.key == key), Text(indicator.name.vi, indicator.name.en))
    return say(
        f"answers.{answer.fault.value}",
        language,
        label=label.in_language(language),
        typed=answer.typed,
        maximum=format_number(indicator.maximum),
        decimals=indicator.decimals if isinstance(indicator.ask, Points) else 6,
        longest=LONGEST_TEXT,
    )
