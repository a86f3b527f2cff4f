"""Tiny questionnaires for the tests of the language: a faulty line is marked by `# here`."""

from textwrap import dedent, indent

from survey.core.errors import Fault, Faults
from survey.core.load import load_text

HEAD = """\
id: thu
version: "1"
title: Thử
attributes:
  has_tthc: Có giải quyết thủ tục hành chính
  la_mttq: Là Mặt trận Tổ quốc
inputs:
  so_cbccvc:
    label: Tổng số công chức, viên chức
    unit: người
    kind: integer
groups:
  - code: "1"
    name: Nhận thức số
    indicators:
      - code: "1.0"
        name: Số công chức
        max: "10"
        ask:
          number:
            input: so_cbccvc
        score:
          linear:
            from: "0"
            to: "100"
"""


def questionnaire_with(indicators: str) -> str:
    """A questionnaire of one group, with these indicators beside a faultless one."""
    return HEAD + indent(dedent(indicators).strip("\n"), "      ") + "\n"


def marked_lines(text: str) -> list[int]:
    """The lines with the mark `# here`."""
    return [number for number, line in enumerate(text.split("\n"), start=1) if "# here" in line]


def faults_of(text: str | bytes) -> list[Fault]:
    """Every fault of a text; empty where it loads."""
    try:
        load_text(text, "thu.yaml")
    except Faults as found:
        return list(found.faults)
    return []


def found_in(text: str) -> list[tuple[str, int]]:
    """Key (without its room) and line of every fault."""
    return [(fault.key.removeprefix("faults."), fault.line) for fault in faults_of(text)]


def expected(text: str, *keys: str) -> list[tuple[str, int]]:
    """One fault on each marked line, in this order."""
    return list(zip(keys, marked_lines(text), strict=True))
