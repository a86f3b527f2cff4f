"""The route table: which role may use which route. A route that is not in it fails the tests and answers nobody.

Roles open a page; whose objects it shows is decided by the services, which know only the person's own agencies.
Not allowed and not there are the same answer, 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import g, redirect, request, url_for
from werkzeug.exceptions import NotFound, Unauthorized
from werkzeug.wrappers import Response

from survey.core.workflow import Role
from survey.web.csrf import check_form
from survey.web.session import load_signed_in

Allowed = frozenset[Role]

EVERYBODY: None = None  # also those not signed in
SIGNED_IN: Allowed = frozenset(Role)
CLERK: Allowed = frozenset({Role.CLERK})
LEADER: Allowed = frozenset({Role.LEADER})
AGENCY: Allowed = frozenset({Role.CLERK, Role.LEADER})
COORDINATOR: Allowed = frozenset({Role.COORDINATOR})
ADMINISTRATOR: Allowed = frozenset({Role.ADMINISTRATOR})

ROUTES: Mapping[str, Allowed | None] = MappingProxyType(
    {
        "static": EVERYBODY,
        "bootstrap.static": EVERYBODY,
        "public.start": EVERYBODY,
        "public.help_page": EVERYBODY,
        "public.healthz": EVERYBODY,
        "auth.sign_in": EVERYBODY,
        "auth.send_sign_in": EVERYBODY,
        "auth.session_state": EVERYBODY,
        "auth.sign_out": SIGNED_IN,
        "auth.bodies": SIGNED_IN,
        "auth.choose_body": SIGNED_IN,
        "auth.password": SIGNED_IN,
        "agency.home": AGENCY,
        "agency.home_documents": AGENCY,
        "agency.hub": AGENCY,
        "agency.indicator": AGENCY,
        "agency.whole": AGENCY,
        "agency.history": AGENCY,
        "agency.group": AGENCY,
        "agency.send_group": CLERK,
        "agency.save": CLERK,
        "agency.check": AGENCY,
        "agency.present": CLERK,
        "agency.take_back": CLERK,
        "agency.documents": AGENCY,
        "agency.document": CLERK,
        "agency.change_document": CLERK,
        "agency.remove_document": CLERK,
        "leader.review": AGENCY,
        "leader.send": LEADER,
        "leader.give_back": LEADER,
        "leader.receipt": AGENCY,
        "leader.confirm_withdrawal": LEADER,
        "leader.take_back": LEADER,
        "coordinator.now": COORDINATOR,
        "coordinator.board": COORDINATOR,
        "coordinator.bodies": COORDINATOR,
        "coordinator.phieu": COORDINATOR,
        "coordinator.give_back": COORDINATOR,
        "coordinator.requests": COORDINATOR,
        "coordinator.decide": COORDINATOR,
        "coordinator.ranking": COORDINATOR,
        "coordinator.charts": COORDINATOR,
        "coordinator.chart": COORDINATOR,
        "coordinator.workbook": COORDINATOR,
        "admin.accounts": ADMINISTRATOR,
        "admin.disable": ADMINISTRATOR,
        "admin.enable": ADMINISTRATOR,
    }
)


STATIC = frozenset({"static", "bootstrap.static"})
OWN_FORM_CHECK = frozenset({"auth.send_sign_in"})  # answers a stale form with its own page


def guard() -> Response | None:
    """Called before every request: who is asking, may they, and does the form come from this session."""
    if request.endpoint in STATIC:
        return None
    load_signed_in()
    if request.endpoint is None:
        return None  # 404 and 405 are Flask's to answer
    allowed = ROUTES.get(request.endpoint, frozenset())
    if allowed is not None:
        if g.person is None:
            return _ask_to_sign_in()
        if not any(g.person.has(role) for role in allowed):
            raise NotFound
    if request.endpoint not in OWN_FORM_CHECK:
        check_form()
    return None


def _ask_to_sign_in() -> Response:
    """Send a reader to the sign-in page and back; a form is answered 401, so that what was typed is not lost."""
    if request.method != "GET":
        raise Unauthorized
    return redirect(url_for("auth.sign_in", tiep=request.full_path.rstrip("?")))
