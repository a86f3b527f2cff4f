"""The hub and the pages of groups: where one is, what is left, what one may do."""

import pytest

from survey.core.workflow import Obstacle, Step
from survey.services.attach_evidence import EvidenceForm, add_evidence
from survey.services.check_submission import check_submission
from survey.services.errors import NotFound
from survey.services.page_views import Asked
from survey.services.provide_figures import provide_figures
from survey.services.read_submission import list_submissions, read_evidence, read_group, read_submission
from survey.services.review_submission import review_submission
from survey.services.review_views import FindingKind
from survey.services.submission_views import GroupLine, LineStatus
from tests.services.world import CLOSES, FULL, NOW, World, at


def lines(world: World) -> dict[str, GroupLine]:
    return {line.code: line for line in world.look(read_submission, "clerk").groups}


def test_a_new_submission_has_everything_before_it(world: World) -> None:
    view = world.look(read_submission, "clerk")
    assert (view.answered, view.total) == (0, 8)  # 1.3 waits for 1.1, 2.4 is provided
    assert view.standing.points == 0
    assert (view.standing.rate_published, view.standing.highest) == (0.0, 1.0)
    assert view.standing.level is not None
    assert view.standing.level.name.vi == "Thấp"
    assert {line.status for line in view.groups} == {LineStatus.NONE}
    assert view.head.steps == {Step.FILL, Step.PRESENT, Step.ADJUST}
    assert view.head.editable
    assert view.head.title.en == "Sample index"


def test_a_full_submission_is_all_done_but_for_its_documents(world: World) -> None:
    world.save(FULL)
    before = lines(world)
    world.act(add_evidence, "clerk", EvidenceForm("1/QĐ", not_secret=True), ["1.1"])
    after = lines(world)
    assert (before["1"].status, before["1"].missing_evidence) == (LineStatus.FIX, 1)
    assert {code: line.status for code, line in after.items()} == dict.fromkeys(after, LineStatus.DONE)
    assert [(line.answered, line.total) for line in after.values()] == [(3, 3), (6, 6), (3, 3), (3, 3)]


def test_a_group_that_is_begun_is_under_way_and_one_with_a_fault_is_to_be_mended(world: World) -> None:
    world.save({"2.1.a": "5"})
    assert lines(world)["2.A"].status is LineStatus.DOING
    world.save({"2.1.b": "4"})
    found = lines(world)
    assert (found["2.A"].status, found["2.A"].faults, found["2.B"].status) == (LineStatus.FIX, 1, LineStatus.NONE)
    assert (found["2"].depth, found["2"].is_page, found["2.A"].depth, found["2.A"].is_page) == (0, False, 1, True)


def test_points_of_groups_add_up(world: World) -> None:
    world.save(FULL)
    view = world.look(read_submission, "clerk")
    points = {line.code: line.points for line in view.groups}
    assert points == {"1": 43.77, "2": 26.97, "2.A": 19.47, "2.B": 7.5}
    assert view.standing.points == 70.74
    assert view.standing.highest == pytest.approx(0.8074)


def test_a_provided_figure_begins_no_group(world: World) -> None:
    world.act(provide_figures, "coordinator", {"2.4.a": "6", "2.4.b": "10"})
    found = lines(world)["2.B"]
    assert (found.status, found.points) == (LineStatus.NONE, 6.0)


def test_a_page_shows_fields_with_what_was_typed(world: World) -> None:
    world.save({"1.2.a": "1.234", "so_cbccvc": "mười"})
    page = world.look(read_group, "clerk", "1")
    ratio = page.indicators[1]
    assert [(field.key, field.kind, field.typed, field.revision) for field in ratio.fields] == [
        ("1.2.a", "integer", "1.234", 1),
        ("so_cbccvc", "integer", "mười", 1),
    ]
    assert ratio.fields[1].fault
    assert ratio.fields[1].shared_with == ("2.2",)
    assert (ratio.points, ratio.missing) == (None, False)
    assert page.parents == ()
    assert page.previous is None
    assert page.next is not None
    assert page.next.code == "2.A"


def test_a_page_inside_a_group_names_its_parents_and_neighbours(world: World) -> None:
    page = world.look(read_group, "clerk", "2.B")
    assert [line.code for line in page.parents] == ["2"]
    assert page.previous is not None
    assert (page.previous.code, page.next) == ("2.A", None)
    asked = {view.code: view.asked for view in page.indicators}
    assert asked == {"2.4": Asked.PROVIDED, "2.5": Asked.YES, "2.6": Asked.YES, "2.7": Asked.YES}


