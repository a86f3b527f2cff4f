"""The form of a file: hostile and clumsy YAML, each fault with its line, nothing guessed."""

import time
import unicodedata

import pytest

from survey.core.errors import Faults
from survey.core.source import LARGEST_FILE, Source, read_source
from tests.core.tiny import marked_lines


def faults(text: str | bytes) -> list[tuple[str, int]]:
    try:
        found = read_source(text, "thu.yaml").faults
    except Faults as raised:
        found = list(raised.faults)
    return [(fault.key.removeprefix("faults."), fault.line) for fault in found]


def read(text: str | bytes) -> Source:
    source = read_source(text, "thu.yaml")
    assert not source.faults
    return source


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "Off", "true", "null", "~", "1.10", "010", "1e3", "0x1F", "2026-11-23", "1:30", ".inf"]
)
def test_no_type_is_guessed(word: str) -> None:
    assert read(f"a: {word}").data == {"a": word}


def test_every_place_has_its_line() -> None:
    source = read("a:\n  - b: x\n    c: |\n      one\n      two\n  -\n    d: y\n\ne: z\n")
    assert source.data == {"a": [{"b": "x", "c": "one\ntwo\n"}, {"d": "y"}], "e": "z"}
    assert {place: source.line(place) for place in [("a",), ("a", 0, "c"), ("a", 1, "d"), ("e",)]} == {
        ("a",): 1,
        ("a", 0, "c"): 3,
        ("a", 1, "d"): 7,
        ("e",): 9,
    }
    assert source.line(("a", 1, "missing", "below")) == source.line(("a", 1))


def test_text_is_read_in_composed_form() -> None:
    composed = "tên: Đảng ủy xã Ứng Hòa"
    assert read(unicodedata.normalize("NFD", composed)).data == {"tên": "Đảng ủy xã Ứng Hòa"}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(ends: str) -> None:
    source = read(ends.join(["a: x", "b: |", "  one", "  two", "c: y"]))
    assert source.data == {"a": "x", "b": "one\ntwo\n", "c": "y"}
    assert source.line(("c",)) == 5


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read(b"\xef\xbb\xbfa: x").data == read("\ufeffa: x").data == {"a": "x"}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("flow_style", "a:\n  b: {vi: x, en: y}  # here"),
        ("flow_style", "a: [x, y]  # here"),
        ("flow_style", "a:\n  - []  # here"),
        ("flow_style", "a: {b: {c: [d]}}  # here\ne: x"),
        ("tag", "a: x\nb: !!python/object:os.system x  # here"),
        ("tag", "a: !!float 1  # here"),
        ("tag", "a: !local  # here\n  b: x"),
        ("alias", "a: x\nb: &mark y  # here"),
        ("alias", "a: *mark  # here"),
        ("alias", "a: x\n<<: *mark  # here"),
        ("alias", "a: &mark  # here\n  b: *mark"),
        ("repeated_key", "a: x\nb:\n  c: x\n  c: y  # here"),
        ("repeated_key", "a: x\n'a':  # here\n  - b"),
        ("key_not_text", "a: x\n? - b  # here\n: c"),
        ("several_documents", "a: x\n---  # here\nb: y"),
        ("syntax", "a: x\n b: y  # here"),
        ("syntax", "a: x\nb: 'y  # here"),
        ("syntax", "a: x\n\tb: y  # here"),
        ("syntax", "a: x: y  # here"),
        ("syntax", "a: %x  # here"),
        ("syntax", "a: @x  # here"),
        ("control_character", "a: x\nb: y\0  # here"),
        ("control_character", "a: x\nb: y\x85  # here"),
        ("control_character", "a: x\nb: y\x0b  # here"),
        ("control_character", "a: x\nb: \ud800  # here"),
        ("control_character", "a: x\nb: y\u2028z  # here"),
        ("control_character", "a: x\nb: \u202exuoc  # here"),
        ("control_character", 'a: x\nb: "\\0"  # here'),
        ("control_character", 'a: x\nb: "\\uD800"  # here'),
        ("control_character", 'a: x\n"b\\x07": y  # here'),
        ("control_character", "a: \uffff  # here"),
    ],
)
def test_a_fault_of_form_is_named_with_its_line(key: str, text: str) -> None:
    assert faults(text) == [(key, line) for line in marked_lines(text)]


def test_faults_of_form_come_all_at_once() -> None:
    text = 'a: {b: c}  # here\nd: !x y  # here\ne: f\ne: g  # here\nh: "\\0"  # here\ni: [j]  # here\n'
    keys = ["flow_style", "tag", "repeated_key", "control_character", "flow_style"]
    assert faults(text) == list(zip(keys, marked_lines(text), strict=True))


def test_every_line_with_a_control_character_is_named() -> None:
    assert faults("a: \0\nb: x\nc: \x01\n") == [("control_character", 1), ("control_character", 3)]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "\ufeff"])
def test_an_empty_file_says_so(text: str) -> None:
    assert faults(text) == [("empty", 1)]


def test_a_file_in_another_encoding_is_named_with_its_line() -> None:
    assert faults("a: x\nb: xã\n".encode("latin-1")) == [("not_utf8", 2)]
    assert faults("a: x".encode("utf-16")) == [("not_utf8", 1)]


def test_what_follows_a_repeated_key_is_left_out() -> None:
    source = read_source("a: x\na:\n  b:\n    - c: d\ne: f\n", "thu.yaml")
    assert source.data == {"a": "x", "e": "f"}


BILLION_LAUGHS = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*{'a' if n == 0 else f'b{n - 1}'}, *a]\n" for n in range(40))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("alias", BILLION_LAUGHS),
        ("too_deep", "a: " + "[" * 50_000),
        ("too_deep", "".join(" " * n + "a:\n" for n in range(500))),
        ("too_deep", "- " * 20_000 + "x"),
        ("too_large", "a: x\n" * LARGEST_FILE),
        ("syntax", "a: '" + "x" * 400_000),
        ("more", "a: x\n" * 90_000),
        ("more", "a:\n" + "  - {b: c}\n" * 40_000),
        ("control_character", "a: \0\n" * 90_000),
        ("too_deep", "? " * 5_000 + "\n- a\n:"),
    ],
)
def test_a_bomb_is_refused_at_once(key: str, text: str) -> None:
    begun = time.process_time()
    found = faults(text)
    assert time.process_time() - begun < 5
    assert key in {name for name, _ in found}


def test_leaving_places_out_keeps_lines_true() -> None:
    source = read("a:\n  - x\n  - b: y\n    c: z\n  - w\nd: v\n")
    rest = source.without([("a", 0), ("a", 1, "b"), ("d",)])
    assert rest.data == {"a": [{"c": "z"}, "w"]}
    assert rest.line(("a", 0, "c")) == 4
    assert rest.line(("a", 1)) == 5
