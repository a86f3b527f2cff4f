"""Every change leaves exactly one event, and every event has its sentence: each step is driven and counted."""

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from survey.core.text import LANGUAGES, catalogue
from survey.services.attach_evidence import (
    EvidenceForm,
    add_evidence,
    attach_evidence,
    detach_evidence,
    edit_evidence,
    remove_evidence,
)
from survey.services.confirm_answer import confirm_answer, reopen_answer
from survey.services.create_account import Serves, create_account, set_password
from survey.services.import_agencies import import_agencies
from survey.services.instance import Session
from survey.services.load_questionnaires import load_questionnaires
from survey.services.note_access import note_export, note_view
from survey.services.open_round import close_round, open_round
from survey.services.provide_figures import provide_figures
from survey.services.request_kad import cancel_kad, decide_kad, request_kad
from survey.services.send_for_approval import recall
from survey.services.sign_in import CheckedPassword, open_session, sign_out
from survey.services.sign_off import return_to_clerk, send_back, withdraw
from survey.services.verify_log import keep_head
from survey.storage.events import Event
from tests.services.test_round import questionnaire
from tests.services.world import CLOSES, FULL, NOW, PASSWORD, World, at

REASON = "Chỉ số 1.2 ghi nhầm số người được tập huấn."
DOCUMENT = EvidenceForm("12/QĐ-SYT", "02/03/2026", "Sở Y tế", "Quyết định phân công", "", not_secret=True)
# Where the place of the kind is among the arguments of what records.
RECORDERS = {"record": 2, "record_for": 2, "take_step": 5, "write_document": 5}


