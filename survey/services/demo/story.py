"""What one body has done so far: which answers stand, which are wanting, what it asked for and with what it proves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np

from survey.core.answers import Answer, Case, Value, read_cell, read_typed, to_cell
from survey.core.document import is_provided
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rules.exact import Exact
from survey.core.workflow import SubmissionState
from survey.services.demo.answers import seeded
from survey.services.demo.material import DocumentKind, Material
from survey.services.demo.roster import PINNED, Part, Peculiar

FAULTY_TEXT = "khoảng 120"
# How likely a required document is there, by state.
PROVEN = {SubmissionState.FILLING: 0.8, SubmissionState.AWAITING_APPROVAL: 0.95, SubmissionState.SENT: 0.995}
SPARING = 0.15  # of the bodies show the same few documents under everything
NOTED = 0.35  # of the bodies write a note
AWAITED = 0.1  # of the provided figures have not come yet
PINNED_PROGRESS = 0.55
WHOLE = (Peculiar.RETURNED, Peculiar.SENT_BACK)
EXACT = (Peculiar.LEVEL, Peculiar.TWIN)


@dataclass(frozen=True, slots=True)
class Proof:
    """One document of a body."""

    kind: DocumentKind
    about: str = ""  # the group that it is about; "" of a document about everything


@dataclass
class Story:
    """One body's answers as far as they have come."""

    part: Part
    answers: dict[str, Answer] = field(default_factory=dict)  # the body's own, by key
    provided: dict[str, Answer] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)  # indicator code → reason
    notes: dict[str, str] = field(default_factory=dict)
    proofs: dict[Proof, list[str]] = field(default_factory=dict)  # document → indicator codes

    def pages(self, questionnaire: Questionnaire) -> Iterator[tuple[Group, dict[str, Answer]]]:
        """The answers by the page on which each is first asked."""
        left = dict(self.answers)
        for page in questionnaire.pages:
            keys = dict.fromkeys(key for indicator in page.indicators for key in indicator.keys)
            mine = {key: left.pop(key) for key in keys if key in left}
            if mine:
                yield page, mine


def tell(part: Part, questionnaire: Questionnaire, material: Material, year: str) -> Story:
    """The story of a part whose answers are made."""
    rng = seeded("story", part.code)
    case = part.case or Case(part.code, {}, frozenset(), part.attributes)
    story = Story(part)
    story.provided = {
        key: _answer(questionnaire, key, value)
        for key, value in case.values.items()
        if is_provided(questionnaire, key) and (rng.random() >= AWAITED or part.peculiar in EXACT)
    }
    if part.state is SubmissionState.NOT_STARTED:
        return story
    values: dict[str, Value] = {k: v for k, v in case.values.items() if not is_provided(questionnaire, k)}
    done = _reached(part, questionnaire, rng)
    values = {key: value for key, value in values.items() if any(i in done for i in questionnaire.users_of[key])}
    own = [i for i in done if i.provided_by is None and i.applies_to(part.attributes) and set(i.keys) & values.keys()]
    story.answers = {key: _answer(questionnaire, key, value) for key, value in values.items()}
    _be_peculiar(story, questionnaire, own, material, rng, year)
    _prove(story, questionnaire, own, material, rng)
    if own and rng.random() < NOTED:
        noted = own[int(rng.integers(len(own)))]
        text = material.notes[int(rng.integers(len(material.notes)))]
        story.notes[noted.code] = text.format(year=year)
    return story


def _answer(questionnaire: Questionnaire, key: str, value: Value) -> Answer:
    return read_cell(questionnaire, key, to_cell(value))


def _reached(part: Part, questionnaire: Questionnaire, rng: np.random.Generator) -> tuple[Indicator, ...]:
    """The indicators that the body has come to, in file order."""
    indicators = questionnaire.indicators
    progress = float(rng.beta(1.7, 1.3))
    if part.state is not SubmissionState.FILLING or part.peculiar in WHOLE:
        return indicators
    if part.code in PINNED:
        progress = PINNED_PROGRESS
    return indicators[: max(2, round(progress * len(indicators)))]


