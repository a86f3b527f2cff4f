"""Writing everything a round reports into a folder: the summary workbook, then each chart with its table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from survey.core.result_file import ENDING
from survey.core.score_table import as_text_cell
from survey.services.instance import Clock, Session, system_clock
from survey.services.make_result import result_of_round
from survey.services.open_round import named_round
from survey.services.round_data import round_data
from survey.services.score_file import write_whole

if TYPE_CHECKING:
    from reports.charts.chart import Chart

INDEX = "charts.json"  # titles and alternative texts, by the name of the chart's files


def write_reports(
    session: Session,
    code: str,
    folder: Path,
    *,
    language: str = "vi",
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    clock: Clock = system_clock,
) -> Iterator[Path]:
    """Write the summary and the result file, .svg, .png and .csv of every chart and INDEX; yields each once written.

    All show one snapshot. Raises Refused for an unknown round, OSError where the folder cannot be written.
    """
    from reports.charts.round_charts import round_charts
    from reports.excel.workbook import summary_workbook

    found = named_round(session, code)
    data = round_data(session, found.id, language=language, clock=clock)
    total = 2 + 2 * len({cohort.code for result in data.results for cohort in result.cohorts})
    workbook = folder / f"summary-{data.code}.xlsx"
    write_whole(workbook, summary_workbook(data, language))
    yield workbook
    index: dict[str, dict[str, str]] = {}
    for done, chart in enumerate(round_charts(data, language), start=1):
        progress(done, total)
        yield from _write_chart(folder, chart)
        index[chart.name] = {"title": chart.title, "alternative": chart.alternative}
    result = folder / f"result-{data.code}{ENDING}"
    if content := result_of_round(session, found.id, clock=clock):
        write_whole(result, content)
        yield result
    write_whole(folder / INDEX, (json.dumps(index, ensure_ascii=False, indent=1) + "\n").encode())
    progress(total, total)
    yield folder / INDEX


def _write_chart(folder: Path, chart: Chart) -> Iterator[Path]:
    """The pictures (none where there is nothing to draw) and the table behind them, for spreadsheets with a BOM."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(chart.table.columns)
    writer.writerows([as_text_cell(cell) for cell in row] for row in chart.table.rows)
    contents = (("svg", chart.svg), ("png", chart.png), ("csv", table.getvalue().encode("utf-8-sig")))
    for ending, content in contents:
        if content is not None:
            file = folder / f"{chart.name}.{ending}"
            write_whole(file, content)
            yield file
