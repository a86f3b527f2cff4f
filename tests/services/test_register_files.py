"""The register as a file: what is taken out and taken in again changes nothing; a preview, then all or nothing."""

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from survey.core.errors import Faults
from survey.services import audit
from survey.services.close_agency import close_agency
from survey.services.edit_agency import change_agency
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.export_agencies import export_csv, export_workbook
from survey.services.import_agencies import (
    ImportedAgencies,
    apply_import,
    leave_import,
    preview_import,
    show_import,
)
from survey.services.open_round import close_round
from survey.services.pending_imports import Effect, Preview
from survey.services.read_register import AgencyView, list_agencies
from survey.storage import events
from tests.services.gate_files import workbook
from tests.services.world import World, at

HEADINGS = ["Mã đơn vị", "Tên đơn vị", "Khối", "Loại đơn vị", "Cấp", "Được đánh giá", "Điện thoại"]
SO_1 = ["SO-1", "Sở Y tế", "Nhà nước", "Sở và cơ quan ngang sở", "Thành phố", "có", None]


def taken_out(world: World, kind: str, person: str = "admin", language: str = "vi") -> bytes:
    with world.database.writing() as session:
        export = export_workbook if kind == "xlsx" else export_csv
        return export(session, world[person], language=language, clock=at())


def preview(world: World, content: bytes, name: str = "ds.xlsx") -> tuple[int, Preview]:
    with world.database.writing() as session:
        number = preview_import(session, world["admin"], content, name, clock=at())
    with world.database.reading() as session:
        told, shown, applied = show_import(session, world["admin"], number)
    assert (told, applied) == (name, False)
    return number, shown


def apply(world: World, number: int, basis: str) -> ImportedAgencies:
    with world.database.writing() as session:
        return apply_import(session, world["admin"], number, basis, clock=at(minutes=3))


def register(world: World) -> tuple[AgencyView, ...]:
    with world.database.reading() as session:
        return list_agencies(session, world["admin"])


