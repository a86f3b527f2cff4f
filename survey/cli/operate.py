"""Commands of the operator: backing up, restoring, examining an instance, moving it to another database."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections import Counter
from pathlib import Path

from survey.cli.say import complain, inform, steps, tell
from survey.core.numbers_vi import format_date, format_number, format_time
from survey.core.text import say
from survey.services.doctor_findings import Finding, Level
from survey.services.instance import Database, database_url, instance_folder, open_database

MEGABYTE = 1_000_000


def backup(asked: Namespace) -> int:
    """Write a backup; 1 where files that were handed in could not be put in."""
    from survey.services.back_up import back_up
    from survey.services.seal_secrets import read_passphrase

    passphrase = read_passphrase(asked.passphrase_file) if asked.passphrase_file else ""
    database = open_database()
    try:
        with steps(say("cli.backing_up", asked.language)) as progress:
            done = back_up(
                database, instance_folder(), asked.place.absolute(), passphrase=passphrase,
                with_secrets=not asked.without_secrets, keep=asked.keep, progress=progress,
            )  # fmt: skip
    finally:
        database.close()
    megabytes = format_number(done.size / MEGABYTE, 1)
    inform(
        "operate.backed_up", asked.language, rows=done.rows, files=done.files, file=done.file, megabytes=megabytes,
        digest=done.digest,
    )  # fmt: skip
    inform(f"operate.secrets_{done.secrets}", asked.language)
    if done.removed:
        inform("operate.older_removed", asked.language, count=len(done.removed))
    if done.missing_files:
        named = ", ".join(digest[:12] for digest in done.missing_files[:5])
        complain("operate.files_missing", asked.language, count=len(done.missing_files), named=named)
    return 1 if done.missing_files else 0


def restore(asked: Namespace) -> int:
    """Bring a backup back, then examine what stands there; 1 where the doctor finds faults."""
    from survey.services.restore import restore as bring_back
    from survey.services.seal_secrets import read_passphrase

    passphrase = read_passphrase(asked.passphrase_file) if asked.passphrase_file else ""
    folder = asked.into.absolute() if asked.into else instance_folder()
    inside = f"sqlite:///{folder / 'sansangso.db'}"
    url = (asked.database or inside) if asked.into else database_url(folder)
    with steps(say("cli.restoring", asked.language)) as progress:
        done = bring_back(asked.file, folder, url, passphrase=passphrase, force=asked.force, progress=progress)
    at = f"{format_time(done.manifest.at)}, {format_date(done.manifest.at)}"
    inform("operate.restored", asked.language, rows=done.rows, files=done.files, at=at, folder=done.folder)
    if done.upgraded:
        inform("operate.restored_upgraded", asked.language, version=done.manifest.version)
    for place in done.aside:
        inform("operate.set_aside", asked.language, place=place)
    if done.left_out:
        inform("operate.restored_without", asked.language, names=", ".join(done.left_out), folder=done.folder)
    return _examine(Database(url), folder, asked.language)


def doctor(asked: Namespace) -> int:
    """Examine the instance; 1 where there are faults."""
    return _examine(open_database(), instance_folder(), asked.language, as_json=asked.json)


def _examine(database: Database, folder: Path, language: str, *, as_json: bool = False) -> int:
    from survey.services.examine import examine

    try:
        findings = list(examine(database, folder))
    finally:
        database.close()
    counts = Counter(finding.level for finding in findings)
    if as_json:
        points = [{"point": one.key, "level": one.level, "sentence": one.sentence(language)} for one in findings]
        told = {"well": not counts[Level.FAULT], **{level.value: counts[level] for level in Level}, "points": points}
        tell(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _show(findings, language)
        key = "operate.doctor_ill" if counts[Level.FAULT] else "operate.doctor_well"
        inform(key, language, **{level.value: counts[level] for level in Level})
    return 1 if counts[Level.FAULT] else 0


def _show(findings: list[Finding], language: str) -> None:
    words = {level: say(f"operate.level_{level.value}", language) for level in Level}
    width = max(len(word) for word in words.values())
    for finding in findings:
        tell(f"{words[finding.level]:<{width}}  {finding.sentence(language)}")
    sys.stdout.flush()


def move(asked: Namespace) -> None:
    """Move every row to another, empty database."""
    from survey.services.move_database import move_database, open_target

    source = open_database()
    target = open_target(asked.url)
    try:
        with steps(say("cli.moving", asked.language)) as progress:
            done = move_database(source, target, progress=progress)
    finally:
        source.close()
        target.close()
    inform("operate.moved", asked.language, rows=done.rows, tables=done.tables, target=done.target)
    shown = source.url.render_as_string(hide_password=True)
    inform("operate.moved_next", asked.language, source=shown)
