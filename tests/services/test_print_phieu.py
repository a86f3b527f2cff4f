"""What is printed of a phiếu: every figure once, asked as the form asks; and what a tờ trình says before signing."""

import dataclasses
import io
import zipfile
from typing import Any

import docx
import pytest

from reports.fitting import DENSITIES, FEWEST, fit
from reports.phieu_data import PhieuSheet, Statement
from reports.qr import qr_picture, qr_png
from reports.word.phieu import phieu_document
from reports.word.statement import statement_document
from survey.services.attach_evidence import EvidenceForm, add_evidence
from survey.services.compare_print import compare_print
from survey.services.errors import NotFound
from survey.services.print_phieu import print_phieu
from survey.services.request_kad import request_kad
from survey.services.write_statement import write_statement
from tests.services.world import FULL, World


def url(code: str) -> str:
    return f"https://danhgia.example/doi-chieu/7/{code}"


def sheet(world: World, by: str = "clerk", **wishes: Any) -> PhieuSheet:
    found = world.look(print_phieu, by, url, **wishes)
    assert isinstance(found, PhieuSheet)
    return found


def statement(world: World, **wishes: Any) -> Statement:
    found = world.look(write_statement, "leader", url, **wishes)
    assert isinstance(found, Statement)
    return found


def values(printed: PhieuSheet) -> list[str]:
    return [figure.value for part in printed.parts for line in part.lines for figure in line.figures if figure.value]


def ticked(printed: PhieuSheet) -> list[str]:
    return [
        choice.label
        for part in printed.parts
        for line in part.lines
        for figure in line.figures
        for choice in figure.choices
        if choice.chosen
    ]


