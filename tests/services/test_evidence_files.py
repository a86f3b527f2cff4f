"""Files of documents: on disk before they are named, kept once however often they are sent, given to readers alone."""

import os
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from survey.core.workflow import Obstacle
from survey.services.attach_evidence import EvidenceForm, add_evidence, remove_evidence
from survey.services.audit import check_events
from survey.services.check_signed import check_log
from survey.services.errors import Blocked, ContentChanged, NotFound, Refused
from survey.services.evidence_files import (
    Upload,
    admit_file,
    attach_file,
    find_file,
    is_marked_name,
    keep_bytes,
    key_of,
    remove_file,
)
from survey.services.instance import DatabaseTrouble, change_setting
from survey.services.page_views import EvidenceView
from survey.services.stored_files import file_store
from survey.storage.events import Event
from survey.storage.files import StoredFile
from tests.core.handed_files import GOOD, HOSTILE, JPEG, OFFICE_HOSTILE, PDF, PNG, content_of, pdf
from tests.services.world import FULL, World, at

DOCUMENT = EvidenceForm("12/QĐ-SYT", "02/03/2026", "Sở Y tế", "Quyết định phân công", "", not_secret=True)
FORM_KEY = "0123456789abcdef"


def hand_in(
    world: World,
    folder: Path,
    document: int,
    content: bytes,
    name: str = "Quyết định.pdf",
    *,
    by: str = "clerk",
    seen: int = 1,
    key: str = FORM_KEY,
    **confirmed: bool,
) -> EvidenceView:
    """The whole way of one file, as a form or the script goes it."""
    world.minutes += 1
    clock = at(minutes=world.minutes)
    upload = Upload(content, name, **({"not_secret": True} | confirmed))
    save_key, number = key_of(key, upload, str(document)), world.submission()
    with world.database.reading() as session:
        handed = admit_file(session, world[by], number, upload, save_key=save_key, clock=clock)
    keep_bytes(folder, handed, upload)
    with world.database.writing() as session:
        return attach_file(session, world[by], number, document, handed, seen, save_key=save_key, clock=clock)


def add(world: World) -> int:
    return int(world.act(add_evidence, "clerk", DOCUMENT, ["1.1"]).id)


def kinds(world: World) -> list[str]:
    with world.database.reading() as session:
        wanted = sa.select(Event.kind).where(Event.kind.like("evidence%")).order_by(Event.id)
        return list(session.scalars(wanted))


def rows(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) or 0


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def take(world: World, folder: Path, document: int, file: int, by: str = "clerk") -> bytes:
    tag, digest = world.act(find_file, by, document, file)
    content = file_store(folder).read(digest)
    assert len(content) == tag.size
    return content


@pytest.mark.parametrize("ending", GOOD)
def test_a_file_comes_back_as_it_was(world: World, tmp_path: Path, ending: str) -> None:
    document, content = add(world), content_of(GOOD[ending])
    view = hand_in(world, tmp_path, document, content, "../Quyết định 12.exe")
    assert view.file is not None
    assert (view.file.name, view.file.size, view.revision) == (f"Quyết định 12.{ending}", len(content), 2)
    assert take(world, tmp_path, document, view.file.id, by="leader") == content
    assert kinds(world) == ["evidence_added", "evidence_file_attached"]


def test_every_hostile_file_leaves_nothing_but_its_sentence(world: World, tmp_path: Path) -> None:
    document = add(world)
    for made, _ in {**HOSTILE, **OFFICE_HOSTILE}.values():
        with pytest.raises(Refused) as caught:
            hand_in(world, tmp_path, document, content_of(made))
        assert caught.value.field == "file"
        assert caught.value.sentence("vi") != caught.value.sentence("en")
    assert (names_in(tmp_path), rows(world), kinds(world)) == ([], 0, ["evidence_added"])


def test_a_file_sent_two_hundred_times_is_one_file_and_one_event(world: World, tmp_path: Path) -> None:
    document = add(world)
    views = {hand_in(world, tmp_path, document, PDF).revision for _ in range(200)}
    assert views == {2}
    assert (rows(world), len(names_in(tmp_path)), kinds(world)) == (1, 1, ["evidence_added", "evidence_file_attached"])


def test_a_document_added_with_its_file_again_and_again_is_one(world: World, tmp_path: Path) -> None:
    upload = Upload(PDF, "a.pdf", not_secret=True)
    for _ in range(20):
        with world.database.reading() as session:
            handed = admit_file(session, world["clerk"], world.submission(), upload, save_key="k" * 20, clock=at())
        keep_bytes(tmp_path, handed, upload)
        world.act(add_evidence, "clerk", DOCUMENT, ["1.1"], file=handed, save_key="k" * 20)
    assert (rows(world), len(names_in(tmp_path)), kinds(world)) == (1, 1, ["evidence_added"])


def test_what_was_done_is_answered_as_done_after_the_phieu_was_presented_and_the_file_replaced(
    world: World, tmp_path: Path
) -> None:
    document = add(world)
    hand_in(world, tmp_path, document, PDF)
    hand_in(world, tmp_path, document, JPEG, by="clerk2", seen=2, key="f" * 16)
    world.save(FULL)
    world.present()
    view = hand_in(world, tmp_path, document, PDF)
    assert view.file is not None
    assert view.file.media_type == "image/jpeg"
    with pytest.raises(Blocked) as caught:
        hand_in(world, tmp_path, document, PNG)
    assert caught.value.obstacle is Obstacle.STATE
    assert kinds(world) == ["evidence_added", "evidence_file_attached", "evidence_file_replaced"]


