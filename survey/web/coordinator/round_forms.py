"""The form of a round: what it shows, what was typed, and the faults of each field at once; instants in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import request

from survey.core.instants_vi import parse_instant, parse_time, weekday
from survey.core.numbers_vi import format_date, format_time, parse_date
from survey.services.errors import Refused
from survey.services.round_views import CohortChoice, QuestionnaireChoice, RoundDraft, RoundPlan
from survey.web.coordinator.board import coordinator
from survey.web.language import current_language, t, words

CONTROL = {"closes": "closes_date", "opens": "opens_date", "until": "until_date"}  # where a service's field is typed
TEXTS = ("code", "title", "period", "figures_from", "figures_to")
MOST_TYPED = 2000  # characters that are kept of one field


@coordinator.app_template_filter("instant")
def instant(moment: datetime) -> str:
    """17:00, thứ Ba 15/12/2026."""
    named = t(f"web_rounds.weekday_{weekday(moment)}")
    return t("web_rounds.instant", time=format_time(moment), weekday=named, day=format_date(moment))


def typed(name: str) -> str:
    """One field as it was typed."""
    return request.form.get(name, "")[:MOST_TYPED].strip()


def seen_revision() -> int:
    """The revision that the form was made from; one that never was for anything else."""
    text = typed("revision")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def is_ticked(name: str) -> bool:
    """Whether a box was ticked."""
    return request.form.get(name) == "1"


@dataclass
class InstantField:
    """A day and a time of day, typed in two fields."""

    name: str
    day: str = ""
    clock: str = ""
    faults: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, moment: datetime | None) -> InstantField:
        """As an instant is shown; blank for none."""
        if moment is None:
            return cls(name)
        return cls(name, format_date(moment), format_time(moment))

    @classmethod
    def asked(cls, name: str) -> InstantField:
        """As it was typed."""
        return cls(name, typed(f"{name}_date"), typed(f"{name}_time"))

    def read(self) -> datetime | None:
        """The instant; None where a field is wrong, which is then in `faults`."""
        if parse_date(self.day) is None:
            self.faults[f"{self.name}_date"] = t("web_rounds.date_wrong")
        if parse_time(self.clock) is None:
            self.faults[f"{self.name}_time"] = t("web_rounds.time_wrong")
        return None if self.faults else parse_instant(self.day, self.clock)

    def faults_with(self, refused: Refused) -> dict[str, str]:
        """Its own faults and what a service refuses, by the control each is typed in; its own tell more."""
        found = dict(self.faults)
        for one in refused.each:
            if not (one.field == self.name and self.faults):
                found.setdefault(CONTROL.get(one.field, one.field), one.sentence(current_language()))
        return found


@dataclass
class RoundForm:
    """A round as the form shows it."""

    revision: int
    texts: dict[str, str]
    opens: InstantField
    closes: InstantField
    cohorts: set[str]
    versions: dict[str, str]  # questionnaire id → version id as text
    faults: dict[str, str] = field(default_factory=dict)
    current: RoundPlan | None = None  # what it holds now, where somebody else has changed it

    @classmethod
    def of(cls, draft: RoundDraft, questionnaires: Iterable[QuestionnaireChoice]) -> RoundForm:
        """As it is proposed."""
        texts = {
            "code": draft.code,
            "title": draft.title,
            "period": draft.period,
            "figures_from": format_date(draft.figures_from) if draft.figures_from else "",
            "figures_to": format_date(draft.figures_to) if draft.figures_to else "",
        }
        versions = {one.id: str(one.chosen) for one in questionnaires}
        opens, closes = InstantField.of("opens", draft.opens_at), InstantField.of("closes", draft.closes_at)
        return cls(0, texts, opens, closes, set(draft.cohorts), versions)

    @classmethod
    def of_plan(cls, plan: RoundPlan) -> RoundForm:
        """As it is kept."""
        draft = RoundDraft(
            plan.code, plan.title, plan.period, plan.figures_from, plan.figures_to, plan.opens_at, plan.closes_at,
            frozenset(one.code for one in plan.cohorts if one.chosen), frozenset(),
        )  # fmt: skip
        form = cls.of(draft, plan.questionnaires)
        form.revision = plan.revision
        return form

    @classmethod
    def asked(cls, cohorts: Iterable[CohortChoice], questionnaires: Iterable[QuestionnaireChoice]) -> RoundForm:
        """As it was typed; what was not offered is left out."""
        offered = {one.code for one in cohorts}
        versions = {one.id: typed(f"version-{one.id}") or str(one.chosen) for one in questionnaires}
        return cls(
            seen_revision(),
            {name: typed(name) for name in TEXTS},
            InstantField.asked("opens"),
            InstantField.asked("closes"),
            set(request.form.getlist("cohorts")) & offered,
            versions,
        )

    def figures(self) -> tuple[date | None, date | None]:
        """The days that figures cover; faults noted."""
        found: list[date | None] = []
        for name in ("figures_from", "figures_to"):
            day = parse_date(self.texts[name])
            if self.texts[name] and day is None:
                self.faults[name] = t("web_rounds.date_wrong")
            found.append(day)
        return found[0], found[1]

    def chosen_versions(self) -> frozenset[int]:
        """Ids of the versions asked for; one that is no number is no version."""
        return frozenset(
            int(one) if one.isascii() and one.isdigit() and len(one) < 10 else 0 for one in self.versions.values()
        )

    def read(self) -> RoundDraft:
        """What was typed, None for what cannot be read, which is then in `faults`: `settle` before anything is kept."""
        figures = self.figures()
        opens, closes = self.opens.read(), self.closes.read()
        self.faults |= self.opens.faults | self.closes.faults
        texts = self.texts
        return RoundDraft(
            texts["code"], texts["title"], texts["period"], *figures, opens, closes,
            frozenset(self.cohorts), self.chosen_versions(),
        )  # fmt: skip

    def settle(self) -> None:
        """Raise Refused where a field could not be read: called inside the unit of work, which keeps nothing then."""
        for name, sentence in self.faults.items():
            raise Refused("services.figure_fault", name, sentence=sentence)

    def refuse(self, refused: Refused) -> None:
        """Put a service's refusals at their fields; what could not be read says so itself."""
        unread = {name.partition("_")[0] for name in self.faults}
        for one in refused.each:
            name = CONTROL.get(one.field, one.field)
            if name == "versions":
                name = f"version-{one.values.get('id') or next(iter(self.versions), '')}"
            if name.partition("_")[0] not in unread:
                self.faults[name] = one.sentence(current_language())


def cohort_options(cohorts: Iterable[CohortChoice]) -> list[tuple[str, str]]:
    """The cohorts to tick, each with how many bodies it has."""
    return [(one.code, t("web_rounds.cohort_option", name=words(one.name), bodies=one.bodies)) for one in cohorts]


def version_options(choice: QuestionnaireChoice) -> list[tuple[int, str]]:
    """The versions to choose from, newest first."""
    return [
        (one.version_id, t("web_rounds.version_option", version=one.version, day=format_date(one.published_at)))
        for one in choice.versions
    ]