def hard_texts(world: World) -> None:
    """Texts that files mangle, in the register."""
    texts = {
        "SO-1": {"note": "=1+1", "basis": "'=2", "contact_phone": "+84 24 3825 3536", "identifier": "000.00.12"},
        "SO-2": {"note": "dòng một\ndòng hai", "basis": 'a  b, “c”; "d"', "identifier": "-1", "contact_name": "@an"},
        "SO-3": {"note": "_x0041_ & <b>", "basis": "''-x", "identifier": "1.10", "contact_email": "a@b.vn"},
        "P-1": {"note": "'không", "attr.has_tthc": ""},
    }
    for code, typed in texts.items():
        with world.database.writing() as session:
            change_agency(session, world["admin"], code, typed, 1, clock=at())


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_register_taken_out_and_in_again_changes_nothing(world: World, kind: str, language: str) -> None:
    hard_texts(world)
    with world.database.writing() as session:
        close_round(session, world["coordinator"], world.known.round_id, clock=at())
        close_agency(session, world["admin"], "SO-3", "01/10/2026", "Giải thể", 2, clock=at())
    _, shown = preview(world, taken_out(world, kind, language=language), f"ds.{kind}")
    assert (shown.told, shown.count(Effect.UNCHANGED)) == ((), 5)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_register_saved_again_by_libreoffice_changes_nothing(world: World, tmp_path: Path) -> None:
    hard_texts(world)
    (tmp_path / "ds.xlsx").write_bytes(taken_out(world, "xlsx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), "ds.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    _, shown = preview(world, (tmp_path / "out" / "ds.xlsx").read_bytes())
    assert (shown.told, shown.count(Effect.UNCHANGED)) == ((), 5)


def test_a_changed_workbook_changes_what_was_changed_in_it(world: World) -> None:
    book = load_workbook(io.BytesIO(taken_out(world, "xlsx")))
    sheet = book["Đơn vị"]
    headings = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[5]}
    codes = {sheet.cell(row, 1).value: row for row in range(6, 11)}
    sheet.cell(codes["SO-2"], headings["Đầu mối"], "Lê Văn Bình")
    sheet.cell(codes["SO-2"], headings["Có giải quyết thủ tục hành chính"], "có")
    for column, text in zip(("Mã đơn vị", *HEADINGS[1:6]), ("SO-4", "Sở Mới", *SO_1[2:5], "không"), strict=True):
        sheet.cell(11, headings[column], text)
    out = io.BytesIO()
    book.save(out)
    number, shown = preview(world, out.getvalue())
    assert [(row.place, row.what, row.effect) for row in shown.told] == [
        ("ô A8", "SO-2 – Sở Dân tộc và Tôn giáo", Effect.CHANGED),
        ("ô A11", "SO-4 – Sở Mới", Effect.ADDED),
    ]
    assert [(one.label, one.before, one.after) for one in shown.told[0].differences] == [
        ("Đầu mối", "", "Lê Văn Bình"),
        ("Có giải quyết thủ tục hành chính", "không", "có"),
    ]
    before = register(world)
    assert apply(world, number, shown.basis) == ImportedAgencies(1, 1, 4)
    after = register(world)
    assert [one.ref.code for one in after] == ["TP", "SO-1", "SO-2", "SO-3", "P-1", "SO-4"]
    assert after[0] == before[0]
    assert after[2].contact == "Lê Văn Bình"


def test_a_file_is_applied_once_and_told_once_without_contacts(world: World) -> None:
    number, shown = preview(world, workbook(HEADINGS, [*SO_1[:6], "0912 345 678"]))
    apply(world, number, shown.basis)
    with pytest.raises(Refused, match="applied_before"):
        apply(world, number, shown.basis)
    with world.database.reading() as session:
        views = audit.event_views(session, events.history(session, audit.AGENCIES, 100))
        assert audit.check_events(session) == ()
    assert [dict(view.data) for view in views[:-1]] == [{"added": [], "changed": {"SO-1": {"contact_phone": []}}}]


def test_a_stale_preview_is_not_applied_and_shows_anew(world: World) -> None:
    number, shown = preview(world, workbook(HEADINGS, ["SO-1", "Sở Y tế Hà Nội", *SO_1[2:]]))
    with world.database.writing() as session:
        change_agency(session, world["admin"], "SO-2", {"note": "khác"}, 1, clock=at())
    with pytest.raises(Refused, match="changed_since"):
        apply(world, number, shown.basis)
    with world.database.reading() as session:
        _, again, _ = show_import(session, world["admin"], number)
    assert apply(world, number, again.basis) == ImportedAgencies(0, 1, 0)


def test_every_fault_has_its_sheet_and_cell_and_nothing_is_kept(world: World) -> None:
    rows = [
        ["SO-1", "", "Nhà nước", "Sở ngành", "Thành phố", "có", "gọi sau"],
        ["SO-7", "Sở Bảy", "Nhà nước", "so", "Thành phố", "có", None],
    ]
    with pytest.raises(Faults) as found, world.database.writing() as session:
        preview_import(session, world["admin"], workbook(HEADINGS, *rows), "ds.xlsx", clock=at())
    assert [(fault.key.partition(".")[2], fault.place()) for fault in found.value.faults] == [
        ("needed", "ds.xlsx, trang “Đơn vị”, ô B2"),
        ("not_listed", "ds.xlsx, trang “Đơn vị”, ô D2"),
        ("phone_form", "ds.xlsx, trang “Đơn vị”, ô G2"),
        ("needed_if_assessed", "ds.xlsx, trang “Đơn vị”, dòng 3"),
        ("needed_if_assessed", "ds.xlsx, trang “Đơn vị”, dòng 3"),
    ]


@pytest.mark.parametrize("heading", ["Có thủ tục", "co_cau"])
def test_a_column_that_nobody_knows_is_refused_on_pages(world: World, heading: str) -> None:
    with pytest.raises(Faults) as found, world.database.writing() as session:
        preview_import(session, world["admin"], workbook([*HEADINGS, heading], [*SO_1, "1"]), "ds.xlsx")
    assert [fault.place() for fault in found.value.faults] == ["ds.xlsx, trang “Đơn vị”, ô H1"]


def test_closing_is_not_done_by_a_file(world: World) -> None:
    content = workbook([*HEADINGS, "Đóng từ ngày"], [*SO_1, "01/10/2026"])
    with pytest.raises(Faults) as found, world.database.writing() as session:
        preview_import(session, world["admin"], content, "ds.xlsx")
    assert [fault.key for fault in found.value.faults] == ["registry.closed_elsewhere"]


def test_a_file_that_is_left_changes_nothing(world: World) -> None:
    number, _ = preview(world, workbook(HEADINGS, SO_1))
    with world.database.writing() as session:
        leave_import(session, world["admin"], number)
    with world.database.reading() as session, pytest.raises(NotFound):
        show_import(session, world["admin"], number)


def test_files_are_taken_in_by_administrators_and_out_by_those_who_see_the_register(world: World) -> None:
    with pytest.raises(NotAllowed), world.database.writing() as session:
        preview_import(session, world["coordinator"], workbook(HEADINGS, SO_1), "ds.xlsx")
    with pytest.raises(NotAllowed):
        taken_out(world, "csv", "clerk")
    with world.database.writing() as session:
        party = replace(world["coordinator"], kinds=frozenset({"dang"}))
        assert export_csv(session, party, clock=at()).count(b"\n") == 1
    with world.database.reading() as session:
        views = audit.event_views(session, events.history(session, audit.ACCESS, 10))
    assert [(view.kind, view.data["what"], view.data["count"]) for view in views] == [("exported", "register", 0)]
    assert "0912" not in str([view.data for view in views])
