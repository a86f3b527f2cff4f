"""Which body gives which figures of a round: the coordinator's page."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.services.errors import Refused
from survey.services.open_round import list_rounds
from survey.services.who_provides import choose_providers, proposals, who_provides
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.provider.pages import provider
from survey.web.session import person
from survey.web.work import reading, writing

FIELD = "b."


@provider.get("/tong-hop/cung-cap")
def owners_now() -> str | Response:
    """The page of the newest round, or word that there is none."""
    with reading() as session:
        rounds = list_rounds(session)
    if rounds:
        return redirect(url_for("provider.owners", code=rounds[0].code))
    return render_template("coordinator/no_round.html")


@provider.get("/dot/<code>/cung-cap")
def owners(code: str) -> str:
    """Every provided indicator with its body, or the one proposed, and how many agencies have figures."""
    return _owners(code, "", "")


def _owners(code: str, field: str, error: str) -> str:
    with reading() as session:
        givers = who_provides(session, person(), code)
    may_enter = any(person().coordinates(kind) for kind in givers.kinds)
    return render_template(
        "provider/owners.html", givers=givers, round=givers.round, field=field, error=error, may_enter=may_enter,
        proposed=len(proposals(givers)), options=[(body.code, body.name) for body in givers.choices],
    )  # fmt: skip


@provider.post("/dot/<code>/cung-cap")
def choose(code: str) -> Response | tuple[str, int]:
    """Set the bodies as chosen, or all those proposed."""
    chosen = {name.removeprefix(FIELD): value for name, value in request.form.items() if name.startswith(FIELD)}
    try:
        with writing() as session:
            if request.form.get("do") == "proposed":
                chosen = proposals(who_provides(session, person(), code))
            choose_providers(session, person(), code, chosen)
    except Refused as refused:
        return _owners(code, refused.field, refused.sentence(current_language())), 422
    return with_notice(redirect(url_for("provider.owners", code=code)), "providers_chosen")
