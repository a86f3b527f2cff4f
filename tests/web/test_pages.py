"""Every page that can be read, for each who may read it, in both languages; the strict client checks each."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

import survey.services
import survey.web
from survey.core.text import catalogue
from tests.web.conftest import Site, group_form

OF_A_PHIEU = ("", "/muc/1", "/muc/2", "/muc/4.A", "/muc/6", "/kiem-tra", "/tai-lieu", "/xem", "/lich-su", "/duyet")
OWN = ("/", "/phieu/", "/phieu/tai-lieu", "/don-vi", "/mat-khau", "/huong-dan")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("login", ["nhap", "duyet"])
def test_every_page_of_a_phieu_reads_well(site: Site, login: str, language: str) -> None:
    client = site.client(login)
    clerk = site.client("nhap")
    path = f"{site.ward}/muc/2"
    typed = {"e.number": "466/QĐ-UBND", "e.not_secret": "1", "do": "add:2.1", "a.2.1": "dau_moi", "n.2.1": "Ghi chú"}
    clerk.send(group_form(clerk, path), **typed)
    for page in (*OWN, *(site.ward + part for part in OF_A_PHIEU)):
        found = client.page(f"{page}?lang={language}")
        assert found.root.get("lang") == language


def test_the_language_is_kept(site: Site) -> None:
    client = site.client("nhap", again=True)
    assert client.page(f"{site.ward}?lang=en").h1 == "Digital transformation self-assessment"
    assert client.page(f"{site.ward}/kiem-tra").h1 == "What is missing"
    assert client.page(f"{site.ward}?lang=xx").h1 == "Digital transformation self-assessment"
    assert client.page(f"{site.ward}?lang=vi").h1 == "Phiếu tự đánh giá mức độ chuyển đổi số"


def test_the_other_language_of_a_page_is_one_press_away_and_the_same_page(site: Site) -> None:
    page = site.client("nhap").page(f"{site.ward}/muc/2?them=2.1")
    assert page.links()["English"] == f"{site.ward}/muc/2?them=2.1&lang=en"


def test_the_menu_marks_where_one_is(site: Site) -> None:
    page = site.client("nhap").page(f"{site.ward}/tai-lieu")
    here = {"".join(e.itertext()) for e in page.all("a") if e.get("aria-current") == "page"}
    assert here == {"Tài liệu"}


def test_somebody_without_a_body_is_told_so(site: Site) -> None:
    assert "chưa được giao đơn vị nào" in site.client("quantri").page("/don-vi").text


def test_every_sentence_that_code_asks_for_is_in_the_catalogue() -> None:
    folder = Path(survey.web.__path__[0])
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".py", ".html")]
    asked = {key for text in texts for key in re.findall(r"""\bt\(\s*["'](web[a-z_]*\.\w+)["']\s*[,)]""", text)}
    assert len(asked) > 150
    assert asked - set(catalogue()) == set()


def test_every_sentence_of_the_web_is_used() -> None:
    folder = Path(survey.web.__path__[0])
    text = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".py", ".html"))
    built = re.findall(r"""["'](web[a-z_]*\.[a-z_]*)["']\s*~|f["'](web[a-z_]*\.[a-z_]*){""", text)
    starts = tuple(first or second for first, second in built)
    mine = [key for key in catalogue() if key.split(".")[0] in ("web", "web_fill", "web_hub", "web_check", "web_doc")]
    unused = [key for key in mine if f'"{key}"' not in text and f"'{key}'" not in text and not key.startswith(starts)]
    assert unused == []


def test_every_event_of_a_phieu_has_its_sentence() -> None:
    folder = Path(survey.services.__path__[0])
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    kinds = set(
        re.findall(r"""(?:take_step|write_document|record_for|_write)\([^)]*?"([a-z]+_?[a-z]*)"[,)]""", text, re.S)
    )
    assert {"answers_saved", "presented", "approved", "returned", "withdrawn", "kad_requested"} <= kinds
    assert {kind for kind in kinds if f"web_history.{kind}" not in catalogue()} == set()


def statements(site: Site) -> list[str]:
    """Filled with what the database is asked from now on, beginnings and ends of transactions left out."""
    asked: list[str] = []

    def hear(*heard: object) -> None:
        if not str(heard[2]).startswith(("BEGIN", "COMMIT")):
            asked.append(str(heard[2]))

    sa.event.listen(site.database.engine, "before_cursor_execute", hear)
    return asked


def test_a_page_and_a_save_ask_the_database_six_times_at_most(site: Site) -> None:
    client = site.client("nhap")
    form = group_form(client, f"{site.ward}/muc/2")
    asked = statements(site)
    client.get(f"{site.ward}/muc/2")
    assert 0 < len(asked) <= 6
    asked.clear()
    changes = {"changes": [{"key": "2.3.a", "typed": "73", "seen": 0}]}
    client.post(f"{site.ward}/luu", json=changes, headers={"X-CSRF-Token": form.fields["csrf_token"][0]})
    assert 0 < len(asked) <= 6
