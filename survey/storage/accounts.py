"""Accounts, the bodies they serve, their signed-in browsers and their failed tries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from survey.core.workflow import Role
from survey.storage.agencies import Agency
from survey.storage.base import EMPTY, Base, UtcTime, word

IDLE_ACCOUNT = "idle"  # why an account is shut
BY_ADMINISTRATOR = "administrator"


class Account(Base):
    """One person's account."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    search: Mapped[str]  # name and login without dấu
    password_hash: Mapped[str]  # argon2id; "" until the first sign-in has set one
    language: Mapped[str] = mapped_column(default="vi")
    roles: Mapped[list[str]]  # of the whole instance: coordinator, administrator, auditor
    kinds: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # khối a coordinator sees, "*" for every one
    email: Mapped[str] = mapped_column(default="", server_default=EMPTY)
    phone: Mapped[str] = mapped_column(default="", server_default=EMPTY)
    created_at: Mapped[datetime]
    last_sign_in: Mapped[datetime | None]
    enabled_at: Mapped[datetime | None]  # opened again after having been shut: idle days count from here
    disabled_at: Mapped[datetime | None]
    disabled_why: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # administrator, idle
    totp_secret: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # encrypted; "" without a second factor
    totp_since: Mapped[datetime | None]  # confirmed by a first code
    totp_used: Mapped[int] = mapped_column(default=0, server_default="0")  # the last time step accepted: once only

    memberships: Mapped[list[Membership]] = relationship(lazy="raise", back_populates="account")


class Membership(Base):
    """A person's role at a body."""

    __tablename__ = "membership"
    __table_args__ = (sa.UniqueConstraint("account_id", "agency_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    role: Mapped[Role] = mapped_column(word(Role))
    title: Mapped[str] = mapped_column(default="")  # chức vụ

    account: Mapped[Account] = relationship(lazy="raise", back_populates="memberships")
    agency: Mapped[Agency] = relationship(lazy="raise")


class Deputy(Base):
    """A person of a body who approves in its leader's place, on these days of Hà Nội and all between them."""

    __tablename__ = "deputy"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    capacity: Mapped[str]  # KT., TL., TUQ.
    from_day: Mapped[date]
    until_day: Mapped[date]
    named_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    named_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]  # before its last day; None: it ends by itself


class Stage(StrEnum):
    """How far a browser has come in signing in."""

    CODE = "code"  # the password was right, the second factor is still to come
    ENROL = "enrol"  # the password was right, a second factor must be set up first
    OPEN = "open"


class WebSession(Base):
    """A signed-in browser; its token is kept as a hash."""

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)  # SHA-256, hex
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))  # the body worked for
    csrf_secret: Mapped[str]
    stage: Mapped[Stage] = mapped_column(word(Stage), default=Stage.OPEN, server_default=Stage.OPEN.value)
    browser: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # "Chrome, Windows"; nothing finer is kept
    created_at: Mapped[datetime]
    last_seen: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FailedSignIn(Base):
    """Wrong tries for one name, whether such an account exists or not."""

    __tablename__ = "failed_sign_in"

    login: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


def find_login(session: Session, login: str) -> Account | None:
    """The account of a login in lower case."""
    return session.scalar(sa.select(Account).where(Account.login == login))


def not_seen_since(session: Session, moment: datetime) -> Sequence[Account]:
    """Open accounts made, opened and signed in to before, the one longest unseen first."""
    seen = sa.func.coalesce(Account.last_sign_in, Account.enabled_at, Account.created_at, type_=UtcTime)
    query = sa.select(Account).where(Account.disabled_at.is_(None), seen < moment)
    return session.scalars(query.order_by(seen, Account.id)).all()


