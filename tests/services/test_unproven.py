"""Where in a document an indicator is proven, and why there is no document: saved like notes, seen by all who check."""

import pytest

from survey.core.document import LONGEST, PLACE, place_key
from survey.core.flag_words import flag_name
from survey.core.flags import FlagKind
from survey.services.answer_history import history_of_indicator
from survey.services.attach_evidence import EvidenceForm, add_evidence, detach_evidence
from survey.services.audit import check_events
from survey.services.check_submission import check_submission
from survey.services.fill import save_answers
from survey.services.flag_submission import flag_submission
from survey.services.read_submission import read_submission
from survey.services.review_submission import review_submission
from survey.services.review_views import FindingKind
from survey.services.saved_views import Change, SaveOutcome
from survey.services.write_statement import write_statement
from tests.services.test_evidence import indicator
from tests.services.test_evidence_file_readers import digest
from tests.services.test_print_phieu import sheet, url
from tests.services.world import FULL, World, at

WHY = "Quyết định do Thành phố giữ, tháng 12 mới có bản sao."
UNPROVEN = "unproven:1.1"
DOCUMENT = EvidenceForm("12/QĐ-SYT", "02/03/2026", "Sở Y tế", "Thành lập Tổ", not_secret=True)


def found(world: World) -> dict[FindingKind, list[str]]:
    with world.database.reading() as session:
        view = check_submission(session, world["clerk"], world.submission(), clock=at())
    return {kind: [one.sentence for one in view.findings if one.kind is kind] for kind in FindingKind}


def evidence_printed(world: World) -> tuple[str, ...]:
    return next(line.evidence for part in sheet(world).parts for line in part.lines if line.code == "1.1")


def test_a_missing_document_can_be_explained_instead(world: World) -> None:
    world.save(FULL)
    before = digest(world)
    assert indicator(world, "1.1").evidence_missing
    lacking = world.look(read_submission, "clerk").groups
    told = world.save({UNPROVEN: WHY})
    assert [(one.code, one.evidence_missing, one.evidence_explained) for one in told.indicators] == [
        ("1.1", False, True)
    ]
    seen = indicator(world, "1.1")
    assert (seen.evidence_missing, seen.evidence_explained, seen.unproven) == (False, True, WHY)
    assert found(world)[FindingKind.EXPLAINED] == [f"Không có tài liệu, có giải trình: {WHY}"]
    now = world.look(read_submission, "clerk").groups
    assert sum(line.missing_evidence for line in lacking) - sum(line.missing_evidence for line in now) in (1, 2)
    assert digest(world) != before, "the approval is bound to the explanation"
    assert evidence_printed(world) == (f"Chưa có tài liệu. Giải trình: {WHY}",)


def test_leader_and_verifier_see_that_there_is_an_explanation_and_no_document(world: World) -> None:
    world.save(FULL | {UNPROVEN: WHY})
    review = world.look(review_submission, "leader")
    assert "1.1" in review.full_without_evidence
    assert [one.code for one in review.findings if one.kind is FindingKind.EXPLAINED] == ["1.1"]
    with world.database.reading() as session:
        signs = flag_submission(session, world["coordinator"], world.submission()).flags
    kinds = {flag.kind for flag in signs}
    assert FlagKind.EXPLAINED in kinds
    assert FlagKind.NO_EVIDENCE not in kinds
    assert flag_name(FlagKind.EXPLAINED) == "Không có tài liệu, có giải trình"
    assert world.look(write_statement, "leader", url).remarks


def test_a_document_or_no_more_explanation_ends_it(world: World) -> None:
    world.save(FULL | {UNPROVEN: WHY})
    added = world.act(add_evidence, "clerk", DOCUMENT, ["1.1"])
    seen = indicator(world, "1.1")
    assert (seen.evidence_missing, seen.evidence_explained) == (False, False)
    world.act(detach_evidence, "clerk", added.id, "1.1")
    assert indicator(world, "1.1").evidence_explained
    world.save({UNPROVEN: "  "})
    assert indicator(world, "1.1").evidence_missing
    history = world.look(history_of_indicator, "clerk", "1.1").fields[-1]
    assert [one.shown for one in history.versions] == ["", WHY]


def test_the_place_in_a_document_belongs_to_one_indicator(world: World) -> None:
    world.save(FULL)
    added = world.act(add_evidence, "clerk", DOCUMENT, ["1.1", "1.2"])
    before, key = digest(world), place_key(added.id, "1.1")
    assert world.save({key: " Điều 3, trang 5 "}).answers[0].outcome is SaveOutcome.SAVED
    places = {code: indicator(world, code).evidence[0].place for code in ("1.1", "1.2")}
    assert places == {"1.1": "Điều 3, trang 5", "1.2": ""}
    assert evidence_printed(world) == ("12/QĐ-SYT, 02/03/2026: Thành lập Tổ (Điều 3, trang 5)",)
    assert digest(world) != before
    assert world.save({key: ""}).answers[0].outcome is SaveOutcome.SAVED
    assert digest(world) == before
    with world.database.reading() as session:
        assert check_events(session) == ()


@pytest.mark.parametrize("key", ["place:1:1.1", "place:x:1.1", "place:1.1", "unproven:9.9", "unproven:1:1.1"])
def test_a_text_about_nothing_is_not_kept(world: World, key: str) -> None:
    world.act(add_evidence, "clerk", DOCUMENT, ["1.2"])
    with world.database.writing() as session:
        told = save_answers(session, world["clerk"], world.submission(), [Change(key, "a", 0)], clock=at(minutes=9))
    assert told.answers[0].outcome is SaveOutcome.READ_ONLY


def test_two_people_do_not_overwrite_each_others_explanation_and_a_long_place_is_told(world: World) -> None:
    world.save({UNPROVEN: WHY}, by="clerk2")
    met = world.save({UNPROVEN: "Khác"}, seen=0).answers[0]
    assert met.outcome is SaveOutcome.CONFLICT
    added = world.act(add_evidence, "clerk", DOCUMENT, ["1.1"])
    long = world.save({place_key(added.id, "1.1"): "a" * (LONGEST[PLACE] + 1)}).answers[0]
    assert long.outcome is SaveOutcome.FAULT
    assert "200" in long.fault
