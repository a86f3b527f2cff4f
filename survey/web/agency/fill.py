"""The page of one group: shown, saved field by field by the script, and sent whole as a form by anybody without it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from survey.core.numbers_vi import format_time
from survey.services.assign_groups import Holder, holders_of
from survey.services.errors import Refused
from survey.services.fill import save_answers
from survey.services.page_views import Asked, GroupPage
from survey.services.read_submission import read_group
from survey.services.request_adjustment import AdjustmentView, adjustments_of
from survey.services.saved_views import Change, SavedAnswer, SavedAnswers
from survey.web.agency.conflicts import told_of
from survey.web.agency.layout import Question, lay_out
from survey.web.agency.page_actions import act, document_of, faults_of
from survey.web.agency.pages import agency
from survey.web.agency.words import as_fault, group_points, total_words
from survey.web.forms.build import read_changes, texts_of
from survey.web.language import current_language, t
from survey.web.session import person, working_on
from survey.web.work import reading, writing

MOST_CHANGES = 500  # in one request of the script
LONGEST = 20_000  # characters of one answer
SAVE_KEY = re.compile(r"|[0-9A-Za-z-]{16,64}")


def _read(number: int, code: str) -> GroupPage:
    with reading() as session:
        page = read_group(session, person(), number, code, language=current_language())
    working_on(page.head)
    return page


def _show(page: GroupPage, questions: tuple[Question, ...], state: Mapping[str, Any], status: int = 200) -> Response:
    """The page; `state` says which form for a document is open and what was typed into it."""
    errors = [fault for question in questions for fault in question.faults]
    errors += [(f"e-{field}", sentence) for field, sentence in state.get("faults", {}).items()]
    if state.get("kad_error"):
        errors.append((f"f-k.{state['code']}", state["kad_error"]))
    if state.get("right_error"):
        errors.append((f"f-r.{state['code']}", state["right_error"]))
    holders, asks = _shared(page)
    html = render_template(
        "agency/group.html", page=page, head=page.head, questions=questions, errors=errors,
        state={**state, "asks": asks}, holder=holders.get(page.line.code),
        read_only=not page.head.editable, after_post=request.method == "POST" or "luu" in request.args,
    )  # fmt: skip
    return Response(html, status)


def _shared(page: GroupPage) -> tuple[Mapping[str, Holder], Mapping[str, AdjustmentView]]:
    """Who holds which group, and the last request to correct each provided figure of the page."""
    provided = any(view.asked is Asked.PROVIDED for view in page.indicators)
    with reading() as session:
        asks = adjustments_of(session, person(), page.head.id, language=current_language()) if provided else {}
        return holders_of(session, page.head), asks


@agency.get("/<int:number>/muc/<code>")
def group(number: int, code: str) -> Response:
    """The questions of one group, with what is there."""
    page = _read(number, code)
    asked = request.args.get("them", "")
    return _show(page, lay_out(page.indicators), {"open": asked, "typed": {}, "faults": {}, "code": asked})


@agency.post("/<int:number>/muc/<code>")
def send_group(number: int, code: str) -> AnyResponse:
    """Save everything that was changed on the page, then do what the pressed button says."""
    page = _read(number, code)
    verb, _, about = request.form.get("do", "save").partition(":")
    blank, same = (about if verb == one else "" for one in ("blank", "same"))
    changes = read_changes(page.indicators, request.form, blank, same)
    if verb == "theirs":
        changes = _without(changes, page, about)
    saved = _save(number, changes)
    if saved and saved.conflicts:
        return _conflicts(number, code, changes, saved)
    try:
        warned = act(number, verb, about)
    except Refused as refused:
        return _refused(number, code, about.partition(":")[0], refused)
    if warned:
        page = _read(number, code)
        state = {"open": about, "typed": document_of(request.form), "faults": warned, "code": about}
        return _show(page, lay_out(page.indicators), state, 422)
    return redirect(_onward(page, verb, about.partition(":")[0]))


def _save(number: int, changes: list[Change]) -> SavedAnswers | None:
    if not changes:
        return None
    with writing() as session:
        return save_answers(session, person(), number, changes, language=current_language())


def _without(changes: list[Change], page: GroupPage, code: str) -> list[Change]:
    """The changes but for those of one indicator: what the other person saved there stays."""
    keys = {field.key for view in page.indicators if view.code == code for field in view.fields} | {
        key for _, _, key in texts_of(page.indicators) if key.rpartition(":")[2] == code
    }
    return [change for change in changes if change.key not in keys]


def _conflicts(number: int, code: str, changes: list[Change], saved: SavedAnswers) -> Response:
    """The page again, one's own text in the fields, both values shown; the others are saved."""
    page = _read(number, code)
    outcomes = {answer.key: answer for answer in saved.answers}
    typed = {change.key: change.typed for change in changes}
    questions = lay_out(page.indicators, outcomes, typed)
    return _show(page, questions, {"open": "", "typed": {}, "faults": {}, "code": ""}, 409)


