"""Accounts from a file: every change is shown first, every fault has its cell, and it is all or nothing."""

import io
from collections.abc import Sequence

import openpyxl
import pytest

from survey.core.errors import Faults
from survey.core.workflow import Role
from survey.services import audit
from survey.services.account_fields import propose_login
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.import_accounts import apply_import, leave_import, preview_import, read_accounts, show_import
from survey.services.list_accounts import AccountView, list_accounts
from survey.services.make_address_book import gather_address_book, gather_template, make_workbook
from survey.services.manage_accounts import change_rights, disable_account
from survey.services.pending_imports import Effect, Preview
from tests.services.world import World, at

HEAD = ("Họ và tên", "Tên đăng nhập", "Thư điện tử", "Điện thoại", "Chức vụ", "Mã đơn vị", "Vai", "Khối")
AN = ("Nguyễn Văn An", "", "an@snv.example", "0912 345 678", "Chuyên viên", "SO-1", "nhập số liệu", "")


def csv(*rows: Sequence[str]) -> bytes:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in (HEAD, *rows)).encode()


def xlsx(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tài khoản"
    for row in (HEAD, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def keep(world: World, content: bytes, name: str = "a.csv", by: str = "admin") -> int:
    table = read_accounts(world[by], content, name)
    with world.database.writing() as session:
        return preview_import(session, world[by], table, clock=at())


def look(world: World, number: int, by: str = "admin") -> Preview:
    with world.database.reading() as session:
        return show_import(session, world[by], number)[1]


def apply(world: World, number: int, basis: str | None = None) -> tuple[int, int, int]:
    seen = look(world, number).basis if basis is None else basis
    with world.database.writing() as session:
        done = apply_import(session, world["admin"], number, seen, clock=at(minutes=5))
    return done.added, done.changed, done.unchanged


def everybody(world: World) -> dict[str, AccountView]:
    with world.database.reading() as session:
        return {one.login: one for one in list_accounts(session, world["admin"], clock=at())}


def faults(world: World, content: bytes, name: str = "a.xlsx") -> list[str]:
    before = everybody(world)
    with pytest.raises(Faults) as caught:
        keep(world, content, name)
    assert everybody(world) == before
    assert all(fault.sentence("en") for fault in caught.value.faults)
    return [fault.sentence() for fault in caught.value.faults]


def test_new_people_are_shown_then_made_without_passwords(world: World) -> None:
    number = keep(world, csv(AN, ("Đỗ Thị Ánh", "anh.dt", "", "", "Giám đốc", "SO-1; P-1", "lãnh đạo duyệt", "")))
    before = everybody(world)
    preview = look(world, number)
    assert [(row.what, row.effect) for row in preview.rows] == [
        ("Nguyễn Văn An (an.nv.so-1)", Effect.ADDED),
        ("Đỗ Thị Ánh (anh.dt)", Effect.ADDED),
    ]
    assert everybody(world) == before
    assert apply(world, number) == (2, 0, 0)
    made = everybody(world)
    an, anh = made["an.nv.so-1"], made["anh.dt"]
    assert (an.name, an.email, an.phone, an.titles, an.state.value) == (
        "Nguyễn Văn An", "an@snv.example", "0912 345 678", ("Chuyên viên",), "new",
    )  # fmt: skip
    assert {(body.code, role, body.title) for body in anh.bodies for role in body.roles} == {
        ("SO-1", Role.LEADER, "Giám đốc"), ("P-1", Role.LEADER, "Giám đốc"),
    }  # fmt: skip


def test_rows_of_one_login_are_one_person_at_several_bodies(world: World) -> None:
    rows = [
        ("Lê Văn Bình", "binh", "", "", "Chủ tịch", "P-1", "lãnh đạo duyệt", ""),
        ("Lê Văn Bình", "binh", "b@p1.example", "", "Phó Giám đốc", "SO-2", "lãnh đạo duyệt; nhập số liệu", ""),
        ("Lê Văn Bình", "binh", "", "", "", "", "tổng hợp", "Đảng; Nhà nước"),
    ]
    assert apply(world, keep(world, csv(*rows))) == (1, 0, 0)
    binh = everybody(world)["binh"]
    assert (binh.email, binh.roles, binh.kinds) == ("b@p1.example", {Role.COORDINATOR}, {"dang", "nha_nuoc"})
    assert {(body.code, body.title, body.roles) for body in binh.bodies} == {
        ("P-1", "Chủ tịch", frozenset({Role.LEADER})),
        ("SO-2", "Phó Giám đốc", frozenset({Role.LEADER, Role.CLERK})),
    }


def test_a_known_login_is_added_to_and_nothing_is_taken_away(world: World) -> None:
    number = keep(world, csv(("Người clerk", "clerk", "c@snv.example", "", "", "SO-3", "nhập số liệu", "")))
    (row,) = look(world, number).rows
    assert row.effect is Effect.CHANGED
    assert next((one.before, one.after) for one in row.differences) == ("", "c@snv.example")
    assert apply(world, number) == (0, 1, 0)
    assert {body.code for body in everybody(world)["clerk"].bodies} == {"SO-1", "P-1", "SO-3"}


def test_the_same_file_again_changes_nothing(world: World) -> None:
    rows = [AN, ("Trần Thị Cúc", "", "", "", "", "SO-2", "nhập số liệu", "")]
    assert apply(world, keep(world, csv(*rows))) == (2, 0, 0)
    again = look(world, keep(world, csv(*rows)))
    assert again.count(Effect.UNCHANGED) == 2
    assert again.told == ()


def test_two_people_of_one_name_at_different_bodies_get_their_own_logins(world: World) -> None:
    rows = [
        ("Nguyễn Văn An", "", "", "", "", "SO-1", "nhập số liệu", ""),
        ("Nguyễn Văn An", "", "", "", "", "SO-2", "nhập số liệu", ""),
        ("Nguyễn Vũ An", "", "", "", "", "SO-1", "lãnh đạo duyệt", ""),
    ]
    assert apply(world, keep(world, csv(*rows))) == (3, 0, 0)
    assert {"an.nv.so-1", "an.nv.so-2", "an.nv.so-1.2"} <= set(everybody(world))


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (("", "", "", "", "", "SO-1", "nhập số liệu", ""), "A2", "họ"),
        (("An", "A B", "", "", "", "SO-1", "nhập số liệu", ""), "B2", ""),
        (("An", "", "an@snv@x", "", "", "SO-1", "nhập số liệu", ""), "C2", "an@snv@x"),
        (("An", "", "", "gọi sau", "", "SO-1", "nhập số liệu", ""), "D2", "gọi sau"),
        (("An", "", "", 912345678, "", "SO-1", "nhập số liệu", ""), "D2", "mất số 0"),
        (("An", "", "", "", "x" * 101, "SO-1", "nhập số liệu", ""), "E2", "100"),
        (("An", "", "", "", "", "SO-99", "nhập số liệu", ""), "F2", "SO-99"),
        (("An", "", "", "", "", "SO-1, P-1", "nhập số liệu", ""), "F2", "chấm phẩy"),
        (("An", "", "", "", "", "", "nhập số liệu", ""), "F2", "mã đơn vị"),
        (("An", "", "", "", "", "SO-1", "giám đốc", ""), "G2", "giám đốc"),
        (("An", "", "", "", "", "SO-1", "", ""), "G2", "Thiếu vai"),
        (("An", "", "", "", "", "SO-1", "kiểm tra", ""), "G2", "nhập số liệu"),
        (("An", "", "", "", "", "", "tổng hợp", ""), "H2", "khối"),
        (("An", "", "", "", "", "", "tổng hợp", "Quân đội"), "H2", "Quân đội"),
        (("An", "", "", "", "", "", "tổng hợp", "mọi khối; Đảng"), "H2", "một mình"),
        (("An", "", "", "", "", "", "kiểm tra", "Đảng"), "H2", "để trống"),
        (("Người Khác", "clerk", "", "", "", "SO-1", "nhập số liệu", ""), "B2", "Người clerk"),
        (("Người admin", "admin", "", "", "", "SO-1", "nhập số liệu", ""), "G2", "chính mình"),
        (("Người admin", "admin", "x@y.example", "", "", "", "quản trị", ""), "G2", "chính mình"),
    ],
)
def test_each_fault_has_its_sheet_and_cell_and_nothing_is_done(
    world: World, row: Sequence[object], cell: str, words: str
) -> None:
    said = faults(world, xlsx(row, AN))
    assert any(f"a.xlsx, trang “Tài khoản”, ô {cell}:" in one and words in one for one in said), said


