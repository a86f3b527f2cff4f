"""What can be typed after `sansangso`, with help in Vietnamese and English."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from survey import __version__
from survey.cli.score_options import add_score
from survey.core.numbers_vi import HANOI, parse_date
from survey.core.text import LANGUAGES, say

LANGUAGE_VARIABLE = "SANSANGSO_LANGUAGE"
PORT_VARIABLE = "PORT"
NOT_UNDERSTOOD = 2


def both(key: str, **values: object) -> str:
    """A sentence in both languages."""
    return " / ".join(dict.fromkeys(say(key, language, **values) for language in LANGUAGES))


def chosen_language() -> str:
    """`$SANSANGSO_LANGUAGE`, Vietnamese where it is no language of ours."""
    language = os.environ.get(LANGUAGE_VARIABLE, "")
    return language if language in LANGUAGES else LANGUAGES[0]


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks both languages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False, allow_abbrev=False)
        self._positionals.title = both("cli.title_arguments")
        self._optionals.title = both("cli.title_options")
        self.add_argument("-h", "--help", action="help", help=both("cli.help_help"))
        self.add_argument(
            "--language", choices=LANGUAGES, default=argparse.SUPPRESS, metavar="vi|en", help=both("cli.help_language")
        )

    def error(self, message: str) -> NoReturn:
        """What is wrong on stderr, once, as it may be in both languages itself, and exit code 2."""
        told = f"{both('cli.not_understood')}: {message}\n{both('cli.see_help')}: {self.prog} --help\n"
        self.exit(NOT_UNDERSTOOD, told)


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was typed; `run` is the function that does it. Exits with 2 where it cannot be understood."""
    parser = make_parser()
    typed = sys.argv[1:] if arguments is None else list(arguments)
    if not typed:
        parser.print_help()
        raise SystemExit(0)
    return parser.parse_args(typed)


def make_parser() -> Parser:
    """The whole command line."""
    parser = Parser(prog="sansangso", description=both("cli.about"))
    parser.set_defaults(language=chosen_language())  # --language may stand before or after the command
    parser.add_argument("--version", action="version", version=__version__, help=both("cli.help_version"))
    commands = parser.add_subparsers(
        title=both("cli.title_commands"), metavar="COMMAND", dest="command", required=True, parser_class=Parser
    )
    _add_files(commands)
    _add_register(commands)
    _add_instance(commands)
    _add_operations(commands)
    return parser


Commands = argparse._SubParsersAction  # the type argparse does not name


def _command(commands: Commands[Parser], name: str, place: str, key: str = "") -> Parser:
    """A subcommand whose work is `place` ("module:function" in survey.cli), imported only when it is run."""
    about = both(f"cli.about_{key or name}")
    parser = commands.add_parser(name, help=about, description=about)
    module, function = place.split(":")

    def run(asked: argparse.Namespace) -> int | None:
        work: Callable[[argparse.Namespace], int | None] = getattr(import_module(f"survey.cli.{module}"), function)
        return work(asked)

    parser.set_defaults(run=run)
    return parser


def _add_files(commands: Commands[Parser]) -> None:
    check = _command(commands, "check", "files:check")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=both("cli.help_check_path"))
    add_score(_command(commands, "score", "score:score"))
    verify = _command(commands, "verify-result", "verify_result:verify_result", "result")
    verify.add_argument("file", type=Path, metavar="FILE", help=both("result.help_file"))
    report = _command(commands, "report", "files:report")
    report.add_argument("--round", required=True, metavar="CODE", help=both("cli.help_round"))
    report.add_argument("--out", type=Path, required=True, metavar="DIR", help=both("cli.help_report_out"))


def _room(commands: Commands[Parser], name: str) -> Commands[Parser]:
    """A command that only holds others."""
    about = both(f"cli.about_{name}")
    parser = commands.add_parser(name, help=about, description=about)
    return parser.add_subparsers(title=both("cli.title_commands"), metavar="COMMAND", required=True, dest="under")


