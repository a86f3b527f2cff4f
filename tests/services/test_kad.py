"""Requests that an indicator does not apply: missing until approved, then out of points and maximum."""

from typing import Any

import pytest

from survey.services.check_submission import check_submission
from survey.services.errors import Blocked, NotAllowed, NotFound, Refused
from survey.services.open_round import close_round
from survey.services.page_views import Asked, IndicatorView
from survey.services.provide_figures import provide_figures
from survey.services.read_submission import read_group, read_submission
from survey.services.request_kad import cancel_kad, decide_kad, list_kad, request_kad
from survey.services.review_views import FindingKind
from survey.services.submission_views import Standing
from tests.services.world import FULL, World, at

REASON = "Đơn vị mới thành lập, chưa có cuộc họp nào."


def standing(world: World) -> Standing:
    found = world.look(read_submission, "clerk").standing
    assert isinstance(found, Standing)
    return found


def indicator(world: World, code: str, page: str) -> IndicatorView:
    return next(view for view in world.look(read_group, "clerk", page).indicators if view.code == code)


def requests(world: World, **named: Any) -> list[tuple[str, str]]:
    with world.database.reading() as session:
        found = list_kad(session, world["coordinator"], world.known.round_id, **named)
    return [(request.agency.code, request.code) for request in found]


def test_a_request_counts_as_missing_until_it_is_approved(world: World) -> None:
    world.save(FULL | {"2.3": ""})
    before = standing(world)
    world.act(request_kad, "clerk", "2.3", REASON)
    assert standing(world) == before
    assert requests(world) == [("SO-1", "2.3")]
    world.act(decide_kad, "coordinator", "2.3", approve=True)
    after = standing(world)
    assert (before.maximum, after.maximum) == (100.0, 90.0)
    assert after.points == before.points
    assert indicator(world, "2.3", "2.A").asked is Asked.NOT_APPLICABLE


def test_a_pending_request_is_listed_and_not_missing(world: World) -> None:
    world.save(FULL | {"2.3": ""})
    world.act(request_kad, "clerk", "2.3", REASON)
    found = world.look(check_submission, "clerk")
    assert found.counts[FindingKind.PENDING_KAD] == 1
    assert found.counts[FindingKind.MISSING] == 0


def test_a_refusal_needs_a_reason_and_is_shown(world: World) -> None:
    world.act(request_kad, "clerk", "2.3", REASON)
    with pytest.raises(Refused):
        world.act(decide_kad, "coordinator", "2.3", approve=False, reason="không")
    world.act(decide_kad, "coordinator", "2.3", approve=False, reason="Đơn vị có họp giao ban hằng tháng.")
    kad = indicator(world, "2.3", "2.A").kad
    assert kad is not None
    assert (kad.decision, kad.decision_reason) == ("refused", "Đơn vị có họp giao ban hằng tháng.")
    assert (kad.asked.by, kad.decided.by if kad.decided else "") == ("Người clerk", "Người coordinator")
    assert requests(world) == []
    assert requests(world, pending_only=False) == [("SO-1", "2.3")]


def test_a_request_can_be_taken_back_even_when_approved(world: World) -> None:
    world.act(request_kad, "clerk", "2.3", REASON)
    world.act(decide_kad, "coordinator", "2.3", approve=True)
    world.act(cancel_kad, "clerk", "2.3")
    assert standing(world).maximum == 100.0
    assert indicator(world, "2.3", "2.A").kad is None
    world.act(cancel_kad, "clerk", "2.3")


def test_a_new_request_after_a_refusal_is_pending_again(world: World) -> None:
    world.act(request_kad, "clerk", "2.3", REASON)
    world.act(decide_kad, "coordinator", "2.3", approve=False, reason="Chưa rõ lý do, nêu thêm căn cứ.")
    world.act(request_kad, "clerk", "2.3", REASON + " Căn cứ Quyết định 12.")
    assert requests(world) == [("SO-1", "2.3")]


def test_asking_twice_is_asking_once(world: World) -> None:
    world.act(request_kad, "clerk", "2.3", REASON)
    world.act(decide_kad, "coordinator", "2.3", approve=True)
    world.act(request_kad, "clerk", "2.3", REASON)
    assert requests(world) == []


def test_a_placeholder_is_no_reason_and_the_sentence_is_about_why_it_does_not_apply(world: World) -> None:
    for typed, said in (("Không áp dụng", "vì sao chỉ số không áp dụng"), ("không", "không thuộc nhiệm vụ của đơn vị")):
        with pytest.raises(Refused) as refused:
            world.act(request_kad, "clerk", "2.3", typed)
        assert said in refused.value.sentence()


def test_provided_figures_and_unknown_indicators_take_no_request(world: World) -> None:
    with pytest.raises(Refused):
        world.act(request_kad, "clerk", "2.4", REASON)
    with pytest.raises(NotFound):
        world.act(request_kad, "clerk", "9.9", REASON)
    with pytest.raises(NotFound):
        world.act(decide_kad, "coordinator", "2.3", approve=True)


def test_only_coordinators_decide_and_list(world: World) -> None:
    world.act(request_kad, "clerk", "2.3", REASON)
    for person in ("clerk", "leader"):
        with pytest.raises(NotAllowed):
            world.act(decide_kad, person, "2.3", approve=True)
    with world.database.reading() as session, pytest.raises(NotAllowed):
        list_kad(session, world["clerk"], world.known.round_id)
    with pytest.raises(NotFound):
        world.act(request_kad, "other", "2.3", REASON)


def test_nothing_is_decided_in_a_closed_round(world: World) -> None:
    world.act(request_kad, "clerk", "2.3", REASON)
    with world.database.writing() as session:
        close_round(session, world["coordinator"], world.known.round_id, clock=at())
    with pytest.raises(Blocked):
        world.act(decide_kad, "coordinator", "2.3", approve=True)


def test_what_does_not_apply_by_attribute_leaves_at_once(world: World) -> None:
    world.save({"2.3": "4"}, by="other", agency="SO-2")
    view = world.look(read_submission, "other", agency="SO-2")
    assert view.standing.maximum == 90.0
    page = world.look(read_group, "other", "2.A", agency="SO-2")
    assert page.indicators[0].asked is Asked.NOT_APPLICABLE
    assert page.indicators[0].why_not_asked


def test_b_0_settles_an_indicator_without_any_request(world: World) -> None:
    world.save(FULL | {"2.1.a": "0", "2.1.b": "0"})
    assert standing(world).maximum == 90.0
    shown = indicator(world, "2.1", "2.A")
    assert (shown.asked, shown.missing) == (Asked.YES, False)


def test_provided_figures_count_and_are_read_only(world: World) -> None:
    assert indicator(world, "2.4", "2.B").asked is Asked.PROVIDED
    world.act(provide_figures, "coordinator", {"2.4.a": "6", "2.4.b": "10"})
    shown = indicator(world, "2.4", "2.B")
    assert (shown.points, [field.shown for field in shown.fields]) == (6.0, ["6", "10"])
    assert standing(world).points == 6.0


def test_provided_figures_are_all_taken_or_none(world: World) -> None:
    with pytest.raises(Refused):
        world.act(provide_figures, "coordinator", {"2.4.a": "6", "2.4.b": "mười"})
    with pytest.raises(NotFound):
        world.act(provide_figures, "coordinator", {"2.4.a": "6", "2.3": "4"})
    with pytest.raises(NotAllowed):
        world.act(provide_figures, "clerk", {"2.4.a": "6"})
    assert indicator(world, "2.4", "2.B").fields[0].typed == ""
