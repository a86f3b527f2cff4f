"""Changing one body: its form, the effect before it is saved, a new name, closing, reopening, removing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from survey.services.agency_effect import MaximumEffect
from survey.services.close_agency import close_agency, hindrances, remove_agency, reopen_agency
from survey.services.edit_agency import (
    AgencyChanged,
    AgencyFaults,
    Proposal,
    add_agency,
    change_agency,
    propose_change,
    rename_agency,
)
from survey.services.errors import Refused
from survey.services.read_register import AgencyPage, AgencyView, RegisterFilter, list_agencies, read_agency
from survey.services.register_values import FIELDS, Values, heading, ordered, show
from survey.services.register_words import ATTRIBUTE, PICKED, RegisterWords, register_words
from survey.web.admin.agencies import registry
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing

LONGEST = 2_000  # characters that are taken from one control; the sentence about too long texts is the service's
STEPS: Mapping[str, Callable[..., None]] = {
    "doi-ten": rename_agency, "dong": close_agency, "mo-lai": reopen_agency, "xoa": remove_agency,
}  # fmt: skip
ASKED = {"doi-ten": ("name", "reason"), "dong": ("day", "reason"), "mo-lai": ("reason",), "xoa": ()}
NAMES = {"doi-ten": "rename", "dong": "close", "mo-lai": "reopen", "xoa": "remove"}
NOTICES = {
    "doi-ten": "register_renamed", "dong": "register_closed", "mo-lai": "register_reopened", "xoa": "register_removed",
}  # fmt: skip

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the form of a body shows."""

    typed: Mapping[str, str]
    stood: Mapping[str, str] = field(default_factory=dict)  # what was saved when the form was made
    revision: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)  # field → sentence
    stale: bool = False  # somebody else has saved meanwhile
    conflict: tuple[tuple[str, str, str], ...] = ()  # heading, what stands, what was typed


@registry.get("/don-vi/<code>/sua")
def edit(code: str) -> str:
    """The form of a body."""
    with reading() as session:
        found, words = read_agency(session, person(), code), register_words(session)
    stood = _typed_of(found.agency.values, words)
    return _form(found.agency, words, Shown(stood, stood, found.agency.revision))


@registry.post("/don-vi/<code>/sua")
def save(code: str) -> Answer:
    """Show the changes and their effect; saved once they were seen."""
    with reading() as session:
        found, words = read_agency(session, person(), code), register_words(session)
    typed, seen = _changed(words), _seen()
    stood = _typed_of(found.agency.values, words)
    try:
        if request.form.get("do") == "back":
            return _form(found.agency, words, Shown({**stood, **typed}, stood, seen))
        if request.form.get("do") != "save":
            return _confirm(found.agency, words, typed, seen)
        with writing() as session:
            changed = change_agency(session, person(), code, typed, seen)
    except AgencyFaults as faults:
        return _form(found.agency, words, Shown({**stood, **typed}, stood, seen, _sentences(faults))), 422
    except AgencyChanged as conflict:
        return _conflict(found.agency, words, typed, conflict), 409
    notice = "register_saved" if changed else "register_same"
    return with_notice(redirect(url_for("register.agency", code=code)), notice)


def _confirm(body: AgencyView, words: RegisterWords, typed: Mapping[str, str], seen: int) -> Answer:
    with reading() as session:
        proposal: Proposal = propose_change(session, person(), body.ref.code, typed, seen)
    if not proposal.differences:
        return with_notice(redirect(url_for("register.agency", code=body.ref.code)), "register_same")
    return render_template(
        "admin/agency_confirm.html", body=body, proposal=proposal, effects=_alike(proposal.effects), typed=typed,
        revision=seen,
    )  # fmt: skip


def _alike(effects: Sequence[MaximumEffect]) -> list[tuple[MaximumEffect, list[str]]]:
    """Each effect once, with all the places where it is so: rounds with the state of their phiếu, rounds to come."""
    found: list[tuple[MaximumEffect, list[str]]] = []
    for one in effects:
        where = t("registry.effect_later")
        if one.state is not None:
            state = t(f"web.state_{one.state.value}").lower()
            where = t("registry.effect_round", round=one.round_title, state=state)
        same = next((places for other, places in found if _told(other) == _told(one)), None)
        if same is None:
            found.append((one, [where]))
        else:
            same.append(where)
    return found


def _told(one: MaximumEffect) -> tuple[object, ...]:
    return one.title, one.before, one.after, one.gained, one.lost


def _conflict(body: AgencyView, words: RegisterWords, typed: Mapping[str, str], conflict: AgencyChanged) -> str:
    """What was typed beside what stands now; saving again means to have seen it. What was not touched is left."""
    now = _typed_of(conflict.now, words)
    both = tuple(
        (heading(name, words, current_language()), now.get(name, ""), typed[name])
        for name in ordered(typed)
        if typed[name].strip() != now.get(name, "").strip()
    )
    return _form(body, words, Shown({**now, **typed}, now, conflict.revision, conflict=both, stale=True))


