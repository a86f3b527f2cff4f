"""The log: every act leaves an event, and tampering with it is found."""

import pytest
import sqlalchemy as sa

from survey.services.audit import BrokenChain, audit_head, check_events, history_of
from survey.services.errors import NotFound
from survey.storage.events import Event, EventStream, append, event_hash, hold_head
from tests.services.world import FULL, NOW, World


def breaks(world: World) -> tuple[BrokenChain, ...]:
    with world.database.reading() as session:
        return check_events(session)


def test_every_step_of_a_submission_is_told(world: World) -> None:
    world.send(FULL)
    with world.database.reading() as session:
        found = history_of(session, world["leader"], world.submission())
    assert [(event.kind, event.by) for event in found] == [
        ("approved", "Người leader"),
        ("presented", "Người clerk"),
        ("answers_saved", "Người clerk"),
    ]
    assert found[-1].data["changes"]["1.1"] == [{}, {"value": "nguoi_dung_dau"}]
    assert breaks(world) == ()


def test_the_log_of_the_whole_instance_tells_of_accounts_rounds_and_registers(world: World) -> None:
    with world.database.reading() as session:
        kinds = {tuple(row) for row in session.execute(sa.select(Event.stream, Event.kind))}
    assert kinds >= {
        ("accounts", "account_created"),
        ("accounts", "signed_in"),
        ("agencies", "agencies_imported"),
        ("questionnaires", "published"),
        ("rounds", "round_opened"),
    }


def test_a_failed_act_leaves_no_event(world: World) -> None:
    with world.database.reading() as session:
        before = audit_head(session)
    with pytest.raises(NotFound):
        world.save({"2.3": "4"}, by="other")
    with world.database.reading() as session:
        assert audit_head(session) == before


def test_another_bodys_history_is_not_found(world: World) -> None:
    with world.database.reading() as session, pytest.raises(NotFound):
        history_of(session, world["other"], world.submission())


def test_an_end_cut_off_with_its_head_is_found_by_the_receipt(world: World) -> None:
    world.send(FULL)
    stream = f"submission:{world.submission()}"
    with world.database.writing() as session:
        session.execute(sa.delete(Event).where(Event.stream == stream, Event.number == 3))
        last = session.scalars(sa.select(Event.hash).where(Event.stream == stream, Event.number == 2)).one()
        session.execute(sa.update(EventStream).where(EventStream.stream == stream).values(count=2, head=last))
    assert breaks(world) == (BrokenChain(stream, 0, "receipt"),)


def test_a_chain_written_anew_is_found_by_the_receipt(world: World) -> None:
    world.send(FULL)
    stream = f"submission:{world.submission()}"
    with world.database.writing() as session:
        last = session.scalars(sa.select(Event).where(Event.stream == stream, Event.number == 3)).one()
        last.data = "{}"
        last.hash = event_hash(last.previous, stream, 3, last.at, last.account_id, last.kind, "{}")
        session.execute(sa.update(EventStream).where(EventStream.stream == stream).values(head=last.hash))
    assert breaks(world) == (BrokenChain(stream, 0, "receipt"),)


def test_the_head_of_the_whole_log_changes_with_any_event(world: World) -> None:
    with world.database.writing() as session:
        before = audit_head(session)
        append(session, hold_head(session, "accounts"), at=NOW, account_id=None, kind="test", data={})
        assert audit_head(session) != before
