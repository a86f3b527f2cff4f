"""Recomputing a result file from its rules and answers alone: every figure that is not what they give, named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.core.answers import Case, Value, fault_sentence, read_cell
from survey.core.load import load_text, text_hash
from survey.core.questionnaire import Questionnaire
from survey.core.result_figures import Name, Order, figures_of, order_of, ranks_by
from survey.core.result_file import SHOWN, Body, Part, ResultFile, digest_of, written_figures
from survey.core.text import say


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in the file that is not what it should be; `key` names its sentence."""

    key: str
    agency: str = ""
    what: str = ""
    code: str = ""
    written: str = ""
    found: str = ""

    def sentence(self, language: str = "vi") -> str:
        """Body, indicator or group, figure, what is written and what is recomputed."""
        none = say("result.none", language)
        return say(
            f"result.differs_{self.key}", language, agency=self.agency[:SHOWN], code=self.code[:SHOWN],
            at=say("result.at", language, code=self.code[:SHOWN]) if self.code else "",
            what=say(f"result.what_{self.what}", language) if self.what else "",
            written=self.written[:SHOWN] or none, found=self.found[:SHOWN] or none,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What came of it."""

    bodies: int  # whose figures were recomputed
    figures: int  # compared
    told: tuple[str, ...]  # bodies whose points were told without answers: their rank alone is checked
    differences: tuple[Difference, ...]


def recompute(result: ResultFile, name: str) -> Recomputed:
    """Every figure of the file against the exact reading of its own rules and answers. Raises Faults for bad rules."""
    differences: list[Difference] = []
    recomputed: list[Body] = []
    told: list[str] = []
    for part in result.parts:
        questionnaire = load_text(part.rules, f"{name} ({part.id[:SHOWN]} {part.version[:SHOWN]})")
        found = list(_of_part(questionnaire, part))
        differences.extend(found)
        recomputed.extend(body for body in part.bodies if not body.told_by)
        told.extend(body.name for body in part.bodies if body.told_by)
    if digest_of(result) != result.digest and not differences:
        differences.append(Difference("file"))
    figures = sum(len(texts) for each in recomputed for texts in each.figures.values())
    return Recomputed(len(recomputed), figures, tuple(told), tuple(differences))


def _of_part(questionnaire: Questionnaire, part: Part) -> Iterator[Difference]:
    if text_hash(part.rules) != part.sha256:
        yield Difference("rules", code=f"{part.id} {part.version}")
    if (questionnaire.id, questionnaire.version) != (part.id, part.version):
        shown = f"{questionnaire.id} {questionnaire.version}"
        yield Difference("rules_named", written=f"{part.id} {part.version}", found=shown)
    seen: set[str] = set()
    cases: list[Case] = []
    for body in part.bodies:
        if body.agency in seen:
            yield Difference("repeated", body.agency)
        seen.add(body.agency)
        case, faults = _case(questionnaire, body)
        cases.append(case)
        yield from faults
        if body.told_by and (body.answers or body.not_applicable):  # else whoever adds a source could write any figure
            yield Difference("told_answered", body.agency, written=body.told_by)
    yield from _of_bodies(questionnaire, part.bodies, cases)


def _case(questionnaire: Questionnaire, body: Body) -> tuple[Case, list[Difference]]:
    """The answers as scoring sees them, and those that are none."""
    values: dict[str, Value] = {}
    faults: list[Difference] = []
    for key, text in body.answers.items():
        if key not in questionnaire.users_of:
            faults.append(Difference("answer_unknown", body.agency, code=key, written=text))
            continue
        answer = read_cell(questionnaire, key, text)
        values[key] = answer.value
        if answer.fault is not None:
            why = fault_sentence(questionnaire, key, answer)
            faults.append(Difference("answer_refused", body.agency, code=key, written=text, found=why))
    unknown = [code for code in body.not_applicable if code not in questionnaire.by_code]
    faults += [Difference("kad_unknown", body.agency, code=code) for code in unknown]
    return Case(body.agency, values, frozenset(body.not_applicable), body.attributes, body.cohort), faults


def _of_bodies(questionnaire: Questionnaire, bodies: Sequence[Body], cases: Sequence[Case]) -> Iterator[Difference]:
    among = [body.ranked and not body.told_by for body in bodies]
    orders: list[Order | None] = []
    for body, found in zip(bodies, figures_of(questionnaire, cases, among), strict=True):
        written = written_figures(body)
        orders.append(_told_order(questionnaire, written) if body.told_by else order_of(questionnaire, found))
        differs = [] if body.told_by else list(_compare(body.agency, written, found))
        if not differs and digest_of(body) != body.digest:
            differs = [Difference("body", body.agency)]
        yield from differs
    ranks = ranks_by(orders, [body.cohort for body in bodies], [body.ranked for body in bodies])
    for body, rank in zip(bodies, ranks, strict=True):
        written_rank, right = written_figures(body).get(Name("rank"), ""), "" if rank is None else str(rank)
        if written_rank != right:
            yield Difference("figure", body.agency, "rank", "", written_rank, right)


def _told_order(questionnaire: Questionnaire, written: Mapping[Name, str]) -> Order | None:
    """What ranks a body whose points were told: as the file says."""
    try:
        return order_of(questionnaire, written)
    except (ValueError, ZeroDivisionError):
        return None


def _compare(agency: str, written: Mapping[Name, str], found: Mapping[Name, str]) -> Iterator[Difference]:
    """Every figure that is not the one recomputed, character for character; the rank is looked at apart."""
    for name, right in found.items():
        text = written.get(name, "")
        if text != right:
            yield Difference("figure", agency, name.what, name.code, text, right)
    for name, text in written.items():
        if name not in found and name != Name("rank"):
            yield Difference("unknown_figure", agency, "", name.code, f"{name.what} = {text}")
