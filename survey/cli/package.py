"""Commands for one-way packages: making one of a round, taking one of another instance."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from survey.cli.instance import ready_database
from survey.cli.say import inform
from survey.core.numbers_vi import format_date, format_time
from survey.core.text import say
from survey.services.instance import instance_folder


def make(asked: Namespace) -> None:
    """Write the package of a round, whole or not at all."""
    from survey.services.audit import take_pin
    from survey.services.make_package import make_package
    from survey.services.note_access import note_export
    from survey.services.open_round import named_round
    from survey.services.package_format import fingerprint_of
    from survey.services.score_file import write_whole

    database = ready_database()
    with database.reading() as session:
        found = named_round(session, asked.round)
        made = make_package(session, None, found.id, instance_folder(), figures=asked.figures)
        pin = take_pin(session)
    file: Path = asked.out / made.name if asked.out.is_dir() else asked.out
    write_whole(file, made.content)
    with database.writing() as session:
        note_export(session, None, "package", pin=pin, round=asked.round, name=made.name, bodies=made.bodies)
    kind = say("package.kind_figures" if asked.figures else "package.kind_points", asked.language)
    fingerprint = fingerprint_of(made.public_key)
    inform("package.made", asked.language, kind=kind, bodies=made.bodies, file=file, fingerprint=fingerprint)


def take(asked: Namespace) -> None:
    """Take a package into a round, trusting its source first where its key is given."""
    from survey.services.open_round import named_round
    from survey.services.take_package import take_package
    from survey.services.trust_source import named, trust_source

    data = asked.file.read_bytes()
    trusted = ""
    with ready_database().writing() as session:
        found = named_round(session, asked.round)
        if asked.trust:
            source = trust_source(session, None, data, asked.trust)
            trusted = named(source.name, source.instance_id)
        view = take_package(session, None, found.id, data)
    if trusted:  # only now is it kept
        inform("package.trusted", asked.language, name=trusted)
    at = f"{format_time(view.made_at)}, {format_date(view.made_at)}"
    counts = {"counted": view.counted, "bodies": len(view.bodies)}
    inform("package.taken", asked.language, name=view.source, at=at, **counts)
