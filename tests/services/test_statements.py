"""How few SQL statements the pages and the saves that come most often need."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from survey.services.check_submission import check_submission
from survey.services.fill import save_answers
from survey.services.instance import Session
from survey.services.people import Person
from survey.services.read_submission import read_group, read_submission
from survey.services.saved_views import Change, SaveOutcome
from survey.services.sign_in import find_signed_in
from tests.services.world import FULL, World, at

MOST = 6  # statements, the look-up of the session included; BEGIN and COMMIT are not counted


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    sa.event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(world.database.engine, "before_cursor_execute", note)


def person_of(session: Session, world: World, login: str) -> Person:
    found = find_signed_in(session, world.known.tokens[login], clock=at())
    assert found is not None
    return found.person


def test_an_answer_is_saved_in_few_statements(world: World) -> None:
    world.save(FULL)
    with counted(world) as sent, world.database.writing() as session:
        person = person_of(session, world, "clerk")
        saved = save_answers(session, person, world.submission(), [Change("2.3", "5", 1)], clock=at())
    assert saved.answers[0].outcome is SaveOutcome.SAVED
    assert len(sent) <= MOST, sent


def test_a_whole_page_is_saved_in_as_few(world: World) -> None:
    world.save({"2.3": "5"})
    changes = [Change(key, text, 0) for key, text in FULL.items() if key != "2.3"]
    with counted(world) as sent, world.database.writing() as session:
        person = person_of(session, world, "clerk")
        save_answers(session, person, world.submission(), changes, clock=at())
    assert len(sent) <= MOST, sent


@pytest.mark.parametrize(
    "read",
    [
        read_submission,
        check_submission,
        lambda session, person, submission, clock: read_group(session, person, submission, "2.A", clock=clock),
    ],
    ids=["hub", "check", "group"],
)
@pytest.mark.parametrize("state", ["filling", "returned", "sent"])
def test_pages_are_read_in_few_statements(world: World, read: Callable[..., Any], state: str) -> None:
    from survey.services.sign_off import send_back

    world.save(FULL)
    if state != "filling":
        world.present()
        world.approve()
    if state == "returned":
        world.act(send_back, "coordinator", "Xem lại chỉ số 1.2, số liệu tăng nhiều.")
    with counted(world) as sent, world.database.reading() as session:
        read(session, person_of(session, world, "clerk"), world.submission(), clock=at())
    assert len(sent) <= MOST, sent
