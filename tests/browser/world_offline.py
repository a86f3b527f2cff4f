"""A phiếu that was filled in offline waits as a preview: changes, what differs from the system, faults."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from survey.services.fill import save_answers
from survey.services.instance import Session
from survey.services.offline_upload import take_offline
from survey.services.offline_workbook import make_offline_workbook
from survey.services.people import Person
from survey.services.saved_views import Change

NOTE = "Theo danh sách lớp bồi dưỡng do Sở Nội vụ tổ chức ngày 12 và 13 tháng 8 năm 2026, không kể lớp trực tuyến."


def hand_in_offline(session: Session, clerk: Person, number: int) -> str:
    """The number of the preview, for its address."""
    content, _ = make_offline_workbook(session, clerk, number)
    book = load_workbook(io.BytesIO(content))
    sheet = book["Phiếu"]
    free = [row for row in range(6, sheet.max_row + 1) if not sheet.cell(row, 4).protection.locked]
    integers = [row for row in free if sheet.cell(row, 4).number_format == "#,##0"]
    noted = [row for row in range(6, sheet.max_row + 1) if not sheet.cell(row, 5).protection.locked][:2]
    for row, value in zip(integers, (73, "1.060", "rất nhiều", "=10+2", 12), strict=False):
        sheet.cell(row, 4).value = value
    for row in noted:
        sheet.cell(row, 5).value = NOTE
    explained = next(row for row in range(6, sheet.max_row + 1) if not sheet.cell(row, 7).protection.locked)
    sheet.cell(explained, 7).value = "Quyết định đang trình ký, bản gốc do Văn phòng giữ."
    stream = io.BytesIO()
    book.save(stream)
    code = str(sheet.cell(noted[0], 1).value)
    save_answers(session, clerk, number, [Change(f"note:{code}", "Theo báo cáo của Văn phòng.", 0)])
    return str(take_offline(session, clerk, number, stream.getvalue(), "phieu-tu-danh-gia-phong-noi-vu-da-dien.xlsx"))
