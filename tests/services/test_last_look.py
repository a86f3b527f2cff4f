"""What a leader finds changed since the last look: old and new, by whom; a page loaded anew loses nothing."""

import hashlib
from dataclasses import replace

from survey.core.document import place_key
from survey.core.file_kinds import FileKind
from survey.services.attach_evidence import EvidenceForm, add_evidence, edit_evidence
from survey.services.evidence_files import attach_file
from survey.services.last_look import SinceLook, look_again
from survey.services.review_submission import review_submission
from survey.services.sign_off import return_to_clerk, withdraw
from survey.services.stored_files import HandedIn
from tests.services.world import FULL, World

REASON = "Chỉ số 1.2 ghi nhầm số người được tập huấn."
DOCUMENT = EvidenceForm("12/QĐ-SYT", "02/03/2026", "Sở Y tế", "Quyết định phân công", "", not_secret=True)


def handed(name: str, content: bytes) -> HandedIn:
    return HandedIn(hashlib.sha256(content).hexdigest(), len(content), FileKind.PDF, name)


def look(world: World, by: str = "leader") -> SinceLook:
    found = world.act(look_again, by)
    assert isinstance(found, SinceLook)
    return found


def told(found: SinceLook) -> list[tuple[str, str, str, str]]:
    return [(one.code, one.before, one.after, one.by) for one in found.changes]


def test_the_first_look_says_so(world: World) -> None:
    world.save(FULL)
    world.present()
    assert look(world) == SinceLook(None, ())
    assert look(world) == SinceLook(None, ())


def test_old_and_new_value_and_who_changed_it_are_told(world: World) -> None:
    world.save(FULL)
    world.present()
    look(world)
    world.act(return_to_clerk, "leader", REASON)
    world.save({"1.1": "cap_pho", "1.2.a": "70"}, by="clerk2")
    world.save({"1.2.a": "71", "note:2.3": "Theo thông báo"})
    world.act(add_evidence, "clerk", DOCUMENT, ["1.1"])
    world.present()
    found = look(world)
    assert found.since is not None
    assert told(found) == [
        ("1.1", "Người đứng đầu", "Cấp phó", "Người clerk2"),
        ("1.1", "", "1 tài liệu", "Người clerk"),
        ("1.2", "73 người", "71 người", "Người clerk"),
        ("2.3", "", "Theo thông báo", "Người clerk"),
    ]
    assert [one.label for one in found.changes] == ["", "Tài liệu kiểm chứng", "Số người được tập huấn", "Ghi chú"]
    assert told(look(world)) == told(found)  # loaded anew


def test_an_approval_that_was_ended_is_told_until_another_one_stands(world: World) -> None:
    receipt = world.send(FULL)
    assert world.look(review_submission, "leader").void is None
    world.act(withdraw, "leader")
    void = world.look(review_submission, "leader").void
    assert void is not None
    assert void.receipt == receipt
    world.save({"2.3": "9"})
    world.present()
    world.approve()
    assert world.look(review_submission, "leader").void is None


def test_what_was_changed_back_is_no_change(world: World) -> None:
    world.save(FULL)
    look(world)
    world.save({"2.3": "9"})
    world.save({"2.3": "4"})
    assert told(look(world)) == []


def test_why_there_is_no_document_and_where_in_one_the_proof_stands_are_told(world: World) -> None:
    world.save(FULL)
    document = world.act(add_evidence, "clerk", DOCUMENT, ["1.1"]).id
    world.present()
    look(world)
    world.act(return_to_clerk, "leader", REASON)
    world.save({"unproven:2.3": "Bản gốc đang ở kho lưu trữ", place_key(document, "1.1"): "Điều 3"})
    world.present()
    found = look(world)
    assert told(found) == [
        ("1.1", "", "Điều 3", "Người clerk"),
        ("2.3", "", "Bản gốc đang ở kho lưu trữ", "Người clerk"),
    ]
    assert [one.label for one in found.changes] == ["Trang, điều, khoản", "Vì sao chưa có tài liệu"]


def test_a_document_or_its_file_that_was_changed_is_told_by_both_names(world: World) -> None:
    world.save(FULL)
    first = world.act(add_evidence, "clerk", DOCUMENT, ["1.1"])
    second = world.act(
        add_evidence, "clerk", replace(DOCUMENT, number="13/QĐ-SYT"), ["1.2"], file=handed("ban-1.pdf", b"1")
    )
    world.present()
    look(world)
    world.act(return_to_clerk, "leader", REASON)
    world.act(edit_evidence, "clerk", first.id, replace(DOCUMENT, number="12a/QĐ-SYT"), first.revision)
    world.act(attach_file, "clerk", second.id, handed("ban-1.pdf", b"2"), second.revision)
    world.present()
    found = look(world).changes
    assert [(one.code, one.label, one.by) for one in found] == [
        ("1.1", "Tài liệu kiểm chứng", "Người clerk"),
        ("1.2", "Tài liệu kiểm chứng", "Người clerk"),
    ]
    assert (found[0].before[:10], found[0].after[:10]) == ("12/QĐ-SYT,", "12a/QĐ-SYT")
    assert all("ban-1.pdf" in text for text in (found[1].before, found[1].after))
    assert found[1].before != found[1].after


def test_each_leader_has_a_look_of_their_own_and_others_have_none(world: World) -> None:
    world.save(FULL)
    look(world)
    world.save({"2.3": "9"})
    assert len(look(world).changes) == 1
    for who in ("clerk", "coordinator"):
        assert world.act(look_again, who) is None
    world.save({"2.3": "8"}, agency="P-1")
    assert world.act(look_again, "leader", agency="P-1") == SinceLook(None, ())
