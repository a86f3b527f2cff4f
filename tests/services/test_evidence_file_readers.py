"""Whose files of documents are: handed in by clerks, read by those who may read the phiếu, bound to its approval."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.services.attach_evidence import EvidenceForm, add_evidence
from survey.services.back_up import back_up
from survey.services.backup_archive import read_archive
from survey.services.content import read_content
from survey.services.errors import NotAllowed, NotFound
from survey.services.evidence_files import remove_file
from survey.services.instance import secret_key
from survey.services.read_submission import read_evidence
from survey.services.scope import find_submission
from survey.services.sheet import read_sheet
from survey.storage.events import Event
from tests.core.handed_files import JPEG, PDF
from tests.services.test_evidence_files import add, hand_in, names_in, take
from tests.services.world import World, at


def digest(world: World) -> str:
    with world.database.reading() as session:
        row = find_submission(session, world["clerk"], world.submission())
        return read_content(session, read_sheet(session, row)).digest


def test_only_the_clerks_of_the_body_hand_in_and_strangers_find_nothing(world: World, tmp_path: Path) -> None:
    document = add(world)
    refused: dict[str, type[Exception]] = {"leader": NotAllowed, "coordinator": NotAllowed, "other": NotFound}
    for by, error in refused.items():
        with pytest.raises(error):
            hand_in(world, tmp_path, document, PDF, by=by)
    assert names_in(tmp_path) == []
    file = hand_in(world, tmp_path, document, PDF).file
    assert file is not None
    for by in ("other", "third"):
        with pytest.raises(NotFound):
            take(world, tmp_path, document, file.id, by=by)
    another = world.act(add_evidence, "clerk", EvidenceForm("13/QĐ", not_secret=True)).id
    with pytest.raises(NotFound):
        take(world, tmp_path, another, file.id)


def test_a_coordinator_who_takes_a_file_is_noted_and_the_body_itself_is_not(world: World, tmp_path: Path) -> None:
    document = add(world)
    file = hand_in(world, tmp_path, document, PDF).file
    assert file is not None
    for by in ("clerk", "leader", "coordinator"):
        take(world, tmp_path, document, file.id, by=by)
    with world.database.reading() as session:
        noted = list(session.scalars(sa.select(Event).where(Event.kind == "exported")))
    assert [event.account_id for event in noted] == [world["coordinator"].account_id]


def test_the_approval_is_bound_to_the_files(world: World, tmp_path: Path) -> None:
    document = add(world)
    found = [digest(world)]
    steps: tuple[Callable[[], object], ...] = (
        lambda: hand_in(world, tmp_path, document, PDF),
        lambda: hand_in(world, tmp_path, document, JPEG, seen=2),
        lambda: world.act(remove_file, "clerk", document),
    )
    for step in steps:
        step()
        found.append(digest(world))
    assert found[0] == found[-1]  # as it was before there were files
    assert len(set(found)) == 3


def test_a_backup_holds_the_files(world: World, tmp_path: Path) -> None:
    (folder := tmp_path / "instance").mkdir()
    secret_key(folder)
    document = add(world)
    file = hand_in(world, folder, document, PDF).file
    assert file is not None
    made = back_up(world.database, folder, tmp_path / "a.tar", clock=at())
    assert (made.files, made.missing_files) == (1, ())
    with made.file.open("rb") as stream:
        archive = read_archive(stream)
        assert archive.content(archive.named("files")[0]) == PDF


def test_files_are_seen_in_the_register_of_documents(world: World, tmp_path: Path) -> None:
    document = add(world)
    hand_in(world, tmp_path, document, PDF)
    with world.database.reading() as session:
        views = read_evidence(session, world["clerk"], world.submission())
    assert [view.file.name for view in views if view.file] == ["Quyết định.pdf"]
