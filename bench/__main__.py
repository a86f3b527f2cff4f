"""`python -m bench`: every measurement as a table; `python -m bench PART …` is one of them in its own process."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import workbooks
from bench.measure import in_own_process, line, tell
from bench.missing import measure_missing, print_missing
from bench.pages import measure_pages, print_pages
from bench.ranking import measure_ranking, print_ranking
from bench.rounds import made_up
from bench.saves import measure_saves, print_saves
from bench.weights import measure_weights, print_weights
from bench.wide import AGENCIES, INDICATORS, measure_copy, measure_wide
from reports.excel.workbook import summary_workbook
from survey.core.scoring import score


def scoring(size: str) -> None:
    """Score a made-up round from its answers."""
    data = made_up(int(size))
    tell(lambda: [score(result.questionnaire, result.cases) for result in data.results])


def copying(size: str) -> None:
    """The baseline of scoring: read every answer once and put it into a list."""
    data = made_up(int(size))
    tell(lambda: [[list(case.values.items()) for case in result.cases] for result in data.results])


def workbook(size: str) -> None:
    """Write the summary of a made-up round."""
    data = made_up(int(size))
    tell(lambda: summary_workbook(data), repeats=1)


def keep_cells(size: str, path: str) -> None:
    """Keep the cells of that workbook for the next part."""
    count = workbooks.keep_cells(summary_workbook(made_up(int(size))), Path(path))
    tell(lambda: None, cells=count)


def bare_workbook(path: str) -> None:
    """Write the kept cells by bare openpyxl."""
    cells = pickle.loads(Path(path).read_bytes())  # noqa: S301 made by the part before
    tell(lambda: workbooks.bare(cells), repeats=1)


PARTS: dict[str, Callable[..., None]] = {
    part.__name__: part
    for part in (
        scoring, copying, workbook, keep_cells, bare_workbook, measure_pages, measure_missing, measure_weights,
        measure_copy, measure_wide, measure_ranking, measure_saves,
    )
}  # fmt: skip


def every() -> None:
    """Measure all and print the table."""
    for size in ("408", "3321"):
        base = in_own_process("copying", size)
        line(f"reading every answer of {size} bodies once", base)
        line(f"scoring {size} bodies", in_own_process("scoring", size), base)
        with TemporaryDirectory() as folder:
            kept = f"{folder}/cells"
            count = in_own_process("keep_cells", size, kept).result["cells"]
            base = in_own_process("bare_workbook", kept)
        line(f"bare openpyxl, {count:,.0f} styled cells of {size} bodies", base)
        line(f"summary workbook of {size} bodies", in_own_process("workbook", size), base)
    base = in_own_process("measure_copy")
    line(f"copying {AGENCIES:,} × {INDICATORS} float64", base)
    line(f"scoring {AGENCIES:,} bodies × {INDICATORS} indicators in columns", in_own_process("measure_wide"), base)
    print_ranking(in_own_process("measure_ranking"))
    print_pages(in_own_process("measure_pages"))
    print_missing(in_own_process("measure_missing"))
    print_weights(in_own_process("measure_weights"))
    for kind in ("SQLite", "PostgreSQL"):
        print_saves(kind, in_own_process("measure_saves", kind))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        PARTS[sys.argv[1]](*sys.argv[2:])
    else:
        every()
