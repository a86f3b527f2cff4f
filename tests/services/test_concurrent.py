"""Many at once: no answer is lost, none overwritten, nothing sent twice."""

import threading
from collections.abc import Callable
from typing import Any

from survey.core.document import revision_of
from survey.services.audit import check_events
from survey.services.errors import Blocked
from survey.services.fill import save_answers
from survey.services.open_round import close_round
from survey.services.saved_views import Change, SavedAnswers, SaveOutcome
from survey.services.scope import find_submission
from survey.services.send_for_approval import send_for_approval
from survey.services.sign_off import approve
from survey.storage.events import history
from tests.services.world import FULL, World, at


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What `count` threads that start at once return; an exception of theirs is raised here."""
    barrier, results, failures = threading.Barrier(count), [None] * count, []

    def run(number: int) -> None:
        try:
            barrier.wait()
            results[number] = work(number)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results


def save(world: World, change: Change, by: str = "clerk") -> SavedAnswers:
    with world.database.writing() as session:
        return save_answers(session, world[by], world.submission(), [change], clock=at())


def test_four_writers_on_one_answer_never_overwrite_each_other(world: World) -> None:
    for race in range(10):
        typed = [str(10 * (race + 1) + number) for number in range(4)]  # never what is there already
        results = together(4, lambda number, race=race, typed=typed: save(world, Change("2.3", typed[number], race)))
        answers = [result.answers[0] for result in results]
        saved = [answer for answer in answers if answer.outcome is SaveOutcome.SAVED]
        conflicts = [answer for answer in answers if answer.outcome is SaveOutcome.CONFLICT]
        assert (len(saved), len(conflicts)) == (1, 3)
        assert {conflict.shown for conflict in conflicts} == {saved[0].shown}
        mine = {answer.conflict.mine for answer in conflicts if answer.conflict is not None}
        assert mine | {f"{saved[0].shown} cuộc"} == {f"{text} cuộc" for text in typed}


def test_writers_on_different_answers_all_keep_theirs(world: World) -> None:
    keys = ["1.2.a", "2.2.a", "2.3", "so_cbccvc"]

    def work(number: int) -> None:
        for revision in range(10):
            save(world, Change(keys[number], str(revision + 1), revision))

    together(4, work)
    with world.database.reading() as session:
        row = find_submission(session, world["clerk"], world.submission())
        told = history(session, f"submission:{row.id}", 100)
        assert check_events(session) == ()
    assert {key: row.answers[key]["value"] for key in keys} == dict.fromkeys(keys, "10")
    assert {revision_of(row.answers[key]) for key in keys} == {10}
    assert len(told) == row.revision == 40


def test_approving_many_times_at_once_is_sending_once(world: World) -> None:
    world.save(FULL)
    world.present()
    digest = world.seen_hash()

    def work(_: int) -> str:
        with world.database.writing() as session:
            return approve(session, world["leader"], world.submission(), digest, clock=at()).number

    assert set(together(8, work)) == {"2026-000001"}
    with world.database.reading() as session:
        told = history(session, f"submission:{world.submission()}", 100)
    assert [event.kind for event in told].count("approved") == 1


def test_presenting_many_times_at_once_is_presenting_once(world: World) -> None:
    world.save(FULL)

    def work(_: int) -> None:
        with world.database.writing() as session:
            send_for_approval(session, world["clerk"], world.submission(), clock=at())

    together(6, work)
    with world.database.reading() as session:
        told = history(session, f"submission:{world.submission()}", 100)
    assert [event.kind for event in told].count("presented") == 1


def test_bodies_that_send_at_once_get_receipts_of_their_own(world: World) -> None:
    people = {"SO-1": ("clerk", "leader"), "SO-2": ("other",) * 2, "SO-3": ("third",) * 2, "P-1": ("clerk", "leader")}
    senders = [(agency, clerk, leader) for agency, (clerk, leader) in people.items()]
    for agency, clerk, _ in senders:
        world.save(FULL, agency=agency, by=clerk)
        world.present(agency=agency, by=clerk)
    digests = [world.seen_hash(agency=agency, by=leader) for agency, _, leader in senders]

    def work(number: int) -> str:
        agency, _, leader = senders[number]
        with world.database.writing() as session:
            return approve(session, world[leader], world.submission(agency), digests[number], clock=at()).number

    assert sorted(together(4, work)) == [f"2026-00000{number}" for number in (1, 2, 3, 4)]


def test_a_save_is_either_before_the_closing_of_the_round_or_refused(world: World) -> None:
    def work(number: int) -> int:
        if number == 0:
            with world.database.writing() as session:
                close_round(session, world["coordinator"], world.known.round_id, clock=at())
            return 0
        saved = 0
        for revision in range(20):
            try:
                save(world, Change("2.3" if number == 1 else "1.2.a", str(revision), revision))
            except Blocked:
                break
            saved += 1
        return saved

    saved = together(3, work)
    with world.database.reading() as session:
        row = find_submission(session, world["clerk"], world.submission())
        assert check_events(session) == ()
    assert row.revision == sum(saved)
