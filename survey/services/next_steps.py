"""What a body can do next and what it brings: corrections of this phiếu, and work of the period to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from survey.core.asks import Text
from survey.core.rules.gain import NextStep, next_steps
from survey.core.rules.gain_words import tell_step
from survey.services.instance import Session
from survey.services.people import Person
from survey.services.scope import find_submission
from survey.services.sheet import Sheet, read_sheet

MOST = 5
LARGEST = 3


@dataclass(frozen=True, slots=True)
class StepView:
    """What can be done at one indicator."""

    code: str
    name: Text
    page: str  # code of the lowest group it is on
    sentences: tuple[str, ...]  # the step that gains most first, smaller ones after it
    gain: float  # points of the whole, of the first
    proof: Text  # which documents of that period prove it


@dataclass(frozen=True, slots=True)
class NextSteps:
    """The indicators where most can be gained, at most five of each; the others as they are, no rank told."""

    now: tuple[StepView, ...]  # corrections of this phiếu
    later: tuple[StepView, ...]  # work of the period to come
    more: int  # indicators left out

    @property
    def largest(self) -> tuple[StepView, ...]:
        """The three indicators where most points can be gained, now or later."""
        return tuple(sorted((*self.now, *self.later), key=lambda view: -view.gain)[:LARGEST])


def read_next_steps(session: Session, person: Person, submission_id: int, *, language: str = "vi") -> NextSteps:
    """The next steps of one body. Raises NotFound."""
    return steps_of(read_sheet(session, find_submission(session, person, submission_id)), language)


def steps_of(sheet: Sheet, language: str = "vi") -> NextSteps:
    """The next steps of a submission that is already read."""
    found = next_steps(sheet.questionnaire, sheet.case)
    now = _views(sheet, (step for step in found if step.now), language)
    later = _views(sheet, (step for step in found if not step.now), language)
    left_out = max(len(now) - MOST, 0) + max(len(later) - MOST, 0)
    return NextSteps(tuple(now[:MOST]), tuple(later[:MOST]), left_out)


def _views(sheet: Sheet, steps: Iterable[NextStep], language: str) -> list[StepView]:
    """One view an indicator, in the order of the steps: by gain."""
    page_of = {indicator.code: page.code for page in sheet.questionnaire.pages for indicator in page.indicators}
    by_code: dict[str, list[NextStep]] = {}
    for step in steps:
        by_code.setdefault(step.code, []).append(step)
    views = []
    for code, own in by_code.items():
        indicator = sheet.questionnaire.by_code[code]
        sentences = tuple(tell_step(sheet.questionnaire, sheet.case, step, language) for step in own)
        proof = indicator.evidence.what if indicator.evidence else Text("")
        views.append(StepView(code, indicator.name, page_of[code], sentences, float(own[0].gain), proof))
    return views
