"""What tells verifiers where to look first, and the points at stake: signs in the answers, no judgement of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from survey.core.answers import Case
from survey.core.ask_back import is_jump
from survey.core.asks import Pair
from survey.core.flag_edges import edge_at
from survey.core.flag_norms import Norm, Norms
from survey.core.levels import level_reached
from survey.core.modifiers import Counts
from survey.core.questionnaire import Indicator, Level, Questionnaire
from survey.core.rules.exact import Outcome, State, Why, points_of
from survey.core.rules.measure import number
from survey.core.rules.supposed import Supposed, earning
from survey.core.scoring import most, published_rate
from survey.core.sorting_vi import fold
from survey.core.transfers import Band, Bands

EQUAL_FROM = 10  # of so few, all is often said rightly
FULL_FROM = 5  # indicators; a body with fewer is not told to be at the maximum everywhere
REUSED_FROM = 5  # indicators under one document
FEW = 5  # bodies that may always be told to show the same document


class FlagKind(StrEnum):
    """What is worth a look."""

    EDGE = "edge"  # a band just reached, where the cohort's median earns less
    EQUAL = "equal"  # a = b, where the cohort's median earns less
    PEERS = "peers"  # far from the cohort's values
    LAST = "last"  # far from last year's value
    NO_EVIDENCE = "no_evidence"
    EXPLAINED = "explained"  # no document, and the body says why
    BLANK_PENALTY = "blank_penalty"  # a penalty that is not answered, and so takes nothing off yet
    REUSED = "reused"  # one document under several indicators
    SHARED = "shared"  # the same document in several bodies
    ALL_FULL = "all_full"  # every indicator at its maximum
    LEVEL = "level"  # the points at stake decide the level


@dataclass(frozen=True, slots=True)
class Flag:
    """One sign: the points of each indicator that hang on it, and the figures that its sentence names."""

    kind: FlagKind
    stakes: Mapping[str, Fraction]  # by indicator code
    value: Fraction | None = None  # what the body measured
    against: Fraction | None = None  # the band's limit, the cohort's median, last year's value
    band: Band | None = None
    count: int = 0  # bodies of the cohort, bodies with the same document, indicators
    paper: Paper | None = None
    levels: tuple[Level, Level] | None = None  # as it stands, and without the points at stake

    @property
    def codes(self) -> tuple[str, ...]:
        """The indicators it is about."""
        return tuple(self.stakes)

    @property
    def stake(self) -> Fraction:
        """Points that hang on it."""
        return sum(self.stakes.values(), Fraction(0))


@dataclass(frozen=True, slots=True)
class Paper:
    """A document and the indicators it stands under."""

    id: int
    codes: tuple[str, ...]
    number: str
    issued: date | None = None
    issuer: str = ""


@dataclass(frozen=True)
class Body:
    """One body as the search for signs takes it."""

    case: Case
    papers: tuple[Paper, ...] | None = ()  # None: its documents are not known here
    earlier: Case | None = None  # last year's answers to the same questionnaire
    explained: frozenset[str] = frozenset()  # codes whose lack of a document the body explains


@dataclass(frozen=True, slots=True)
class Flagged:
    """The signs of one body, those with most at stake first, and the points of the whole that hang on them together."""

    flags: tuple[Flag, ...] = ()
    stake: Fraction = Fraction(0)


def find_flags(questionnaire: Questionnaire, bodies: Sequence[Body]) -> tuple[Flagged, ...]:
    """The signs of every body, each held against those of its cohort among `bodies`."""
    norms = Norms(questionnaire, [body.case for body in bodies])
    holders = _holders(bodies)
    return tuple(_Search(questionnaire, norms, body, row, holders).found() for row, body in enumerate(bodies))


PaperKey = tuple[str, date, str]


def _key(paper: Paper) -> PaperKey | None:
    """What tells a document from others: số, ngày, cơ quan; None where it cannot be told."""
    if paper.issued is None or not paper.number.strip():
        return None
    return fold(paper.number), paper.issued, fold(paper.issuer)


def _holders(bodies: Sequence[Body]) -> Mapping[PaperKey, int]:
    """How many bodies show each document, those left out that so many show as only one from above would be shown."""
    tally: Counter[PaperKey] = Counter()
    for body in bodies:
        tally.update({key for paper in body.papers or () if (key := _key(paper)) is not None})
    most = max(len(bodies) // 2, FEW)
    return {key: count for key, count in tally.items() if 1 < count <= most}


class _Search:
    """The search for signs in one body."""

    def __init__(
        self, questionnaire: Questionnaire, norms: Norms, body: Body, row: int, holders: Mapping[PaperKey, int]
    ) -> None:
        self._questionnaire, self._norms, self._body, self._holders = questionnaire, norms, body, holders
        self._exact = norms.read(row)
        self._own = [one for one in questionnaire.indicators if self._earns(one)]

    def _earns(self, indicator: Indicator) -> bool:
        """Whether the body's own answer earns points there."""
        if not indicator.scored or not indicator.by_agency or indicator.counts is Counts.PENALTY:
            return False
        users = self._questionnaire.users_of
        if any(user.provided_by is not None for key in indicator.keys for user in users[key]):
            return False
        return self._points(indicator) > 0

    def _points(self, indicator: Indicator) -> Fraction:
        return self._exact.outcome(indicator).points

    def found(self) -> Flagged:
        """Everything found, most at stake first."""
        signs = [*self._in_answers(), *self._in_papers(), *self._in_silence()]
        stakes: dict[str, Fraction] = {}
        for sign in signs:
            if sign.kind is FlagKind.REUSED:  # a report may well prove several: told, but not counted with the others
                continue
            for code, points in sign.stakes.items():
                stakes[code] = max(points, stakes.get(code, Fraction(0)))
        stake, levels = self._without(stakes)
        if levels is not None:
            signs.append(Flag(FlagKind.LEVEL, {}, levels=levels))
        if self._all_full():
            signs.append(Flag(FlagKind.ALL_FULL, {}, count=len(self._own)))
        signs.sort(key=_place)
        return Flagged(tuple(signs), stake)

    def _all_full(self) -> bool:
        """Whether all that the body is asked for and can score stands at the maximum."""
        outcomes = [
            (indicator, self._exact.outcome(indicator))
            for indicator in self._questionnaire.indicators
            if indicator.scored and indicator.by_agency and indicator.provided_by is None
            and indicator.counts is Counts.POINTS
        ]  # fmt: skip
        counted = [one for one in outcomes if one[1].state not in (State.NOT_APPLICABLE, State.PENDING)]
        return len(counted) >= FULL_FROM and all(settled.points == one.maximum for one, settled in counted)

    def _without(self, stakes: Mapping[str, Fraction]) -> tuple[Fraction, tuple[Level, Level] | None]:
        """Points of the whole that hang on the stakes together, and the levels with and without them if they differ."""
        if not stakes:
            return Fraction(0), None
        questionnaire = self._questionnaire
        less = Supposed(self._exact, final=self._lowered(stakes))
        before, after = self._exact.result(questionnaire.whole), less.result(questionnaire.whole)
        rates = published_rate(before), published_rate(after)
        if rates[0] is None or rates[1] is None:
            return Fraction(0), None
        now, then = level_reached(self._exact, rates[0]), level_reached(less, rates[1])
        levels = (now, then) if now is not None and then is not None and now is not then else None
        return before.points - after.points, levels

    def _lowered(self, stakes: Mapping[str, Fraction]) -> dict[str, Outcome]:
        """The outcomes of the indicators at stake, were they to lose the points."""
        found = {}
        for code, stake in stakes.items():
            indicator = self._questionnaire.by_code[code]
            settled = self._exact.outcome(indicator)
            points = settled.points - stake
            share = abs(points) / indicator.maximum
            found[code] = replace(settled, state=State.SCORED, why=Why.ANSWERED, points=points, share=share)
        return found

    def _in_answers(self) -> Iterator[Flag]:
        for indicator in self._own:
            settled = self._exact.outcome(indicator)
            if settled.measured is not None and settled.state is State.SCORED:
                norm = self._norms.norm(indicator, self._body.case.cohort)
                yield from self._edge(indicator, settled.measured, norm)
                yield from self._equal(indicator, norm)
                if norm is not None and norm.is_far(settled.measured):
                    yield from self._against(FlagKind.PEERS, indicator, settled.measured, norm.median, norm.count)
                yield from self._last_year(indicator, settled.measured)

    def _edge(self, indicator: Indicator, x: Fraction, norm: Norm | None) -> Iterator[Flag]:
        if not isinstance(indicator.score, Bands):
            return
        edge = edge_at(indicator, indicator.score, self._body.case, x)
        if edge is None or self._usual(indicator, norm) >= self._points(indicator):
            return
        stake = self._points(indicator) - points_of(indicator, edge.worse.share)
        if stake > 0:
            yield Flag(FlagKind.EDGE, {indicator.code: stake}, value=x, against=edge.limit, band=edge.held)

    def _usual(self, indicator: Indicator, norm: Norm | None) -> Fraction:
        """What the median of the cohort earns; 0 where nothing is usual there."""
        return Fraction(0) if norm is None else self._norms.worth(indicator, norm.median, self._body.case.cohort)

    def _equal(self, indicator: Indicator, norm: Norm | None) -> Iterator[Flag]:
        if not any(self._is_equal(pair) for pair in indicator.pairs):
            return
        stake = self._points(indicator) - self._usual(indicator, norm)
        if stake > 0:
            median, count = (None, 0) if norm is None else (norm.median, norm.count)
            yield Flag(FlagKind.EQUAL, {indicator.code: stake}, value=Fraction(1), against=median, count=count)

    def _is_equal(self, pair: Pair) -> bool:
        a, b = number(self._body.case.value(pair.a.key)), number(self._body.case.value(pair.b.key))
        return a == b is not None and b >= EQUAL_FROM

    def _last_year(self, indicator: Indicator, x: Fraction) -> Iterator[Flag]:
        before = None if self._body.earlier is None else self._norms.measured(indicator, self._body.earlier)
        if before is None:
            return
        if is_jump(indicator, x, before):
            yield from self._against(FlagKind.LAST, indicator, x, before, 0)

    def _against(
        self, kind: FlagKind, indicator: Indicator, x: Fraction, usual: Fraction, count: int
    ) -> Iterator[Flag]:
        """A value that earns more than the one it is held against."""
        stake = self._points(indicator) - self._norms.worth(indicator, usual, self._body.case.cohort)
        if stake > 0:
            yield Flag(kind, {indicator.code: stake}, value=x, against=usual, count=count)

    def _in_silence(self) -> Iterator[Flag]:
        """Penalties left blank, so that silence is not better than an honest answer: all they may take off."""
        for indicator in self._questionnaire.indicators:
            if indicator.counts is not Counts.PENALTY or not indicator.by_agency or indicator.provided_by is not None:
                continue
            if self._exact.outcome(indicator).state is State.MISSING:
                yield Flag(FlagKind.BLANK_PENALTY, {indicator.code: -earning(indicator, most(indicator)).points})

    def _in_papers(self) -> Iterator[Flag]:
        papers = self._body.papers
        if papers is None:
            return
        proven = {code for paper in papers for code in paper.codes}
        for indicator in self._own:
            if indicator.evidence is not None and indicator.evidence.required and indicator.code not in proven:
                told = indicator.code in self._body.explained
                kind = FlagKind.EXPLAINED if told else FlagKind.NO_EVIDENCE
                yield Flag(kind, {indicator.code: self._points(indicator)})
        earned = {indicator.code: self._points(indicator) for indicator in self._own}
        for paper in papers:
            stakes = {code: earned[code] for code in paper.codes if code in earned}
            if len(stakes) >= REUSED_FROM:
                yield Flag(FlagKind.REUSED, stakes, paper=paper, count=len(stakes))
            key = _key(paper)
            holders = self._holders.get(key, 0) if key is not None else 0
            if holders and stakes:
                yield Flag(FlagKind.SHARED, stakes, paper=paper, count=holders - 1)


def _place(sign: Flag) -> tuple[bool, bool, Fraction]:
    """What is about the whole body comes first, then what most hangs on; what is told only by the way comes last."""
    return sign.kind is FlagKind.REUSED, bool(sign.stakes), -sign.stake