def is_last_administrator(session: Session, account: Account) -> bool:
    """Whether nobody else who has a password and is not shut out administers the instance."""
    if Role.ADMINISTRATOR.value not in account.roles:
        return False
    others = (Account.id != account.id, Account.disabled_at.is_(None), Account.password_hash != "")
    roles = session.scalars(sa.select(Account.roles).where(*others))
    return not any(Role.ADMINISTRATOR.value in held for held in roles)


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser with all that its account may do."""

    web_session: WebSession
    account: Account
    served: tuple[tuple[Membership, Agency, Deputy | None], ...]  # and in whose place they lead it on that day


_DEPUTISES = sa.and_(
    Deputy.account_id == Membership.account_id,
    Deputy.agency_id == Membership.agency_id,
    Deputy.ended_at.is_(None),
    Deputy.from_day <= sa.bindparam("day", type_=sa.Date),
    Deputy.until_day >= sa.bindparam("day", type_=sa.Date),
)
_BROWSER = (  # put together once: every request asks for it
    sa.select(WebSession, Account, Membership, Agency, Deputy)
    .join(Account, Account.id == WebSession.account_id)
    .outerjoin(Membership, Membership.account_id == Account.id)
    .outerjoin(Agency, Agency.id == Membership.agency_id)
    .outerjoin(Deputy, _DEPUTISES)
    .where(WebSession.token_hash == sa.bindparam("token"))
    .where(WebSession.ended_at.is_(None), Account.disabled_at.is_(None))
    .order_by(Membership.id, Deputy.id)
)


def find_browser(session: Session, token_hash: str, day: date) -> Browser | None:
    """The browser of a token, unless it or its account has been ended, its oldest membership first; one statement.

    `day` is today in Hà Nội.
    """
    rows = session.execute(_BROWSER, {"token": token_hash, "day": day}).all()
    if not rows:
        return None
    found: list[tuple[Membership | None, Agency | None, Deputy | None]] = [(row[2], row[3], row[4]) for row in rows]
    served = tuple((own, agency, deputy) for own, agency, deputy in found if own is not None and agency is not None)
    return Browser(rows[0][0], rows[0][1], served)


def end_sessions(session: Session, account_id: int, now: datetime, *, but: int | None = None) -> int:
    """Sign the account out everywhere, or everywhere but in one session; how many sessions ended."""
    others = () if but is None else (WebSession.id != but,)
    ended = sa.update(WebSession).where(*_running(account_id), *others).values(ended_at=now)
    return len(session.scalars(ended.returning(WebSession.id)).all())


def end_one_session(session: Session, account_id: int, session_id: int, now: datetime) -> bool:
    """End one session of the account; whether it was there and had not been ended."""
    one = sa.update(WebSession).where(*_running(account_id), WebSession.id == session_id).values(ended_at=now)
    return session.execute(one.returning(WebSession.id)).first() is not None


def running_sessions(session: Session, account_id: int) -> Sequence[WebSession]:
    """The account's sessions that have not been ended, whichever their age, the one seen last first."""
    order = (WebSession.last_seen.desc(), WebSession.id.desc())
    return session.scalars(sa.select(WebSession).where(*_running(account_id)).order_by(*order)).all()


def _running(account_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return WebSession.account_id == account_id, WebSession.ended_at.is_(None)


def names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Names of accounts, by id."""
    if not ids:
        return {}
    rows = session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in rows}


def listed(session: Session, search: str) -> Sequence[Account]:
    """Accounts with their bodies, narrowed to a folded `search` in name, login or a body's name."""
    query = sa.select(Account).options(sa.orm.selectinload(Account.memberships).joinedload(Membership.agency))
    if search:
        served = sa.select(Membership.account_id).join(Agency).where(Agency.search.contains(search, autoescape=True))
        query = query.where(Account.search.contains(search, autoescape=True) | Account.id.in_(served))
    return session.scalars(query).all()


def locked_logins(session: Session, now: datetime) -> dict[str, datetime]:
    """Names that are locked by wrong tries, each with when it may be tried again."""
    query = sa.select(FailedSignIn.login, FailedSignIn.locked_until).where(FailedSignIn.locked_until > now)
    return {login: until for login, until in session.execute(query) if until is not None}


def count_failure(session: Session, login: str, now: datetime) -> int:
    """One more wrong try for a name; how many there are now."""
    counted = sa.text(
        "INSERT INTO failed_sign_in (login, failures, last_at) VALUES (:login, 1, :now) "
        "ON CONFLICT (login) DO UPDATE SET failures = failed_sign_in.failures + 1, last_at = excluded.last_at "
        "RETURNING failures"
    ).bindparams(sa.bindparam("now", type_=UtcTime))
    return int(session.execute(counted, {"login": login, "now": now}).scalar_one())
