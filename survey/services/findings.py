"""What is wrong, missing or open in a submission, indicator by indicator, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain

from survey.core import document as doc
from survey.core.answers import Special, fault_sentence
from survey.core.modifiers import Counts
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Group, Indicator
from survey.core.rules.words import explain_exact
from survey.core.text import say
from survey.services.page_views import Asked
from survey.services.questions_back import Backdrop, QuestionsBack
from survey.services.review_views import Finding, FindingKind
from survey.services.sheet import Sheet
from survey.services.stakes import may_be_off, may_bring, may_lose

_BLOCKING = frozenset({FindingKind.FAULT, FindingKind.PART})


def find_all(sheet: Sheet, language: str = "vi", backdrop: Backdrop | None = None) -> tuple[Finding, ...]:
    """Everything found: blocking first, then most points at stake, then in file order; never what others provide."""
    questions = QuestionsBack(sheet, backdrop, language)
    found = [finding for page in sheet.questionnaire.pages for finding in _on_page(sheet, page, language, questions)]
    return tuple(sorted(found, key=lambda finding: (not finding.blocks, -finding.stake)))


def counts(findings: tuple[Finding, ...]) -> Mapping[FindingKind, int]:
    """How many of each kind; every kind is there."""
    tally = Counter(finding.kind for finding in findings)
    return {kind: tally[kind] for kind in FindingKind}


def count_blocking(sheet: Sheet) -> int:
    """How many indicators keep it from being sent."""
    return sum(sheet.faulty(indicator) for indicator in sheet.questionnaire.indicators)


def count_missing(sheet: Sheet) -> int:
    """How many indicators lack an answer."""
    return sum(sheet.missing(indicator) for indicator in sheet.questionnaire.indicators)


def _on_page(sheet: Sheet, page: Group, language: str, questions: QuestionsBack) -> Iterator[Finding]:
    for indicator in page.indicators:
        if sheet.asked(indicator) is not Asked.YES:
            continue
        asked_back = ((FindingKind.ASK_BACK, one, "") for one in questions.open(indicator))
        every = chain(_of(sheet, indicator, language), asked_back)
        for kind, sentence, key in every:
            blocks = kind in _BLOCKING
            apart = kind is FindingKind.MISSING and indicator.counts is Counts.PENALTY
            stake = float(_stake(sheet, kind, indicator))
            yield Finding(
                kind, indicator.code, indicator.name, page.code, page.name, sentence, blocks, apart, stake, key
            )


def _stake(sheet: Sheet, kind: FindingKind, indicator: Indicator) -> Fraction:
    """What is filled in or mended may bring points; what is not proven may lose them; what is asked back, either."""
    if kind is FindingKind.ASK_BACK and indicator.counts is not Counts.PENALTY:
        return may_be_off(sheet, indicator)
    losing = kind is FindingKind.EVIDENCE or indicator.counts is Counts.PENALTY
    return may_lose(sheet, indicator) if losing else may_bring(sheet, [indicator])


def _missing(indicator: Indicator, language: str) -> str:
    """That an answer is missing; of a penalty also what it may take off."""
    if indicator.counts is not Counts.PENALTY:
        return say("services.finding_missing", language)
    return say("services.finding_missing_penalty", language, points=format_number(indicator.maximum))


def _of(sheet: Sheet, indicator: Indicator, language: str) -> Iterator[tuple[FindingKind, str, str]]:
    """(kind, sentence, key of the input)."""
    keys = sheet.asked_keys(indicator)
    for key in keys:
        answer = sheet.answers.get(key)
        if answer is not None and answer.fault is not None:
            yield FindingKind.FAULT, fault_sentence(sheet.questionnaire, key, answer, language), key
    if sheet.part_broken(indicator):
        yield FindingKind.PART, explain_exact(sheet.exact, indicator, language).because, keys[0]
    if sheet.missing(indicator):
        blank = (key for key in keys if sheet.case.value(key) is Special.MISSING)
        yield FindingKind.MISSING, _missing(indicator, language), next(blank, "")
    if sheet.evidence_missing(indicator):
        yield FindingKind.EVIDENCE, say("services.finding_evidence", language), ""
    if sheet.evidence_explained(indicator):
        reason = doc.unproven_of(sheet.document, indicator.code)
        yield FindingKind.EXPLAINED, say("services.finding_explained", language, reason=reason), ""
    if sheet.pending_kad(indicator):
        yield FindingKind.PENDING_KAD, say("services.finding_pending_kad", language), ""
