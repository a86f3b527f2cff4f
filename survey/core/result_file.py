"""A result as a file that proves itself: rules, answers as exact text and every figure; written, and read with care."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from survey.core.answers import Case, Special, to_cell
from survey.core.errors import Fault, Faults
from survey.core.load import text_hash
from survey.core.questionnaire import Questionnaire
from survey.core.result_figures import Name, figures_of, order_of, ranks_by

FORMAT: Literal["sansangso-result-1"] = "sansangso-result-1"
ENDING = ".result.json"
LARGEST = 64_000_000  # bytes; 3,321 bodies with 62 indicators each come to about 20,000,000
SHOWN = 60  # characters of a place or a value that a sentence repeats


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Body(_Shape):
    """One body. `figures` are by what they are and by code, the whole's code empty; absent means there is none."""

    agency: str
    name: str
    cohort: str
    ranked: bool  # it is ranked, and its values are held against its peers'
    attributes: dict[str, bool]
    not_applicable: list[str]
    answers: dict[str, str]  # as a file writes them; absent is missing
    told_by: str = ""  # another instance that sent points without answers: they cannot be recomputed
    figures: dict[str, dict[str, str]]
    digest: str = ""  # SHA-256 of all the above


class Part(_Shape):
    """One questionnaire version with its bodies."""

    id: str
    version: str
    sha256: str  # of `rules`
    rules: str  # the questionnaire's text
    bodies: list[Body]


class ResultFile(_Shape):
    """A whole result."""

    format: Literal["sansangso-result-1"]
    title: str
    engine: str  # version of this software
    at: str  # ISO time
    head: str  # of the log when it was taken; "" where there is no log
    parts: list[Part] = Field(min_length=1)
    digest: str = ""  # SHA-256 of all the above


@dataclass(frozen=True, slots=True)
class BodyResult:
    """A body to be written."""

    case: Case
    name: str
    ranked: bool
    told_by: str = ""
    told: Mapping[Name, str] | None = None  # its figures where they came without answers


def make_part(questionnaire: Questionnaire, rules: str, bodies: Sequence[BodyResult]) -> Part:
    """One questionnaire's bodies with every figure, by the exact reading."""
    cases, ranked = [body.case for body in bodies], [body.ranked for body in bodies]
    recomputed = [one.ranked and one.told is None for one in bodies]
    figures = [
        dict(one.told) if one.told is not None else found
        for one, found in zip(bodies, figures_of(questionnaire, cases, recomputed), strict=True)
    ]
    orders = [order_of(questionnaire, one) for one in figures]
    for one, rank in zip(figures, ranks_by(orders, [case.cohort for case in cases], ranked), strict=True):
        one[Name("rank")] = "" if rank is None else str(rank)
    written = [_body(body, found) for body, found in zip(bodies, figures, strict=True)]
    return Part(
        id=questionnaire.id, version=questionnaire.version, sha256=text_hash(rules), rules=rules, bodies=written
    )


def _body(body: BodyResult, figures: Mapping[Name, str]) -> Body:
    case = body.case
    by_what: dict[str, dict[str, str]] = {}
    for name, text in figures.items():
        if text:
            by_what.setdefault(name.what, {})[name.code] = text
    made = Body(
        agency=case.agency,
        name=body.name,
        cohort=case.cohort,
        ranked=body.ranked,
        attributes=dict(case.attributes),
        not_applicable=sorted(case.not_applicable),
        answers={key: to_cell(value) for key, value in case.values.items() if value is not Special.MISSING},
        told_by=body.told_by,
        figures=by_what,
    )
    return made.model_copy(update={"digest": digest_of(made)})


def written_figures(body: Body) -> dict[Name, str]:
    """The figures of a body by name."""
    return {Name(what, code): text for what, texts in body.figures.items() for code, text in texts.items()}


def digest_of(content: _Shape) -> str:
    """SHA-256 of a part's canonical text, its own digest left out."""
    plain = content.model_dump(exclude={"digest"})
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def write_result(parts: Sequence[Part], *, title: str, engine: str, at: datetime, head: str = "") -> bytes:
    """The file, one line a value, so that two of them can be compared."""
    made = ResultFile(
        format=FORMAT, title=title, engine=engine, at=at.isoformat(timespec="seconds"), head=head, parts=list(parts)
    )
    made = made.model_copy(update={"digest": digest_of(made)})
    return (json.dumps(made.model_dump(), ensure_ascii=False, indent=1) + "\n").encode()


def read_result(content: bytes, name: str) -> ResultFile:
    """A file as it is written, nothing believed yet. Raises Faults for what is no such file."""
    if len(content) > LARGEST:
        raise _fault(name, "too_large", megabytes=LARGEST // 1_000_000)
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_pairs)
    except UnicodeDecodeError:
        raise _fault(name, "not_text") from None
    except json.JSONDecodeError as error:
        raise _fault(name, "not_json", line=error.lineno) from None
    except RecursionError:
        raise _fault(name, "not_a_result") from None
    except _RefusedValue as refused:
        raise _fault(name, "refused_value", value=str(refused)[:SHOWN]) from None
    if not isinstance(data, dict) or not str(data.get("format", "")).startswith("sansangso-result"):
        raise _fault(name, "not_a_result")
    if data["format"] != FORMAT:
        raise _fault(name, "other_format", found=str(data["format"])[:SHOWN], known=FORMAT)
    try:
        return ResultFile.model_validate(data)
    except ValidationError as error:
        faults = [_shape_fault(name, found) for found in error.errors(include_url=False, include_input=False)]
        raise Faults(faults) from None


class _RefusedValue(ValueError):
    """NaN, an infinity, or a key that stands twice."""


def _refuse(value: str) -> None:
    raise _RefusedValue(value)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _RefusedValue(next(key for key in keys if keys.count(key) > 1))
    return read


def _fault(name: str, key: str, line: int = 1, **data: object) -> Faults:
    return Faults([Fault(name, line, f"result.{key}", data)])


def _shape_fault(name: str, found: Any) -> Fault:
    place = ".".join(str(step) for step in found["loc"])[-SHOWN:]
    kinds = {"missing": "key_missing", "extra_forbidden": "key_unknown"}
    return Fault(name, 1, f"result.{kinds.get(found['type'], 'wrong_kind')}", {"place": place})
