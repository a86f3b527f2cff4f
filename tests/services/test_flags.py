"""Where verifiers look first: signs of one phiếu and of a round, scoped as everything, fresh after every change."""

from io import BytesIO

import openpyxl
import pytest

from survey.core.flags import FlagKind
from survey.core.workflow import Role
from survey.services.attach_evidence import EvidenceForm, add_evidence
from survey.services.errors import NotAllowed, NotFound
from survey.services.flag_submission import FlagFilter, FlagList, PhieuFlags, flag_submission, list_flagged
from survey.services.make_flag_file import make_flag_file
from survey.services.people import Person
from survey.services.sign_off import withdraw
from tests.services.world import FULL, World, at

EVERYTHING = FlagFilter()
PARTY_ONLY = Person(99, "dang", "Người khối Đảng", roles=frozenset({Role.COORDINATOR}), kinds=frozenset({"dang"}))


def listed(world: World, narrow: FlagFilter = EVERYTHING, person: Person | None = None) -> FlagList:
    with world.database.reading() as session:
        return list_flagged(session, person or world["coordinator"], world.known.round_id, narrow, clock=at())


def signs(world: World, by: str = "coordinator", agency: str = "SO-1") -> PhieuFlags:
    with world.database.reading() as session:
        return flag_submission(session, world[by], world.submission(agency))


def kinds(found: PhieuFlags) -> set[FlagKind]:
    return {sign.kind for sign in found.flags}


def test_only_what_was_sent_is_on_the_list(world: World) -> None:
    assert (listed(world).sent, listed(world).rows) == (0, ())
    world.save(FULL)
    assert listed(world).rows == ()
    world.present()
    world.approve()
    found = listed(world)
    assert (found.sent, found.flagged) == (1, 1)
    assert [row.agency.code for row in found.rows] == ["SO-1"]


def test_the_signs_of_one_phieu_are_those_of_the_list(world: World) -> None:
    world.send(FULL)
    alone, (row,) = signs(world), listed(world).rows
    assert row.signs == alone
    assert {FlagKind.NO_EVIDENCE, FlagKind.EDGE} <= kinds(alone)  # 1.1 lacks its decision; 2.3 has just four meetings
    assert alone.stake == 30


def test_a_phieu_that_is_not_sent_has_signs_on_its_own_page(world: World) -> None:
    world.save(FULL)
    assert FlagKind.EDGE in kinds(signs(world))


def test_signs_follow_every_change(world: World) -> None:
    """What was found is kept while nothing changes: a document, an answer and a withdrawal must each be seen."""
    world.save(FULL)
    assert FlagKind.NO_EVIDENCE in kinds(signs(world))
    form = EvidenceForm("12/QĐ-SYT", "01/02/2026", "Sở Y tế", "Quyết định thành lập", "", not_secret=True)
    world.act(add_evidence, "clerk", form, ["1.1"])
    assert FlagKind.NO_EVIDENCE not in kinds(signs(world))
    assert FlagKind.EDGE in kinds(signs(world))
    world.save({"2.3": "9"})
    assert FlagKind.EDGE not in kinds(signs(world))
    world.present()
    world.approve()
    world.save(FULL, by="other", agency="SO-2")
    before = listed(world)
    world.act(withdraw, "leader")
    assert (before.sent, listed(world).sent) == (1, 0)


def test_the_same_document_in_two_bodies_is_seen_in_both(world: World) -> None:
    form = EvidenceForm("5/KH-UBND", "03/02/2026", "UBND Thành phố", "Kế hoạch năm", "", not_secret=True)
    for agency, clerk, leader in (("SO-1", "clerk", "leader"), ("SO-2", "other", "other")):
        world.save(FULL, by=clerk, agency=agency)
        world.act(add_evidence, clerk, form, ["1.1"], agency=agency)
        world.present(by=clerk, agency=agency)
        world.approve(by=leader, agency=agency)
    assert all(FlagKind.SHARED in kinds(row.signs) for row in listed(world).rows)
    assert len(listed(world).rows) == 2


def test_the_list_is_narrowed_by_body_kind_cohort_and_sign(world: World) -> None:
    world.send(FULL)
    world.send(FULL, by="other", leader="other", agency="SO-2")
    every = listed(world)
    assert len(every.rows) == 2
    assert len(listed(world, FlagFilter(search="so-1")).rows) == 1
    assert len(listed(world, FlagFilter(sign=FlagKind.EDGE)).rows) == 2
    assert listed(world, FlagFilter(sign=FlagKind.LAST)).rows == ()
    assert listed(world, FlagFilter(kind="khong-co")).rows == ()
    assert len(listed(world, FlagFilter(cohort=every.rows[0].cohort_code)).rows) == 2
    assert listed(world, FlagFilter(sign=FlagKind.LAST)).flagged == 2, "counted before the filter"


def test_another_khoi_sees_neither_row_nor_signs(world: World) -> None:
    world.send(FULL)
    seen = listed(world, person=PARTY_ONLY)
    assert (seen.sent, seen.rows, seen.cohorts) == (0, (), ())
    with world.database.reading() as session, pytest.raises(NotFound):
        flag_submission(session, PARTY_ONLY, world.submission())


@pytest.mark.parametrize("who", ["clerk", "leader", "admin"])
def test_those_who_are_no_coordinators_get_no_signs(world: World, who: str) -> None:
    world.send(FULL)
    with pytest.raises(NotAllowed):
        listed(world, person=world[who])
    with pytest.raises(NotAllowed):
        signs(world, who)


def test_the_workbook_has_a_line_for_every_sign(world: World) -> None:
    world.send(FULL)
    (row,) = listed(world).rows
    with world.database.writing() as session:
        content = make_flag_file(session, world["coordinator"], world.known.round_id, FlagFilter(), clock=at())
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    told = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=6)]
    assert [line[7] for line in told if line[0]] == [sign.sentence for sign in row.signs.flags]
    assert told[0][1] == "SO-1"
