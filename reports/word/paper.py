"""The paper of a Word file: A4 in Times New Roman, official margins, a foot with page numbers, fixed bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from reports.word.markup import field, paragraph, run

if TYPE_CHECKING:
    from docx.document import Document

FONT = "Times New Roman"
SHORT, LONG = 21.0, 29.7  # cm of A4
LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}


class Paper:
    """One document being written."""

    def __init__(self, *, title: str, author: str, language: str, at: datetime, wide: bool, size: float) -> None:
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm

        self.document: Document = docx.Document()
        self.at = at.astimezone(UTC)
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Cm(LONG), Cm(SHORT)) if wide else (Cm(SHORT), Cm(LONG))
        section.left_margin, section.right_margin = (Cm(2), Cm(1.5)) if wide else (Cm(3), Cm(1.5))
        section.top_margin = section.bottom_margin = Cm(2)
        section.header_distance, section.footer_distance = Cm(1), Cm(0.9)
        self._set_letters(size, LANGUAGES[language])
        known = self.document.core_properties
        known.title, known.author, known.last_modified_by, known.comments = title, author, author, ""
        known.created = known.modified = self.at.replace(tzinfo=None)
        known.language = LANGUAGES[language]

    def _set_letters(self, size: float, language: str) -> None:
        """One font for every letter; Vietnamese spelling."""
        from docx.oxml.ns import qn
        from docx.shared import Pt

        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(size)
        defaults = self.document.styles.element.find(qn("w:docDefaults"))
        for fonts in (*defaults.iter(qn("w:rFonts")), *normal.element.iter(qn("w:rFonts"))):
            for name in list(fonts.attrib):
                del fonts.attrib[name]
            for name in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{name}"), FONT)
        for tongue in defaults.iter(qn("w:lang")):
            tongue.set(qn("w:val"), language)

    def add(self, markup: str) -> None:
        """Put paragraphs and tables at the end."""
        end = self.document.element.body.sectPr
        for element in _read(markup):
            end.addprevious(element)

    def add_foot(self, lines: tuple[str, ...], page_word: str, *, size: float = 9) -> None:
        """The foot of every page: words on the left, "Trang x/y" on the right of the last line."""
        from docx.enum.text import WD_TAB_ALIGNMENT

        section = self.document.sections[0]
        foot = section.footer
        foot.is_linked_to_previous = False
        last = foot.paragraphs[0]
        last.style = self.document.styles["Normal"]
        width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        last.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
        for line in lines[:-1]:
            for element in _read(paragraph(run(line, size))):
                last._p.addprevious(element)
        words = run(lines[-1], size) + "<w:r><w:tab/></w:r>" + run(f"{page_word} ", size)
        for element in _read(f"<w:p>{words}{field('PAGE', size)}{run('/', size)}{field('NUMPAGES', size)}</w:p>"):
            for part in list(element):
                last._p.append(part)

    def add_picture(self, place: Any, content: bytes, width: float, alt: str) -> None:
        """Put a picture into a paragraph, `width` cm wide, described for those who do not see it."""
        from docx.shared import Cm

        picture = place.add_run().add_picture(io.BytesIO(content), width=Cm(width))
        described = picture._inline.docPr
        described.set("name", "QR")
        described.set("descr", alt)

    def save(self) -> bytes:
        """The finished file; one content always makes the same bytes."""
        frame, finished = io.BytesIO(), io.BytesIO()
        self.document.save(frame)
        with zipfile.ZipFile(frame) as source, zipfile.ZipFile(finished, "w") as target:
            for name in source.namelist():
                entry = zipfile.ZipInfo(name, date_time=self.at.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(entry, source.read(name))
        return finished.getvalue()


def _read(markup: str) -> list[Any]:
    """The elements of a text of WordprocessingML."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    return list(parse_xml(f"<w:body {nsdecls('w')}>{markup}</w:body>"))
