"""A real mail server for tests: it takes mail over SMTP, keeps it, and refuses what a test tells it to."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from survey.services.mail_server import MailServer, Security

USER, PASSWORD = "khaosat", "mat khau cua may chu"


class Sink:
    """What the server keeps."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.to: list[str] = []
        self.refused: dict[str, str] = {}  # address → reply

    @property
    def mails(self) -> list[EmailMessage]:
        read = [message_from_bytes(raw, policy=policy.default) for raw in self.raw]
        return [mail for mail in read if isinstance(mail, EmailMessage)]

    async def handle_RCPT(  # noqa: N802  as the server calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.to += envelope.rcpt_tos
        return "250 OK"


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, typed: object) -> AuthResult:
    right = isinstance(typed, LoginPassword) and (typed.login, typed.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextlib.contextmanager
def mail_sink(
    port: int = 0, tls: ssl.SSLContext | None = None, seconds: float = 5
) -> Iterator[tuple[Sink, MailServer]]:
    """A server on this machine; with `tls` it demands STARTTLS and a password."""
    sink = Sink()
    secured: dict[str, Any] = {}
    if tls is not None:
        secured = {
            "tls_context": tls, "require_starttls": True, "auth_required": True, "authenticator": _authenticate,
        }  # fmt: skip
    controller = Controller(sink, hostname="127.0.0.1", port=port or free_port(), **secured)
    controller.start()
    security = Security.STARTTLS if tls else Security.NONE
    try:
        yield sink, MailServer(
            "127.0.0.1", controller.port, "khao.sat@donvi.example", "Khảo sát chuyển đổi số, Văn phòng", security,
            seconds=seconds,
        )  # fmt: skip
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A context with a certificate for this machine, and the file that makes it trusted."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail sink")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "mail.crt").write_bytes(made.public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "mail.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "mail.crt", folder / "mail.key")
    return context, str(folder / "mail.crt")
