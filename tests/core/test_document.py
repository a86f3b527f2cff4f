"""A submission's document: entries with revisions, and the content that a sign-off is bound to."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from survey.core import document as doc
from survey.core.answers import read_typed, to_stored
from survey.core.load import load
from survey.core.questionnaire import Questionnaire

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MAU = Path(__file__).parents[1] / "services" / "mau"


@pytest.fixture(scope="module")
def mau() -> Questionnaire:
    return load(MAU)


def entry(content: dict[str, Any], revision: int = 1) -> dict[str, Any]:
    return {**content, "rev": revision, "at": NOW.isoformat(), "by": 1}


def full(mau: Questionnaire) -> dict[str, Any]:
    typed = {
        "1.1": "cap_pho",
        "1.2.a": "7",
        "so_cbccvc": "10",
        "2.3": "bốn",
        "2.4.a": "1",
        "2.5": "sao_luu",
        "2.7": "Không",
    }
    document = {key: entry(to_stored(read_typed(mau, key, text))) for key, text in typed.items()}
    document["note:1.1"] = entry({"text": "Ghi chú"})
    document["evidence:1.1"] = entry({"ids": [7]})
    document["kad:2.6"] = entry({"reason": "Không có bảng điểm", "decision": None})
    return document


def text(mau: Questionnaire, document: dict[str, Any], number: str = "1/QĐ") -> str:
    return doc.content_text(mau, "f" * 64, document, {7: (number, "", "", "", ""), 8: ("2/QĐ", "", "", "", "")})


def test_a_first_entry_has_revision_1_and_each_next_one_more() -> None:
    first = doc.stamped({"value": "a"}, None, NOW, 5)
    assert first == {"value": "a", "rev": 1, "at": "2026-11-23T02:00:00+00:00", "by": 5}
    assert doc.stamped({}, first, NOW, 6)["rev"] == 2
    assert doc.content_of(first) == {"value": "a"}
    assert doc.time_of(first) == NOW


def test_content_does_not_depend_on_who_when_or_in_which_order(mau: Questionnaire) -> None:
    document = full(mau)
    later = {key: {**value, "rev": 9, "by": 3, "at": "2027-01-01T00:00:00+00:00"} for key, value in document.items()}
    assert text(mau, dict(reversed(later.items()))) == text(mau, document)


def test_everything_of_the_agency_is_in_the_content(mau: Questionnaire) -> None:
    told = json.loads(text(mau, full(mau)))
    assert sorted(told["answers"]) == ["1.1", "1.2.a", "2.3", "2.5", "2.7", "so_cbccvc"]
    assert told["answers"]["2.3"] == {"fault": "not_a_number", "typed": "bốn"}
    assert told["notes"] == {"1.1": "Ghi chú"}
    assert told["evidence"] == {"1.1": [["1/QĐ", "", "", "", ""]]}
    assert told["requests"] == {"2.6": "Không có bảng điểm"}


@pytest.mark.parametrize(
    "change",
    [
        {"1.1": {"value": "chua"}},
        {"1.2.a": {}},
        {"1.3": {"value": "yes"}},
        {"note:1.1": {"text": "Khác"}},
        {"evidence:1.1": {"ids": [8]}},
        {"evidence:1.1": {"ids": []}},
        {"kad:2.6": {"reason": "Lý do khác"}},
        {"kad:2.6": {}},
    ],
)
def test_any_change_of_the_agencys_changes_the_content(mau: Questionnaire, change: dict[str, Any]) -> None:
    document = full(mau)
    changed = document | {key: entry(content) for key, content in change.items()}
    assert text(mau, changed) != text(mau, document)


def test_a_change_of_an_attached_document_changes_the_content(mau: Questionnaire) -> None:
    assert text(mau, full(mau), "1a/QĐ") != text(mau, full(mau))


def test_what_others_add_does_not(mau: Questionnaire) -> None:
    document = full(mau)
    added = {
        "2.4.b": entry({"value": "9"}),
        "kad:2.6": {**document["kad:2.6"], "decision": "approved", "decided_by": 4},
        "1.3": entry({}),
    }
    assert text(mau, document | added) == text(mau, document)


def test_only_an_approved_request_reaches_scoring(mau: Questionnaire) -> None:
    for decision, expected in ((None, set()), ("refused", set()), ("approved", {"2.6"})):
        document = {"kad:2.6": entry({"reason": "Không có bảng điểm", "decision": decision})}
        case, _ = doc.case_of(mau, document, "SO-1", {"has_tthc": True})
        assert case.not_applicable == expected
        assert doc.pending_requests(document) == (("2.6",) if decision is None else ())


def test_a_cancelled_request_is_none(mau: Questionnaire) -> None:
    assert doc.requests({"kad:2.6": entry({}, 2)}) == {}


def test_the_fast_reader_reads_what_the_careful_one_reads(mau: Questionnaire) -> None:
    attributes = {"has_tthc": True}
    document = full(mau) | {"2.6": entry({"value": "2.5"}), "1.3": entry({}), "2.1.a": entry({"value": "0"})}
    document["kad:2.3"] = entry({"reason": "Mới thành lập", "decision": "approved"})
    careful, _ = doc.case_of(mau, document, "SO-1", attributes)
    assert doc.CaseReader(mau).read(document, "SO-1", attributes) == careful
    assert {type(value).__name__ for value in careful.values.values()} == {"str", "Decimal", "frozenset"}


def test_a_hash_is_shown_by_its_first_digits() -> None:
    assert doc.short_hash("7f3a91c2" + "0" * 56) == "7F3A-91C2"
