"""What all models share: the metadata with its naming of constraints, column types for times, texts and words."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

from survey.core.answers import clean_text

EMPTY = sa.text("''")  # server default of a text that is there from the start


class UtcTime(sa.TypeDecorator[datetime]):
    """An aware time, kept in UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, without the zone where the database cannot hold it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive time: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(sa.TypeDecorator[str]):
    """A text in NFC, without control characters and lone surrogates (which PostgreSQL could not hold)."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Cleaned."""
        return None if value is None else clean_text(value)


def word(kind: type[StrEnum]) -> sa.Enum:
    """A column that holds one of the words of an enumeration, as plain text."""
    return sa.Enum(kind, native_enum=False, length=32, values_callable=lambda words: [item.value for item in words])


class Base(DeclarativeBase):
    """The parent of every model."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it from the class
        datetime: UtcTime,
        str: CleanText,
        dict[str, Any]: sa.JSON,
        dict[str, bool]: sa.JSON,
        list[str]: sa.JSON,
    }


def table_of(model: type[Base]) -> sa.Table:
    """The table of a model: statements on it go past the session, which keeps none of its rows."""
    table = model.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(f"{model} has no table of its own")
    return table
