"""Who gives figures: proposed by name, chosen by the coordinator, and nobody else's to give or to see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.core.workflow import RoundState
from survey.services.audit import history_of
from survey.services.errors import Blocked, NotAllowed, NotFound, Refused
from survey.services.figures_views import list_agencies, read_duties, read_entry
from survey.services.open_round import close_round
from survey.services.page_views import IndicatorView
from survey.services.provide_duty import rounds_to_provide, tasks_of
from survey.services.provide_figures import Source, provide_figures, read_source
from survey.services.read_submission import read_group
from survey.services.submission_views import AgencyRef
from survey.services.who_provides import choose_providers, proposals, propose_body, who_provides
from tests.services.figures_world import ROUND, SET, give_duty, place_of, stands
from tests.services.world import FULL, NOW, World, at

BODIES = [
    AgencyRef(1, "SKHCN", "Sở Khoa học và Công nghệ"),
    AgencyRef(2, "SYT", "Sở Y tế"),
    AgencyRef(3, "DUCA", "Đảng ủy Công an thành phố Hà Nội"),
    AgencyRef(4, "SK", "Sở Khoa học"),
]


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("Sở Khoa học và Công nghệ", "SKHCN"),
        ("Doanh nghiệp viễn thông, qua Sở Khoa học và Công nghệ", "SKHCN"),
        ("SỞ Y TẾ", "SYT"),
        ("Công an Thành phố", None),
        ("Thuế Thành phố", None),
        ("Sở Y tế công cộng", "SYT"),
        ("Trạm y tế", None),
    ],
)
def test_a_body_is_proposed_by_its_name_alone_or_inside_a_phrase(named: str, code: str | None) -> None:
    found = propose_body(named, BODIES)
    assert (found.code if found else None) == code


def test_the_coordinator_sees_what_has_no_body_and_how_many_have_figures(world: World) -> None:
    world.act(provide_figures, "coordinator", {"2.4.a": "6", "2.4.b": "10"})
    with world.database.reading() as session:
        (part,) = who_provides(session, world["coordinator"], ROUND).parts
    assert (part.without, part.may_change) == (1, True)
    assert [(one.code, one.body, one.proposed, one.filled, one.total) for one in part.givers] == [
        ("2.4", None, None, 1, 4)
    ]
    give_duty(world)
    with world.database.reading() as session:
        (part,) = who_provides(session, world["coordinator"], ROUND).parts
    assert part.without == 0
    assert part.givers[0].body is not None
    assert (part.givers[0].body.name, part.givers[0].has_clerk) == ("Sở Dân tộc và Tôn giáo", True)


def test_choosing_is_one_event_and_choosing_the_same_is_none(world: World) -> None:
    place = place_of(world)
    with world.database.writing() as session:
        assert choose_providers(session, world["coordinator"], ROUND, {place: "SO-2"}, clock=at()) == 1
        assert choose_providers(session, world["coordinator"], ROUND, {place: "SO-2"}, clock=at()) == 0
        assert choose_providers(session, world["coordinator"], ROUND, {place: ""}, clock=at()) == 1
    with world.database.reading() as session:
        assert proposals(who_provides(session, world["coordinator"], ROUND)) == {}


def test_only_coordinators_of_every_khoi_that_answers_choose(world: World) -> None:
    place = place_of(world)
    party = replace(world["coordinator"], kinds=frozenset({"dang"}))
    for person, refusal in ((world["clerk"], NotAllowed), (world["admin"], NotAllowed), (party, NotFound)):
        with world.database.writing() as session, pytest.raises(refusal):
            choose_providers(session, person, ROUND, {place: "SO-2"}, clock=at())
    with world.database.reading() as session:
        assert who_provides(session, party, ROUND).parts == ()


def test_a_body_that_is_not_there_is_refused(world: World) -> None:
    with world.database.writing() as session, pytest.raises(Refused, match="body_unknown"):
        choose_providers(session, world["coordinator"], ROUND, {place_of(world): "KHONG-CO"}, clock=at())
    with world.database.writing() as session, pytest.raises(NotFound):
        choose_providers(session, world["coordinator"], ROUND, {"1.9.9": "SO-2"}, clock=at())


def test_the_duty_appears_with_the_choice_and_goes_with_it(world: World) -> None:
    with world.database.reading() as session:
        assert rounds_to_provide(session, world["other"], clock=at()) == ()
    give_duty(world)
    with world.database.reading() as session:
        assert rounds_to_provide(session, world["other"], clock=at()) == (ROUND,)
        assert rounds_to_provide(session, world["clerk"], clock=at()) == ()
        assert rounds_to_provide(session, world["leader"], clock=at()) == ()
        assert rounds_to_provide(session, world["other"], clock=at(days=-2)) == ()
    give_duty(world, "")
    with world.database.reading() as session:
        assert rounds_to_provide(session, world["other"], clock=at()) == ()


def test_what_is_not_ones_duty_is_missing(world: World) -> None:
    give_duty(world)
    for login in ("clerk", "third", "leader", "admin"):
        with world.database.reading() as session:
            for read in (tasks_of, read_duties):
                with pytest.raises(NotFound):
                    read(session, world[login], ROUND, clock=at())
            with pytest.raises(NotFound):
                read_entry(session, world[login], ROUND, world.submission(), clock=at())
            with pytest.raises(NotFound):
                list_agencies(session, world[login], ROUND, SET, clock=at())


def test_the_owner_gives_figures_for_any_agency_and_sees_nothing_else_of_it(world: World) -> None:
    give_duty(world)
    world.save(FULL)
    world.act(provide_figures, "other", {"2.4.a": "6", "2.4.b": "10"}, source=Source("12/SDTTG", NOW.date()))
    with world.database.reading() as session:
        entry = read_entry(session, world["other"], ROUND, world.submission(), clock=at())
        found = list_agencies(session, world["other"], ROUND, SET, "so y te", clock=at())
    assert [line.code for line in entry.lines] == ["2.4"]
    assert [field.shown for field in entry.lines[0].fields] == ["6", "10"]
    assert [(line.agency.code, line.filled, line.total) for line in found] == [("SO-1", 1, 1)]
    with world.database.reading() as session, pytest.raises(NotFound):
        read_group(session, world["other"], world.submission(), "1", clock=at())


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"2.4.a": "11", "2.4.b": "10"}, Refused),
        ({"2.4.a": "mười"}, Refused),
        ({"2.3": "4"}, NotFound),
        ({"note:2.4": "x"}, NotFound),
    ],
)
def test_the_owner_gives_nothing_that_cannot_be(world: World, typed: dict[str, str], refusal: type[Exception]) -> None:
    give_duty(world)
    with pytest.raises(refusal):
        world.act(provide_figures, "other", typed)
    assert stands(world) == {}


def test_a_clerk_gives_no_figures_to_the_own_body_nor_finds_others(world: World) -> None:
    give_duty(world)
    with pytest.raises(NotAllowed):
        world.act(provide_figures, "clerk", {"2.4.a": "6"})
    with pytest.raises(NotFound):
        world.act(provide_figures, "third", {"2.4.a": "6"})


def shown(world: World) -> IndicatorView:
    return next(one for one in world.look(read_group, "clerk", "2.B").indicators if one.code == "2.4")


def test_the_agency_reads_who_gave_the_figure_when_and_by_which_letter(world: World) -> None:
    give_duty(world)
    assert shown(world).source == ""
    world.act(
        provide_figures, "other", {"2.4.a": "6", "2.4.b": "10"}, source=read_source("12/SDTTG", "5/11/2026", NOW.date())
    )
    assert shown(world).source == (
        "Số liệu do Sở Dân tộc và Tôn giáo cung cấp, ngày 05/11/2026, theo văn bản số 12/SDTTG."
    )
    world.act(provide_figures, "coordinator", {"2.4.a": "7"})
    assert shown(world).source == "Số liệu do Sở Dân tộc và Tôn giáo cung cấp, ngày 23/11/2026."


def test_a_figure_given_after_sending_is_marked_and_leaves_the_sign_off_as_it_is(world: World) -> None:
    give_duty(world)
    world.act(provide_figures, "other", {"2.4.a": "6", "2.4.b": "10"})
    world.save(FULL)
    world.present()
    seen = world.seen_hash()
    assert not shown(world).given_since
    world.act(provide_figures, "other", {"2.4.a": "7"})
    assert shown(world).given_since
    receipt = world.approve(seen=seen)
    assert not shown(world).given_since
    world.act(provide_figures, "other", {"2.4.a": "8"})
    assert shown(world).given_since
    assert world.seen_hash() == receipt.content_hash


def test_nothing_is_given_once_the_round_is_closed(world: World) -> None:
    give_duty(world)
    with world.database.writing() as session:
        close_round(session, world["coordinator"], world.known.round_id, clock=at())
    with pytest.raises(Blocked):
        world.act(provide_figures, "other", {"2.4.a": "6"})
    with world.database.reading() as session:
        duties = read_duties(session, world["other"], ROUND, clock=at())
        assert rounds_to_provide(session, world["other"], clock=at()) == ()
    assert (duties.round.state, duties.tasks[0].open) == (RoundState.CLOSED, False)
    with world.database.writing() as session, pytest.raises(Blocked):
        choose_providers(session, world["coordinator"], ROUND, {place_of(world): ""}, clock=at())


def test_after_the_deadline_figures_are_still_given(world: World) -> None:
    give_duty(world)
    world.act(provide_figures, "other", {"2.4.a": "6", "2.4.b": "10"}, clock=at(days=40))
    with world.database.reading() as session:
        told = history_of(session, world["coordinator"], world.submission())
    assert [event.kind for event in told] == ["figures_provided"]