def _add_register(commands: Commands[Parser]) -> None:
    publish = _command(_room(commands, "questionnaires"), "publish", "instance:publish", "questionnaires_publish")
    publish.add_argument("path", type=Path, metavar="PATH", help=both("cli.help_publish_path"))
    agency_file = _command(_room(commands, "agencies"), "import", "instance:import_agencies", "agencies_import")
    agency_file.add_argument("file", type=Path, metavar="FILE", help=both("cli.help_agencies_file"))
    _add_rounds(_room(commands, "rounds"))


def _add_rounds(commands: Commands[Parser]) -> None:
    opening = _command(commands, "open", "rounds:open_round", "rounds_open")
    opening.add_argument("--code", required=True, help=both("cli.help_round"))
    opening.add_argument("--title", required=True, help=both("cli.help_round_title"))
    opening.add_argument("--period", required=True, help=both("cli.help_period"))
    opening.add_argument("--opens", required=True, type=_moment(time()), metavar="DATE", help=both("cli.help_opens"))
    opening.add_argument(
        "--closes", required=True, type=_moment(time(17)), metavar="DATE", help=both("cli.help_closes")
    )
    opening.add_argument("--overlap", action="store_true", help=both("cli.help_overlap"))
    _command(commands, "list", "rounds:list_rounds", "rounds_list")
    closing = _command(commands, "close", "rounds:close_round", "rounds_close")
    extending = _command(commands, "extend", "rounds:extend", "rounds_extend")
    for one in (closing, extending):
        one.add_argument("--code", required=True, help=both("cli.help_round"))
    extending.add_argument(
        "--agency", action="append", required=True, metavar="CODE", help=both("cli.help_extend_agency")
    )
    extending.add_argument(
        "--until", required=True, type=_moment(time(17)), metavar="DATE", help=both("cli.help_extend_until")
    )
    extending.add_argument("--reason", required=True, help=both("cli.help_reason"))


def _add_instance(commands: Commands[Parser]) -> None:
    account = _room(commands, "account")
    create = _command(account, "create", "accounts:create", "account_create")
    create.add_argument("--login", required=True, help=both("cli.help_login"))
    create.add_argument("--name", required=True, help=both("cli.help_name"))
    create.add_argument(
        "--role",
        action="append",
        default=[],
        choices=("coordinator", "administrator", "auditor"),
        help=both("cli.help_role"),
    )
    create.add_argument("--khoi", action="append", default=[], metavar="CODE", help=both("cli.help_khoi"))
    create.add_argument("--clerk", action="append", default=[], metavar="CODE", help=both("cli.help_clerk"))
    create.add_argument("--leader", action="append", default=[], metavar="CODE", help=both("cli.help_leader"))
    create.add_argument("--title", default="", help=both("cli.help_title"))
    create.add_argument("--invite", action="store_true", help=both("cli.help_invite"))
    reset = _command(account, "reset", "accounts:reset", "account_reset")
    reset.add_argument("login", metavar="LOGIN", help=both("cli.help_login"))
    reset.add_argument("--second-factor", action="store_true", help=both("cli.help_second_factor"))
    unlock = _command(account, "unlock", "accounts:unlock", "account_unlock")
    unlock.add_argument("login", metavar="LOGIN", help=both("cli.help_login"))
    _command(account, "shut-idle", "accounts:shut_idle", "account_shut_idle")
    mail = _room(commands, "mail")
    _command(mail, "send", "mail:send", "mail_send")
    trial = _command(mail, "test", "mail:test", "mail_test")
    trial.add_argument("address", metavar="ADDRESS", help=both("cli.help_mail_address"))
    verify = _command(commands, "verify-log", "verify:verify_log", "verify_log")
    verify.add_argument("--head", default="", metavar="HASH", help=both("cli.help_head"))
    verify.add_argument("--keep", action="store_true", help=both("cli.help_keep_head"))
    _command(commands, "upgrade", "instance:upgrade")
    _command(commands, "demo", "instance:demo")
    serve = _command(commands, "serve", "serve:serve")
    serve.add_argument("--demo", action="store_true", help=both("cli.help_demo"))
    serve.add_argument("--port", type=_port, default=None, help=both("cli.help_port", variable=PORT_VARIABLE))
    serve.add_argument("--host", default="127.0.0.1", help=both("cli.help_host"))


