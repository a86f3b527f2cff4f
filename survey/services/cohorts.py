"""Nhóm xếp hạng: the names and the official order of the cohorts that the agencies' file uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from survey.core.asks import Text
from survey.services.instance import Session
from survey.storage import agencies
from survey.storage.agencies import Cohort

COHORTS: Mapping[str, Text] = {
    "ban-dang-thanh-pho": Text("Các ban và Văn phòng Thành ủy", "City Party Committee boards and office"),
    "dang-uy-truc-thuoc": Text("Đảng ủy trực thuộc Thành ủy", "Party committees under the city"),
    "dang-uy-xa-phuong": Text("Đảng ủy xã, phường", "Commune and ward Party committees"),
    "so-nganh": Text("Sở, ban, ngành Thành phố", "City departments"),
    "ubnd-xa": Text("Ủy ban nhân dân xã", "Commune People's Committees"),
    "ubnd-phuong": Text("Ủy ban nhân dân phường", "Ward People's Committees"),
    "mttq-ctxh-thanh-pho": Text("MTTQ và các tổ chức chính trị - xã hội Thành phố", "City Front and organisations"),
    "mttq-xa-phuong": Text("MTTQ xã, phường", "Commune and ward Front committees"),
}


def ensure_cohorts(session: Session, codes: Iterable[str]) -> None:
    """Make the cohorts not there yet; one that has no name here is called by its code, after the others."""
    known = {cohort.code for cohort in agencies.cohorts(session)}
    order = list(COHORTS)
    for code in dict.fromkeys(codes):
        if not code or code in known:
            continue
        known.add(code)
        name = COHORTS.get(code, Text(code))
        place = order.index(code) if code in COHORTS else len(order) + len(known)
        session.add(Cohort(code=code, name_vi=name.vi, name_en=name.en, place=place))
    session.flush()