def words(document: bytes) -> str:
    opened = docx.Document(io.BytesIO(document))
    texts = [paragraph.text for paragraph in opened.paragraphs]
    texts += [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join(texts)


def test_a_blank_sheet_holds_no_answer_and_no_code(world: World) -> None:
    world.save(FULL)
    printed = sheet(world, blank=True)
    assert (values(printed), ticked(printed), printed.total, printed.seal) == ([], [], "", None)
    assert not [line.points for part in printed.parts for line in part.lines if line.points]


def test_a_filled_sheet_holds_every_answer(world: World) -> None:
    world.save(FULL)
    printed = sheet(world)
    for value in ("73", "106", "9", "10", "2,5", "Thiếu kinh phí"):
        assert value in values(printed)
    assert len(ticked(printed)) >= 3
    assert printed.seal is not None
    assert printed.seal.url.endswith(printed.seal.content_hash[:16])
    assert printed.seal.content_hash == world.seen_hash()


def test_a_number_that_is_asked_twice_is_written_once(world: World) -> None:
    printed = sheet(world, blank=True)
    figures = [figure for part in printed.parts for line in part.lines for figure in line.figures]
    assert len([figure for figure in figures if figure.entered_at]) >= 1
    homes = {figure.entered_at for figure in figures if figure.entered_at}
    codes = {line.code for part in printed.parts for line in part.lines}
    assert homes <= codes


def test_one_group_or_a_group_of_groups_is_printed(world: World) -> None:
    assert [part.code for part in sheet(world, group_code="2.A").parts] == ["2.A"]
    assert [part.code for part in sheet(world, group_code="2").parts] == ["2.A", "2.B"]
    with pytest.raises(NotFound):
        sheet(world, group_code="9")


def test_another_bodys_sheet_is_missing(world: World) -> None:
    for service in (print_phieu, write_statement):
        for person in ("other", "admin"):
            with pytest.raises(NotFound):
                world.look(service, person, url)
        world.look(service, "coordinator", url)
    with pytest.raises(NotFound):
        world.look(compare_print, "other", "7F3A-91C2")


def test_hostile_words_stay_words_in_the_word_file(world: World) -> None:
    hostile = '<w:p>&amp; "x"\n=1+1 ]]> \u202e'
    world.save(FULL | {"2.7": hostile})
    form = EvidenceForm("12/BC<b>", "15/03/2026", "Sở Y tế", "Báo cáo & phụ lục", not_secret=True)
    world.act(add_evidence, "clerk", form, ["1.1"])
    told = words(phieu_document(sheet(world)))
    assert '<w:p>&amp; "x"' in told
    assert "12/BC<b>, 15/03/2026: Báo cáo & phụ lục" in told
    assert "\u202e" not in told


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("blank", [True, False])
def test_the_word_file_has_a_repeated_heading_and_whole_rows(world: World, blank: bool, language: str) -> None:
    world.save(FULL)
    content = phieu_document(sheet(world, blank=blank, language=language))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("word/document.xml").decode()
        foot = "".join(archive.read(name).decode() for name in archive.namelist() if "footer" in name)
        styles = archive.read("word/styles.xml").decode()
    assert body.count("<w:tblHeader/>") == 1
    assert body.count("<w:tr>") == body.count("<w:cantSplit/>")
    tables = docx.Document(io.BytesIO(content)).tables
    if not blank:  # the last indicator goes with the signatures, which are a row of the same table
        *_, last, signatures = tables[1].rows
        held = [paragraph.paragraph_format.keep_with_next for cell in last.cells for paragraph in cell.paragraphs]
        assert all(held)
        assert signatures.cells[0].tables[0].cell(0, 1).text.startswith("Mã nội dung" if language == "vi" else "")
    assert "PAGE" in foot
    assert "NUMPAGES" in foot
    assert "Times New Roman" in styles
    assert "Theme=" not in styles.split("</w:docDefaults>")[0]
    section = docx.Document(io.BytesIO(content)).sections[0]
    assert (section.page_width or 0) > (section.page_height or 0)


def test_one_content_makes_one_file(world: World) -> None:
    world.save(FULL)
    assert phieu_document(sheet(world)) == phieu_document(sheet(world))
    assert statement_document(statement(world)) == statement_document(statement(world))


def test_the_statement_names_what_to_know_before_signing(world: World) -> None:
    world.save({key: value for key, value in FULL.items() if key not in ("2.3", "2.6")} | {"1.2.a": "10"})
    world.act(request_kad, "clerk", "2.3", "Đơn vị không được giao nhiệm vụ này trong kỳ.")
    told = statement(world)
    assert any("chưa có số liệu" in line and "2.6" in line for line in told.remarks)
    assert any("chưa có tài liệu kiểm chứng" in line and "1.1" in line for line in told.remarks)
    assert any("không áp dụng" in line and "2.3" in line for line in told.remarks)
    assert [line.split()[0] for line in told.lowest[:2]] == ["2.2", "1.2"]
    assert len(told.lowest) <= 5
    everything = words(statement_document(told))
    for sentence in (told.about, told.opening, told.result, told.closing, *told.remarks, *told.lowest):
        assert sentence in everything


def test_points_of_an_indicator_are_never_parted_from_their_maximum(world: World) -> None:
    world.save(FULL | {"1.2.a": "10"})
    told = statement(world)
    assert told.lowest
    assert all("\xa0/\xa0" in line for line in told.lowest)


def test_the_code_of_a_print_is_that_of_the_content_and_no_longer_once_it_changes(world: World) -> None:
    world.save(FULL)
    seal = statement(world).seal
    for typed in (seal.short_hash, seal.content_hash, seal.content_hash[:16]):
        assert world.look(compare_print, "clerk", typed).matches is True
    world.save({"2.3": "5"})
    for typed in (seal.short_hash, seal.content_hash, seal.content_hash[:16]):
        assert world.look(compare_print, "coordinator", typed).matches is False
    assert world.look(compare_print, "clerk", "mã gì đó").matches is None


def test_a_crowded_statement_takes_smaller_letters_and_then_a_shorter_list(world: World) -> None:
    world.save(FULL)
    told = statement(world)
    assert fit(told)[1] < len(DENSITIES) - 1
    crowded = dataclasses.replace(told, lowest=tuple("Tỷ lệ " * 18 for _ in range(5)), remarks=("Chỉ số " * 30,) * 20)
    fitted, number = fit(crowded)
    assert number == len(DENSITIES) - 1
    assert FEWEST <= len(fitted.lowest) < 5


def test_the_qr_code_is_a_picture_that_a_strict_page_may_show() -> None:
    assert qr_png("https://a.vn/doi-chieu/1/0011").startswith(b"\x89PNG")
    assert qr_picture("https://a.vn/doi-chieu/1/0011").startswith("data:image/svg+xml")
    assert qr_png("https://a.vn/1") != qr_png("https://a.vn/2")
