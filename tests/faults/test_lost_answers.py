"""A bad line: whatever is lost, cut or swallowed, a save sent again under its id is one save and one event."""

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from werkzeug.serving import make_server

from survey.services.audit import check_events
from survey.storage.events import Event
from tests.browser.conftest import Quiet
from tests.faults.bad_line import Fault, bad_line
from tests.faults.browser import browser_of, new_id
from tests.faults.conftest import size
from tests.web.conftest import WARD, Site
from tests.web.test_save_json import post, token, told

KEY = "2.3.a"
GIVING_UP = 0.6  # seconds after which this browser gives up waiting


@pytest.fixture
def port(site: Site) -> Iterator[int]:
    """The site on a real port."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield int(server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()


def saves(site: Site) -> list[Event]:
    """The events of saving of the ward's phiếu, and the whole log is sound."""
    with site.database.reading() as session:
        assert check_events(session) == ()
        wanted = (Event.stream == f"submission:{site.submissions[WARD]}", Event.kind == "answers_saved")
        return list(session.scalars(sa.select(Event).where(*wanted).order_by(Event.number)))


def test_on_a_bad_line_every_save_is_done_once(site: Site, port: int) -> None:
    chance = random.Random(5)
    faults = [fault for fault in Fault if fault is not Fault.NONE]
    tries = size(10, 200)
    with bad_line(port) as line:
        browser = browser_of(site.client("nhap"), line.port, GIVING_UP)
        for number in range(tries):
            line.planned = [faults[number % len(faults)], *chance.choices(faults, k=chance.choice((0, 0, 1)))]
            answer = browser.save(site.ward, (KEY, str(number + 1), number))
            assert answer.status == 200, answer
            found = answer.body["answers"][0]
            assert (found["outcome"], found["revision"], found["typed"]) == ("saved", number + 1, str(number + 1))
        assert all(line.met[fault] for fault in faults), line.met
    assert browser.tries >= 2 * tries
    done = saves(site)
    written = [json.loads(event.data)["changes"][KEY][1]["value"] for event in done]
    assert written == [str(number + 1) for number in range(tries)]
    assert set(Counter(event.save_key for event in done).values()) == {1}


def resend(site: Site, body: object, by: str = "nhap") -> tuple[int, dict[str, object]]:
    client = site.client(by)
    answer = post(client, f"{site.ward}/luu", body, token(client))
    return answer.status_code, told(answer)


def test_a_save_sent_again_is_answered_as_the_first_time_whatever_came_between(site: Site) -> None:
    mine = {"id": new_id(), "changes": [{"key": KEY, "typed": "7", "seen": 0}]}
    first = resend(site, mine)
    assert resend(site, {"id": new_id(), "changes": [{"key": KEY, "typed": "8", "seen": 1}]}, "nhap2")[0] == 200
    again = resend(site, mine)
    assert (first[0], first[1]["answers"]) == (200, again[1]["answers"])
    assert again[0] == 200
    assert len(saves(site)) == 2
    assert "8" in site.client("nhap").page(f"{site.ward}/muc/2").by_id(f"f-{KEY}").get("value", "")


def test_a_save_sent_again_after_the_leader_was_asked_is_still_told_as_done(site: Site) -> None:
    mine = {"id": new_id(), "changes": [{"key": KEY, "typed": "7", "seen": 0}]}
    assert resend(site, mine)[0] == 200
    form = site.client("nhap").page(f"{site.ward}/kiem-tra").form("/trinh-duyet")
    assert site.client("nhap").send(form, missing_confirmed="1").status_code == 200
    assert resend(site, mine)[0] == 200
    late = {"id": new_id(), "changes": [{"key": KEY, "typed": "8", "seen": 1}]}
    assert resend(site, late)[0] == 409
    assert len(saves(site)) == 1


def test_part_of_a_save_that_met_a_conflict_is_not_done_by_sending_it_again(site: Site) -> None:
    resend(site, {"id": new_id(), "changes": [{"key": KEY, "typed": "1", "seen": 0}]}, "nhap2")
    both = [{"key": KEY, "typed": "7", "seen": 0}, {"key": "2.4.a", "typed": "5", "seen": 0}]
    mine = {"id": new_id(), "changes": both}
    first, again = resend(site, mine), resend(site, mine)
    assert first[0] == again[0] == 409
    assert first[1]["answers"] == again[1]["answers"]
    assert len(saves(site)) == 2


@pytest.mark.parametrize("seen", [0, 1])
@pytest.mark.parametrize("by", ["nhap", "nhap2"])
def test_a_key_that_was_used_is_not_taken_for_anything_else(site: Site, by: str, seen: int) -> None:
    one = new_id()
    assert resend(site, {"id": one, "changes": [{"key": KEY, "typed": "7", "seen": 0}]})[0] == 200
    status, body = resend(site, {"id": one, "changes": [{"key": KEY, "typed": "8", "seen": seen}]}, by)
    assert (status, body["error"]) == (422, "refused")
    assert "trùng mã" in str(body["sentence"])
    assert len(saves(site)) == 1


@pytest.mark.parametrize("name", [7, None, "x", "a" * 65, "ä" * 20, "a b c d e f g h i j"])
def test_an_id_that_no_script_of_ours_makes_is_refused(site: Site, name: object) -> None:
    assert resend(site, {"id": name, "changes": [{"key": KEY, "typed": "7", "seen": 0}]})[0] == 400
    assert saves(site) == []
