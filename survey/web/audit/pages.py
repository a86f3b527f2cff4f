"""Nhật ký: who did what and when, searched and taken away, by those who may read it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

from flask import Blueprint, Response, render_template, request

from survey.core.answers import clean_text
from survey.core.numbers_vi import format_date, format_time, parse_date
from survey.core.score_table import as_text_cell
from survey.services.audit import take_pin
from survey.services.instance import system_clock
from survey.services.note_access import note_export
from survey.services.search_log import MOST_TAKEN, LogFilter, LogLine, search_log, take_log
from survey.web.access import OVERVIEW
from survey.web.history import kind_label, shown, tell
from survey.web.language import t
from survey.web.session import person
from survey.web.work import reading, writing

log = Blueprint("log", __name__)

LONGEST = 100  # characters of anything that is looked for
FIELDS = ("nguoi", "viec", "loai", "don-vi", "tu", "den", "chua")
PARTS = ("evidence", "note", "unproven", "place", "kad")  # of an indicator, as the keys of changes call them
NOTHING = "–"
COLUMNS = ("at", "by", "did", "body", "round", "area", "number", "data", "hash")


@log.get("/nhat-ky")
def search() -> str:
    """A page of the log, narrowed to what the address asks for."""
    asked, faults = _asked()
    typed = {name: _typed(name) for name in FIELDS}
    with reading() as session:
        found = search_log(session, person(), asked)
    kept = {name: value for name, value in typed.items() if value}
    kinds = sorted(((kind, kind_label(kind)) for kind in found.kinds), key=lambda pair: pair[1].casefold())
    return render_template(
        "audit/log.html", found=found, asked=asked, kept=kept, faults=faults, kinds=kinds,
        areas=[(area, t(f"web_log.area_{area}")) for area in found.areas],
        may_open=any(person().has(role) for role in OVERVIEW),
        lines=[(line, tell(line.event), _changes(line)) for line in found.lines],
        typed=typed,
    )  # fmt: skip


@log.get("/nhat-ky.csv")
def take() -> Response:
    """The same as a file for spreadsheets, with the code of the log at its end; that it was taken is told too."""
    asked, _ = _asked()
    with reading() as session:
        pin = take_pin(session)
        lines = [_row(line) for line in take_log(session, person(), asked)]
    with writing() as session:
        note_export(session, person(), "log", pin=pin, lines=len(lines))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([t(f"web_log.column_{name}") for name in COLUMNS])
    writer.writerows([as_text_cell(cell) for cell in line] for line in lines)
    if len(lines) == MOST_TAKEN:
        writer.writerow([t("web_log.cut", most=MOST_TAKEN)])
    writer.writerow([t("web_log.head"), pin.head])
    name = f"nhat-ky-{system_clock():%Y%m%d}.csv"
    answer = Response(out.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _row(line: LogLine) -> tuple[str, ...]:
    """One event as cells."""
    event = line.event
    return (
        f"{format_date(event.at)} {format_time(event.at)}",
        event.by or t("web_history.system"),
        tell(event),
        line.body,
        line.round,
        event.stream,
        str(event.number),
        json.dumps(dict(event.data), ensure_ascii=False, sort_keys=True),
        event.hash,
    )


def _asked() -> tuple[LogFilter, list[tuple[str, str]]]:
    """What the address asks for, and a sentence for each day that is none."""
    typed = {name: _typed(name) for name in (*FIELDS, "truoc", "sau")}
    days: dict[str, date | None] = {}
    faults = []
    for name in ("tu", "den"):
        days[name] = parse_date(typed[name])
        if typed[name] and days[name] is None:
            faults.append((name, t("web_log.no_day", typed=typed[name])))
    asked = LogFilter(
        person=typed["nguoi"], kind=typed["viec"], area=typed["loai"], body=typed["don-vi"], text=typed["chua"],
        since=days["tu"], until=days["den"], before=_number(typed["truoc"]), after=_number(typed["sau"]),
    )  # fmt: skip
    return asked, faults


def _typed(name: str) -> str:
    return clean_text(request.args.get(name, "")[:LONGEST]).strip()


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def _changes(line: LogLine) -> list[tuple[str, str, str]]:
    """(what, before, after) of an event that tells of changes."""
    changes = line.event.data.get("changes")
    if not isinstance(changes, dict):
        return []
    told = []
    for code, pair in changes.items():
        before, after = pair if isinstance(pair, list) and len(pair) == 2 else ("", pair)
        told.append((_part(str(code)), _value(before), _value(after)))
    return told


def _part(code: str) -> str:
    """What changed: the code of a figure, or which part of an indicator."""
    part, indicator = code.partition(":")[0] if ":" in code else "", code.rpartition(":")[2]
    return t(f"web_log.part_{part}", code=indicator) if part in PARTS else code


def _value(side: object) -> str:
    """One side of a change in words: the value first, then what is kept beside it."""
    if isinstance(side, dict):
        rest = [side[name] for name in sorted(side) if name != "value"]
        side = " · ".join(said for one in (side.get("value"), *rest) if (said := _value(one)) != NOTHING)
    if isinstance(side, list):
        side = ", ".join(str(one) for one in side)
    return shown(side) or NOTHING
