"""Charts: the finding is the title, the table has every figure, the picture has every name, bytes are reproducible."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from reports.charts.chart import Chart
from reports.charts.names import shared_beginning, without_beginning
from reports.charts.ranked_bars import ranked_bars
from reports.charts.round_charts import cohort_charts, draw_one, round_charts
from reports.data import AgencyRow, RoundData
from reports.standing import blocks
from survey.core.workflow import SubmissionState
from tests.reports import rounds

COHORT = "every-kind-1"


@pytest.fixture(scope="module")
def data() -> RoundData:
    return rounds.small_round()


@pytest.fixture(scope="module")
def charts(data: RoundData) -> dict[str, Chart]:
    return {chart.name: chart for chart in round_charts(data, formats=("svg",))}


def texts(chart: Chart) -> list[str]:
    """Every text of the picture, and that it is well-formed."""
    assert chart.svg is not None
    root = ET.fromstring(chart.svg)  # noqa: S314  # our own
    return ["".join(part.itertext()) for part in root.iter("{http://www.w3.org/2000/svg}text")]


def test_a_round_has_levels_and_for_each_cohort_ranking_and_heat_map(charts: dict[str, Chart]) -> None:
    assert list(charts) == [
        "levels",
        *(f"{kind}-every-kind-every-kind-{place}" for place in (1, 2) for kind in ("ranking", "groups")),
        "ranking-two-groups-two-groups-1",
        "groups-two-groups-two-groups-1",
    ]


def test_the_ranking_tells_who_leads_and_how_many_have_sent(data: RoundData, charts: dict[str, Chart]) -> None:
    members = blocks(data)[0].by_cohort[data.results[0].cohorts[0]]
    (leader,) = (standing for standing in members if standing.rank == 1)
    sent = sum(standing.row.sent for standing in members)
    title = charts[f"ranking-every-kind-{COHORT}"].title
    assert title.startswith(f"Nhóm 1 của every-kind: {sent}/14 đơn vị đã gửi; dẫn đầu là {leader.row.name} (")


@pytest.mark.parametrize(("tied", "words"), [(2, "cùng dẫn đầu là Sở 0 và Sở 1 ("), (3, "3 đơn vị cùng dẫn đầu (")])
def test_those_who_lead_together_are_named_together(data: RoundData, tied: int, words: str) -> None:
    first = data.results[0]
    best = max(zip(first.scores.rate_published, first.cases, strict=True), key=lambda pair: pair[0])[1]
    rows = [AgencyRow(f"S{place}", f"Sở {place}", first.cohorts[0]) for place in range(5)]
    cases = [
        replace(best, agency=row.code, values=best.values if place < tied else {}) for place, row in enumerate(rows)
    ]
    chart = next(cohort_charts(replace(data, results=(rounds.scored(first.questionnaire, rows, cases),)), COHORT))
    assert words in chart.title


def test_bars_and_table_show_everyone_who_has_sent_with_their_rate(data: RoundData, charts: dict[str, Chart]) -> None:
    chart = charts[f"ranking-every-kind-{COHORT}"]
    block = blocks(data)[0]
    ranked = [s for s in block.by_cohort[block.result.cohorts[0]] if s.rank]
    assert [row[0] for row in chart.table.rows] == [str(standing.rank) for standing in ranked]
    shown = texts(chart)
    assert all(row[4] in shown for row in chart.table.rows)
    assert chart.title in chart.alternative


def test_each_cell_of_the_heat_map_carries_its_number(charts: dict[str, Chart]) -> None:
    chart = charts[f"groups-every-kind-{COHORT}"]
    shown = texts(chart)
    for row in chart.table.rows:
        for number in row[2:-1]:
            shown.remove(number)  # each as often as the table has it
    assert "cao nhất" in chart.title
    assert "thấp nhất" in chart.title


def test_names_that_look_like_formulas_of_a_typesetter_are_drawn_as_they_are(data: RoundData) -> None:
    first = data.results[0]
    rows = tuple(replace(row, name=f"$\\frac{{{place}$ & <b>") for place, row in enumerate(first.agencies))
    odd = replace(data, results=(replace(first, agencies=rows),))
    chart = next(cohort_charts(odd, COHORT, formats=("svg", "png")))
    assert any(text.startswith("$\\frac{") for text in texts(chart))
    assert chart.png
    assert chart.png.startswith(b"\x89PNG")


def test_every_picture_says_whose_figures_it_shows_and_how_far_they_go(
    data: RoundData, charts: dict[str, Chart]
) -> None:
    for chart in charts.values():
        whole = " ".join(texts(chart))
        assert "chưa thẩm định" in whole
        assert f"tạm tính đến 23/11/2026 09:15 – {data.sent}/29" in whole
        assert "(QĐ 5279)" in whole


def test_the_same_figures_make_the_same_bytes(data: RoundData) -> None:
    block = blocks(data)[0]
    one, two = (ranked_bars(data, block, block.result.cohorts[0]) for _ in range(2))
    assert (one.svg, one.png) == (two.svg, two.png)


def test_a_cohort_where_nobody_has_sent_gets_a_sentence_instead(data: RoundData) -> None:
    first = data.results[0]
    waiting = [replace(row, state=SubmissionState.FILLING) for row in first.agencies]
    nobody = replace(data, results=(rounds.scored(first.questionnaire, waiting, first.cases),))
    for chart in round_charts(nobody):
        assert chart.empty
        assert chart.svg is None
        assert chart.png is None
        assert "chưa có đơn vị nào" in chart.title.lower()
        assert not [cell for row in chart.table.rows for cell in row[1:-1] if cell != "0"]


def test_charts_can_be_listed_without_being_drawn(data: RoundData) -> None:
    listed = list(cohort_charts(data, COHORT, formats=()))
    assert [chart.svg for chart in listed] == [None, None]
    assert all(chart.table.rows for chart in listed)
    assert not list(cohort_charts(data, "không-có"))


def test_one_chart_is_drawn_in_the_format_asked_for(data: RoundData) -> None:
    chart = draw_one(data, COHORT, "levels", "png")
    assert chart is not None
    assert chart.svg is None
    assert chart.png
    assert draw_one(data, COHORT, "ranking-mars", "svg") is None


def test_long_names_lose_what_all_begin_with_and_the_chart_says_so() -> None:
    names = [f"Ủy ban Mặt trận Tổ quốc Việt Nam {name}" for name in ("xã Cổ Đô", "xã Ba Vì", "phường Láng")]
    beginning = shared_beginning(names)
    assert beginning == "Ủy ban Mặt trận Tổ quốc Việt Nam"
    assert without_beginning(names[0], beginning) == "xã Cổ Đô"
    assert shared_beginning(["Sở Y tế", "Sở Nội vụ"]) == ""
