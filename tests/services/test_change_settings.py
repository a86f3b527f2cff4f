"""Settings: changed by administrators alone, told before and after, and obeyed where documents are written down."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey.services.attach_evidence import EvidenceForm, add_evidence, edit_evidence
from survey.services.change_settings import SettingsForm, change_settings, show_settings
from survey.services.errors import NotAllowed, Refused
from survey.services.instance import change_setting, read_settings
from survey.services.outbox import put_mail
from survey.storage.events import Event
from tests.services.world import World, at

FORM = SettingsForm("Văn phòng", "45", uploads=True, abstracts=True, mail=True, second_factor=False)


def change(world: World, form: SettingsForm, by: str = "admin") -> dict[str, tuple[str, str]]:
    with world.database.writing() as session:
        return change_settings(session, world[by], form, clock=at())


def told(world: World) -> list[dict[str, list[str]]]:
    with world.database.reading() as session:
        found = session.scalars(sa.select(Event.data).where(Event.kind == "settings_changed").order_by(Event.number))
        return [json.loads(data)["changes"] for data in found]


def test_each_change_is_told_with_its_value_before_and_after(world: World) -> None:
    change(world, FORM)
    change(world, replace(FORM, idle_days=" 060 ", uploads=False))
    change(world, replace(FORM, idle_days="60", uploads=False))
    assert told(world) == [{"name": ["", "Văn phòng"]}, {"idle_days": ["45", "60"], "uploads": ["1", "0"]}]
    with world.database.reading() as session:
        now = read_settings(session)
    assert (now.name, now.idle_days, now.uploads, now.abstracts) == ("Văn phòng", 60, False, True)


def test_the_second_factor_goes_off_only_when_that_is_confirmed(world: World) -> None:
    change(world, replace(FORM, second_factor=True))
    with pytest.raises(Refused, match="confirm_second_factor"):
        change(world, FORM)
    change(world, replace(FORM, confirmed=True))
    assert [list(one) for one in told(world)] == [["name", "second_factor"], ["second_factor"]]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(FORM, idle_days=days), "idle_days")
        for days in ("", "6", "366", "-1", "4,5", "４５", "9" * 40, "abc")
    ]
    + [(replace(FORM, name="x" * 201), "name")],
)  # fmt: skip
def test_what_cannot_be_a_setting_is_refused_at_its_field(world: World, form: SettingsForm, field: str) -> None:
    with pytest.raises(Refused) as refused:
        change(world, form)
    assert refused.value.field == field
    assert told(world) == []


@pytest.mark.parametrize("who", ["clerk", "leader", "coordinator"])
def test_others_neither_see_nor_change_them(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        change(world, FORM, by=who)
    with world.database.reading() as session, pytest.raises(NotAllowed):
        show_settings(session, world[who])


def test_no_subject_is_written_down_where_the_settings_forbid_it(world: World) -> None:
    form = EvidenceForm(number="1/QĐ", summary="Về việc mật thám", not_secret=True)
    view = world.act(add_evidence, "clerk", form)
    with world.database.writing() as session:
        change_setting(session, "abstracts", "0")
    with pytest.raises(Refused, match="no_summary") as refused:
        world.act(add_evidence, "clerk", EvidenceForm(number="2/QĐ", summary="Về việc", not_secret=True))
    assert refused.value.field == "summary"
    assert world.act(add_evidence, "clerk", EvidenceForm(number="2/QĐ", not_secret=True)).summary == ""
    changed = world.act(edit_evidence, "clerk", view.id, EvidenceForm(number="3/QĐ", not_secret=True), view.revision)
    assert (changed.number, changed.summary) == ("3/QĐ", "Về việc mật thám")  # what was written stays


def test_no_mail_is_put_out_where_the_settings_forbid_it(world: World) -> None:
    change(world, replace(FORM, mail=False))
    with world.database.writing() as session:
        assert put_mail(session, "notice", "a@b.vn", "x", "y") is None
