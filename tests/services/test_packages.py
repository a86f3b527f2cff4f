"""One-way packages: the receiving summary has the sender's scores; a newer one replaces the older one."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from survey.core.workflow import SubmissionState
from survey.services.audit import check_events
from survey.services.chase import list_chased
from survey.services.errors import NotFound, Refused
from survey.services.follow_progress import ProgressFilter, follow_progress
from survey.services.make_workbook import make_workbook
from survey.services.package_format import read_package, write_package
from survey.services.rank_cohort import rank_cohort
from survey.services.round_data import round_data
from survey.services.take_package import Fit, list_packages, remove_package
from survey.storage.events import Event
from survey.storage.questionnaires import QuestionnaireVersion
from tests.services.packed import FIGURES, pack, scores, sender, take, trust
from tests.services.world import FULL, World, at

__all__ = ["sender"]


@FIGURES
def test_the_receiving_summary_has_the_scores_of_the_sending_one(
    world: World, sender: World, tmp_path: Path, figures: bool
) -> None:
    data = pack(sender, tmp_path, figures=figures)
    trust(world, data)
    assert scores(world) != scores(sender)
    view = take(world, data)
    assert {body.fit for body in view.bodies} == {Fit.TAKEN}
    assert scores(world) == scores(sender)
    with world.database.reading() as here, sender.database.reading() as there:
        ours, theirs = (follow_progress(s, world["coordinator"], 1, ProgressFilter()) for s in (here, there))
        assert ours.counts == theirs.counts
        assert ours.counts[SubmissionState.SENT] == 1
        assert [one.median_rate for one in ours.cohorts] == [one.median_rate for one in theirs.cohorts]
        first, second = (rank_cohort(s, world["coordinator"], 1, "so-nganh") for s in (here, there))
        assert [(row.rank, row.points, row.groups) for row in first.rows] == [
            (row.rank, row.points, row.groups) for row in second.rows
        ]
        assert first.rows[0].foreign is not None
        marks = {row.code: row.notes for result in round_data(here, 1).results for row in result.agencies}
        lacking = {row.code: row.lacking_evidence for result in round_data(here, 1).results for row in result.agencies}
        assert check_events(here) == ()
    assert {code for code, count in lacking.items() if count is None} == {
        code for code, words in marks.items() if words
    }
    assert marks["SO-1"].startswith("Từ hệ thống khác: Văn phòng Thành ủy, tính đến 10:00, 23/11/2026")


@FIGURES
def test_the_workbook_can_be_made_with_what_came_from_elsewhere(
    world: World, sender: World, tmp_path: Path, figures: bool
) -> None:
    data = pack(sender, tmp_path, figures=figures)
    trust(world, data)
    take(world, data)
    with world.database.reading() as session:
        assert make_workbook(session, world["coordinator"], 1).startswith(b"PK")


@FIGURES
def test_a_package_holds_no_words_no_people_and_no_documents(sender: World, tmp_path: Path, figures: bool) -> None:
    told = pack(sender, tmp_path, figures=figures).decode()
    for kept_out in ("Kín", "0912345678", "Người", "evidence", "note:", "unproven:", "place:", '"by"', "kad:"):
        assert kept_out not in told
    assert ("attributes" in told) is figures
    assert ('"73"' in told) is figures


def test_a_newer_package_replaces_the_older_one_and_can_be_removed(world: World, sender: World, tmp_path: Path) -> None:
    before = scores(world)
    old = pack(sender, tmp_path, figures=True)
    trust(world, old)
    take(world, old)
    with pytest.raises(Refused, match="same"):
        take(world, old)
    sender.save({"2.3": "4"}, by="third", agency="SO-3")
    new = pack(sender, tmp_path, figures=False, hours=5)
    assert take(world, new).replaces is not None
    assert scores(world) == scores(sender)
    with pytest.raises(Refused, match="older"):
        take(world, old)
    with world.database.writing() as session:
        listed = list_packages(session, 1)
        assert [one.standing for one in listed] == [True, False]
        with pytest.raises(NotFound):
            remove_package(session, world["coordinator"], 1, listed[1].package_id)
        remove_package(session, world["coordinator"], 1, listed[0].package_id)
    assert scores(world) == before
    with world.database.reading() as session:
        kinds = session.scalars(sa.select(Event.kind).where(Event.stream == "instance").order_by(Event.number)).all()
    assert kinds == ["source_trusted", "package_taken", "package_taken", "package_removed"]


def test_what_is_sent_here_counts_and_not_what_another_instance_says(
    world: World, sender: World, tmp_path: Path
) -> None:
    data = pack(sender, tmp_path, figures=True)
    trust(world, data)
    world.send(FULL | {"1.2.a": "1"})
    own = scores(world)["SO-1"]
    view = take(world, data)
    assert {body.code: body.fit for body in view.bodies}["SO-1"] is Fit.SENT_HERE
    assert scores(world)["SO-1"] == own
    assert scores(world)["SO-2"] == scores(sender)["SO-2"]


def test_a_body_that_has_no_phieu_here_is_left_out(world: World, sender: World, tmp_path: Path) -> None:
    content = read_package(pack(sender, tmp_path, figures=True)).content
    content.bodies[0] = type(content.bodies[0])(
        **{name: getattr(content.bodies[0], name) for name in content.bodies[0].__slots__} | {"code": "XA-LA"}
    )
    data = write_package(content, Ed25519PrivateKey.generate())
    trust(world, data)
    view = take(world, data)
    assert [body.fit for body in view.bodies if body.code == "XA-LA"] == [Fit.NOT_HERE]


def test_other_rules_leave_the_points_alone(world: World, sender: World, tmp_path: Path) -> None:
    content = read_package(pack(sender, tmp_path, figures=True)).content
    content.questionnaires[0] = type(content.questionnaires[0])("mau", "1999", "ab" * 32)
    data = write_package(content, Ed25519PrivateKey.generate())
    with world.database.reading() as session:
        known = session.scalars(sa.select(QuestionnaireVersion.questionnaire_id)).all()
    content.questionnaires[0] = type(content.questionnaires[0])(known[0], "1999", "ab" * 32)
    data = write_package(content, Ed25519PrivateKey.generate())
    trust(world, data)
    view = take(world, data)
    assert {body.fit for body in view.bodies} == {Fit.POINTS_ONLY}
    assert scores(world) == scores(sender)


def test_what_came_from_elsewhere_is_not_passed_on(world: World, sender: World, tmp_path: Path) -> None:
    data = pack(sender, tmp_path, figures=True)
    trust(world, data)
    take(world, data)
    (tmp_path / "here").mkdir()
    with pytest.raises(Refused, match="nobody_here"):
        pack(world, tmp_path / "here", figures=True)


def test_a_body_that_has_sent_elsewhere_is_not_chased_here(world: World, sender: World, tmp_path: Path) -> None:
    data = pack(sender, tmp_path, figures=False)
    trust(world, data)
    before = chased(world)
    take(world, data)
    assert before - chased(world) == {"SO-1"}


def chased(world: World) -> set[str]:
    with world.database.reading() as session:
        return {row.agency.code for row in list_chased(session, world["coordinator"], 1, clock=at(hours=3)).rows}
