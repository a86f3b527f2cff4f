"""Results of a round: the ranking of each cohort with its heat table, charts, and the summary workbook."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.services.audit import take_pin
from survey.services.follow_progress import ProgressFilter, follow_progress
from survey.services.note_access import note_export
from survey.services.open_round import find_round
from survey.services.rank_cohort import Ranking, rank_cohort
from survey.services.round_scope import CohortTotals
from survey.services.submission_views import RoundRef
from survey.web.attachment import XLSX
from survey.web.coordinator.board import coordinator
from survey.web.language import current_language, t, words
from survey.web.session import person
from survey.web.work import reading, writing

TAKEN = "tai"  # in the address of a chart that is taken away as a file
CHART_KINDS = {"svg": "image/svg+xml", "png": "image/png"}
HEAT_STEPS = (75, 50, 25)  # per cent of a group's maximum: where the next darker colour begins, exclusive


def heat(share: float | None) -> int:
    """The colour step of a share: 4 darkest … 1 lightest, 0 where it does not apply."""
    if share is None:
        return 0
    return next((4 - index for index, limit in enumerate(HEAT_STEPS) if share * 100 > limit), 1)


@coordinator.get("/dot/<code>/xep-hang")
def ranking(code: str) -> str:
    """The ranking of one cohort; the cohort with most bodies sent where none is asked for."""
    with reading() as session:
        found = find_round(session, code)
        cohorts = _whole(follow_progress(session, person(), found.id, ProgressFilter(per_page=1)).cohorts)
        ranked = rank_cohort(session, person(), found.id, _chosen(cohorts)) if cohorts else None
    return render_template(
        "coordinator/ranking.html",
        round=found, cohorts=_options(cohorts), ranked=ranked, finding=_finding(ranked), heat=heat,
    )  # fmt: skip


def _whole(cohorts: tuple[CohortTotals, ...]) -> tuple[CohortTotals, ...]:
    """The cohorts that the person may see ranked; a foreign one that the address asks for is as missing as none."""
    whole = tuple(cohort for cohort in cohorts if cohort.whole)
    if "nhom" in request.args and request.args["nhom"] not in {cohort.code for cohort in whole}:
        abort(404)
    return whole


def _chosen(cohorts: tuple[CohortTotals, ...]) -> str:
    asked = request.args.get("nhom", "")
    return asked or max(cohorts, key=lambda cohort: cohort.sent).code if cohorts else ""


def _options(cohorts: tuple[CohortTotals, ...]) -> list[tuple[str, str]]:
    return [(cohort.code, f"{words(cohort.name)} ({cohort.sent}/{cohort.total})") for cohort in cohorts]


def _finding(ranked: Ranking | None) -> str:
    """The strongest and the weakest group of a cohort, as the title of its heat table."""
    if ranked is None or not ranked.rows:
        return t("web_ranking.none_enough" if ranked is not None and ranked.lacking else "web_ranking.none")
    means: dict[str, float] = {}
    for code, _name, _short in ranked.groups:
        shares = [share for row in ranked.rows if (share := row.groups[code]) is not None]
        if shares:
            means[code] = sum(shares) / len(shares)
    names = {code: words(short) for code, _name, short in ranked.groups}
    strong, weak = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    return t("web_ranking.finding", cohort=words(ranked.cohort.name), strong=names[strong], weak=names[weak])


@coordinator.get("/dot/<code>/bieu-do")
def charts(code: str) -> str:
    """The charts of one cohort, each with its table and alternative text."""
    from survey.services.make_charts import list_charts

    with reading() as session:
        found = find_round(session, code)
        cohorts = _whole(follow_progress(session, person(), found.id, ProgressFilter(per_page=1)).cohorts)
        drawn = (
            list_charts(session, person(), found.id, _chosen(cohorts), language=current_language()) if cohorts else ()
        )
    return render_template(
        "coordinator/charts.html", round=found, cohorts=_options(cohorts), charts=drawn, chosen=_chosen(cohorts)
    )


@coordinator.get("/dot/<code>/bieu-do/<cohort>/<name>.<any(svg, png):kind>")
def chart(code: str, cohort: str, name: str, kind: Literal["svg", "png"]) -> AnyResponse:
    """One chart as a picture on the page, or as a file to take away, which the log tells."""
    from survey.services.make_charts import draw_chart

    with reading() as session:
        found = find_round(session, code)
        content = draw_chart(session, person(), found.id, cohort, name, kind, language=current_language())
        pin = take_pin(session) if TAKEN in request.args else None
    answer = Response(content, mimetype=CHART_KINDS[kind])
    if pin is None:
        return answer
    with writing() as session:
        note_export(session, person(), "chart", pin=pin, round=code, cohort=cohort, name=f"{name}.{kind}")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{_plain(found)}.{kind}"'
    return answer


@coordinator.get("/dot/<code>/tong-hop.xlsx")
def workbook(code: str) -> AnyResponse:
    """The summary workbook of the round as it stands; that it was taken is told in the log."""
    from survey.services.make_workbook import make_workbook

    with reading() as session:
        found = find_round(session, code)
        content = make_workbook(session, person(), found.id, language=current_language())
        pin = take_pin(session)  # of the same snapshot: its head is printed on the first sheet
    with writing() as session:
        note_export(session, person(), "workbook", pin=pin, round=code)
    return _download(content, XLSX, f"tong-hop-{_plain(found)}.xlsx")


@coordinator.get("/dot/<code>/ket-qua.result.json")
def result_file(code: str) -> AnyResponse:
    """The result of the round as a file that `sansangso verify-result` recomputes; taking it is told in the log."""
    from survey.services.make_result import make_result

    with reading() as session:
        found = find_round(session, code)
        content = make_result(session, person(), found.id)
        pin = take_pin(session)  # of the same snapshot: its head stands in the file
    if not content:  # of whom they see totals alone there is no figure to recompute: the ranking says so
        return redirect(url_for("coordinator.ranking", code=code))
    with writing() as session:
        note_export(session, person(), "result", pin=pin, round=code, sha256=sha256(content).hexdigest())
    return _download(content, "application/json", f"ket-qua-{_plain(found)}.result.json")


def _plain(found: RoundRef) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in found.code)


def _download(content: bytes, kind: str, name: str) -> Response:
    if not content:
        abort(404)
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
