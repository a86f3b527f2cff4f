"""What generated answers are made of: believable sizes of figures, documents, reasons; read from one data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Size:
    """How large a figure is: `low` to `high`, as a share of the figure `of` where that is named."""

    low: float
    high: float
    of: str = ""
    zero: float = 0.0  # how often it is 0, 0..1


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A document that bodies attach; it fits where one of `words` stands in what an indicator asks."""

    type: str  # KH, QĐ, BC …
    summary: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Material:
    """The whole data file."""

    sizes: Mapping[str, Mapping[str, Size]]  # cohort code or questionnaire id → key
    units: Mapping[str, Size]
    measures: Mapping[str, Mapping[str, Size]]  # questionnaire id → indicator → its ratio, where ability matters little
    sums: Mapping[str, Mapping[str, tuple[str, ...]]]  # questionnaire id → key → its parts
    ceilings: Mapping[str, Mapping[str, str]]  # questionnaire id → key → the key it cannot be above
    strengths: Mapping[str, Mapping[str, float]]  # questionnaire id → top group → logit
    documents: tuple[DocumentKind, ...]
    source: str  # number of the letter of provided figures
    adjustments: tuple[str, ...]  # why an agency asks for a correction
    adjustment_refused: str
    notes: tuple[str, ...]
    requests: tuple[str, ...]
    approved: str
    refused: str
    returns_by_leader: tuple[str, ...]
    returns_by_coordinator: tuple[str, ...]


@cache
def read_material() -> Material:
    """The data file that comes with the system."""
    file = resources.files("survey.data").joinpath("demonstration.toml")
    written: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    sums: dict[str, dict[str, tuple[str, ...]]] = {}
    for one in written["sums"]:
        sums.setdefault(one["questionnaire"], {})[one["of"]] = tuple(one["parts"])
    ceilings: dict[str, dict[str, str]] = {}
    for one in written["ceilings"]:
        ceilings.setdefault(one["questionnaire"], {})[one["of"]] = one["at"]
    return Material(
        sizes={room: {key: _size(size) for key, size in keys.items()} for room, keys in written["sizes"].items()},
        units={unit: _size(size) for unit, size in written["units"].items()},
        measures={
            room: {code: _size(size) for code, size in codes.items()} for room, codes in written["measures"].items()
        },
        sums=sums,
        ceilings=ceilings,
        strengths=written["strengths"],
        documents=tuple(DocumentKind(d["type"], d["summary"], tuple(d["with"])) for d in written["documents"]),
        source=written["provided"]["source"],
        adjustments=tuple(written["provided"]["adjustments"]),
        adjustment_refused=written["provided"]["refused"],
        notes=tuple(written["notes"]["texts"]),
        requests=tuple(written["requests"]["reasons"]),
        approved=written["requests"]["approved"],
        refused=written["requests"]["refused"],
        returns_by_leader=tuple(written["returns"]["by_leader"]),
        returns_by_coordinator=tuple(written["returns"]["by_coordinator"]),
    )


def _size(written: Sequence[float] | Mapping[str, Any]) -> Size:
    if isinstance(written, Mapping):
        return Size(float(written["low"]), float(written["high"]), written.get("of", ""), written.get("zero", 0.0))
    low, high = written
    return Size(float(low), float(high))
