"""Mail that waits: put there in the unit of work that gives rise to it, sent later, outside any unit of work.

A message is claimed (due again only after LEASE), then handed to the server, then noted. Two workers never hold the
same message. A worker that dies before the server took the mail sends nothing; one that dies in the moment between the
server's "taken" and our note leaves the message to be sent once more after LEASE: at least once, never not at all. All
tries of a message carry one Message-ID, so that mail programs know the second for the first.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from survey.core.addresses import read_address
from survey.core.characters import clean_text
from survey.core.text import catalogue, say
from survey.services.errors import Refused
from survey.services.instance import Clock, Database, DatabaseBusy, Session, read_settings, system_clock
from survey.services.mail_server import LONGEST_SUBJECT, MailServer, connect, read_mail_server, write_mail
from survey.storage import outbox
from survey.storage.outbox import Message

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
"""How long a message waits after its first, second … failure; the last one holds from then on."""
GIVE_UP = timedelta(hours=24)  # after it was written; it is tried once even then
LEASE = timedelta(minutes=15)
_SPARE = timedelta(minutes=5)  # of the lease, more than one mail can take: less than this, and the rest is left
_BATCH = 50
_LONGEST_REPLY = 200  # characters of what a server said


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message and what became of it."""

    kind: str
    created_at: datetime
    sent_at: datetime | None
    given_up_at: datetime | None
    due_at: datetime
    tries: int
    error: str  # last one, as a sentence; "" where there was none


def mail_is_on(session: Session, config: Mapping[str, Any]) -> bool:
    """Whether mail may be sent and there is a server for it: ask before offering it."""
    try:
        return read_settings(session).mail and read_mail_server(config) is not None
    except Refused:
        return False


def put_mail(
    session: Session,
    kind: str,
    address: str,
    subject: str,
    body: str,
    *,
    account_id: int | None = None,
    clock: Clock = system_clock,
) -> int | None:
    """Leave a mail to be sent once this unit of work is committed; its id.

    None where mail is switched off, or where `address` is none that mail could reach.
    """
    plain = read_address(address)
    if plain is None or not read_settings(session).mail:
        return None
    now = clock()
    title = " ".join(clean_text(subject).split())[:LONGEST_SUBJECT]
    message = Message(
        kind=kind, account_id=account_id, address=plain, subject=title, body=clean_text(body),
        created_at=now, due_at=now,
    )  # fmt: skip
    session.add(message)
    session.flush()
    return message.id


