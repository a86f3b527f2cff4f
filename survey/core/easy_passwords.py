"""Passwords that are tried first: what is left once names, common words, rows of keys and years are taken away."""

from __future__ import annotations

import re

from survey.core.sorting_vi import fold

ENOUGH = 5  # different characters that must be left
_RUN = 3  # characters in a row, up, down or the same
_ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "!@#$%^&*()_+", "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp",
)  # fmt: skip
_WORDS = (
    "matkhau", "password", "passw0rd", "p@ssw0rd", "p@ssword", "pass", "admin", "administrator", "root", "user",
    "welcome", "letmein", "iloveyou", "anhyeuem", "emyeuanh", "yeuem", "xinchao", "hello", "vietnam", "hanoi",
    "saigon", "hochiminh", "thudo", "ubnd", "uybannhandan", "danguy", "mttq", "mattran", "phuong", "chuyendoiso",
    "matran", "sansangso", "khaosat", "dangnhap", "taikhoan", "bimat", "monkey", "dragon", "football", "baseball",
    "sunshine", "princess", "superman", "master", "login", "secret", "changeme", "khongbiet", "congavan", "toilaai",
)  # fmt: skip
_YEAR = re.compile(r"(19|20)[0-9]{2}")


def is_easily_guessed(password: str, *known: str) -> bool:
    """Whether little is left of a password without what everybody tries and what is `known` (login, name)."""
    left = _plain(password)
    pieces = [_plain(piece) for text in known for piece in (text, *re.split(r"[\W_]+", text))]
    words = {piece for piece in (*pieces, *map(_plain, _WORDS)) if len(piece) >= _RUN}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        left = left.replace(word, "")
    left = _without_runs(_YEAR.sub("", left))
    return len(set(left)) < ENOUGH


def _plain(text: str) -> str:
    """Without dấu and blanks; signs that stand between words say nothing."""
    return re.sub(r"[\s._\-,;:/]+", "", fold(text))


def _without_runs(text: str) -> str:
    """Without `1234`, `dcba`, `aaaa` and rows of keys."""
    kept, at = [], 0
    while at < len(text):
        length = max(_run_length(text, at), _row_length(text, at))
        if length < _RUN:
            kept.append(text[at])
        at += length if length >= _RUN else 1
    return "".join(kept)


def _run_length(text: str, at: int) -> int:
    """How many characters from here rise, fall or repeat by one step."""
    if at + 1 >= len(text):
        return 1
    step = ord(text[at + 1]) - ord(text[at])
    end = at + 1
    while end < len(text) and step in (-1, 0, 1) and ord(text[end]) - ord(text[end - 1]) == step:
        end += 1
    return end - at


def _row_length(text: str, at: int) -> int:
    """How many characters from here lie side by side on the keys, in either direction."""
    rows = [row for keys in _ROWS for row in (keys, keys[::-1])]
    length = 1
    while at + length < len(text) and any(text[at : at + length + 1] in row for row in rows):
        length += 1
    return length
