"""Groups of a phiếu given to colleagues of the same body: a help to share the work, binding nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.core.asks import Text
from survey.core.sorting_vi import vietnamese_key
from survey.core.workflow import Step
from survey.services import audit
from survey.services.errors import NotFound, Refused
from survey.services.heads import names_for, read_head
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.published import published
from survey.services.scope import find_submission, require
from survey.services.submission_views import SubmissionHead
from survey.storage import providers


@dataclass(frozen=True, slots=True)
class Holder:
    """The colleague who holds a group."""

    account_id: int
    name: str

    def is_of(self, person: Person) -> bool:
        """Whether this is the person."""
        return self.account_id == person.account_id


@dataclass(frozen=True, slots=True)
class Assignable:
    """One page of the phiếu, and who holds it."""

    code: str
    name: Text
    top: Text  # chỉ số chính it belongs to; empty where it is one itself
    holder: Holder | None


@dataclass(frozen=True, slots=True)
class Assignments:
    """The form in which groups are given to colleagues."""

    head: SubmissionHead
    colleagues: tuple[Holder, ...]  # everybody who fills in for the body, by name
    groups: tuple[Assignable, ...]
    may_assign: bool


def holders_of(session: Session, head: SubmissionHead) -> Mapping[str, Holder]:
    """Who holds which group of a phiếu whose head was read for the person; one statement."""
    return {code: Holder(*found) for code, found in providers.holders(session, head.id).items()}


def read_assignments(
    session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock
) -> Assignments:
    """The form. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    questionnaire = published(session, row.version_id, row.sha256)
    head = read_head(session, row, person, clock(), names_for(session, row), questionnaire)
    held = holders_of(session, head)
    tops = {page.code: top.name for top in questionnaire.groups for page in top.walk() if page is not top}
    colleagues = [Holder(*found) for found in providers.clerks_of(session, row.agency_id)]
    return Assignments(
        head,
        tuple(sorted(colleagues, key=lambda one: vietnamese_key(one.name))),
        tuple(
            Assignable(page.code, page.name, tops.get(page.code, Text("")), held.get(page.code))
            for page in questionnaire.pages
        ),
        Step.FILL in head.steps,
    )


def assign_groups(
    session: Session,
    person: Person,
    submission_id: int,
    chosen: Mapping[str, int | None],
    *,
    clock: Clock = system_clock,
) -> int:
    """Give groups (code → account id) to colleagues, None takes one back; how many changed. One event for all.

    Raises NotFound, NotAllowed, Blocked, Refused for an account that is no clerk of the body.
    """
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.FILL, now)
    pages = {page.code for page in published(session, row.version_id, row.sha256).pages}
    if not chosen.keys() <= pages:
        raise NotFound
    known = dict(providers.clerks_of(session, row.agency_id))
    for code, holder in chosen.items():
        if holder is not None and holder not in known:
            raise Refused("web_provide.no_colleague", code)
    held = {code: found[0] for code, found in providers.holders(session, row.id).items()}
    changed = {code: holder for code, holder in chosen.items() if held.get(code) != holder}
    if changed:
        providers.assign(session, row.id, changed, at=now, by=person.account_id)
        told = {code: [held.get(code), holder] for code, holder in sorted(changed.items())}
        audit.record_for(session, row, "groups_assigned", person, now, groups=told)
    return len(changed)


def drop_assignments(session: Session, account_id: int, agency_id: int) -> None:
    """Take back what a colleague holds at a body that they leave; the caller records the leaving."""
    providers.drop_assignments(session, account_id, agency_id)
