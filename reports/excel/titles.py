"""Short names for tabs: what tells questionnaires and cohorts apart, within the 31 characters that Excel allows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from reports.data import RoundData
from reports.excel.book import Heading
from reports.excel.plan import LONGEST_NAME, sheet_name

_JOINTS = (" và ", " and ", ",", " -", " – ")
_LAST = ("và", "các", "của", "and", "the", "of", "for", "cấp")


def short_titles(titles: Sequence[str], room: int) -> list[str]:
    """Each title without the words that all begin with, at most `room` characters; one title alone needs none."""
    if len(titles) < 2:
        return [""] * len(titles)
    words = zip(*(title.split() for title in titles), strict=False)
    shared = len(list(takewhile(lambda same: len(set(same)) == 1, words)))
    return [shorten(" ".join(title.split()[shared:]) or title, room) for title in titles]


def shorten(text: str, room: int) -> str:
    """`text` cut at a joint between phrases, else at a blank, to at most `room` characters."""
    if len(text) <= room:
        return text
    cuts = [text.rfind(joint, 0, room + 1) for joint in _JOINTS]
    cut = max(cuts)
    if cut < room // 2:
        cut = text.rfind(" ", 0, room + 1)
    words = text[: cut if cut > 0 else room].rstrip(" ,-–").split()
    while len(words) > 1 and words[-1].lower() in _LAST:
        words.pop()
    return " ".join(words)


def annex_names(data: RoundData, heading: Heading) -> list[str]:
    """Tab names of the cohorts' lists: PL1 Sở, ban, ngành …"""
    names: list[str] = []
    for result in data.results:
        for cohort in result.cohorts:
            label = heading.say("sheet_annex", number=len(names) + 1)
            names.append(sheet_name(f"{label} {shorten(cohort.name, LONGEST_NAME - 1 - len(label))}".strip(), names))
    return names
