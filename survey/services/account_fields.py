"""What an account may hold: names, logins, ways to reach a person, as typed by an administrator or read from a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from survey.core.addresses import read_address, read_phone
from survey.core.answers import clean_text
from survey.core.sorting_vi import fold
from survey.services import passwords
from survey.services.errors import Refused

LONGEST_NAME = 100
LONGEST_TITLE = 100
_NUMBERED = re.compile(r"(?:^|-)\d+(?:-|$)")
_PLACE = re.compile(r".* (?:xa|phuong|dac khu|thi tran) (.+)")  # as `fold` writes them
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,63}")


def checked_name(typed: str) -> str:
    """A person's name, blanks single. Raises Refused."""
    name = " ".join(clean_text(typed).split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("services.name_needed", "name", longest=LONGEST_NAME)
    return name


def checked_login(typed: str) -> str:
    """A login in its form, which may be taken already. Raises Refused."""
    login = passwords.clean_login(typed)
    if not _LOGIN.fullmatch(login):
        raise Refused("services.login_form", "login")
    return login


def checked_title(typed: str) -> str:
    """Chức vụ; may be empty. Raises Refused."""
    title = " ".join(clean_text(typed).split())
    if len(title) > LONGEST_TITLE:
        raise Refused("accounts.title_long", "title", longest=LONGEST_TITLE)
    return title


def checked_email(typed: str) -> str:
    """An address, "" for none. Raises Refused."""
    address = read_address(typed) if typed.strip() else ""
    if address is None:
        raise Refused("mail.address_form", "email", typed=" ".join(clean_text(typed).split())[:100])
    return address


def checked_phone(typed: str) -> str:
    """A telephone number, "" for none. Raises Refused."""
    number = read_phone(typed) if typed.strip() else ""
    if number is None:
        raise Refused("accounts.phone_form", "phone", typed=" ".join(clean_text(typed).split())[:100])
    return number


def search_text(name: str, login: str) -> str:
    """What search compares."""
    return fold(f"{name} {login}")


def propose_login(name: str, body: tuple[str, str], codes: Iterable[str], taken: Collection[str]) -> str:
    """A login for a person without one: given name, first letters of the others, then the body; not yet taken.

    `body` is its code and name. Nguyễn Văn An at HN-UBND-SNV is an.nv.ubnd-snv where every code of the register begins
    with HN-; at a body whose code holds a number, such as HN-00004-UBND, an.nv.hoankiem: nobody knows the number.
    """
    words = ["".join(letter for letter in word if "a" <= letter <= "z" or letter.isdigit()) for word in _words(name)]
    words = [word for word in words if word.isascii() and word]
    given = words[-1] if words else "canbo"
    others = "".join(word[0] for word in words[:-1])
    parts = [given, others, _place(*body) or _short_code(body[0], codes)]
    wanted = ".".join(part for part in parts if part)[:56].rstrip(".-")
    if len(wanted) < 3:
        wanted = f"{wanted}.canbo"
    number, login = 1, wanted
    while login in taken:
        number += 1
        login = f"{wanted}{'.' if wanted[-1].isdigit() else ''}{number}"
    return login


def _words(name: str) -> list[str]:
    return fold(name).split()


def _place(code: str, name: str) -> str:
    """The ward or commune in a body's name, for a body whose code holds its number; "" for others."""
    named = _PLACE.fullmatch(fold(name)) if _NUMBERED.search(code) else None
    return "".join(letter for letter in named[1] if "a" <= letter <= "z" or letter.isdigit()) if named else ""


def _short_code(code: str, codes: Iterable[str]) -> str:
    """A body's code in a login, without the beginning that every code of the register shares."""
    beginnings = {one.partition("-")[0] for one in codes}
    short = code.partition("-")[2] if len(beginnings) == 1 and "-" in code else code
    return re.sub(r"[^a-z0-9-]", "-", fold(short)).strip("-")
