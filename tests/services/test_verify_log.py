"""The log of a copied database, tampered with by hand: every edit, deletion, swap and cut is found."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from survey.services import audit
from survey.services.audit import take_pin
from survey.services.errors import Refused
from survey.services.instance import Session
from survey.services.make_workbook import make_workbook
from survey.services.note_access import note_export
from survey.services.round_data import round_data
from survey.services.verify_log import Printed, VerifiedLog, keep_head, verify_log
from tests.services.world import FULL, World, at

Tamper = Callable[[Session, str], None]


def run(session: Session, statement: str, **values: object) -> None:
    """Raw SQL, as somebody at the database would type it."""
    session.execute(sa.text(statement), values)


def edit(session: Session, stream: str) -> None:
    run(session, "UPDATE event SET data = replace(data, '73', '99') WHERE stream = :s AND number = 1", s=stream)


def delete(session: Session, stream: str) -> None:
    run(session, "DELETE FROM event WHERE stream = :s AND number = 2", s=stream)


def swap(session: Session, stream: str) -> None:
    for old, new in ((1, 99), (2, 1), (99, 2)):
        run(session, "UPDATE event SET number = :new WHERE stream = :s AND number = :old", s=stream, old=old, new=new)


def truncate(session: Session, stream: str) -> None:
    run(session, "DELETE FROM event WHERE stream = :s AND number = 3", s=stream)


def truncate_with_its_head(session: Session, stream: str) -> None:
    truncate(session, stream)
    run(
        session,
        "UPDATE event_stream SET count = 2, head = (SELECT hash FROM event WHERE stream = :s AND number = 2) "
        "WHERE stream = :s",
        s=stream,
    )


def forget(session: Session, stream: str) -> None:
    run(session, "DELETE FROM event WHERE stream = :s", s=stream)
    run(session, "DELETE FROM event_stream WHERE stream = :s", s=stream)


def check(world: World, printed: str = "") -> VerifiedLog:
    with world.database.reading() as session:
        return verify_log(session, printed)


def tampered(world: World, how: Tamper, stream: str) -> None:
    with world.database.writing() as session:
        how(session, stream)


@pytest.mark.parametrize("how", [edit, delete, swap, truncate, truncate_with_its_head, forget])
def test_whatever_is_done_to_a_phieus_chain_is_found(world: World, how: Tamper) -> None:
    receipt = world.send(FULL)
    assert check(world, receipt.audit_head).printed is Printed.EVENT
    assert check(world).broken == ()
    stream = f"submission:{world.submission()}"
    tampered(world, how, stream)
    found = check(world)
    assert not found.sound
    assert {broken.stream for broken in found.broken} == {stream}


@pytest.mark.parametrize("how", [edit, delete, swap, truncate, truncate_with_its_head, forget])
def test_what_was_cut_before_anything_was_signed_is_found_by_the_head_on_a_workbook(world: World, how: Tamper) -> None:
    for answer in ("73", "74", "75"):
        world.save({"1.2.a": answer})
    with world.database.writing() as session:
        pin = take_pin(session)
        printed = round_data(session, world.known.round_id, clock=at()).audit_head
        assert make_workbook(session, world["coordinator"], world.known.round_id, clock=at())
        note_export(session, world["coordinator"], "workbook", pin=pin, clock=at(), round="2026")
    assert printed == pin.head
    world.save({"1.2.a": "76"})  # the log has grown since
    assert check(world, printed).printed is Printed.EXPORT
    assert check(world, f" {printed[:8].upper()}-{printed[8:20]} ").sound
    stream = f"submission:{world.submission()}"
    if how in (truncate, truncate_with_its_head):
        run_all = "DELETE FROM event WHERE stream = :s AND number > 3"
        with world.database.writing() as session:
            run(session, run_all, s=stream)
    tampered(world, how, stream)
    found = check(world, printed)
    assert found.printed is Printed.CHANGED
    assert not found.sound
    if how in (truncate_with_its_head, forget):  # the chain itself tells nothing
        assert {broken.what for broken in found.broken} == {"export"}


def test_a_whole_log_cut_off_with_all_its_heads_is_found_by_a_print(world: World) -> None:
    """Nothing in the database tells of it any more; the paper does."""
    world.save({"1.2.a": "73"})
    with world.database.writing() as session:
        pin = take_pin(session)
        note_export(session, world["coordinator"], "workbook", pin=pin, clock=at(), round="2026")
    with world.database.writing() as session:
        run(session, "DELETE FROM event")
        run(session, "UPDATE event_stream SET count = 0, head = :start", start="0" * 64)
    assert check(world).sound
    found = check(world, pin.head)
    assert found.printed is Printed.UNKNOWN
    assert not found.sound


def test_a_log_written_anew_does_not_come_to_the_printed_head(world: World) -> None:
    """Every hash after the lie is right again, the head and the pin of the export too: only the print differs."""
    world.save({"1.2.a": "73"})
    with world.database.writing() as session:
        pin = take_pin(session)
    stream = f"submission:{world.submission()}"
    with world.database.writing() as session:
        forget(session, stream)
        forget(session, audit.ACCESS)
        head = audit.record(session, stream, "answers_saved", world["clerk"], at()(), changes={})
        assert head.count == 1
        note_export(session, world["coordinator"], "workbook", pin=take_pin(session), clock=at(), round="2026")
    assert check(world).sound
    assert check(world, pin.head).printed is Printed.UNKNOWN


def test_a_head_that_was_kept_can_be_compared_when_the_log_has_grown(world: World) -> None:
    with world.database.writing() as session:
        pin = keep_head(session, clock=at())
    world.save({"1.2.a": "73"})
    assert check(world, pin.head).printed is Printed.EXPORT
    now = check(world)
    assert check(world, now.head).printed is Printed.NOW
    assert (now.events, now.sound) == (sum(pin.counts.values()) + 2, True)


BEHIND_THE_PAGES = {
    "UPDATE submission SET answers = replace(CAST(answers AS TEXT), '\"73\"', '\"99\"')": "content",
    "UPDATE submission SET state = 'filling'": "content",
    "UPDATE submission SET state = 'sent' WHERE state = 'not_started'": "content",
    "UPDATE sign_off SET content = replace(content, '\"73\"', '\"99\"')": "signed",
    "UPDATE sign_off SET receipt = '2026-000009'": "signed",
    "DELETE FROM sign_off": "signed",
}


@pytest.mark.parametrize("statement", BEHIND_THE_PAGES)
def test_what_was_signed_cannot_be_changed_behind_the_pages(world: World, statement: str) -> None:
    world.send(FULL)
    assert check(world).sound
    postgresql = not world.database.is_sqlite
    with world.database.writing() as session:
        run(
            session,
            statement.replace("AS TEXT), '\"73\"', '\"99\"')", "AS TEXT), '\"73\"', '\"99\"')::json")
            if postgresql
            else statement,
        )
    found = check(world)
    assert not found.sound
    assert BEHIND_THE_PAGES[statement] in {broken.what for broken in found.broken}


def test_an_event_that_is_no_longer_readable_is_told_like_any_other(world: World) -> None:
    with world.database.writing() as session:
        keep_head(session, clock=at())
    with world.database.writing() as session:
        run(session, "UPDATE event SET data = 'x' WHERE kind = 'log_checked'")
    assert [broken.what for broken in check(world).broken] == ["edited"]


@pytest.mark.parametrize("typed", ["abc", "không phải mã", "g" * 20, "0" * 65])
def test_what_is_no_hash_is_refused_with_a_sentence(world: World, typed: str) -> None:
    with pytest.raises(Refused) as caught:
        check(world, typed)
    assert "16" in caught.value.sentence()
