"""Files and tables that are handed in as a phiếu: pasted, wrong in every way, saved again by LibreOffice."""

from __future__ import annotations

import io
import random
import time
import unicodedata
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from survey.core.errors import Faults
from survey.services.instance import open_database
from tests.recalculate import convert_all
from tests.services import gate_files
from tests.services.offline_world import (
    KAD,
    NOTE,
    REASON,
    VALUE,
    built,
    download,
    hand_in,
    look,
    one,
    paste,
    saved,
    stands,
    take,
    typed,
)  # fmt: skip
from tests.services.world import World, build_world

__all__ = ["built", "one"]

KINDS = Path(__file__).parents[1] / "core" / "offline"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2.a\t5\nso_cbccvc\t1.234\n", {"1.2.a": "5", "so_cbccvc": "1234"}),
        ("\n1.2.a\t5\r\n\r\n2.7\tmột, hai; ba\r\n", {"1.2.a": "5", "2.7": "một, hai; ba"}),
        ("STT\tMã\tNội dung\tGiá trị\n1\t1.2.a\tSố người\t5\n2\t1.3\tKế hoạch\tCó\n", {"1.2.a": "5", "1.3": "yes"}),
        ("Mã\tSố liệu\tGhi chú\n1.2.a\t5\t\n2.3\t7\ttheo sổ\n", {"1.2.a": "5", "2.3": "7", "note:2.3": "theo sổ"}),
        ("code\tvalue\n2.5\tSao lưu; Tập huấn\n", {"2.5": ["sao_luu", "tap_huan"]}),
        (unicodedata.normalize("NFD", "Mã\tGiá trị\n1.1\tNgười đứng đầu\n"), {"1.1": "nguoi_dung_dau"}),
        ('2.7\t"hai\ndòng"\n1.2.a\t5\n', {"2.7": "hai\ndòng", "1.2.a": "5"}),
    ],
)
def test_a_pasted_table_goes_the_same_way(one: World, text: str, expected: dict[str, object]) -> None:
    number = paste(one, text)
    assert look(one, number).faults == ()
    take(one, number)
    assert {key: one.get("value", one.get("text")) for key, one in stands(one).items()} == expected


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("9.9\t5\n1.2.a\tnăm", ["Bảng đã dán, dòng 1, cột A: mã “9.9”", "Bảng đã dán, dòng 2, cột B: “năm”"]),
        ("Mã\tGiá trị\n\n9.9\t5\n", ["Bảng đã dán, dòng 3, cột A: mã “9.9”"]),
    ],
)
def test_faults_of_a_pasted_table_are_told_by_line(one: World, text: str, sentences: list[str]) -> None:
    told = [fault.sentence() for fault in look(one, paste(one, text)).faults]
    assert len(told) == len(sentences)
    assert all(said.startswith(wanted) for said, wanted in zip(told, sentences, strict=True)), told


def test_a_part_above_its_whole_is_told_before_it_is_taken(one: World) -> None:
    shown = look(one, paste(one, "1.2.a\t5\nso_cbccvc\t4\n2.3\t1\n"))
    assert (len(shown.changes), shown.faults) == (3, ())
    assert len(shown.warnings) == 1
    assert shown.warnings[0].startswith("1.2: vì “Số người được tập huấn” (5) lớn hơn")
    assert look(one, paste(one, "1.2.a\t5\nso_cbccvc\t6\n")).warnings == ()