def _be_peculiar(
    story: Story,
    questionnaire: Questionnaire,
    own: list[Indicator],
    material: Material,
    rng: np.random.Generator,
    year: str,
) -> None:
    """Take answers away, or make them wrong, as the part says."""
    parents = {i.show_when.code for i in questionnaire.indicators if i.show_when}
    free = [i for i in own if i.code not in parents and i.show_when is None and _own_keys(questionnaire, i)]
    order = [free[place] for place in rng.permutation(len(free))]
    match story.part.peculiar:
        case Peculiar.LACKING:
            for indicator in order[: 1 + int(rng.integers(3))]:
                _forget(story, questionnaire, indicator)
        case Peculiar.A_ABOVE_B:
            for indicator in order:
                if _swap(story, indicator):
                    return
        case Peculiar.FAULTY:
            keys = [number.key for i in order for number in i.numbers if not number.shared]
            if keys:
                story.answers[keys[0]] = read_typed(questionnaire, keys[0], FAULTY_TEXT)
        case Peculiar.KAD_PENDING | Peculiar.KAD_APPROVED | Peculiar.KAD_REFUSED:
            for indicator in (i for i in order if i.may_request_kad):
                _forget(story, questionnaire, indicator)
                reason = material.requests[int(rng.integers(len(material.requests)))]
                story.requests[indicator.code] = reason.format(year=year)
                return
        case _:
            return


def _own_keys(questionnaire: Questionnaire, indicator: Indicator) -> tuple[str, ...]:
    """The inputs that no other indicator uses."""
    return tuple(key for key in indicator.keys if len(questionnaire.users_of[key]) == 1)


def _forget(story: Story, questionnaire: Questionnaire, indicator: Indicator) -> None:
    for key in _own_keys(questionnaire, indicator):
        story.answers.pop(key, None)


def _swap(story: Story, indicator: Indicator) -> bool:
    """Put a and b of a ratio in each other's place, as a tired clerk would."""
    for pair in indicator.pairs:
        a, b = story.answers.get(pair.a.key), story.answers.get(pair.b.key)
        if a is None or b is None or not pair.part or pair.a.shared or pair.b.shared:
            continue
        if isinstance(a.value, Decimal) and isinstance(b.value, Decimal) and 0 < a.value < b.value:
            story.answers[pair.a.key], story.answers[pair.b.key] = b, a
            return True
    return False


def _prove(
    story: Story, questionnaire: Questionnaire, own: list[Indicator], material: Material, rng: np.random.Generator
) -> None:
    """Attach to what needs proof the first kind of document that fits, mostly one of its own a group."""
    likely = PROVEN.get(story.part.state, 0.0)
    answers = story.provided | story.answers
    values = {key: answer.value for key, answer in answers.items()}
    exact = Exact(questionnaire, Case(story.part.code, values, frozenset(), story.part.attributes))
    sparing = rng.random() < SPARING
    about = {one.code: page.name.vi for page in questionnaire.pages for one in page.indicators}
    for indicator, luck in zip(own, rng.random(len(own)), strict=True):
        wanted = indicator.evidence
        if wanted is None or not wanted.required or luck > likely or not exact.outcome(indicator).points:
            continue
        asked = f"{indicator.name.vi} {wanted.what.vi}".lower()
        kind = next(kind for kind in material.documents if any(word in asked for word in kind.words))
        proof = Proof(kind, "" if sparing else about[indicator.code])
        story.proofs.setdefault(proof, []).append(indicator.code)


def document_fields(
    proof: Proof, agency: Mapping[str, str], rng: np.random.Generator, year: int, latest: date
) -> dict[str, object]:
    """Số, ngày, cơ quan, trích yếu of a document; of the Party 45-KH/ĐU, of others 45/KH-UBND."""
    number, sign = int(rng.integers(12, 480)), "-" if agency["kind"] == "dang" else "/"
    last = min(latest, date(year, 12, 31))
    days = max((last - date(year, 1, 15)).days, 1)
    issued = date.fromordinal(date(year, 1, 15).toordinal() + int(rng.integers(days)))
    kind = proof.kind
    place = f"{kind.type}/{agency['place']}" if sign == "-" else f"{kind.type}-{agency['place']}"
    summary = kind.summary.format(year=year)
    return {
        "number": f"{number}{sign}{place}",
        "issued": issued,
        "issuer": agency["name"],
        "summary": f"{summary}: {proof.about}" if proof.about else summary,
        "link": "",
    }