def _refused(number: int, code: str, about: str, refused: Refused) -> Response:
    """The page again with the sentence at the field and what was typed there."""
    page, sentence = _read(number, code), refused.sentence(current_language())
    state: dict[str, Any] = {"open": "", "typed": {}, "faults": {}, "code": about}
    verb = request.form.get("do", "").partition(":")[0]
    if verb == "right":
        state |= {"right_typed": request.form.get(f"r.{about}", ""), "right_error": sentence}
    elif verb == "kad":
        state |= {"kad_typed": request.form.get(f"k.{about}", ""), "kad_error": sentence}
    else:
        state |= {"open": about, "typed": document_of(request.form), "faults": faults_of(refused, sentence)}
    return _show(page, lay_out(page.indicators), state, 422)


def _onward(page: GroupPage, verb: str, about: str) -> str:
    """Where a saved page goes on to."""
    number, code = page.head.id, page.line.code
    match verb:
        case "next" if page.next:
            return url_for("agency.group", number=number, code=page.next.code)
        case "next" | "hub":
            return url_for("agency.hub", number=number)
        case "check":
            return url_for("agency.check", number=number)
        case "open":
            return url_for("agency.group", number=number, code=code, them=about, _anchor=f"them-{about}")
        case "save":
            return url_for("agency.group", number=number, code=code, luu=1)
    return url_for("agency.group", number=number, code=code, _anchor=f"cs-{about}")


@agency.post("/<int:number>/luu")
def save(number: int) -> tuple[Response, int]:
    """Save changes sent by the script; 409 where somebody else has changed one of them, the rest is saved.

    Body: {"id": …, "changes": [{"key": …, "typed": …, "seen": …}]}; answer: `_told`. Sent again under the same id (made
    by the script, one a save), it is answered as the first time and done once.
    """
    sent = request.get_json(silent=True)
    changes, save_key = _read_changes(sent), _read_save_key(sent)
    with writing() as session:
        saved = save_answers(session, person(), number, changes, language=current_language(), save_key=save_key)
    return jsonify(_told(saved)), 409 if saved.conflicts else 200


def _read_changes(sent: object) -> list[Change]:
    """The changes of a request. Raises BadRequest for anything that our script does not send."""
    rows = sent.get("changes") if isinstance(sent, dict) else None
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_CHANGES:
        raise BadRequest
    changes = []
    for row in rows:
        match row:
            case {"key": str(key), "typed": str(typed), "seen": int(seen)} if 0 <= seen < 10**9 and len(key) < 200:
                changes.append(Change(key, typed[:LONGEST], seen))
            case _:
                raise BadRequest
    return changes


def _read_save_key(sent: object) -> str:
    """The key of the save; "" for a page that was loaded before there were any. Raises BadRequest."""
    key = sent.get("id", "") if isinstance(sent, dict) else None
    if not isinstance(key, str) or not SAVE_KEY.fullmatch(key):
        raise BadRequest
    return key


def _told(saved: SavedAnswers) -> dict[str, Any]:
    """What the script needs to show: fields, indicators, the group's line, the total; figures as text."""
    return {
        "saved": t("web_fill.saved_at", time=format_time(saved.at)),
        "answers": [_answer(answer) for answer in saved.answers],
        "indicators": [
            {
                "code": one.code,
                "headline": one.headline,
                "because": one.reason.removeprefix(one.headline).strip(),
                "missing": one.missing,
                "faults": [as_fault(sentence) for sentence in one.faults],
                "evidence_missing": one.evidence_missing,
                "evidence_explained": one.evidence_explained,
                "asked": one.asked,
                "people": one.people,
                "questions": one.questions,
                "confirmed": one.confirmed,
            }
            for one in saved.indicators
        ],
        "groups": {one.code: group_points(one) for one in saved.groups},
        "total": total_words(saved.whole),
    }


def _answer(answer: SavedAnswer) -> dict[str, Any]:
    return {
        "key": answer.key,
        "outcome": answer.outcome.value,
        "revision": answer.revision,
        "typed": answer.typed,
        "shown": answer.shown,
        "fault": answer.fault,
        **told_of(answer),
    }
