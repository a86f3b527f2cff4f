"""Which inputs of two versions of a questionnaire ask for the same: codes are given anew now and then."""

from __future__ import annotations

from dataclasses import replace

from survey.core.answers import Case, number_of
from survey.core.questionnaire import Questionnaire


def same_keys(now: Questionnaire, then: Questionnaire) -> frozenset[str]:
    """The input keys that have the same kind of question, label (or indicator's name) and unit in both."""
    if now is then:
        return frozenset(now.keys)
    return frozenset(key for key in now.keys if key in then.users_of and _meaning(now, key) == _meaning(then, key))


def as_asked_now(now: Questionnaire, then: Questionnaire, case: Case) -> Case:
    """A case of an earlier version as the present one reads it: what does not mean the same is left out."""
    kept = same_keys(now, then)
    return replace(case, values={key: value for key, value in case.values.items() if key in kept})


def _meaning(questionnaire: Questionnaire, key: str) -> tuple[str, ...]:
    user = questionnaire.users_of[key][0]
    number = number_of(questionnaire, key) if user.numbers else None
    own = (number.label.vi, number.unit.vi) if number else ("", "")
    return (type(user.ask).__name__, *(own if own[0] else (user.name.vi, own[1])))
