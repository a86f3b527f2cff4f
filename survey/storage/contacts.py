"""Whom to call at a body: its contact of the register, else its clerks; and the addresses that mail goes to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.workflow import Role
from survey.storage.accounts import Account, Membership
from survey.storage.agencies import Agency


@dataclass(slots=True)
class Contact:
    """Who answers for a body; clerks whose account is shut are left out."""

    name: str  # of the register, "" where none is named
    phone: str
    email: str
    clerks: list[tuple[int, str, str, str]] = field(default_factory=list)  # account id, name, phone, e-mail

    @property
    def names(self) -> str:
        """The contact, else the clerks."""
        return self.name or ", ".join(name for _, name, _, _ in self.clerks)

    @property
    def phones(self) -> str:
        """The contact's telephone, else those of the clerks."""
        return self.phone or ", ".join(dict.fromkeys(phone for _, _, phone, _ in self.clerks if phone))

    @property
    def addresses(self) -> list[tuple[str, int | None]]:
        """Each mail address once, with the account it belongs to; the contact's own first."""
        found: dict[str, tuple[str, int | None]] = {}
        for account_id, _, _, email in [(None, "", "", self.email), *self.clerks]:
            if email:
                found.setdefault(email.lower(), (email, account_id))
        return list(found.values())


def contacts(session: Session, agency_ids: Collection[int]) -> dict[int, Contact]:
    """The contact of each of these bodies; two statements."""
    named = sa.select(Agency.id, Agency.contact_name, Agency.contact_phone, Agency.contact_email)
    rows = session.execute(named.where(Agency.id.in_(agency_ids)))
    found = {row[0]: Contact(row[1], row[2], row[3]) for row in rows}
    clerks = (
        sa.select(Membership.agency_id, Account.id, Account.name, Account.phone, Account.email)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.role == Role.CLERK, Account.disabled_at.is_(None), Membership.agency_id.in_(agency_ids))
        .order_by(Membership.id)
    )
    for row in session.execute(clerks):
        found[row[0]].clerks.append((row[1], row[2], row[3], row[4]))
    return found
