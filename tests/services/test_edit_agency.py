"""Changing one body of the register: its effect shown first, never over another's change, each change told once."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from survey.core.workflow import Role, SubmissionState
from survey.services import audit
from survey.services.edit_agency import (
    AgencyChanged,
    AgencyFaults,
    Proposal,
    add_agency,
    change_agency,
    propose_change,
    rename_agency,
)
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.people import Person
from survey.services.read_register import AgencyPage, RegisterFilter, list_agencies, read_agency
from survey.services.scope import find_submission
from survey.storage import events
from tests.services.world import FULL, World, at

NO_TTHC = {"attr.has_tthc": "không"}


def page(world: World, code: str = "SO-1", person: str = "admin") -> AgencyPage:
    with world.database.reading() as session:
        return read_agency(session, world[person], code)


def propose(world: World, typed: dict[str, str], code: str = "SO-1") -> Proposal:
    with world.database.reading() as session:
        return propose_change(session, world["admin"], code, typed, page(world, code).agency.revision)


def change(world: World, typed: dict[str, str], code: str = "SO-1", seen: int | None = None, by: str = "admin") -> bool:
    revision = page(world, code).agency.revision if seen is None else seen
    with world.database.writing() as session:
        return change_agency(session, world[by], code, typed, revision, clock=at(minutes=5))


def told(world: World) -> list[tuple[str, dict[str, Any]]]:
    """Kinds of the register's events with their data, oldest first, without the first import."""
    with world.database.reading() as session:
        views = audit.event_views(session, events.history(session, audit.AGENCIES, 100))
    return [(view.kind, dict(view.data)) for view in reversed(views)][1:]


def narrowed(world: World, *kinds: str) -> Person:
    return replace(world["coordinator"], kinds=frozenset(kinds))


def test_an_attribute_shows_its_effect_on_the_maximum_before_it_is_saved(world: World) -> None:
    proposal = propose(world, NO_TTHC)
    assert [(one.label, one.before, one.after) for one in proposal.differences] == [
        ("Có giải quyết thủ tục hành chính", "có", "không")
    ]
    of_phieu, later = proposal.effects
    assert (of_phieu.round_title, of_phieu.state, later.round_title) == (
        "Đợt đánh giá năm 2026", SubmissionState.NOT_STARTED, "",
    )  # fmt: skip
    for one in proposal.effects:
        assert one.before is not None
        assert one.after is not None
        assert one.before - one.after == sum((gone.maximum for gone in one.lost), Fraction(0)) > 0
        assert one.gained == ()
    assert page(world).agency.values["attr.has_tthc"] is True
    assert told(world) == []


def test_a_saved_attribute_counts_for_the_phieu_that_is_not_sent(world: World) -> None:
    assert change(world, NO_TTHC)
    with world.database.reading() as session:
        assert find_submission(session, world["clerk"], world.submission()).attributes == {"has_tthc": False}
    assert told(world) == [("agency_changed", {"code": "SO-1", "changes": {"attr.has_tthc": [True, False]}})]


def test_a_sent_phieu_keeps_its_attributes(world: World) -> None:
    world.send(FULL)
    proposal = propose(world, NO_TTHC)
    assert [one.round_title for one in proposal.frozen] == ["Đợt đánh giá năm 2026"]
    assert [one.round_title for one in proposal.effects] == [""]
    change(world, NO_TTHC)
    with world.database.reading() as session:
        assert find_submission(session, world["clerk"], world.submission()).attributes == {"has_tthc": True}


def test_a_body_that_is_no_longer_assessed_is_asked_nothing_in_rounds_to_come(world: World) -> None:
    proposal = propose(world, {"assessed": "không"})
    (ends,) = proposal.effects
    assert ends.before is not None
    assert (ends.after, ends.round_title) == (None, "")


def test_contacts_are_kept_and_the_log_does_not_repeat_them(world: World) -> None:
    change(
        world, {"contact_name": "Nguyễn Thị An", "contact_phone": "024 3825 3536", "contact_email": "an@HaNoi.gov.vn"}
    )
    agency = page(world).agency
    assert (agency.contact, agency.phone, agency.email) == ("Nguyễn Thị An", "024 3825 3536", "an@hanoi.gov.vn")
    ((kind, data),) = told(world)
    assert kind == "agency_changed"
    assert data["changes"] == {"contact_name": [], "contact_phone": [], "contact_email": []}
    (changed, _) = page(world).history
    assert [one.label for one in changed.differences] == ["Đầu mối", "Điện thoại", "Thư điện tử"]


def test_saving_what_stands_changes_nothing(world: World) -> None:
    assert not change(world, {"kind": "nha_nuoc", "attr.has_tthc": "có"})
    assert (page(world).agency.revision, told(world)) == (1, [])


