"""Packages that are refused: changed, forged, of strangers, with points that their figures do not give."""

import json
import random
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.instance import mark_demonstration
from survey.services.make_package import make_package
from survey.services.package_format import fingerprint_of, read_package, write_package
from survey.services.take_package import preview_package, remove_package, take_package
from survey.services.trust_source import UnknownSource, distrust_source, list_sources, named, source_of, trust_source
from survey.storage.events import Event
from tests.services.packed import FIGURES, pack, scores, sender, take, trust
from tests.services.world import World, at

__all__ = ["sender"]


@FIGURES
def test_any_changed_byte_is_refused(sender: World, tmp_path: Path, figures: bool) -> None:
    data = pack(sender, tmp_path, figures=figures)
    read_package(data)
    chosen = (
        set(random.Random(5).sample(range(len(data)), 600)) | set(range(100)) | set(range(len(data) - 400, len(data)))
    )
    for place in chosen:
        for bit in (1, 32):  # 32 turns the case of a letter
            changed = bytearray(data)
            changed[place] ^= bit
            with pytest.raises(Refused):
                read_package(bytes(changed))
    for other in (
        data[:-1],
        data + b"\n",
        b" " + data,
        b"",
        b"[]",
        b"{}",
        b"PK\x03\x04",
        b"[" * 10**5,
        b'{"a":' * 10**5,
    ):
        with pytest.raises(Refused):
            read_package(other)


def test_what_is_signed_by_another_key_is_refused_once_a_source_is_trusted(
    world: World, sender: World, tmp_path: Path
) -> None:
    data = pack(sender, tmp_path, figures=True)
    with world.database.reading() as session, pytest.raises(UnknownSource) as unknown:
        preview_package(session, world["coordinator"], 1, data)
    assert unknown.value.source.name == "Văn phòng Thành ủy"
    assert unknown.value.source.fingerprint == fingerprint_of(read_package(data).public_key)
    trust(world, data)
    forged = write_package(read_package(data).content, Ed25519PrivateKey.generate())
    with pytest.raises(Refused, match="key_changed"):
        take(world, forged)
    with world.database.writing() as session, pytest.raises(Refused, match="key_changed"):
        trust_source(session, world["admin"], forged, "")


def test_only_an_administrator_who_compared_the_key_trusts_a_source(
    world: World, sender: World, tmp_path: Path
) -> None:
    data = pack(sender, tmp_path, figures=True)
    with world.database.writing() as session:
        with pytest.raises(NotAllowed):
            trust_source(session, world["coordinator"], data, "")
        with pytest.raises(Refused, match="fingerprint_differs") as differs:
            trust_source(session, world["admin"], data, "0000 0000")
        assert source_of(session, data).fingerprint not in differs.value.sentence()
        assert list_sources(session, world["admin"]) == ()
    trust(world, data)
    trust(world, data)
    with world.database.reading() as session:
        assert [one.instance_id for one in list_sources(session, world["admin"])] == ["feedfacecafe0001"]
        assert session.scalar(sa.select(sa.func.count()).where(Event.kind == "source_trusted")) == 1


def test_a_source_that_is_trusted_no_longer_brings_nothing_until_its_new_key_is_compared(
    world: World, sender: World, tmp_path: Path
) -> None:
    data = pack(sender, tmp_path, figures=True)
    trust(world, data)
    take(world, data)
    before = scores(world)
    with world.database.writing() as session:
        with pytest.raises(NotAllowed):
            distrust_source(session, world["coordinator"], "feedfacecafe0001")
        distrust_source(session, world["admin"], "feedfacecafe0001", clock=at(hours=3))
    with world.database.writing() as session:
        with pytest.raises(NotFound):
            distrust_source(session, world["admin"], "feedfacecafe0001")
        assert [one.ended for one in list_sources(session, world["admin"])] == [at(hours=3)()]
    with pytest.raises(UnknownSource):
        take(world, data)
    assert scores(world) == before  # what was taken stays
    newer = pack(sender, tmp_path, figures=True, hours=1.5)
    renewed = write_package(read_package(newer).content, Ed25519PrivateKey.generate())
    trust(world, renewed)
    assert take(world, renewed).counted
    with pytest.raises(Refused, match="key_changed"):
        take(world, data)


def test_ones_own_package_is_not_taken(world: World, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="own"):
        take(world, pack(world, tmp_path, figures=True))


def test_points_that_the_figures_do_not_give_are_refused_naming_the_body(
    world: World, sender: World, tmp_path: Path
) -> None:
    content = read_package(pack(sender, tmp_path, figures=True)).content
    first = next(body for body in content.bodies if body.code == "SO-1")
    first.groups["1"] = (first.groups["1"][0] + 1, first.groups["1"][1])
    data = write_package(content, Ed25519PrivateKey.generate())
    trust(world, data)
    with pytest.raises(Refused, match="scores_differ") as refused:
        take(world, data)
    assert first.name in refused.value.sentence()


@pytest.mark.parametrize("harm", ["key", "number", "option"])
def test_figures_that_mean_nothing_here_are_refused(world: World, sender: World, tmp_path: Path, harm: str) -> None:
    content = read_package(pack(sender, tmp_path, figures=True)).content
    figures = next(body.figures for body in content.bodies if body.code == "SO-1")
    assert figures is not None
    if harm == "key":
        figures.values["9.9"] = "1"
    elif harm == "number":
        figures.values["1.2.a"] = "viele"
    else:
        figures.values["1.1"] = "niemand"
    data = write_package(content, Ed25519PrivateKey.generate())
    trust(world, data)
    with pytest.raises(Refused):
        take(world, data)


def test_a_demonstration_tells_nothing_to_a_real_instance(world: World, sender: World, tmp_path: Path) -> None:
    with sender.database.writing() as session:
        mark_demonstration(session)
    data = pack(sender, tmp_path, figures=True)
    trust(world, data)
    with pytest.raises(Refused, match="demonstration"):
        take(world, data)


@pytest.mark.parametrize("who", ["clerk", "leader", "admin"])
def test_others_neither_make_nor_take_packages(world: World, sender: World, tmp_path: Path, who: str) -> None:
    data = pack(sender, tmp_path, figures=True)
    trust(world, data)
    with world.database.writing() as session:
        for act in (
            lambda: make_package(session, world[who], 1, tmp_path, figures=True),
            lambda: take_package(session, world[who], 1, data),
            lambda: remove_package(session, world[who], 1, 1),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_the_signing_key_is_locked_and_lost_with_the_secret(sender: World, tmp_path: Path) -> None:
    pack(sender, tmp_path, figures=False)
    first = (tmp_path / "package.key").read_bytes()
    pack(sender, tmp_path, figures=False)
    assert (tmp_path / "package.key").read_bytes() == first
    assert (tmp_path / "package.key").stat().st_mode & 0o077 == 0
    (tmp_path / "secret.key").unlink()
    with pytest.raises(Refused, match="key_lost"):
        pack(sender, tmp_path, figures=False)


def test_a_package_is_canonical_json(sender: World, tmp_path: Path) -> None:
    told = json.loads(pack(sender, tmp_path, figures=True))
    assert set(told) == {"content", "key", "sha256", "signature"}
    assert told["content"]["with_figures"] is True


def test_a_source_without_a_name_is_called_by_its_number_once() -> None:
    assert [named(name, "feed01") for name in ("", "feed01", "Thành ủy")] == ["feed01", "feed01", "Thành ủy (feed01)"]
