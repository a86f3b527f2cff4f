"""The register of bodies: the list with its filters, one body with its past, the whole as a file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from survey.core.workflow import Role
from survey.services.agency_effect import maximum_now
from survey.services.export_agencies import export_csv, export_workbook
from survey.services.read_register import CLOSED, OPEN, RegisterFilter, list_agencies, read_agency
from survey.services.register_words import RegisterWords, register_words
from survey.web.attachment import XLSX
from survey.web.language import current_language, t
from survey.web.paging import paginate
from survey.web.session import person
from survey.web.work import reading, writing

registry = Blueprint("register", __name__, url_prefix="/quan-tri")

FILTERS = {"tim": "search", "khoi": "kind", "nhom": "cohort", "loai": "type", "tinh-trang": "state"}
"""Names in the address → fields of the filter."""


@registry.get("/don-vi")
def agencies() -> str:
    """The bodies that the person sees, narrowed."""
    narrow = asked_filter()
    with reading() as session:
        found = list_agencies(session, person(), narrow)
        words = register_words(session)
        total = len(found) if narrow == RegisterFilter() else len(list_agencies(session, person()))
    args = {key: value for key, value in request.args.items() if key in FILTERS and value}
    return render_template(
        "admin/agencies.html", page=paginate(found, request.args.get("trang")), narrow=narrow, args=args, total=total,
        register=words, options=_options(words), may_change=may_change(), every=_sees_every(),
    )  # fmt: skip


def asked_filter() -> RegisterFilter:
    """The filter that the address names; what it cannot mean finds nothing."""
    return RegisterFilter(**{field: request.args.get(name, "")[:200].strip() for name, field in FILTERS.items()})


def _options(words: RegisterWords) -> dict[str, list[tuple[str, str]]]:
    language = current_language()
    options = {field: words.options(field, language) for field in ("kind", "cohort", "type")}
    return options | {"state": [(OPEN, t("registry.open")), (CLOSED, t("registry.closed"))]}


def may_change() -> bool:
    """Whether the person keeps the register."""
    return person().has(Role.ADMINISTRATOR)


def _sees_every() -> bool:
    return may_change() or person().readable_kinds is None


@registry.get("/don-vi/<code>")
def agency(code: str) -> str:
    """One body: what it is, whom to ask, what hangs on it, what happened to it."""
    with reading() as session:
        found = read_agency(session, person(), code)
        words = register_words(session)
        maximum = maximum_now(session, found.agency.values)
    return render_template(
        "admin/agency.html", body=found.agency, found=found, register=words, maximum=maximum, may_change=may_change(),
    )  # fmt: skip


@registry.get("/danh-muc-don-vi.<any(xlsx, csv):form>")
def export(form: str) -> Response:
    """The bodies of the list as a file that can be taken in again."""
    with writing() as session:
        make = export_workbook if form == "xlsx" else export_csv
        content = make(session, person(), asked_filter(), language=current_language())
    answer = Response(content, mimetype=XLSX if form == "xlsx" else "text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="danh-muc-don-vi.{form}"'
    return answer
