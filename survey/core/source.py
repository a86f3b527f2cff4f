"""YAML as officials write it: plain data with a line for every place, nothing guessed, every fault at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as yaml
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from survey.core.characters import is_unseen
from survey.core.errors import MOST_FAULTS, Fault, Faults

LARGEST_FILE = 500_000  # bytes; the largest questionnaire has 140,000, and this much is read in about 3 s
DEEPEST = 40  # levels of nesting; the language needs 15

Path = tuple[str | int, ...]


class Plain(str):
    """A scalar written without quotes."""

    __slots__ = ()


@dataclass
class Source:
    """One YAML file: `data` of dict, list and str only, the line of every place in it, and the faults of its form."""

    name: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a place, or of the nearest place above it."""
        place = tuple(path)
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def without(self, places: Iterable[Path]) -> Source:
        """The same file as if these places were not written; list items behind them move up, lines stay true."""
        left_out = set(places)
        rest = Source(self.name)
        rest.data = self._copy(self.data, (), (), left_out, rest)
        return rest

    def _copy(self, data: Any, old: Path, new: Path, left_out: set[Path], rest: Source) -> Any:
        if old in self.lines:
            rest.lines[new] = self.lines[old]
        match data:
            case dict():
                kept = [key for key in data if (*old, key) not in left_out]
                return {key: self._copy(data[key], (*old, key), (*new, key), left_out, rest) for key in kept}
            case list():
                places = [index for index in range(len(data)) if (*old, index) not in left_out]
                return [
                    self._copy(data[index], (*old, index), (*new, place), left_out, rest)
                    for place, index in enumerate(places)
                ]
            case _:
                return data


def read_source(text: str | bytes, name: str) -> Source:
    """Read a YAML text; no type is guessed: `no` stays "no", 1.10 "1.10".

    Faults of form that leave the rest readable (tags, braces, repeated keys) are in `faults` of the result.
    Raises Faults where nothing can be read: size, encoding, control characters, syntax, aliases, depth.
    """
    builder = _Builder(Source(name))
    line = 1
    try:
        for event in YAML(typ="safe", pure=True).parse(_decode(text, name)):
            line = event.start_mark.line + 1
            builder.take(event, line)
    except RecursionError:
        builder.stop(Fault(name, line, "faults.too_deep"))
    except (YAMLError, ValueError) as error:
        builder.stop(_syntax(error, name, line))
    if not builder.documents:
        builder.stop(Fault(name, 1, "faults.empty"))
    return builder.source


def _decode(text: str | bytes, name: str) -> str:
    if len(text) > LARGEST_FILE:
        raise Faults([Fault(name, 1, "faults.too_large", {"kilobytes": LARGEST_FILE // 1_000})])
    if isinstance(text, bytes):
        try:
            decoded = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise Faults([Fault(name, line, "faults.not_utf8")]) from None
    else:
        decoded = text.removeprefix("\ufeff")
    rows = decoded.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    faults = [
        Fault(name, number, "faults.control_character", {"code": f"U+{ord(unseen):04X}"})
        for number, row in enumerate(rows, start=1)
        if not row.isprintable() and (unseen := next((c for c in row if is_unseen(c)), None))
    ]
    if faults:
        raise Faults(faults)
    return "\n".join(rows)


def _syntax(error: Exception, name: str, line: int) -> Fault:
    mark = (error.problem_mark or error.context_mark) if isinstance(error, MarkedYAMLError) else None
    return Fault(name, mark.line + 1 if mark else line, "faults.syntax")


class _Builder:
    """Takes one event after another, so that nothing is expanded and depth is known before it hurts."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.documents = 0
        self._open: list[tuple[Path, Any, Iterator[int]]] = []  # place, dict or list or None where left out, counter
        self._key: list[str | None] = []  # of each open mapping, the key that waits for its value
        self._flow = 0

    def stop(self, fault: Fault) -> None:
        """Give up: this fault and those found so far."""
        raise Faults([*self.source.faults, fault])

    def take(self, event: yaml.Event, line: int) -> None:
        """One event of the parser."""
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self.stop(self._fault(line, "several_documents"))
            case yaml.AliasEvent():
                self.stop(self._fault(line, "alias"))
            case yaml.ScalarEvent():
                self._notice(event, event.tag, line)
                self._scalar(event, line)
            case yaml.MappingStartEvent():
                self._notice(event, event.tag, line)
                self._begin({}, event, line)
            case yaml.SequenceStartEvent():
                self._notice(event, event.tag, line)
                self._begin([], event, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()
                self._key.pop()
                self._flow -= self._flow > 0

    def _note(self, fault: Fault) -> None:
        """Keep a fault and read on, unless there are more than anybody wants to read."""
        self.source.faults.append(fault)
        if len(self.source.faults) > 2 * MOST_FAULTS:
            raise Faults(self.source.faults)

    def _fault(self, line: int, sentence: str, **data: object) -> Fault:
        return Fault(self.source.name, line, f"faults.{sentence}", data)

    def _notice(self, event: yaml.NodeEvent, tag: object, line: int) -> None:
        if event.anchor is not None:
            self.stop(self._fault(line, "alias"))
        if tag is not None and str(tag) != "!":
            self._note(self._fault(line, "tag", tag=str(tag)))

    def _begin(self, holder: Any, event: yaml.CollectionStartEvent, line: int) -> None:
        place = self._place(holder, line, is_text=False)
        if event.flow_style and not self._flow:
            self._note(self._fault(line, "flow_style"))
        self._flow += bool(event.flow_style)
        self._open.append((place or (), holder if place is not None else None, iter(range(LARGEST_FILE))))
        self._key.append(None)
        if len(self._open) > DEEPEST:
            self.stop(self._fault(line, "too_deep"))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        text = unicodedata.normalize("NFC", str(event.value))
        unseen = None if text.isprintable() else next((c for c in text if is_unseen(c)), None)
        if unseen:  # written as an escape such as "\0"
            self._note(self._fault(line, "control_character", code=f"U+{ord(unseen):04X}"))
            text = "".join(c for c in text if not is_unseen(c))
        self._place(Plain(text) if event.style is None else text, line, is_text=True)

    def _place(self, value: Any, line: int, *, is_text: bool) -> Path | None:
        """Put a value where it belongs; its place, or None where it is a key or is left out."""
        if not self._open:
            self.source.data = value
            self.source.lines[()] = line
            return ()
        path, holder, counter = self._open[-1]
        if isinstance(holder, list):
            place = (*path, next(counter))
            holder.append(value)
            self.source.lines[place] = line
            return place
        if holder is None:
            return None
        return self._in_mapping(path, holder, value, line, is_text=is_text)

    def _in_mapping(self, path: Path, holder: dict[str, Any], value: Any, line: int, *, is_text: bool) -> Path | None:
        """A key, then its value, then the next key; what belongs to a faulty key is left out."""
        key = self._key[-1]
        if key is None:
            self._key[-1] = self._new_key(path, holder, value, line, is_text=is_text)
            return None
        self._key[-1] = None
        if key == _LEFT_OUT:
            return None
        holder[key] = value
        return (*path, key)

    def _new_key(self, path: Path, holder: dict[str, Any], value: Any, line: int, *, is_text: bool) -> str:
        if not is_text:
            self._note(self._fault(line, "key_not_text"))
            return _LEFT_OUT
        key = str(value)
        if key in holder:
            first = self.source.lines[(*path, key)]
            self._note(self._fault(line, "repeated_key", key=key, first=first))
            return _LEFT_OUT
        self.source.lines[(*path, key)] = line
        return key


_LEFT_OUT = "\0"  # no key: controls have been taken out
