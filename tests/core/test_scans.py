"""Scans are told by their content: every hostile or broken file is refused, every name is made harmless."""

import struct
import zlib

import pytest

from survey.core.scans import LONGEST_NAME, ScanError, ScanFault, ScanKind, kept_name, scan_kind


def png() -> bytes:
    """One white dot."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff")) + chunk(b"IEND", b"")


PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01" * 60 + b"\xff\xd9"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "nothing": (b"", ScanFault.EMPTY),
    "a renamed program": (b"MZ\x90\x00" + b"\0" * 400, ScanFault.UNKNOWN),
    "an ELF program": (b"\x7fELF" + b"\0" * 400, ScanFault.UNKNOWN),
    "a drawing that runs": (SVG, ScanFault.UNKNOWN),
    "a page": (b"<!doctype html><script>alert(1)</script>", ScanFault.UNKNOWN),
    "a page that names PDF later": (b"<html>%PDF-1.4 %%EOF", ScanFault.UNKNOWN),
    "a zip": (b"PK\x03\x04" + b"\0" * 400, ScanFault.UNKNOWN),
    "text": ("Bản quét".encode(), ScanFault.UNKNOWN),
    "half a PDF": (PDF[:40], ScanFault.CUT_SHORT),
    "half a PNG": (png()[:-6], ScanFault.CUT_SHORT),
    "half a JPEG": (JPEG[:-2], ScanFault.CUT_SHORT),
    "a PDF with a program": (PDF.replace(b"/Catalog", b"/Catalog /JavaScript (app.alert(1))"), ScanFault.ACTIVE),
    "a program under a hidden name": (PDF.replace(b"/Catalog", b"/Catalog /J#61vaScript (1)"), ScanFault.ACTIVE),
    "a PDF that starts something": (PDF.replace(b"/Catalog", b"/Catalog /S /Launch"), ScanFault.ACTIVE),
    "a PDF with a file in it": (PDF.replace(b"/Catalog", b"/Catalog /EmbeddedFiles 3 0 R"), ScanFault.ACTIVE),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_passive_scan_is_refused(what: str) -> None:
    content, fault = REFUSED[what]
    with pytest.raises(ScanError) as caught:
        scan_kind(content)
    assert caught.value.fault is fault


@pytest.mark.parametrize(("content", "kind"), [(PDF, ScanKind.PDF), (png(), ScanKind.PNG), (JPEG, ScanKind.JPEG)])
def test_scans_are_known_by_their_content(content: bytes, kind: ScanKind) -> None:
    assert scan_kind(content) is kind


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
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_made_harmless(name: str) -> None:
    assert kept_name(name, ScanKind.PDF) == NAMES[name]
