"""The gain reading: the smallest changes of one agency that gain most, each with what two full exact runs differ by.

Only work is proposed: never "không áp dụng", papers of a period that has passed, a smaller denominator, an opinion, a
figure that another body owns. New figures are not guessed: what a correction brings is told as a ceiling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from survey.core.answers import Case, Special, Value
from survey.core.asks import Checks, Choice, FreeText, Manual, MeanRatio, Points, Ratio, Survey, YesNo, ZeroB
from survey.core.modifiers import Condition, Counts
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import Exact, Outcome, State, Why
from survey.core.rules.gates import openings
from survey.core.rules.measure import asked_pairs, band_of, picked_share
from survey.core.rules.peers import NOBODY, Peers
from survey.core.rules.reach import Changes, Goal, bands_where, effort, end_of, handles, smallest
from survey.core.rules.trial import Trial, Tried
from survey.core.transfers import AddShares, Bands, Linear, MapShares


class Way(StrEnum):
    """What a step is."""

    MEND = "mend"  # a figure that cannot be right
    SUPPLY = "supply"  # a figure that is missing
    BEGIN = "begin"  # a duty of which nothing was done
    EFFORT = "effort"  # a tenth of the whole
    TARGET = "target"  # up to the target
    BAND = "band"  # up to the next band
    OPTION = "option"  # the next better answer
    ITEM = "item"  # one more of the items
    GATE = "gate"  # what holds an indicator down is met


CORRECTIONS = (Way.MEND, Way.SUPPLY)  # of this phiếu; all others are work of the next period


@dataclass(frozen=True, slots=True)
class NextStep:
    """One change and what it brings."""

    way: Way
    code: str  # of the indicator it is told of
    gain: Fraction  # points of the whole, after less before; 0 where too little is known to tell them
    changes: Mapping[str, Value]  # by input key; empty where the new figures are not known
    at_most: bool = False  # the gain is a ceiling: of the best that the figures may turn out to be
    goal: Goal | None = None  # the measured value that is reached
    keys: tuple[str, ...] = ()  # of the figures that are missing, to be mended, or 0
    also: tuple[str, ...] = ()  # codes of the other indicators whose points change
    coverage: Fraction | None = None  # where too little is known: of how much weight there would be figures

    @property
    def now(self) -> bool:
        """Whether it belongs to this phiếu, and not to the work of the next period."""
        return self.way in CORRECTIONS


def next_steps(questionnaire: Questionnaire, case: Case, peers: Peers = NOBODY) -> tuple[NextStep, ...]:
    """Every step that gains, the largest gain first, in file order among equals; one an indicator and way.

    Where too little is known to tell points, those that bring figures, the one that covers most first.
    """
    reading = _Gains(Trial(questionnaire, case, peers))
    found: list[NextStep] = []
    for step in (step for indicator in questionnaire.indicators for step in reading.steps(indicator)):
        if not step.changes or all(step.changes != other.changes for other in found):  # told once: of where it is made
            found.append(step)
    return tuple(sorted(found, key=lambda step: (-(step.coverage or 0), -step.gain)))


def _step(
    way: Way, indicator: Indicator, tried: Tried, changes: Mapping[str, Value], goal: Goal | None = None
) -> NextStep:
    also = tuple(code for code in tried.codes if code != indicator.code)
    return NextStep(way, indicator.code, tried.gain, changes, goal=goal, also=also, coverage=tried.coverage)


def _ceiling(way: Way, indicator: Indicator, tried: Tried, keys: tuple[str, ...] = ()) -> NextStep:
    also = tuple(code for code in tried.codes if code != indicator.code)
    return NextStep(
        way, indicator.code, tried.gain, {}, at_most=True, keys=keys, also=also, coverage=tried.coverage
    )  # fmt: skip


class _Gains:
    """What changes of one agency would bring."""

    def __init__(self, trial: Trial) -> None:
        self._trial, self._case = trial, trial.case

    def steps(self, indicator: Indicator) -> Iterator[NextStep]:
        """What can be done at one indicator."""
        if not self._is_own(indicator):
            return
        settled = self._trial.before.outcome(indicator)
        if settled.state is State.MISSING:
            yield from self._correction(indicator, settled.why)
        elif settled.state is State.SCORED:
            if settled.why is Why.GATED:
                yield from self._gate(indicator, settled)
            elif settled.why is Why.ZERO_B:
                yield from self._begin(indicator)
            elif isinstance(indicator.ask, YesNo | Choice | Checks):
                yield from self._better_answer(indicator)
            elif isinstance(indicator.score, Linear) and settled.measured is not None:
                yield from self._up_the_scale(indicator, indicator.score, settled.measured)
            elif isinstance(indicator.score, Bands) and settled.measured is not None:
                yield from self._next_band(indicator, indicator.score, settled.measured)

    def _is_own(self, indicator: Indicator) -> bool:
        """Whether it is scored from what the agency itself answers for, opinions and stated points apart."""
        if not indicator.scored or isinstance(indicator.ask, Survey | Points | Manual | FreeText):
            return False
        users = self._trial.questionnaire.users_of
        return all(user.provided_by is None for key in indicator.keys for user in users[key])

    def _correction(self, indicator: Indicator, why: Why) -> Iterator[NextStep]:
        if why in (Why.A_ABOVE_B, Why.OUT_OF_RANGE):
            yield from self._at_best(Way.MEND, indicator, _asked_keys(indicator, self._case))
        elif why is Why.BLANK:
            keys = _asked_keys(indicator, self._case)
            lacking = tuple(key for key in keys if self._case.value(key) is Special.MISSING)
            yield from self._at_best(Way.SUPPLY, indicator, lacking)

    def _begin(self, indicator: Indicator) -> Iterator[NextStep]:
        if indicator.zero_b is ZeroB.ZERO and isinstance(indicator.ask, Ratio):
            yield from self._at_best(Way.BEGIN, indicator, (indicator.ask.pair.b.key,))

    def _at_best(self, way: Way, indicator: Indicator, keys: tuple[str, ...]) -> Iterator[NextStep]:
        """A step whose figures are not known: what the best of them would bring."""
        best = Fraction(0 if indicator.counts is Counts.PENALTY else 1)
        tried = self._trial.suppose(indicator, best)
        if tried is not None:
            yield _ceiling(way, indicator, tried, keys)

    def _better_answer(self, indicator: Indicator) -> Iterator[NextStep]:
        """The next better answer that gains; of items the one that adds most."""
        key = indicator.keys[0]
        way = Way.ITEM if isinstance(indicator.ask, Checks) else Way.OPTION
        for value in _better_values(indicator, self._case.value(key)):
            tried = self._trial.change({key: value})
            if tried is not None:
                yield _step(way, indicator, tried, {key: value})
                return

    def _up_the_scale(self, indicator: Indicator, score: Linear, x: Fraction) -> Iterator[NextStep]:
        goal = end_of(score, fewest=indicator.counts is Counts.PENALTY)
        if goal.reached(x):
            return
        found = handles(indicator, self._case)
        target = self._reaching(Way.TARGET, indicator, smallest(found, x, goal), goal)
        efforts = [_step(Way.EFFORT, indicator, tried, changes)
                   for handle in found if (changes := effort(handle, x, goal)) is not None
                   and (tried := self._trial.change(changes)) is not None]  # fmt: skip
        most = max(efforts, key=lambda step: step.gain, default=None)
        if most is not None and (target is None or most.changes != target.changes):
            yield most
        if target is not None:
            yield target

    def _next_band(self, indicator: Indicator, score: Bands, x: Fraction) -> Iterator[NextStep]:
        """The nearest band that earns more and can be reached."""
        held, fewest = band_of(score, x), indicator.counts is Counts.PENALTY
        found = handles(indicator, self._case)
        for goal in bands_where(score, held, lambda share: share < held.share if fewest else share > held.share):
            step = self._reaching(Way.BAND, indicator, smallest(found, x, goal), goal)
            if step is not None:
                yield step
                return

    def _reaching(self, way: Way, indicator: Indicator, changes: Changes | None, goal: Goal) -> NextStep | None:
        """A step that claims a limit, if it gets there and gains."""

        def is_there(after: Exact) -> bool:
            measured = after.outcome(indicator).measured
            if measured is None or not goal.reached(measured):
                return False
            return not isinstance(indicator.score, Bands) or band_of(indicator.score, measured) is goal.band

        tried = None if changes is None else self._trial.change(changes, is_there)
        return None if changes is None or tried is None else _step(way, indicator, tried, changes, goal)

    def _gate(self, indicator: Indicator, settled: Outcome) -> Iterator[NextStep]:
        """What meets the condition, by an earlier indicator where that can be told; else what being met would bring."""
        gate = indicator.gate
        if gate is None or settled.before_gate is None:
            return
        target = self._trial.questionnaire.by_code.get(gate.condition.code)
        step = self._opened(indicator, target, gate.condition) if target and self._is_own(target) else None
        if step is not None:
            yield step
            return
        tried = self._trial.suppose(indicator, settled.before_gate, opened=True)
        if tried is not None:
            yield _ceiling(Way.GATE, indicator, tried)

    def _opened(self, indicator: Indicator, target: Indicator, condition: Condition) -> NextStep | None:
        before = self._trial.before.outcome(target)
        for changes, goal in openings(target, self._case, before, condition):
            tried = self._trial.change(changes, lambda after: after.holds(condition))
            if tried is not None:
                return _step(Way.GATE, indicator, tried, changes, goal)
        return None


def _asked_keys(indicator: Indicator, case: Case) -> tuple[str, ...]:
    """The figures that this agency is asked for."""
    if not isinstance(indicator.ask, MeanRatio):
        return indicator.keys
    pairs = asked_pairs(indicator.ask, case)
    return tuple(dict.fromkeys(number.key for pair in pairs for number in (pair.a, pair.b)))


def _better_values(indicator: Indicator, now: Value) -> Iterator[Value]:
    """Answers that earn more (that take less off, for a penalty), the next better first."""
    fewer = indicator.counts is Counts.PENALTY
    held = picked_share(indicator, now) or Fraction(0)
    match indicator.score:
        case MapShares(shares=shares):
            better = [code for code in shares if (shares[code] < held if fewer else shares[code] > held)]
            yield from sorted(better, key=lambda code: abs(shares[code] - held))
        case AddShares(shares=shares) if isinstance(now, frozenset):
            movable = [code for code in shares if (code in now) is fewer]
            for code in sorted(movable, key=lambda code: -shares[code]):
                yield now ^ {code}
