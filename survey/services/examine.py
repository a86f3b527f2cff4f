"""Examining an instance: folder, secrets, settings, disk, mail, files and database; each point with what to do."""

from __future__ import annotations

import os
import shutil
import stat
import tomllib
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from survey.services.back_up import SECRET_FILES, is_there
from survey.services.doctor_findings import Finding, Level, fault, good, look
from survey.services.errors import Refused
from survey.services.examine_database import examine_database
from survey.services.file_place import file_store, read_bucket
from survey.services.instance import Clock, Database, DatabaseTrouble, read_settings, system_clock
from survey.services.mail_server import connect, read_mail_server
from survey.storage.files import StoredFile

__all__ = ["KNOWN_KEYS", "Finding", "Level", "examine"]

KNOWN_KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset({"address", "secure_cookies", "trusted_proxies", "metrics_token", "mail", "files"}),
    "files": frozenset({"bucket", "endpoint", "region", "prefix", "access_key", "secret_key"}),
    "mail": frozenset({"host", "port", "sender", "security", "user", "password", "trust"}),
}
"""The keys of config.toml, by section; deploy/config.example.toml explains each."""

LITTLE_SPACE, TOO_LITTLE_SPACE = 2 << 30, 200 << 20  # bytes
KEY_DIGITS = 64
_SHOWN = 5  # files that one sentence names


def examine(database: Database, folder: Path, *, clock: Clock = system_clock) -> Iterator[Finding]:
    """Every point, in the order in which they are best mended."""
    config, findings = _config(folder)
    yield from findings
    yield from _secrets(folder)
    yield _space(folder)
    yield _time_zone()
    yield from examine_database(database, clock())
    if not is_there(database):
        return
    try:
        with database.reading() as session:
            settings = read_settings(session)
            wanted = sa.select(StoredFile.sha256).distinct().order_by(StoredFile.sha256)
            digests = list(session.scalars(wanted))
    except (DatabaseTrouble, KeyError, sa.exc.DBAPIError):
        return  # already told
    yield _files(config, folder, digests)
    yield _mail(config, wanted=settings.mail)


def _config(folder: Path) -> tuple[Mapping[str, Any], list[Finding]]:
    file = folder / "config.toml"
    if not file.is_file():
        return {}, [good("config_none", file=file)]
    try:
        config = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [fault("config_broken", file=file, what=str(error))]
    unknown = [key for key in config if key not in KNOWN_KEYS[""]]
    for section in KNOWN_KEYS.keys() - {""}:
        inside = config.get(section)
        if isinstance(inside, Mapping):
            unknown += [f"{section}.{key}" for key in inside if key not in KNOWN_KEYS[section]]
    found = look("config_unknown", file=file, keys=", ".join(unknown)) if unknown else good("config", file=file)
    return config, [found]


def _secrets(folder: Path) -> Iterator[Finding]:
    """That there is a key, and that nobody else reads it."""
    file = folder / "secret.key"
    try:
        text = file.read_text(encoding="ascii")
        is_key = len(text) == KEY_DIGITS and len(bytes.fromhex(text)) == KEY_DIGITS // 2
    except OSError:
        yield fault("secret_none", file=file)
        return
    except ValueError:
        is_key = False
    yield good("secret") if is_key else fault("secret_broken", file=file)
    if os.name != "posix":
        return
    files = [folder, *(folder / name for name in SECRET_FILES), *folder.glob("*.db")]
    open_ones = [str(one) for one in files if one.exists() and stat.S_IMODE(one.stat().st_mode) & 0o077]
    strangers = [str(one) for one in files if one.exists() and one.stat().st_uid not in (os.geteuid(), 0)]
    yield fault("readable_by_others", files=", ".join(open_ones)) if open_ones else good("private")
    if strangers and os.geteuid() != 0:
        yield look("owned_by_another", files=", ".join(strangers))


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    told = {"folder": folder, "free": free / (1 << 30)}
    if free < TOO_LITTLE_SPACE:
        return fault("space_none", **told)
    return look("space_little", **told) if free < LITTLE_SPACE else good("space", **told)


def _time_zone() -> Finding:
    try:
        ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        return fault("no_time_zone")
    return good("time_zone")


def _files(config: Mapping[str, Any], folder: Path, digests: list[str]) -> Finding:
    """Every file that was handed in is there, to the byte."""
    wrong = []
    try:
        bucket = read_bucket(config)
    except Refused as refused:
        return fault("files_config", what=refused)
    if bucket is not None and find_spec("obstore") is None:
        return fault("files_library")
    store = file_store(folder)
    for digest in digests:
        try:
            store.read(digest)
        except DatabaseTrouble:
            wrong.append(digest[:12])
    if wrong:
        return fault("files_broken", count=len(wrong), named=", ".join(wrong[:_SHOWN]))
    return good("files", count=len(digests))


def _mail(config: Mapping[str, Any], *, wanted: bool) -> Finding:
    """Whether mail can go out; where it is switched off, nothing is asked."""
    if not wanted:
        return good("mail_off")
    try:
        server = read_mail_server(config)
    except Refused as refused:
        return fault("mail_config", what=refused)
    if server is None:
        return look("mail_none")
    try:
        connect(server).close()
    except (OSError, ValueError) as error:
        return look("mail_unreachable", host=server.host, port=server.port, what=type(error).__name__)
    return good("mail", host=server.host, port=server.port)
