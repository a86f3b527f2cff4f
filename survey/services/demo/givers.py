"""Figures of city bodies in the demonstration: who gives them, who asks for a correction, who shares the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from survey.core.answers import value_for_field
from survey.core.questionnaire import Indicator
from survey.core.workflow import SubmissionState
from survey.services.assign_groups import assign_groups
from survey.services.decide_adjustment import decide_adjustment
from survey.services.demo.answers import seeded
from survey.services.demo.history import Past
from survey.services.demo.material import Material
from survey.services.demo.people import People
from survey.services.demo.story import EXACT
from survey.services.instance import Clock, Session
from survey.services.people import Person
from survey.services.request_adjustment import request_adjustment
from survey.services.submission_views import AgencyRef
from survey.services.who_provides import choose_providers, proposals, who_provides

EVERY = 9  # one of so many agencies that are given figures asks for a correction
ANSWERED = 0.6  # of the requests
ACCEPTED = 0.6  # of those answered
RAISED = Decimal("1.06")

Move = tuple[float, Callable[..., object]]  # position on the axis, what is done by the clock it is given


@dataclass(frozen=True)
class Giving:
    """The round's givers, and what happens between them and the agencies."""

    session: Session
    round_code: str
    people: People
    material: Material
    end: float  # of the axis
    givers: Mapping[str, AgencyRef]  # by the name in the questionnaire

    def moves(self, past: Past, place: int, pinned: bool) -> Iterator[Move]:
        """What one agency does: sharing its groups, and asking, with the answer."""
        clerk, when = self.people.clerks[past.agency.id], past.moments
        quiet = (when.filled + when.presented) / 2
        colleague = self.people.colleagues.get(past.agency.id)
        if colleague is not None and past.story.part.state is not SubmissionState.NOT_STARTED:
            pages = [page.code for page in past.questionnaire.pages]
            chosen = {code: (colleague, clerk)[at % 2].account_id for at, code in enumerate(pages[:-1])}
            yield quiet, partial(assign_groups, self.session, clerk, past.submission_id, chosen)
        found = self._wrong(past, place)
        if found is None or past.story.part.peculiar in EXACT or (place % EVERY and not pinned):
            return
        indicator, typed = found
        reason = self.material.adjustments[place // EVERY % len(self.material.adjustments)]
        asked: list[int] = []
        yield quiet, partial(self._ask, clerk, past.submission_id, indicator.code, typed, reason, asked)
        rng = seeded("adjustment", past.agency.code)
        if rng.random() < ANSWERED and not pinned:
            giver = self.givers.get(indicator.provided_by.vi if indicator.provided_by else "")
            by = self.people.clerks.get(giver.id) if giver else None
            accept = bool(rng.random() < ACCEPTED)
            at = quiet + (self.end - quiet) * (0.2 + 0.6 * float(rng.random()))
            yield at, partial(self._answer, by or self.people.coordinator, asked, accept)

    def _wrong(self, past: Past, place: int) -> tuple[Indicator, dict[str, str]] | None:
        """A given figure that the agency holds to be too low, not the same for all, and what it proposes."""
        provided, found = past.story.provided, []
        for indicator in past.questionnaire.indicators:
            for pair in indicator.pairs if indicator.provided_by else ():
                a, b = provided.get(pair.a.key), provided.get(pair.b.key)
                if a and b and isinstance(a.value, Decimal) and isinstance(b.value, Decimal) and 0 < a.value < b.value:
                    raised = min((a.value * RAISED).to_integral_value() + 1, b.value)
                    found.append((indicator, {pair.a.key: value_for_field(past.questionnaire, pair.a.key, raised)}))
        return found[place // EVERY % len(found)] if found else None

    def _ask(
        self,
        clerk: Person,
        number: int,
        code: str,
        typed: Mapping[str, str],
        reason: str,
        asked: list[int],
        *,
        clock: Clock,
    ) -> None:
        asked.append(request_adjustment(self.session, clerk, number, code, typed, reason, clock=clock))

    def _answer(self, by: Person, asked: list[int], accept: bool, *, clock: Clock) -> None:
        reason = "" if accept else self.material.adjustment_refused
        for number in asked:
            decide_adjustment(self.session, by, self.round_code, number, accept=accept, reason=reason, clock=clock)


def choose_givers(session: Session, person: Person, code: str, clock: Clock) -> dict[str, AgencyRef]:
    """Take every proposal of a round; the bodies by the name that the questionnaire gives them."""
    found = who_provides(session, person, code)
    choose_providers(session, person, code, proposals(found), clock=clock)
    givers = (giver for part in found.parts for giver in part.givers)
    return {giver.named.vi: giver.proposed for giver in givers if giver.proposed is not None}


def letter_number(material: Material, owner: str, giver: AgencyRef | None) -> str:
    """The number of the letter with which an owner's figures came: 4512/SKHCN, of others by their initials."""
    initials = "".join(word[0] for word in owner.split()).upper()
    place = giver.code.rpartition("-")[2] if giver else initials
    return material.source.format(n=int(seeded("source", owner).integers(900, 6900)), place=place)
