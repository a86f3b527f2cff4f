"""Next steps of a body as its page shows them: corrections apart from work to come, at most five, none of others."""

import pytest

from survey.services.errors import NotFound
from survey.services.next_steps import NextSteps, read_next_steps
from tests.services.world import FULL, World


def steps(world: World, by: str = "clerk", **wishes: str) -> NextSteps:
    found = world.look(lambda session, person, number, clock, **more: read_next_steps(session, person, number, **more),
                       by, **wishes)  # fmt: skip
    assert isinstance(found, NextSteps)
    return found


def test_an_empty_phieu_has_figures_to_provide_and_nothing_to_do_later(world: World) -> None:
    found = steps(world)
    assert found.later == ()
    assert len(found.now) == 5
    assert all("Cung cấp số liệu" in view.sentences[0] for view in found.now)
    assert found.now[0].gain == max(view.gain for view in found.now)


def test_a_full_phieu_has_work_to_do_in_the_period_to_come(world: World) -> None:
    world.save(FULL)
    found = steps(world)
    assert found.now == ()
    assert [view.code for view in found.later] == sorted(
        (view.code for view in found.later), key=lambda code: -next(v.gain for v in found.later if v.code == code)
    )
    for view in found.later:
        assert all(sentence.startswith("Kỳ tới, ") for sentence in view.sentences)
    training = next(view for view in found.later if view.code == "1.2")
    assert training.page == "1"
    assert "thêm 33 người (73 → 106)" in training.sentences[0]


def test_the_three_largest_are_those_of_now_and_later_together(world: World) -> None:
    world.save({**FULL, "1.2.a": "107"})
    found = steps(world)
    assert len(found.largest) == 3
    assert [view.gain for view in found.largest] == sorted(view.gain for view in (*found.now, *found.later))[:-4:-1]


def test_a_figure_above_its_whole_is_to_be_mended(world: World) -> None:
    world.save({**FULL, "1.2.a": "107"})
    (mend,) = steps(world).now
    assert mend.code == "1.2"
    assert "lớn hơn" in mend.sentences[0]


def test_the_sentences_come_in_the_language_asked_for(world: World) -> None:
    world.save(FULL)
    assert all(view.sentences[0].startswith("Next period, ") for view in steps(world, language="en").later)


def test_the_steps_of_another_body_are_as_missing_as_none(world: World) -> None:
    with pytest.raises(NotFound):
        steps(world, "other")
