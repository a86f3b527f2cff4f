"""Every value of an answer is kept, told with its time and author, and can be taken back without losing another."""

import pytest

from survey.services.answer_history import IndicatorHistory, history_of_indicator, take_value_back
from survey.services.errors import Blocked, NotAllowed, NotFound, Refused
from tests.services.world import CLOSES, World, at

CODE = "2.3"


def history(world: World, code: str = CODE, by: str = "clerk") -> IndicatorHistory:
    with world.database.reading() as session:
        return history_of_indicator(session, world[by], world.submission(), code, clock=at())


def shown(world: World, code: str = CODE, key: str = CODE) -> list[tuple[str, bool]]:
    field = next(one for one in history(world, code).fields if one.key == key)
    return [(one.shown, one.present) for one in field.versions]


def take_back(world: World, place: int, *, by: str = "clerk", seen: int | None = None, minutes: int = 30) -> None:
    """Take back the version at a place of the list, newest first."""
    field = history(world).fields[0]
    seen = field.revision if seen is None else seen
    with world.database.writing() as session:
        event = field.versions[place].event
        take_value_back(session, world[by], world.submission(), CODE, CODE, event, seen, clock=at(minutes=minutes))


def test_what_was_never_answered_has_an_empty_history(world: World) -> None:
    found = history(world)
    assert [field.versions for field in found.fields] == [(), ()]
    assert found.fields[1].is_note


def test_each_value_is_told_with_its_author_newest_first(world: World) -> None:
    world.save({CODE: "4"})
    world.save({CODE: "7", "2.4.a": "1"}, by="clerk2")
    field = history(world).fields[0]
    assert [(one.shown, one.by, one.present) for one in field.versions] == [
        ("7", "Người clerk2", True),
        ("4", "Người clerk", False),
    ]
    assert field.versions[0].at > field.versions[1].at


def test_a_faulty_text_and_a_cleared_answer_are_part_of_the_history(world: World) -> None:
    for text in ("bốn", "", "5"):
        world.save({CODE: text})
    assert shown(world) == [("5", True), ("", False), ("bốn", False)]
    assert [one.faulty for one in history(world).fields[0].versions] == [False, False, True]


def test_notes_have_their_history_too(world: World) -> None:
    world.save({f"note:{CODE}": "Thiếu một đơn vị."})
    world.save({f"note:{CODE}": ""})
    assert shown(world, key=f"note:{CODE}") == [("", True), ("Thiếu một đơn vị.", False)]


@pytest.mark.parametrize("text", ["4", "bốn cuộc", ""])
def test_a_value_taken_back_stands_again_and_the_one_it_replaced_stays_in_the_history(world: World, text: str) -> None:
    world.save({CODE: text or "3"})
    world.save({CODE: text})
    world.save({CODE: "9"})
    take_back(world, 1)
    assert shown(world)[:3] == [(text, True), ("9", False), (text, False)]
    take_back(world, 1)
    assert shown(world)[0] == ("9", True)


def test_an_answer_that_was_changed_since_is_not_overwritten(world: World) -> None:
    world.save({CODE: "4"})
    world.save({CODE: "7"})
    old = history(world).fields[0].revision
    world.save({CODE: "8"}, by="clerk2")
    with pytest.raises(Refused):
        take_back(world, 2, seen=old)
    assert shown(world)[0] == ("8", True)


def test_only_values_of_this_answer_are_taken_back(world: World) -> None:
    world.save({CODE: "4", "2.4.a": "1"})
    world.save({CODE: "5"})
    for key, event, error in ((CODE, 9999, Refused), ("2.4.a", 1, NotFound), (f"note:{CODE}", 1, Refused)):
        with pytest.raises(error), world.database.writing() as session:
            take_value_back(session, world["clerk"], world.submission(), CODE, key, event, 1, clock=at(minutes=30))
    assert shown(world)[0] == ("5", True)


def test_a_leader_reads_the_history_and_changes_nothing_and_strangers_find_none(world: World) -> None:
    world.save({CODE: "4"})
    world.save({CODE: "5"})
    assert not history(world, by="leader").editable
    assert history(world).editable
    with pytest.raises(NotAllowed):
        take_back(world, 1, by="leader")
    with pytest.raises(NotFound):
        history(world, by="third")
    with pytest.raises(NotFound):
        history(world, code="9.9")


def test_after_the_deadline_nothing_is_taken_back(world: World) -> None:
    world.save({CODE: "4"})
    world.save({CODE: "5"})
    late = int((CLOSES - at()()).total_seconds() // 60) + 1
    with pytest.raises(Blocked):
        take_back(world, 1, minutes=late)
