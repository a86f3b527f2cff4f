"""A submission's document: answers, notes, requests and attached documents by key, each with its revision.

`{key: {…, "rev": n, "at": ISO time in UTC, "by": account id}}`, where key is an input key (members of `to_stored`),
`note:<indicator>` ("text"), `unproven:<indicator>` ("text": why there is no document), `evidence:<indicator>` ("ids"),
`place:<document id>:<indicator>` ("text": page or article), `kad:<indicator>` ("reason", "decision" …) or
`right:<indicator>` ("of", "text": what was asked back is right).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from survey.core.answers import BLANK, LONGEST_TEXT, Answer, Case, Special, Value, from_stored, number_kind, to_stored
from survey.core.questionnaire import Questionnaire

Entry = Mapping[str, Any]
Document = Mapping[str, Entry]

NOTE, UNPROVEN, PLACE, EVIDENCE, KAD, RIGHT = "note:", "unproven:", "place:", "evidence:", "kad:", "right:"
LONGEST = {NOTE: LONGEST_TEXT, UNPROVEN: LONGEST_TEXT, PLACE: 200}  # characters of the texts beside the answers
APPROVED, REFUSED = "approved", "refused"
_STAMP = ("rev", "at", "by")


def stamped(content: Entry, before: Entry | None, at: datetime, by: int) -> dict[str, Any]:
    """An entry that follows `before`."""
    return {**content, "rev": revision_of(before) + 1, "at": at.isoformat(), "by": by}


def content_of(entry: Entry | None) -> dict[str, Any]:
    """What an entry says, without who, when and which revision."""
    return {key: value for key, value in (entry or {}).items() if key not in _STAMP}


def revision_of(entry: Entry | None) -> int:
    """How often a key was written; 0 = never."""
    return int(entry["rev"]) if entry else 0


def parse_time(text: str) -> datetime:
    """A time as entries write it."""
    return datetime.fromisoformat(text)


def time_of(entry: Entry) -> datetime:
    """When an entry was last written."""
    return parse_time(entry["at"])


def read_answers(questionnaire: Questionnaire, document: Document) -> dict[str, Answer]:
    """The answers by input key; keys never written are left out, cleared ones are blank."""
    return {key: from_stored(questionnaire, key, document[key]) for key in questionnaire.keys if key in document}


def text_kind(key: str) -> str:
    """Which of the texts beside the answers a key is (NOTE, UNPROVEN, PLACE); "" for any other."""
    return next((prefix for prefix in LONGEST if key.startswith(prefix)), "")


def is_text_key(questionnaire: Questionnaire, document: Document, key: str) -> bool:
    """Whether such a text can stand here: at an indicator there is, and a place only of a document attached to it."""
    kind, code = text_kind(key), key.rpartition(":")[2]
    if code not in questionnaire.by_code:
        return False
    if kind != PLACE:
        return key == kind + code
    return key in {place_key(number, code) for number in evidence_ids(document, code)}


def place_key(evidence_id: int, code: str) -> str:
    """The key of where in a document an indicator is proven."""
    return f"{PLACE}{evidence_id}:{code}"


def place_of(document: Document, evidence_id: int, code: str) -> str:
    """Page or article of a document that proves an indicator; "" for the whole of it."""
    return str(document.get(place_key(evidence_id, code), {}).get("text", ""))


def unproven_of(document: Document, code: str) -> str:
    """Why an indicator has no document; "" where that is not explained."""
    return str(document.get(UNPROVEN + code, {}).get("text", ""))


def note_of(document: Document, code: str) -> str:
    """The body's note on an indicator."""
    return str(document.get(NOTE + code, {}).get("text", ""))


def evidence_ids(document: Document, code: str) -> tuple[int, ...]:
    """Ids of the documents attached to an indicator, in the order attached."""
    return tuple(document.get(EVIDENCE + code, {}).get("ids", ()))


def request_of(document: Document, code: str) -> Entry | None:
    """The request that an indicator does not apply, decided or not; None where there is none."""
    entry = document.get(KAD + code)
    return entry if entry and entry.get("reason") else None


def right_of(document: Document, code: str, keys: Iterable[str]) -> Entry | None:
    """The body's word that what was asked back at an indicator is right; None once one of the inputs has changed."""
    entry = document.get(RIGHT + code)
    return entry if entry and entry.get("of") == state_of(document, keys) else None


