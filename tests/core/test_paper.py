"""The head of official documents by body, how signatures are written, and codes as hands type them."""

import csv
from pathlib import Path

import pytest

from survey.core.paper import Capacity, Layout, is_code_of, letterhead, read_code

HEADS = {
    "HN-UBND-SNV": (Layout.STATE, ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ HÀ NỘI"), ("SỞ NỘI VỤ",), "Hà Nội", "TTr-"),
    "HN-00127-UBND": (Layout.STATE, (), ("ỦY BAN NHÂN DÂN", "PHƯỜNG VIỆT HƯNG"), "Việt Hưng", "TTr-UBND"),
    "HN-00226-DU": (
        Layout.PARTY, ("ĐẢNG BỘ THÀNH PHỐ HÀ NỘI",), ("ĐẢNG ỦY PHƯỜNG", "VĂN MIẾU - QUỐC TỬ GIÁM"),
        "Văn Miếu - Quốc Tử Giám", "TTr/ĐU",
    ),
    "HN-TU-BTC": (Layout.PARTY, ("THÀNH ỦY HÀ NỘI",), ("BAN TỔ CHỨC",), "Hà Nội", "TTr/"),
    "HN-10003-MTTQ": (
        Layout.STATE, (), ("ỦY BAN MẶT TRẬN", "TỔ QUỐC VIỆT\xa0NAM", "XÃ TÂY PHƯƠNG"), "Tây Phương", "TTr-MTTQ-BTT",
    ),
    "HN-UBND-BQLKCN": (
        Layout.STATE, ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ HÀ NỘI"),
        ("BAN QUẢN LÝ", "KHU CÔNG NGHỆ CAO", "VÀ KHU CÔNG NGHIỆP", "THÀNH PHỐ HÀ NỘI"), "Hà Nội", "TTr-",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def bodies(repository: Path) -> dict[str, dict[str, str]]:
    with (repository / "survey/data/hanoi_agencies.csv").open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row for row in csv.DictReader(stream)}


@pytest.mark.parametrize("code", HEADS)
def test_the_head_names_the_body_as_its_documents_do(bodies: dict[str, dict[str, str]], code: str) -> None:
    row = bodies[code]
    above = bodies[row["parent_code"]]["name"] if row["parent_code"] else ""
    head = letterhead(row["kind"], row["name"], above)
    assert (head.layout, head.above, head.body, head.place, head.symbol) == HEADS[code]


def test_every_body_of_the_register_has_a_head_with_a_place(bodies: dict[str, dict[str, str]]) -> None:
    for row in bodies.values():
        above = bodies[row["parent_code"]]["name"] if row["parent_code"] else ""
        head = letterhead(row["kind"], row["name"], above)
        assert all(head.body), row["name"]
        assert all(len(line) <= 24 and not line.startswith("-") for line in (*head.above, *head.body)), row["name"]
        assert head.place, row["name"]
        assert (head.layout is Layout.PARTY) == (row["kind"] == "dang")


def test_signatures_are_written_as_the_layout_wants() -> None:
    assert [one.written(Layout.STATE) for one in Capacity] == ["", "TM.", "KT.", "TL.", "TUQ."]
    assert [one.written(Layout.PARTY) for one in Capacity][:4] == ["", "T/M", "K/T", "T/L"]


DIGEST = "7f3a91c2" + "0123456789abcdef" * 3 + "00112233"
READ = {
    "7F3A-91C2": "7f3a91c2", " 7f3a 91c2 ": "7f3a91c2", "7F3A–91C2": "7f3a91c2", "7F3A.91C2": "7f3a91c2",
    DIGEST: DIGEST, DIGEST[:16].upper(): DIGEST[:16], "OI23-4567": "01234567",
    "": None, "7F3A": None, "7F3A-91C2-0": None, "GHIJ-KLMN": None, DIGEST + "0": None, "７F3A-91C2": None,
}  # fmt: skip


@pytest.mark.parametrize("typed", READ)
def test_codes_are_read_as_hands_type_them(typed: str) -> None:
    assert read_code(typed) == READ[typed]


def test_a_code_is_of_one_content_alone() -> None:
    assert is_code_of("7f3a91c2", DIGEST)
    assert is_code_of(DIGEST, DIGEST)
    assert not is_code_of("7f3a91c3", DIGEST)