def test_nobody_overwrites_what_they_have_not_seen(world: World, tmp_path: Path) -> None:
    document = add(world)
    hand_in(world, tmp_path, document, PDF)
    with pytest.raises(ContentChanged):
        hand_in(world, tmp_path, document, JPEG, by="clerk2", key="f" * 16)
    assert hand_in(world, tmp_path, document, PDF, by="clerk2", key="f" * 16).revision == 2  # the same is no change


def test_a_replaced_or_removed_file_stays_in_the_log_and_is_handed_out_no_more(world: World, tmp_path: Path) -> None:
    document = add(world)
    first = hand_in(world, tmp_path, document, PDF).file
    second = hand_in(world, tmp_path, document, JPEG, seen=2).file
    assert first is not None
    assert second is not None
    for _ in range(2):
        world.act(remove_file, "clerk", document)
    for file in (first, second):
        with pytest.raises(NotFound):
            take(world, tmp_path, document, file.id)
    assert kinds(world)[1:] == ["evidence_file_attached", "evidence_file_replaced", "evidence_file_removed"]
    assert len(names_in(tmp_path)) == 2
    with world.database.reading() as session:
        assert check_events(session) == ()
        assert check_log(session) == ()


def test_the_bytes_are_on_disk_and_named_before_anything_is_committed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = add(world)
    told: list[str] = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (told.append("sync"), sync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda self, to: (told.append("name"), replace(self, to))[1])
    sa.event.listen(world.database.engine, "commit", lambda _: told.append("commit"))
    hand_in(world, tmp_path, document, PDF)
    assert [one for one in told if one != "commit"] == ["sync", "name", "sync", "sync", "sync"]
    assert told[-1] == "commit"


@pytest.mark.parametrize("number", [28, 30, 5])
def test_a_disk_that_fails_leaves_nothing_and_the_next_try_is_taken(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    document = add(world)

    def fail(_: int) -> Any:
        raise OSError(number, "disk")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(DatabaseTrouble):
            hand_in(world, tmp_path, document, PDF)
    assert (names_in(tmp_path), rows(world)) == ([], 0)
    assert hand_in(world, tmp_path, document, PDF).revision == 2


def test_the_files_of_a_phieu_stay_within_what_is_allowed(world: World, tmp_path: Path) -> None:
    with world.database.writing() as session:
        change_setting(session, "file_megabytes", "1")
        change_setting(session, "phieu_megabytes", "2")
    large = [pdf(f"/N {n} ").replace(b"%%EOF", b" " * 900_000 + b"%%EOF") for n in range(3)]
    documents = [world.act(add_evidence, "clerk", EvidenceForm(f"{n}/QĐ", not_secret=True)).id for n in range(4)]
    for place in (0, 1, 1):  # the same content under two documents counts once
        hand_in(world, tmp_path, documents[place], large[place])
    hand_in(world, tmp_path, documents[2], large[0])
    with pytest.raises(Refused, match="quota"):
        hand_in(world, tmp_path, documents[3], large[2])
    hand_in(world, tmp_path, documents[1], large[2], seen=2)  # in the place of another
    world.act(remove_evidence, "clerk", documents[1])
    hand_in(world, tmp_path, documents[3], large[1])
    with pytest.raises(Refused, match="large"):
        hand_in(world, tmp_path, documents[3], large[0] + large[1], seen=2)


def test_nothing_is_taken_where_uploads_are_off_and_what_is_there_can_still_be_read(
    world: World, tmp_path: Path
) -> None:
    document = add(world)
    file = hand_in(world, tmp_path, document, PDF).file
    assert file is not None
    with world.database.writing() as session:
        change_setting(session, "uploads", "0")
    with pytest.raises(Refused, match="uploads_off"):
        hand_in(world, tmp_path, document, JPEG, seen=2)
    assert take(world, tmp_path, document, file.id) == PDF


def test_no_file_without_the_tick_and_none_of_a_marked_name_without_a_second_look(world: World, tmp_path: Path) -> None:
    document = add(world)
    with pytest.raises(Refused) as caught:
        hand_in(world, tmp_path, document, PDF, not_secret=False)
    assert (caught.value.field, caught.value.key) == ("not_secret", "files.tick")
    with pytest.raises(Refused) as caught:
        hand_in(world, tmp_path, document, PDF, "12-QĐ_TỐI_MẬT.pdf")
    assert caught.value.field == "marks_checked"
    assert hand_in(world, tmp_path, document, PDF, "12-QĐ_TỐI_MẬT.pdf", marks_checked=True).file is not None


@pytest.mark.parametrize(
    ("name", "marked"),
    [("Báo cáo MẬT.pdf", True), ("tuyệt_mật.docx", True), ("toi-mat.pdf", False), ("Quy chế bảo mật.pdf", False),
     ("BẢO MẬT.pdf", False), ("TO\u0302\u0301I MA\u0323\u0302T.pdf", True), ("mật khẩu.pdf", False)],
)  # fmt: skip
def test_degrees_of_secrecy_are_seen_in_names(name: str, marked: bool) -> None:
    assert is_marked_name(name) is marked
