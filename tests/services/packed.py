"""Packages for tests: another instance, and what an operator does with what it sends."""

from pathlib import Path
from typing import Any

import pytest

from survey.services.make_package import make_package
from survey.services.score_round import score_round
from survey.services.take_package import take_package
from survey.services.trust_source import source_of, trust_source
from survey.storage import settings
from tests.databases import Store
from tests.services.world import FULL, World, at, build_world

FIGURES = pytest.mark.parametrize("figures", [True, False], ids=["figures", "points"])


@pytest.fixture
def sender(store: Store) -> World:
    """Another instance with the same register and rules."""
    return elsewhere(store)


def elsewhere(store: Store) -> World:
    """Another instance in which somebody has sent, somebody types, somebody has begun."""
    world = World(*store.fresh(build_world))
    with world.database.writing() as session:
        settings.write(session, "instance_id", "feedfacecafe0001")
        settings.write(session, "name", "Văn phòng Thành ủy")
    world.send(FULL | {"unproven:1.1": "Bản gốc do ông Kín giữ"})
    world.save({"2.3": "3", "2.7": "Bà Nguyễn Thị Kín, điện thoại 0912345678"}, by="other", agency="SO-2")
    world.save({"1.1": "cap_pho"}, by="third", agency="SO-3")
    return world


def pack(sender: World, folder: Path, *, figures: bool, hours: float = 1) -> bytes:
    with sender.database.reading() as session:
        clock = at(hours=hours)
        made = make_package(session, sender["coordinator"], 1, folder, figures=figures, clock=clock)
    return made.content


def trust(world: World, data: bytes) -> None:
    with world.database.writing() as session:
        trust_source(session, world["admin"], data, source_of(session, data).fingerprint, clock=at(hours=2))


def take(world: World, data: bytes) -> Any:
    with world.database.writing() as session:
        return take_package(session, world["coordinator"], 1, data, clock=at(hours=2))


def scores(world: World) -> dict[str, Any]:
    """Everything that a summary says of each body."""
    with world.database.reading() as session:
        told = score_round(session, 1)
    return {
        entry.agency.code: (
            entry.state, entry.sent_at, one.scores.total[row], one.scores.maximum[row], one.scores.rate[row],
            one.scores.rate_published[row], one.scores.level[row], one.scores.points[row].tolist(),
            one.scores.states[row].tolist(), {code: values[row] for code, values in one.scores.group_points.items()},
            {code: values[row] for code, values in one.scores.group_maximum.items()},
        )
        for one in told.questionnaires
        for row, entry in enumerate(one.entries)
    }  # fmt: skip
