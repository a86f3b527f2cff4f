"""Reading the cells of a workbook of figures: numbers by either convention, options by their words, faults by place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from survey.core.answers import (
    Answer,
    AnswerFault,
    Special,
    fault_sentence,
    labels,
    number_kind,
    read_typed,
    to_stored,
    value_for_field,
)
from survey.core.asks import Checks, Choice, NumberKind, YesNo
from survey.core.either_number import meanings, parse_either
from survey.core.errors import Fault
from survey.core.numbers_vi import NumberError, parse_file_number
from survey.core.questionnaire import Questionnaire
from survey.core.sorting_vi import fold
from survey.services.upload_gate import Cell

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
            words = {fold(label): code for code, label in labels(indicator, language).items()}
            words |= {fold(label): code for code, label in labels(indicator).items()}
            answer = read_typed(questionnaire, key, words.get(fold(text), text))
        case Checks():
            words = {fold(label): code for code, label in labels(indicator).items()}
            parts = [words.get(fold(part), part.strip()) for part in text.split(";")]
            answer = read_typed(questionnaire, key, ";".join(parts))
        case _:
            answer = read_typed(questionnaire, key, text)
    return _stored(questionnaire, key, answer, told, language)


def _number(
    questionnaire: Questionnaire, key: str, kind: NumberKind, cell: Cell, told: Told, language: str
) -> dict[str, Any] | Fault:
    if cell.kind == "date":
        return told("web_provide.cell_date", typed=cell.text)
    if cell.kind == "truth":
        return told("web_provide.cell_truth")
    text = cell.text.strip()
    try:
        value = parse_file_number(text, kind) if cell.kind == "number" else parse_either(text, kind)
    except NumberError as error:
        fault = AnswerFault(error.fault.value)
        if fault is AnswerFault.AMBIGUOUS:
            first, second = meanings(text)
            return told("web_provide.cell_ambiguous", typed=text[:40], first=first, second=second)
        shown = text.replace(".", ",") if cell.kind == "number" else text
        return _stored(questionnaire, key, Answer(shown, Special.MISSING, fault), told, language)
    answer = read_typed(questionnaire, key, value_for_field(questionnaire, key, value))
    return _stored(questionnaire, key, answer, told, language)


def _stored(
    questionnaire: Questionnaire, key: str, answer: Answer, told: Told, language: str
) -> dict[str, Any] | Fault:
    if answer.fault is not None:
        return told("web_provide.cell", sentence=fault_sentence(questionnaire, key, answer, language))
    return to_stored(answer)


def is_not_applicable(cell: Cell) -> bool:
    """Whether a cell says K.a.d."""
    return fold(cell.text).rstrip(".") in ("kad", "k.a.d", "khong ap dung")