def state_of(document: Document, keys: Iterable[str]) -> str:
    """What tells the present answers to some inputs from every other: 16 hex digits."""
    told = {key: content_of(document.get(key)) for key in keys}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def requests(document: Document) -> dict[str, Entry]:
    """Every request by indicator code."""
    codes = (key.removeprefix(KAD) for key in document if key.startswith(KAD))
    return {code: entry for code in codes if (entry := request_of(document, code))}


def pending_requests(document: Document) -> tuple[str, ...]:
    """Codes of the indicators whose request waits for an answer."""
    return tuple(code for code, entry in requests(document).items() if entry.get("decision") is None)


def case_of(
    questionnaire: Questionnaire, document: Document, agency: str, attributes: Mapping[str, bool]
) -> tuple[Case, dict[str, Answer]]:
    """What scoring sees, and the answers it was made of."""
    answers = read_answers(questionnaire, document)
    values = {key: answer.value for key, answer in answers.items() if answer.value is not Special.MISSING}
    return Case(agency, values, _approved(document), attributes), answers


class CaseReader:
    """Reads the documents of many agencies: only the values that scoring needs, 20 times as fast as `case_of`."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        keys = questionnaire.keys
        self._numbers = frozenset(key for key in keys if number_kind(questionnaire, key) is not None)
        self._others = frozenset(keys) - self._numbers

    def read(self, document: Document, agency: str, attributes: Mapping[str, bool]) -> Case:
        """The case that `case_of` gives."""
        values: dict[str, Value] = {}
        for key, entry in document.items():
            value = entry.get("value")
            if key in self._numbers:
                if value is not None:
                    values[key] = Decimal(value)
            elif key in self._others and value is not None:
                values[key] = frozenset(value) if isinstance(value, list) else value
        return Case(agency, values, _approved(document), attributes)


def _approved(document: Document) -> frozenset[str]:
    return frozenset(code for code, entry in requests(document).items() if entry.get("decision") == APPROVED)


def is_provided(questionnaire: Questionnaire, key: str) -> bool:
    """Whether a figure is only ever given by another body or by the verifiers: read-only to the agency."""
    return all(
        indicator.provided_by is not None or not indicator.by_agency for indicator in questionnaire.users_of[key]
    )


def content_text(
    questionnaire: Questionnaire, sha256: str, document: Document, documents: Mapping[int, tuple[str, ...]]
) -> str:
    """The agency's own content as canonical JSON: what a sign-off is bound to.

    In it are answers, notes, requests, confirmations, attached `documents` (fields by id) and the hash of the
    questionnaire; not in it is what others add later (provided figures, decisions on requests).
    """
    answers = {
        key: stored
        for key, answer in read_answers(questionnaire, document).items()
        if answer != BLANK and not is_provided(questionnaire, key) and (stored := to_stored(answer))
    }
    codes = questionnaire.by_code
    attached = {code: _cited(document, code, documents) for code in codes}
    content: dict[str, Any] = {
        "questionnaire": sha256,
        "answers": answers,
        "notes": {code: text for code in codes if (text := note_of(document, code))},
        "requests": {code: entry["reason"] for code, entry in requests(document).items()},
        "evidence": {code: fields for code, fields in attached.items() if fields},
    }
    said = {code: content_of(document[RIGHT + code]) for code in codes if content_of(document.get(RIGHT + code))}
    unproven = {code: text for code in codes if (text := unproven_of(document, code))}
    for name, texts in (("right", said), ("unproven", unproven)):
        if texts:  # left out where there is none: what was signed before there were any keeps its hash
            content[name] = texts
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _cited(document: Document, code: str, documents: Mapping[int, tuple[str, ...]]) -> list[list[Any]]:
    """The documents of an indicator with the places in them."""
    known = [number for number in evidence_ids(document, code) if number in documents]
    places = {number: place_of(document, number, code) for number in known}
    return [[*documents[number], *([{"place": places[number]}] if places[number] else [])] for number in known]


def content_hash(text: str) -> str:
    """SHA-256 of a content text, 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def short_hash(digest: str) -> str:
    """The first digits of a hash as people compare them: `7F3A-91C2`."""
    return f"{digest[:4]}-{digest[4:8]}".upper()
