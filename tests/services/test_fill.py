"""Saving answers: kept as typed, merged by key, never overwriting each other."""

import pytest

from survey.core.workflow import SubmissionState
from survey.services.errors import Blocked, NotAllowed, NotFound
from survey.services.fill import save_answers
from survey.services.open_round import close_round
from survey.services.read_submission import read_group, read_submission
from survey.services.saved_views import Change, SavedAnswer, SaveOutcome
from tests.services.world import CLOSES, NOW, World, at


def one(world: World, key: str, text: str, *, by: str = "clerk", seen: int | None = None) -> SavedAnswer:
    return world.save({key: text}, by=by, seen=seen).answers[0]


def stored(world: World, key: str) -> str:
    with world.database.reading() as session:
        submission = world.submission()
        for page in ("1", "2.A", "2.B"):
            for indicator in read_group(session, world["clerk"], submission, page, clock=at()).indicators:
                for field in indicator.fields:
                    if field.key == key:
                        return field.typed
    raise LookupError(key)


def test_an_answer_is_saved_with_its_points_and_reason(world: World) -> None:
    saved = world.save({"1.2.a": "73", "so_cbccvc": "106"})
    assert [answer.outcome for answer in saved.answers] == [SaveOutcome.SAVED, SaveOutcome.SAVED]
    updates = {update.code: update for update in saved.indicators}
    assert updates["1.2"].points == 13.77
    assert "73/106" in updates["1.2"].reason
    assert saved.whole.points == 13.77
    assert [group.code for group in saved.groups] == ["1", "2", "2.A"]


def test_a_shared_number_counts_wherever_it_is_used(world: World) -> None:
    world.save({"1.2.a": "1", "2.2.a": "2"})
    saved = world.save({"so_cbccvc": "4"})
    assert {update.code: update.points for update in saved.indicators} == {"1.2": 5.0, "2.2": 5.0}


def test_the_first_save_starts_the_submission(world: World) -> None:
    one(world, "2.3", "4")
    with world.database.reading() as session:
        view = read_submission(session, world["clerk"], world.submission(), clock=at())
    assert view.head.state is SubmissionState.FILLING
    assert view.head.last_activity is not None
    assert view.head.last_activity.by == "Người clerk"


def test_a_faulty_text_is_kept_as_typed_and_told(world: World) -> None:
    saved = one(world, "2.3", "bốn <b>cuộc</b>")
    assert saved.outcome is SaveOutcome.FAULT
    assert saved.typed == "bốn <b>cuộc</b>"
    assert saved.fault
    assert stored(world, "2.3") == "bốn <b>cuộc</b>"


def test_decomposed_letters_are_kept_composed(world: World) -> None:
    one(world, "2.7", "Thie\u0302\u0301u")
    assert stored(world, "2.7") == "Thiếu"


def test_a_note_is_saved_beside_the_answers(world: World) -> None:
    assert one(world, "note:1.1", "Quyết định đang sửa").outcome is SaveOutcome.SAVED
    with world.database.reading() as session:
        page = read_group(session, world["clerk"], world.submission(), "1", clock=at())
    assert (page.indicators[0].note, page.indicators[0].note_revision) == ("Quyết định đang sửa", 1)


def test_a_note_that_is_too_long_is_told_and_not_cut(world: World) -> None:
    saved = one(world, "note:1.1", "a" * 2001)
    assert (saved.outcome, saved.typed, saved.revision) == (SaveOutcome.FAULT, "a" * 2001, 0)
    assert saved.fault


def test_an_answer_can_be_cleared(world: World) -> None:
    one(world, "2.3", "4")
    assert one(world, "2.3", "  ").shown == ""
    assert stored(world, "2.3") == ""


def test_someone_elses_change_is_not_overwritten(world: World) -> None:
    one(world, "2.3", "4")
    one(world, "2.3", "5", by="clerk2")
    mine = one(world, "2.3", "6", seen=1)
    assert mine.outcome is SaveOutcome.CONFLICT
    assert mine.conflict is not None
    assert (mine.shown, mine.conflict.by, mine.revision) == ("5", "Người clerk2", 2)
    assert (mine.conflict.mine, mine.conflict.theirs) == ("6 cuộc", "5 cuộc")
    assert mine.conflict.at is not None
    assert not mine.conflict.own
    assert stored(world, "2.3") == "5"


def test_a_change_of_ones_own_in_another_window_is_told_as_such(world: World) -> None:
    one(world, "2.3", "4")
    mine = one(world, "2.3", "6", seen=0)
    assert mine.outcome is SaveOutcome.CONFLICT
    assert mine.conflict is not None
    assert mine.conflict.own


