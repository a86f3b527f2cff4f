"""The past of every submission: documents with their times, written in bulk with a chain of events each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from survey.core import document as doc
from survey.core.answers import Answer, to_stored
from survey.core.numbers_vi import HANOI, format_date
from survey.core.questionnaire import Questionnaire
from survey.core.workflow import SubmissionState
from survey.services.demo.answers import seeded
from survey.services.demo.chains import Chains
from survey.services.demo.material import Material
from survey.services.demo.people import People
from survey.services.demo.roster import PINNED, Peculiar
from survey.services.demo.story import Story, document_fields
from survey.services.demo.workdays import Workdays
from survey.services.instance import Session
from survey.storage.agencies import Agency
from survey.storage.events import submission_stream
from survey.storage.evidence import EvidenceRecord
from survey.storage.submissions import Submission

_PLACES = {"dang_uy_xa": "ĐU", "ubnd_xa": "UBND", "mttq_xa": "MTTQ", "mttq": "MTTQ"}  # in numbers of documents
_PRESENTED_SINCE = 1500.0  # working minutes: four days


@dataclass(frozen=True)
class Moments:
    """When a body worked and moved its submission on, as positions on the axis of working minutes."""

    begun: float
    filled: float
    presented: float
    moved: float  # approved, or given back


@dataclass
class Past:
    """One submission with its story, on the way into the tables."""

    submission_id: int
    agency: Agency
    questionnaire: Questionnaire
    story: Story
    moments: Moments
    evidence: list[dict[str, Any]] = field(default_factory=list)
    evidence_ids: list[int] = field(default_factory=list)


@dataclass
class Writer:
    """Writes the past of all submissions."""

    session: Session
    chains: Chains
    people: People
    material: Material
    axis: Workdays
    year: int
    letters: Callable[[str], tuple[int, dict[str, str]]]  # owner → account that entered its figures, their source

    def write(self, pasts: Sequence[Past]) -> None:
        """Documents, then entries and events, then the rows of the submissions."""
        for past in pasts:
            past.evidence = self._evidence(past)
        rows = [row for past in pasts for row in past.evidence]
        made = sa.insert(EvidenceRecord).returning(EvidenceRecord.id, sort_by_parameter_order=True)
        ids = iter(self.session.scalars(made, rows).all() if rows else ())
        for past in pasts:
            past.evidence_ids = [next(ids) for _ in past.evidence]
        changes = [self._tell(past) for past in pasts]
        self.session.execute(sa.update(Submission), changes)
        self.chains.write()
        self.session.expire_all()

    def _evidence(self, past: Past) -> list[dict[str, Any]]:
        rng = seeded("documents", past.agency.code)
        city = past.agency.code.rpartition("-")[2]
        told = {"kind": past.agency.kind, "name": past.agency.name, "place": _PLACES.get(past.agency.type, city)}
        latest = self.axis.at(past.moments.begun).astimezone(HANOI).date()
        at = self.axis.at(past.moments.filled)
        clerk = self.people.clerks[past.agency.id].account_id
        return [
            {
                "submission_id": past.submission_id, "revision": 1, "created_at": at, "created_by": clerk,
                **document_fields(proof, told, rng, self.year, latest),
            }
            for proof in past.story.proofs
        ]  # fmt: skip

    def _tell(self, past: Past) -> dict[str, Any]:
        """The events of one submission, and what its row becomes."""
        stream = submission_stream(past.submission_id)
        document: dict[str, Any] = {}
        count = self._provide(past, stream, document)
        if past.story.part.state is SubmissionState.NOT_STARTED:
            return {"id": past.submission_id, "answers": document, "revision": count}
        clerk = self.people.clerks[past.agency.id].account_id
        acts = list(self._acts(past))
        rng = seeded("times", past.agency.code)
        spread = np.sort(rng.uniform(past.moments.begun, past.moments.filled, max(len(acts) - 1, 0)))
        last = self.axis.at(past.moments.filled)
        for (kind, written, told), position in zip(acts, [*spread, past.moments.filled], strict=False):
            last = self.axis.at(float(position))
            self._append(stream, last, clerk, kind, document, written, told)
            count += 1
        return {
            "id": past.submission_id,
            "answers": document,
            "revision": count,
            "state": SubmissionState.FILLING,
            "last_activity_at": last,
            "last_activity_by": clerk,
        }

    def _acts(self, past: Past) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
        """(kind of event, entries without stamps, what else it tells), in the order done."""
        story = past.story
        acts: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
            ("answers_saved", _contents(answers), {}) for _, answers in story.pages(past.questionnaire)
        ]
        for code, reason in story.requests.items():
            acts.append(("kad_requested", {doc.KAD + code: {"reason": reason, "decision": None}}, {}))
        for code, text in story.notes.items():
            acts.append(("answers_saved", {doc.NOTE + code: {"text": text}}, {}))
        attached: dict[str, list[int]] = {}
        for proof, row, number in zip(story.proofs, past.evidence, past.evidence_ids, strict=True):
            written = {}
            for code in story.proofs[proof]:
                attached.setdefault(code, []).append(number)
                written[doc.EVIDENCE + code] = {"ids": list(attached[code])}
            fields = [row["number"], format_date(row["issued"]), row["issuer"], row["summary"], row["link"]]
            acts.append(("evidence_added", written, {"evidence": {"id": number, "fields": fields}}))
        return acts

    def _provide(self, past: Past, stream: str, document: dict[str, Any]) -> int:
        """Put the figures of other bodies in, by their owner or the coordinator, with its letter; counts events."""
        by_owner: dict[str, dict[str, Answer]] = {}
        for key, answer in past.story.provided.items():
            provider = past.questionnaire.users_of[key][0].provided_by
            by_owner.setdefault(provider.vi if provider else "", {})[key] = answer
        at = self.axis.at(0.0)
        for owner, answers in by_owner.items():
            by, source = self.letters(owner)
            letter = {**source, "dated": _first_of_month(at).isoformat()}
            written = {key: {**content, **letter} for key, content in _contents(answers).items()}
            self._append(stream, at, by, "figures_provided", document, written, {})
        return len(by_owner)

    def _append(
        self,
        stream: str,
        at: datetime,
        account_id: int,
        kind: str,
        document: dict[str, Any],
        written: Mapping[str, Any],
        told: Mapping[str, Any],
    ) -> None:
        """One event, told as the services tell it: each key with what stood there before and now."""
        changes = {key: [doc.content_of(document.get(key)), content] for key, content in written.items()}
        for key, content in written.items():
            document[key] = doc.stamped(content, document.get(key), at, account_id)
        self.chains.add(stream, at, account_id, kind, {"changes": changes, **told})


def _contents(answers: Mapping[str, Answer]) -> dict[str, Any]:
    return {key: to_stored(answer) for key, answer in answers.items()}


def _first_of_month(at: datetime) -> date:
    return at.astimezone(HANOI).date().replace(day=1)


def choose_moments(code: str, state: SubmissionState, peculiar: Peculiar | None, axis: Workdays) -> Moments:
    """When one body did what: sent ones long since or lately, the others lately."""
    rng, end = seeded("moments", code), axis.length
    if state is SubmissionState.SENT:
        moved = end * (0.2 + 0.78 * float(rng.beta(2.2, 1.4)))
        presented = moved - rng.uniform(20, 600)
    elif state is SubmissionState.AWAITING_APPROVAL:
        presented = end - rng.uniform(5, min(_PRESENTED_SINCE, end * 0.5))
        moved = end
    elif peculiar in (Peculiar.RETURNED, Peculiar.SENT_BACK):
        moved = end - rng.uniform(5, end * 0.4)
        presented = moved - rng.uniform(30, 500)
    else:
        recent = 0.02 if code in PINNED else float(rng.random()) ** 1.7
        presented = moved = end - end * 0.85 * recent
    presented = max(float(presented), end * 0.08)
    filled = max(presented - float(rng.uniform(2, 90)), end * 0.06)
    begun = max(filled - float(rng.uniform(120, 1800)), end * 0.02)
    return Moments(begun, filled, presented, max(float(moved), presented))