def test_rows_that_disagree_or_repeat_are_named(world: World) -> None:
    differ = faults(world, xlsx(
        ("Lê Văn Bình", "binh", "a@p.example", "", "", "P-1", "nhập số liệu", ""),
        ("Lê Văn Bính", "binh", "b@p.example", "", "", "SO-1", "nhập số liệu", ""),
    ))  # fmt: skip
    assert [one.split(": ")[0].rpartition(" ")[2] for one in differ] == ["C3"]  # Bình and Bính: only dấu differ
    repeated = faults(world, xlsx(AN, AN))
    assert len(repeated) == 1
    assert "ô A3" in repeated[0]
    assert "dòng 2" in repeated[0]
    other = faults(world, xlsx(
        ("Lê Văn Bình", "binh", "", "", "", "P-1", "nhập số liệu", ""),
        ("Trần Bình", "binh", "", "", "", "SO-1", "nhập số liệu", ""),
    ))  # fmt: skip
    assert "ô A3" in other[0]


def test_all_faults_are_told_at_once(world: World) -> None:
    rows = [("An", "", "sai", "", "", "SO-99", "vua", "") for _ in range(20)]
    assert len(faults(world, xlsx(*rows))) >= 60


def test_nfd_text_and_other_headings_are_read(world: World) -> None:
    import unicodedata

    row = tuple(unicodedata.normalize("NFD", cell) for cell in AN)
    head = ("Name", "User name", "E-mail", "Telephone", "Position", "Codes of bodies", "Roles", "Khối")
    content = "\n".join(",".join(f'"{cell}"' for cell in one) for one in (head, row)).encode()
    assert apply(world, keep(world, content)) == (1, 0, 0)
    assert everybody(world)["an.nv.so-1"].name == "Nguyễn Văn An"


