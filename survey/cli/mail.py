"""Commands on mail: sending what waits, and one mail to see whether the server of config.toml takes any."""

from __future__ import annotations

import secrets
from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from survey.cli.say import complain, inform
from survey.core.text import say
from survey.services.instance import Database, instance_folder, read_settings, system_clock
from survey.services.mail_server import MailServer, read_mail_server
from survey.services.mail_worker import MailWorker
from survey.services.outbox import count_waiting, error_sentence, send_now, send_waiting


def mail_worker(config: Mapping[str, Any], database: Database) -> MailWorker | None:
    """The thread that sends mail while pages are served; None where config.toml names no server. Raises Refused."""
    server = read_mail_server(config)
    return MailWorker(database, server) if server is not None else None


def _server(language: str) -> MailServer | None:
    """The server of this instance, or None after having said that there is none. Raises Refused."""
    from survey.web.config import read_config

    server = read_mail_server(read_config(instance_folder()))
    if server is None:
        complain("cli.mail_no_server", language)
    return server


def send(asked: Namespace) -> int:
    """Send the mail that waits and is due."""
    from survey.cli.instance import ready_database

    server = _server(asked.language)
    if server is None:
        return 1
    database = ready_database()
    sent = send_waiting(database, server)
    with database.reading() as session:
        left, why = count_waiting(session)
    inform("cli.mail_sent", asked.language, sent=sent, left=left)
    if why:
        complain("cli.mail_trouble", asked.language, what=error_sentence(why, asked.language))
    return 1 if why else 0


def test(asked: Namespace) -> int:
    """Send one mail to an address at once, and say what came of it."""
    from survey.cli.instance import ready_database

    server = _server(asked.language)
    if server is None:
        return 1
    with ready_database().reading() as session:
        settings = read_settings(session)
    if not settings.mail:
        complain("mail.turned_off", asked.language)
        return 1
    body = say("cli.mail_test_body", asked.language, host=server.host)
    number = f"test.{secrets.token_hex(8)}.{settings.instance_id}"
    error = send_now(
        server, to=asked.address, subject=say("cli.mail_test_subject", asked.language), body=body,
        number=number, at=system_clock(),
    )  # fmt: skip
    if error:
        complain("cli.mail_trouble", asked.language, what=error_sentence(error, asked.language))
        return 1
    inform("cli.mail_test_done", asked.language, host=server.host, port=server.port)
    return 0
