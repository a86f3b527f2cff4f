"""A round that is open: its version frozen once begun, its deadline moved with a reason, closed and opened again."""

from datetime import timedelta
from pathlib import Path

import pytest

from survey.core.workflow import RoundState
from survey.services.change_round import change_deadline, change_open_round, reopen_round
from survey.services.errors import Refused
from survey.services.load_questionnaires import list_questionnaires, load_questionnaires
from survey.services.open_round import add_joined, close_round
from survey.services.round_rules import RoundChanged
from survey.services.round_views import Phase
from tests.services.test_plan_round import WHY, do, events, plan
from tests.services.test_round import questionnaire
from tests.services.world import CLOSES, NOW, World, at


def test_a_version_is_changed_until_somebody_begins_and_frozen_then(world: World, tmp_path: Path) -> None:
    with world.database.writing() as session:
        load_questionnaires(session, questionnaire(tmp_path / "a", version="2"), clock=at())
        newest, oldest = (one.version_id for one in list_questionnaires(session))
    words = {"title": "Đợt 2026", "period": "Năm 2026", "figures": (None, None)}
    do(world, change_open_round, world.known.round_id, 2, versions={newest}, **words)
    assert plan(world).questionnaires[0].version == "2"
    world.save({"2.3": "4"})
    with pytest.raises(Refused) as caught:
        do(world, change_open_round, world.known.round_id, 3, versions={oldest}, **words)
    assert (caught.value.field, caught.value.values["count"]) == ("versions", 1)
    assert plan(world).questionnaires[0].version == "2"


def test_the_deadline_moves_with_a_reason_and_never_into_the_past(world: World) -> None:
    number, revision = world.known.round_id, plan(world).revision
    for closes, why, field in (
        (NOW - timedelta(minutes=1), WHY, "closes"),
        (CLOSES, WHY, "closes"),
        (CLOSES + timedelta(days=1), "gấp", "reason"),
        (CLOSES + timedelta(days=1), "kiểm tra lại", "reason"),
    ):
        with pytest.raises(Refused) as caught:
            do(world, change_deadline, number, revision, closes, why)
        assert caught.value.field == field
    do(world, change_deadline, number, revision, NOW + timedelta(hours=2), WHY)
    assert (plan(world).closes_at, events(world)[-1]) == (NOW + timedelta(hours=2), "round_deadline_changed")
    assert plan(world, hours=3).phase is Phase.OVER
    with pytest.raises(RoundChanged):
        do(world, change_deadline, number, revision, CLOSES, WHY)


def test_a_closed_round_opens_again_with_a_reason_and_a_new_deadline(world: World) -> None:
    number = world.known.round_id
    with pytest.raises(Refused):
        do(world, reopen_round, number, plan(world).revision, CLOSES, WHY)
    do(world, close_round, number)
    with pytest.raises(Refused):
        do(world, change_deadline, number, plan(world).revision, CLOSES + timedelta(days=1), WHY)
    with pytest.raises(Refused):
        do(world, add_joined, number)
    do(world, reopen_round, number, plan(world).revision, CLOSES + timedelta(days=5), WHY)
    found = plan(world)
    assert (found.state, found.closes_at) == (RoundState.OPEN, CLOSES + timedelta(days=5))
    world.save({"2.3": "4"})
    assert events(world)[-2:] == ["round_closed", "round_reopened"]
