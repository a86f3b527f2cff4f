"""The register of agencies: every fault with its place, nothing half loaded, updates by code."""

from collections import Counter
from pathlib import Path

import pytest

from survey.core.errors import Fault, Faults
from survey.services.audit import check_events
from survey.services.import_agencies import ImportedAgencies, import_agencies, packaged_agencies
from survey.storage import agencies
from survey.storage.database import Database
from tests.services.gate_files import workbook
from tests.services.world import at

HEADER = "code,name,kind,type,level,parent_code,questionnaire,cohort,assessed,has_tthc\n"


def load(database: Database, folder: Path, text: str | bytes, name: str = "don_vi.csv") -> ImportedAgencies:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with database.writing() as session:
        return import_agencies(session, file, clock=at())


def faults(database: Database, folder: Path, text: str | bytes) -> list[tuple[str, int, str]]:
    with pytest.raises(Faults) as caught:
        load(database, folder, text)
    with database.reading() as session:
        assert agencies.by_code(session) == {}
    found: tuple[Fault, ...] = caught.value.faults
    for language in ("vi", "en"):
        assert all("{" not in fault.sentence(language) for fault in found)
    assert all(fault.sentence("vi").startswith("don_vi.csv") for fault in found)
    return [(fault.key.partition(".")[2], fault.line, fault.column) for fault in found]


def test_the_bodies_of_hanoi_come_with_the_system(database: Database) -> None:
    with database.writing() as session:
        assert import_agencies(session, packaged_agencies(), clock=at()) == ImportedAgencies(412, 0, 0)
        assessed = agencies.assessed(session)
        cohorts = Counter(agency.cohort_code for agency in assessed)
        names = [cohort.name_vi for cohort in agencies.cohorts(session)]
    assert cohorts == {
        "ban-dang-thanh-pho": 5, "dang-uy-truc-thuoc": 2, "dang-uy-xa-phuong": 126, "so-nganh": 17, "ubnd-xa": 75,
        "ubnd-phuong": 51, "mttq-ctxh-thanh-pho": 6, "mttq-xa-phuong": 126,
    }  # fmt: skip
    assert sum(agency.attributes.get("digital_economy_duty", False) for agency in assessed) == 8
    assert len(set(names)) == 8
    assert not any("-" in name and " - " not in name for name in names)


def test_importing_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    text = HEADER + "A,Sở A,nha_nuoc,so,thanh_pho,,mau,so-nganh,1,1\n"
    assert load(database, tmp_path, text) == ImportedAgencies(1, 0, 0)
    assert load(database, tmp_path, text) == ImportedAgencies(0, 0, 1)
    with database.reading() as session:
        assert agencies.by_code(session)["A"].revision == 1


def test_a_changed_line_updates_its_agency_and_those_not_listed_stay(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, HEADER + "A,Sở A,x,so,tp,,mau,nhom,1,1\nB,Sở B,x,so,tp,A,mau,nhom,1,\n")
    changed = HEADER + "B,Sở Bê,x,so,tp,,mau,nhom,1,0\nC,Sở C,x,so,tp,B,mau,nhom,1,\n"
    assert load(database, tmp_path, changed) == ImportedAgencies(1, 1, 0)
    with database.reading() as session:
        known = agencies.by_code(session)
        assert sorted(known) == ["A", "B", "C"]
        assert (known["B"].name, known["B"].parent_id, known["B"].attributes) == ("Sở Bê", None, {"has_tthc": False})
        assert known["C"].parent_id == known["B"].id
        assert [known[code].place for code in "ABC"] == [0, 1, 2]
        assert [known[code].revision for code in "ABC"] == [1, 2, 1]
        former = agencies.former_names(session, known["B"].id)
        assert [(one.name, one.reason) for one in former] == [("Sở B", "don_vi.csv")]
        assert check_events(session) == ()


def test_what_has_no_column_in_the_file_stays_and_a_blank_cell_empties(database: Database, tmp_path: Path) -> None:
    whole = HEADER.replace("has_tthc", "has_tthc,identifier,note,contact_phone")
    load(database, tmp_path, whole + "A,Sở A,x,so,tp,,mau,nhom,1,1,H26.15,nhớ,0912345678\n")
    load(database, tmp_path, "code,name,kind,type,level,assessed,note\nA,Sở Á,x,so,tp,1,\n")
    with database.reading() as session:
        found = agencies.by_code(session)["A"]
        assert (found.name, found.identifier, found.note) == ("Sở Á", "H26.15", "")
        assert (found.contact_phone, found.attributes, found.cohort_code) == ("0912345678", {"has_tthc": True}, "nhom")


