"""Documents: kept once, attached to many indicators, checked before they are kept."""

from datetime import date
from typing import Any

import pytest

from survey.services.attach_evidence import (
    EvidenceForm,
    add_evidence,
    attach_evidence,
    check_evidence,
    detach_evidence,
    edit_evidence,
    remove_evidence,
)
from survey.services.errors import Blocked, ContentChanged, NotAllowed, NotFound, Refused
from survey.services.page_views import EvidenceView, IndicatorView
from survey.services.read_submission import read_evidence, read_group
from tests.services.world import World, at

GOOD = EvidenceForm(
    "466/QĐ-UBND",
    "15/03/2026",
    "UBND phường",
    "Thành lập Tổ chuyển đổi số",
    "https://hanoi.gov.vn/a?b=1",
    not_secret=True,
)


def ticked(*texts: str, **more: Any) -> EvidenceForm:
    """A document as typed, the tick set."""
    return EvidenceForm(*texts, not_secret=True, **more)


def documents(world: World) -> tuple[EvidenceView, ...]:
    with world.database.reading() as session:
        return read_evidence(session, world["clerk"], world.submission())


def indicator(world: World, code: str, page: str = "1") -> IndicatorView:
    indicators = world.look(read_group, "clerk", page).indicators
    return next(view for view in indicators if view.code == code)


def test_a_document_is_kept_once_and_attached_to_several_indicators(world: World) -> None:
    added = world.act(add_evidence, "clerk", GOOD, ["1.1", "1.2"])
    again = world.act(add_evidence, "clerk", GOOD, ["1.3"])
    assert added.id == again.id
    assert [view.attached_to for view in documents(world)] == [("1.1", "1.2", "1.3")]
    assert added.issued == date(2026, 3, 15)


def test_a_claim_without_its_document_is_marked_until_one_is_attached(world: World) -> None:
    world.save({"1.1": "cap_pho"})
    assert indicator(world, "1.1").evidence_missing
    world.act(add_evidence, "clerk", GOOD, ["1.1"])
    shown = indicator(world, "1.1")
    assert not shown.evidence_missing
    assert [view.number for view in shown.evidence] == ["466/QĐ-UBND"]


def test_no_document_is_asked_for_what_earns_nothing(world: World) -> None:
    world.save({"1.1": "chua"})
    assert not indicator(world, "1.1").evidence_missing


def test_a_document_is_detached_and_attached_again(world: World) -> None:
    added = world.act(add_evidence, "clerk", GOOD, ["1.1"])
    world.act(detach_evidence, "clerk", added.id, "1.1")
    assert documents(world)[0].attached_to == ()
    for _ in range(2):
        world.act(attach_evidence, "clerk", added.id, "1.2")
    assert documents(world)[0].attached_to == ("1.2",)


def test_a_removed_document_is_gone_everywhere(world: World) -> None:
    added = world.act(add_evidence, "clerk", GOOD, ["1.1", "1.2"])
    world.act(remove_evidence, "clerk", added.id)
    assert documents(world) == ()
    assert indicator(world, "1.1").evidence == ()
    with pytest.raises(NotFound):
        world.act(attach_evidence, "clerk", added.id, "1.1")


def test_a_document_is_edited_by_one_person_at_a_time(world: World) -> None:
    added = world.act(add_evidence, "clerk", GOOD, ["1.1"])
    world.act(edit_evidence, "clerk2", added.id, ticked("467/QĐ-UBND"), 1)
    with pytest.raises(ContentChanged):
        world.act(edit_evidence, "clerk", added.id, ticked("468/QĐ-UBND"), 1)
    shown = documents(world)[0]
    assert (shown.number, shown.revision, shown.attached_to) == ("467/QĐ-UBND", 2, ("1.1",))


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        (ticked(), [("number", "empty")]),
        (ticked("1/QĐ", issued="31/02/2026"), [("issued", "date")]),
        (ticked("1/QĐ", issued="2026-02-01"), [("issued", "date")]),
        (ticked(link="javascript:alert(1)"), [("link", "link")]),
        (ticked(link="ftp://a.vn/b"), [("link", "link")]),
        (ticked(link="https://ten:matkhau@a.vn"), [("link", "link")]),
        (ticked(link="https://"), [("link", "link")]),
        (ticked(link="http://[::1"), [("link", "link")]),
        (ticked("1/QĐ", summary="a" * 501), [("summary", "long")]),
        (ticked("1/QĐ", issued="1/1", link="x"), [("issued", "date"), ("link", "link")]),
        (ticked("1/QĐ", summary="Báo cáo TUYỆT MẬT"), [("summary", "secret")]),
        (ticked("1/QĐ (TỐI  MẬT)"), [("number", "secret")]),
        (ticked("1/QĐ", summary="MẬT: danh sách"), [("summary", "secret")]),
        (ticked("1/QĐ", summary="Quy chế bảo mật, bí mật nhà nước; AN TOÀN BẢO MẬT, BÍ MẬT"), []),
        (ticked("1/QĐ", summary="CHỨNG THƯ MẬT MÃ", marks_checked=True), []),
        (EvidenceForm("1/QĐ"), [("not_secret", "tick")]),
        (GOOD, []),
    ],
)
def test_every_fault_of_a_document_is_named(form: EvidenceForm, faults: list[tuple[str, str]]) -> None:
    found = check_evidence(form)
    assert [(fault.field, fault.key.removeprefix("services.evidence_")) for fault in found] == faults
    assert all(fault.sentence for fault in found)
    assert all(fault.blocks == (not fault.key.endswith("secret")) for fault in found)


def test_a_faulty_document_is_not_kept(world: World) -> None:
    with pytest.raises(Refused) as caught:
        world.act(add_evidence, "clerk", ticked("1/QĐ", issued="hôm qua"), ["1.1"])
    assert caught.value.field == "issued"
    assert documents(world) == ()


def test_html_and_formulas_are_text(world: World) -> None:
    typed = ticked("=1+1", summary="<script>alert(1)</script>", issuer="So\u031b\u0309 Y te\u0302\u0301")
    view = world.act(add_evidence, "clerk", typed)
    assert (view.number, view.summary, view.issuer) == ("=1+1", "<script>alert(1)</script>", "Sở Y tế")


def test_documents_of_another_body_are_not_found(world: World) -> None:
    added = world.act(add_evidence, "clerk", GOOD)
    theirs = world.act(add_evidence, "other", GOOD, agency="SO-2")
    for person, document in (("other", added.id), ("clerk", theirs.id)):
        with pytest.raises(NotFound):
            world.act(attach_evidence, person, document, "1.1")
    with pytest.raises(NotFound):
        world.act(attach_evidence, "other", added.id, "1.1", agency="SO-2")
    with pytest.raises(NotFound):
        world.act(attach_evidence, "clerk", added.id, "9.9")
    with world.database.reading() as session, pytest.raises(NotFound):
        read_evidence(session, world["other"], world.submission())


def test_documents_change_only_while_filling_in_and_by_clerks(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.act(add_evidence, "leader", GOOD)
    world.save({"2.3": "4"})
    world.present()
    with pytest.raises(Blocked):
        world.act(add_evidence, "clerk", GOOD, clock=at(minutes=60))
