"""YAML as officials write it: plain data with a line for every place, nothing guessed, every fault at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from survey.core.errors import Fault, Faults

LARGEST_FILE = 2_000_000  # bytes
DEEPEST = 40  # levels of nesting; the language needs 15

Path = tuple[str | int, ...]


class Plain(str):
    """A scalar written without quotes."""

    __slots__ = ()


@dataclass
class Source:
    """One YAML file: `data` of dict, list and str only, and the line of every place in it."""

    name: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a place, or of the nearest place above it."""
        place = tuple(path)
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_source(text: str | bytes, name: str) -> Source:
    """Read a YAML text. Raises Faults with each fault's line; no type is guessed: `no` stays "no", 1.10 "1.10"."""
    text = _decode(text, name)
    _refuse_by_events(text, name)
    try:
        node = YAML(pure=True).compose(text)
    except RecursionError:
        raise Faults([Fault(name, 1, "faults.too_deep")]) from None
    except (YAMLError, ValueError) as error:
        raise Faults([_syntax(error, name)]) from None
    if node is None:
        raise Faults([Fault(name, 1, "faults.empty")])
    source = Source(name, None)
    faults: list[Fault] = []
    source.data = _plain(node, (), source, faults)
    if faults:
        raise Faults(faults)
    return source


def _decode(text: str | bytes, name: str) -> str:
    if len(text) > LARGEST_FILE:
        raise Faults([Fault(name, 1, "faults.too_large", {"megabytes": LARGEST_FILE // 1_000_000})])
    if isinstance(text, bytes):
        text = _utf8(text, name)
    for number, row in enumerate(text.splitlines(), start=1):
        if any(unicodedata.category(c) in ("Cc", "Cs") and c != "\t" for c in row):
            raise Faults([Fault(name, number, "faults.control_character")])
    return unicodedata.normalize("NFC", text)


def _utf8(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Faults([Fault(name, line, "faults.not_utf8")]) from None


def _refuse_by_events(text: str, name: str) -> None:
    """Faults of form: aliases, anchors, tags, flow style, depth; read event by event, so nothing is expanded."""
    faults: list[Fault] = []
    depth = 0
    try:
        for event in YAML(pure=True).parse(text):
            line = event.start_mark.line + 1
            if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
                faults.append(Fault(name, line, "faults.alias"))
            elif getattr(event, "tag", None) not in (None, "!"):
                faults.append(Fault(name, line, "faults.tag", {"tag": str(getattr(event, "tag", ""))}))
            elif getattr(event, "flow_style", False):
                faults.append(Fault(name, line, "faults.flow_style"))
            kind = type(event).__name__
            depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
            if depth > DEEPEST:
                raise Faults([*faults, Fault(name, line, "faults.too_deep")])
    except RecursionError:
        raise Faults([Fault(name, 1, "faults.too_deep")]) from None
    except (YAMLError, ValueError) as error:
        raise Faults([*faults, _syntax(error, name)]) from None
    if faults:
        raise Faults(faults)


def _syntax(error: Exception, name: str) -> Fault:
    mark = None
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
    return Fault(name, mark.line + 1 if mark else 1, "faults.syntax")


def _plain(node: Node, path: Path, source: Source, faults: list[Fault]) -> Any:
    line = node.start_mark.line + 1
    source.lines.setdefault(path, line)
    match node:
        case ScalarNode():
            return Plain(node.value) if node.style is None else str(node.value)
        case SequenceNode():
            return [_plain(child, (*path, index), source, faults) for index, child in enumerate(node.value)]
        case MappingNode():
            return _mapping(node, path, source, faults)
    raise TypeError(type(node))


def _mapping(node: MappingNode, path: Path, source: Source, faults: list[Fault]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            faults.append(Fault(source.name, line, "faults.key_not_text"))
            continue
        key = str(key_node.value)
        if key in result:
            first = source.lines[(*path, key)]
            faults.append(Fault(source.name, line, "faults.repeated_key", {"key": key, "first": first}))
            continue
        source.lines[(*path, key)] = line
        result[key] = _plain(value_node, (*path, key), source, faults)
    return result
