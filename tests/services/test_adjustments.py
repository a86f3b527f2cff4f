"""Requests to correct a provided figure: one open an indicator, answered by its owner, seen by the agency."""

from __future__ import annotations

import pytest

from survey.services.audit import history_of
from survey.services.create_account import disable_account
from survey.services.decide_adjustment import AdjustmentEntry, decide_adjustment, list_adjustments
from survey.services.errors import Blocked, NotAllowed, NotFound, Refused
from survey.services.open_round import close_round
from survey.services.page_views import IndicatorView
from survey.services.provide_figures import provide_figures
from survey.services.read_submission import read_group
from survey.services.request_adjustment import adjustments_of, read_ask, request_adjustment, withdraw_adjustment
from survey.services.verify_log import verify_log
from tests.services.figures_world import ROUND, give_duty, stands
from tests.services.world import FULL, World, at

REASON = "Số hộ trên địa bàn theo báo cáo tháng 10 là 12 hộ."


@pytest.fixture
def given(world: World) -> World:
    """SO-2 has given 6 of 10 to SO-1."""
    give_duty(world)
    world.act(provide_figures, "other", {"2.4.a": "6", "2.4.b": "10"})
    return world


def ask(world: World, typed: dict[str, str] | None = None, reason: str = REASON, by: str = "clerk") -> int:
    number = world.act(request_adjustment, by, "2.4", typed or {"2.4.a": "6", "2.4.b": "12"}, reason)
    assert isinstance(number, int)
    return number


def listed(world: World, person: str = "other") -> tuple[AdjustmentEntry, ...]:
    with world.database.reading() as session:
        return list_adjustments(session, world[person], ROUND, clock=at())


def decide(world: World, request: int, person: str = "other", **answer: object) -> None:
    world.minutes += 1
    with world.database.writing() as session:
        decide_adjustment(session, world[person], ROUND, request, clock=at(minutes=world.minutes), **answer)  # type: ignore[arg-type]


def kinds(world: World) -> list[str]:
    with world.database.reading() as session:
        assert verify_log(session).sound
        return [event.kind for event in history_of(session, world["coordinator"], world.submission())]


def shown(world: World) -> IndicatorView:
    return next(one for one in world.look(read_group, "clerk", "2.B").indicators if one.code == "2.4")


def test_the_owner_sees_what_is_proposed_beside_what_stands(given: World) -> None:
    ask(given)
    (entry,) = listed(given)
    assert [(one.label.vi, one.now, one.proposed) for one in entry.figures] == [("Tổng số hộ", "10", "12")]
    assert (entry.agency.code, entry.reason, entry.decision, entry.mine) == ("SO-1", REASON, "", True)


def test_accepting_writes_the_figure_with_a_new_source(given: World) -> None:
    decide(given, ask(given), accept=True, number="40/SDTTG", dated="22/11/2026")
    assert stands(given)["2.4.b"]["value"] == "12"
    assert shown(given).points == 5.0
    assert shown(given).source == (
        "Số liệu do Sở Dân tộc và Tôn giáo cung cấp, ngày 22/11/2026, theo văn bản số 40/SDTTG. "
        "Đã điều chỉnh theo đề nghị của đơn vị."
    )
    assert kinds(given) == ["adjustment_decided", "adjustment_requested", "figures_provided"]


def test_a_refusal_needs_a_reason_and_leaves_the_figure(given: World) -> None:
    number = ask(given)
    with pytest.raises(Refused):
        decide(given, number, accept=False, reason="không")
    decide(given, number, accept=False, reason="Số hộ lấy theo niên giám thống kê năm 2025.")
    assert stands(given)["2.4.b"]["value"] == "10"
    with given.database.reading() as session:
        seen = adjustments_of(session, given["clerk"], given.submission())["2.4"]
    assert (seen.decision, seen.decision_reason) == ("refused", "Số hộ lấy theo niên giám thống kê năm 2025.")
    with pytest.raises(Refused, match="answered"):
        decide(given, number, accept=True)


