"""Each deed of the system leaves exactly its events, by the right person; a refused or repeated one leaves none."""

from pathlib import Path

import pytest

from survey.core.errors import Faults
from survey.services.errors import ServiceError
from tests.databases import Store
from tests.services.deeds import Deed, Press, Scene, betrayed
from tests.services.deeds_accounts import ACCOUNTS, OWN, SIGNING_IN
from tests.services.deeds_leader import LEADING
from tests.services.deeds_office import INSTANCE, REGISTER, ROUNDS
from tests.services.deeds_phieu import FILLING, SIGNING
from tests.services.world import World

DEEDS = (*FILLING, *LEADING, *SIGNING, *REGISTER, *ROUNDS, *INSTANCE, *ACCOUNTS, *SIGNING_IN, *OWN)


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_every_deed_leaves_exactly_its_events(deed: Deed, world: World, store: Store, tmp_path: Path) -> None:
    scene = Scene(world, tmp_path, store)
    scene.give_contacts()
    if deed.given is not None:
        deed.given(scene)
    before = scene.events()
    for press, who in ((deed.press, deed.stranger), (deed.wrong, deed.by)):
        if press is not None and who:
            refused(scene, press, who, must=press is deed.press)
            assert len(scene.events()) == len(before), "what is refused leaves nothing"
    scene.do(deed.press, deed.by)
    after = scene.events()
    new = after[len(before) :]
    assert [(event.kind, event.stream, event.account_id) for event in new] == deed.told(scene, deed.tells)
    if deed.again is None:
        refused(scene, deed.press, deed.by, must=True)
    else:
        scene.do(deed.press, deed.by)
    again = scene.events()[len(after) :]
    assert [(event.kind, event.stream, event.account_id) for event in again] == deed.told(scene, deed.again or ())
    assert betrayed(scene, scene.events()) == []


def refused(scene: Scene, press: Press, who: str, *, must: bool) -> None:
    """Press what is refused; where it need not be, it may also come to nothing."""
    try:
        scene.do(press, who)
    except (ServiceError, Faults):
        return
    assert not must, "this press is refused"
