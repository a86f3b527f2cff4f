"""Vietnamese order of names, and folding for search."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.sorting_vi import fold, vietnamese_key

ORDERED = [
    ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "o", "ô", "ơ", "u", "ư", "v", "x", "y"],
    ["ma", "mà", "mả", "mã", "má", "mạ"],
    ["Đà Nẵng", "Đa Phúc"],  # letters of the whole name go before any tone
    ["Phường 2", "Phường 10", "Phường 10A", "Phường Ba Đình"],
    ["Ban Dân vận", "Ban Tổ chức", "Đảng ủy", "Sở Công Thương", "Sở Du lịch", "Sở Y tế"],
    [
        "UBND xã Ba Vì",
        "UBND xã Bát Tràng",
        "UBND xã Bất Bạt",
        "UBND xã Đông Anh",
        "UBND xã Ứng Hòa",
        "UBND xã Xuân Mai",
    ],
    ["Hà", "Hà Nội", "Hàm Rồng"],
    ["Zeus", "Ωmega"],
]


@pytest.mark.parametrize("names", ORDERED)
def test_names_stand_in_vietnamese_order(names: list[str]) -> None:
    assert sorted(names, key=vietnamese_key) == names


def test_case_does_not_part_equal_names() -> None:
    assert sorted(["sở y tế", "Sở Nội vụ", "SỞ XÂY DỰNG"], key=vietnamese_key) == [
        "Sở Nội vụ",
        "SỞ XÂY DỰNG",
        "sở y tế",
    ]


@given(st.text(alphabet="aàảãáạăằâấđêệôốơờưứy 0123456789-"))
def test_the_form_of_unicode_does_not_change_the_place(name: str) -> None:
    decomposed = unicodedata.normalize("NFD", name)
    assert vietnamese_key(name)[:2] == vietnamese_key(decomposed)[:2]


@given(st.text(), st.text())
def test_any_two_names_can_be_compared_and_only_equal_ones_are_equal(one: str, other: str) -> None:
    first, second = vietnamese_key(one), vietnamese_key(other)
    assert (first < second) + (first > second) + (one == other) == 1


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đảng ủy xã Đông Anh", "dang uy xa dong anh"),
        ("ƯU  TIÊN\u00a0số", "uu tien so"),
        (unicodedata.normalize("NFD", "Thị trấn Ứng Hòa"), "thi tran ung hoa"),
        ("", ""),
    ],
)
def test_folding_leaves_plain_letters(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