def test_what_changed_after_the_preview_is_shown_again_before_it_is_done(world: World) -> None:
    number = keep(world, csv(("Người clerk", "clerk", "", "", "", "SO-3", "nhập số liệu", "")))
    seen = look(world, number).basis
    other = keep(world, csv(("Người clerk", "clerk", "c@snv.example", "", "", "SO-3", "nhập số liệu", "")))
    assert apply(world, other) == (0, 1, 0)
    with pytest.raises(Refused):
        apply(world, number, seen)
    assert apply(world, number) == (0, 0, 1)
    with pytest.raises(Refused):
        apply(world, number, seen)  # a second press of the button


def test_a_file_is_its_own_persons_alone_and_administrators_only(world: World) -> None:
    number = keep(world, csv(AN))
    with world.database.writing() as session:
        change_rights(session, world["admin"], world["clerk"].account_id, [Role.ADMINISTRATOR], [], clock=at())
    with pytest.raises(NotAllowed):
        look(world, number, "coordinator")
    with pytest.raises(NotAllowed):
        read_accounts(world["clerk"], csv(AN), "a.csv")
    with world.database.writing() as session:
        leave_import(session, world["admin"], number)
    with pytest.raises(NotFound):
        look(world, number)


def test_every_account_made_is_one_event(world: World) -> None:
    apply(world, keep(world, csv(AN, ("Trần Thị Cúc", "", "", "", "", "SO-2", "nhập số liệu", ""))))
    with world.database.reading() as session:
        assert audit.check_events(session) == ()


