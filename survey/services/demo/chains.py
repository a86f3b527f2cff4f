"""Many events at once: chains hashed in memory exactly as one by one, then written in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from survey.services.instance import Session
from survey.storage import events
from survey.storage.database import compact_json
from survey.storage.events import Event, EventStream, Head, event_hash


class Chains:
    """Events on the way to the log; every stream that is added to must have begun."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._heads = {head.stream: head for head in events.all_heads(session)}
        self._grown: set[str] = set()
        self._rows: list[dict[str, Any]] = []

    def add(self, stream: str, at: datetime, account_id: int | None, kind: str, data: Mapping[str, Any]) -> int:
        """Add an event behind the stream's last one and return its number."""
        head = self._heads.get(stream) or events.start_stream(self._session, stream)
        number, text = head.count + 1, compact_json(data)
        digest = event_hash(head.hash, stream, number, at, account_id, kind, text)
        self._rows.append(
            {
                "stream": stream, "number": number, "at": at, "account_id": account_id, "kind": kind, "data": text,
                "previous": head.hash, "hash": digest,
            }
        )  # fmt: skip
        self._heads[stream] = Head(stream, number, digest)
        self._grown.add(stream)
        return number

    def write(self) -> None:
        """Write all that was added since the last time."""
        if not self._rows:
            return
        self._session.execute(sa.insert(Event), self._rows)
        grown = [self._heads[stream] for stream in sorted(self._grown)]
        table = EventStream.__table__
        self._session.connection().execute(
            sa.update(EventStream)
            .where(table.c.stream == sa.bindparam("of"))
            .values(count=sa.bindparam("events"), head=sa.bindparam("last")),
            [{"of": head.stream, "events": head.count, "last": head.hash} for head in grown],
        )
        self._rows.clear()
        self._grown.clear()