def _add_operations(commands: Commands[Parser]) -> None:
    backup = _command(commands, "backup", "operate:backup")
    backup.add_argument("place", type=Path, metavar="FILE|DIR", help=both("cli.help_backup_place"))
    secrets = backup.add_mutually_exclusive_group()
    for one in (secrets, restore := _command(commands, "restore", "operate:restore")):
        one.add_argument("--passphrase-file", type=Path, metavar="FILE", help=both("cli.help_passphrase_file"))
    secrets.add_argument("--without-secrets", action="store_true", help=both("cli.help_without_secrets"))
    backup.add_argument("--keep", type=_count, default=0, metavar="N", help=both("cli.help_keep"))
    restore.add_argument("file", type=Path, metavar="FILE", help=both("cli.help_restore_file"))
    restore.add_argument("--into", type=Path, metavar="DIR", help=both("cli.help_into"))
    restore.add_argument("--database", metavar="URL", help=both("cli.help_restore_database"))
    restore.add_argument("--force", action="store_true", help=both("cli.help_force"))
    doctor = _command(commands, "doctor", "operate:doctor")
    doctor.add_argument("--json", action="store_true", help=both("cli.help_doctor_json"))
    move = _command(commands, "move", "operate:move")
    move.add_argument("url", metavar="URL", help=both("cli.help_move_url"))
    _add_packages(_room(commands, "package"))


def _add_packages(commands: Commands[Parser]) -> None:
    make = _command(commands, "make", "package:make", "package_make")
    make.add_argument("--round", required=True, metavar="CODE", help=both("cli.help_round"))
    kind = make.add_mutually_exclusive_group(required=True)
    kind.add_argument("--points", action="store_true", help=both("cli.help_package_points"))
    kind.add_argument("--figures", action="store_true", help=both("cli.help_package_figures"))
    make.add_argument("--out", type=Path, required=True, metavar="FILE|DIR", help=both("cli.help_package_out"))
    take = _command(commands, "take", "package:take", "package_take")
    take.add_argument("file", type=Path, metavar="FILE", help=both("cli.help_package_file"))
    take.add_argument("--round", required=True, metavar="CODE", help=both("cli.help_round"))
    take.add_argument("--trust", default="", metavar="KEY", help=both("cli.help_package_trust"))


def _count(text: str) -> int:
    """How many backups to keep. Raises ArgumentTypeError for no number above 0."""
    if text.isascii() and text.isdigit() and 0 < int(text) < 10_000:
        return int(text)
    raise argparse.ArgumentTypeError(both("cli.not_a_count", typed=text))


def _port(text: str) -> int:
    """A port number. Raises ArgumentTypeError for anything else."""
    if text.isascii() and text.isdigit() and 0 < int(text) < 65_536:
        return int(text)
    raise argparse.ArgumentTypeError(both("cli.not_a_port", typed=text))


def _moment(usual: time) -> Callable[[str], datetime]:
    """Reads dd/mm/yyyy or "dd/mm/yyyy HH:MM" in Hà Nội; `usual` is the time where none is typed."""

    def read(text: str) -> datetime:
        day, _, clock = text.strip().partition(" ")
        date = parse_date(day)
        try:
            chosen = time.fromisoformat(clock.strip()) if clock.strip() else usual
        except ValueError:
            date = None
        if date is None:
            raise argparse.ArgumentTypeError(both("cli.not_a_moment", typed=text))
        return datetime.combine(date, chosen, HANOI)

    return read