def test_a_change_is_never_made_over_anothers(world: World) -> None:
    change(world, {"note": "một"})
    with pytest.raises(AgencyChanged) as conflict:
        change(world, {"note": "hai"}, seen=1)
    assert (conflict.value.revision, conflict.value.now["note"]) == (2, "một")
    assert page(world).agency.note == "một"
    assert change(world, {"note": "hai"}, seen=2)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"kind": "khac"}, ("kind", "not_listed")),
        ({"kind": ""}, ("kind", "needed")),
        ({"type": "so ngành"}, ("type", "not_listed")),
        ({"questionnaire": "khong-co"}, ("questionnaire", "not_listed")),
        ({"cohort": ""}, ("cohort", "needed_if_assessed")),
        ({"parent_code": "SO-9"}, ("parent_code", "parent_unknown")),
        ({"parent_code": "SO-1"}, ("parent_code", "circle")),
        ({"assessed": "maybe"}, ("assessed", "not_truth")),
        ({"attr.has_tthc": "2"}, ("attr.has_tthc", "not_truth")),
        ({"contact_phone": "gọi sau"}, ("contact_phone", "phone_form")),
        ({"contact_email": "an@hanoi"}, ("contact_email", "email_form")),
        ({"contact_email": "a@b.vn\nbcc: c@d.vn"}, ("contact_email", "email_form")),
        ({"note": "x" * 301}, ("note", "too_long")),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_field(
    world: World, typed: dict[str, str], expected: tuple[str, str]
) -> None:
    with pytest.raises(AgencyFaults) as found:
        change(world, typed)
    assert [(name, key) for name, key, _ in found.value.faults] == [expected]
    assert told(world) == []


def test_a_renamed_body_keeps_its_former_name_and_the_reason(world: World) -> None:
    with world.database.writing() as session:
        rename_agency(session, world["admin"], "SO-1", " Sở  Y tế Hà Nội ", "Quyết định 12", 1, clock=at())
    found = page(world)
    assert found.agency.ref.name == "Sở Y tế Hà Nội"
    assert [(one.name, one.reason, one.by) for one in found.former_names] == [
        ("Sở Y tế", "Quyết định 12", "Người admin")
    ]
    assert found.history[0].reason == "Quyết định 12"
    with world.database.reading() as session:
        assert [one.ref.code for one in list_agencies(session, world["admin"], RegisterFilter("ha noi"))] == ["SO-1"]
    assert [kind for kind, _ in told(world)] == ["agency_renamed"]


@pytest.mark.parametrize(
    ("name", "reason", "field"), [("", "x", "name"), ("Sở Y tế", "x", "name"), ("Sở Z", " ", "reason")]
)
def test_a_name_needs_to_be_new_and_to_have_a_reason(world: World, name: str, reason: str, field: str) -> None:
    with pytest.raises(Refused) as refused, world.database.writing() as session:
        rename_agency(session, world["admin"], "SO-1", name, reason, 1)
    assert refused.value.field == field


def test_a_new_body_stands_at_the_end(world: World) -> None:
    typed = {
        "code": "SO-4",
        "name": "Sở Mới",
        "kind": "nha_nuoc",
        "type": "so",
        "level": "thanh_pho",
        "assessed": "không",
    }
    with world.database.writing() as session:
        assert add_agency(session, world["admin"], typed | {"parent_code": "TP"}) == "SO-4"
    with world.database.reading() as session:
        assert list_agencies(session, world["admin"])[-1].ref.code == "SO-4"
    assert page(world, "SO-4").agency.parent is not None
    assert [kind for kind, _ in told(world)] == ["agency_added"]
    with pytest.raises(AgencyFaults) as found, world.database.writing() as session:
        add_agency(session, world["admin"], typed | {"name": "", "assessed": "có"})
    assert [(name, key) for name, key, _ in found.value.faults] == [
        ("code", "code_taken"), ("name", "needed"),
        ("questionnaire", "needed_if_assessed"), ("cohort", "needed_if_assessed"),
    ]  # fmt: skip


@pytest.mark.parametrize("by", ["coordinator", "clerk"])
def test_only_administrators_change_the_register(world: World, by: str) -> None:
    with pytest.raises(NotAllowed):
        change(world, {"note": "x"}, by=by)


def test_the_register_is_cut_to_ones_khoi_and_another_is_missing(world: World) -> None:
    with world.database.reading() as session:
        assert list_agencies(session, narrowed(world, "dang")) == ()
        assert len(list_agencies(session, narrowed(world, "nha_nuoc"))) == 5
        assert len(list_agencies(session, replace(world["coordinator"], roles=frozenset({Role.AUDITOR})))) == 5
        with pytest.raises(NotFound):
            read_agency(session, narrowed(world, "dang"), "SO-1")
        with pytest.raises(NotFound):
            read_agency(session, world["admin"], "SO-9")
        with pytest.raises(NotAllowed):
            list_agencies(session, world["clerk"])
        with pytest.raises(NotAllowed):
            read_agency(session, world["clerk"], "SO-1")


def test_the_register_is_searched_without_dau_and_filtered(world: World) -> None:
    def found(**narrow: str) -> list[str]:
        with world.database.reading() as session:
            return [one.ref.code for one in list_agencies(session, world["coordinator"], RegisterFilter(**narrow))]

    assert found(search="Y TE") == ["SO-1"]
    assert found(search="_") == []
    assert found(type="ubnd_xa") == found(cohort="ubnd-phuong") == ["P-1"]
    assert found(kind="dang") == found(state="closed") == []
    assert found(state="open", kind="nha_nuoc", type="so") == ["SO-1", "SO-2", "SO-3"]


def test_a_body_shows_what_hangs_on_it(world: World) -> None:
    above = page(world, "TP")
    assert [one.code for one in above.children] == ["SO-1", "SO-2", "SO-3", "P-1"]
    own = page(world)
    assert [(one.round_code, one.state) for one in own.submissions] == [("2026", SubmissionState.NOT_STARTED)]
    assert [(one.kind, one.differences) for one in own.history] == [("agencies_imported", ())]
