"""A form for each page of questions: what was posted becomes changes, each with the revision that the page showed.

Field names: `a.<input key>` the answer, `s.<input key>` what the page showed ("revision:text"), `n.<code>` and
`t.<code>` the same for the note of an indicator, `u.` and `w.<code>` for why it has no document, `p.` and
`o.<document>:<code>` for the place in one. A field that still reads as it was shown is
not a change, so that saving a page never undoes what somebody else changed meanwhile in a field that was not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import Length

from survey.core import document as doc
from survey.core.answers import NOTHING_TICKED, clean_text
from survey.services.page_views import Asked, FieldView, IndicatorView
from survey.services.saved_views import Change

LONGEST = 20_000  # characters that are taken from one control; the sentence about too long answers is core's


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page showed in a control when it was made."""

    revision: int
    typed: str


def show(revision: int, typed: str) -> str:
    """The hidden value that carries `Shown`."""
    return f"{revision}:{typed}"


def read_shown(value: str | None) -> Shown:
    """The inverse of `show`; never answered where it cannot be read."""
    revision, _, typed = (value or "").partition(":")
    number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
    return Shown(number, plain(typed))


def plain(text: str) -> str:
    """A typed text as it is compared: line ends alike, no blanks around."""
    return clean_text(text).strip()


def control(field: FieldView) -> Field:
    """The WTForms field, unbound, for one input; whether the text is an answer is for core to say."""
    match field.kind:
        case "yes_no" | "choice":
            return RadioField(choices=[], validate_choice=False)
        case "checks":
            return SelectMultipleField(choices=[], validate_choice=False)
        case "text":
            return TextAreaField(validators=[Length(max=LONGEST)])
        case _:
            return StringField(validators=[Length(max=LONGEST)])


def asked_fields(indicators: Iterable[IndicatorView]) -> dict[str, FieldView]:
    """The inputs that the page lets the body answer, by key: also those of hidden indicators, kept in the page."""
    return {
        field.key: field
        for indicator in indicators
        if indicator.asked in (Asked.YES, Asked.HIDDEN)
        for field in indicator.fields
    }


def texts_of(indicators: Iterable[IndicatorView]) -> Iterator[tuple[str, str, str]]:
    """The texts beside the answers: name of the control, of what the page showed in it, and the key of the text."""
    for view in indicators:
        yield f"n.{view.code}", f"t.{view.code}", doc.NOTE + view.code
        yield f"u.{view.code}", f"w.{view.code}", doc.UNPROVEN + view.code
        for one in view.evidence:
            yield f"p.{one.id}:{view.code}", f"o.{one.id}:{view.code}", doc.place_key(one.id, view.code)


def answers_form(indicators: Iterable[IndicatorView], posted: MultiDict[str, str]) -> BaseForm:
    """The form of one page, bound to what was posted."""
    views = tuple(indicators)
    fields: dict[str, Any] = {}  # unbound
    for key, asked in asked_fields(views).items():
        fields[f"a.{key}"] = control(asked)
        fields[f"s.{key}"] = HiddenField()
    for typed, shown, _ in texts_of(views):
        fields[typed] = TextAreaField(validators=[Length(max=LONGEST)])
        fields[shown] = HiddenField()
    form = BaseForm(fields)
    form.process(posted)
    return form


def read_changes(
    indicators: Iterable[IndicatorView], posted: MultiDict[str, str], blank: str = "", same: str = ""
) -> list[Change]:
    """The changes that a post makes.

    `blank` is the code of an indicator whose answer is taken back, `same` of one whose blank inputs are to be as they
    were the period before.
    """
    views = tuple(indicators)
    form = answers_form(views, posted)
    form.validate()
    taken_back = {field.key: "" for view in views if view.code == blank for field in view.fields}
    taken_over = {one.key: one.typed for view in views if view.code == same for one in view.last}
    return [*_answers(views, form, posted, taken_back, taken_over), *_texts(views, form, posted)]


def _answers(
    views: tuple[IndicatorView, ...],
    form: BaseForm,
    posted: MultiDict[str, str],
    taken_back: Mapping[str, str],
    taken_over: Mapping[str, str],
) -> Iterator[Change]:
    for key, view in asked_fields(views).items():
        if f"s.{key}" not in posted:
            continue  # not on the page that was sent
        shown = read_shown(form[f"s.{key}"].data)
        typed = taken_back.get(key, _typed(view, form[f"a.{key}"])) or taken_over.get(key, "")
        if typed != shown.typed:
            yield Change(key, typed[:LONGEST], shown.revision)


def _typed(view: FieldView, field: Field) -> str:
    """The text of one control; ticks are joined in a fixed order, with the mark for "none of these" left out if any."""
    if view.kind != "checks":
        return plain(field.data or "")
    ticked = sorted(set(field.data or ()))
    return ";".join(code for code in ticked if code != NOTHING_TICKED or len(ticked) == 1)


def _texts(views: tuple[IndicatorView, ...], form: BaseForm, posted: MultiDict[str, str]) -> Iterator[Change]:
    for name, was, key in texts_of(views):
        if was not in posted:
            continue
        shown = read_shown(form[was].data)
        typed = plain(form[name].data or "")
        if typed != shown.typed:
            yield Change(key, typed[:LONGEST], shown.revision)
