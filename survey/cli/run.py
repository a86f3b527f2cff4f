"""Running one command: its faults and troubles end in one sentence each and an exit code, never in a traceback."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from tomllib import TOMLDecodeError

from survey.cli.parser import read_arguments
from survey.cli.say import complain, tell
from survey.core.errors import Faults

DONE, FAILED = 0, 1  # 2 is a command that cannot be understood
DEBUG = "SANSANGSO_DEBUG"
MORE = "faults.more"  # stands for faults that are not listed one by one
FILE_TROUBLE = {
    errno.ENOENT: "cli.file_not_found",
    errno.EACCES: "cli.file_forbidden",
    errno.EPERM: "cli.file_forbidden",
    errno.EISDIR: "cli.file_is_folder",
    errno.ENOSPC: "cli.disk_full",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `sansangso` with these arguments (the process's own where None) and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    asked = read_arguments(arguments)
    try:
        code = asked.run(asked)
        sys.stdout.flush()
        return DONE if code is None else int(code)
    except KeyboardInterrupt:
        complain("cli.stopped", asked.language)
    except BrokenPipeError:  # the reader of our output has gone, which is its own affair
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        _explain(error, asked.command, asked.language)
    return FAILED


def _explain(error: Exception, command: str, language: str) -> None:
    from survey.services.errors import ServiceError
    from survey.services.instance import DatabaseTrouble

    match error:
        case Faults():
            for fault in error.faults:
                tell(fault.sentence(language), sys.stderr)
            writes_nothing = "cli.faults_found" if command == "check" else "cli.faults"
            count = sum(int(str(fault.data["count"])) if fault.key == MORE else 1 for fault in error.faults)
            complain(writes_nothing, language, count=count)
        case ServiceError():
            tell(error.sentence(language), sys.stderr)
        case DatabaseTrouble():
            complain(f"cli.database_{error.kind.value}", language)
        case OSError() if error.filename is not None:
            name = error.filename2 or error.filename
            key = FILE_TROUBLE.get(error.errno or 0, "cli.file_trouble")
            complain(key, language, file=name, what=error.strerror or type(error).__name__)
        case TOMLDecodeError():
            complain("cli.config_broken", language, what=str(error))
        case MemoryError():
            complain("cli.memory", language)
        case _:
            complain("cli.unexpected", language, what=f"{type(error).__name__}: {error}", variable=DEBUG)
