"""The part of a form that gives roles of the whole instance, and the khối that a coordinator sees."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from survey.core.kinds import KINDS, kind_name
from survey.core.workflow import BODY_ROLES, INSTANCE_ROLES, Role
from survey.services.instance import Session
from survey.services.people import EVERY_KIND
from survey.services.scope import TOTALS, checked_kinds
from survey.web.language import current_language, t

SOME = "some"


@dataclass(frozen=True, slots=True)
class RightsForm:
    """What was ticked."""

    roles: tuple[Role, ...] = ()
    reach: str = SOME  # EVERY_KIND, TOTALS or SOME
    kinds: tuple[str, ...] = ()

    @classmethod
    def read(cls, posted: MultiDict[str, str]) -> RightsForm:
        """From a form."""
        reach = posted.get("reach", SOME)
        return cls(
            tuple(Role(role) for role in posted.getlist("roles") if role in set(INSTANCE_ROLES)),
            reach if reach in (EVERY_KIND, TOTALS) else SOME,
            tuple(kind for kind in posted.getlist("kinds") if kind in KINDS),
        )

    @classmethod
    def of(cls, roles: frozenset[Role], kinds: frozenset[str]) -> RightsForm:
        """From an account."""
        reach = EVERY_KIND if EVERY_KIND in kinds else TOTALS if Role.COORDINATOR in roles and not kinds else SOME
        return cls(tuple(sorted(roles)), reach, tuple(sorted(kinds - {EVERY_KIND})))

    def errors(self) -> dict[str, str]:
        """Sentences by control."""
        if Role.COORDINATOR in self.roles and self.reach == SOME and not self.kinds:
            return {"kinds": t("web_accounts.kinds_needed")}
        return {}

    def asked(self) -> tuple[str, ...]:
        """The khối as services take them."""
        return {EVERY_KIND: (), TOTALS: (TOTALS,)}.get(self.reach, self.kinds)

    def checked(self, session: Session) -> frozenset[str]:
        """The khối as an account keeps them."""
        return checked_kinds(session, self.asked()) if Role.COORDINATOR in self.roles else frozenset()


def rights_choices() -> dict[str, list[tuple[str, str]]]:
    """What the controls offer."""
    return {
        "instance_roles": [(role.value, t(f"web.role_{role.value}")) for role in Role if role in INSTANCE_ROLES],
        "body_roles": [(role.value, t(f"web.role_{role.value}")) for role in Role if role in BODY_ROLES],
        "reaches": [
            (SOME, t("web_accounts.reach_some")),
            (EVERY_KIND, t("web_accounts.reach_every")),
            (TOTALS, t("web_accounts.reach_totals")),
        ],
        "kind_options": [(kind, kind_name(kind, current_language())) for kind in KINDS],
    }
