"""Questionnaires and rounds: versions are frozen, a round takes the assessed bodies, ranks count what is sent."""

from datetime import timedelta
from pathlib import Path

import pytest

from survey.core.errors import Faults
from survey.core.workflow import SubmissionState
from survey.services.errors import Blocked, NotAllowed, NotFound, Refused
from survey.services.follow_progress import Progress, ProgressFilter, follow_progress
from survey.services.import_agencies import import_agencies
from survey.services.load_questionnaires import list_questionnaires, load_questionnaires
from survey.services.open_round import OpenedRound, close_round, find_round, list_rounds, open_round
from survey.services.rank_cohort import rank_cohort
from survey.services.score_round import score_round
from tests.services.world import CLOSES, FULL, HERE, NOW, World, at

ROUND = {"code": "2026", "title": "Đợt", "period": "Năm", "opens_at": NOW, "closes_at": CLOSES}


def progress(world: World, **narrow: object) -> Progress:
    with world.database.reading() as session:
        wanted = ProgressFilter(**narrow)  # type: ignore[arg-type]
        return follow_progress(session, world["coordinator"], world.known.round_id, wanted, clock=at())


def codes(found: Progress) -> list[str]:
    return [row.agency.code for row in found.rows]


def questionnaire(folder: Path, change: str = "", version: str = "1") -> Path:
    text = (HERE / "mau" / "questionnaire.yaml").read_text(encoding="utf-8")
    folder.mkdir(parents=True)
    text = text.replace('version: "1"', f'version: "{version}"').replace("Cuộc họp trong năm", "Cuộc họp" + change)
    (folder / "questionnaire.yaml").write_text(text, encoding="utf-8")
    return folder


def test_an_unchanged_questionnaire_is_the_version_already_there(world: World) -> None:
    with world.database.writing() as session:
        found = load_questionnaires(session, HERE / "mau", clock=at())
        assert [(one.id, one.version, one.new) for one in found] == [("mau", "1", False)]


def test_a_published_version_is_never_changed(world: World, tmp_path: Path) -> None:
    with world.database.writing() as session, pytest.raises(Refused):
        load_questionnaires(session, questionnaire(tmp_path / "a", " khác"), clock=at())


def test_a_new_version_stands_beside_the_old_and_open_rounds_keep_theirs(world: World, tmp_path: Path) -> None:
    with world.database.writing() as session:
        load_questionnaires(session, questionnaire(tmp_path / "a", version="2"), clock=at())
        assert [one.version for one in list_questionnaires(session)] == ["2", "1"]
        again = open_round(session, **(ROUND | {"closes_at": CLOSES + timedelta(days=1)}), clock=at())
        assert again == OpenedRound(world.known.round_id, 4, 0)
        assert {one.questionnaire.version for one in score_round(session, again.round_id).questionnaires} == {"1"}
        other = open_round(session, **(ROUND | {"code": "2027"}), clock=at())
        assert {one.questionnaire.version for one in score_round(session, other.round_id).questionnaires} == {"2"}


def test_faults_of_any_questionnaire_keep_all_from_being_published(world: World, tmp_path: Path) -> None:
    questionnaire(tmp_path / "a", version="2")
    bad = questionnaire(tmp_path / "b", version="3") / "questionnaire.yaml"
    bad.write_text(bad.read_text(encoding="utf-8").replace("zero_b: KAD", "zero_b: khong"), encoding="utf-8")
    with pytest.raises(Faults), world.database.writing() as session:
        load_questionnaires(session, tmp_path, clock=at())
    with world.database.reading() as session:
        assert len(list_questionnaires(session)) == 1


def test_a_folder_without_questionnaires_is_a_fault(world: World, tmp_path: Path) -> None:
    with pytest.raises(Faults), world.database.writing() as session:
        load_questionnaires(session, tmp_path, clock=at())


def test_opening_again_adds_the_agencies_that_have_joined(world: World, tmp_path: Path) -> None:
    file = tmp_path / "moi.csv"
    file.write_text("code,name,kind,type,level,questionnaire,cohort,assessed\nSO-4,Sở Nội vụ,x,so,tp,mau,so-nganh,1\n")
    with world.database.writing() as session:
        import_agencies(session, file, clock=at())
        assert open_round(session, **ROUND, clock=at()) == OpenedRound(world.known.round_id, 5, 1)


@pytest.mark.parametrize("values", [{"closes_at": NOW}, {"code": " "}, {"code": "a" * 21}])
def test_impossible_rounds_are_refused(world: World, values: dict[str, object]) -> None:
    with world.database.writing() as session, pytest.raises(Refused):
        open_round(session, **(ROUND | values))  # type: ignore[arg-type]


def test_a_round_needs_its_questionnaires_published(world: World, tmp_path: Path) -> None:
    file = tmp_path / "moi.csv"
    file.write_text("code,name,kind,type,level,questionnaire,cohort,assessed\nX,X,x,so,tp,khac,so-nganh,1\n")
    with world.database.writing() as session:
        import_agencies(session, file, clock=at())
        with pytest.raises(Refused) as caught:
            open_round(session, **(ROUND | {"code": "2027"}))
    assert "khac" in caught.value.sentence()


