"""The cells of figures in a table: written, and read by either convention of numbers and the words of options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from survey.core import document as doc
from survey.core.answers import (
    NOTHING_TICKED,
    Answer,
    AnswerFault,
    Special,
    fault_sentence,
    from_stored,
    labels,
    number_kind,
    read_typed,
    to_cell,
    to_stored,
    value_for_field,
)
from survey.core.asks import Checks, Choice, NumberKind, YesNo
from survey.core.either_number import meanings, parse_either
from survey.core.errors import Fault
from survey.core.handed_in import Cell
from survey.core.numbers_vi import NumberError, parse_file_number
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.sorting_vi import fold
from survey.core.text import LANGUAGES, say

DIGITS = 15  # that a spreadsheet keeps of a number

CellValue = Decimal | str | None
Told = Callable[..., Fault]  # (key of the sentence, **data) → the fault at this cell


def read_figure(
    questionnaire: Questionnaire, key: str, cell: Cell, told: Told, language: str
) -> dict[str, Any] | Fault:
    """What a cell stores, or what is wrong with it. The cell is not blank."""
    kind = number_kind(questionnaire, key)
    if kind is not None:
        return _number(questionnaire, key, kind, cell, told, language)
    indicator = questionnaire.users_of[key][0]
    text = cell.text.strip()
    match indicator.ask:
        case YesNo() | Choice():
            answer = read_typed(questionnaire, key, _codes(indicator).get(fold(text), text))
        case Checks():
            words = _codes(indicator) | {fold(say("answers.nothing_ticked", one)): NOTHING_TICKED for one in LANGUAGES}
            parts = [words.get(fold(part), part.strip()) for part in text.split(";")]
            answer = read_typed(questionnaire, key, ";".join(parts))
        case _:
            answer = read_typed(questionnaire, key, text)
    return _stored(questionnaire, key, answer, told, language)


def write_figure(questionnaire: Questionnaire, key: str, entry: doc.Entry | None, language: str = "vi") -> CellValue:
    """What a cell says of an answer, so that `read_figure` reads it back; None where there is none.

    Numbers, the words of an option, ticks by code; what could not be taken stands as typed. A spreadsheet keeps 15
    digits of a number: one with more is a text.
    """
    answer = from_stored(questionnaire, key, entry or {})
    if answer.fault is not None:
        return answer.typed
    if isinstance(answer.value, Decimal):
        few = len(answer.value.normalize().as_tuple().digits) <= DIGITS
        return answer.value if few else answer.typed
    text = to_cell(answer.value)
    return option_words(questionnaire.users_of[key][0], language).get(text, text) or None


def option_words(indicator: Indicator, language: str = "vi") -> dict[str, str]:
    """What a cell says for each option, by code: its label, with the code behind it where labels look alike."""
    names = labels(indicator, language)
    alike = Counter(fold(name) for name in names.values()) + Counter(fold(code) for code in names)
    own = {code: alike[fold(name)] - (fold(name) == fold(code)) for code, name in names.items()}
    return {code: name if own[code] == 1 else f"{name} ({code})" for code, name in names.items()}


def _codes(indicator: Indicator) -> dict[str, str]:
    """The code that the words of cells stand for, in every language; words that could be two options stand for none."""
    return {
        fold(word): code for language in reversed(LANGUAGES) for code, word in option_words(indicator, language).items()
    }


def _number(
    questionnaire: Questionnaire, key: str, kind: NumberKind, cell: Cell, told: Told, language: str
) -> dict[str, Any] | Fault:
    if cell.kind == "date":
        return told("cells.date", typed=cell.text)
    if cell.kind == "truth":
        return told("cells.truth")
    text = cell.text.strip()
    try:
        value = parse_file_number(text, kind) if cell.kind == "number" else parse_either(text, kind)
    except NumberError as error:
        fault = AnswerFault(error.fault.value)
        if fault is AnswerFault.AMBIGUOUS:
            first, second = meanings(text)
            return told("cells.ambiguous", typed=text[:40], first=first, second=second)
        shown = text.replace(".", ",") if cell.kind == "number" else text
        return _stored(questionnaire, key, Answer(shown, Special.MISSING, fault), told, language)
    answer = read_typed(questionnaire, key, value_for_field(questionnaire, key, value))
    return _stored(questionnaire, key, answer, told, language)


def _stored(
    questionnaire: Questionnaire, key: str, answer: Answer, told: Told, language: str
) -> dict[str, Any] | Fault:
    if answer.fault is None:
        return to_stored(answer)
    indicator = questionnaire.users_of[key][0]
    if answer.fault is AnswerFault.UNKNOWN_OPTION and isinstance(indicator.ask, Choice):
        words = "; ".join(f"“{word}”" for word in option_words(indicator, language).values())
        return told("cells.choice", typed=answer.typed[:40], options=words)
    return told("cells.fault", sentence=fault_sentence(questionnaire, key, answer, language))


def is_not_applicable(cell: Cell) -> bool:
    """Whether a cell says K.a.d."""
    return fold(cell.text).rstrip(".") in ("kad", "k.a.d", "khong ap dung")