def test_the_address_book_taken_in_again_changes_nothing(world: World) -> None:
    rows = [
        ("Lê Văn Bình", "binh", "b@p1.example", "024 3825 3536", "Chủ tịch", "P-1; SO-3", "lãnh đạo duyệt", ""),
        ("Lê Văn Bình", "binh", "", "", "Giám đốc", "SO-2", "nhập số liệu; lãnh đạo duyệt", ""),
        ("Phạm Thị Dung", "dung", "", "", "", "", "tổng hợp; kiểm tra", "chỉ số liệu chung"),
        ("Vũ Văn Em", "emvv", "", "", "", "", "tổng hợp", "MTTQ và các tổ chức chính trị - xã hội"),
    ]
    apply(world, keep(world, csv(*rows)))
    with world.database.writing() as session:
        disable_account(session, world["admin"], world["third"].account_id, clock=at())
        for language in ("vi", "en"):
            book = gather_address_book(session, world["admin"], language=language, clock=at())
            content = make_workbook(book, language)
            table = read_accounts(world["admin"], content, "danh-ba.xlsx")
            preview = look_at(session, world, preview_import(session, world["admin"], table, clock=at()))
            assert preview.told == ()
            assert preview.count(Effect.UNCHANGED) == 10


def look_at(session: object, world: World, number: int) -> Preview:
    return show_import(session, world["admin"], number)[1]  # type: ignore[arg-type]


def test_the_template_filled_in_is_taken(world: World) -> None:
    with world.database.reading() as session:
        content = make_workbook(gather_template(session, world["admin"], clock=at()))
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Tài khoản"]
    for column, text in enumerate(AN, 1):
        sheet.cell(6, column, text)
    codes = [cell.value for cell in book["Đơn vị"]["A"][1:]]
    assert {"SO-1", "SO-2", "SO-3", "P-1"} <= set(codes)
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert any("Đơn vị" in str(source) for source in rules.values())
    out = io.BytesIO()
    book.save(out)
    assert apply(world, keep(world, out.getvalue(), "mau.xlsx")) == (1, 0, 0)


def test_proposed_logins_are_plain_short_and_free() -> None:
    codes = ["HN-UBND-SNV", "HN-00004-UBND", "HN-TU"]
    home_affairs = ("HN-UBND-SNV", "Sở Nội vụ")
    assert propose_login("Nguyễn Văn An", home_affairs, codes, set()) == "an.nv.ubnd-snv"
    assert propose_login("Nguyễn Văn An", home_affairs, codes, {"an.nv.ubnd-snv"}) == "an.nv.ubnd-snv2"
    assert propose_login("An", ("", ""), codes, set()) == "an.canbo"
    assert propose_login("李明", ("", ""), codes, set()) == "canbo"


@pytest.mark.parametrize(
    ("code", "name", "login"),
    [
        ("HN-00004-UBND", "Ủy ban nhân dân phường Hoàn Kiếm", "uoc.dt.hoankiem"),
        ("HN-00637-MTTQ", "Ủy ban Mặt trận Tổ quốc Việt Nam phường Đại Mỗ", "uoc.dt.daimo"),
        ("HN-00008-UBND", "Ủy ban nhân dân phường Văn Miếu - Quốc Tử Giám", "uoc.dt.vanmieuquoctugiam"),
        ("HN-00004-UBND", "Trung tâm hành chính", "uoc.dt.hn-00004-ubnd"),
        ("SG-1", "", "uoc.dt.sg-1"),
    ],
)
def test_a_proposed_login_names_the_ward_and_not_its_number(code: str, name: str, login: str) -> None:
    assert propose_login("Đặng Thị Ước", (code, name), ["HN-UBND-SNV", "SG-1"], set()) == login