def test_a_round_is_closed_once_by_a_coordinator_and_not_opened_again(world: World) -> None:
    with world.database.writing() as session:
        with pytest.raises(NotAllowed):
            close_round(session, world["clerk"], world.known.round_id)
        with pytest.raises(NotFound):
            close_round(session, world["coordinator"], 10_000)
        for _ in range(2):
            close_round(session, world["coordinator"], world.known.round_id, clock=at())
        assert [one.state.value for one in list_rounds(session)] == ["closed"]
        with pytest.raises(Blocked):
            open_round(session, **ROUND)


def test_rounds_are_found_by_code(world: World) -> None:
    with world.database.reading() as session:
        assert find_round(session, " 2026 ").id == world.known.round_id
        with pytest.raises(NotFound):
            find_round(session, "1999")


def test_progress_counts_states_per_cohort_with_the_median_of_those_sent(world: World) -> None:
    world.send(FULL)
    world.send(FULL | {"2.3": "0"}, by="other", leader="other", agency="SO-2")
    world.save(FULL, by="third", agency="SO-3")
    found = progress(world)
    assert {state.value: count for state, count in found.counts.items()} == {
        "not_started": 1,
        "filling": 1,
        "awaiting_approval": 0,
        "sent": 2,
    }
    by_code = {cohort.code: cohort for cohort in found.cohorts}
    assert (by_code["so-nganh"].sent, by_code["so-nganh"].total) == (2, 3)
    assert by_code["so-nganh"].median_rate == pytest.approx((0.7074 + 0.5749) / 2)
    assert by_code["ubnd-phuong"].median_rate is None


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        ({}, ["SO-1", "SO-2", "SO-3", "P-1"]),
        ({"search": "DAN TOC"}, ["SO-2"]),
        ({"search": "Sở"}, ["SO-1", "SO-2", "SO-3"]),
        ({"search": "p-1"}, ["P-1"]),
        ({"search": "%"}, []),
        ({"cohort": "ubnd-phuong"}, ["P-1"]),
        ({"state": SubmissionState.FILLING}, ["SO-3"]),
        ({"questionnaire": "mau", "cohort": "so-nganh", "per_page": 2, "page": 2}, ["SO-3"]),
        ({"per_page": 2, "page": 99}, ["SO-3", "P-1"]),
        ({"questionnaire": "khac"}, []),
    ],
)
def test_the_list_is_searched_filtered_and_paged(world: World, narrow: dict[str, object], expected: list[str]) -> None:
    world.save({"2.3": "4"}, by="third", agency="SO-3")
    assert codes(progress(world, **narrow)) == expected


def test_only_coordinators_follow_and_rank(world: World) -> None:
    with world.database.reading() as session:
        for person in ("clerk", "leader", "admin"):
            with pytest.raises(NotAllowed):
                follow_progress(session, world[person], world.known.round_id)
            with pytest.raises(NotAllowed):
                rank_cohort(session, world[person], world.known.round_id, "so-nganh")


def test_only_what_is_sent_is_ranked_and_ties_share_a_rank(world: World) -> None:
    without_tthc = {key: text for key, text in FULL.items() if not key.startswith("2.1")}
    world.send(FULL | {"2.1.a": "0", "2.1.b": "0"})  # 2.1 does not apply, as at SO-2
    world.send(without_tthc, by="other", leader="other", agency="SO-2")
    with world.database.reading() as session:
        before = rank_cohort(session, world["coordinator"], world.known.round_id, "so-nganh")
    world.send(FULL | {"2.3": "0"}, by="third", leader="third", agency="SO-3")
    with world.database.reading() as session:
        after = rank_cohort(session, world["coordinator"], world.known.round_id, "so-nganh")
        with pytest.raises(NotFound):
            rank_cohort(session, world["coordinator"], world.known.round_id, "khac")
    assert [(row.rank, row.agency.code) for row in before.rows] == [(1, "SO-2"), (1, "SO-1")]
    assert [agency.code for agency in before.unranked] == ["SO-3"]
    assert [(row.rank, row.agency.code) for row in after.rows] == [(1, "SO-2"), (1, "SO-1"), (3, "SO-3")]
    assert after.rows[0].groups["1"] == pytest.approx(43.77 / 50)
    assert [group[0] for group in after.groups] == ["1", "2"]


def test_a_round_is_scored_in_one_pass_with_what_summaries_print(world: World) -> None:
    receipt = world.send(FULL)
    world.save({"note:1.1": "Ghi chú"}, by="third", agency="SO-3")
    with world.database.reading() as session:
        found = score_round(session, world.known.round_id, clock=at())
    assert [cohort.code for cohort in found.cohorts] == ["so-nganh", "ubnd-phuong"]
    (only,) = found.questionnaires
    assert (
        [entry.agency.code for entry in only.entries] == list(only.scores.agencies) == ["SO-1", "SO-2", "SO-3", "P-1"]
    )
    assert only.scores.total.tolist() == [70.74, 0, 0, 0]
    first, third = only.entries[0], only.entries[2]
    assert (first.receipt, first.content_hash, first.missing_evidence) == (receipt.number, receipt.content_hash, 1)
    assert (third.notes, third.parent, third.receipt) == ({"1.1": "Ghi chú"}, "Ủy ban nhân dân Thành phố", "")
    assert len(found.audit_head) == 64
    with world.database.reading() as session, pytest.raises(NotFound):
        score_round(session, 10_000)
