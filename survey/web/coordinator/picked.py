"""The bodies that were ticked in the chase list, or all that its filter finds: read the same way for every deed."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from survey.services.chase import Chased, ChaseFilter, Order, list_chased
from survey.services.instance import Session
from survey.web.session import person

ALL = "tat-ca"
PICKED = "phieu"
STATES, ORDERS = {one.value: one for one in Chased}, {one.value: one for one in Order}


def asked_filter(asked: Mapping[str, str]) -> ChaseFilter:
    """The filter that an address or a form names; what it cannot mean is left out."""
    return ChaseFilter(
        search=asked.get("tim", "")[:200].strip(),
        state=STATES.get(asked.get("tinh-trang", "")),
        parent=asked.get("cap-tren", "")[:300],
        cohort=asked.get("nhom", "")[:100],
        kind=asked.get("khoi", "")[:100],
        order=ORDERS.get(asked.get("sap-xep", ""), Order.PARENT),
    )


def filter_fields(narrow: ChaseFilter) -> dict[str, str]:
    """A filter as an address or hidden fields carry it."""
    fields = {
        "tim": narrow.search,
        "tinh-trang": narrow.state.value if narrow.state else "",
        "cap-tren": narrow.parent,
        "nhom": narrow.cohort,
        "khoi": narrow.kind,
        "sap-xep": narrow.order.value if narrow.order is not Order.PARENT else "",
    }
    return {name: value for name, value in fields.items() if value}


def picked(session: Session, round_id: int) -> list[int]:
    """Ids of the submissions that the form names, one by one or by its filter."""
    if request.form.get(ALL) == "1":
        found = list_chased(session, person(), round_id, asked_filter(request.form))
        return [row.submission_id for row in found.rows]
    texts = request.form.getlist(PICKED)
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]
