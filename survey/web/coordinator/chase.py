"""Every morning: the chase list with its filters, its file, and writing reminders to the bodies chosen in it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.kinds import kind_name
from survey.core.workflow import Role, RoundState
from survey.services.chase import Chased, ChaseList, Order, list_chased
from survey.services.errors import Refused
from survey.services.instance import Session
from survey.services.open_round import find_round
from survey.services.outbox import mail_is_on
from survey.services.remind import Channel, Draft, draft_reminder, fill_in, send_reminders
from survey.services.submission_views import RoundRef
from survey.web.attachment import XLSX
from survey.web.coordinator.board import coordinator
from survey.web.coordinator.picked import asked_filter, filter_fields, picked
from survey.web.coordinator.results import _download
from survey.web.coordinator.round_forms import typed
from survey.web.language import current_language, t, words
from survey.web.notices import with_notice
from survey.web.paging import paginate
from survey.web.session import person
from survey.web.work import instance, reading, writing

PER_PAGE = 100
CHIPS = {"overdue": "bad", "returned": "fix", "awaiting_approval": "wait", "filling": "doing", "not_started": "none"}
CHANNELS = {one.value: one for one in Channel}


@coordinator.get("/dot/<code>/don-doc")
def chase(code: str) -> str:
    """Those who have not sent: whom to call, what is missing, how often they were reminded."""
    narrow = asked_filter(request.args)
    with reading() as session:
        found = list_chased(session, person(), find_round(session, code).id, narrow)
    printed = request.args.get("in") == "1"
    page = paginate(
        found.rows,
        None if printed else request.args.get("trang"),
        max(len(found.rows), PER_PAGE) if printed else PER_PAGE,
    )
    return render_template(
        "coordinator/chase.html",
        found=found, page=page, narrow=narrow, args=filter_fields(narrow), printed=printed, chips=CHIPS,
        states=tuple(Chased), options=_options(found), grouped=narrow.order is Order.PARENT,
        may=person().has(Role.COORDINATOR) and found.round.state is RoundState.OPEN,
    )  # fmt: skip


def _options(found: ChaseList) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers."""
    language = current_language()
    return {
        "state": [(one.value, t(f"web_chase.{one.value}")) for one in Chased],
        "parent": [
            (name, t("web_chase.parent_option", name=name, count=count)) for name, count in found.parents if name
        ],
        "cohort": [(code, words(name)) for code, name in found.cohorts],
        "kind": [(code, kind_name(code, language)) for code in found.kinds],
        "order": [(one.value, t(f"web_chase.order_{one.value}")) for one in Order],
    }


@coordinator.get("/dot/<code>/don-doc.xlsx")
def chase_file(code: str) -> Response:
    """The list as filtered, as a workbook."""
    from survey.services.make_chase_file import make_chase_file

    with writing() as session:
        found = find_round(session, code)
        narrow = asked_filter(request.args)
        content = make_chase_file(session, person(), found.id, narrow, language=current_language())
    return _download(content, XLSX, "don-doc.xlsx")


@coordinator.post("/dot/<code>/don-doc/soan")
def compose(code: str) -> str | tuple[str, int]:
    """The text of a reminder to those chosen, to be changed and looked at before it goes out."""
    with reading() as session:
        found = find_round(session, code)
        mail_on = mail_is_on(session, instance().config)
        channel = _channel(mail_on)
        try:
            draft = _draft(session, found, channel)
        except Refused as refused:
            return _nobody(found, refused), 422
    return _compose(found, draft, mail_on, {})


def _channel(mail_on: bool) -> Channel:
    return CHANNELS.get(typed("kenh"), Channel.MAIL if mail_on else Channel.DISPATCH)


def _draft(session: Session, found: RoundRef, channel: Channel) -> Draft:
    address = url_for("public.start", _external=True)
    return draft_reminder(session, person(), found.id, picked(session, found.id), channel, address=address)


def _nobody(found: RoundRef, refused: Refused) -> str:
    return render_template("coordinator/compose_none.html", round=found, error=refused.sentence(current_language()))


def _compose(found: RoundRef, draft: Draft, mail_on: bool, faults: dict[str, str]) -> str:
    kept = request.form.get("giu") == draft.channel.value  # what was typed for this channel, not for another
    text = request.form.get("text", "").replace("\r\n", "\n") if kept else draft.text
    subject = typed("subject") if kept else draft.subject
    first = next((row for row in draft.rows if row.has_mail), draft.rows[0])
    return render_template(
        "coordinator/compose.html",
        round=found, draft=draft, mail_on=mail_on, faults=faults, subject=subject, text=text, first=first,
        preview=(fill_in(subject, first, found), fill_in(text, first, found)), channels=tuple(Channel),
        is_open=found.state is RoundState.OPEN,
    )  # fmt: skip


@coordinator.post("/dot/<code>/don-doc/gui")
def remind(code: str) -> Response | tuple[str, int]:
    """Send the mails, or note that the text went out."""
    with reading() as session:
        found = find_round(session, code)
        mail_on = mail_is_on(session, instance().config)
        channel, ids = _channel(mail_on), picked(session, found.id)
    try:
        with writing() as session:
            if channel is Channel.MAIL and not mail_on:
                raise Refused("chase.mail_off", "text")
            text = request.form.get("text", "").replace("\r\n", "\n")
            send_reminders(session, person(), found.id, ids, channel, typed("subject"), text)
    except Refused as refused:
        return _again(found, channel, mail_on, refused), 422
    said = "mailed" if channel is Channel.MAIL else "reminded"
    return with_notice(redirect(url_for("coordinator.chase", code=code)), said)


def _again(found: RoundRef, channel: Channel, mail_on: bool, refused: Refused) -> str:
    """The text as it was typed, with what is wrong; where nobody is left to be reminded, that."""
    with reading() as session:
        try:
            draft = _draft(session, found, channel)
        except Refused as nobody:
            return _nobody(found, nobody)
    return _compose(found, draft, mail_on, refused.by_field(current_language()))
