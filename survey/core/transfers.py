"""How an answer becomes a share of the maximum: the transfers of the questionnaire language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class MapShares:
    """Each option earns its share of the maximum."""

    shares: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class AddShares:
    """The shares of the ticked options added up, at most 1."""

    shares: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Linear:
    """(x − from) / (to − from), clamped to 0..1; `to` below `from` is a reversed scale."""

    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class Band:
    """From `limit` on (or above it, where `exclusive`) the share is `share`; the floor has no limit."""

    share: Fraction
    limit: Fraction | None = None
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Bands:
    """The first band that x reaches, written from the highest limit down to a floor."""

    bands: tuple[Band, ...]


Transfer = MapShares | AddShares | Linear | Bands
