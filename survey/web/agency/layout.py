"""How the questions of one group are laid out: options, pairs of numbers, numbers asked elsewhere, conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from survey.core.answers import NOTHING_TICKED
from survey.core.asks import NO, YES, Checks, Choice, Manual, MeanRatio, Pair, Ratio, Survey, Text, YesNo
from survey.services.page_views import Asked, FieldView, IndicatorView
from survey.services.saved_views import SavedAnswer, SaveOutcome
from survey.web.agency.conflicts import Conflict, conflict_of
from survey.web.agency.words import as_fault
from survey.web.forms.build import show, texts_of
from survey.web.language import t, words


@dataclass(frozen=True, slots=True)
class Slot:
    """One control."""

    field: FieldView
    typed: str  # what stands in it: the saved text, or one's own while it is in conflict
    shown: str  # goes along hidden: revision and text that the page shows as saved
    entered_at: str = ""  # code of the indicator on this page where this number is entered; "" where it is entered here
    label: str = ""

    @property
    def ticked(self) -> frozenset[str]:
        """The options chosen."""
        return frozenset(self.typed.split(";")) if self.typed else frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """Controls that stand side by side: one, or a and b of a ratio; `label` says whose ratio."""

    label: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One indicator as the page lays it out."""

    view: IndicatorView
    kind: str  # yes_no, choice, checks, number, ratio, mean, survey, points, manual, text
    options: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    legend: str
    own: Mapping[str, str]  # one's own texts beside the answers, by key, while there is a conflict; else none
    conflict: Conflict | None = None

    @property
    def faults(self) -> tuple[tuple[str, str], ...]:
        """(id of the control, sentence) for the error summary."""
        slots = [slot for line in self.lines for slot in line.slots if not slot.entered_at]
        own = tuple((f"f-{slot.field.key}", slot.field.fault) for slot in slots if slot.field.fault)
        if self.conflict is not None:
            own = ((f"xd-{self.view.code}", f"{self.view.code}: {self.conflict.lead}"), *own)
        target = f"f-{slots[0].field.key}" if slots else f"cs-{self.view.code}"
        return own + tuple((target, as_fault(sentence)) for sentence in self.view.faults)

    @property
    def shared(self) -> tuple[str, ...]:
        """Codes of other indicators that use a number entered here."""
        codes = (code for line in self.lines for slot in line.slots for code in slot.field.shared_with)
        return tuple(dict.fromkeys(codes))


def lay_out(
    indicators: Iterable[IndicatorView],
    answers: Mapping[str, SavedAnswer] | None = None,
    typed: Mapping[str, str] | None = None,
) -> tuple[Question, ...]:
    """The questions of a page in order.

    `answers` are the outcomes of a save that met conflicts and `typed` what was posted, so that one's own text stays.
    """
    outcomes, own, views = answers or {}, typed or {}, tuple(indicators)
    homes = _homes(views)
    questions = []
    for view in views:
        slots = {field.key: _slot(field, view, homes, outcomes, own) for field in view.fields}
        met = conflict_of(_outcomes_of(view, homes, outcomes))
        kept = {key: own[key] for _, _, key in texts_of([view]) if key in own} if met else {}
        questions.append(Question(view, _kind(view), _options(view), _lines(view, slots), _legend(view), kept, met))
    return tuple(questions)


def _homes(views: tuple[IndicatorView, ...]) -> dict[str, str]:
    """The indicator at which each number is entered: the first one that is asked, else the first one hidden."""
    homes: dict[str, str] = {}
    for asked in (Asked.YES, Asked.HIDDEN):
        for view in views:
            if view.asked is asked:
                for field in view.fields:
                    homes.setdefault(field.key, view.code)
    return homes


def _slot(
    field: FieldView,
    view: IndicatorView,
    homes: Mapping[str, str],
    outcomes: Mapping[str, SavedAnswer],
    own: Mapping[str, str],
) -> Slot:
    home = homes.get(field.key, view.code)
    found = outcomes.get(field.key)
    typed = own[field.key] if found and found.outcome is SaveOutcome.CONFLICT else field.typed
    return Slot(
        field,
        typed,
        show(field.revision, field.typed),
        entered_at="" if home == view.code else home,
        label=words(field.label) or words(view.name),
    )


def _kind(view: IndicatorView) -> str:
    match view.ask:
        case Ratio():
            return "ratio"
        case MeanRatio():
            return "mean"
        case YesNo():
            return "yes_no"
        case Choice():
            return "choice"
        case Checks():
            return "checks"
        case Survey():
            return "survey"
        case Manual():
            return "manual"
        case _:
            kind = view.fields[0].kind if view.fields else "text"
            return kind if kind in ("points", "text") else "number"


def _options(view: IndicatorView) -> tuple[tuple[str, str], ...]:
    match view.ask:
        case YesNo():
            return (YES, t("answers.yes")), (NO, t("answers.no"))
        case Choice(options=options):
            return tuple((option.code, words(option.label)) for option in options)
        case Checks(options=options):
            own = tuple((option.code, words(option.label)) for option in options)
            return (*own, (NOTHING_TICKED, t("answers.nothing_ticked")))
        case _:
            return ()


def _lines(view: IndicatorView, slots: dict[str, Slot]) -> tuple[Line, ...]:
    match view.ask:
        case Ratio(pair=pair):
            pairs: tuple[Pair, ...] = (pair,)
        case MeanRatio(pairs=several):
            pairs = several
        case _:
            return tuple(Line("", (slot,)) for slot in slots.values())
    return tuple(
        Line(words(pair.label), (slots[pair.a.key], slots[pair.b.key]))
        for pair in pairs
        if pair.a.key in slots and pair.b.key in slots
    )


def _legend(view: IndicatorView) -> str:
    question = view.ask.question if isinstance(view.ask, YesNo) else Text("")
    return words(question) or words(view.name)


def _outcomes_of(
    view: IndicatorView, homes: Mapping[str, str], outcomes: Mapping[str, SavedAnswer]
) -> Iterator[SavedAnswer]:
    """What became of the changes that were made at this indicator: its texts and the inputs that are entered here."""
    here = (field.key for field in view.fields if homes.get(field.key) == view.code)
    for key in (*here, *(key for _, _, key in texts_of([view]))):
        if key in outcomes:
            yield outcomes[key]
