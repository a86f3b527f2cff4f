"""Whatever is in a file, it loads or has faults that can be said in both languages; there is no other error."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.errors import Fault, Faults
from survey.core.examples import differences, read_examples
from survey.core.load import load, load_text
from survey.core.questionnaire import Questionnaire
from survey.core.text import LANGUAGES

EXAMPLES = 300
FEATURES = Path(__file__).resolve().parents[2] / "questionnaires" / "features"
FILES = {file.name: file.read_text(encoding="utf-8").splitlines() for file in sorted(FEATURES.glob("*.yaml"))}
CASES = {name: (FEATURES / "examples" / name).read_text(encoding="utf-8").splitlines() for name in FILES}
WORDS = [
    *(
        "",
        "x",
        "- x",
        "a: b",
        "yes",
        "true",
        '"1"',
        "1.10",
        "{a: b}",
        "[x]",
        "&a x",
        "*a",
        "!t x",
        "'",
        '"',
        "|",
        ">",
        "~",
    ),
    *("- a: b", ": x", "? x", "\0", "\ud800", "  - - x", "đ" * 600),
    *("ask: text", 'max: "0"', "zero_b: zero", "groups:", "score: map", 'above: "1/3"', 'from: "-1"', "is:", "mean:"),
    *("input: x", "part: false"),
]


@st.composite
def damaged(draw: st.DrawFn, files: dict[str, list[str]]) -> tuple[str, str]:
    """A file's name and its text after a few slips: lines lost, doubled, moved, cut, indented, or replaced."""
    name = draw(st.sampled_from(sorted(files)))
    lines = list(files[name])
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
        key = lines[place].split(":")[0]
        word = draw(st.sampled_from(WORDS))
        slip = draw(st.sampled_from(["lost", "doubled", "cut", "deeper", "replaced", "value", "added"]))
        if slip == "lost" and len(lines) > 1:
            del lines[place]
        elif slip == "doubled":
            lines.insert(place, lines[place])
        elif slip == "cut":
            lines[place] = lines[place][: draw(st.integers(0, len(lines[place])))]
        elif slip == "deeper":
            lines[place] = "  " + lines[place]
        elif slip == "value":
            lines[place] = f"{key}: {word}"
        else:
            lines[place : place + (slip == "replaced")] = [indent + word]
    return name, "\n".join(lines)


def faults_of(read: Callable[[], object]) -> list[Fault]:
    """The faults of what is read, each said in both languages."""
    try:
        read()
    except Faults as raised:
        found = list(raised.faults)
    else:
        return []
    assert found, "an error that names no fault"
    assert all(fault.sentence(language) for fault in found for language in LANGUAGES)
    return found


@settings(max_examples=EXAMPLES)
@given(damaged(FILES))
def test_a_damaged_questionnaire_loads_or_has_faults(case: tuple[str, str]) -> None:
    name, text = case
    lines = [fault.line for fault in faults_of(lambda: load_text(text, name))]
    assert all(1 <= line <= text.count("\n") + 2 for line in lines)


@settings(max_examples=EXAMPLES // 2)
@given(damaged(CASES))
def test_damaged_cases_are_read_or_have_faults(case: tuple[str, str]) -> None:
    name, text = case
    questionnaire = load(FEATURES / name)
    faults_of(lambda: check_text(questionnaire, text))


def check_text(questionnaire: Questionnaire, text: str) -> None:
    if differ := differences(questionnaire, read_examples(text, "examples.yaml", questionnaire)):
        raise Faults(differ)


@given(st.text() | st.binary())
def test_any_text_and_any_bytes_have_faults(text: str | bytes) -> None:
    assert faults_of(lambda: load_text(text, "thu.yaml")), "no questionnaire is made by chance"
