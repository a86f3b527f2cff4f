"""How an answer becomes a share of the maximum: the transfers of the questionnaire language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
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
    """(x − from) / (to − from), clamped to 0..1; `to` below `from` is a reversed scale.

    Peers may stretch it over part of the share: least + (most − least) · clamped.
    """

    start: Fraction
    end: Fraction
    least: Fraction = Fraction(0)
    most: Fraction = Fraction(1)


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


class PeerMethod(StrEnum):
    """What a value is held against inside its cohort."""

    MINMAX = "minmax"  # (x − lowest) / (highest − lowest)
    MAX = "max"  # x / highest; falling: (highest + lowest − x) / highest


@dataclass(frozen=True, slots=True)
class Peer:
    """Held against the values of the cohort: a linear scale whose ends the cohort sets.

    The scale is stretched from `least` to `most`; where the cohort leaves no scale (one value only, all zero) every
    body earns `equal`.
    """

    method: PeerMethod
    rising: bool  # the higher the better
    equal: Fraction
    least: Fraction = Fraction(0)
    most: Fraction = Fraction(1)


Transfer = MapShares | AddShares | Linear | Bands | Peer
