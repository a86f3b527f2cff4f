"""Many at once on one phiếu: no writer overwrites another unseen, and pressing many times is pressing once."""

from collections import Counter
from typing import Any

from survey.core.document import revision_of
from survey.services.audit import check_events
from survey.services.fill import save_answers
from survey.services.saved_views import Change, SavedAnswers, SaveOutcome
from survey.services.scope import find_submission
from survey.services.send_for_approval import send_for_approval
from survey.services.sign_off import approve, withdraw
from survey.storage.events import history
from tests.faults.conftest import size
from tests.services.test_concurrent import together
from tests.services.world import FULL, World, at

WRITERS, PRESSES = 4, 20
KEY, TEXT = "2.3", "2.7"
WINDOWS = ("clerk", "clerk2", "clerk", "clerk2")


def save(world: World, typed: str, seen: int, by: str, save_key: str = "", key: str = KEY) -> SavedAnswers:
    with world.database.writing() as session:
        change = Change(key, typed, seen)
        return save_answers(session, world[by], world.submission(), [change], clock=at(), save_key=save_key)


def log_of(world: World) -> list[Any]:
    """The events of the phiếu, oldest first; the whole log is sound."""
    with world.database.reading() as session:
        assert check_events(session) == ()
        return list(reversed(history(session, f"submission:{world.submission()}", 1_000_000)))


def test_of_four_writers_one_is_saved_and_three_are_shown_both_values(world: World) -> None:
    races = size(12, 1000)
    for race in range(races):
        typed = [str(WRITERS * (race + 1) + number) for number in range(WRITERS)]

        def work(number: int, race: int = race, typed: list[str] = typed) -> SavedAnswers:
            return save(world, typed[number], race, WINDOWS[number])

        answers = [saved.answers[0] for saved in together(WRITERS, work)]
        outcomes = Counter(answer.outcome for answer in answers)
        assert outcomes == {SaveOutcome.SAVED: 1, SaveOutcome.CONFLICT: WRITERS - 1}
        kept = next(answer for answer in answers if answer.outcome is SaveOutcome.SAVED)
        for number, answer in enumerate(answers):
            if answer.outcome is SaveOutcome.CONFLICT:
                assert answer.conflict is not None
                assert answer.conflict.mine.replace(".", "") == f"{typed[number]} cuộc"
                assert answer.conflict.theirs == f"{kept.shown} cuộc"
                assert answer.conflict.by in (world["clerk"].name, world["clerk2"].name)
    assert len(log_of(world)) == races


def test_what_four_writers_add_to_one_text_is_all_in_it(world: World) -> None:
    """Each adds its own letter to what stands there, and after a conflict to what it was shown then."""
    each = size(6, 250)

    def work(number: int) -> None:
        seen, text, done = 0, "", 0
        while done < each:
            mine = text + "abcd"[number]
            answer = save(world, mine, seen, WINDOWS[number], f"{number:08}-{done:08}-{seen:08}", TEXT).answers[0]
            done += answer.outcome is SaveOutcome.SAVED
            seen, text = answer.revision, answer.typed

    together(WRITERS, work)
    with world.database.reading() as session:
        entry = find_submission(session, world["clerk"], world.submission()).answers[TEXT]
    assert Counter(entry["value"]) == dict.fromkeys("abcd", each)
    assert revision_of(entry) == len(log_of(world)) == WRITERS * each


def test_one_save_sent_by_many_connections_at_once_is_one_save(world: World) -> None:
    rounds = size(4, 50)
    for number in range(rounds):

        def work(_: int, number: int = number) -> SavedAnswers:
            return save(world, str(number + 1), number, "clerk", save_key=f"{number:032}")

        answers = {saved.answers[0] for saved in together(8, work)}
        assert {(answer.outcome, answer.revision) for answer in answers} == {(SaveOutcome.SAVED, number + 1)}
    assert len(log_of(world)) == rounds


def test_sending_twenty_times_at_once_is_sending_once(world: World) -> None:
    rounds = size(3, 200)
    world.save(FULL)
    receipts = []
    for _ in range(rounds):

        def present(_: int) -> None:
            with world.database.writing() as session:
                send_for_approval(session, world["clerk"], world.submission(), missing_confirmed=True, clock=at())

        together(PRESSES, present)
        digest = world.seen_hash()

        def press(_: int, digest: str = digest) -> str:
            with world.database.writing() as session:
                return approve(session, world["leader"], world.submission(), digest, clock=at()).number

        numbers = set(together(PRESSES, press))
        assert len(numbers) == 1
        receipts.append(numbers.pop())
        world.act(withdraw, "leader", clock=at())
    assert receipts == [f"2026-{number:06}" for number in range(1, rounds + 1)]
    kinds = Counter(event.kind for event in log_of(world))
    assert (kinds["presented"], kinds["approved"], kinds["withdrawn"]) == (rounds, rounds, rounds)
