"""The result of a round as a file: recomputed to the last digit, scoped by khối, and held to what pages show."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from survey.core.recompute import Recomputed, recompute
from survey.core.result_file import read_result
from survey.services import make_result as making
from survey.services.errors import NotAllowed, Refused
from survey.services.make_result import make_result, result_of_round
from survey.services.score_round import score_round
from tests.services.world import FULL, World, at


def check(content: bytes) -> Recomputed:
    return recompute(read_result(content, "x"), "x")


def bodies(content: bytes) -> dict[str, Any]:
    return {body["agency"]: body for part in json.loads(content)["parts"] for body in part["bodies"]}


def test_a_round_is_recomputed_to_the_last_digit(world: World) -> None:
    world.send(FULL)
    world.save({"1.3": "yes"}, by="other", agency="SO-2")
    with world.database.reading() as session:
        content = result_of_round(session, world.known.round_id, clock=at(hours=5))
        scored = score_round(session, world.known.round_id)
    done = check(content)
    assert done.differences == ()
    assert done.bodies == len(world.known.submissions)
    found = bodies(content)
    assert found["SO-1"]["figures"]["rank"] == {"": "1"}
    assert "rank" not in found["SO-2"]["figures"]  # not sent
    for one in scored.questionnaires:
        for entry, total in zip(one.entries, one.scores.total.tolist(), strict=True):
            assert float(found[entry.agency.code]["figures"]["points"][""]) == total
    assert re.fullmatch(r"[0-9a-f]{64}", json.loads(content)["head"])


def test_only_those_with_a_view_of_the_round_take_it(world: World) -> None:
    with world.database.reading() as session:
        assert check(make_result(session, world["coordinator"], world.known.round_id)).differences == ()
        with pytest.raises(NotAllowed):
            make_result(session, world["clerk"], world.known.round_id)


def test_bodies_of_other_khoi_are_not_in_it(world: World) -> None:
    with world.database.reading() as session:
        assert result_of_round(session, world.known.round_id, kinds={"dang"}) == b""
        state = bodies(result_of_round(session, world.known.round_id, kinds={"nha_nuoc"}))
    assert set(state) == set(world.known.submissions)


def test_a_file_that_would_say_otherwise_than_the_pages_is_not_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*args: Any, **kwargs: Any) -> Any:
        scored = score_round(*args, **kwargs)
        first, *rest = scored.questionnaires
        return replace(
            scored, questionnaires=(replace(first, scores=replace(first.scores, total=first.scores.total + 1)), *rest)
        )

    world.send(FULL)
    monkeypatch.setattr(making, "score_round", wrong)
    with world.database.reading() as session, pytest.raises(Refused) as refused:
        result_of_round(session, world.known.round_id)
    assert refused.value.key == "result.disagree"