@registry.get("/don-vi-moi")
def new() -> str:
    """The form of a body that is not there yet."""
    with reading() as session:
        words = register_words(session)
    return _form(None, words, Shown({"assessed": t("registry.yes")}))


@registry.post("/don-vi-moi")
def add() -> Answer:
    """Put it into the register."""
    with reading() as session:
        words = register_words(session)
    typed = {"code": request.form.get("code", "")[:LONGEST], **_typed(words)}
    typed["name"] = request.form.get("name", "")[:LONGEST]
    try:
        with writing() as session:
            code = add_agency(session, person(), typed)
    except AgencyFaults as faults:
        return _form(None, words, Shown(typed, errors=_sentences(faults))), 422
    return with_notice(redirect(url_for("register.agency", code=code)), "register_added")


@registry.get('/don-vi/<code>/<any("doi-ten", dong, "mo-lai", xoa):step>')
def ask_step(code: str, step: str) -> str:
    """What the step does, and what it needs."""
    with reading() as session:
        found = read_agency(session, person(), code)
    return _step(found, step, {}, {})


@registry.post('/don-vi/<code>/<any("doi-ten", dong, "mo-lai", xoa):step>')
def take_step(code: str, step: str) -> Answer:
    """Take it."""
    typed = {name: request.form.get(name, "")[:LONGEST] for name in ASKED[step]}
    try:
        with writing() as session:
            STEPS[step](session, person(), code, *typed.values(), _seen())
    except Refused as refused:
        return _refused_step(code, step, typed, refused.by_field(current_language())), 422
    except AgencyChanged as changed:
        return _refused_step(code, step, typed, {"": changed.sentence(current_language())}), 409
    address = url_for("register.agencies") if step == "xoa" else url_for("register.agency", code=code)
    return with_notice(redirect(address), NOTICES[step])


def _refused_step(code: str, step: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as session:
        found = read_agency(session, person(), code)
    return _step(found, step, typed, errors)


def _step(found: AgencyPage, step: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    told = set(errors.values())
    with reading() as session:
        known = hindrances(session, person(), found.agency.ref.code, STEPS[step])
    sentences = [one.sentence(current_language()) for one in known]
    return render_template(
        "admin/agency_step.html", body=found.agency, found=found, step=step, name=NAMES[step], asked=ASKED[step],
        typed=typed, errors=errors, hindrances=[one for one in sentences if one not in told],
    )  # fmt: skip


def _form(body: AgencyView | None, words: RegisterWords, shown: Shown) -> str:
    language = current_language()
    truth = [(t("registry.yes"), t("registry.yes")), (t("registry.no"), t("registry.no"))]
    options = {name: [(label, label) for _, label in words.options(name, language)] for name in PICKED}
    attributes = [(ATTRIBUTE + name, words.heading(name, language)) for name in _asked(body, words)]
    return render_template(
        "admin/agency_form.html", body=body, shown=shown, options=options, attributes=attributes, truth=truth,
        parents=_parents(),
    )  # fmt: skip


def _asked(body: AgencyView | None, words: RegisterWords) -> list[str]:
    """The attributes that matter to a body: of its questionnaire, and those that are stated; all for a new one."""
    own = words.asked.get(body.questionnaire_id) if body else None
    if body is None or own is None:
        return list(words.attributes)
    stated = {name for name, _ in body.attributes}
    return [name for name in words.attributes if name in own | stated]


def _parents() -> list[tuple[str, str]]:
    with reading() as session:
        return [(one.ref.code, one.ref.name) for one in list_agencies(session, person(), RegisterFilter(state="open"))]


def _typed(words: RegisterWords) -> dict[str, str]:
    """What the form holds, by field; fields that it does not name stay as they are."""
    names = [name for name in FIELDS if name != "name"] + [ATTRIBUTE + name for name in words.attributes]
    return {name: request.form[name][:LONGEST] for name in names if name in request.form}


def _changed(words: RegisterWords) -> dict[str, str]:
    """What was changed in the form: fields that still read as they were shown are left to whoever changes them."""
    typed = _typed(words)
    shown = {name: request.form.get(f"t.{name}") for name in typed}
    return {name: text for name, text in typed.items() if shown[name] is None or _plain(text) != _plain(shown[name])}


def _plain(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _typed_of(values: Values, words: RegisterWords) -> dict[str, str]:
    """The values as the form shows them."""
    return {name: show(name, value, words, current_language()) for name, value in values.items() if name != "name"}


def _seen() -> int:
    """The revision that the form showed. Raises BadRequest for a form that is not ours."""
    typed = request.form.get("revision", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise BadRequest
    return int(typed)


def _sentences(faults: AgencyFaults) -> dict[str, str]:
    """The first sentence of each field."""
    found: dict[str, str] = {}
    for name, key, data in faults.faults:
        found.setdefault(name, t(f"registry.{key}", **data))
    return found
