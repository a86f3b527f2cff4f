"""Last year's answers are offered one by one where the same was asked, and what lies far from them is asked back."""

from datetime import timedelta

import pytest

from survey.core.workflow import SubmissionState
from survey.services.check_submission import check_submission
from survey.services.fill import save_answers
from survey.services.open_round import close_round, open_round
from survey.services.page_views import GroupPage, IndicatorView
from survey.services.read_submission import list_submissions, read_group
from survey.services.review_submission import review_submission
from survey.services.review_views import FindingKind
from survey.services.saved_views import Change
from tests.services.world import CLOSES, FULL, NOW, World

NEXT = CLOSES + timedelta(days=300)


class NextYear:
    """The same bodies a year later; `number` is the phiếu of SO-1."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.minutes = 0
        with world.database.writing() as session:
            close_round(session, world["coordinator"], world.known.round_id, clock=lambda: CLOSES + timedelta(days=1))
            opened = open_round(
                session, code="2027", title="Đợt 2027", period="2027", opens_at=NEXT,
                closes_at=NEXT + timedelta(days=20), by=world["coordinator"], clock=lambda: NEXT,
            )  # fmt: skip
            heads = list_submissions(session, world["clerk"], self._agency, clock=self.clock)
        assert opened.round_id != world.known.round_id
        self.number = heads[0].id

    @property
    def _agency(self) -> int:
        return self.world["clerk"].bodies[0].agency_id

    def clock(self):  # type: ignore[no-untyped-def]
        return NEXT + timedelta(minutes=self.minutes)

    def page(self, code: str, by: str = "clerk") -> GroupPage:
        with self.world.database.reading() as session:
            return read_group(session, self.world[by], self.number, code, clock=self.clock)

    def view(self, code: str) -> IndicatorView:
        for page in ("1", "2.A", "2.B"):
            for one in self.page(page).indicators:
                if one.code == code:
                    return one
        raise LookupError(code)

    def save(self, typed: dict[str, str]) -> tuple[str, ...]:
        """Save blank answers; the questions that come back."""
        self.minutes += 1
        with self.world.database.writing() as session:
            changes = [Change(key, text, 0) for key, text in typed.items()]
            saved = save_answers(session, self.world["clerk"], self.number, changes, clock=self.clock)
        return tuple(question for one in saved.indicators for question in one.questions)


@pytest.fixture
def next_year(world: World) -> NextYear:
    world.send(FULL)
    return NextYear(world)


def test_in_the_first_year_nothing_is_offered_and_nothing_asked(world: World) -> None:
    saved = world.save({"2.3": "4000"})
    assert [one.questions for one in saved.indicators] == [()]
    with world.database.reading() as session:
        page = read_group(session, world["clerk"], world.submission(), "2.A", clock=lambda: NOW)
    assert {one.last for one in page.indicators} == {()}


def test_what_was_sent_last_year_is_offered_as_the_form_takes_it(next_year: NextYear) -> None:
    view = next_year.view("1.2")
    assert [(one.key, one.shown, one.typed) for one in view.last] == [
        ("1.2.a", "73", "73"),
        ("so_cbccvc", "106", "106"),
    ]
    assert view.last_period == "Năm 2026"
    assert [one.typed for one in next_year.view("1.3").last] == ["yes"]
    assert [one.typed for one in next_year.view("2.5").last] == ["sao_luu;tap_huan"]
    assert [one.typed for one in next_year.view("2.6").last] == ["2,5"]


def test_offered_values_are_taken_without_a_fault(next_year: NextYear) -> None:
    typed = {one.key: one.typed for code in ("1.1", "1.2", "1.3", "2.5", "2.6") for one in next_year.view(code).last}
    assert next_year.save(typed) == ()
    for code in ("1.1", "1.2", "1.3", "2.5", "2.6"):
        assert [field.fault for field in next_year.view(code).fields] == [""] * len(next_year.view(code).fields)
        assert not next_year.view(code).missing


def test_what_was_not_sent_last_year_is_not_offered(world: World) -> None:
    world.save(FULL)
    assert NextYear(world).view("1.2").last == ()


def test_a_number_of_one_digit_too_many_is_asked_back_and_saved(next_year: NextYear) -> None:
    asked = next_year.save({"so_cbccvc": "1060", "1.2.a": "73"})
    assert any("106" in one and "1.060" in one for one in asked)
    assert next_year.view("1.2").points is not None
    assert next_year.page("1").head.state is not SubmissionState.SENT


def test_on_a_figure_far_too_low_hangs_what_the_right_one_may_bring(next_year: NextYear) -> None:
    next_year.save({"1.2.a": "2", "so_cbccvc": "106"})
    with next_year.world.database.reading() as session:
        checked = check_submission(session, next_year.world["clerk"], next_year.number, clock=next_year.clock)
    points = next_year.view("1.2").points
    found = {one.code: one.stake for one in checked.findings if one.kind is FindingKind.ASK_BACK}
    assert points is not None
    assert points < 1
    assert found["1.2"] == 20 - points


def test_a_share_far_from_last_year_is_asked_back_on_the_page_and_in_the_check(next_year: NextYear) -> None:
    asked = next_year.save({"1.2.a": "30", "so_cbccvc": "106"})
    assert len(asked) == 1
    assert "68,87" in asked[0]
    assert next_year.view("1.2").questions == asked
    with next_year.world.database.reading() as session:
        checked = check_submission(session, next_year.world["clerk"], next_year.number, clock=next_year.clock)
    found = [one for one in checked.findings if one.kind is FindingKind.ASK_BACK]
    assert [(one.code, one.blocks) for one in found] == [("1.2", False)]


def test_the_leader_sees_what_the_body_came_to_last_year(next_year: NextYear) -> None:
    with next_year.world.database.reading() as session:
        first = review_submission(session, next_year.world["leader"], next_year.world.submission())
        now = review_submission(session, next_year.world["leader"], next_year.number)
    assert first.last is None
    assert now.last is not None
    assert (now.last.rate, now.last.same_rules) == (first.standing.rate_published, True)


def test_values_near_last_year_are_not_asked_back(next_year: NextYear) -> None:
    assert next_year.save({"1.2.a": "75", "so_cbccvc": "108", "2.3": "5"}) == ()
