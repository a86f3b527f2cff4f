"""What a person sees of a round: of the khối they read every body, of the others counts and medians of cohorts alone.

A cohort belongs to a person whole or not at all: where only some of its bodies are of a khối they read (a slip in the
register), it is not ranked for them and its sheets are left out, while the list still shows the bodies that are theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import median

from survey.core.asks import Text
from survey.core.kinds import kind_names
from survey.core.text import say
from survey.core.workflow import SubmissionState
from survey.storage.submission_rows import SubmissionRow

Kinds = Set[str] | None  # khối whose bodies are seen; None: all of them

FEWEST = 3  # bodies of another khối that must have sent before their median is told


@dataclass(frozen=True, slots=True)
class CohortTotals:
    """What everybody with a view of the round may know of a cohort."""

    code: str
    name: Text
    total: int
    counts: Mapping[SubmissionState, int]
    median_rate: float | None  # of the published rates of those sent; None where none is sent or too few
    listed: int  # bodies of it that the person sees one by one
    too_few: bool = False  # sent by so few bodies that are not seen that the median would tell one body's rate

    @property
    def sent(self) -> int:
        """How many have sent."""
        return self.counts[SubmissionState.SENT]

    @property
    def whole(self) -> bool:
        """Whether the person sees every body of it, and so its ranking."""
        return self.listed == self.total


def is_seen(row: SubmissionRow, kinds: Kinds) -> bool:
    """Whether the body of a submission is one that the person sees."""
    return kinds is None or row.kind in kinds


def whole_cohorts(rows: Iterable[SubmissionRow], kinds: Kinds) -> frozenset[str]:
    """Codes of the cohorts all of whose bodies are seen."""
    rows = list(rows)
    return frozenset(row.cohort_code for row in rows) - {row.cohort_code for row in rows if not is_seen(row, kinds)}


def count_states(rows: Iterable[SubmissionRow]) -> dict[SubmissionState, int]:
    """How many submissions are in which state; every state is there."""
    tally = Counter(row.state for row in rows)
    return {state: tally[state] for state in SubmissionState}


def cohort_totals(rows: Iterable[SubmissionRow], rates: Mapping[int, float], kinds: Kinds) -> tuple[CohortTotals, ...]:
    """The totals of every cohort, in the order of the rows; `rates` are published ones by submission id."""
    members: dict[str, list[SubmissionRow]] = {}
    for row in rows:
        members.setdefault(row.cohort_code, []).append(row)
    return tuple(_totals(code, inside, rates, kinds) for code, inside in members.items())


def _totals(code: str, inside: Sequence[SubmissionRow], rates: Mapping[int, float], kinds: Kinds) -> CohortTotals:
    known = [rates[row.id] for row in inside if row.id in rates]
    unseen = sum(row.id in rates and not is_seen(row, kinds) for row in inside)
    too_few = 0 < unseen < FEWEST
    return CohortTotals(
        code=code,
        name=Text(inside[0].cohort_vi, inside[0].cohort_en),
        total=len(inside),
        counts=count_states(inside),
        median_rate=median(known) if known and not too_few else None,
        listed=sum(is_seen(row, kinds) for row in inside),
        too_few=too_few,
    )


def scope_sentence(kinds: Kinds, language: str) -> str:
    """What a sheet or chart says of whose figures it holds; empty where it holds everybody's."""
    if kinds is None:
        return ""
    if not kinds:
        return say("scope.sheet_totals", language)
    return say("scope.sheet_some", language, kinds=kind_names(kinds, language))
