"""Result files: written and recomputed they agree; every change is found and named; hostile files get a sentence."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from survey.core.answers import Case, Special, Value
from survey.core.asks import NO, YES, Checks, Choice, FreeText, Manual, NumberKind, Points, YesNo
from survey.core.errors import Faults
from survey.core.load import FILE_NAME, load_text, text_hash
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.recompute import Recomputed, recompute
from survey.core.result_figures import Name
from survey.core.result_file import BodyResult, make_part, read_result, write_result
from survey.core.text import LANGUAGES

HOME = Path(__file__).resolve().parents[2] / "questionnaires"
FILES = sorted([*HOME.glob(f"*/{FILE_NAME}"), *HOME.glob("features/*.yaml")])
AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
BODIES = 9


def answer(chance: random.Random, indicator: Indicator, key: str) -> Value:
    match indicator.ask:
        case YesNo():
            return chance.choice([YES, NO])
        case Choice(options=options):
            return chance.choice(options).code
        case Checks(options=options):
            return frozenset(option.code for option in options if chance.random() < 0.5)
        case FreeText():
            return chance.choice(["Ghi chú", "=1+1", "dòng 1\ndòng 2", "“ngoặc”, phẩy; chấm phẩy"])
        case Points() | Manual():
            return Decimal(chance.randint(0, int(indicator.maximum)))
        case _:
            kind = next(number.kind for number in indicator.numbers if number.key == key)
            if kind is NumberKind.INTEGER:
                return Decimal(chance.choice([0, 1, 3, 57, 100, 9_999_999_999]))
            least = -50 if kind is NumberKind.REAL else 0
            return Decimal(chance.randint(least, 10_000)) / chance.choice([1, 10, 1000])


def case(chance: random.Random, questionnaire: Questionnaire, agency: str) -> Case:
    values: dict[str, Value] = {}
    for key in questionnaire.keys:
        kind = chance.random()
        if kind < 0.85:
            values[key] = answer(chance, questionnaire.users_of[key][0], key)
        elif kind < 0.9:
            values[key] = Special.NOT_APPLICABLE
    left = frozenset(one.code for one in questionnaire.indicators if chance.random() < 0.05)
    attributes = {name: chance.random() < 0.5 for name in questionnaire.attributes}
    return Case(agency, values, left, attributes, chance.choice(["xa", "phuong"]))


def made(file: Path, seed: int = 1) -> bytes:
    chance = random.Random(f"{file.name} {seed}")
    rules = file.read_text(encoding="utf-8")
    questionnaire = load_text(rules, file.name)
    cases = [case(chance, questionnaire, f"HN-{number}") for number in range(BODIES)]
    bodies = [BodyResult(one, f"Đơn vị {n}", ranked=n % 4 != 3) for n, one in enumerate(cases)]
    told = {Name("points"): "20", Name("maximum"): "40", Name("rate_published"): "0.5"}
    outside = Case("HN-LA", {}, frozenset(), {}, "xa")
    bodies.append(BodyResult(outside, "Đơn vị ở hệ thống khác", ranked=True, told_by="Mạng Đảng", told=told))
    return write_result([make_part(questionnaire, rules, bodies)], title="Đợt 2026", engine="1", at=AT, head="ab12")


def check(content: bytes) -> Recomputed:
    return recompute(read_result(content, "x.result.json"), "x.result.json")


def sentences(done: Recomputed) -> list[str]:
    assert all(one.sentence(language) for one in done.differences for language in LANGUAGES)
    return [one.sentence("en") for one in done.differences]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_is_written_is_recomputed_to_the_last_digit(file: Path) -> None:
    done = check(made(file))
    assert sentences(done) == []
    assert (done.bodies, done.told) == (BODIES, ("Đơn vị ở hệ thống khác",))
    assert done.figures > BODIES * 4


@pytest.fixture(scope="module")
def good() -> bytes:
    return made(HOME / "so-nganh-2026" / FILE_NAME)


def changed(content: bytes, change: Callable[[Any], None]) -> list[str]:
    data = json.loads(content)
    change(data)
    return sentences(check(json.dumps(data).encode()))


def test_a_changed_answer_is_named_with_body_and_indicator(good: bytes) -> None:
    def change(data: Any) -> None:
        body = data["parts"][0]["bodies"][0]
        states = body["figures"]["state"]
        key = next(k for k, text in body["answers"].items() if text in ("yes", "no") and states[k] == "scored")
        body["answers"][key] = "no" if body["answers"][key] == "yes" else "yes"
        keys.append(key)

    keys: list[str] = []
    found = changed(good, change)
    assert any(text.startswith(f"HN-0, indicator or group {keys[0]}: the points in the file is") for text in found)


def test_a_changed_answer_that_changes_no_figure_is_found_too(good: bytes) -> None:
    def change(data: Any) -> None:
        data["parts"][0]["bodies"][0]["name"] = "Sở khác"

    assert changed(good, change) == [
        "HN-0: what the file says of this body was changed after the export (its digest differs), "
        "though figures follow from it."
    ]


@pytest.mark.parametrize("what", ["state", "points", "maximum", "share", "rate_published", "level"])
def test_any_changed_figure_is_named(good: bytes, what: str) -> None:
    def change(data: Any) -> None:
        texts = data["parts"][0]["bodies"][2]["figures"][what]
        code = sorted(texts)[0]
        texts[code] = {"state": "hidden", "level": "Khác"}.get(what, "0.123")

    found = changed(good, change)
    assert len(found) == 1
    assert found[0].startswith("HN-2")
    assert "recomputed it is" in found[0]


def test_a_removed_and_an_added_figure_are_named(good: bytes) -> None:
    def change(data: Any) -> None:
        figures = data["parts"][0]["bodies"][1]["figures"]
        del figures["points"]["2"]
        figures["points"]["99"] = "7"

    found = changed(good, change)
    assert len(found) == 2
    assert "(none)" in found[0]
    assert "points = 7" in found[1]


def test_a_changed_rank_is_named_also_of_a_body_told_by_others(good: bytes) -> None:
    def change(data: Any) -> None:
        for body in data["parts"][0]["bodies"]:
            if body["agency"] in ("HN-LA", "HN-1"):
                body["figures"]["rank"] = {"": "77"}

    found = changed(good, change)
    assert [text.split(":")[0] for text in found if "the rank in the file is 77" in text] == ["HN-1", "HN-LA"]


def test_whoever_calls_a_body_told_by_others_cannot_write_its_figures(good: bytes) -> None:
    def change(data: Any) -> None:
        body = data["parts"][0]["bodies"][0]
        body["told_by"] = "Hệ thống khác"
        body["figures"]["points"]["1"] = "999"

    assert any(
        text.startswith("HN-0: the file calls its points told by another system") for text in changed(good, change)
    )


def test_figures_of_a_body_told_by_others_are_not_called_recomputed(good: bytes) -> None:
    def alone(data: Any) -> None:
        data["parts"][0]["bodies"] = data["parts"][0]["bodies"][:-1]

    data = json.loads(good)
    alone(data)
    assert check(json.dumps(data).encode()).figures == check(good).figures


def test_changed_rules_are_named_even_where_their_hash_was_changed_with_them(good: bytes) -> None:
    def change(data: Any) -> None:
        part = data["parts"][0]
        part["rules"] = part["rules"].replace('max: "40"', 'max: "45"')

    def with_hash(data: Any) -> None:
        change(data)
        data["parts"][0]["sha256"] = text_hash(data["parts"][0]["rules"])

    assert "does not have the SHA-256 beside it" in changed(good, change)[0]
    found = changed(good, with_hash)
    assert not any("SHA-256" in text for text in found)
    assert any("the points in the file" in text for text in found)


def test_a_removed_body_moves_the_ranks_below_it_or_the_digest(good: bytes) -> None:
    for row in range(BODIES):

        def change(data: Any, row: int = row) -> None:
            del data["parts"][0]["bodies"][row]

        assert changed(good, change)


def test_other_changes_are_found(good: bytes) -> None:
    def twice(data: Any) -> None:
        data["parts"][0]["bodies"].append(data["parts"][0]["bodies"][0])

    def title(data: Any) -> None:
        data["at"] = "2020-01-01T00:00:00+00:00"

    def version(data: Any) -> None:
        data["parts"][0]["version"] = "2027"

    def unknown(data: Any) -> None:
        data["parts"][0]["bodies"][0]["answers"]["77.7"] = "1"

    def refused(data: Any) -> None:
        data["parts"][0]["bodies"][0]["answers"]["1.2.a"] = "-5"

    def kad(data: Any) -> None:
        data["parts"][0]["bodies"][0]["not_applicable"].append("77.7")

    wanted = {
        twice: "stands twice", title: "The general part", version: "rules are those of", unknown: "does not ask “77.7”",
        refused: "“-5” cannot be taken", kad: "no indicator 77.7",
    }  # fmt: skip
    for change, words in wanted.items():
        assert any(words in text for text in changed(good, change)), words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe\x00", "no UTF-8"),
        (b"PK\x03\x04rest", "no JSON"),
        (b"{}", "no file of results"),
        (b"[1]", "no file of results"),
        (b"[" * 100_000, "no file of results"),
        (b'{"format": "sansangso-result-9"}', "sansangso-result-9"),
        (b'{"format": NaN}', "“NaN”"),
        (b'{"format": "x", "format": "y"}', "“format”"),
        (b'{"format": "sansangso-result-1"}', "“parts” is missing"),
        (b'{"format": "sansangso-result-1", "title": 7}', "“title” holds a value of the wrong kind"),
    ],
)
def test_a_hostile_file_gets_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Faults) as refused:
        read_result(content, "x.result.json")
    assert words in " ".join(fault.sentence("en") for fault in refused.value.faults)


def test_a_cut_file_names_the_line(good: bytes) -> None:
    with pytest.raises(Faults) as refused:
        read_result(good[: len(good) * 9 // 10], "x.result.json")
    assert refused.value.faults[0].line > 100


def test_a_huge_file_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.core.result_file.LARGEST", 1_000)
    with pytest.raises(Faults) as refused:
        read_result(b" " * 1_001, "x.result.json")
    assert "too large" in refused.value.faults[0].sentence("en")


@pytest.mark.parametrize("rules", ["", "\ud800", "id: x\n", "a: &a [*a]\n", "x" * 600_000, "\x00"])
def test_rules_that_are_none_are_refused_with_their_line(good: bytes, rules: str) -> None:
    data = json.loads(good)
    data["parts"][0]["rules"] = rules
    with pytest.raises(Faults) as refused:
        check(json.dumps(data).encode())
    assert refused.value.faults[0].file.startswith("x.result.json (so-nganh")


def test_hostile_texts_in_figures_and_answers_end_in_differences(good: bytes) -> None:
    chance = random.Random(3)
    for text in ("1/0", "\ud800", "9" * 5_000, "1e999", "", "KAD", "=1+1", "\x00"):

        def change(data: Any, text: str = text) -> None:
            for body in data["parts"][0]["bodies"]:
                for texts in body["figures"].values():
                    texts[chance.choice(sorted(texts))] = text
                body["answers"][chance.choice(sorted(body["answers"] or {"1.1": ""}))] = text

        assert changed(good, change)
