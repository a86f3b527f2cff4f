"""Saving answers: kept as typed, merged by key, never overwriting each other, in few statements."""

from survey.services.fill import SaveOutcome
from tests.services.world import World


def test_an_answer_is_saved_with_its_points_and_reason(world: World) -> None:
    saved = world.save({"1.2.a": "73", "so_cbccvc": "106"})
    assert [answer.outcome for answer in saved.answers] == [SaveOutcome.SAVED, SaveOutcome.SAVED]
    updates = {update.code: update for update in saved.indicators}
    assert updates["1.2"].points == 13.77
    assert "73/106" in updates["1.2"].reason
    assert saved.standing.points == 13.77