def kinds(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(session.scalars(sa.select(Event.kind).order_by(Event.id)))


class Story:
    """Does one thing after the other and says what each left in the log."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.told = kinds(world)

    def step(self, kind: str, does: Callable[[], Any]) -> Any:
        """Do it: exactly one event of this kind is left."""
        result = does()
        told = kinds(self.world)
        assert told[len(self.told) :] == [kind]
        self.told = told
        return result

    def again(self, does: Callable[[], Any]) -> None:
        """Do what is done already: nothing is left."""
        does()
        assert kinds(self.world) == self.told

    def unit(self, kind: str, service: Callable[..., Any], *values: Any, **named: Any) -> Any:
        """Call a service in a unit of work of its own."""
        return self.step(kind, lambda: self.call(service, *values, **named))

    def call(self, service: Callable[..., Any], *values: Any, **named: Any) -> Any:
        self.world.minutes += 1
        with self.world.database.writing() as session:
            return service(session, *values, **{"clock": at(minutes=self.world.minutes)} | named)


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def test_every_step_of_a_phieu_leaves_one_event(story: Story, world: World) -> None:
    number, clerk, leader = world.submission(), world["clerk"], world["leader"]
    story.step("answers_saved", lambda: world.save(FULL))
    story.again(lambda: world.save({"1.2.a": "73"}))
    document = story.unit("evidence_added", add_evidence, clerk, number, DOCUMENT, ["1.1"])
    one = getattr(document, "id", document)
    story.unit("evidence_attached", attach_evidence, clerk, number, one, "1.3")
    story.unit("evidence_detached", detach_evidence, clerk, number, one, "1.3")
    changed = EvidenceForm("13/QĐ-SYT", "02/03/2026", "Sở Y tế", "Quyết định mới", "", not_secret=True)
    story.unit("evidence_changed", edit_evidence, clerk, number, one, changed, 1)
    story.unit("evidence_removed", remove_evidence, clerk, number, one)
    story.step("answers_saved", lambda: world.save({"2.2.a": "80"}))
    story.unit("answer_confirmed", confirm_answer, clerk, number, "2.2")
    story.unit("answer_reopened", reopen_answer, clerk, number, "2.2")
    story.step("answers_saved", lambda: world.save({"2.2.a": "5"}))
    story.unit("kad_requested", request_kad, clerk, number, "2.3", "Cơ quan không được giao nhiệm vụ này.")
    story.unit("kad_cancelled", cancel_kad, clerk, number, "2.3")
    story.again(lambda: story.call(cancel_kad, clerk, number, "2.3"))
    story.unit("kad_requested", request_kad, clerk, number, "2.3", "Cơ quan không được giao nhiệm vụ này.")
    story.unit("kad_decided", decide_kad, world["coordinator"], number, "2.3", approve=True)
    story.again(lambda: story.call(decide_kad, world["coordinator"], number, "2.3", approve=True))
    story.unit("figures_provided", provide_figures, world["coordinator"], number, {"2.4.a": "3", "2.4.b": "4"})
    story.step("presented", world.present)
    story.again(world.present)
    story.unit("recalled", recall, clerk, number)
    story.step("presented", world.present)
    story.unit("returned", return_to_clerk, leader, number, REASON)
    story.step("presented", world.present)
    seen = world.seen_hash()
    story.step("approved", lambda: world.approve(seen=seen))
    story.again(lambda: world.approve(seen=seen))
    story.unit("withdrawn", withdraw, leader, number)
    story.step("presented", world.present)
    story.step("approved", world.approve)
    story.unit("sent_back", send_back, world["coordinator"], number, REASON)


def test_every_step_of_the_instance_leaves_one_event(story: Story, world: World, tmp_path: Path) -> None:
    file = tmp_path / "moi.csv"
    header = "code,name,kind,type,level,questionnaire,cohort,assessed\n"
    file.write_text(header + "SO-4,Sở Nội vụ,nha_nuoc,so,thanh_pho,mau,so-nganh,1\n", encoding="utf-8")
    story.unit("agencies_imported", import_agencies, file)
    story.again(lambda: story.call(import_agencies, file))
    story.unit("published", load_questionnaires, questionnaire(tmp_path / "a", version="2"))
    dates = {"opens_at": NOW - timedelta(days=1), "closes_at": CLOSES}
    words = {"code": "2026", "title": "Đợt", "period": "Năm 2026"}
    story.unit("round_joined", open_round, **words, **dates)
    story.again(lambda: story.call(open_round, **words, **dates))
    story.unit("round_closed", close_round, world["coordinator"], world.known.round_id)
    story.again(lambda: story.call(close_round, world["coordinator"], world.known.round_id))
    serves = [Serves("SO-1", next(iter(world["clerk"].bodies[0].roles)))]
    made = story.unit(
        "account_created", create_account, login="moi", name="Người mới", password=PASSWORD, serves=serves
    )
    story.unit("password_set", set_password, world["admin"], made, PASSWORD + " khác")
    opened = story.unit("signed_in", open_session, CheckedPassword("moi", made, matches=True))
    story.unit("signed_out", sign_out, opened.signed_in)
    story.unit("exported", note_export, world["coordinator"], "workbook", round="2026")
    story.unit("viewed", note_view, world["coordinator"], world.submission(), clock=at(hours=5))
    story.again(lambda: story.call(note_view, world["coordinator"], world.submission(), clock=at(hours=5, minutes=59)))
    story.unit("viewed", note_view, world["coordinator"], world.submission(), clock=at(hours=6))
    story.unit("log_checked", keep_head)


def test_a_view_of_two_pages_at_once_is_told_once(world: World) -> None:
    """The chain is held before it is looked at."""

    def look(session: Session) -> bool:
        return note_view(session, world["coordinator"], world.submission(), clock=at())

    with world.database.writing() as session:
        first = look(session)
    with world.database.writing() as session:
        assert (first, look(session)) == (True, False)
    assert kinds(world).count("viewed") == 1


def recorded(repository: Path) -> dict[str, set[str]]:
    """Every kind of event that the services record, with the modules that do."""
    found: dict[str, set[str]] = {}
    for file in sorted((repository / "survey" / "services").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            place = RECORDERS.get(name)
            if place is None or len(call.args) <= place:
                continue
            for part in ast.walk(call.args[place]):
                text = part.value if isinstance(part, ast.Constant) else named.get(getattr(part, "id", ""))
                if isinstance(text, str):
                    found.setdefault(text, set()).add(file.stem)
    return found


def test_every_kind_that_is_recorded_anywhere_has_its_sentence(repository: Path) -> None:
    found = recorded(repository)
    assert {"answers_saved", "approved", "viewed", "exported", "round_closed", "account_created"} <= set(found)
    silent = {kind: modules for kind, modules in found.items() if f"web_history.{kind}" not in catalogue()}
    assert not silent, "say what happened in survey/core/texts: [web_history.<kind>]"
    for kind in found:
        words = catalogue()[f"web_history.{kind}"]
        assert [language for language in LANGUAGES if not words.get(language)] == []


def test_every_kind_that_happens_has_its_sentence(story: Story, world: World) -> None:
    world.send(FULL)
    assert [kind for kind in kinds(world) if f"web_history.{kind}" not in catalogue()] == []
