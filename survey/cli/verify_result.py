"""The command that recomputes a result file from the answers and rules in it, without any database."""

from __future__ import annotations

import sys
from argparse import Namespace

from survey.cli.say import complain, inform, tell

MOST_SHOWN = 200  # differences that are printed; the others are counted


def verify_result(asked: Namespace) -> int:
    """Recompute every figure; exit code 1 with each difference by body and indicator."""
    from survey.core.recompute import recompute
    from survey.core.result_file import LARGEST, SHOWN, read_result

    language, name = asked.language, str(asked.file)
    with asked.file.open("rb") as opened:
        result = read_result(opened.read(LARGEST + 1), name)
    found = recompute(result, name)
    inform("result.made", language, engine=result.engine, at=result.at, digest=result.digest)
    for part in result.parts:
        inform("result.rules", language, id=part.id, version=part.version, sha256=part.sha256)
    if found.told:
        inform("result.told", language, count=len(found.told), names="; ".join(name[:SHOWN] for name in found.told))
    for difference in found.differences[:MOST_SHOWN]:
        tell(difference.sentence(language), sys.stderr)
    if len(found.differences) > MOST_SHOWN:
        complain("result.more", language, count=len(found.differences) - MOST_SHOWN)
    if found.differences:
        complain("result.broken", language, count=len(found.differences))
        return 1
    inform("result.sound", language, figures=found.figures, bodies=found.bodies)
    return 0
