"""The command that checks the log: every chain, and a printed hash beside it."""

from __future__ import annotations

import sys
from argparse import Namespace

from survey.cli.say import complain, inform, tell
from survey.core.text import say
from survey.services.instance import instance_folder, open_database


def verify_log(asked: Namespace) -> int:
    """Walk the log; exit code 1 with every place where it is not as it was written."""
    from survey.services.verify_log import keep_head
    from survey.services.verify_log import verify_log as verify

    database, language = open_database(instance_folder()), asked.language
    with database.reading() as session:
        found = verify(session, asked.head)
    for one in found.broken:
        tell(say(f"verify_log.break_{one.what}", language, stream=one.stream, number=one.number), sys.stderr)
    if found.broken:
        complain("verify_log.broken", language, count=len(found.broken))
    else:
        inform("verify_log.sound", language, events=found.events, chains=found.chains)
    if found.printed is not None:
        (inform if found.sound else complain)(f"verify_log.printed_{found.printed}", language)
    if asked.keep and found.sound:
        with database.writing() as session:
            inform("verify_log.kept", language, head=keep_head(session).head)
    else:
        inform("verify_log.head", language, head=found.head)
    database.close()
    return 0 if found.sound else 1
