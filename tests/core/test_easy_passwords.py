"""Passwords that are tried first are known; sentences and random ones are not taken for them."""

import pytest

from survey.core.easy_passwords import is_easily_guessed

EASY = [
    "123456789012", "012345678901", "987654321098", "aaaaaaaaaaaa", "abcabcabcabc", "abcdefghijkl", "qwertyuiop12",
    "1q2w3e4r5t6y", "!@#$%^&*()_+", "1qaz2wsx3edc", "Matkhau@123456", "Mật khẩu 2026", "matkhaumatkhau",
    "P@ssw0rd12345", "Passwordpassword", "Admin@123456789", "Hà Nội 2026 2026", "anhyeuem123456", "nguyen.van.a.2026",
    "NguyenVanA1990", "Nguyễn Văn A 1990", "a nguyễn văn!!", "0912 345 678 9", "            ", "ubnd phuong 2026",
]  # fmt: skip
GOOD = [
    "mật khẩu thật dài", "một câu dễ nhớ", "cà phê sáng thứ hai", "X7#9-2Q!8Z3-41$", "8274192355210037",
    "tr0ng vuon co 3 cay khe", "correct horse battery staple", "Hà Nội mùa này vắng những cơn mưa",
]  # fmt: skip


@pytest.mark.parametrize("password", EASY)
def test_what_everybody_tries_is_easily_guessed(password: str) -> None:
    assert is_easily_guessed(password, "nguyen.van.a", "Nguyễn Văn A")


@pytest.mark.parametrize("password", GOOD)
def test_a_sentence_or_a_random_password_is_not(password: str) -> None:
    assert not is_easily_guessed(password, "nguyen.van.a", "Nguyễn Văn A")


def test_the_same_password_is_fine_for_one_whose_name_it_is_not() -> None:
    assert is_easily_guessed("trinhdinhquoc", "trinh.dinh.quoc")
    assert not is_easily_guessed("trinhdinhquoc", "nguyen.van.a")


@pytest.mark.parametrize("password", ["", "\ud800" * 20, "\x00" * 20, "a" * 100_000, "1qaz" * 25_000])
def test_anything_that_can_be_typed_is_answered(password: str) -> None:
    assert is_easily_guessed(password, "", "…")
