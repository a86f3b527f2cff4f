"""The route table: which role may use which route. A route that is not in it fails the tests and answers nobody.

Roles open a page; whose objects it shows is decided by the services, which know only the person's own agencies.
Not allowed and not there are the same answer, 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from survey.core.workflow import Role, Step, SubmissionState
from survey.services.people import Person, Stage

Allowed = frozenset[Role]
_S = SubmissionState
SENT = frozenset({_S.SENT})

EVERYBODY: None = None  # also those not signed in
SIGNED_IN: Allowed = frozenset(Role)
CLERK: Allowed = frozenset({Role.CLERK})
LEADER: Allowed = frozenset({Role.LEADER})
AGENCY: Allowed = frozenset({Role.CLERK, Role.LEADER})
COORDINATOR: Allowed = frozenset({Role.COORDINATOR})
ADMINISTRATOR: Allowed = frozenset({Role.ADMINISTRATOR})
GIVER: Allowed = frozenset({Role.CLERK, Role.COORDINATOR})
OVERVIEW: Allowed = frozenset({Role.COORDINATOR, Role.AUDITOR})
READERS: Allowed = AGENCY | OVERVIEW  # of a phiếu
RECORDERS: Allowed = CLERK | COORDINATOR  # of a signed paper
REGISTER: Allowed = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR})


class Of(StrEnum):
    """What an address names, and so whose it is: foreign is as missing as none."""

    NOTHING = "nothing"  # nothing of anybody's
    SUBMISSION = "submission"  # <number>: of a body one serves, or of a khối one reads
    ROUND = "round"  # <code>: everybody's of the role, cut down to the khối one reads
    DUTY = "duty"  # <code>: a round in which one's body gives figures, or in which one coordinates those given them
    GIVEN = "given"  # <number>: a submission that is given such figures
    COHORT = "cohort"  # <cohort>: one all of whose bodies one reads
    WHOLE = "whole"  # what is of every khối at once: of those who coordinate all of them
    BODY = "body"  # <code>: of a khối one reads; the register itself for administrators


@dataclass(frozen=True, slots=True)
class Access:
    """One route: who may use it, on what, and which step of survey.core.workflow it takes (states, deadline).

    What a request is answered follows from this line alone: survey/web/expected.py.
    """

    roles: Allowed | None
    of: Of = Of.NOTHING
    step: Step | None = None
    states: frozenset[SubmissionState] | None = None  # the page is there in these alone; None: always
    while_open: Step | None = None  # the page is there while this step can be taken
    done: SubmissionState | None = None  # pressed again when this is reached, it answers as the first time
    stage: Stage | None = None  # of signing in: for browsers that have come so far and no further, and nobody else


ACCOUNT_ROUTES = (
    "accounts", "address_book", "new_account", "account", "change_account", "give_role", "take_role", "change_rights",
    "disable", "enable", "unlock", "end_sessions", "second_factor", "take_second_factor", "invitations", "send_many",
    "invite_one", "reset", "reset_now", "import_accounts", "account_template", "account_preview",
    "apply_account_import", "leave_account_import",
)  # fmt: skip


def _page(roles: Allowed | None) -> Access:
    return Access(roles)


def _phieu(
    roles: Allowed,
    step: Step | None = None,
    *,
    states: frozenset[SubmissionState] | None = None,
    while_open: Step | None = None,
    done: SubmissionState | None = None,
) -> Access:
    return Access(roles, Of.SUBMISSION, step, states, while_open, done)


def _round(roles: Allowed) -> Access:
    return Access(roles, Of.ROUND)


def _body(roles: Allowed) -> Access:
    return Access(roles, Of.BODY)


def _second_step(stage: Stage) -> Access:
    return Access(frozenset(), stage=stage)


def _whole() -> Access:
    return Access(COORDINATOR, Of.WHOLE)


def _duty(step: Step | None = None, *, given: bool = False) -> Access:
    return Access(GIVER, Of.GIVEN if given else Of.DUTY, step)


ROUTES: Mapping[str, Access] = MappingProxyType(
    {
        "static": _page(EVERYBODY),
        "bootstrap.static": _page(EVERYBODY),
        "public.start": _page(EVERYBODY),
        "public.help_page": _page(EVERYBODY),
        "public.healthz": _page(EVERYBODY),
        "metrics.show": _page(EVERYBODY),  # answers this machine or a token, see metrics.py
        "settings.show": _page(ADMINISTRATOR),
        "settings.change": _page(ADMINISTRATOR),
        "packages.sources": _page(ADMINISTRATOR),
        "packages.read_source": _page(ADMINISTRATOR),
        "packages.compare": _page(ADMINISTRATOR),
        "packages.trust": _page(ADMINISTRATOR),
        "packages.distrust": _page(ADMINISTRATOR),
        "packages.show": _round(OVERVIEW),
        "packages.make": _round(COORDINATOR),
        "packages.upload": _round(COORDINATOR),
        "packages.preview": _round(COORDINATOR),
        "packages.take": _round(COORDINATOR),
        "packages.remove": _round(COORDINATOR),
        "auth.sign_in": _page(EVERYBODY),
        "auth.send_sign_in": _page(EVERYBODY),
        "auth.session_state": _page(EVERYBODY),
        "auth.invitation": _page(EVERYBODY),
        "auth.first": _page(EVERYBODY),
        "auth.forgotten": _page(EVERYBODY),
        "auth.forgotten_sent": _page(EVERYBODY),
        "auth.code": _second_step(Stage.CODE),
        "auth.enrol": _second_step(Stage.ENROL),
        "auth.account": _page(SIGNED_IN),
        "auth.change_contact": _page(SIGNED_IN),
        "auth.end_session": _page(SIGNED_IN),
        "auth.end_others": _page(SIGNED_IN),
        "auth.second_factor": _page(SIGNED_IN),
        "auth.new_codes": _page(SIGNED_IN),
        "auth.turn_off": _page(SIGNED_IN),
        "auth.sign_out": _page(SIGNED_IN),
        "auth.bodies": _page(SIGNED_IN),
        "auth.choose_body": _page(SIGNED_IN),
        "auth.password": _page(SIGNED_IN),
        "agency.home": _page(AGENCY),
        "agency.home_documents": _page(AGENCY),
        "agency.hub": _phieu(AGENCY),
        "agency.indicator": _phieu(AGENCY),
        "agency.answer_history": _phieu(AGENCY),
        "agency.take_value": _phieu(CLERK, Step.FILL),
        "agency.whole": _phieu(AGENCY),
        "agency.history": _phieu(AGENCY),
        "agency.group": _phieu(AGENCY),
        "agency.send_group": _phieu(CLERK, Step.FILL),
        "agency.save": _phieu(CLERK, Step.FILL),
        "agency.check": _phieu(AGENCY),
        "agency.present": _phieu(CLERK, Step.PRESENT, done=_S.AWAITING_APPROVAL),
        "agency.take_back": _phieu(CLERK, Step.RECALL),
        "agency.documents": _phieu(AGENCY),
        "agency.document": _phieu(CLERK, while_open=Step.FILL),
        "agency.change_document": _phieu(CLERK, Step.FILL),
        "agency.remove_document": _phieu(CLERK, Step.FILL),
        "agency.offline": _phieu(AGENCY),
        "agency.offline_file": _phieu(AGENCY),
        "agency.offline_upload": _phieu(CLERK, Step.FILL),
        "agency.offline_paste": _phieu(CLERK, Step.FILL),
        "agency.offline_preview": _phieu(CLERK),
        "agency.offline_take": _phieu(CLERK, Step.FILL),
        "agency.attach_evidence_file": _phieu(CLERK, Step.FILL),
        "agency.remove_evidence_file": _phieu(CLERK, Step.FILL),
        "agency.evidence_file": _phieu(READERS),
        "leader.review": _phieu(AGENCY),
        "leader.send": _phieu(LEADER, Step.APPROVE, done=_S.SENT),
        "leader.give_back": _phieu(LEADER, Step.RETURN),
        "leader.receipt": _phieu(READERS, states=SENT),
        "leader.confirm_withdrawal": _phieu(LEADER, states=SENT),
        "leader.take_back": _phieu(LEADER, Step.WITHDRAW),
        "leader.deputies": _phieu(READERS),
        "leader.name": _phieu(LEADER | COORDINATOR, Step.DEPUTISE),
        "leader.end": _phieu(LEADER | COORDINATOR, Step.DEPUTISE),
        "paper.choose": _phieu(READERS),
        "paper.sheet": _phieu(READERS),
        "paper.sheet_file": _phieu(READERS),
        "paper.statement": _phieu(READERS),
        "paper.statement_file": _phieu(READERS),
        "paper.compare": _phieu(READERS),
        "paper.recording": _phieu(RECORDERS, while_open=Step.APPROVE_ON_PAPER),
        "paper.record": _phieu(RECORDERS, Step.APPROVE_ON_PAPER, done=_S.SENT),
        "paper.scan": _phieu(READERS, states=SENT),
        "paper.keep_scan": _phieu(RECORDERS, Step.KEEP_SCAN),
        "coordinator.now": _page(OVERVIEW),
        "coordinator.board": _round(OVERVIEW),
        "coordinator.bodies": _round(OVERVIEW),
        "coordinator.phieu": _phieu(OVERVIEW),
        "coordinator.give_back": _phieu(COORDINATOR, Step.SEND_BACK),
        "coordinator.requests": _round(OVERVIEW),
        "coordinator.decide": _phieu(COORDINATOR, Step.DECIDE_KAD),
        "coordinator.flags": _round(OVERVIEW),
        "coordinator.flag_file": _round(OVERVIEW),
        "coordinator.ranking": _round(OVERVIEW),
        "coordinator.charts": _round(OVERVIEW),
        "coordinator.chart": Access(OVERVIEW, Of.COHORT, states=SENT),
        "coordinator.workbook": _round(OVERVIEW),
        "coordinator.result_file": _round(OVERVIEW),
        "coordinator.rounds": _page(OVERVIEW),
        "coordinator.questionnaires": _page(REGISTER),
        "method.of_phieu": _phieu(READERS),
        "method.of_version": _page(REGISTER),
        "coordinator.new_round": _whole(),
        "coordinator.make_round": _whole(),
        "coordinator.round_page": _round(OVERVIEW),
        "coordinator.edit_round": _whole(),
        "coordinator.change_round": _whole(),
        "coordinator.begin_round": _whole(),
        "coordinator.join_round": _whole(),
        "coordinator.deadline": _whole(),
        "coordinator.change_the_deadline": _whole(),
        "coordinator.closing": _whole(),
        "coordinator.close": _whole(),
        "coordinator.reopening": _whole(),
        "coordinator.reopen": _whole(),
        "coordinator.deleting": _whole(),
        "coordinator.delete": _whole(),
        "coordinator.extensions": _round(OVERVIEW),
        "coordinator.choose_extension": _round(COORDINATOR),
        "coordinator.extend": _round(COORDINATOR),
        "coordinator.end_extension": _phieu(COORDINATOR, Step.EXTEND),
        "coordinator.chase": _round(OVERVIEW),
        "coordinator.chase_file": _round(OVERVIEW),
        "coordinator.compose": _round(COORDINATOR),
        "coordinator.remind": _round(COORDINATOR),
        "coordinator.notices": _round(OVERVIEW),
        "coordinator.publish_notice": _round(COORDINATOR),
        "coordinator.end_notice": _round(COORDINATOR),
        "agency.feed": _phieu(AGENCY),
        "agency.read_feed": _phieu(AGENCY),
        "provider.home": _page(GIVER),
        "provider.duties": _duty(),
        "provider.agencies": _duty(),
        "provider.entry": _duty(given=True),
        "provider.enter": _duty(Step.PROVIDE, given=True),
        "provider.workbook": _duty(),
        "provider.upload": _duty(Step.PROVIDE),
        "provider.preview": _duty(),
        "provider.apply": _duty(Step.PROVIDE),
        "provider.adjustments": _duty(),
        "provider.decide": _duty(Step.PROVIDE),
        "provider.owners_now": _page(OVERVIEW),
        "provider.owners": _round(OVERVIEW),
        "provider.choose": _round(COORDINATOR),
        "provider.ask": _phieu(AGENCY),
        "provider.send_ask": _phieu(CLERK, Step.ADJUST),
        "provider.take_back": _phieu(CLERK, Step.ADJUST),
        "provider.groups": _phieu(AGENCY),
        "provider.assign": _phieu(CLERK, Step.FILL),
        "register.agencies": _page(REGISTER),
        "register.export": _page(REGISTER),
        "register.agency": _body(REGISTER),
        **dict.fromkeys(("register.edit", "register.save"), _body(ADMINISTRATOR)),
        **dict.fromkeys(("register.ask_step", "register.take_step"), _body(ADMINISTRATOR)),
        **dict.fromkeys(("register.new", "register.add"), _page(ADMINISTRATOR)),
        **dict.fromkeys(("register.upload", "register.read_file"), _page(ADMINISTRATOR)),
        **dict.fromkeys(("register.preview", "register.apply", "register.leave"), _page(ADMINISTRATOR)),
        "log.search": _page(REGISTER),
        "log.take": _page(REGISTER),
        **{f"admin.{name}": _page(ADMINISTRATOR) for name in ACCOUNT_ROUTES},
    }
)


STATIC = frozenset({"static", "bootstrap.static"})


def may_open(roles: Allowed | None, person: Person) -> bool:
    """Whether a person's roles, for the instance or at any body, open a route."""
    return roles is None or any(person.has(role) for role in roles)
