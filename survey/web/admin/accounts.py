"""Accounts: the list with search and filters, the address book, and making one."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from survey.core.characters import clean_text
from survey.core.kinds import KINDS, kind_name
from survey.core.workflow import BODY_ROLES, Role
from survey.services.account_fields import propose_login
from survey.services.create_account import Serves, create_account
from survey.services.errors import Refused
from survey.services.instance import Session, system_clock
from survey.services.list_accounts import AccountFilter, AccountState, all_logins, list_accounts, login_of_person
from survey.services.make_address_book import AccountsBook, gather_address_book, make_workbook
from survey.services.outbox import mail_is_on
from survey.services.serve_bodies import BodyChoice, bodies_to_serve
from survey.web.admin.rights_form import RightsForm, rights_choices
from survey.web.attachment import XLSX
from survey.web.language import current_language, t
from survey.web.links import public_address
from survey.web.notices import with_notice
from survey.web.paging import paginate
from survey.web.session import person
from survey.web.work import instance, reading, writing

admin = Blueprint("admin", __name__, url_prefix="/quan-tri")

LONGEST = 300  # characters of a control that are looked at
LOCKED = "locked"  # the choice beside the states: names locked by wrong tries
DETAILS = ("name", "login", "email", "phone", "title", "agency")


def posted(name: str) -> str:
    """A control of the form, without blanks around and what no reader sees."""
    return clean_text(request.form.get(name, "")[:LONGEST]).strip()


def asked_filter() -> AccountFilter:
    """What the address narrows the list to; what it cannot mean is left out."""
    role, state = request.args.get("vai-tro", ""), request.args.get("tinh-trang", "")
    return AccountFilter(
        search=clean_text(request.args.get("tim", "")[:200]).strip(),
        role=Role(role) if role in set(Role) else None,
        kind=request.args.get("khoi", "")[:40] if request.args.get("khoi") in KINDS else "",
        state=AccountState(state) if state in set(AccountState) else None,
        locked=state == LOCKED,
    )


def filter_args(narrow: AccountFilter) -> dict[str, Any]:
    """The filter as it stands in an address."""
    found = {
        "tim": narrow.search,
        "vai-tro": narrow.role.value if narrow.role else "",
        "khoi": narrow.kind,
        "tinh-trang": asked_state(narrow),
    }
    return {name: value for name, value in found.items() if value}


def asked_state(narrow: AccountFilter) -> str:
    """The choice of the control for the state."""
    return LOCKED if narrow.locked else narrow.state.value if narrow.state else ""


def filter_choices() -> dict[str, list[tuple[str, str]]]:
    """What the filters offer."""
    return {
        "roles": [(role.value, t(f"web.role_{role.value}")) for role in Role],
        "kinds": [(kind, kind_name(kind, current_language())) for kind in KINDS],
        "states": [(state, t(f"web_accounts.state_{state}")) for state in (*map(str, AccountState), LOCKED)],
    }


@admin.get("/tai-khoan")
def accounts() -> str:
    """Accounts by name."""
    narrow = asked_filter()
    with reading() as session:
        found = list_accounts(session, person(), "", narrow)
    page = paginate(found, request.args.get("trang"))
    args = filter_args(narrow)
    return render_template("admin/accounts.html", page=page, narrow=narrow, args=args, **filter_choices())


@admin.get("/tai-khoan/danh-ba.xlsx")
def address_book() -> Response:
    """Everybody with the ways to reach them, as a workbook that the import takes back."""
    with writing() as session:  # which tells the log
        book = gather_address_book(session, person(), language=current_language())
    return workbook(book, t("web_accounts.book_file"))


def workbook(book: AccountsBook, name: str) -> Response:
    """A workbook to be kept, dated."""
    content = make_workbook(book, current_language())
    dated = f"{name}-{system_clock():%Y%m%d}.xlsx"
    return send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=dated)


@admin.route("/tai-khoan/tao", methods=["GET", "POST"])
def new_account() -> str | Response | tuple[str, int]:
    """Make an account; how its person is invited is chosen on its page."""
    if request.method == "GET":
        return _new_page({}, {}, RightsForm())
    typed = {name: posted(name) for name in DETAILS}
    typed["roles"] = ";".join(role for role in request.form.getlist("does") if role in set(BODY_ROLES))
    rights = RightsForm.read(request.form)
    errors = rights.errors()
    if bool(typed["agency"]) != bool(typed["roles"]):
        errors["agency" if typed["roles"] else "does"] = t("web_accounts.body_and_role")
    if not typed["agency"] and not rights.roles:
        errors["agency"] = t("web_accounts.needs_work")
    if not errors:
        try:
            with writing() as session:
                number = _create(session, typed, rights)
            return with_notice(redirect(url_for("admin.account", number=number)), "account_made")
        except Refused as refused:
            places = {"serves": "agency", "account": "name"}
            errors = {places.get(at, at): said for at, said in refused.by_field(current_language()).items()}
    return _new_page(typed, errors, rights), 422


def _create(session: Session, typed: dict[str, str], rights: RightsForm) -> int:
    login = typed["login"]
    known = login_of_person(session, typed["name"], typed["email"])
    if known:
        raise Refused("accounts.person_known", "email", login=known)
    if not login:
        names = {one.code: one.name for one in bodies_to_serve(session)}
        body = (typed["agency"], names.get(typed["agency"], ""))
        login = propose_login(typed["name"], body, names, all_logins(session))
    serves = [Serves(typed["agency"], Role(role), typed["title"]) for role in typed["roles"].split(";") if role]
    return create_account(
        session, login=login, name=typed["name"], password=None, email=typed["email"], phone=typed["phone"],
        roles=rights.roles, serves=serves, kinds=rights.checked(session), by=person(),
    )  # fmt: skip


def _new_page(typed: dict[str, str], errors: dict[str, str], rights: RightsForm) -> str:
    with reading() as session:
        bodies = body_options(bodies_to_serve(session))
    return render_template(
        "admin/account_new.html", typed=typed, errors=errors, rights=rights, bodies=bodies, **rights_choices(),
    )  # fmt: skip


def body_options(bodies: tuple[BodyChoice, ...]) -> list[tuple[str, str]]:
    """Bodies for a select, each with its code behind its name."""
    return [("", t("web_accounts.choose_body")), *((one.code, f"{one.name} ({one.code})") for one in bodies)]


def mail_offered(session: Session) -> bool:
    """Whether invitations may go by mail: there is a server, and an address that its links can begin with."""
    return public_address() is not None and mail_is_on(session, instance().config)
