"""What can be typed after `sansangso score`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from survey.core.text import LANGUAGES, say

MOST_DRAWS = 1_000_000
LARGEST_SEED = 2**63


def add_score(parser: argparse.ArgumentParser) -> None:
    """Its options; at least one of those that make something has to be given, which the command itself sees to."""
    for name, kind, key in (
        ("--questionnaire", "DIR", "cli.help_questionnaire"),
        ("--answers", "FILE", "cli.help_answers"),
    ):
        parser.add_argument(name, type=Path, required=True, metavar=kind, help=_both(key))
    parser.add_argument("--out", type=Path, metavar="FILE", help=_both("score.help_out"))
    parser.add_argument("--agency", action="append", default=[], metavar="NAME", help=_both("score.help_agency"))
    parser.add_argument("--explain", action="store_true", help=_both("score.help_explain"))
    parser.add_argument(
        "--what-if", action="append", default=[], metavar="CODE=VALUE", help=_both("score.help_what_if")
    )
    parser.add_argument("--next-steps", action="store_true", help=_both("score.help_next_steps"))
    parser.add_argument("--robustness", nargs="?", const="-", metavar="FILE", help=_both("score.help_robustness"))
    parser.add_argument("--draws", type=_whole("draws", 1, MOST_DRAWS), default=1_000, help=_both("score.help_draws"))
    parser.add_argument("--seed", type=_whole("seed", 0, LARGEST_SEED), default=2026, help=_both("score.help_seed"))
    parser.add_argument("--method", choices=("noise", "dirichlet"), default="noise", help=_both("score.help_method"))
    parser.add_argument("--spread", type=_part, default=0.25, metavar="PART", help=_both("score.help_spread"))
    parser.add_argument("--weights", type=Path, metavar="FILE", help=_both("score.help_weights"))
    parser.add_argument("--weights-out", type=Path, metavar="FILE", help=_both("score.help_weights_out"))


def _both(key: str) -> str:
    """A help, in which argparse would read a bare % as a place to fill in."""
    return _fault(key).replace("%", "%%")


def _fault(key: str, **values: object) -> str:
    return " / ".join(dict.fromkeys(say(key, language, **values) for language in LANGUAGES))


def _whole(name: str, least: int, most: int) -> Callable[[str], int]:
    """Reads an integer from `least` to `most`. Raises ArgumentTypeError for anything else."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(_fault(f"score.{name}", typed=text, most=most))

    return read


def _part(text: str) -> float:
    """Reads a number above 0 and below 1. Raises ArgumentTypeError for anything else."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(_fault("score.spread", typed=text))
    return value
