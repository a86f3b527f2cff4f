"""The paper route: what the leader signed on paper is sent exactly as printed, once, in time, and by those who may."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from survey.core.workflow import SubmissionState
from survey.services.audit import check_events, history_of
from survey.services.errors import Blocked, NotAllowed, NotFound, StillFaulty
from survey.services.read_submission import read_submission
from survey.services.sign_off import approve, read_receipt, send_back
from survey.services.sign_on_paper import NotRecorded, PaperForm, Scan, sign_on_paper
from survey.services.submission_views import PaperSignature, Receipt
from survey.storage.files import StoredFile
from survey.storage.submissions import SignOff
from tests.core.handed_files import PDF, SVG
from tests.services.world import CLOSES, FULL, NOW, World, at

SECONDS_LEFT = (CLOSES - NOW).total_seconds()
PAPER = {
    "paper_number": "125/TTr-SYT", "signed_on": "23/11/2026", "signer": "Nguyễn Thị Hòa", "title": "Phó Giám đốc",
    "capacity": "KT.",
}  # fmt: skip


def code(world: World) -> str:
    """What is printed on the sheet."""
    digest = world.seen_hash()
    return f"{digest[:4]}-{digest[4:8]}".upper()


def record(
    world: World, folder: Path, *, by: str = "clerk", scan: Scan | None = None, clock: Any = None, **form: Any
) -> Receipt:
    """Record the paper; the code is the right one unless told otherwise."""
    typed = PaperForm(**({"code": code(world)} | PAPER | form))
    world.minutes += 1
    with world.database.writing() as session:
        return sign_on_paper(
            session, folder, world[by], world.submission(), typed, scan, clock=clock or at(minutes=world.minutes)
        )


def faults(world: World, folder: Path, **form: Any) -> dict[str, str]:
    """Field → key of its sentence."""
    with pytest.raises(NotRecorded) as caught:
        record(world, folder, **form)
    for fault in caught.value.faults:
        assert fault.sentence("vi") != fault.sentence("en")
    return {fault.field: fault.key.partition(".")[2] for fault in caught.value.faults}


def state(world: World) -> SubmissionState:
    with world.database.reading() as session:
        return read_submission(session, world["clerk"], world.submission(), clock=at()).head.state


def events(world: World) -> list[str]:
    with world.database.reading() as session:
        assert check_events(session) == ()
        return [event.kind for event in history_of(session, world["clerk"], world.submission())]


def test_a_signed_paper_sends_what_was_presented(world: World, tmp_path: Path) -> None:
    from datetime import date

    world.save(FULL)
    world.present()
    receipt = record(world, tmp_path)
    assert receipt.number == "2026-000001"
    assert receipt.by == "Nguyễn Thị Hòa"
    assert receipt.paper == PaperSignature(
        "125/TTr-SYT", date(2026, 11, 23), "KT.", "Nguyễn Thị Hòa", "Phó Giám đốc", scan_id=None
    )
    with world.database.reading() as session:
        assert read_receipt(session, world["leader"], world.submission()) == receipt
    assert events(world)[:2] == ["approved_on_paper", "presented"]


def test_a_paper_recorded_straight_from_filling_in_is_one_event(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    record(world, tmp_path)
    assert state(world) is SubmissionState.SENT
    assert events(world) == ["approved_on_paper", "answers_saved"]
    with world.database.reading() as session:
        head = read_submission(session, world["clerk"], world.submission(), clock=at()).head
    assert head.presented is not None
    assert head.presented.by == "Người clerk"


def test_blanks_are_to_be_confirmed_where_nobody_has_presented_it(world: World, tmp_path: Path) -> None:
    world.save({"2.3": "4"})
    assert faults(world, tmp_path) == {"missing_confirmed": "missing"}
    record(world, tmp_path, missing_confirmed=True)
    assert state(world) is SubmissionState.SENT


def test_a_changed_phieu_no_longer_matches_a_hundred_times_of_a_hundred(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    draw, refused = random.Random(7), 0
    for step in range(100):
        printed = code(world)
        key, value = draw.choice([("2.1.a", str(step % 9)), ("2.3", str(step)), ("2.7", f"Ghi {step}")])
        world.save({key: value + ("1" if FULL[key] == value else "")})
        if code(world) == printed:  # the draw repeated what was there: change something that is certainly new
            world.save({"2.7": f"Lần {step}"})
        refused += faults(world, tmp_path, code=printed) == {"code": "code_differs"}
    assert refused == 100
    assert state(world) is SubmissionState.FILLING


@pytest.mark.parametrize("typed", ["", "7F3A", "7F3A-91C", "XYZW-1234", "7F3A-91C2-0000", "mã ở trang 1"])
def test_a_code_that_is_none_is_asked_for_again(world: World, tmp_path: Path, typed: str) -> None:
    world.save(FULL)
    assert faults(world, tmp_path, code=typed) == {"code": "code_form"}


def test_the_code_may_be_typed_as_hands_type_it(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    printed = code(world)
    record(world, tmp_path, code=f" {printed.lower().replace('-', ' – ').replace('0', 'o')} ")
    assert state(world) is SubmissionState.SENT


def test_every_fault_of_the_form_is_said_at_once(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    wrong = {"paper_number": " ", "signed_on": "31/02/2026", "signer": "", "title": "x" * 151, "capacity": "PP."}
    assert faults(world, tmp_path, code="?", **wrong) == {
        "paper_number": "paper_number_needed",
        "signer": "signer_needed",
        "title": "long",
        "capacity": "capacity_unknown",
        "signed_on": "date_form",
        "code": "code_form",
    }
    assert state(world) is SubmissionState.FILLING


@pytest.mark.parametrize(
    ("day", "key"),
    [("24/11/2026", "date_future"), ("21/11/2026", "date_early"), ("23/11/2025", "date_early"), ("22/11/2026", "")],
)
def test_the_date_of_signing_lies_between_the_opening_and_today(
    world: World, tmp_path: Path, day: str, key: str
) -> None:
    world.save(FULL)
    if key:
        assert faults(world, tmp_path, signed_on=day) == {"signed_on": key}
    else:
        record(world, tmp_path, signed_on=day)


def test_today_is_the_day_in_hanoi(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    late = NOW.replace(hour=17, minute=30)  # half past midnight of the 24th in Hà Nội
    record(world, tmp_path, signed_on="24/11/2026", clock=lambda: late)


def test_twice_is_once(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    printed, scan = code(world), Scan(PDF, "ban-quet.pdf")
    first = record(world, tmp_path, code=printed, scan=scan)
    second = record(world, tmp_path, code=printed, scan=scan)
    assert first == second
    assert events(world).count("approved_on_paper") == 1
    with world.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignOff)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 1


def test_another_paper_does_not_take_the_place_of_the_one_recorded(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    record(world, tmp_path)
    with pytest.raises(Blocked) as caught:
        record(world, tmp_path, paper_number="126/TTr-SYT")
    assert caught.value.obstacle == "state"


def test_what_was_approved_by_a_click_is_not_recorded_again(world: World, tmp_path: Path) -> None:
    world.send(FULL)
    with pytest.raises(Blocked):
        record(world, tmp_path)


def test_a_leader_who_presses_after_the_paper_gets_the_same_receipt(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    world.present()
    digest = world.seen_hash()
    receipt = record(world, tmp_path)
    assert world.act(approve, "leader", digest) == receipt


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_deadline_binds_by_the_clock_inside_the_transaction(world: World, tmp_path: Path, seconds: int) -> None:
    world.save(FULL)
    clock = at(seconds=SECONDS_LEFT + seconds)
    if seconds <= 0:
        record(world, tmp_path, clock=clock)
    else:
        with pytest.raises(Blocked) as caught:
            record(world, tmp_path, clock=clock)
        assert caught.value.obstacle == "deadline"


def test_faulty_answers_are_mended_first(world: World, tmp_path: Path) -> None:
    world.save(FULL | {"2.1.a": "11"})
    with pytest.raises(StillFaulty):
        record(world, tmp_path)
    assert state(world) is SubmissionState.FILLING


@pytest.mark.parametrize(
    ("by", "error"), [("leader", NotAllowed), ("other", NotFound), ("admin", NotFound), ("coordinator", None)]
)
def test_clerk_and_coordinator_record_it_and_nobody_else(
    world: World, tmp_path: Path, by: str, error: type[Exception] | None
) -> None:
    world.save(FULL)
    if error is None:
        record(world, tmp_path, by=by)
        assert state(world) is SubmissionState.SENT
        return
    for scan in (None, Scan(PDF, "a.pdf")):
        with pytest.raises(error):
            record(world, tmp_path, by=by, scan=scan)
    assert not list(tmp_path.iterdir())


def test_a_fault_of_the_form_keeps_no_file(world: World, tmp_path: Path) -> None:
    world.save(FULL)
    assert faults(world, tmp_path, signer="", scan=Scan(PDF, "a.pdf")) == {"signer": "signer_needed"}
    assert faults(world, tmp_path, scan=Scan(SVG, "a.pdf")) == {"scan": "web"}
    assert not list(tmp_path.iterdir())
    assert state(world) is SubmissionState.FILLING


def test_what_was_sent_on_paper_is_sent_back_and_recorded_again_under_a_new_number(
    world: World, tmp_path: Path
) -> None:
    world.save(FULL)
    first, old = record(world, tmp_path), code(world)
    reason = "Chỉ số 1.2 ghi nhầm số người được tập huấn."
    world.act(send_back, "coordinator", reason, until=CLOSES + timedelta(days=1))
    world.save({"2.3": "6"})
    assert faults(world, tmp_path, code=old) == {"code": "code_differs"}
    second = record(world, tmp_path, paper_number="130/TTr-SYT")
    assert (first.number, second.number) == ("2026-000001", "2026-000002")
