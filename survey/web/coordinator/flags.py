"""Nên xem trước: the sent phiếu of a round by the points that hang on their signs, with filters, and as a workbook."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from werkzeug.wrappers import Response

from survey.core.flag_words import flag_name
from survey.core.flags import FlagKind
from survey.core.kinds import kind_name
from survey.services.flag_submission import FlagFilter, FlagList, list_flagged
from survey.services.open_round import find_round
from survey.web.attachment import XLSX
from survey.web.coordinator.board import coordinator
from survey.web.coordinator.results import _download
from survey.web.coordinator.scope import scope_note
from survey.web.language import current_language, words
from survey.web.paging import paginate
from survey.web.session import person
from survey.web.work import reading, writing

PER_PAGE = 20
MOST_CODES = 6  # of one kind of sign in the list; the phiếu's own page has them all
SIGNS = {one.value: one for one in FlagKind}


def asked_filter(asked: Mapping[str, str]) -> FlagFilter:
    """The filter that an address names; what it cannot mean is left out."""
    return FlagFilter(
        search=asked.get("tim", "")[:200].strip(),
        kind=asked.get("khoi", "")[:100],
        cohort=asked.get("nhom", "")[:100],
        sign=SIGNS.get(asked.get("dau-hieu", "")),
    )


def filter_fields(narrow: FlagFilter) -> dict[str, str]:
    """A filter as an address carries it."""
    sign = narrow.sign.value if narrow.sign else ""
    fields = {"tim": narrow.search, "khoi": narrow.kind, "nhom": narrow.cohort, "dau-hieu": sign}
    return {name: value for name, value in fields.items() if value}


@coordinator.get("/dot/<code>/nen-xem")
def flags(code: str) -> str:
    """The phiếu that are worth a look first."""
    narrow, language = asked_filter(request.args), current_language()
    with reading() as session:
        found = list_flagged(session, person(), find_round(session, code).id, narrow, language=language)
    return render_template(
        "coordinator/flags.html",
        found=found, page=paginate(found.rows, request.args.get("trang"), PER_PAGE), narrow=narrow,
        args=filter_fields(narrow), options=_options(found), most=MOST_CODES, flag_name=_name,
        scope=scope_note(person()),
    )  # fmt: skip


def _name(kind: FlagKind) -> str:
    return flag_name(kind, current_language())


def _options(found: FlagList) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers."""
    return {
        "kind": [(code, kind_name(code, current_language())) for code in found.kinds],
        "cohort": [(code, words(name)) for code, name in found.cohorts],
        "sign": [(one.value, _name(one)) for one in FlagKind],
    }


@coordinator.get("/dot/<code>/nen-xem.xlsx")
def flag_file(code: str) -> Response:
    """The list as filtered, a line a sign, as a workbook."""
    from survey.services.make_flag_file import make_flag_file

    with writing() as session:
        found = find_round(session, code)
        narrow = asked_filter(request.args)
        content = make_flag_file(session, person(), found.id, narrow, language=current_language())
    return _download(content, XLSX, "nen-xem-truoc.xlsx")
