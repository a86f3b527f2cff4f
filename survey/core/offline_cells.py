"""What the cells of the offline phiếu say, the mark by which an untouched cell is known, and whose phiếu it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.core import document as doc
from survey.core.answers import from_stored, to_stored
from survey.core.asks import NO, YES
from survey.core.cell_figures import CellValue, write_figure
from survey.core.errors import Faults
from survey.core.handed_in import Table
from survey.core.offline_lines import Line
from survey.core.questionnaire import Questionnaire
from survey.core.sorting_vi import fold
from survey.core.text import LANGUAGES, say

# Columns of the table; the marks and whose it is are out of sight.
CODE, VALUE, NOTE, KAD, WHY = "code", "value", "note", "kad", "why"
WAS = {
    VALUE: "was_value",
    NOTE: "was_note",
    KAD: "was_kad",
    WHY: "was_why",
}  # the mark of what stood there when it was made
WHOSE = "whose"
MARK_LENGTH = 12  # hex digits
_PARTS = "|"

Content = Mapping[str, Any]
TICKED = {fold(say("answers.yes", language)): YES for language in LANGUAGES} | dict.fromkeys(("1", "x", "v"), YES)
TICKED |= {fold(say("answers.no", language)): NO for language in LANGUAGES} | {"0": NO}


@dataclass(frozen=True, slots=True)
class Whose:
    """Which phiếu a table was made of, and when; every row of it carries this."""

    round_code: str
    agency: str  # its code
    questionnaire: str
    version: str
    sha256: str  # of the questionnaire, the first digits
    made_at: str = ""  # ISO time

    def written(self) -> str:
        """As a cell holds it."""
        parts = (self.round_code, self.agency, self.questionnaire, self.version, self.sha256[:MARK_LENGTH])
        return _PARTS.join((*parts, self.made_at))


def read_whose(cell: str) -> Whose | None:
    """The inverse of `written`; None for anything else."""
    parts = cell.strip().split(_PARTS)
    return Whose(*parts) if len(parts) == 6 else None


def check_whose(table: Table, wanted: Whose) -> None:
    """Raise Faults where rows were made of another body's phiếu, another round's, or another version's."""
    faults, known = [], set[str]()
    for row in table.rows:
        written = row.text(WHOSE)
        if not written or written in known:
            continue
        known.add(written)
        found = read_whose(written)
        if found is None:
            faults.append(table.fault(row.number, "offline.whose_broken", CODE))
        elif found.agency != wanted.agency:
            faults.append(table.fault(row.number, "offline.other_agency", CODE, found=found.agency, own=wanted.agency))
        elif found.round_code != wanted.round_code:
            told = {"found": found.round_code, "own": wanted.round_code}
            faults.append(table.fault(row.number, "offline.other_round", CODE, **told))
        elif (found.questionnaire, found.sha256) != (wanted.questionnaire, wanted.sha256[:MARK_LENGTH]):
            told = {
                "found": f"{found.questionnaire} {found.version}",
                "own": f"{wanted.questionnaire} {wanted.version}",
            }
            faults.append(table.fault(row.number, "offline.other_version", CODE, **told))
    if faults:
        raise Faults(faults)


def mark_of(content: Content) -> str:
    """A short text that is the same only for the same content; never empty."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]


def content_of(questionnaire: Questionnaire, document: doc.Document, target: str) -> Content:
    """What stands at a target: an input key, an option of ticks as yes or no, a text beside it, a request's reason."""
    if doc.text_kind(target):
        text = str(document.get(target, {}).get("text", ""))
        return {"text": text} if text else {}
    if target.startswith(doc.KAD):
        request = doc.request_of(document, target.removeprefix(doc.KAD))
        return {"text": str(request["reason"])} if request else {}
    if target in questionnaire.users_of:
        return to_stored(from_stored(questionnaire, target, document.get(target) or {}))
    key, _, option = target.rpartition(":")
    ticked = from_stored(questionnaire, key, document.get(key) or {}).value
    return {"value": YES if option in ticked else NO} if isinstance(ticked, frozenset) else {}


def cell_of(questionnaire: Questionnaire, document: doc.Document, line: Line, language: str = "vi") -> CellValue:
    """What the cell of a line's value says; None where it is blank, or has no value of its own."""
    if line.option:
        content = content_of(questionnaire, document, line.target)
        return say(f"answers.{content['value']}", language) if content else None
    if not line.key or line.entered_at or line.has_options:
        return None
    return write_figure(questionnaire, line.key, document.get(line.key), language)