def test_sentences_come_in_the_language_asked_for(world: World) -> None:
    world.save({"2.3": "x"})
    vi, en = (world.look(read_group, "clerk", "2.A", language=language).indicators[2] for language in ("vi", "en"))
    assert vi.fields[0].fault != en.fields[0].fault
    assert vi.rule != en.rule


@pytest.mark.parametrize("code", ["2", "9", "", "1.1"])
def test_a_page_that_is_none_is_not_found(world: World, code: str) -> None:
    with pytest.raises(NotFound):
        world.look(read_group, "clerk", code)


@pytest.mark.parametrize("read", [read_submission, check_submission, review_submission, read_evidence])
def test_another_bodys_submission_is_as_little_found_as_none(world: World, read: object) -> None:
    messages = set()
    for person, submission in (("other", world.submission()), ("admin", world.submission()), ("clerk", 10_000)):
        with world.database.reading() as session, pytest.raises(NotFound) as caught:
            read(session, world[person], submission)  # type: ignore[operator]
        messages.add(caught.value.sentence())
    assert len(messages) == 1


def test_the_leader_and_the_coordinator_read_what_the_clerk_fills_in(world: World) -> None:
    world.save(FULL)
    clerk, leader, coordinator = (world.look(read_submission, one) for one in ("clerk", "leader", "coordinator"))
    assert clerk.standing == leader.standing == coordinator.standing
    assert leader.head.steps == {Step.DEPUTISE}
    own = {Step.DECIDE_KAD, Step.PROVIDE, Step.EXTEND, Step.APPROVE_ON_PAPER, Step.DEPUTISE}
    assert coordinator.head.steps == own


def test_after_the_deadline_the_page_says_why_it_is_locked(world: World) -> None:
    late = at(seconds=(CLOSES - NOW).total_seconds() + 1)
    head = world.look(read_submission, "clerk", clock=late).head
    assert (head.locked, head.editable, head.steps) == (Obstacle.DEADLINE, False, {Step.ADJUST})


def test_a_persons_submissions_are_listed_by_body(world: World) -> None:
    with world.database.reading() as session:
        bodies = world["clerk"].bodies
        found = [list_submissions(session, world["clerk"], body.agency_id, clock=at()) for body in bodies]
        assert [[head.agency.code for head in heads] for heads in found] == [["SO-1"], ["P-1"]]
        assert list_submissions(session, world["clerk"], bodies[0].agency_id, clock=at(days=-2)) == ()
        with pytest.raises(NotFound):
            list_submissions(session, world["other"], bodies[0].agency_id, clock=at())


def test_the_check_lists_what_is_wrong_first_and_never_provided_figures(world: World) -> None:
    world.save({"1.1": "cap_pho", "1.2.a": "9", "so_cbccvc": "5", "2.3": "x"})
    view = world.look(check_submission, "clerk")
    found = [(finding.kind, finding.code, finding.page, finding.blocks) for finding in view.findings]
    assert found == [
        (FindingKind.PART, "1.2", "1", True),
        (FindingKind.FAULT, "2.3", "2.A", True),
        (FindingKind.EVIDENCE, "1.1", "1", False),
        (FindingKind.MISSING, "1.3", "1", False),
        (FindingKind.MISSING, "2.1", "2.A", False),
        (FindingKind.MISSING, "2.2", "2.A", False),
        (FindingKind.MISSING, "2.5", "2.B", False),
        (FindingKind.MISSING, "2.6", "2.B", False),
        (FindingKind.MISSING, "2.7", "2.B", False),
    ]
    assert (view.blocking, view.counts[FindingKind.MISSING], view.counts[FindingKind.PENDING_KAD]) == (2, 6, 0)
    assert all(finding.sentence for finding in view.findings)
    stakes = {finding.code: (finding.stake, finding.field) for finding in view.findings}
    assert stakes["1.2"] == (20, "1.2.a")  # may bring
    assert stakes["1.1"] == (10, "")  # may lose
    assert stakes["2.2"] == (10, "2.2.a")  # so_cbccvc is there
    assert stakes["2.7"] == (0, "2.7")


def test_what_most_points_hang_on_is_listed_first(world: World) -> None:
    world.save({"1.3": "yes"})
    view = world.look(check_submission, "clerk")
    stakes = [finding.stake for finding in view.findings if not finding.blocks]
    assert stakes == sorted(stakes, reverse=True)
    assert stakes[0] > stakes[-1]
