"""A later deadline for some bodies: all or none, with a reason, one event each, by the clock of the transaction."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from survey.services.audit import check_events, history_of
from survey.services.errors import Blocked, NotAllowed, NotFound, Refused
from survey.services.extend_submission import extend_submissions, list_extensions, take_back_extension
from survey.services.fill import save_answers
from survey.services.open_round import close_round
from survey.services.saved_views import Change
from survey.storage.submissions import Submission
from tests.services.world import CLOSES, NOW, World, at

WHY = "Theo Công văn số 45/SYT-VP ngày 20/11/2026"
LATER = CLOSES + timedelta(days=7)
AFTER = {"days": 23}  # past the round's deadline, before the later one


def extend(world: World, *agencies: str, by: str = "coordinator", **changes: object) -> int:
    wanted = {"until": LATER, "reason": WHY, "clock": at()} | changes
    until, reason = wanted.pop("until"), wanted.pop("reason")
    with world.database.writing() as session:
        ids = [world.submission(agency) for agency in agencies]
        return extend_submissions(session, world[by], world.known.round_id, ids, until, reason, **wanted)  # type: ignore[arg-type]


def kinds(world: World, agency: str) -> list[str]:
    with world.database.reading() as session:
        return [event.kind for event in history_of(session, world["coordinator"], world.submission(agency))]


def save(world: World, by: str, agency: str) -> None:
    with world.database.writing() as session:
        changes = [Change("2.3", "4", 0)]
        save_answers(session, world[by], world.submission(agency), changes, clock=at(**AFTER))


def test_those_extended_go_on_after_the_deadline_and_the_others_do_not(world: World) -> None:
    assert extend(world, "SO-1", "SO-3") == 2
    save(world, "third", "SO-3")
    with pytest.raises(Blocked):
        save(world, "other", "SO-2")
    assert kinds(world, "SO-1") == ["extended"]
    assert kinds(world, "SO-2") == []
    with world.database.reading() as session:
        found = list_extensions(session, world["coordinator"], world.known.round_id, clock=at())
        assert [(one.agency.code, one.until, one.reason, one.in_force) for one in found] == [
            ("SO-1", LATER, WHY, True),
            ("SO-3", LATER, WHY, True),
        ]
        assert check_events(session) == ()


def test_the_very_moment_of_ones_own_deadline_is_in_time(world: World) -> None:
    extend(world, "SO-1")
    for second, taken in ((0, True), (1, False)):
        moment = LATER + timedelta(seconds=second)
        with world.database.writing() as session:
            change = [Change("2.3", str(4 + second), second)]
            if taken:
                save_answers(session, world["clerk"], world.submission(), change, clock=lambda: moment)  # noqa: B023
            else:
                with pytest.raises(Blocked):
                    save_answers(session, world["clerk"], world.submission(), change, clock=lambda: moment)  # noqa: B023


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": NOW - timedelta(seconds=1)}, "until"),
        ({"until": CLOSES}, "until"),
        ({"reason": "xin thêm"}, "reason"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_what_cannot_be_is_refused_for_all(world: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as caught:
        extend(world, "SO-1", "SO-2", **changes)
    assert caught.value.field == field
    with world.database.reading() as session:
        assert session.scalars(sa.select(Submission.extended_until)).all() == [None] * 4


def test_nobody_chosen_and_a_submission_of_no_round_are_refused_whole(world: World) -> None:
    with pytest.raises(Refused, match="none_chosen"):
        extend(world)
    ids = [world.submission(), 10_000]
    with world.database.writing() as session, pytest.raises(NotFound):
        extend_submissions(session, world["coordinator"], world.known.round_id, ids, LATER, WHY, clock=at())
    assert kinds(world, "SO-1") == []


def test_only_the_coordinator_of_the_khoi_extends(world: World) -> None:
    for person in ("clerk", "leader"):
        with pytest.raises(NotFound):
            extend(world, "SO-1", by=person)
        with world.database.writing() as session, pytest.raises(NotAllowed):
            take_back_extension(session, world[person], world.submission(), WHY, clock=at())
    stranger = replace(world["coordinator"], kinds=frozenset({"dang"}))
    own = replace(world["coordinator"], kinds=frozenset({"nha_nuoc"}))
    with world.database.writing() as session:
        ids = [world.submission()]
        with pytest.raises(NotFound):
            extend_submissions(session, stranger, world.known.round_id, ids, LATER, WHY, clock=at())
        assert extend_submissions(session, own, world.known.round_id, ids, LATER, WHY, clock=at()) == 1
        assert list_extensions(session, stranger, world.known.round_id, clock=at()) == ()


def test_taken_back_the_rounds_deadline_holds_again(world: World) -> None:
    extend(world, "SO-3")
    with world.database.writing() as session:
        take_back_extension(session, world["coordinator"], world.submission("SO-3"), WHY, clock=at())
    with pytest.raises(Blocked):
        save(world, "third", "SO-3")
    assert kinds(world, "SO-3") == ["extension_taken_back", "extended"]
    with world.database.writing() as session, pytest.raises(Refused, match="not_extended"):
        take_back_extension(session, world["coordinator"], world.submission("SO-3"), WHY, clock=at())


def test_in_a_closed_round_nobody_is_extended(world: World) -> None:
    extend(world, "SO-3")
    with world.database.writing() as session:
        close_round(session, world["coordinator"], world.known.round_id, clock=at())
    with pytest.raises(Refused, match="closed"):
        extend(world, "SO-1")
    with world.database.writing() as session, pytest.raises(Blocked):
        take_back_extension(session, world["coordinator"], world.submission("SO-3"), WHY, clock=at())
    with pytest.raises(Blocked):
        save(world, "third", "SO-3")
