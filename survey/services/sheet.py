"""One submission read as a whole: its answers, what each indicator counts for, and what is wrong or open with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from survey.core import document as doc
from survey.core.answers import Answer, Case
from survey.core.asks import MeanRatio, Text
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rules.exact import Exact, Outcome, State, Why
from survey.core.rules.group_words import too_few
from survey.core.rules.mean_words import mean_in_words
from survey.core.rules.measure import asked_pairs
from survey.core.rules.peers import Peers
from survey.core.scoring import Scores, interval_of, scores_of
from survey.core.text import LANGUAGES
from survey.services.instance import Session
from survey.services.page_views import Asked
from survey.services.published import published
from survey.services.submission_views import Standing
from survey.storage.submission_rows import SubmissionRow


@dataclass(frozen=True)
class Sheet:
    """A submission's document, understood."""

    row: SubmissionRow
    questionnaire: Questionnaire
    document: Mapping[str, Any]
    answers: Mapping[str, Answer]
    case: Case
    peers: Peers = field(default_factory=dict)  # the cohort's, for those who compare bodies; none on its own pages

    @cached_property
    def exact(self) -> Exact:
        """The submission read exactly, each outcome found once."""
        return Exact(self.questionnaire, self.case, self.peers)

    @cached_property
    def scores(self) -> Scores:
        """The one scoring path, for one agency."""
        return scores_of(self.questionnaire, [self.exact])

    def outcome(self, indicator: Indicator) -> Outcome:
        """What it counts for and why."""
        return self.exact.outcome(indicator)

    def points(self, indicator: Indicator) -> float | None:
        """Its points; None where missing, hidden, not applicable, pending or unscored."""
        found = self.outcome(indicator)
        return float(found.points) if indicator.scored and found.state is State.SCORED else None

    def asked(self, indicator: Indicator) -> Asked:
        """Whether the body is asked for it now."""
        found = self.outcome(indicator)
        if found.why in (Why.NOT_A_DUTY, Why.APPROVED):
            return Asked.NOT_APPLICABLE
        if found.why in (Why.NOT_ASKED, Why.WAITING):
            return Asked.HIDDEN
        if not indicator.by_agency:
            return Asked.GRADED
        return Asked.PROVIDED if indicator.provided_by is not None else Asked.YES

    def asked_keys(self, indicator: Indicator) -> tuple[str, ...]:
        """The inputs that this body is asked for: of a mean of ratios only those whose pair applies to it."""
        if not isinstance(indicator.ask, MeanRatio):
            return indicator.keys
        pairs = asked_pairs(indicator.ask, self.case)
        return tuple(number.key for pair in pairs for number in (pair.a, pair.b))

    def part_broken(self, indicator: Indicator) -> bool:
        """Whether a > b where a counts a part of b."""
        return self.outcome(indicator).why is Why.A_ABOVE_B

    def faulty(self, indicator: Indicator) -> bool:
        """Whether it is asked and holds an answer that cannot be taken."""
        if self.asked(indicator) is not Asked.YES:
            return False
        if self.part_broken(indicator):
            return True
        return any(key in self.answers and self.answers[key].fault is not None for key in self.asked_keys(indicator))

    def pending_kad(self, indicator: Indicator) -> bool:
        """Whether a request that it does not apply waits for an answer."""
        entry = doc.request_of(self.document, indicator.code)
        return entry is not None and entry.get("decision") is None

    def answered(self, indicator: Indicator) -> bool:
        """Whether it is asked and nothing more is to be typed: scored, b = 0 settled it, or a request is pending."""
        settled = self.outcome(indicator).state is not State.MISSING
        return self.asked(indicator) is Asked.YES and (settled or self.pending_kad(indicator))

    def missing(self, indicator: Indicator) -> bool:
        """Whether it is asked and still lacks an answer (a faulty one is listed as such)."""
        asked = self.asked(indicator) is Asked.YES
        return asked and not self.answered(indicator) and not self.faulty(indicator)

    def evidence_missing(self, indicator: Indicator) -> bool:
        """Whether it earns points and lacks a required document, and nobody has explained why."""
        return self.evidence_lacking(indicator) and not doc.unproven_of(self.document, indicator.code)

    def evidence_explained(self, indicator: Indicator) -> bool:
        """Whether it earns points without a required document and the body has explained why."""
        return self.evidence_lacking(indicator) and bool(doc.unproven_of(self.document, indicator.code))

    def evidence_lacking(self, indicator: Indicator) -> bool:
        """Whether it earns points and lacks a required document, explained or not."""
        if indicator.evidence is None or not indicator.evidence.required or self.asked(indicator) is not Asked.YES:
            return False
        return (self.points(indicator) or 0.0) > 0 and not doc.evidence_ids(self.document, indicator.code)

    def standing(self) -> Standing:
        """Points so far of the whole."""
        scores, levels, decimals = self.scores, self.questionnaire.levels, self.questionnaire.decimals
        total, maximum = scores.total_of(0), float(scores.maximum[0])
        lowest, highest = interval_of(self.exact) if maximum else (None, None)
        if np.isnan(scores.rate[0]):
            return Standing(total, maximum, None, None, lowest, highest, None, levels, self.few, decimals)
        published_rate, rate = float(scores.rate_published[0]), float(scores.rate[0])
        level = scores.level[0]
        made = self.made(self.questionnaire.whole)
        return Standing(total, maximum, rate, published_rate, lowest, highest, level, levels, None, decimals, made)

    @property
    def few(self) -> Text | None:
        """Where too little is known: that it is, how much there is and how much is needed."""
        if not self.scores.lacks(0):
            return None
        return Text(*(too_few(self.questionnaire.whole, self.exact.coverage, language) for language in LANGUAGES))

    def group_points(self, group: Group) -> tuple[float, float]:
        """Points and applicable maximum of a group."""
        return float(self.scores.group_points[group.code][0]), float(self.scores.group_maximum[group.code][0])

    def made(self, group: Group) -> Text | None:
        """Of a mean, of which shares and weights it is made; None of a sum and of what is not scored."""
        words = [mean_in_words(self.exact, group, language) for language in LANGUAGES]
        return Text(*words) if words[0] else None

    def left_out(self, group: Group) -> bool:
        """Whether too little is known of a group and the mean above leaves it out: no 0 is told of it."""
        return self.exact.left_out(group)

    def touched(self, keys: set[str]) -> tuple[Indicator, ...]:
        """Indicators that a change of these input keys can change: their users, and what those show or hold down."""
        questionnaire = self.questionnaire
        codes = {user.code for key in keys for user in questionnaire.users_of.get(key, ())}
        found = set[str]()
        for indicator in questionnaire.indicators:  # what shows or gates another comes before it
            shown = indicator.show_when is not None and indicator.show_when.code in found
            held = indicator.gate is not None and bool(found & self._members(indicator.gate.condition.code))
            if indicator.code in codes or shown or held:
                found.add(indicator.code)
        return tuple(indicator for indicator in questionnaire.indicators if indicator.code in found)

    def _members(self, code: str) -> set[str]:
        """The indicators of a group, or the one of this code."""
        group = self.questionnaire.group_of.get(code)
        return {code} if group is None else {indicator.code for indicator in group.all_indicators()}


def read_sheet(session: Session, row: SubmissionRow, document: Mapping[str, Any] | None = None) -> Sheet:
    """Understand a submission; `document` in place of the stored one, when it is about to be written."""
    questionnaire = published(session, row.version_id, row.sha256)
    entries = row.answers if document is None else document
    case, answers = doc.case_of(questionnaire, entries, row.agency_code, row.attributes)
    return Sheet(row, questionnaire, entries, answers, case)
