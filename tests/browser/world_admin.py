"""What administrators have done: the register changed, accounts in every state, files that wait, other instances."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyotp

from survey.core.workflow import Role
from survey.services import import_accounts, import_agencies, instance
from survey.services.close_agency import close_agency
from survey.services.create_account import Serves, create_account
from survey.services.edit_agency import add_agency, rename_agency
from survey.services.instance import Session
from survey.services.invite_accounts import Way, send_invitations
from survey.services.make_package import make_package
from survey.services.manage_accounts import disable_account
from survey.services.open_round import find_round
from survey.services.people import Person
from survey.services.read_register import read_agency
from survey.services.second_factor import confirm_enrolment, offer_enrolment
from survey.services.sign_in import CheckedPassword, check_password, find_signed_in, open_session
from survey.services.take_package import take_package
from survey.services.trust_source import source_of, trust_source
from survey.services.waiting_packages import keep_package
from survey.storage import settings
from survey.storage.database import Database
from tests.browser.world import BOARD, DEPARTMENT, PARTY, PASSWORD, ROUND, WARD, packaged_rows, person_of

CONFIG = """address = "https://khaosat.hanoi.example"
[mail]
host = "localhost"
sender = "khaosat@hanoi.example"
security = "none"
"""
UNUSED, ENDED = "HN-UBND-TTCDS", "HN-UBND-TTPVHCC"
LONG = "nguyen.hoang.thi.phuong.thao.nguyen@phuongvanmieuquoctugiam.hanoi.example"
HEAD = ("Họ và tên", "Tên đăng nhập", "Thư điện tử", "Điện thoại", "Chức vụ", "Mã đơn vị", "Vai", "Khối")
TWO_STEPS = "hailop"  # an account that stops at the second step


def live_in_administration(folder: Path) -> dict[str, str]:
    """Everything above; returns what addresses name."""
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    first, newer = (_pack(folder, "feedfacecafe0001", figures=figures) for figures in (False, True))
    unknown = _pack(folder, "feedfacecafe0002", figures=True)
    database = instance.open_database(folder)
    admin, coordinator = person_of(database, "quantri"), person_of(database, "tonghop")
    places: dict[str, str] = {}
    with database.writing() as session:
        _change_register(session, admin)
        places |= _accounts(session, admin)
        _take_packages(session, admin, coordinator, first)
        places["package"] = str(keep_package(session, coordinator, newer, ROUND))
        places["package_unknown"] = str(keep_package(session, coordinator, unknown, ROUND))
        places["source"] = str(keep_package(session, admin, unknown, ""))
        places["register_import"] = str(import_agencies.preview_import(session, admin, register_file(), "don-vi.csv"))
        table = import_accounts.read_accounts(admin, accounts_file(), "tai-khoan.csv")
        places["account_import"] = str(import_accounts.preview_import(session, admin, table))
    _set_up_second_factor(database, folder)
    database.close()
    return places


def _pack(folder: Path, other_id: str, *, figures: bool) -> bytes:
    """A package as another instance would send it that has come as far as this one."""
    other = folder.parent / other_id
    if not other.exists():
        shutil.copytree(folder, other)
        shutil.copy(folder / "secret.key", other)
    database = instance.open_database(other)
    with database.writing() as session:
        settings.write(session, "instance_id", other_id)
        settings.write(session, "name", "Văn phòng Ban Chỉ đạo 57 và Đề án 06 thành phố Hà Nội")
    with database.reading() as session:
        made = make_package(session, None, find_round(session, ROUND).id, other, figures=figures)
    database.close()
    return made.content


def _change_register(session: Session, admin: Person) -> None:
    """A body with another name, one that has ended, one that is assessed and in no round yet."""
    seen = read_agency(session, admin, BOARD).agency.revision
    name = "Ban Quản lý các khu công nghệ cao và khu công nghiệp thành phố Hà Nội"
    rename_agency(session, admin, BOARD, name, "Quyết định số 466/QĐ-UBND ngày 15/03/2026", seen)
    typed = {"kind": "nha_nuoc", "type": "so", "level": "thanh_pho", "parent_code": "HN-UBND"}
    add_agency(session, admin, typed | {
        "code": UNUSED, "name": "Trung tâm Chuyển đổi số thành phố Hà Nội", "assessed": "có",
        "questionnaire": "so-nganh", "cohort": "so-nganh", "contact_email": LONG,
    })  # fmt: skip
    add_agency(session, admin, typed | {
        "code": ENDED, "name": "Trung tâm Phục vụ hành chính công thành phố Hà Nội", "assessed": "không",
    })  # fmt: skip
    today = f"{datetime.now(UTC):%d/%m/%Y}"
    seen = read_agency(session, admin, ENDED).agency.revision
    close_agency(session, admin, ENDED, today, "Sáp nhập theo Nghị quyết số 12/NQ-HĐND", seen)


def _accounts(session: Session, admin: Person) -> dict[str, str]:
    """One never invited, one invited by mail, one by letter, one shut, one that is locked for a while."""
    numbers = {
        login: create_account(
            session, login=login, name=f"Nguyễn Hoàng Thị Phương Thảo {login}", password=None,
            email=f"{login}.{LONG}" if login != "moi.giay" else "", phone="0912 345 678",
            serves=[Serves(WARD, Role.CLERK, "Chuyên viên Phòng Văn hóa - Xã hội"), Serves(PARTY, Role.CLERK)],
        )
        for login in ("moi.chua", "moi.thu", "moi.giay", "nghi")
    }  # fmt: skip
    tokens: list[str] = []

    def link(token: str) -> str:
        tokens.append(token)
        return f"https://khaosat.hanoi.example/moi/{token}"

    send_invitations(session, admin, [numbers["moi.thu"]], Way.MAIL, link=link)
    send_invitations(session, admin, [numbers["moi.giay"]], Way.LETTER, link=link)
    disable_account(session, admin, numbers["nghi"])
    locked = create_account(
        session, login="tamkhoa", name="Trần Văn Quên", password=PASSWORD, serves=[Serves(DEPARTMENT, Role.CLERK)]
    )
    for _ in range(12):
        open_session(session, CheckedPassword("tamkhoa", locked, matches=False))
    number = create_account(
        session, login=TWO_STEPS, name="Lê Thị Hai Lớp", password=PASSWORD, serves=[Serves(DEPARTMENT, Role.LEADER)]
    )
    return {
        "token": tokens[0], "invited": str(numbers["moi.thu"]), "never": str(numbers["moi.chua"]),
        "shut": str(numbers["nghi"]), "locked": str(locked), "two_steps": str(number),
    }  # fmt: skip


def _take_packages(session: Session, admin: Person, coordinator: Person, data: bytes) -> None:
    """The other instance is trusted, and its package counts in the round."""
    trust_source(session, admin, data, source_of(session, data).fingerprint)
    take_package(session, coordinator, find_round(session, ROUND).id, data)


def _set_up_second_factor(database: Database, folder: Path) -> None:
    """By the account's own browser, as on its page."""
    with database.writing() as session:
        token = open_session(session, check_password(session, TWO_STEPS, PASSWORD)).token
        assert token is not None
        signed_in = find_signed_in(session, token)
        assert signed_in is not None
        key = instance.secret_key(folder)
        secret = offer_enrolment(session, signed_in.person, key).secret.replace(" ", "")
        confirm_enrolment(session, signed_in, pyotp.TOTP(secret).now(), key)


def register_file(fault: str = "") -> bytes:
    """Bodies of the packaged register, some of them new here; with `fault` as the level of each."""
    rows = packaged_rows()
    kept = [
        row | ({"level": fault} if fault else {})
        for place, row in enumerate(rows)
        if place < 20 or row["code"] == BOARD
    ]
    return _csv(list(rows[0]), [list(row.values()) for row in kept])


def accounts_file(fault: str = "") -> bytes:
    """Two new people and one who changes; with `fault` as the role of each."""
    role = fault or "Nhập số liệu"
    rows = [
        ["Nguyễn Hoàng Thị Phương Thảo Nguyên", "", LONG, "0912 345 678", "Chuyên viên", f"{WARD}; {PARTY}", role, ""],
        ["Trần Văn Bình", "tran.binh", "", "", "Chủ tịch", WARD, fault or "Lãnh đạo", ""],
        ["Cán bộ nhập so", "nhap.so", "so@hanoi.example", "", "", DEPARTMENT, role, ""],
    ]
    return _csv(list(HEAD), rows)


def _csv(head: list[str], rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([head, *rows])
    return stream.getvalue().encode("utf-8-sig")
