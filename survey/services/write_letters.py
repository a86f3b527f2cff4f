"""What an invitation says: by mail with a link, on paper with a one-time code; and whom to ask."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from math import ceil

from reports.letter import LetterWords
from survey.core.numbers_vi import format_date, format_time
from survey.core.text import say
from survey.services.passwords import SHORTEST
from survey.storage.invitations import Purpose


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask: the office that runs the system, and the person there who invites."""

    office: str  # "" where the settings name none
    name: str
    phone: str = ""
    email: str = ""

    def sentence(self, language: str) -> str:
        """ "Cần hỏi: …", with what is known."""
        parts = [self.name, self.office if self.office != self.name else "", self.phone, self.email]
        return say("accounts.ask", language, who=", ".join(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Letter:
    """One printed invitation; its code is nowhere else."""

    name: str
    login: str
    bodies: tuple[str, ...]  # "Chuyên viên, Sở Nội vụ"
    code: str  # XXXX-XXXX-XXXX
    purpose: Purpose
    expires_at: datetime
    language: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class MailText:
    """Subject and body of one mail."""

    subject: str
    body: str


def moment_words(instant: datetime) -> str:
    """An instant as letters say it: 17:00 ngày 05/12/2026 without the word."""
    return f"{format_time(instant)}, {format_date(instant)}"


def invitation_mail(
    *, name: str, login: str, bodies: Iterable[str], link: str, purpose: Purpose, expires_at: datetime,
    language: str, contact: Contact,
) -> MailText:  # fmt: skip
    """The mail of an invitation: plain text, one link, nothing of what the system holds."""
    served = tuple(bodies)
    lines = "\n".join(f"- {body}" for body in served)
    values = {
        "name": name, "login": login, "link": link, "until": moment_words(expires_at),
        "office": contact.office or say("accounts.office_unnamed", language),
        "bodies": say("accounts.mail_bodies", language, bodies=lines) if served else "",
        "ask": contact.sentence(language),
    }  # fmt: skip
    subject = say(f"accounts.mail_{purpose.value}_subject", language, office=values["office"])
    return MailText(subject, say(f"accounts.mail_{purpose.value}_body", language, **values))


MOST_LINES = 12  # that the bodies of one person take; more would push the letter onto a second page
LETTERS_OF_A_LINE = 80


def _listed(bodies: tuple[str, ...], words: Callable[..., str]) -> tuple[str, ...]:
    """The bodies as a page holds them: of a long list its first lines and how many more there are."""
    ends = tuple(accumulate(ceil(len(body) / LETTERS_OF_A_LINE) for body in bodies))
    if not bodies or ends[-1] <= MOST_LINES:
        return bodies
    shown = bisect_right(ends, MOST_LINES - 1)
    return (*bodies[:shown], words("more", count=len(bodies) - shown))


def letter_words(letter: Letter, address: str) -> LetterWords:
    """Every line of a printed invitation; `address` is the page where the code is typed."""

    def words(key: str, **values: object) -> str:
        return say(f"accounts.letter_{key}", letter.language, **values)

    purpose = letter.purpose.value
    return LetterWords(
        office=letter.contact.office or words("office"),
        title=words(f"{purpose}_title"),
        to=words("to", name=letter.name),
        opening=words(f"{purpose}_opening"),
        work_title=words("work") if letter.bodies else "",
        work=_listed(letter.bodies, words),
        steps_title=words("steps"),
        steps=(
            words("step_address"),
            words("step_login"),
            words("step_code"),
            words("step_password", shortest=SHORTEST),
        ),
        address=address,
        login=letter.login,
        code=letter.code,
        until=words("until", until=moment_words(letter.expires_at)),
        care=words("care"),
        ask=letter.contact.sentence(letter.language),
        language=letter.language,
    )
