"""The deeds around a leader: the body's word on what was asked back, deputies, how far a leader has read."""

from __future__ import annotations

from typing import Any

from survey.services.confirm_answer import confirm_answer, reopen_answer
from survey.services.deputise import DeputyForm, end_deputy, name_deputy
from survey.services.fill import save_answers
from survey.services.last_look import look_again
from survey.services.saved_views import Change
from tests.services.deeds import NOTHING, REFUSED, Deed, Scene, ready
from tests.services.deeds_phieu import own


def at_odds(s: Scene, db: Any, who: Any, now: Any) -> None:
    changes = [Change(key, text, 0) for key, text in {"1.2.a": "3", "so_cbccvc": "9", "2.2.a": "5"}.items()]
    save_answers(db, who, s.number, changes, clock=now)


def at_odds_said(s: Scene, db: Any, who: Any, now: Any) -> None:
    at_odds(s, db, who, now)
    confirm_answer(db, who, s.number, "2.2", clock=now)


FORM = ("01/12/2026", "31/12/2026", "KT.")


def name(s: Scene, db: Any, who: Any, now: Any, *days: str) -> None:
    form = DeputyForm(s.world["clerk2"].account_id, *(days or FORM))
    s.kept["deputy"] = name_deputy(db, who, s.number, form, clock=now)


LEADING = (
    Deed("deputise.name_deputy", ("deputy_named@accounts",), name, by="leader", stranger="clerk", again=REFUSED,
         wrong=lambda s, db, who, now: name(s, db, who, now, "32/12/2026", "31/12/2026", "KT.")),
    Deed("deputise.end_deputy", ("deputy_ended@accounts",), given=ready(name, "leader"), by="leader", stranger="third",
         press=lambda s, db, who, now: end_deputy(db, who, s.number, s.kept["deputy"], clock=now)),
    Deed("last_look.look_again", NOTHING, lambda s, db, who, now: look_again(db, who, s.number, clock=now), by="leader",
         stranger="third"),
    own("confirm_answer.confirm_answer", "answer_confirmed", given=ready(at_odds, "clerk"),
        press=lambda s, db, who, now: confirm_answer(db, who, s.number, "2.2", "Đúng", clock=now),
        wrong=lambda s, db, who, now: confirm_answer(db, who, s.number, "2.2", "a" * 20_000, clock=now)),
    own("confirm_answer.reopen_answer", "answer_reopened", given=ready(at_odds_said, "clerk"),
        press=lambda s, db, who, now: reopen_answer(db, who, s.number, "2.2", clock=now)),
)  # fmt: skip
