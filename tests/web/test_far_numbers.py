"""Numbers that no row can have: addresses and fields that hold them are as missing as any other, never a fault."""

import re

import pytest

from survey.web.access import ROUTES
from tests.web.conftest import Site

FAR = ("2147483648", "9223372036854775808", "9" * 30, "9" * 5000)


@pytest.mark.parametrize("far", FAR, ids=len)
def test_an_address_with_a_number_that_no_row_has_is_missing(site: Site, far: str) -> None:
    clients = [site.client(login) for login in ("nhap", "tonghop", "quantri")]
    rules = [rule for rule in site.app.url_map.iter_rules() if "int:" in rule.rule and rule.endpoint in ROUTES]
    assert len(rules) > 40
    for rule in rules:
        path = re.sub(r"<int:\w+>", far, rule.rule)
        path = re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", re.sub(r"<(?:string:|path:)?\w+>", "x", path))
        for client in clients:
            assert client.get(path).status_code in (404, 405), rule.rule


@pytest.mark.parametrize("far", FAR, ids=len)
def test_a_field_with_a_number_that_no_row_has_is_refused(site: Site, far: str) -> None:
    client = site.client("nhap")
    token = client.page("/phieu/").form("/dang-xuat").fields["csrf_token"]
    answer = client.post("/don-vi/chon", data={"csrf_token": token, "agency": far})
    assert answer.status_code in (400, 404)