def test_of_very_many_faults_the_first_are_listed(one: World) -> None:
    started = time.monotonic()
    shown = look(one, paste(one, "1.2.a\t5\n" + "".join(f"x{at}\t1\n" for at in range(5_000))))
    assert (len(shown.changes), len(shown.faults), shown.faulty) == (1, 100, 5_000)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("chỉ một cột\nhai dòng", "hai cột, mã và giá trị"),
        ("", "hai cột, mã và giá trị"),
        ("1.1\tx\ty\n", "3 cột mà không có dòng tiêu đề"),
        ("Mã\tTên\n1.1\tx\n", "Thiếu cột “Giá trị”"),
        ('1.2.a\t5\n2.7\t"chưa khép\n', "dòng 2: Dấu nháy kép"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(one: World, text: str, sentence: str) -> None:
    with pytest.raises(Faults) as refused:
        paste(one, text)
    assert sentence in refused.value.faults[0].sentence()


def twice(book: openpyxl.Workbook, sheet: Any) -> None:
    """The sheet once more, as when somebody puts the answers of two departments into one file."""
    book.copy_worksheet(sheet)


HOSTILE = {
    "no workbook at all": (b"xin ch\xc3\xa0o", "Không tìm thấy dòng tiêu đề"),
    "empty": (b"", "không có nội dung"),
    "encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "có mật khẩu"),
    "old format": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kiểu cũ"),
    "pdf": (b"%PDF-1.7\n", "tệp PDF"),
    "other headings": (gate_files.workbook(["Họ tên", "Chức vụ"], ["An", "Giám đốc"]), "Cần có các cột: Mã, Giá trị"),
    "no value": (gate_files.workbook(["Mã", "Đơn vị"], ["1.1", "x"]), "dòng 1: Thiếu cột “Giá trị”"),
    "no rows": (gate_files.workbook(["Mã", "Giá trị"]), "không có dòng dữ liệu"),
    "twice": (gate_files.workbook(["Mã", "Giá trị", "Mã"], ["1.1", "x"]), "ô C1: Tiêu đề “Mã” đã có ở cột A"),
}
GRID = gate_files.workbook(["Mã", "Giá trị"], ["1.2.a", 5])
HOSTILE |= {
    "macros": (gate_files.with_parts(GRID, ("xl/vbaProject.bin", b"x")), "macro"),
    "links": (gate_files.with_parts(GRID, ("xl/externalLinks/externalLink1.xml", b"<x/>")), "nguồn khác"),
    "zip bomb": (gate_files.with_parts(GRID, ("xl/media/a.png", bytes(90_000_000))), "bung ra quá 60 MB"),
    "too many rows": (gate_files.many_rows(60_000, b"<row><c><v>1</v></c></row>", GRID), "nằm dưới dòng 50000"),
    "two sheets": (gate_files.workbook(["Mã", "Giá trị"], ["1.2.a", 5], also=twice), "“Đơn vị”, “Đơn vị Copy”"),
    "cut": (GRID[: len(GRID) // 2], "bị cắt cụt hoặc hỏng"),
    "stray cell": (
        gate_files.workbook(["Mã", "Giá trị"], ["1.2.a", 5], also=lambda _, sheet: sheet.__setitem__("B1048576", 1)),
        "ô B1048576: Ô này nằm dưới dòng 50000",
    ),
    "merged": (
        gate_files.workbook(["Mã", "Giá trị"], ["1.2.a", 5], also=lambda _, sheet: sheet.merge_cells("B2:B3")),
        "ô B2: Các ô B2:B3",
    ),
}


def test_each_wrong_workbook_gets_its_sentence_and_changes_nothing(one: World) -> None:
    for name, (content, sentence) in HOSTILE.items():
        with pytest.raises(Faults) as refused:
            hand_in(one, content)
        told = [fault.sentence() for fault in refused.value.faults]
        assert len(told) == 1, name
        assert told[0].startswith("phieu.xlsx"), name
        assert sentence in told[0], (name, told)
    assert stands(one) == {}
    assert [one.target for one in look(one, hand_in(one, GRID)).changes] == ["1.2.a"]


TYPED: dict[tuple[str, str], Any] = {
    ("1.1", VALUE): "Có", ("1.2.a", VALUE): "1.234", ("so_cbccvc", VALUE): 4000, ("1.3", VALUE): "Cấp phó (cap_pho)",
    ("2.1:ke_hoach", VALUE): "Không", ("2.1:kinh_phi", VALUE): "Có", ("2.2.a1", VALUE): 3, ("2.2.b1", VALUE): 4,
    ("2.2.a2", VALUE): "1,234.5", ("2.2.b2", VALUE): 1234567.25, ("2.3", VALUE): 7.25,
    ("2.10", VALUE): "=cmd|' /C calc'!A0\nhai dòng “ở”", ("3.1.n1", VALUE): 12, ("3.1.n2", VALUE): 0,
    ("3.2", VALUE): -0.000001, ("3.3.a", VALUE): 999999999999999,
    ("1.2", NOTE): unicodedata.normalize("NFD", "Giải thích"),
    ("1.1", KAD): REASON,
}  # fmt: skip
MEANT = {
    "1.1": "yes", "1.2.a": "1234", "so_cbccvc": "4000", "1.3": "cap_pho", "2.1": ["kinh_phi"], "2.2.a1": "3",
    "2.2.b1": "4", "2.2.a2": "1234.5", "2.2.b2": "1234567.25", "2.3": "7.25",
    "2.10": "=cmd|' /C calc'!A0\nhai dòng “ở”", "3.1.n1": "12", "3.1.n2": "0", "3.2": "-0.000001",
    "3.3.a": "999999999999999",
}  # fmt: skip


LETTERS = "aăĐỡ=+-@_x00A\n\t“”& <>'1.,5ﬁ\U0001f642"
NOTED = ("note:1.1", "note:1.2", "note:2.1", "note:3.1", "unproven:1.1", "unproven:2.1")


def drawn(chance: random.Random) -> dict[str, str]:
    """Answers and notes at random: long and short figures, odd texts; some are left blank, some cannot be taken."""

    def digits(most: int) -> str:
        return str(chance.randrange(10 ** chance.randint(1, most)))

    def figure(key: str) -> str:
        if chance.random() < 0.1:
            return chance.choice(["1.5", "x", "-3", "1e5", "１２"])
        sign = chance.choice(["", "-"]) if key == "3.2" else ""
        places = {"3.2": 15, "2.2.a2": 6, "2.2.b2": 6, "2.3": 2}.get(key, 0)
        whole = chance.choice("0123456") if key == "2.3" else digits(15 - places // 3)
        return f"{sign}{whole},{digits(places)}" if places else whole

    picked = {
        "1.1": ["yes", "no"], "1.3": ["dung_dau", "cap_pho", "cap_pho_khac"],
        "2.1": ["-", "ke_hoach", "kinh_phi", "ke_hoach;kinh_phi"],
    }  # fmt: skip
    texts = {key: "".join(chance.choices(LETTERS, k=chance.randint(1, 40))) for key in ("2.10", *NOTED)}
    figures = {key: figure(key) for key in MEANT if key not in picked and key != "2.10"}
    found = {key: chance.choice(options) for key, options in picked.items()} | texts | figures
    return {key: text if chance.random() < 0.8 else "" for key, text in found.items()}


def filled_cells(said: Mapping[str, Any]) -> int:
    """How many cells a phiếu fills in: one a value, two for the ticks."""
    return len(said) + ("value" in said.get("2.1", {}))


def test_every_kind_of_answer_comes_back_from_libreoffice_as_it_was(tmp_path: Path, soffice: str) -> None:
    with closing(open_database(tmp_path)) as database:
        every_kind_comes_back(World(database, build_world(database, KINDS)), tmp_path, soffice)


def every_kind_comes_back(world: World, folder: Path, soffice: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(typed(download(world), TYPED)))
    for cell in book["Phiếu"]["D"]:
        cell.data_type = "s" if cell.data_type == "f" else cell.data_type  # typed with an apostrophe before it
    (folder / "typed.xlsx").write_bytes(saved(book))
    chance, said = random.Random(20261130), []
    for place in range(4):
        world.save(drawn(chance))
        said.append(stands(world))
        (folder / f"{place}.xlsx").write_bytes(download(world))
    files = [folder / f"{name}.xlsx" for name in ("typed", *range(4))]
    again, *others = (file.read_bytes() for file in convert_all(files, folder, soffice))
    for content, before in zip(others, said, strict=True):
        shown = look(world, hand_in(world, content))
        assert (shown.changes, shown.faults, shown.unchanged) == ((), (), filled_cells(before))
    world.save(dict.fromkeys((*MEANT, *NOTED), ""))
    assert stands(world) == {}
    number = hand_in(world, again)
    assert look(world, number).faults == ()
    take(world, number)
    found = stands(world)
    assert {key: one["value"] for key, one in found.items() if "value" in one} == MEANT
    assert (found["note:1.2"]["text"], found["kad:1.1"]["reason"]) == ("Giải thích", REASON)
    assert look(world, hand_in(world, again)).changes == ()
