"""What the leader approves is what the leader saw: a change between looking and pressing is told, nothing is sent."""

from collections.abc import Callable

from survey.services.audit import check_events
from survey.storage.events import history
from tests.faults.conftest import size
from tests.web.conftest import WARD, Site
from tests.web.strict_client import Form, StrictClient
from tests.web.test_save_json import save

Change = Callable[[Site, int], None]


def an_answer(site: Site, number: int) -> None:
    assert save(site, "nhap", ("2.3.a", str(number + 1), number // len(CHANGES))).status_code == 200


def a_note(site: Site, number: int) -> None:
    assert save(site, "nhap2", ("note:2.1", f"Ghi chú {number}", number // len(CHANGES))).status_code == 200


def a_document(site: Site, number: int) -> None:
    client, path = site.client("nhap"), f"{site.ward}/muc/2"
    page = client.page(f"{path}?them=2.1")
    form = next(form for form in page.forms() if form.action == path)
    typed = {"e.number": f"{number}/KH", "e.issued": "15/03/2026", "e.summary": "Kế hoạch", "e.not_secret": "1"}
    data = {**form.fields, **typed, "do": "add:2.1"}
    assert client.post(path, data=data).status_code == 302


CHANGES: tuple[Change, ...] = (an_answer, a_note, a_document)


def present(site: Site) -> None:
    client = site.client("nhap")
    form = client.page(f"{site.ward}/kiem-tra").form("/trinh-duyet")
    assert client.send(form, missing_confirmed="1").status_code == 200


def press(client: StrictClient, form: Form) -> int:
    return client.post(form.action, data=form.fields).status_code


def test_a_change_between_looking_and_approving_is_a_409(site: Site) -> None:
    times = size(3, 100)
    leader = site.client("duyet")
    present(site)
    for number in range(times):
        seen = leader.page(f"{site.ward}/duyet").form("/duyet")
        clerk = site.client("nhap")
        clerk.send(clerk.page(site.ward).form("/lay-lai"))
        CHANGES[number % len(CHANGES)](site, number)
        present(site)
        assert press(leader, seen) == 409
    with site.database.reading() as session:
        told = history(session, f"submission:{site.submissions[WARD]}", 100_000)
        assert check_events(session) == ()
    kinds = [event.kind for event in told]
    assert "approved" not in kinds
    assert kinds.count("presented") == times + 1
    fresh = leader.page(f"{site.ward}/duyet").form("/duyet")
    assert press(leader, fresh) == 302