def test_one_request_an_indicator_waits_and_can_be_taken_back(given: World) -> None:
    number = ask(given)
    with pytest.raises(Refused, match="ask_open"):
        ask(given)
    given.act(withdraw_adjustment, "clerk2", "2.4")
    given.act(withdraw_adjustment, "clerk", "2.4")
    assert listed(given) == ()
    with pytest.raises(Refused, match="answered"):
        decide(given, number, accept=True)
    assert ask(given) != number
    assert kinds(given).count("adjustment_withdrawn") == 1


@pytest.mark.parametrize(
    ("typed", "reason", "field"),
    [
        ({"2.4.a": "6", "2.4.b": "10"}, REASON, "2.4.a"),
        ({"2.4.a": "", "2.4.b": ""}, REASON, "2.4.a"),
        ({"2.4.a": "13", "2.4.b": "12"}, REASON, "2.4.a"),
        ({"2.4.b": "nhiều"}, REASON, "2.4.b"),
        ({"2.4.b": "12"}, "sai", "reason"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    given: World, typed: dict[str, str], reason: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask(given, typed, reason)
    assert refused.value.field == field
    assert listed(given) == ()


def test_only_provided_indicators_of_the_own_body_are_asked_about(given: World) -> None:
    with pytest.raises(NotFound):
        given.act(request_adjustment, "clerk", "2.3", {"2.3": "4"}, REASON)
    with pytest.raises(NotFound):
        given.look(read_ask, "clerk", "9.9")
    with pytest.raises(NotFound):
        ask(given, by="third")
    with pytest.raises(NotAllowed):
        ask(given, by="leader")


def test_others_neither_see_nor_answer(given: World) -> None:
    number = ask(given)
    for person in ("clerk", "third", "leader", "admin"):
        with pytest.raises(NotFound):
            decide(given, number, person, accept=True)
        with pytest.raises(NotFound):
            listed(given, person)
    with pytest.raises(NotFound):
        decide(given, 10**6, accept=True)


def test_the_coordinator_answers_only_where_the_owner_cannot(given: World) -> None:
    number = ask(given)
    assert [entry.mine for entry in listed(given, "coordinator")] == [False]
    with pytest.raises(NotFound):
        decide(given, number, "coordinator", accept=True)
    with given.database.writing() as session:
        disable_account(session, given["admin"], given["other"].account_id, clock=at())
    assert [entry.mine for entry in listed(given, "coordinator")] == [True]
    decide(given, number, "coordinator", accept=True)
    assert stands(given)["2.4.b"]["value"] == "12"


def test_the_coordinator_answers_where_there_is_no_owner(world: World) -> None:
    world.act(provide_figures, "coordinator", {"2.4.a": "6", "2.4.b": "10"})
    number = ask(world)
    assert [(entry.body, entry.mine) for entry in listed(world, "coordinator")] == [("", True)]
    decide(world, number, "coordinator", accept=True)
    assert shown(world).source.startswith("Số liệu do Sở Khoa học và Công nghệ cung cấp, ngày 23/11/2026.")


def test_asking_goes_on_after_sending_and_ends_with_the_round(given: World) -> None:
    given.save(FULL)
    given.present()
    given.approve()
    number = ask(given)
    with given.database.writing() as session:
        close_round(session, given["coordinator"], given.known.round_id, clock=at())
    with pytest.raises(Blocked):
        decide(given, number, accept=True)
    with pytest.raises(Blocked):
        given.act(withdraw_adjustment, "clerk", "2.4")


def test_the_form_shows_what_stands_what_waits_and_what_was_answered(given: World) -> None:
    decide(given, ask(given), accept=False, reason="Số hộ lấy theo niên giám thống kê năm 2025.")
    ask(given)
    page = given.look(read_ask, "clerk", "2.4")
    assert [field.shown for field in page.fields] == ["6", "10"]
    assert page.may_ask
    assert page.waiting is not None
    assert [one.decision for one in page.earlier] == ["refused"]
    assert not given.look(read_ask, "leader", "2.4").may_ask