def send_waiting(
    database: Database,
    server: MailServer,
    *,
    clock: Clock = system_clock,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due; how many mails the server took. Where mail has been switched off, all waiting is given up."""
    sent = 0
    while not stopping():
        claimed = _claim(database, clock)
        if not claimed:
            break
        done = _hand_over(database, server, claimed, clock, stopping)
        if done is None:
            break  # the server cannot be reached; the next run tries again
        sent += done
    return sent


def _claim(database: Database, clock: Clock) -> list[tuple[Message, str]]:
    """The next messages, each with its number, detached from any unit of work."""
    with database.reading() as session:  # mostly nothing waits, and a writer's turn is not taken for that
        if not outbox.waiting(session):
            return []
    now = clock()
    with database.writing() as session:
        settings = read_settings(session)
        if not settings.mail:
            for message in outbox.waiting(session):
                _finish(message, given_up=now, error="mail.turned_off")
            return []
        taken = outbox.claim(session, now, now + LEASE, _BATCH)
        return [(message, f"{message.id}.{settings.instance_id}") for message in taken]


def _hand_over(
    database: Database,
    server: MailServer,
    claimed: list[tuple[Message, str]],
    clock: Clock,
    stopping: Callable[[], bool],
) -> int | None:
    """Send messages over one conversation; None where it could not begin or broke off."""
    try:
        line = connect(server)
    except (OSError, ValueError) as error:
        _note_failures(database, [message.id for message, _ in claimed], _reason(error, server), clock)
        return None
    sent = 0
    try:
        for place, (message, number) in enumerate(claimed):
            if stopping() or clock() > message.due_at - _SPARE:
                _release(database, [left.id for left, _ in claimed[place:]], clock)
                break
            try:
                mail = write_mail(
                    server, to=message.address, subject=message.subject, body=message.body, number=number, at=clock()
                )
                line.send_message(mail)
            except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, Refused, ValueError) as error:
                _note_failures(database, [message.id], _reason(error, server), clock, for_ever=_is_final(error))
                continue
            except OSError as error:
                left = [left.id for left, _ in claimed[place:]]
                _note_failures(database, left, _reason(error, server), clock)
                return None
            _note_sent(database, message.id, clock)
            sent += 1
    finally:
        _hang_up(line)
    return sent


def send_now(server: MailServer, *, to: str, subject: str, body: str, number: str, at: datetime) -> str:
    """Hand one mail over at once; what went wrong (see error_sentence), "" where it was taken. Raises Refused."""
    mail = write_mail(server, to=to, subject=subject, body=body, number=number, at=at)
    try:
        line = connect(server)
    except (OSError, ValueError) as error:
        return _reason(error, server)
    try:
        line.send_message(mail)
    except OSError as error:
        return _reason(error, server)
    finally:
        _hang_up(line)
    return ""


def count_waiting(session: Session) -> tuple[int, str]:
    """How many messages still wait, and the last error among them (see error_sentence)."""
    left = outbox.waiting(session)
    return len(left), next((one.last_error for one in reversed(left) if one.last_error), "")


def _hang_up(line: smtplib.SMTP) -> None:
    try:
        line.quit()
    except OSError:
        line.close()


def _note_sent(database: Database, message_id: int, clock: Clock) -> None:
    """Tried again while the database is busy: a mail that is not noted goes out twice."""
    for last in (False, False, True):
        try:
            with database.writing() as session:
                message = session.get_one(Message, message_id, with_for_update=True)
                if message.sent_at is None:
                    _finish(message, sent=clock())
            return
        except DatabaseBusy:
            if last:
                raise


def _note_failures(database: Database, ids: list[int], error: str, clock: Clock, *, for_ever: bool = False) -> None:
    with database.writing() as session:
        for message_id in ids:
            message = session.get_one(Message, message_id, with_for_update=True)
            now, last = clock(), message.created_at + GIVE_UP
            if message.sent_at is not None or message.given_up_at is not None:
                continue
            if for_ever or now >= last:
                _finish(message, given_up=now, error=error)
            else:
                wait = WAITS[min(message.tries, len(WAITS)) - 1]
                message.due_at, message.last_error = min(now + wait, last), error


def _release(database: Database, ids: list[int], clock: Clock) -> None:
    """Give back what was claimed and not tried."""
    with database.writing() as session:
        for message_id in ids:
            message = session.get_one(Message, message_id, with_for_update=True)
            message.due_at, message.tries = clock(), message.tries - 1


def _finish(
    message: Message, *, sent: datetime | None = None, given_up: datetime | None = None, error: str = ""
) -> None:
    """Nothing more is done with it; its text, which may hold a one-time link, is not kept."""
    message.sent_at, message.given_up_at, message.last_error = sent, given_up, error
    message.body = ""


def _is_final(error: Exception) -> bool:
    """Whether the server will never take this mail: it does not know the address, or we do not."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, Refused)


def _reason(error: Exception, server: MailServer) -> str:
    """What went wrong, as kept: the key of its sentence, a blank, then what the other side said."""
    where = f"{server.host}:{server.port}"
    match error:
        case smtplib.SMTPRecipientsRefused():
            return f"mail.error_refused {_reply(*next(iter(error.recipients.values())))}"
        case smtplib.SMTPAuthenticationError():
            return f"mail.error_password {_reply(error.smtp_code, error.smtp_error)}"
        case smtplib.SMTPSenderRefused():
            return f"mail.error_sender {_reply(error.smtp_code, error.smtp_error)}"
        case smtplib.SMTPResponseException():
            return f"mail.error_reply {_reply(error.smtp_code, error.smtp_error)}"
        case smtplib.SMTPNotSupportedError():
            return f"mail.error_not_offered {where}"
        case ssl.SSLError():
            return f"mail.error_tls {where}"
        case TimeoutError():
            return f"mail.error_slow {where}"
        case socket.gaierror():
            return f"mail.error_unknown_host {server.host}"
        case smtplib.SMTPServerDisconnected() | OSError():
            return f"mail.error_unreachable {where}"
        case Refused():
            return "mail.error_address"
        case _:
            return "mail.error_unwritable"


def _reply(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(clean_text(text).split())}"[:_LONGEST_REPLY]


def error_sentence(kept: str, language: str = "vi") -> str:
    """The sentence of a kept error; "" for none."""
    key, _, said = kept.partition(" ")
    return say(key, language, said=said) if key in catalogue() else kept


def messages_for(session: Session, account_id: int, language: str = "vi", most: int = 5) -> tuple[MessageView, ...]:
    """The last messages for an account, newest first; the caller has asked who may see them."""
    return tuple(
        MessageView(
            one.kind, one.created_at, one.sent_at, one.given_up_at, one.due_at, one.tries,
            error_sentence(one.last_error, language),
        )
        for one in outbox.newest_for(session, account_id, most)
    )  # fmt: skip
