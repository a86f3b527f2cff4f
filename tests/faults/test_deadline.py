"""The deadline is the server's, read inside the transaction: a phiếu is taken if and only if that moment is in time."""

import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from survey.services.errors import Blocked
from survey.services.send_for_approval import recall
from survey.services.sign_off import approve, withdraw
from survey.storage.database import system_clock
from survey.storage.rounds import Round
from survey.storage.submissions import SignOff
from tests.faults.conftest import size
from tests.services.world import CLOSES, FULL, World

AROUND = 0.4  # seconds before and after the deadline


def sends(world: World, digest: str, moment: datetime) -> bool:
    try:
        with world.database.writing() as session:
            approve(session, world["leader"], world.submission(), digest, clock=lambda: moment)
    except Blocked:
        return False
    return True


def test_by_the_clock_of_the_server_it_is_taken_up_to_the_very_moment(world: World) -> None:
    tries = size(20, 200)
    world.save(FULL)
    for number in range(tries):
        world.present()
        after = timedelta(microseconds=round((2 * number / (tries - 1) - 1) * 1_000_000))
        moments = (after, timedelta(0), timedelta(microseconds=1)) if number == 0 else (after,)
        for late in moments:
            taken = sends(world, world.seen_hash(), CLOSES + late)
            assert taken == (late <= timedelta(0)), late
            if taken:
                world.act(withdraw, "leader")
                world.present()
        world.act(recall, "clerk")


def test_in_real_time_what_is_signed_in_time_is_taken_and_nothing_else(world: World) -> None:
    tries = size(6, 200)
    world.save(FULL)
    for number in range(tries):
        world.present()
        digest = world.seen_hash()
        closes = datetime.now(UTC) + timedelta(seconds=AROUND)
        with world.database.writing() as session:
            session.execute(sa.update(Round).values(closes_at=closes))
        late = AROUND * (2 * number / (tries - 1) - 1)
        time.sleep(max(0.0, (closes - system_clock()).total_seconds() + late))
        began, taken = system_clock(), True
        try:
            with world.database.writing() as session:
                approve(session, world["leader"], world.submission(), digest)
        except Blocked:
            taken = False
        ended = system_clock()
        with world.database.reading() as session:
            signed = session.scalars(sa.select(SignOff.at).where(SignOff.ended_at.is_(None))).all()
        assert len(signed) == taken
        assert all(at <= closes for at in signed)
        assert not taken or began <= closes
        assert taken or ended > closes, "what was in time was refused"
        with world.database.writing() as session:
            session.execute(sa.update(Round).values(closes_at=CLOSES))
        world.act(withdraw if taken else recall, "leader" if taken else "clerk")
