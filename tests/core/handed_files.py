"""Files as people hand them in, good ones and every hostile kind, made in memory."""

import io
import struct
import zipfile
import zlib

from survey.core.file_faults import FileFault

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def png(width: int = 1, height: int = 1) -> bytes:
    """One white dot, or what says to be larger."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff")) + chunk(b"IEND", b"")


def jpeg(width: int = 1, height: int = 1) -> bytes:
    """The heads and the end of a picture."""
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x01" * 60
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + frame + scan + b"\xff\xd9"


def pdf(more: str = "", objects: bytes = b"", trailer: str = "") -> bytes:
    """One page's worth of a document; `more` in its catalogue, `objects` in a packed stream."""
    packed = zlib.compress(objects)
    stream = b"2 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\r\n" + packed + b"\nendstream\nendobj\n"
    return (
        f"%PDF-1.4\n1 0 obj\n<< /Type /Catalog {more}>>\nendobj\n".encode()
        + (stream if objects else b"")
        + f"trailer\n<< /Root 1 0 R {trailer}>>\n%%EOF\n".encode()
    )


def types(kind: str = WORD, part: str = "/word/document.xml") -> str:
    """The list of types of a package."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="{part}" ContentType="{kind}"/></Types>'
    )


def relation(kind: str, target: str) -> str:
    """A list of relations with one that leads out of the package."""
    return (
        f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )


def package(parts: dict[str, str | bytes] | None = None, kind: str = WORD) -> bytes:
    """A Word file, or another kind of package, with these parts more (or others in their place)."""
    held: dict[str, str | bytes] = {
        "[Content_Types].xml": types(kind),
        "word/document.xml": "<w:document xmlns:w='w'/>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (held | (parts or {})).items():
            made.writestr(name, content)
    return out.getvalue()


def workbook() -> bytes:
    """An Excel file as openpyxl writes it."""
    import openpyxl

    out, made = io.BytesIO(), openpyxl.Workbook()
    made.active["A1"] = "Thành lập Tổ chuyển đổi số"
    made.save(out)
    return out.getvalue()


def word() -> bytes:
    """A Word file as python-docx writes it."""
    import docx

    out, made = io.BytesIO(), docx.Document()
    made.add_paragraph("Quyết định thành lập Tổ chuyển đổi số")
    made.save(out)
    return out.getvalue()


def lying(declared: int, content: bytes = b"\0" * 3_000_000) -> bytes:
    """A package whose list says that a part is of another size than it is."""
    whole = package({"word/media/a.bin": content})
    return whole.replace(struct.pack("<I", len(content)), struct.pack("<I", declared))


def bomb() -> bytes:
    """300 MB of nothing in 300 kB."""
    return package({"word/document.xml": b"\0" * (300 * 2**20)})


PDF, PNG, JPEG = pdf(), png(), jpeg()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GOOD = {"pdf": PDF, "png": PNG, "jpg": JPEG, "docx": word, "xlsx": workbook}
_REMOTE = "https://xau.example/mau.dotm"
HOSTILE = {  # what is handed in, whatever its name says
    "nothing": (b"", FileFault.EMPTY),
    "blanks": (b" \r\n\0" * 100, FileFault.EMPTY),
    "a renamed program": (b"MZ\x90\x00" + b"\0" * 400, FileFault.PROGRAM),
    "an ELF program": (b"\x7fELF" + b"\0" * 400, FileFault.PROGRAM),
    "a script": (b"#!/bin/sh\nrm -rf /\n", FileFault.PROGRAM),
    "a drawing that runs": (SVG, FileFault.WEB),
    "a drawing behind a declaration": (b'\xef\xbb\xbf <?xml version="1.0"?>' + SVG, FileFault.WEB),
    "a page": (b"<!doctype html><script>alert(1)</script>", FileFault.WEB),
    "a page that names PDF later": (b"<html>%PDF-1.4 %%EOF", FileFault.WEB),
    "an archive": (b"Rar!\x1a\x07\x00" + b"\0" * 40, FileFault.ARCHIVE),
    "text": ("Bản quét".encode(), FileFault.UNKNOWN),
    "half a PDF": (PDF[:40], FileFault.CUT_SHORT),
    "half a PNG": (PNG[:-6], FileFault.CUT_SHORT),
    "half a JPEG": (JPEG[:-2], FileFault.CUT_SHORT),
    "a PDF with a program": (pdf("/JavaScript (app.alert(1)) "), FileFault.ACTIVE),
    "a program under a hidden name": (pdf("/J#61vaScript (1) "), FileFault.ACTIVE),
    "a program in packed objects": (pdf(objects=b"9 0 << /S /JavaScript /JS (app.alert(1)) >>"), FileFault.ACTIVE),
    "a PDF that starts something": (pdf("/S /Launch "), FileFault.ACTIVE),
    "a PDF with a file in it": (pdf("/EmbeddedFiles 3 0 R "), FileFault.ACTIVE),
    "a PDF with a password": (pdf(trailer="/Encrypt 5 0 R "), FileFault.ENCRYPTED),
    "a PDF that unpacks for ever": (pdf(objects=b"\0" * (70 * 2**20)), FileFault.PACKED),
    "a picture as large as a town": (png(60_000, 60_000), FileFault.PACKED),
    "a photograph as large as a town": (jpeg(60_000, 60_000), FileFault.PACKED),
}  # fmt: skip
OFFICE_HOSTILE = {
    "an old document": (OLE + b"\0" * 600, FileFault.OLD_OFFICE),
    "a document with a password": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), FileFault.ENCRYPTED),
    "half a document": (package()[:-40], FileFault.CUT_SHORT),
    "a document cut in the middle": (package()[:200], FileFault.CUT_SHORT),
    "macros": (package({"word/vbaProject.bin": b"\0"}), FileFault.MACROS),
    "macros by their type": (package(kind=WORD.replace("openxmlformats-officedocument", "ms-word")
        .replace("document.main", "document.macroEnabled.main")), FileFault.MACROS),
    "a sheet of macros": (package({"xl/macrosheets/sheet1.xml": "<a/>"}), FileFault.MACROS),
    "a control that runs": (package({"word/activeX/activeX1.xml": "<a/>"}), FileFault.MACROS),
    "a program inside": (package({"word/embeddings/oleObject1.bin":
        OLE + "\x01Ole10Native".encode("utf-16-le") + b"MZ"}), FileFault.ACTIVE),
    "a template from elsewhere": (package({"word/_rels/settings.xml.rels":
        relation("attachedTemplate", _REMOTE)}), FileFault.LINKS),
    "a template from a share": (package({"word/_rels/settings.xml.rels":
        relation("attachedTemplate", "file:///\\\\10.0.0.1\\c$\\a.dotm")}), FileFault.LINKS),
    "figures from a data base": (package({"xl/connections.xml": "<connections/>"}), FileFault.LINKS),
    "a bomb": (bomb, FileFault.PACKED),
    "a bomb that says it is small": (lying(100), FileFault.PACKED),
    "a part that is shorter than told": (lying(9_000_000), FileFault.BROKEN),
    "a way out": (package({"../../etc/passwd": "x"}), FileFault.NAMES),
    "a way out to a disk": (package({"C:/x.txt": "x"}), FileFault.NAMES),
    "a way out from the root": (package({"/etc/passwd": "x"}), FileFault.NAMES),
    "entities": (package({"word/document.xml": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'}),
        FileFault.BROKEN),
    "entities in its list of types": (package({"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/'
        'passwd">]><a>&b;</a>'}), FileFault.BROKEN),
    "no document at all": (package({"[Content_Types].xml": "not xml"}), FileFault.BROKEN),
    "slides": (package(kind="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
        FileFault.UNKNOWN),
    "any zip": (b"PK\x03\x04" + b"\0" * 400, FileFault.CUT_SHORT),
    "a zip of files": (package({"[Content_Types].xml": "<a/>"}), FileFault.UNKNOWN),
}  # fmt: skip


def content_of(made: object) -> bytes:
    """The bytes of an entry above; those that are large are made when they are asked for."""
    return made if isinstance(made, bytes) else made()  # type: ignore[operator,no-any-return]
