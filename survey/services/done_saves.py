"""Saves that were done, found by the key that their browser made: what is sent again is answered, not done again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.services.instance import Session
from survey.services.people import Person
from survey.storage import events
from survey.storage.submission_rows import SubmissionRow


@dataclass(frozen=True, slots=True)
class DoneSave:
    """What a save wrote, as its event tells."""

    at: datetime
    own: bool  # by the person who asks
    told: Mapping[str, Any]  # the data of the event

    @property
    def written(self) -> Mapping[str, Mapping[str, Any]]:
        """Content by key."""
        return {key: after for key, (_, after) in self.told["changes"].items()}

    def is_of(self, contents: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether these are the changes that it was sent with, as far as it wrote them."""
        return self.own and all(contents.get(key) == content for key, content in self.written.items())


def find_done(session: Session, row: SubmissionRow, person: Person, save_key: str) -> DoneSave | None:
    """The save that was done under a key in a submission; None where there is none. One statement."""
    event = events.find_save(session, events.submission_stream(row.id), save_key)
    if event is None:
        return None
    return DoneSave(event.at, event.account_id == person.account_id, json.loads(event.data))


def find_own(session: Session, row: SubmissionRow, person: Person, save_key: str) -> DoneSave | None:
    """The same of what this very person did; None too where there is no key to ask for."""
    done = find_done(session, row, person, save_key) if save_key else None
    return done if done is not None and done.own else None
