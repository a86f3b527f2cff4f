"""The same button pressed twice at the same moment does what one press after the other does, and never more."""

import threading
from collections import Counter
from pathlib import Path

import pytest

from survey.core.errors import Faults
from survey.services.errors import ServiceError
from tests.databases import Store
from tests.services.deeds import Deed, Scene
from tests.services.test_every_deed import DEEDS
from tests.services.world import World, at


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_two_presses_at_the_same_moment_leave_what_two_after_each_other_leave(
    deed: Deed, world: World, store: Store, tmp_path: Path
) -> None:
    scene = Scene(world, tmp_path, store)
    scene.give_contacts()
    if deed.given is not None:
        deed.given(scene)
    before = len(scene.events())
    done, strange = press_twice(scene, deed)
    assert strange == [], "a press that comes second is told so, and nothing breaks"
    assert done >= 1, "one of the two is the first"
    left = Counter((event.kind, event.stream, event.account_id) for event in scene.events()[before:])
    once = Counter(deed.told(scene, deed.tells))
    twice = once + Counter(deed.told(scene, deed.again or ()))
    assert left in ([once, twice] if done == 1 or twice == once else [twice])


def press_twice(scene: Scene, deed: Deed) -> tuple[int, list[BaseException]]:
    """How many of two simultaneous presses were done, and what broke; what is refused with a sentence is neither."""
    barrier, done, strange = threading.Barrier(2, timeout=30), [], []
    scene.world.minutes += 1
    moment = at(minutes=scene.world.minutes)
    who = scene.world[deed.by]

    def press() -> None:
        try:
            barrier.wait()
            with scene.world.database.writing() as session:
                deed.press(scene, session, who, moment)
            done.append(True)
        except (ServiceError, Faults):
            return
        except BaseException as error:
            strange.append(error)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done), strange
