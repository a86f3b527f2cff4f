"""Rounds: drafted, opened with what they lack named, changed with reasons, closed and opened again; versions frozen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.services.change_round import change_deadline, reopen_round
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.import_agencies import import_agencies
from survey.services.instance import Session
from survey.services.load_questionnaires import list_questionnaires, load_questionnaires
from survey.services.open_round import add_joined, close_round, coming_rounds, start_round
from survey.services.people import Person
from survey.services.plan_round import change_draft, create_draft, delete_draft, list_plans
from survey.services.read_plan import propose_round, read_plan
from survey.services.round_rules import RoundChanged
from survey.services.round_views import Phase, RoundDraft, RoundPlan
from survey.storage.agencies import Agency
from survey.storage.events import Event
from survey.storage.providers import Provider
from survey.storage.rounds import Round
from tests.services.test_round import questionnaire
from tests.services.world import CLOSES, NOW, World, at

WHY = "Theo công văn số 12 ngày 20/11/2026"
MORE = "code,name,kind,type,level,questionnaire,cohort,assessed\n"


def draft(world: World, **changes: object) -> RoundDraft:
    """What the page of a new round proposes, in other dates than those of the round that is open."""
    with world.database.reading() as session:
        found = propose_round(session, world["coordinator"], clock=at())
    later = {"opens_at": CLOSES + timedelta(days=1), "closes_at": CLOSES + timedelta(days=30), "code": "2027"}
    return replace(found, **(later | changes))  # type: ignore[arg-type]


def drafted(world: World, copied_from: str = "", **changes: object) -> RoundPlan:
    wanted = draft(world, **changes)
    with world.database.writing() as session:
        code = create_draft(session, world["coordinator"], wanted, copied_from=copied_from, clock=at())
    return plan(world, code)


def plan(world: World, code: str = "2026", **later: float) -> RoundPlan:
    with world.database.reading() as session:
        return read_plan(session, world["coordinator"], code, clock=at(**later))


def do(
    world: World, service: Callable[..., object], *values: object, by: str = "coordinator", **named: object
) -> object:
    with world.database.writing() as session:
        return service(session, world[by], *values, **({"clock": at()} | named))


def events(world: World) -> list[str]:
    with world.database.reading() as session:
        query = sa.select(Event.kind).where(Event.stream == "rounds").order_by(Event.number)
        return list(session.scalars(query))


def extra(world: World, tmp_path: Path, line: str) -> None:
    file = tmp_path / "moi.csv"
    file.write_text(MORE + line + "\n", encoding="utf-8")
    with world.database.writing() as session:
        import_agencies(session, file, clock=at())


def test_a_draft_makes_nothing_until_it_is_opened_and_each_step_is_one_event(world: World) -> None:
    before = events(world)
    found = drafted(world)
    assert (found.phase, found.made, found.to_make, found.overlaps) == (Phase.DRAFT, 0, 4, ())
    assert [(one.version, one.bodies) for one in found.questionnaires] == [("1", 4)]
    do(world, start_round, found.id, found.revision)
    opened = plan(world, "2027")
    assert (opened.phase, opened.made, opened.to_make) == (Phase.COMING, 4, 0)
    assert events(world)[len(before) :] == ["round_drafted", "round_opened"]


def test_a_round_that_begins_later_is_told_to_its_bodies_and_takes_no_answers(world: World) -> None:
    found = drafted(world)
    do(world, start_round, found.id, found.revision)
    with world.database.reading() as session:
        own = next(body.agency_id for body in world["third"].bodies)
        assert [one.code for one in coming_rounds(session, world["third"], own, clock=at())] == ["2027"]
        assert coming_rounds(session, world["clerk"], own, clock=at()) == ()
        assert coming_rounds(session, world["third"], own, clock=at(days=24)) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_at": NOW - timedelta(seconds=1), "opens_at": NOW - timedelta(days=2)}, "closes"),
        ({"closes_at": CLOSES + timedelta(days=1)}, "closes"),
        ({"code": "2026"}, "code"),
        ({"code": "2026/2"}, "code"),
        ({"code": "moi"}, "code"),
        ({"code": ""}, "code"),
        ({"title": "  "}, "title"),
        ({"period": "x" * 101}, "period"),
        ({"figures_from": date(2026, 2, 1), "figures_to": date(2026, 1, 1)}, "figures_to"),
        ({"figures_from": date(2026, 2, 1), "figures_to": None}, "figures_to"),
        ({"cohorts": frozenset()}, "cohorts"),
        ({"cohorts": frozenset({"khac"})}, "cohorts"),
        ({"versions": frozenset({10_000})}, "versions"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_kept(
    world: World, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as caught:
        drafted(world, **changes)
    assert caught.value.field == field
    assert caught.value.sentence("vi") != caught.value.sentence("en")
    with world.database.reading() as session:
        assert [one.code for one in list_plans(session, world["coordinator"])] == ["2026"]


def test_only_coordinators_of_every_khoi_make_and_change_rounds(world: World) -> None:
    found = drafted(world)
    scoped = replace(world["coordinator"], kinds=frozenset({"nha_nuoc"}))
    wanted = draft(world, code="2028")

    def tries(person: Person, session: Session) -> list[Callable[[], object]]:
        return [
            lambda: create_draft(session, person, wanted),
            lambda: change_draft(session, person, found.id, found.revision, wanted),
            lambda: start_round(session, person, found.id, found.revision),
            lambda: delete_draft(session, person, found.id, found.revision),
            lambda: add_joined(session, person, world.known.round_id),
            lambda: close_round(session, person, world.known.round_id),
            lambda: change_deadline(session, person, world.known.round_id, 1, CLOSES, WHY),
            lambda: reopen_round(session, person, world.known.round_id, 1, CLOSES, WHY),
        ]

    with world.database.writing() as session:
        for person in (scoped, world["clerk"], world["admin"]):
            for attempt in tries(person, session):
                with pytest.raises(NotAllowed):
                    attempt()
        assert read_plan(session, scoped, "2027").code == "2027"
        with pytest.raises(NotAllowed):
            read_plan(session, world["clerk"], "2027")
        with pytest.raises(NotFound):
            read_plan(session, scoped, "1999")


def test_rounds_that_ask_the_same_bodies_at_once_need_a_tick(world: World) -> None:
    found = drafted(world, opens_at=NOW, closes_at=CLOSES)
    assert [(one.code, one.bodies) for one in found.overlaps] == [("2026", 4)]
    with pytest.raises(Refused) as caught:
        do(world, start_round, found.id, found.revision)
    assert caught.value.field == "overlap_ok"
    assert "2026" in caught.value.sentence()
    do(world, start_round, found.id, found.revision, overlap_ok=True)
    with pytest.raises(Refused) as again:  # another deadline is looked at the same way
        do(world, change_deadline, found.id, None, CLOSES + timedelta(days=2), WHY)
    assert again.value.field == "overlap_ok"


def test_rounds_that_touch_or_ask_other_bodies_do_not_overlap(world: World) -> None:
    assert drafted(world, opens_at=CLOSES, closes_at=CLOSES + timedelta(days=1)).overlaps == ()
    do(world, close_round, world.known.round_id)
    assert drafted(world, code="2028", opens_at=NOW, closes_at=CLOSES).overlaps == ()


def test_a_draft_whose_deadline_has_passed_is_not_opened(world: World) -> None:
    found = drafted(world)
    with pytest.raises(Refused) as caught:
        do(world, start_round, found.id, found.revision, clock=at(days=200))
    assert caught.value.key == "rounds.closes_past"


def test_bodies_that_lack_something_are_named_and_left_out_only_when_agreed(world: World, tmp_path: Path) -> None:
    with world.database.writing() as session:
        session.execute(sa.update(Agency).where(Agency.code == "SO-3").values(cohort_code=None))
        session.execute(sa.update(Agency).where(Agency.code == "SO-2").values(questionnaire_id=""))
    found = drafted(world)
    assert found.lacking.no_cohort == ("Sở Tài chính",)
    assert found.lacking.no_questionnaire == ("Sở Dân tộc và Tôn giáo",)
    assert found.to_make == 2
    with pytest.raises(Refused) as caught:
        do(world, start_round, found.id, found.revision)
    assert caught.value.field == "lacking_ok"
    do(world, start_round, found.id, found.revision, lacking_ok=True)
    assert plan(world, "2027").made == 2
    with world.database.writing() as session:
        session.execute(sa.update(Agency).where(Agency.code == "SO-2").values(questionnaire_id="mau"))
    assert plan(world, "2027").to_make == 1
    do(world, add_joined, found.id)
    assert (plan(world, "2027").made, events(world)[-1]) == (3, "round_joined")


def test_a_questionnaire_that_is_not_published_keeps_a_round_shut(world: World, tmp_path: Path) -> None:
    extra(world, tmp_path, "X,Cơ quan khác,x,so,tp,khac,so-nganh,1")
    found = drafted(world)
    assert found.lacking.unpublished == (("khac", 1),)
    with pytest.raises(Refused, match="questionnaire_unknown"):
        do(world, start_round, found.id, found.revision, lacking_ok=True)
    assert plan(world, "2027").phase is Phase.DRAFT


def test_only_the_cohorts_that_take_part_get_a_submission(world: World) -> None:
    found = drafted(world, cohorts=frozenset({"ubnd-phuong"}))
    assert found.to_make == 1
    do(world, start_round, found.id, found.revision)
    assert plan(world, "2027").made == 1
    do(world, add_joined, found.id, ["so-nganh"])
    assert plan(world, "2027").made == 4


def test_two_who_change_a_draft_never_overwrite_each_other(world: World) -> None:
    found = drafted(world)
    do(world, change_draft, found.id, found.revision, draft(world, title="Đợt một"))
    with pytest.raises(RoundChanged):
        do(world, change_draft, found.id, found.revision, draft(world, title="Đợt hai"))
    now = plan(world, "2027")
    assert (now.title, now.revision) == ("Đợt một", found.revision + 1)
    count = len(events(world))
    do(world, change_draft, found.id, now.revision, draft(world, title="Đợt một"))  # nothing is different
    assert (len(events(world)), plan(world, "2027").revision) == (count, now.revision)


def test_a_draft_can_be_deleted_and_an_opened_round_never(world: World) -> None:
    found = drafted(world)
    with pytest.raises(RoundChanged):
        do(world, delete_draft, found.id, found.revision + 1)
    do(world, delete_draft, found.id, found.revision)
    with world.database.reading() as session:
        assert [one.code for one in list_plans(session, world["coordinator"])] == ["2026"]
    with pytest.raises(Refused) as caught:
        do(world, delete_draft, world.known.round_id, 1)
    assert "đóng đợt" in caught.value.sentence()


def test_a_copy_is_the_earlier_round_a_year_later_with_the_newest_versions_and_its_providers(
    world: World, tmp_path: Path
) -> None:
    with world.database.writing() as session:
        load_questionnaires(session, questionnaire(tmp_path / "a", version="2"), clock=at())
        newest, oldest = (one.version_id for one in list_questionnaires(session))
        giver = session.scalars(sa.select(Agency.id).where(Agency.code == "SO-3")).one()
        given = "2.4"  # provided by others in this questionnaire
        for indicator in (given, "1.1"):
            line = Provider(round_id=world.known.round_id, version_id=oldest, indicator=indicator, agency_id=giver)
            session.add(line)
        figures = {"figures_from": date(2024, 2, 29), "figures_to": date(2026, 12, 31)}
        session.execute(sa.update(Round).values(**figures))
    with world.database.reading() as session:
        proposed = propose_round(session, world["coordinator"], "2026", clock=at())
    assert (proposed.code, proposed.title, proposed.period) == ("2027", "Đợt đánh giá năm 2027", "Năm 2027")
    assert (proposed.figures_from, proposed.figures_to) == (date(2025, 2, 28), date(2027, 12, 31))
    assert proposed.closes_at == CLOSES + timedelta(days=365)
    assert proposed.versions == {newest}
    with world.database.writing() as session:
        create_draft(session, world["coordinator"], proposed, copied_from="2026", clock=at())
    copied = plan(world, "2027")
    assert copied.copied_from == "2026"
    with world.database.reading() as session:
        lines = session.execute(
            sa.select(Provider.version_id, Provider.indicator).where(Provider.round_id == copied.id)
        ).all()
    assert lines == [(newest, given)]
