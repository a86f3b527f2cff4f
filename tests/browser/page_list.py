"""Every page by its address, with the person who looks at it, in every state that matters."""

from __future__ import annotations

from collections.abc import Iterable

from tests.browser.conftest import Site
from tests.browser.world import BOARD, DEPARTMENT, FRONT, FRONT_2, PARTY, ROUND, WARD
from tests.browser.world_admin import ENDED, UNUSED
from tests.browser.world_office import CLOSED, COMING, DRAFT, SET

# {…}: the phiếu of a body, a round, a number of what there is. Login "" is nobody.
BODY_PAGES = [
    ("", "/"), ("", "/dang-nhap"), ("", "/huong-dan"), ("", "/khong-co-trang-nay"), ("", "/?lang=en"),
    ("nhap2", "/don-vi"), ("nhap2", "/mat-khau"), ("nhap2", "/khong-co-trang-nay"),
    ("nhap.phuong", "{ward}"), ("nhap.phuong", "{ward}?lang=en"), ("nhap.phuong", "{ward}/muc/1?lang=vi"),
    ("nhap.phuong", "{ward}/muc/2"), ("nhap.phuong", "{ward}/muc/1?them=1.4"),
    ("nhap.phuong", "{ward}/muc/4.A"), ("nhap.phuong", "{ward}/muc/4.C"),
    ("nhap.phuong", "{ward}/muc/5"), ("nhap.phuong", "{ward}/muc/6"),
    ("nhap.phuong", "{ward}/kiem-tra"), ("nhap.phuong", "{ward}/tai-lieu"), ("nhap.phuong", "{ward}/tai-lieu/1"),
    ("nhap.phuong", "{ward}/cach-tinh-diem"), ("nhap.danguy", "{party}/cach-tinh-diem?lang=vi"),
    ("nhap.phuong", "{ward}/xem"), ("nhap.phuong", "{ward}/lich-su"), ("nhap.phuong", "{ward}/chi-so/1.3/lich-su"),
    ("nhap.bql", "{board}/chi-so/1.1/lich-su"), ("duyet.so", "{department}/chi-so/1.1/lich-su"),
    ("nhap.phuong", "{ward}/duyet"),
    ("nhap.danguy", "{party}"), ("nhap.danguy", "{party}/muc/2"), ("nhap.danguy", "{party}/kiem-tra"),
    ("nhap.danguy", "{party}/tai-lieu"), ("nhap.danguy", "{party}/lich-su"),
    ("nhap.bql", "{board}"), ("nhap.bql", "{board}/muc/1"), ("nhap.bql", "{board}/kiem-tra"),
    ("nhap.so", "{department}"), ("nhap.so", "{department}/muc/3"), ("nhap.so", "{department}/kiem-tra"),
    ("duyet.so", "{department}"), ("duyet.so", "{department}/duyet"),
    ("duyet.mttq", "{front}"), ("duyet.mttq", "{front}/bien-nhan"), ("duyet.mttq", "{front}/rut-lai"),
    ("duyet.so", "{department}/duyet-thay"),
    ("nhap.bql", "{board}/thong-bao"), ("nhap.danguy", "{party}/thong-bao"), ("nhap.mttq", "{front}/thong-bao"),
    ("nhap.phuong", "{ward}/phan-cong"), ("duyet.phuong", "{ward}/phan-cong"),
    ("nhap.phuong", "{ward}/dieu-chinh/1.1"), ("nhap.phuong", "{ward}/dieu-chinh/1.3"),
    ("duyet.phuong", "{ward}/dieu-chinh/1.2"),
    ("nhap.phuong", "{ward}/ban-giay"), ("nhap.phuong", "{ward}/in/trong"), ("nhap.phuong", "{ward}/in/da-nhap"),
    ("nhap.danguy", "{party}/in/trong?nhom=2"), ("nhap.danguy", "{party}/to-trinh"),
    ("nhap.so", "{department}/to-trinh"), ("nhap.so", "{department}/ky-giay"), ("nhap.bql", "{board}/ky-giay"),
    ("duyet.mttq2", "{front_2}/bien-nhan"), ("nhap.mttq2", "{front_2}/ban-giay"),
    ("nhap.mttq", "/doi-chieu/{front_number}"), ("nhap.mttq", "/doi-chieu/{front_number}/0000-0000"),
    ("nhap.mttq", "/doi-chieu/{front_number}/khong-phai-ma"), ("nhap.mttq", "/doi-chieu/{front_number}/{front_code}"),
    ("nhap.so", "/cung-cap/{round}"), ("nhap.so", "/cung-cap/{round}/{set}/don-vi"),
    ("nhap.so", "/cung-cap/{round}/{set}/don-vi?tim=khong+co"), ("nhap.so", "/cung-cap/{round}/phieu/{ward_number}"),
    ("nhap.so", "/cung-cap/{round}/dieu-chinh"), ("nhap.so", "/cung-cap/{round}/dieu-chinh?xem=da-tra-loi"),
    ("nhap.so", "/cung-cap/{round}/tep/{figures_changed}"), ("nhap.so", "/cung-cap/{round}/tep/{figures_faulty}"),
    ("nhap.danguy", "{party}/excel"), ("duyet.mttq", "{front}/excel"), ("nhap.danguy", "{party}/excel/tep/{offline}"),
    ("nhap.bql", "/cung-cap"), ("tonghop", "/cung-cap/{round}/{set}/don-vi"),
]  # fmt: skip
READER_ROOMS = (
    "/dot/{round}", "/dot/{round}/don-vi", "/dot/{round}/phieu/{party_number}", "/dot/{round}/khong-ap-dung",
    "/dot/{round}/xep-hang", "/dot/{round}/nen-xem", "/dot/{round}/don-doc", "/dot/{round}/gia-han",
    "/dot/{round}/thong-bao", "/dot/{round}/cung-cap", "/dot/{round}/goi-du-lieu", "/dot-danh-gia",
    "/dot-danh-gia/{round}", "/quan-tri/don-vi", "/quan-tri/don-vi/{party_code}", "/nhat-ky",
)  # fmt: skip
OFFICE_PAGES = [
    *((login, room) for login in ("tonghop", "tonghop.dang", "kiemtra") for room in READER_ROOMS),
    ("tonghop", "/dot/{round}/bieu-do"), ("tonghop.dang", "/dot/{round}/bieu-do"),
    ("tonghop", "/dot/{round}/don-vi?tim=van+mieu"), ("tonghop", "/dot/{round}/don-vi?tim=khong-co"),
    ("tonghop", "/dot/{round}/phieu/{ward_number}"), ("tonghop", "/dot/{round}/phieu/{front_number}"),
    ("tonghop", "/dot/{round}/nen-xem?tim=khong+co"), ("tonghop", "/dot/{round}/nen-xem?dau-hieu=no_evidence&lang=en"),
    ("tonghop", "/dot/{round}/xep-hang?nhom=khong-co"), ("tonghop", "/dot/khong-co"),
    ("tonghop", "/dot/{round}/don-doc?in=1"), ("tonghop", "/dot/{round}/don-doc?tim=khong+co"),
    ("tonghop", "/dot/{coming}/don-doc"), ("tonghop", "/dot/{coming}/gia-han"), ("tonghop", "/dot/{coming}"),
    ("tonghop", "/dot/{coming}/nen-xem"),
    ("tonghop", "/dot/{coming}/thong-bao"), ("tonghop", "/dot/{coming}/xep-hang"), ("tonghop", "/dot/{closed}"),
    ("tonghop", "/dot-danh-gia/moi"), ("tonghop", "/dot-danh-gia/moi?tu={round}"),
    ("tonghop", "/dot-danh-gia/{draft}"), ("tonghop", "/dot-danh-gia/{draft}/sua"),
    ("tonghop", "/dot-danh-gia/{draft}/xoa"), ("tonghop", "/dot-danh-gia/{round}/sua"),
    ("tonghop", "/dot-danh-gia/{round}/han"), ("tonghop", "/dot-danh-gia/{round}/dong"),
    ("tonghop", "/dot-danh-gia/{round}/xoa"), ("tonghop", "/dot-danh-gia/{coming}"),
    ("tonghop", "/dot-danh-gia/{coming}/sua"), ("tonghop", "/dot-danh-gia/{closed}"),
    ("tonghop", "/dot-danh-gia/{closed}/mo-lai"), ("tonghop", "/bo-chi-so"),
    ("tonghop", "/bo-chi-so/xa-phuong/2026.1"), ("kiemtra", "/bo-chi-so/mat-tran-doan-the/2026.1"),
    ("tonghop", "/dot/{round}/goi-du-lieu/{package}"), ("tonghop", "/dot/{round}/goi-du-lieu/{package_unknown}"),
    ("tonghop", "/phieu/{ward_number}/ban-giay"), ("tonghop", "/phieu/{department_number}/ky-giay"),
    ("kiemtra", "/phieu/{front_2_number}/bien-nhan"), ("kiemtra", "/nhat-ky?chua=khong+co+gi+nhu+the"),
    ("kiemtra", "/nhat-ky?tu=hom+qua&loai=rounds"), ("kiemtra", "/bo-chi-so"),
]  # fmt: skip
ADMIN_PAGES = [
    ("quantri", "/quan-tri/tai-khoan"), ("quantri", "/quan-tri/tai-khoan?tim=khong+co"),
    ("quantri", "/quan-tri/tai-khoan?vai-tro=clerk&tinh-trang=never&lang=en"),
    ("quantri", "/quan-tri/tai-khoan/tao?lang=vi"),
    *(("quantri", f"/quan-tri/tai-khoan/{{{one}}}") for one in ("never", "invited", "shut", "locked", "two_steps")),
    ("quantri", "/quan-tri/tai-khoan/nhap"), ("quantri", "/quan-tri/tai-khoan/nhap/{account_import}"),
    ("quantri", "/quan-tri/tai-khoan/thu-moi"), ("quantri", "/quan-tri/tai-khoan/thu-moi?tim=khong+co"),
    ("quantri", "/quan-tri/tai-khoan/{invited}/dat-lai"), ("quantri", "/quan-tri/tai-khoan/{never}/lop-hai"),
    ("quantri", "/quan-tri/tai-khoan/{two_steps}/lop-hai"),
    ("quantri", "/quan-tri/don-vi"), ("quantri", "/quan-tri/don-vi?tim=khong+co"),
    *(("quantri", f"/quan-tri/don-vi/{{{one}}}") for one in ("board_code", "unused", "ended")),
    ("quantri", "/quan-tri/don-vi/{ward_code}/sua"), ("quantri", "/quan-tri/don-vi-moi"),
    ("quantri", "/quan-tri/don-vi/{ward_code}/doi-ten"), ("quantri", "/quan-tri/don-vi/{ward_code}/dong"),
    ("quantri", "/quan-tri/don-vi/{ended}/mo-lai"), ("quantri", "/quan-tri/don-vi/{unused}/xoa"),
    ("quantri", "/quan-tri/nhap-don-vi"), ("quantri", "/quan-tri/nhap-don-vi/{register_import}"),
    ("quantri", "/quan-tri/nguon-du-lieu"), ("quantri", "/quan-tri/nguon-du-lieu/{source}"),
    ("quantri", "/quan-tri/cai-dat"), ("quantri", "/nhat-ky"), ("quantri", "/bo-chi-so"), ("quantri", "/tai-khoan"),
    ("", "/dang-nhap/lan-dau"), ("", "/quen-mat-khau"), ("", "/quen-mat-khau/da-nhan"), ("", "/moi/{token}"),
    ("", "/moi/khong-co"), ("hailop", "/dang-nhap/ma"), ("nhap.so", "/tai-khoan/xac-thuc"),
]  # fmt: skip
ELSEWHERE = {
    "static", "bootstrap.static", "public.healthz", "auth.session_state", "metrics.show",  # no pages
    "coordinator.chart", "coordinator.workbook", "coordinator.result_file", "coordinator.chase_file",
    "coordinator.flag_file", "provider.workbook", "register.export",
    "admin.address_book", "admin.account_template", "log.take", "paper.scan", "paper.sheet_file",
    "paper.statement_file", "agency.offline_file", "agency.evidence_file",  # files
    "coordinator.now", "agency.home", "agency.home_documents", "agency.indicator",
    "provider.owners_now",  # lead on to pages above
    "auth.enrol",  # only while the second factor is required: test_signing_in_pages.py
}  # fmt: skip


def known(pages: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """The pages that there are: not those that ask for what there is not."""
    return (pair for pair in pages if "khong-co" not in pair[1])


def address(site: Site, path: str) -> str:
    """The address in an instance in which everything has happened."""
    bodies = {
        "ward": WARD, "party": PARTY, "board": BOARD, "department": DEPARTMENT, "front": FRONT, "front_2": FRONT_2,
    }  # fmt: skip
    named: dict[str, object] = {name: site.phieu(code) for name, code in bodies.items()}
    named |= {f"{name}_number": site.submissions[code] for name, code in bodies.items()}
    named |= {f"{name}_code": code for name, code in bodies.items()} | site.places
    rounds = {"round": ROUND, "closed": CLOSED, "draft": DRAFT, "coming": COMING, "set": SET}
    return path.format(**{**named, **rounds, "unused": UNUSED, "ended": ENDED})
