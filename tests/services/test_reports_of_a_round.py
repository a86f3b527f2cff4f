"""Workbook and charts of a round: one snapshot, coordinators only, foreign names are missing."""

import io

import openpyxl
import pytest

from survey.services.edit_agency import change_agency
from survey.services.errors import NotAllowed, NotFound
from survey.services.make_charts import draw_chart, list_charts
from survey.services.make_workbook import make_workbook
from survey.services.open_round import close_round
from survey.services.round_data import round_data
from survey.services.score_round import score_round
from tests.services.world import FULL, World, at

COHORT = "so-nganh"


def sheet(content: bytes, name: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content), data_only=True)[name].iter_rows(values_only=True))


def test_the_workbook_shows_what_was_sent_and_who_has_not(world: World) -> None:
    world.send(FULL)
    world.save({"1.3": "yes"}, by="other", agency="SO-2")
    with world.database.reading() as session:
        content = make_workbook(session, world["coordinator"], world.known.round_id, clock=at(hours=5))
        scored = score_round(session, world.known.round_id)
    shown = {row[1]: row for row in sheet(content, "Tổng hợp")[7:]}
    words = ("Đã gửi", "Đang nhập", "Chưa bắt đầu")
    states = {code: [value for value in row if value in words] for code, row in shown.items()}
    assert states["SO-1"] == ["Đã gửi"]
    assert states["SO-2"] == ["Đang nhập"]
    totals = {
        entry.agency.code: total
        for one in scored.questionnaires
        for entry, total in zip(one.entries, one.scores.total, strict=True)
    }
    assert totals["SO-1"] in shown["SO-1"]
    waiting = [row[1] for row in sheet(content, "Chưa gửi")[5:] if row[1]]
    assert "SO-1" not in waiting
    assert set(waiting) | {"SO-1"} == set(totals)


def test_the_contact_of_the_register_stands_beside_each_body(world: World) -> None:
    typed = {"contact_name": "Nguyễn Thị An", "contact_phone": "024 3825 3536"}
    with world.database.writing() as session:
        change_agency(session, world["admin"], "SO-1", typed, 1, clock=at())
    with world.database.reading() as session:
        rows = {row.code: row for one in round_data(session, world.known.round_id).results for row in one.agencies}
    assert (rows["SO-1"].contact, rows["SO-1"].phone) == ("Nguyễn Thị An", "024 3825 3536")
    assert (rows["SO-2"].contact, rows["SO-2"].phone) == ("Người other", "")


def test_the_snapshot_is_provisional_until_the_round_is_closed(world: World) -> None:
    with world.database.reading() as session:
        data = round_data(session, world.known.round_id, clock=at(hours=5))
    assert not data.closed
    assert (data.sent, data.size) == (0, len(world.known.submissions))
    assert data.taken_at == at(hours=5)()
    with world.database.writing() as session:
        close_round(session, world["coordinator"], world.known.round_id, clock=at(hours=6))
    with world.database.reading() as session:
        assert round_data(session, world.known.round_id).closed


def test_charts_are_listed_with_their_tables_and_drawn_one_by_one(world: World) -> None:
    world.send(FULL)
    with world.database.reading() as session:
        listed = list_charts(session, world["coordinator"], world.known.round_id, COHORT)
        drawn = draw_chart(session, world["coordinator"], world.known.round_id, COHORT, listed[0].name, "svg")
    assert [chart.name for chart in listed if "levels" in chart.name] == ["levels"]
    assert all(chart.title and chart.alternative and chart.columns for chart in listed)
    assert listed[0].rows[0][0] == "1"
    assert drawn.startswith(b"<?xml")


def test_where_nobody_has_sent_there_is_a_sentence_and_no_picture(world: World) -> None:
    with world.database.reading() as session:
        listed = list_charts(session, world["coordinator"], world.known.round_id, COHORT)
        assert {chart.name for chart in listed} == {""}
        with pytest.raises(NotFound):
            draw_chart(session, world["coordinator"], world.known.round_id, COHORT, "levels", "png")


def test_a_cohort_or_chart_that_is_not_there_is_missing(world: World) -> None:
    with world.database.reading() as session:
        with pytest.raises(NotFound):
            list_charts(session, world["coordinator"], world.known.round_id, "sao-hoa")
        with pytest.raises(NotFound):
            draw_chart(session, world["coordinator"], world.known.round_id, COHORT, "ranking-sao-hoa", "svg")


@pytest.mark.parametrize("login", ["clerk", "leader", "admin"])
def test_only_coordinators_take_the_summary(world: World, login: str) -> None:
    with world.database.reading() as session:
        with pytest.raises((NotAllowed, NotFound)):
            make_workbook(session, world[login], world.known.round_id)
        with pytest.raises((NotAllowed, NotFound)):
            list_charts(session, world[login], world.known.round_id, COHORT)