def test_a_workbook_is_a_register_too(database: Database, tmp_path: Path) -> None:
    headings = [
        "STT",
        "Tên đơn vị",
        "Mã đơn vị",
        "Khối",
        "Loại đơn vị",
        "Cấp",
        "Được đánh giá",
        "Mã xã, phường",
        "Điện thoại",
    ]
    row = [1, "Ủy ban nhân dân phường Ba Đình", "P-1", "Nhà nước", "ubnd_xa", "Xã, phường", "không", 4, 912345678]
    assert load(database, tmp_path, workbook(headings, row), "don_vi.xlsx") == ImportedAgencies(1, 0, 0)
    with database.reading() as session:
        found = agencies.by_code(session)["P-1"]
        assert (found.kind, found.level, found.assessed) == ("nha_nuoc", "xa_phuong", False)
        assert (found.ward_code, found.contact_phone) == ("00004", "0912345678")


def test_decomposed_names_are_kept_composed(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, HEADER + "A,So\u031b\u0309 Y te\u0302\u0301,x,so,tp,,mau,nhom,1,1\n")
    load(database, tmp_path, HEADER + "A,Sở Y tế,x,so,tp,,mau,nhom,1,1\n")
    with database.reading() as session:
        assert agencies.by_code(session)["A"].name == "Sở Y tế"


def test_all_faults_of_a_file_are_listed(database: Database, tmp_path: Path) -> None:
    lines = [
        "A,Sở A,x,so,tp,,mau,nhom,1,1",
        "A,Sở A lần nữa,x,so,tp,,mau,nhom,1,1",
        "B,,x,so,tp,KHONG,mau,nhom,1,maybe",
        "C d,Sở C,x,so,tp,,,nhom,1,",
        "E,Sở E,x,so,tp,F,mau,nhom,1,",
        "F,Sở F,x,so,tp,E,mau,nhom,1,",
        "G," + "g" * 301 + ",x,so,tp,G,mau,nhom,1,",
        "H,Sở H,x,so,tp,,mau,nhom,2,",
    ]
    assert faults(database, tmp_path, HEADER + "\n".join(lines) + "\n") == [
        ("repeated", 3, "A"),
        ("needed", 4, "B"),
        ("not_truth", 4, "J"),
        ("parent_unknown", 4, "F"),
        ("code_form", 5, "A"),
        ("needed_if_assessed", 5, "G"),
        ("circle", 6, "F"),
        ("too_long", 8, "B"),
        ("circle", 8, "F"),
        ("not_truth", 9, "I"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", [("empty", 0, "")]),
        (b"\n\n", [("empty", 0, "")]),
        (b"code,name\n", [("heading_missing", 1, "")] * 4),
        (HEADER.replace("has_tthc", "code"), [("heading_repeated", 1, "J")]),
        (HEADER.replace("has_tthc", "Có TTHC") + "A,B,x,so,tp,,m,n,1,1", [("column_unknown", 0, "")]),
        ("\ufeff".encode() + HEADER.encode() + b"A,\xff", [("not_utf8", 2, "")]),
        (HEADER + 'A,"B\nC,D', [("quotes", 2, "")]),
        (HEADER + "A,Sở A,x,so,tp,,mau,nhom,1,1,thừa", [("many_in_line", 2, "")]),
        (HEADER + "A,S\x07,x,so,tp,,mau,nhom,1,1", [("unseen", 2, "B")]),
        (b"a" * 8_000_001, [("file_large", 0, "")]),
    ],
    ids=["empty", "blank lines", "columns", "twice", "name", "latin", "quotes", "width", "control", "large"],
)
def test_a_file_that_is_no_register_is_refused(
    database: Database, tmp_path: Path, text: str | bytes, found: list[tuple[str, int, str]]
) -> None:
    assert faults(database, tmp_path, text) == found


def test_a_file_that_is_not_there_is_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Faults) as caught, database.writing() as session:
        import_agencies(session, tmp_path / "khong_co.csv")
    assert caught.value.faults[0].file == "khong_co.csv"


def test_lines_are_counted_as_an_editor_does(database: Database, tmp_path: Path) -> None:
    text = HEADER + '\n"A","Sở\nA",x,so,tp,,mau,nhom,1,1\n\nB,,x,so,tp,,mau,nhom,1,1\n'
    assert faults(database, tmp_path, text) == [("needed", 6, "B")]


def test_html_and_formulas_are_text(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, HEADER + 'A,"<b>=1+1</b>",x,so,tp,,mau,nhom,1,1\n')
    with database.reading() as session:
        assert agencies.by_code(session)["A"].name == "<b>=1+1</b>"