def test_the_conflict_can_be_settled_with_the_new_revision(world: World) -> None:
    one(world, "2.3", "5", by="clerk2")
    conflict = one(world, "2.3", "6", seen=0)
    assert one(world, "2.3", "6", seen=conflict.revision).outcome is SaveOutcome.SAVED
    assert stored(world, "2.3") == "6"


def test_the_same_value_is_no_conflict(world: World) -> None:
    one(world, "2.3", "5", by="clerk2")
    again = one(world, "2.3", "5", seen=0)
    assert (again.outcome, again.revision) == (SaveOutcome.SAVED, 1)


def test_saving_again_after_a_lost_response_is_saving_once(world: World) -> None:
    first = one(world, "2.3", "5", seen=0)
    second = one(world, "2.3", "5", seen=0)
    assert (first.outcome, second.outcome) == (SaveOutcome.SAVED, SaveOutcome.SAVED)
    assert first.revision == second.revision == 1


def test_changes_of_different_answers_merge(world: World) -> None:
    one(world, "2.3", "5", seen=0)
    assert one(world, "2.6", "1,5", by="clerk2", seen=0).outcome is SaveOutcome.SAVED
    assert (stored(world, "2.3"), stored(world, "2.6")) == ("5", "1,5")


def test_one_conflict_does_not_keep_the_others_from_being_saved(world: World) -> None:
    one(world, "2.3", "5", by="clerk2")
    saved = world.save({"2.3": "6", "2.6": "2"}, seen=0)
    assert [answer.outcome for answer in saved.answers] == [SaveOutcome.CONFLICT, SaveOutcome.SAVED]
    assert saved.conflicts


@pytest.mark.parametrize("key", ["2.4.a", "2.4.b", "khong_co", "kad:1.1", "evidence:1.1", "note:9.9", ""])
def test_what_the_body_may_not_write_is_not_written(world: World, key: str) -> None:
    assert one(world, key, "1").outcome is SaveOutcome.READ_ONLY
    with world.database.reading() as session:
        view = read_submission(session, world["clerk"], world.submission(), clock=at())
    assert view.head.state is SubmissionState.NOT_STARTED


def test_an_answer_that_shows_another_tells_so(world: World) -> None:
    shown = {update.code: update.asked for update in world.save({"1.1": "cap_pho"}).indicators}
    hidden = {update.code: update.asked for update in world.save({"1.1": "chua"}).indicators}
    assert (shown["1.3"], hidden["1.3"]) == (True, False)


def test_a_leader_does_not_fill_in(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.save({"2.3": "4"}, by="leader")


@pytest.mark.parametrize("person", ["other", "third", "admin"])
def test_another_bodys_submission_is_not_found(world: World, person: str) -> None:
    with pytest.raises(NotFound), world.database.writing() as session:
        save_answers(session, world[person], world.submission(), [Change("2.3", "4", 0)], clock=at())


def test_a_submission_that_does_not_exist_is_not_found_either(world: World) -> None:
    with pytest.raises(NotFound), world.database.writing() as session:
        save_answers(session, world["clerk"], 10_000, [Change("2.3", "4", 0)], clock=at())


def test_nothing_is_saved_after_the_deadline(world: World) -> None:
    after = (CLOSES - NOW).total_seconds() + 0.001
    with world.database.writing() as session:
        change = [Change("2.3", "4", 0)]
        save_answers(session, world["clerk"], world.submission(), change, clock=at(seconds=after - 0.001))
    with pytest.raises(Blocked) as caught, world.database.writing() as session:
        save_answers(session, world["clerk"], world.submission(), [Change("2.3", "5", 1)], clock=at(seconds=after))
    assert caught.value.obstacle == "deadline"
    assert stored(world, "2.3") == "4"


def test_nothing_is_saved_before_the_round_begins(world: World) -> None:
    with pytest.raises(Blocked) as caught, world.database.writing() as session:
        save_answers(session, world["clerk"], world.submission(), [Change("2.3", "4", 0)], clock=at(days=-2))
    assert caught.value.obstacle == "not_open"


def test_nothing_is_saved_once_it_waits_for_approval_or_the_round_is_closed(world: World) -> None:
    world.save({"2.3": "4"})
    world.present()
    with pytest.raises(Blocked) as waiting:
        world.save({"2.3": "5"})
    with world.database.writing() as session:
        close_round(session, world["coordinator"], world.known.round_id, clock=at())
    with pytest.raises(Blocked) as closed:
        world.save({"2.3": "5"})
    assert (waiting.value.obstacle, closed.value.obstacle) == ("state", "closed")
