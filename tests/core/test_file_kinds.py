"""Files are told by their content: every hostile or broken one is refused, every name is made harmless."""

import struct
import time
import tracemalloc
import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.file_faults import FileError, FileFault, FileKind
from survey.core.file_kinds import EVIDENCE, LONGEST_NAME, SCANS, file_kind, kept_name
from survey.core.text import catalogue
from tests.core.handed_files import GOOD, HOSTILE, JPEG, OFFICE_HOSTILE, PDF, PNG, content_of, package, relation, word

EVERY = {**HOSTILE, **OFFICE_HOSTILE}


@pytest.mark.parametrize("what", EVERY)
def test_what_is_no_whole_passive_file_is_refused_soon_and_in_little_room(what: str) -> None:
    made, fault = EVERY[what]
    content = content_of(made)
    began = time.process_time()
    with pytest.raises(FileError) as caught:
        file_kind(content, EVIDENCE)
    assert caught.value.fault is fault
    assert time.process_time() - began < 5
    assert f"files.{fault.value}" in catalogue()


@pytest.mark.parametrize("ending", GOOD)
def test_files_are_known_by_their_content(ending: str) -> None:
    assert file_kind(content_of(GOOD[ending]), EVIDENCE).ending == f".{ending}"


def test_scans_are_pictures_and_pdf_alone() -> None:
    assert [file_kind(one, SCANS) for one in (PDF, PNG, JPEG)] == [FileKind.PDF, FileKind.PNG, FileKind.JPEG]
    with pytest.raises(FileError) as caught:
        file_kind(word(), SCANS)
    assert caught.value.fault is FileFault.UNKNOWN


def test_what_everyday_files_hold_is_taken() -> None:
    """Links to press, templates of one's own disk, a film that a telephone puts behind a photograph, a signed PDF."""
    link = {"word/_rels/document.xml.rels": relation("hyperlink", "https://hanoi.gov.vn")}
    own = {"word/_rels/settings.xml.rels": relation("attachedTemplate", "file:///C:\\Mau\\Normal.dotm")}
    for parts in (link, own):
        assert file_kind(package(parts), EVIDENCE) is FileKind.DOCX
    assert file_kind(JPEG + b"\0" * 100_000, EVIDENCE) is FileKind.JPEG
    assert file_kind(PDF.replace(b"/Catalog", b"/Catalog /AcroForm << /SigFlags 3 >>"), EVIDENCE) is FileKind.PDF


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\n" + b"/#41" * 2_000_000 + b"\n%%EOF",
        b"%PDF-1.4\n" + b"/ObjStm stream\n\x78\x9c" * 300_000 + b"\n%%EOF",
        b"%PDF-1.4\n" + b"/Encrypt 1 1 1" * 500_000 + b"\n%%EOF",
        b"\xff\xd8\xff\xe0\x00\x02" * 1_500_000 + b"\xff\xd9",
        b"\xff\xd8\xff" + b"\xff" * 8_000_000 + b"\xff\xd9",
    ],
)
def test_files_made_to_cost_time_cost_little(content: bytes) -> None:
    began = time.process_time()
    tracemalloc.start()
    try:
        file_kind(content, EVIDENCE)
    except FileError:
        pass
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert time.process_time() - began < 5
    assert most < 60 * 2**20


def test_a_list_of_a_million_parts_is_not_read() -> None:
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 60_000, 60_000, 9_000_000, 4, 0)
    with pytest.raises(FileError) as caught:
        file_kind(b"PK\x03\x04" + b"\0" * 9_000_000 + end, EVIDENCE)
    assert caught.value.fault is FileFault.PACKED


def test_two_parts_of_one_name_are_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("[Content_Types].xml", "<a/>")
    with pytest.raises(FileError) as caught:
        file_kind(out.getvalue(), EVIDENCE)
    assert caught.value.fault is FileFault.NAMES


@given(st.binary(max_size=300), st.sampled_from([PDF, PNG, JPEG, package(), b"PK\x03\x04", b"%PDF-1.7"]), st.data())
def test_no_content_is_answered_with_anything_but_a_kind_or_a_fault(
    piece: bytes, file: bytes, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(file)))
    with suppress(FileError):
        assert file_kind(file[:place] + piece + file[place:], EVIDENCE) in EVIDENCE


NAMES = {
    "Tờ trình số 12.pdf": "Tờ trình số 12.pdf",
    "ban-quet.exe": "ban-quet.pdf",
    "phieu.pdf.exe": "phieu.pdf.pdf",
    "trang.html": "trang.pdf",
    "../../etc/passwd": "passwd.pdf",
    "C:\\Users\\a\\ký.PDF": "ký.pdf",
    "": "ban-quet.pdf",
    ".htaccess": "htaccess.pdf",
    "...": "ban-quet.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "a Set-Cookie x=1.pdf",
    'a"; filename="b.html': "a ; filename= b.pdf",
    "\u202efdp.exe": "fdp.pdf",
    "to\u031b\u0300 tri\u0300nh.pdf": "tờ trình.pdf",
    "x" * 500 + ".pdf": "x" * (LONGEST_NAME - 4) + ".pdf",
    "\ud800lone.pdf": "lone.pdf",
    "CON.pdf": "ban-quet CON.pdf",
    "a\0b.pdf": "ab.pdf",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_made_harmless(name: str) -> None:
    assert kept_name(name, FileKind.PDF) == NAMES[name]
