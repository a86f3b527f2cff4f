"""From the clerk to the leader to the coordinator: who moves a submission, when, and what binds it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from survey.core.workflow import Step, SubmissionState
from survey.services.attach_evidence import EvidenceForm, add_evidence, edit_evidence
from survey.services.audit import check_events
from survey.services.errors import Blocked, ContentChanged, Refused, StillFaulty, StillMissing
from survey.services.extend_submission import list_extensions
from survey.services.provide_figures import provide_figures
from survey.services.read_submission import read_submission
from survey.services.request_kad import decide_kad, request_kad
from survey.services.review_submission import review_submission
from survey.services.send_for_approval import recall, send_for_approval
from survey.services.sign_off import approve, read_receipt, return_to_clerk, send_back, withdraw
from survey.services.submission_views import SubmissionHead
from survey.storage.submissions import standing_sign_off
from tests.services.world import CLOSES, FULL, NOW, World, at

REASON = "Chỉ số 1.2 ghi nhầm số người được tập huấn."
SECONDS_LEFT = (CLOSES - NOW).total_seconds()


def head(world: World, person: str = "clerk") -> SubmissionHead:
    with world.database.reading() as session:
        return read_submission(session, world[person], world.submission(), clock=at(minutes=world.minutes)).head


def test_a_filled_submission_goes_to_the_leader_and_is_sent(world: World) -> None:
    receipt = world.send(FULL)
    found = head(world)
    assert found.state is SubmissionState.SENT
    assert found.receipt == receipt
    assert receipt.number == "2026-000001"
    assert receipt.by == "Người leader"
    assert receipt.short_hash == f"{receipt.content_hash[:4]}-{receipt.content_hash[4:8]}".upper()


def test_the_receipt_names_the_last_event_of_its_chain(world: World) -> None:
    receipt = world.send(FULL)
    with world.database.reading() as session:
        assert read_receipt(session, world["clerk"], world.submission()) == receipt
        standing = standing_sign_off(session, world.submission())
        assert standing is not None
        assert standing.leader_title == "Giám đốc"
        assert '"2.3":{"value":"4"}' in standing.content
        assert check_events(session) == ()


def test_missing_answers_are_to_be_confirmed(world: World) -> None:
    world.save({"2.3": "4"})
    with pytest.raises(StillMissing) as caught:
        world.act(send_for_approval, "clerk")
    assert caught.value.count == 7
    world.act(send_for_approval, "clerk", missing_confirmed=True)
    assert head(world).state is SubmissionState.AWAITING_APPROVAL


@pytest.mark.parametrize("faulty", [{"2.3": "bốn"}, {"1.2.a": "107", "so_cbccvc": "106"}, {"2.6": "5,5"}])
def test_faults_and_a_above_b_block_presenting(world: World, faulty: dict[str, str]) -> None:
    world.save(FULL | faulty)
    with pytest.raises(StillFaulty) as caught:
        world.act(send_for_approval, "clerk", missing_confirmed=True)
    assert caught.value.count == 1


def test_presenting_twice_is_presenting_once(world: World) -> None:
    world.save(FULL)
    world.present()
    presented = head(world).presented
    world.present()
    assert head(world).presented == presented


def test_the_clerk_takes_it_back_from_the_leader(world: World) -> None:
    world.save(FULL)
    world.present()
    world.act(recall, "clerk")
    assert head(world).state is SubmissionState.FILLING


def change_answer(world: World) -> None:
    world.save({"2.3": "5"})


def change_note(world: World) -> None:
    world.save({"note:1.1": "Ghi chú"})


def add_document(world: World) -> None:
    world.act(add_evidence, "clerk", EvidenceForm(number="1/QĐ", not_secret=True), ["1.1"])


def edit_document(world: World) -> None:
    world.act(edit_evidence, "clerk", 1, EvidenceForm(number="2/QĐ", not_secret=True), 1)


def ask_kad(world: World) -> None:
    world.act(request_kad, "clerk", "2.3", "Đơn vị mới thành lập trong tháng.")


@pytest.mark.parametrize("change", [change_answer, change_note, add_document, edit_document, ask_kad])
def test_a_change_between_view_and_approval_is_a_conflict(world: World, change: Callable[[World], None]) -> None:
    world.save(FULL)
    world.act(add_evidence, "clerk", EvidenceForm(number="1/QĐ", summary="Thành lập", not_secret=True), ["1.1"])
    world.present()
    seen = world.seen_hash()
    world.act(recall, "clerk")
    change(world)
    world.present()
    with pytest.raises(ContentChanged):
        world.approve(seen=seen)
    assert head(world).state is SubmissionState.AWAITING_APPROVAL
    assert world.approve().content_hash != seen


def test_what_others_add_does_not_break_the_approval(world: World) -> None:
    world.save(FULL)
    ask_kad(world)
    world.present()
    seen = world.seen_hash()
    world.act(decide_kad, "coordinator", "2.3", approve=True)
    world.act(provide_figures, "coordinator", {"2.4.a": "5", "2.4.b": "10"})
    assert world.approve(seen=seen).content_hash == seen


@pytest.mark.parametrize("seen", ["", "0" * 64, "không"])
def test_an_approval_without_the_hash_is_a_conflict(world: World, seen: str) -> None:
    world.save(FULL)
    world.present()
    with pytest.raises(ContentChanged):
        world.approve(seen=seen)


def test_approving_twice_gives_the_same_receipt(world: World) -> None:
    receipt = world.send(FULL)
    assert world.approve(seen=receipt.content_hash) == receipt
    with pytest.raises(Blocked):
        world.approve(seen="0" * 64)


@pytest.mark.parametrize("seconds", [-1.0, -0.001, 0.0, 0.001, 1.0])
def test_what_is_sent_in_time_counts_by_the_clock_inside_the_transaction(world: World, seconds: float) -> None:
    world.save(FULL)
    world.present()
    digest = world.seen_hash()
    clock = at(seconds=SECONDS_LEFT + seconds)
    if seconds <= 0:
        world.act(approve, "leader", digest, clock=clock)
    else:
        with pytest.raises(Blocked) as caught:
            world.act(approve, "leader", digest, clock=clock)
        assert caught.value.obstacle == "deadline"


def test_the_clock_is_read_after_the_lock_has_come(world: World) -> None:
    world.save(FULL)
    world.present()
    digest, held = world.seen_hash(), []

    def clock() -> Any:
        with world.database.reading() as other:  # only readers get by: the submission is locked by now
            held.append(read_receipt_or_none(other, world))
        return NOW

    world.act(approve, "leader", digest, clock=clock)
    assert held == [None]


def read_receipt_or_none(session: Any, world: World) -> Any:
    return standing_sign_off(session, world.submission())


def test_the_leader_returns_it_with_a_reason_that_the_clerk_sees(world: World) -> None:
    world.save(FULL)
    world.present()
    world.act(return_to_clerk, "leader", REASON)
    found = head(world)
    assert found.state is SubmissionState.FILLING
    assert found.returned is not None
    assert (found.returned.reason, found.returned.by, found.returned.by_coordinator) == (REASON, "Người leader", False)
    world.present()
    assert head(world).returned is None


EMPTY = ["", "sai", "..........", "aaaaaaaaaaaa", "Đề nghị bổ sung.", "KIỂM TRA LẠI!!!", " " * 30]


@pytest.mark.parametrize("reason", EMPTY)
def test_a_placeholder_is_no_reason(world: World, reason: str) -> None:
    world.save(FULL)
    world.present()
    with pytest.raises(Refused) as caught:
        world.act(return_to_clerk, "leader", reason)
    assert caught.value.field == "reason"
    assert caught.value.sentence("vi") != caught.value.sentence("en")
    assert head(world).state is SubmissionState.AWAITING_APPROVAL


def test_the_leader_withdraws_before_the_deadline_and_sends_again_under_a_new_number(world: World) -> None:
    first = world.send(FULL)
    world.act(withdraw, "leader")
    found = head(world)
    assert (found.state, found.receipt) == (SubmissionState.FILLING, None)
    world.save({"2.3": "5"})
    world.present()
    second = world.approve()
    assert (first.number, second.number) == ("2026-000001", "2026-000002")


def test_nothing_is_withdrawn_after_the_deadline(world: World) -> None:
    world.send(FULL)
    with pytest.raises(Blocked):
        world.act(withdraw, "leader", clock=at(seconds=SECONDS_LEFT + 1))
    assert head(world).state is SubmissionState.SENT


def test_the_coordinator_sends_back_what_was_sent(world: World) -> None:
    world.send(FULL)
    world.act(send_back, "coordinator", REASON)
    found = head(world)
    assert found.state is SubmissionState.FILLING
    assert found.returned is not None
    assert found.returned.by_coordinator


def test_after_the_deadline_the_coordinator_gives_a_later_one(world: World) -> None:
    world.send(FULL)
    later = at(seconds=SECONDS_LEFT + 60)
    with pytest.raises(Refused) as caught:
        world.act(send_back, "coordinator", REASON, clock=later)
    assert caught.value.field == "until"
    world.act(send_back, "coordinator", REASON, until=CLOSES + timedelta(days=2), clock=later)
    world.minutes = SECONDS_LEFT / 60 + 10
    world.save({"2.3": "6"})
    assert head(world).deadline == CLOSES + timedelta(days=2)
    with pytest.raises(Blocked):
        world.save({"2.3": "6"}, agency="P-1")


def test_what_is_sent_back_with_a_later_deadline_is_listed_with_its_reason(world: World) -> None:
    world.send(FULL)
    for until in (CLOSES, CLOSES - timedelta(days=1), NOW - timedelta(days=1)):
        with pytest.raises(Refused) as caught:
            world.act(send_back, "coordinator", REASON, until=until)
        assert caught.value.field == "until"
    world.act(send_back, "coordinator", REASON, until=CLOSES + timedelta(days=2))
    with world.database.reading() as session:
        listed = list_extensions(session, world["coordinator"], 1, clock=at())
    assert [(one.until, one.reason) for one in listed] == [(CLOSES + timedelta(days=2), REASON)]


def test_the_attributes_of_a_sent_submission_stay_as_they_were(world: World) -> None:
    world.send(FULL)
    from survey.storage import agencies

    with world.database.writing() as session:
        agency = agencies.find(session, "SO-1")
        assert agency is not None
        agency.attributes = {"has_tthc": False}
    with world.database.reading() as session:
        sent = read_submission(session, world["clerk"], world.submission(), clock=at()).standing.maximum
        filling = read_submission(session, world["coordinator"], world.submission("P-1"), clock=at()).standing.maximum
    world.act(withdraw, "leader")
    with world.database.reading() as session:
        again = read_submission(session, world["clerk"], world.submission(), clock=at()).standing.maximum
    assert (sent, filling, again) == (100.0, 100.0, 90.0)


def test_the_review_shows_what_the_leader_must_know(world: World) -> None:
    world.save(FULL | {"1.2.a": "10", "2.3": "0"})
    world.present()
    world.act(return_to_clerk, "leader", REASON)
    world.save({"2.3": "3"})
    world.present()
    with world.database.reading() as session:
        review = review_submission(session, world["leader"], world.submission(), clock=at())
    assert review.full_without_evidence == ("1.1",)
    assert [low.code for low in review.lowest] == ["2.3", "2.2", "1.2", "2.6", "2.1"]
    assert review.changed == ("2.3",)
    assert [group.line.code for group in review.answers] == ["1", "2.A", "2.B"]
    assert review.head.steps == {Step.APPROVE, Step.RETURN, Step.DEPUTISE}
