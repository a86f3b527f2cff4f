"""Notices reach those they are for until they end; the feed of a body keeps everything it was told, newest first."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from survey.services.announce import (
    Audience,
    list_audiences,
    list_notices,
    mark_feed_read,
    read_feed,
    remove_notice,
    write_notice,
)
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.extend_submission import extend_submissions
from survey.services.remind import Channel, send_reminders
from survey.services.request_kad import decide_kad, request_kad
from survey.services.sign_off import return_to_clerk
from survey.storage.events import Event
from tests.services.world import CLOSES, FULL, NOW, World, at

UNTIL = NOW + timedelta(days=3)


def write(
    world: World, audience: Audience, about: str = "", text: str = "Xem lại chỉ số 2.1", **changes: object
) -> int:
    wanted = {"until": UNTIL, "clock": at()} | changes
    until = wanted.pop("until")
    with world.database.writing() as session:
        return write_notice(
            session,
            world["coordinator"],
            world.known.round_id,
            audience,
            about,
            text,
            until,
            **wanted,  # type: ignore[arg-type]
        )


def told(world: World, by: str, agency: str, **later: float) -> list[str]:
    """The texts of what holds and is not yet read."""
    with world.database.reading() as session:
        feed = read_feed(session, world[by], world.submission(agency), clock=at(**later))
    return [item.text for item in feed.fresh]


def test_a_notice_reaches_those_it_is_for(world: World) -> None:
    write(world, Audience.EVERYBODY, text="mọi đơn vị")
    write(world, Audience.KIND, "nha_nuoc", text="khối")
    write(world, Audience.COHORT, "ubnd-phuong", text="nhóm phường")
    write(world, Audience.BODY, "SO-3", text="riêng Sở Tài chính")
    assert set(told(world, "clerk", "SO-1")) == {"mọi đơn vị", "khối"}
    assert set(told(world, "clerk", "P-1")) == {"mọi đơn vị", "khối", "nhóm phường"}
    assert set(told(world, "third", "SO-3")) == {"mọi đơn vị", "khối", "riêng Sở Tài chính"}


def test_a_notice_that_ended_or_was_taken_away_stays_in_the_list(world: World) -> None:
    write(world, Audience.EVERYBODY, text="hết hạn")
    gone = write(world, Audience.EVERYBODY, text="gỡ", until=CLOSES)
    with world.database.writing() as session:
        for _ in range(2):  # twice is once
            remove_notice(session, world["coordinator"], world.known.round_id, gone, clock=at(hours=1))
    assert told(world, "clerk", "SO-1", days=4) == []
    with world.database.reading() as session:
        feed = read_feed(session, world["clerk"], world.submission(), clock=at(days=4))
        assert [(item.text, item.current) for item in feed.items] == [("gỡ", False), ("hết hạn", False)]
        kinds = session.scalars(sa.select(Event.kind).where(Event.kind.like("notice_%"))).all()
        assert sorted(kinds) == ["notice_removed", "notice_written", "notice_written"]


@pytest.mark.parametrize(
    ("audience", "about", "changes", "field"),
    [
        (Audience.EVERYBODY, "", {"text": " "}, "text"),
        (Audience.EVERYBODY, "", {"text": "x" * 2001}, "text"),
        (Audience.EVERYBODY, "", {"until": NOW}, "until"),
        (Audience.BODY, "XYZ", {}, "body"),
        (Audience.KIND, "khac", {}, "audience"),
        (Audience.COHORT, "khac", {}, "audience"),
    ],
)
def test_what_cannot_be_is_refused(
    world: World, audience: Audience, about: str, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as caught:
        write(world, audience, about, **changes)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_a_scoped_coordinator_writes_to_their_own_khoi_only(world: World) -> None:
    number = write(world, Audience.KIND, "nha_nuoc")
    stranger = replace(world["coordinator"], kinds=frozenset({"dang"}))
    own = replace(world["coordinator"], kinds=frozenset({"nha_nuoc"}))
    where = world.known.round_id
    with world.database.writing() as session:
        assert not list_audiences(session, own).everybody
        assert [code for code, _ in list_audiences(session, own).cohorts] == ["so-nganh", "ubnd-phuong"]
        assert list_audiences(session, stranger).cohorts == ()
        for audience, about in ((Audience.EVERYBODY, ""), (Audience.COHORT, "so-nganh"), (Audience.BODY, "SO-1")):
            with pytest.raises(Refused):
                write_notice(session, stranger, where, audience, about, "Thử", UNTIL, clock=at())
        with pytest.raises(Refused):
            write_notice(session, own, where, Audience.EVERYBODY, "", "Thử", UNTIL, clock=at())
        write_notice(session, own, where, Audience.COHORT, "so-nganh", "Thử", UNTIL, clock=at())
        with pytest.raises(NotFound):
            remove_notice(session, stranger, where, number, clock=at())
        assert list_notices(session, stranger, where, clock=at()) == ()
        assert len(list_notices(session, own, where, clock=at())) == 2
        with pytest.raises(NotAllowed):
            write_notice(session, world["clerk"], where, Audience.EVERYBODY, "", "Thử", UNTIL, clock=at())


def test_the_feed_tells_of_extensions_reminders_returns_and_answers_newest_first(world: World) -> None:
    world.act(request_kad, "clerk", "2.2", "Đơn vị không có nhiệm vụ này trong năm")
    world.act(decide_kad, "coordinator", "2.2", approve=False, reason="Quyết định 12 giao nhiệm vụ này cho Sở")
    world.save(FULL)
    world.present()
    world.act(return_to_clerk, "leader", "Chỉ số 2.3: xem lại số cuộc họp")
    with world.database.writing() as session:
        ids, until, number = [world.submission()], CLOSES + timedelta(days=3), world.known.round_id
        why = "Theo công văn số 5 ngày 20/11/2026"
        extend_submissions(session, world["coordinator"], number, ids, until, why, clock=at(hours=1))
        send_reminders(session, world["coordinator"], number, ids, Channel.ZALO, "", "Nhắc", clock=at(hours=2))
    with world.database.reading() as session:
        feed = read_feed(session, world["leader"], world.submission(), clock=at(hours=3))
    assert [item.kind for item in feed.items] == ["reminder", "extended", "returned", "kad_decided"]
    assert feed.items[1].until == CLOSES + timedelta(days=3)
    assert (feed.items[3].code, feed.items[3].decision) == ("2.2", "refused")
    assert feed.items[0].text == ""  # a list of other bodies is nobody else's


def test_read_is_each_persons_own_and_loses_nothing(world: World) -> None:
    write(world, Audience.EVERYBODY, text="một")
    with world.database.writing() as session:
        mark_feed_read(session, world["clerk"], world.submission(), clock=at(hours=1))
    assert (told(world, "clerk", "SO-1"), told(world, "leader", "SO-1")) == ([], ["một"])
    write(world, Audience.EVERYBODY, text="hai", clock=at(hours=2))
    assert told(world, "clerk", "SO-1") == ["hai"]
    with world.database.reading() as session:
        feed = read_feed(session, world["clerk"], world.submission(), clock=at(hours=2))
        assert [(item.text, item.unread) for item in feed.items] == [("hai", True), ("một", False)]
        with pytest.raises(NotFound):
            read_feed(session, world["other"], world.submission(), clock=at())
