"""The guides stay true: what they call by name is on the screen, their pictures and links are there."""

import re
import unicodedata
from pathlib import Path

import pytest

from survey.core.text import LANGUAGES, catalogue
from tools.guide_pictures import SCENES

GUIDES = ("nguoi-nhap-so-lieu", "lanh-dao", "can-bo-tong-hop", "quan-tri")
FEWEST_PICTURES, MOST_PICTURES = 5, 9
LARGEST_PICTURE, ALL_PICTURES = 120_000, 3_000_000  # bytes

BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)  # a text of the catalogue, “…” where that has a number or a name
QUOTED = re.compile("“([^”]+)”")  # the same in the help inside the system
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)

Pages = dict[Path, str]


@pytest.fixture(scope="module")
def pages(repository: Path) -> Pages:
    """README, guides, and whatever else of prose is under docs; what stands in fences is code."""
    files = [repository / "README.md", *sorted((repository / "docs").rglob("*.md"))]
    return {file: FENCED.sub("", file.read_text(encoding="utf-8")) for file in files}


@pytest.fixture(scope="module")
def guides(repository: Path, pages: Pages) -> dict[str, str]:
    """The four guides by name."""
    return {name: pages[repository / "docs" / "huong-dan" / f"{name}.md"] for name in GUIDES}


def texts_on_screen(language: str) -> set[str]:
    """Everything that the pages may say, but for the help itself, which is held to it."""
    said = (words[language] for key, words in catalogue().items() if not key.startswith("web_help."))
    return {re.sub(r"\{\w+\}", "…", text) for text in said}


def anchors(text: str) -> set[str]:
    """What links may name in a page: its headings, as GitHub turns them into anchors."""
    plain = (re.sub(r"[*`]|\]\([^)]*\)|\[", "", heading).strip().lower() for heading in HEADING.findall(text))
    return {re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", title)).replace(" ", "-") for title in plain}


def test_a_word_in_bold_stands_on_the_screen_exactly_so(repository: Path, pages: Pages) -> None:
    known = texts_on_screen("vi")
    unknown = {
        file.name: missing
        for file, text in pages.items()
        if file.parent.name == "huong-dan"
        and (missing := [word for word in map(" ".join, map(str.split, BOLD.findall(text))) if word not in known])
    }
    assert not unknown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_quotes_the_screen_exactly(language: str) -> None:
    known = texts_on_screen(language)
    helped = {key: words[language] for key, words in catalogue().items() if key.startswith("web_help.")}
    unknown = {key: word for key, text in helped.items() for word in QUOTED.findall(text) if word not in known}
    assert not unknown


def test_every_sentence_of_the_help_is_on_its_page(repository: Path) -> None:
    template = (repository / "survey/web/templates/public/help.html").read_text(encoding="utf-8")
    shown = {"lead", "contents"}
    for role in re.findall(r'\("(\w+)", \[', template):
        shown.add(f"for_{role}")
    for name, count in re.findall(r'\("(\w+)", (\d+)\)', template):
        shown |= {f"{name}_title", *(f"{name}_{place}" for place in range(1, int(count) + 1))}
    assert {key.removeprefix("web_help.") for key in catalogue() if key.startswith("web_help.")} == shown


def test_every_link_of_the_documents_leads_somewhere(pages: Pages) -> None:
    lost = []
    for file, text in pages.items():
        for link in [*LINK.findall(text), *(picture for _, picture in PICTURE.findall(text))]:
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            there = (file.parent / path).resolve() if path else file
            if not there.exists() or (anchor and anchor not in anchors(pages.get(there, ""))):
                lost.append(f"{file.name}: {link}")
    assert not lost


def test_every_picture_is_shown_and_described_and_can_be_taken_again(repository: Path, pages: Pages) -> None:
    folder = repository / "docs" / "pictures"
    shown = {(file.parent / name).resolve(): alt for file, text in pages.items() for alt, name in PICTURE.findall(text)}
    assert {file.resolve() for file in folder.rglob("*") if file.is_file()} == set(shown)
    assert {folder / f"{scene.name}.png" for scene in SCENES} == set(shown)
    assert not [name for name, alt in shown.items() if len(alt.split()) < 5]


def test_pictures_are_small(repository: Path) -> None:
    sizes = {file.name: file.stat().st_size for file in (repository / "docs" / "pictures").rglob("*.png")}
    assert not {name: size for name, size in sizes.items() if size > LARGEST_PICTURE}
    assert sum(sizes.values()) <= ALL_PICTURES


def test_every_guide_has_its_pictures_and_is_in_the_index(repository: Path, guides: dict[str, str]) -> None:
    index = (repository / "docs" / "huong-dan" / "README.md").read_text(encoding="utf-8")
    assert set(GUIDES) == {file.stem for file in (repository / "docs" / "huong-dan").glob("*.md")} - {"README"}
    for name, text in guides.items():
        assert f"({name}.md)" in index
        assert FEWEST_PICTURES <= len(PICTURE.findall(text)) <= MOST_PICTURES, name
