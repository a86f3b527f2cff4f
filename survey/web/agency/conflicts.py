"""Two values of one answer, side by side: what stands over each, the values in words, what the two buttons say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from survey.core import document as doc
from survey.services import saved_views
from survey.services.saved_views import SavedAnswer, SaveOutcome
from survey.web.filters import moment
from survey.web.language import t, words


@dataclass(frozen=True, slots=True)
class Row:
    """One answer that two people have changed."""

    key: str
    label: str  # "" where the indicator's name is the label
    mine: str  # in words
    theirs: str
    revision: int  # of theirs
    typed: str  # theirs, as the control takes it


@dataclass(frozen=True, slots=True)
class Conflict:
    """The indicator was changed since the page was opened, by somebody else or in another window of one's own."""

    lead: str  # sentence: who changed it, and when
    mine: str  # what stands over one's own values
    theirs: str  # what stands over the others
    keep: str  # the button under one's own
    use: str  # the button under the others
    rows: tuple[Row, ...]

    @property
    def held(self) -> dict[str, dict[str, Any]]:
        """What the script needs to settle it, by key."""
        return {row.key: {"revision": row.revision, "typed": row.typed} for row in self.rows}


def conflict_of(answers: Iterable[SavedAnswer]) -> Conflict | None:
    """The conflict of one indicator from what became of its changes; None where there is none.

    Where several were saved by others at several moments, the last one is named.
    """
    met = [(answer, answer.conflict) for answer in answers if answer.outcome is SaveOutcome.CONFLICT]
    both = [(answer, found) for answer, found in met if found is not None]
    if not both:
        return None
    last = max((found for _, found in both), key=lambda found: found.at.timestamp() if found.at else 0.0)
    named = {"by": last.by or t("web_fill.conflict_somebody"), "at": moment(last.at)}
    whose = "conflict_own" if last.own else "conflict"
    return Conflict(
        lead=t(f"web_fill.{whose}_lead", **named),
        mine=t(f"web_fill.{whose}_mine"),
        theirs=t(f"web_fill.{whose}_theirs", **named),
        keep=t(f"web_fill.{whose}_keep"),
        use=t(f"web_fill.{whose}_use", **named),
        rows=tuple(_row(answer, found) for answer, found in both),
    )


def _row(answer: SavedAnswer, found: saved_views.Conflict) -> Row:
    nothing = t("web_fill.blank")
    kind = doc.text_kind(answer.key).rstrip(":")
    label = t(f"web_fill.conflict_{kind}") if kind else words(found.label)
    return Row(answer.key, label, found.mine or nothing, found.theirs or nothing, answer.revision, answer.typed)


def told_of(answer: SavedAnswer) -> dict[str, Any]:
    """The conflict of one answer as the script takes it; nothing where there is none."""
    met = conflict_of([answer])
    if met is None:
        return {}
    row = met.rows[0]
    heads = {"lead": met.lead, "mine": met.mine, "theirs": met.theirs, "keep": met.keep, "use": met.use}
    return {"conflict": {"heads": heads, "label": row.label, "mine": row.mine, "theirs": row.theirs}}
