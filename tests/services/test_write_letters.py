"""What a printed invitation says: a person of many bodies gets a letter of one page, too."""

from datetime import UTC, datetime

import pytest

from survey.services.write_letters import MOST_LINES, Contact, Letter, letter_words
from survey.storage.invitations import Purpose


def letter(bodies: int, work: str = "Chuyên viên") -> Letter:
    served = tuple(f"{work}, Ủy ban nhân dân phường {place}" for place in range(1, bodies + 1))
    contact = Contact("Sở Khoa học và Công nghệ", "Cán bộ 1")
    return Letter(
        "Cán bộ 2", "canbo2", served, "AAAA-BBBB-CCCC", Purpose.FIRST, datetime(2026, 12, 1, tzinfo=UTC), "vi", contact
    )


@pytest.mark.parametrize("bodies", [0, 1, MOST_LINES])
def test_a_letter_lists_the_bodies_that_a_page_holds(bodies: int) -> None:
    assert letter_words(letter(bodies), "https://vi-du.example").work == letter(bodies).bodies


def test_a_letter_tells_how_many_more_there_are() -> None:
    work = letter_words(letter(24), "https://vi-du.example").work
    assert len(work) == MOST_LINES
    assert work[:-1] == letter(24).bodies[: MOST_LINES - 1]
    assert work[-1] == "và 13 đơn vị khác, xem đủ trên hệ thống."


def test_bodies_that_take_two_lines_each_count_twice() -> None:
    long = letter(MOST_LINES, work="Phó Chủ tịch Ủy ban nhân dân kiêm Trưởng phòng Văn hóa - Xã hội")
    work = letter_words(long, "https://vi-du.example").work
    assert work[:-1] == long.bodies[: (MOST_LINES - 1) // 2]
    assert work[-1] == "và 7 đơn vị khác, xem đủ trên hệ thống."
