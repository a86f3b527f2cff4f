"""The mail server of config.toml: how it is reached, one mail as it goes out, and a conversation with it."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from typing import Any

from survey.core.addresses import read_address
from survey.core.characters import clean_text
from survey.core.numbers_vi import HANOI
from survey.services.errors import Refused

PASSWORD_VARIABLE = "SANSANGSO_MAIL_PASSWORD"  # noqa: S105  the name of a variable
LONGEST_SUBJECT = 200  # characters
_SECONDS = 20.0  # for one step of the conversation


class Security(StrEnum):
    """How the conversation is kept from others."""

    NONE = "none"
    STARTTLS = "starttls"
    SSL = "ssl"


_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.SSL: 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """One server that takes our mail."""

    host: str
    port: int
    sender: str  # plain address
    sender_name: str = ""
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    trust: str = ""  # file of certificates to trust beside the system's
    seconds: float = _SECONDS


def read_mail_server(config: Mapping[str, Any], variables: Mapping[str, str] | None = None) -> MailServer | None:
    """The server of `[mail]` in config.toml; None where there is none. Raises Refused, naming the key at fault.

    Keys: `host`, `sender` ("address" or "Name <address>"); `security` starttls (usual), ssl or none; `port`; `user` and
    `password`, which `$SANSANGSO_MAIL_PASSWORD` may hold instead; `trust`, a file of certificates.
    """
    found = config.get("mail")
    if found is None:
        return None
    if not isinstance(found, Mapping):
        raise Refused("mail.config_section", "mail")
    texts = {key: clean_text(str(found.get(key, ""))).strip() for key in ("host", "sender", "user", "trust")}
    if not texts["host"] or any(letter.isspace() for letter in texts["host"]):
        raise Refused("mail.config_host", "host")
    name, address = parseaddr(texts["sender"])
    sender = read_address(address)
    if sender is None:
        raise Refused("mail.config_sender", "sender", typed=texts["sender"])
    try:
        security = Security(str(found.get("security", Security.STARTTLS)).lower())
    except ValueError:
        raise Refused("mail.config_security", "security", typed=str(found["security"])) from None
    port = found.get("port", _PORTS[security])
    if not isinstance(port, int) or not 0 < port < 65_536:
        raise Refused("mail.config_port", "port", typed=str(port))
    variables = os.environ if variables is None else variables
    password = variables.get(PASSWORD_VARIABLE) or str(found.get("password", ""))
    if texts["user"] and security is Security.NONE:
        raise Refused("mail.config_open_password", "security")
    if bool(texts["user"]) != bool(password):
        raise Refused("mail.config_password", "user", variable=PASSWORD_VARIABLE)
    if not (texts["user"] + password).isascii():  # the protocol says nothing of other letters
        raise Refused("mail.config_ascii", "password")
    return MailServer(texts["host"], port, sender, name, security, texts["user"], password, texts["trust"])


def write_mail(server: MailServer, *, to: str, subject: str, body: str, number: str, at: datetime) -> EmailMessage:
    """One mail in plain text, UTF-8. `number` makes its Message-ID, so that it is the same at every try.

    Nothing in `subject` can begin another header: line ends are blanks here. Raises Refused for what is no address.
    """
    address = read_address(to)
    if address is None:
        raise Refused("mail.address_form", "email", typed=to)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(server.sender_name, addr_spec=server.sender)
    mail["To"] = Address(addr_spec=address)
    mail["Subject"] = " ".join(clean_text(subject).split())[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(at.astimezone(HANOI))
    mail["Message-ID"] = f"<{number}@{server.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # so that no absence note comes back
    mail.set_content(clean_text(body), charset="utf-8", cte="quoted-printable")
    return mail


def connect(server: MailServer) -> smtplib.SMTP:
    """A conversation that may begin to hand mail over. Raises OSError (smtplib's errors are such)."""
    trusted = ssl.create_default_context()
    own = server.sender.rpartition("@")[2]  # the name of this machine is nobody's business
    if server.trust:
        trusted.load_verify_locations(server.trust)
    if server.security is Security.SSL:
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, own, timeout=server.seconds, context=trusted)
    else:
        line = smtplib.SMTP(server.host, server.port, own, timeout=server.seconds)
    try:
        if server.security is Security.STARTTLS:
            line.starttls(context=trusted)
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line
