"""One-way packages as bytes: canonical JSON with SHA-256 and Ed25519 signature, so that any changed byte is found.

In it are points, and figures where asked for; never evidence, notes, free texts or names of persons.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import TypeAdapter, ValidationError

from survey.core.answers import Case
from survey.core.workflow import SubmissionState
from survey.services.errors import Refused
from survey.storage.database import compact_json

FORMAT = 1
LARGEST = 40_000_000  # bytes
_FINGERPRINT = 32  # hex digits that people compare, in groups of four


@dataclass(frozen=True, slots=True)
class PackedQuestionnaire:
    """One version that bodies of a package answered."""

    id: str
    version: str
    rules: str  # fingerprint of everything that scoring reads


@dataclass(frozen=True, slots=True)
class PackedFigures:
    """The answers of one body as scoring sees them: numbers as text, ticks as lists."""

    values: dict[str, str | list[str]]
    numbers: list[str]  # which of the values are numbers
    not_applicable: list[str]
    attributes: dict[str, bool]


@dataclass(frozen=True, slots=True)
class PackedBody:
    """One body's result."""

    code: str
    name: str
    cohort: str
    questionnaire: int  # place in the package's list
    state: SubmissionState
    sent_at: datetime | None
    total: float | None  # None where too little is known
    maximum: float
    rate: float | None
    groups: dict[str, tuple[float, float]]
    indicators: dict[str, float | str | None]
    figures: PackedFigures | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a package says."""

    instance_id: str
    instance_name: str
    demonstration: bool
    round_code: str
    round_title: str
    made_at: datetime
    engine: str
    audit_head: str
    with_figures: bool
    questionnaires: list[PackedQuestionnaire]
    bodies: list[PackedBody]


@dataclass(frozen=True, slots=True)
class Package:
    """A package whose signature was made by its own key; whether that key is trusted is another matter."""

    content: Content
    public_key: str  # Ed25519, 64 hex digits
    sha256: str  # of the content
    text: str  # the content as it was signed


def write_package(content: Content, key: Ed25519PrivateKey) -> bytes:
    """Sign and write a package."""
    told = {"format": FORMAT, **_plain(asdict(content))}
    text = compact_json(told)
    envelope = {
        "content": told,
        "key": key.public_key().public_bytes_raw().hex(),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "signature": key.sign(text.encode()).hex(),
    }
    return compact_json(envelope).encode() + b"\n"


def read_package(data: bytes) -> Package:
    """Check every byte of a package. Raises Refused where one is not as it was signed."""
    if len(data) > LARGEST:
        refuse("large", megabytes=LARGEST // 1_000_000)
    if data.lstrip()[:1] != b"{":
        refuse("none")
    try:
        envelope = json.loads(data, parse_constant=_no_number)
        if compact_json(envelope).encode() + b"\n" != data:
            refuse("changed")
        told, key, digest, signature = (envelope.pop(name) for name in ("content", "key", "sha256", "signature"))
        text = compact_json(told)
        if envelope or hashlib.sha256(text.encode()).hexdigest() != digest or signature != signature.lower():
            refuse("changed")
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), text.encode())
        if key != key.lower():
            refuse("changed")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, InvalidSignature):
        refuse("changed")
    if told.pop("format", None) != FORMAT:
        refuse("newer")
    return Package(content_of(told), key, digest, text)


def content_of(told: Mapping[str, Any]) -> Content:
    """What the JSON of a content says. Raises Refused where it lacks something."""
    try:
        content = _CONTENT.validate_python({name: value for name, value in told.items() if name != "format"})
    except ValidationError:
        refuse("shape")
    if any(not 0 <= body.questionnaire < len(content.questionnaires) for body in content.bodies):
        refuse("shape")
    if content.made_at.tzinfo is None or len({body.code for body in content.bodies}) != len(content.bodies):
        refuse("shape")
    return content


_CONTENT = TypeAdapter(Content)


def refuse(why: str, **values: object) -> NoReturn:
    """Say what is wrong with a package. Raises Refused."""
    raise Refused(f"package.{why}", "file", **values)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(inside) for name, inside in value.items()}
    return [_plain(inside) for inside in value] if isinstance(value, (list, tuple)) else value


def fingerprint_of(public_key: str) -> str:
    """A key as people compare it over the telephone: 7F3A 91C2 …"""
    digest = hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:_FINGERPRINT].upper()
    return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))


def pack_case(case: Case, left_out: frozenset[str]) -> PackedFigures:
    """The figures of a body without the answers to `left_out` (free texts)."""
    values: dict[str, str | list[str]] = {}
    numbers = []
    for key, value in case.values.items():
        if key in left_out:
            continue
        if isinstance(value, Decimal):
            numbers.append(key)
            values[key] = f"{value:f}"
        else:
            values[key] = sorted(value) if isinstance(value, frozenset) else str(value)
    return PackedFigures(values, sorted(numbers), sorted(case.not_applicable), dict(case.attributes))


def unpack_case(agency: str, figures: PackedFigures) -> Case:
    """The case that `pack_case` packed. Raises Refused."""
    numbers = set(figures.numbers)
    try:
        values = {
            key: Decimal(value) if key in numbers and isinstance(value, str)
            else frozenset(value) if isinstance(value, list) else value
            for key, value in figures.values.items()
        }  # fmt: skip
    except ArithmeticError:
        refuse("shape")
    return Case(agency, values, frozenset(figures.not_applicable), figures.attributes)
