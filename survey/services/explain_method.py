"""Cách tính điểm: a questionnaire explained from its own definition, rule by rule, each with a worked example."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.asks import Text
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rules.group_words import group_rule_in_words, level_in_words, ranking_in_words
from survey.core.rules.rule_words import rule_in_words
from survey.core.rules.worked import worked_examples
from survey.core.text import say
from survey.core.workflow import Role
from survey.services.errors import NotFound
from survey.services.instance import Session
from survey.services.people import Person
from survey.services.published import published
from survey.services.scope import find_submission
from survey.storage import questionnaires

LEGEND = ("missing", "zero", "not_applicable", "pending", "rounding")


@dataclass(frozen=True, slots=True)
class MethodIndicator:
    """One indicator explained; sentences are in the reader's language."""

    code: str
    name: Text
    limit: str  # "tối đa 20 điểm", "cộng tối đa 5 điểm", "không chấm điểm"
    rule: str
    examples: tuple[str, ...]  # made-up answers and what they earn
    evidence: str  # documents that prove it; "" where none
    facts: tuple[tuple[str, str], ...]  # (what, words): basis, source, who provides and verifies, where it comes from


@dataclass(frozen=True, slots=True)
class MethodGroup:
    """One group explained, its own indicators below it."""

    code: str
    name: Text
    depth: int  # 0 for chỉ số chính
    rule: str
    help: Text
    indicators: tuple[MethodIndicator, ...]


@dataclass(frozen=True, slots=True)
class MethodView:
    """A whole questionnaire explained."""

    id: str
    title: Text
    version: str
    notice: Text
    maximum: float
    count: int  # of indicators
    whole: str
    levels: tuple[str, ...]
    ranking: str
    groups: tuple[MethodGroup, ...]  # parents first
    legend: tuple[tuple[str, str], ...]  # (word, meaning)


def explain_of_submission(session: Session, person: Person, submission_id: int, language: str = "vi") -> MethodView:
    """The method of the questionnaire that a phiếu answers. Raises NotFound for another body's as for none."""
    row = find_submission(session, person, submission_id)
    return explain_method(published(session, row.version_id, row.sha256), language)


def explain_version(
    session: Session, person: Person, questionnaire_id: str, version: str, language: str = "vi"
) -> MethodView:
    """The method of a published version. Coordinators, administrators, auditors. Raises NotFound."""
    found = questionnaires.find_version(session, questionnaire_id, version)
    if found is None or not person.roles & {Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR}:
        raise NotFound
    return explain_method(published(session, found.id, found.sha256), language)


def explain_method(questionnaire: Questionnaire, language: str = "vi") -> MethodView:
    """A questionnaire explained."""
    return MethodView(
        id=questionnaire.id,
        title=questionnaire.title,
        version=questionnaire.version,
        notice=questionnaire.notice,
        maximum=float(questionnaire.maximum),
        count=len(questionnaire.indicators),
        whole=group_rule_in_words(questionnaire, questionnaire.whole, language),
        levels=tuple(level_in_words(questionnaire, level, language) for level in questionnaire.levels),
        ranking=ranking_in_words(questionnaire, language),
        groups=tuple(_groups(questionnaire, questionnaire.groups, 0, language)),
        legend=tuple(
            (say(f"method.legend_{name}", language), say(f"method.legend_{name}_text", language)) for name in LEGEND
        ),
    )


def _groups(questionnaire: Questionnaire, groups: tuple[Group, ...], depth: int, language: str) -> list[MethodGroup]:
    explained = []
    for group in groups:
        rule = group_rule_in_words(questionnaire, group, language)
        own = tuple(_indicator(questionnaire, indicator, language) for indicator in group.indicators)
        explained.append(MethodGroup(group.code, group.name, depth, rule, group.help, own))
        explained += _groups(questionnaire, group.groups, depth + 1, language)
    return explained


def _indicator(questionnaire: Questionnaire, indicator: Indicator, language: str) -> MethodIndicator:
    key = f"method.limit_{indicator.counts.value}" if indicator.scored else "method.limit_unscored"
    evidence = indicator.evidence
    told = {
        "help": indicator.help,
        "source": indicator.data_source,
        "provided": indicator.provided_by or Text(""),
        "verified": indicator.verified_with,
        "basis": indicator.basis,
        "origin": Text(say(f"web_fill.origin_{indicator.origin}", language)),
    }
    return MethodIndicator(
        code=indicator.code,
        name=indicator.name,
        limit=say(key, language, points=format_number(indicator.maximum)),
        rule=rule_in_words(questionnaire, indicator, language),
        examples=tuple(one.sentence for one in worked_examples(questionnaire, indicator, language)),
        evidence=evidence.what.in_language(language) if evidence else "",
        facts=tuple(
            (say(f"method.fact_{name}", language), words)
            for name, text in told.items()
            if (words := text.in_language(language))
        ),
    )
