"""The deeds around what a leader reads first: the body's word on what was asked back."""

from __future__ import annotations

from typing import Any

from survey.services.confirm_answer import confirm_answer, reopen_answer
from survey.services.fill import save_answers
from survey.services.saved_views import Change
from tests.services.deeds import Scene, ready
from tests.services.deeds_phieu import own


def at_odds(s: Scene, db: Any, who: Any, now: Any) -> None:
    changes = [Change(key, text, 0) for key, text in {"1.2.a": "3", "so_cbccvc": "9", "2.2.a": "5"}.items()]
    save_answers(db, who, s.number, changes, clock=now)


def at_odds_said(s: Scene, db: Any, who: Any, now: Any) -> None:
    at_odds(s, db, who, now)
    confirm_answer(db, who, s.number, "2.2", clock=now)


LEADING = (
    own("confirm_answer.confirm_answer", "answer_confirmed", given=ready(at_odds, "clerk"),
        press=lambda s, db, who, now: confirm_answer(db, who, s.number, "2.2", "Đúng", clock=now),
        wrong=lambda s, db, who, now: confirm_answer(db, who, s.number, "2.2", "a" * 20_000, clock=now)),
    own("confirm_answer.reopen_answer", "answer_reopened", given=ready(at_odds_said, "clerk"),
        press=lambda s, db, who, now: reopen_answer(db, who, s.number, "2.2", clock=now)),
)  # fmt: skip
