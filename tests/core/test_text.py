"""The catalogue: both languages everywhere, the same placeholders in both, and every key that code names."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.core import text
from survey.core.text import LANGUAGES, catalogue, say
from survey.services.back_up import SECRET_FILES
from survey.web.access import ROUTES

KEY = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9_]+")
NO_SENTENCES = frozenset({*ROUTES, *SECRET_FILES})  # names of pages and files, written as keys are
FORMAL = frozenset({
    "accounts.mail_first_body", "accounts.mail_reset_body", "accounts.letter_to", "accounts.letter_first_opening",
    "accounts.letter_reset_opening", "accounts.letter_care", "web_auth.reset_body",
})  # letters and mails to a person  # fmt: skip
IN_TEMPLATES = re.compile(r"\b(?:t|say)\(\s*[\"']([^\"']+)[\"']\s*[,)]")


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def test_every_entry_has_both_languages_and_nothing_else() -> None:
    assert not {key: words for key, words in catalogue().items() if set(words) != set(LANGUAGES)}
    assert not [key for key, words in catalogue().items() if not all(word.strip() for word in words.values())]


def test_both_languages_use_the_same_placeholders() -> None:
    differ = {
        key for key, words in catalogue().items() if len({frozenset(placeholders(w)) for w in words.values()}) > 1
    }
    assert not differ


def test_placeholders_are_names() -> None:
    unnamed = {
        key
        for key, words in catalogue().items()
        for w in words.values()
        for p in placeholders(w)
        if not p.isidentifier()
    }
    assert not unnamed


def test_screens_address_nobody_and_letters_say_ong_ba() -> None:
    """One way to speak: sentences need no pronoun, what a person owns is “của tôi”, letters and mails say “ông/bà”."""
    address = re.compile(r"\b(bạn|anh/chị|anh, chị|anh chị|ông/bà|ông \(bà\)|quý vị)\b", re.IGNORECASE)
    said = {key: {one.lower() for one in address.findall(words["vi"])} for key, words in catalogue().items()}
    assert {key for key, found in said.items() if found - {"ông/bà"}} == set()
    assert {key for key, found in said.items() if found} == set(FORMAL)


def test_keys_are_a_room_and_a_name() -> None:
    assert not [key for key in catalogue() if not KEY.fullmatch(key)]


def named(tree: ast.Module) -> Iterator[str]:
    """Literals that begin with a room of the catalogue or are given to `say`; of f-strings the beginning and a star.

    The name of a page or a file is none, but where it is given to `say` or is a sentence's key as well.
    """
    rooms = {key.partition(".")[0] for key in catalogue()}
    given = {
        id(call.args[0]) for call in ast.walk(tree) if isinstance(call, ast.Call) and call.args and is_say(call.func)
    }
    parts: set[int] = set()
    for node in ast.walk(tree):
        star = ""
        if isinstance(node, ast.JoinedStr):
            parts |= {id(part) for part in node.values}
            node, star = node.values[0], "*"
        elif id(node) in parts:
            continue
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        room = node.value.partition(".")[0]
        if KEY.fullmatch(node.value) and (id(node) in given or (room in rooms and node.value not in NO_SENTENCES)):
            yield node.value + star


def is_say(function: ast.expr) -> bool:
    return (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) in ("say", "t")


def is_known(key: str) -> bool:
    return key in catalogue() or (key.endswith("*") and any(known.startswith(key[:-1]) for known in catalogue()))


def test_every_key_that_code_names_exists(repository: Path) -> None:
    missing = [
        f"{file.relative_to(repository)}: {key}"
        for root in ("survey", "reports")
        for file in (repository / root).rglob("*.py")
        for key in named(ast.parse(file.read_text(encoding="utf-8")))
        if not is_known(key)
    ]
    assert not missing


@pytest.mark.parametrize("code", ['say("log.search")', 't("package.key")', 'Refused("paper.none_such", "file")'])
def test_a_key_that_is_missing_is_found_even_where_a_page_or_a_file_is_called_so(code: str) -> None:
    assert not all(is_known(key) for key in named(ast.parse(code)))
    assert not list(named(ast.parse('redirect(url_for("settings.show")); folder / "package.key"')))


def test_every_key_that_a_template_names_exists(repository: Path) -> None:
    missing = [
        f"{file.relative_to(repository)}: {key}"
        for file in (repository / "survey").rglob("*.html")
        for key in IN_TEMPLATES.findall(file.read_text(encoding="utf-8"))
        if key not in catalogue()
    ]
    assert not missing


def test_a_sentence_is_said_in_the_language_asked_for() -> None:
    assert say("answers.no") == "Không"
    assert say("answers.no", "en") == "No"
    assert say("answers.no", "fr") == "Không"
    assert "7" in say("answers.above_maximum", "vi", typed="8", maximum="7")


def test_braces_in_what_is_filled_in_stay() -> None:
    assert "{0}{x.__class__}" in say("answers.negative", label="{0}{x.__class__}", typed="-1")


@pytest.mark.parametrize("key", ["answers.none_such", "nowhere.at_all", "answers"])
def test_an_unknown_key_is_an_error(key: str) -> None:
    with pytest.raises(KeyError):
        say(key)


def test_a_key_given_twice_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "texts").mkdir()
    for name in ("a.toml", "b.toml"):
        (tmp_path / "texts" / name).write_text('[room.name]\nvi = "x"\nen = "x"\n', encoding="utf-8")
    monkeypatch.setattr(text.resources, "files", lambda _package: tmp_path)
    with pytest.raises(ValueError, match=r"room\.name"):
        catalogue.__wrapped__()
