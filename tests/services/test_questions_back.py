"""Questions back: shown, listed, confirmed with a reason that the leader reads, asked anew once a figure changes."""

import pytest

from survey.services import cohort_norms
from survey.services.check_submission import check_submission
from survey.services.confirm_answer import confirm_answer, reopen_answer
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.page_views import IndicatorView
from survey.services.read_submission import read_group
from survey.services.review_submission import review_submission
from survey.services.review_views import FindingKind
from tests.services.world import FULL, World

ODD = FULL | {"2.2.a": "80"}  # 80 of the staff in charge, 73 trained


def view(world: World, code: str = "2.2", page: str = "2.A", by: str = "clerk", agency: str = "SO-1") -> IndicatorView:
    read = world.look(read_group, by, page, agency=agency)
    return next(one for one in read.indicators if one.code == code)


def open_questions(world: World) -> list[str]:
    found = world.look(check_submission, "clerk").findings
    return [one.code for one in found if one.kind is FindingKind.ASK_BACK]


def test_figures_that_do_not_fit_are_asked_back_when_saved_on_the_page_and_in_the_check(world: World) -> None:
    saved = world.save(ODD)
    told = {one.code: one.questions for one in saved.indicators}["2.2"]
    assert told == view(world).questions
    assert "80 người" in told[0]
    assert "73 người" in told[0]
    assert open_questions(world) == ["2.2"]


def test_changing_the_other_figure_answers_for_the_place_where_it_was_asked_back(world: World) -> None:
    world.save(ODD)
    saved = world.save({"1.2.a": "90"})
    assert {one.code: one.questions for one in saved.indicators}["2.2"] == ()
    assert open_questions(world) == []


def test_the_bodys_word_with_its_reason_goes_to_the_leader_and_off_the_list(world: World) -> None:
    world.save(ODD)
    world.act(confirm_answer, "clerk", "2.2", "  Tính cả người kiêm nhiệm ")
    assert open_questions(world) == []
    for by in ("clerk", "leader"):
        found = world.look(review_submission, by)
        shown = next(one for group in found.answers for one in group.indicators if one.code == "2.2")
        assert shown.confirmed is not None
        assert (shown.confirmed.reason, shown.confirmed.said.by) == ("Tính cả người kiêm nhiệm", "Người clerk")
        assert shown.questions != ()


@pytest.mark.parametrize("change", [{"2.2.a": "81"}, {"1.2.a": "72"}])
def test_it_is_asked_anew_once_either_figure_has_changed(world: World, change: dict[str, str]) -> None:
    world.save(ODD)
    world.act(confirm_answer, "clerk", "2.2")
    saved = world.save(change)
    assert not {one.code: one.confirmed for one in saved.indicators}["2.2"]
    assert open_questions(world) == ["2.2"]


def test_it_can_be_taken_back_and_binds_the_approval(world: World) -> None:
    world.save(ODD)
    before = world.seen_hash()
    world.act(confirm_answer, "clerk", "2.2")
    assert world.seen_hash() != before
    world.act(reopen_answer, "clerk", "2.2")
    assert open_questions(world) == ["2.2"]
    assert world.seen_hash() == before


def test_only_those_who_fill_it_in_say_so(world: World) -> None:
    world.save(ODD)
    for by, fault in (("leader", NotAllowed), ("coordinator", NotAllowed), ("other", NotFound)):
        for deed in (confirm_answer, reopen_answer):
            with pytest.raises(fault):
                world.act(deed, by, "2.2")
    with pytest.raises(NotFound):
        world.act(confirm_answer, "clerk", "9.9")
    with pytest.raises(Refused):
        world.act(confirm_answer, "clerk", "2.2", "a" * 20_000)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two bodies are enough for a cohort, and nothing is kept in memory."""
    monkeypatch.setattr("survey.core.flag_norms.FEWEST", 2)
    monkeypatch.setattr(cohort_norms, "FEWEST", 2)
    monkeypatch.setattr(cohort_norms, "KEPT", -1.0)


def sent_by_others(world: World) -> None:
    world.send(FULL | {"1.2.a": "100"}, by="other", leader="other", agency="SO-2")
    world.send(FULL | {"1.2.a": "102"}, by="third", leader="third", agency="SO-3")


def test_a_share_far_from_what_the_cohort_has_sent_is_asked_back(world: World, few: None) -> None:
    sent_by_others(world)
    world.save(FULL | {"1.2.a": "8"})
    told = view(world, "1.2", "1").questions
    assert len(told) == 1
    assert "7,55%" in told[0]
    assert "95%" in told[0]
    assert "1.2" in open_questions(world)


def test_other_cohorts_and_other_khoi_are_not_looked_at(world: World, few: None) -> None:
    sent_by_others(world)
    world.save(FULL | {"1.2.a": "8"}, agency="P-1")
    assert view(world, "1.2", "1", agency="P-1").questions == ()


def test_with_fewer_bodies_than_eight_the_cohort_is_not_told(world: World) -> None:
    sent_by_others(world)
    world.save(FULL | {"1.2.a": "8"})
    assert view(world, "1.2", "1").questions == ()


def test_a_body_is_not_held_against_itself(world: World, few: None) -> None:
    sent_by_others(world)
    world.send(FULL | {"1.2.a": "8"})
    found = world.look(review_submission, "leader")
    shown = next(one for group in found.answers for one in group.indicators if one.code == "1.2")
    assert "trung vị của 2 đơn vị" in shown.questions[0]
