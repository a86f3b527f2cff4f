"""The scan of a signed paper: kept at once or later, replaced with its history, and of nobody else's phiếu."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from survey.core.workflow import RoundState
from survey.services.audit import history_of
from survey.services.errors import Blocked, NotAllowed, NotFound
from survey.services.sign_off import withdraw
from survey.services.sign_on_paper import Scan, add_scan, take_scan
from survey.services.stored_files import FileView
from survey.storage.events import history
from survey.storage.rounds import Round
from survey.storage.submissions import standing_sign_off
from tests.core.handed_files import JPEG, PDF
from tests.services.test_sign_on_paper import events, record
from tests.services.world import FULL, World, at


def kept(world: World) -> int:
    """The number of the scan by which it is sent."""
    with world.database.reading() as session:
        standing = standing_sign_off(session, world.submission())
    assert standing is not None
    assert standing.scan_id is not None
    return standing.scan_id


def take(session: Any, person: Any, submission_id: int, folder: Path, number: int, *, clock: Any) -> FileView:
    return take_scan(session, folder, person, submission_id, number, clock=clock)


def test_the_scan_may_come_later_and_be_replaced_with_its_history_kept(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    record(world, tmp_path)

    def add(content: bytes, name: str, by: str = "clerk") -> None:
        with world.database.writing() as session:
            add_scan(session, tmp_path, world[by], world.submission(), Scan(content, name), clock=at(minutes=50))

    add(PDF, "Bản quét.pdf")
    add(PDF, "Bản quét.pdf")  # sent twice
    before = kept(world)
    add(JPEG, "trang 1.jpeg", by="coordinator")
    with pytest.raises(NotFound):
        world.act(take, "clerk", tmp_path, before)
    found = world.act(take, "leader", tmp_path, kept(world))
    assert (found.content, found.name) == (JPEG, "trang 1.jpg")
    assert events(world)[:3] == ["scan_replaced", "scan_added", "approved_on_paper"]
    with world.database.reading() as session:
        newest = history_of(session, world["clerk"], world.submission())[0]
    assert newest.data["before"] != newest.data["file"]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def test_a_scan_belongs_to_a_paper_that_stands(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    scan = Scan(PDF, "a.pdf")
    with pytest.raises(Blocked):
        world.act(lambda s, p, i, clock: add_scan(s, tmp_path, p, i, scan, clock=clock), "clerk")
    record(world, tmp_path, scan=scan)
    number = kept(world)
    world.act(withdraw, "leader")
    with pytest.raises(NotFound):
        world.act(take, "clerk", tmp_path, number)
    for by, error in (("other", NotFound), ("leader", NotAllowed)):
        with pytest.raises(error):
            world.act(lambda s, p, i, clock: add_scan(s, tmp_path, p, i, scan, clock=clock), by)


def test_no_scan_is_added_once_the_round_is_closed(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    record(world, tmp_path)
    with world.database.writing() as session:
        session.execute(sa.update(Round).values(state=RoundState.CLOSED))
    with pytest.raises(Blocked) as caught:
        world.act(lambda s, p, i, clock: add_scan(s, tmp_path, p, i, Scan(PDF, "a.pdf"), clock=clock), "clerk")
    assert caught.value.obstacle == "closed"


def test_a_coordinator_who_takes_the_scan_is_noted(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    record(world, tmp_path, scan=Scan(PDF, "a.pdf"))
    world.act(take, "coordinator", tmp_path, kept(world))
    with world.database.reading() as session:
        noted = history(session, "access", 10)
    assert [event.kind for event in noted] == ["exported"]
