"""What a printed invitation says, line by line: the one input of the page and of the Word file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LetterWords:
    """One letter, ready to be printed in one language."""

    office: str
    title: str
    to: str
    opening: str
    work_title: str  # "" where nothing is listed
    work: tuple[str, ...]
    steps_title: str
    steps: tuple[str, str, str, str]  # open the address, type the login, type the code, choose a password
    address: str
    login: str
    code: str
    until: str
    care: str
    ask: str
    language: str
