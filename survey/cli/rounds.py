"""Commands on rounds: opening one, listing them, closing one, giving bodies a later deadline."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from survey.cli.instance import ready_database
from survey.cli.say import complain, inform
from survey.core.instants_vi import plain_instant
from survey.core.text import say
from survey.services.instance import Session


def open_round(asked: Namespace) -> int | None:
    """Open a round for every assessed agency; run again to add those that have joined."""
    from survey.services.open_round import open_round as begin
    from survey.services.read_plan import overlaps_of

    with ready_database().writing() as session:
        overlaps = overlaps_of(session, asked.code, asked.opens, asked.closes)
        if overlaps and not asked.overlap:
            other = overlaps[0]
            complain("cli.round_overlaps", asked.language, code=other.code, bodies=other.bodies)
            return 1
        done = begin(
            session,
            code=asked.code,
            title=asked.title,
            period=asked.period,
            opens_at=asked.opens,
            closes_at=asked.closes,
        )
    inform("cli.round_opened", asked.language, code=asked.code, submissions=done.submissions, added=done.added)
    if done.left_out:
        inform("cli.left_out", asked.language, count=done.left_out)
    return None


def list_rounds(asked: Namespace) -> None:
    """Every round with its times and how many have sent, newest first."""
    from survey.services.plan_round import list_plans

    with ready_database().reading() as session:
        found = list_plans(session, None)
    for one in found:
        inform(
            "cli.round_line",
            asked.language,
            code=one.code,
            phase=say(f"web_rounds.phase_{one.phase.value}", asked.language),
            opens=plain_instant(one.opens_at),
            closes=plain_instant(one.closes_at),
            sent=one.sent,
            made=one.made,
            title=one.title,
        )
    if not found:
        inform("cli.no_rounds", asked.language)


def close_round(asked: Namespace) -> None:
    """Close a round; every submission in it is locked."""
    from survey.services.open_round import close_round as close
    from survey.services.plan_round import list_plans

    with ready_database().writing() as session:
        close(session, None, _round(session, asked.code))
        done = next(one for one in list_plans(session, None) if one.code == asked.code)
    inform("cli.round_closed", asked.language, code=done.code, sent=done.sent, made=done.made)


def extend(asked: Namespace) -> int | None:
    """Give some bodies of a round a later deadline, all or none."""
    from survey.services.extend_submission import extend_submissions, find_submissions

    until: datetime = asked.until
    with ready_database().writing() as session:
        number = _round(session, asked.code)
        known = find_submissions(session, number, asked.agency)
        for code in asked.agency:
            if code not in known:
                complain("cli.not_in_round", asked.language, code=code, round=asked.code)
                return 1
        count = extend_submissions(session, None, number, list(known.values()), until, asked.reason)
    inform("cli.round_extended", asked.language, count=count, until=plain_instant(until))
    return None


def _round(session: Session, code: str) -> int:
    from survey.services.open_round import named_round

    return named_round(session, code).id
