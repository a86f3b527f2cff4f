"""Accounts: the list with search, and shutting or opening one."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.services.create_account import disable_account, enable_account, list_accounts
from survey.services.errors import NotFound, Refused
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.paging import paginate
from survey.web.session import person
from survey.web.work import reading, writing

admin = Blueprint("admin", __name__, url_prefix="/quan-tri")


@admin.get("/tai-khoan")
def accounts() -> str:
    """Every account by name."""
    return _accounts("")


def _accounts(error: str) -> str:
    search = request.args.get("tim", "")[:200].strip()
    with reading() as session:
        found = list_accounts(session, person(), search)
    page = paginate(found, request.args.get("trang"))
    return render_template("admin/accounts.html", page=page, search=search, error=error)


@admin.post("/tai-khoan/<int:number>/khoa")
def disable(number: int) -> Response | tuple[str, int]:
    """Shut an account; its sessions end at their next request."""
    return _change(number, opening=False)


@admin.post("/tai-khoan/<int:number>/mo")
def enable(number: int) -> Response | tuple[str, int]:
    """Open a disabled account again."""
    return _change(number, opening=True)


def _change(number: int, *, opening: bool) -> Response | tuple[str, int]:
    try:
        with writing() as session:
            (enable_account if opening else disable_account)(session, person(), number)
    except NotFound:
        abort(404)
    except Refused as refused:
        return _accounts(refused.sentence(current_language())), 422
    return with_notice(redirect(url_for("admin.accounts")), "account_opened" if opening else "account_shut")
