"""The register of agencies: every fault with its place, nothing half loaded, updates by code."""

from collections import Counter
from pathlib import Path

import pytest

from survey.core.errors import Fault, Faults
from survey.services.audit import check_events
from survey.services.errors import NotAllowed
from survey.services.import_agencies import ImportedAgencies, import_agencies, list_agencies, packaged_agencies
from survey.storage import agencies
from survey.storage.database import Database
from tests.services.world import World, at

HEADER = "code,name,kind,type,level,parent_code,questionnaire,cohort,assessed,has_tthc\n"


def load(database: Database, folder: Path, text: str | bytes) -> ImportedAgencies:
    file = folder / "don_vi.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with database.writing() as session:
        return import_agencies(session, file, clock=at())


def faults(database: Database, folder: Path, text: str | bytes) -> list[tuple[str, int, str]]:
    with pytest.raises(Faults) as caught:
        load(database, folder, text)
    with database.reading() as session:
        assert agencies.by_code(session) == {}
    found: tuple[Fault, ...] = caught.value.faults
    assert all(fault.sentence("vi").startswith(f"don_vi.csv:{fault.line}") for fault in found)
    return [(fault.key.removeprefix("services.agency_"), fault.line, fault.column) for fault in found]


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
        assert check_events(session) == ()


def test_an_identifier_given_in_the_register_stays_where_the_file_has_none(database: Database, tmp_path: Path) -> None:
    with_column = HEADER.replace("assessed,", "assessed,identifier,")
    load(database, tmp_path, with_column + "A,Sở A,x,so,tp,,mau,nhom,1,H26.15,1\n")
    load(database, tmp_path, HEADER + "A,Sở Á,x,so,tp,,mau,nhom,1,1\n")
    with database.reading() as session:
        assert agencies.by_code(session)["A"].identifier == "H26.15"


def test_decomposed_names_are_kept_composed(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, HEADER + "A,So\u031b\u0309 Y te\u0302\u0301,x,so,tp,,mau,nhom,1,1\n")
    load(database, tmp_path, HEADER + "A,Sở Y tế,x,so,tp,,mau,nhom,1,1\n")
    with database.reading() as session:
        assert agencies.by_code(session)["A"].name == "Sở Y tế"


def test_all_faults_of_a_file_are_listed(database: Database, tmp_path: Path) -> None:
    lines = [
        "A,Sở A,x,so,tp,,mau,nhom,1,1",
        "A,Sở A lần nữa,x,so,tp,,mau,nhom,1,1",
        "B,,x,so,tp,KHONG,mau,nhom,1,có",
        "C d,Sở C,x,so,tp,,,nhom,1,",
        "D,Sở D,x,so,tp,,mau,nhom,2,,thừa",
        "E,Sở E,x,so,tp,F,mau,nhom,1,",
        "F,Sở F,x,so,tp,E,mau,nhom,1,",
        "G," + "g" * 301 + ",x,so,tp,G,mau,nhom,1,",
    ]
    assert faults(database, tmp_path, HEADER + "\n".join(lines) + "\n") == [
        ("repeated", 3, "code"),
        ("cell_needed", 4, "name"),
        ("not_0_or_1", 4, "has_tthc"),
        ("parent_unknown", 4, "parent_code"),
        ("form", 5, "code"),
        ("needed_if_assessed", 5, "questionnaire"),
        ("too_many_cells", 6, ""),
        ("not_0_or_1", 6, "assessed"),
        ("circle", 7, "parent_code"),
        ("too_long", 9, "name"),
        ("circle", 9, "parent_code"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", [("empty", 1, "")]),
        (b"\n\n", [("empty", 1, "")]),
        (b"code,name\n", [(("column_missing"), 1, name) for name in ("kind", "type", "level", "assessed")]),
        (HEADER.replace("has_tthc", "code"), [("column_repeated", 1, "code")]),
        (HEADER.replace("has_tthc", "Có TTHC"), [("column_name", 1, "Có TTHC")]),
        ("\ufeff".encode() + HEADER.encode() + b"A,\xff", [("not_utf8", 2, "")]),
        (HEADER + 'A,"B\nC,D', [("not_csv", 2, "")]),
        (b"a" * 10_000_001, [("too_large", 1, "")]),
    ],
    ids=["empty", "blank lines", "columns", "twice", "name", "latin", "quotes", "large"],
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
    assert faults(database, tmp_path, text) == [("cell_needed", 6, "name")]


def test_html_and_formulas_are_text(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, HEADER + '=A,"<b>=1+1</b>",x,so,tp,,mau,nhom,1,1\n'.replace("=A", "A"))
    with database.reading() as session:
        assert agencies.by_code(session)["A"].name == "<b>=1+1</b>"


def test_the_register_is_searched_without_dau_by_coordinators_and_administrators(world: World) -> None:
    with world.database.reading() as session:
        found = list_agencies(session, world["coordinator"], "Y TE")
        assert [(view.ref.code, view.parent.code if view.parent else "") for view in found] == [("SO-1", "TP")]
        assert [view.ref.code for view in list_agencies(session, world["admin"], "p-1")] == ["P-1"]
        assert list_agencies(session, world["admin"], "_") == ()
        with pytest.raises(NotAllowed):
            list_agencies(session, world["clerk"])
