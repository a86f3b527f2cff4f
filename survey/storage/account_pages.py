"""What an administrator's page of one account asks for: its bodies, who holds it just now, what the log tells of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.workflow import Role
from survey.storage.accounts import Account, Membership
from survey.storage.database import compact_json
from survey.storage.events import Event
from survey.storage.invitations import Invitation

STREAM = "accounts"
_OWN = ("signed_in", "signed_out")  # told of the person who acts


def with_bodies(session: Session, account_id: int) -> Account | None:
    """One account with the bodies it serves."""
    bodies = sa.orm.selectinload(Account.memberships).joinedload(Membership.agency)
    return session.scalar(sa.select(Account).where(Account.id == account_id).options(bodies))


def several_with_bodies(session: Session, ids: Collection[int]) -> Sequence[Account]:
    """These accounts with the bodies they serve, by id."""
    bodies = sa.orm.selectinload(Account.memberships).joinedload(Membership.agency)
    return session.scalars(sa.select(Account).where(Account.id.in_(ids)).options(bodies).order_by(Account.id)).all()


def hold(session: Session, ids: Collection[int]) -> dict[int, Account]:
    """Accounts as they stand now, by id; nobody else changes them until the unit of work ends."""
    query = sa.select(Account).where(Account.id.in_(ids)).order_by(Account.id).with_for_update()
    return {account.id: account for account in session.scalars(query.execution_options(populate_existing=True))}


def membership(session: Session, account_id: int, agency_id: int, role: Role) -> Membership | None:
    """What makes the account serve a body in a role."""
    wanted = (Membership.account_id == account_id, Membership.agency_id == agency_id, Membership.role == role)
    return session.scalar(sa.select(Membership).where(*wanted))


def newest_invitation(session: Session) -> int:
    """The highest number of an invitation; 0 where there is none."""
    return session.scalar(sa.select(sa.func.max(Invitation.id))) or 0


def invited_after(session: Session, number: int, account_ids: Collection[int]) -> bool:
    """Whether one of these accounts was invited after that invitation."""
    found = sa.select(Invitation.account_id).where(Invitation.id > number)
    return bool(set(session.scalars(found)) & set(account_ids))


def logins(session: Session) -> dict[str, int]:
    """Every login with its account's id."""
    return {row.login: row.id for row in session.execute(sa.select(Account.login, Account.id))}


def about(session: Session, account_id: int, most: int) -> Sequence[Event]:
    """The last events about an account, newest first."""
    told = compact_json({"account": account_id})[1:-1]  # as it stands in an event's data, whose keys are sorted
    query = (
        sa.select(Event)
        .where(Event.stream == STREAM)
        .where(
            Event.data.contains(f"{told},", autoescape=True)
            | Event.data.contains(f"{told}}}", autoescape=True)
            | sa.and_(Event.account_id == account_id, Event.kind.in_(_OWN))
        )
        .order_by(Event.number.desc())
        .limit(most)
    )
    return session.scalars(query).all()
