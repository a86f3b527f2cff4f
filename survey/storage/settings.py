"""What holds for the whole instance, by name."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.storage.base import Base


class Setting(Base):
    """One setting."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def read(session: Session) -> dict[str, str]:
    """Every setting."""
    return {row.name: row.value for row in session.execute(sa.select(Setting.name, Setting.value))}


def write(session: Session, name: str, value: str) -> None:
    """Set one."""
    session.merge(Setting(name=name, value=value))
    session.flush()
