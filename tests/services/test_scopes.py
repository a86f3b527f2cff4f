"""Khối: of the khối one coordinates every body is seen, of the others counts and medians alone, on every way out."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import sqlalchemy as sa

from survey.core.workflow import Role, SubmissionState
from survey.services.audit import history_of
from survey.services.errors import NotAllowed, NotFound
from survey.services.follow_progress import Progress, ProgressFilter, follow_progress
from survey.services.make_charts import chart_key, draw_chart, list_charts
from survey.services.make_workbook import make_workbook
from survey.services.people import Person
from survey.services.rank_cohort import rank_cohort
from survey.services.read_submission import list_submissions, read_submission
from survey.services.request_kad import decide_kad, list_kad, request_kad
from survey.services.review_submission import review_submission
from survey.services.round_data import round_data
from survey.services.round_scope import FEWEST
from survey.services.sign_off import send_back
from survey.storage.agencies import Agency
from tests.services.world import FULL, World, at

DEPARTMENTS, WARDS, WARD = "so-nganh", "ubnd-phuong", "P-1"
REASON = "Chỉ số 1.2 ghi nhầm số người được tập huấn."
BODIES = {
    "SO-1": ("clerk", "leader"),
    "SO-2": ("other", "other"),
    "SO-3": ("third", "third"),
    WARD: ("clerk", "leader"),
}


@pytest.fixture
def city(world: World) -> World:
    """The small world with its ward made a Party body."""
    be_of(world, "dang", WARD)
    return world


def be_of(world: World, kind: str, *codes: str) -> None:
    with world.database.writing() as session:
        session.execute(sa.update(Agency).where(Agency.code.in_(codes)).values(kind=kind))


def send(world: World, *codes: str) -> None:
    for code in codes:
        clerk, leader = BODIES[code]
        typed = FULL if code in ("SO-1", WARD) else {"1.1": "cap_pho", "1.3": "yes"}
        world.send(typed, by=clerk, leader=leader, agency=code)


def of(world: World, *kinds: str, role: Role = Role.COORDINATOR) -> Person:
    """A coordinator of these khối; of none of them: one who sees totals."""
    return replace(world["coordinator"], kinds=frozenset(kinds), roles=frozenset({role}))


def board(world: World, person: Person, **narrow: object) -> Progress:
    with world.database.reading() as session:
        wanted = ProgressFilter(**narrow)  # type: ignore[arg-type]
        return follow_progress(session, person, world.known.round_id, wanted, clock=at())


def cohort(progress: Progress, code: str) -> object:
    return next(one for one in progress.cohorts if one.code == code)


def test_the_board_counts_all_and_lists_ones_own(city: World) -> None:
    send(city, "SO-1", WARD)
    party = board(city, of(city, "dang"))
    assert (party.total, party.counts[SubmissionState.SENT]) == (4, 2)
    assert (party.listed, party.own_counts[SubmissionState.SENT], party.found) == (1, 1, 1)
    assert [row.agency.code for row in party.rows] == [WARD]
    assert {one.code: (one.total, one.listed, one.whole) for one in party.cohorts} == {
        DEPARTMENTS: (3, 0, False), WARDS: (1, 1, True),
    }  # fmt: skip


@pytest.mark.parametrize("narrow", [{"search": "so y te"}, {"search": "SO-1"}, {"cohort": DEPARTMENTS}])
def test_no_search_and_no_filter_finds_a_foreign_body(city: World, narrow: dict[str, str]) -> None:
    assert board(city, of(city, "dang"), **narrow).found == 0
    assert board(city, of(city, "nha_nuoc"), **narrow).found >= 1


def test_those_who_see_totals_see_no_body_and_auditors_every_one(city: World) -> None:
    send(city, "SO-1")
    totals = board(city, of(city))
    assert (totals.listed, totals.rows, totals.total) == (0, (), 4)
    assert board(city, of(city, role=Role.AUDITOR)).listed == 4
    assert board(city, of(city, "*")).listed == 4


@pytest.mark.parametrize("sent", [0, 1, 2, 3])
def test_a_foreign_median_is_told_of_three_bodies_and_more(city: World, sent: int) -> None:
    send(city, *("SO-1", "SO-2", "SO-3")[:sent])
    foreign, own = (cohort(board(city, person), DEPARTMENTS) for person in (of(city, "dang"), of(city, "nha_nuoc")))
    assert (foreign.median_rate is not None) == (sent >= FEWEST)  # type: ignore[attr-defined]
    assert foreign.too_few == (0 < sent < FEWEST)  # type: ignore[attr-defined]
    assert (own.median_rate is not None) == (sent > 0)  # type: ignore[attr-defined]
    if sent >= FEWEST:
        assert foreign.median_rate == own.median_rate  # type: ignore[attr-defined]


def test_a_cohort_of_two_khoi_is_ranked_for_those_who_see_both(city: World) -> None:
    be_of(city, "dang", "SO-3")
    send(city, "SO-1", "SO-2", "SO-3")
    for kinds, allowed in ((("dang",), False), (("nha_nuoc",), False), (("dang", "nha_nuoc"), True), (("*",), True)):
        with city.database.reading() as session:
            if allowed:
                ranked = rank_cohort(session, of(city, *kinds), city.known.round_id, DEPARTMENTS)
                assert len(ranked.rows) == 3
            else:
                with pytest.raises(NotFound):
                    rank_cohort(session, of(city, *kinds), city.known.round_id, DEPARTMENTS)
    party = board(city, of(city, "dang"))
    assert [row.agency.code for row in party.rows] == ["SO-3", WARD]
    assert cohort(party, DEPARTMENTS).median_rate is None  # type: ignore[attr-defined]  # it would tell of two bodies


def test_rankings_charts_and_requests_of_others_are_missing(city: World) -> None:
    send(city, "SO-1", WARD)
    city.act(request_kad, "other", "2.3", "Cơ quan không được giao nhiệm vụ này.", agency="SO-2")
    party, number = of(city, "dang"), city.known.round_id
    with city.database.reading() as session:
        assert len(rank_cohort(session, party, number, WARDS).rows) == 1
        name = list_charts(session, party, number, WARDS)[0].name
        assert draw_chart(session, party, number, WARDS, name, "svg")
        for cohort_code in (DEPARTMENTS, "khong-co"):
            with pytest.raises(NotFound):
                rank_cohort(session, party, number, cohort_code)
            with pytest.raises(NotFound):
                list_charts(session, party, number, cohort_code)
            with pytest.raises(NotFound):
                draw_chart(session, party, number, cohort_code, "levels", "svg")
        assert list_kad(session, party, number) == ()
        (own,) = list_kad(session, of(city, "nha_nuoc"), number, clock=at())
        assert own.may_decide
        (read,) = list_kad(session, of(city, role=Role.AUDITOR), number, clock=at())
        assert not read.may_decide


def test_a_chart_drawn_for_one_khoi_is_not_kept_for_another(city: World) -> None:
    send(city, "SO-1", WARD)
    with city.database.reading() as session:
        keys = {
            chart_key(session, of(city, *kinds), city.known.round_id, WARDS, "levels", "svg")
            for kinds in ((), ("dang",), ("nha_nuoc",), ("*",))
        }
    assert len(keys) == 4


def words_of(content: bytes) -> str:
    """Every text in every part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


@pytest.mark.parametrize(
    ("kinds", "named", "absent"),
    [
        (("dang",), ("Ba Đình",), ("Sở Y tế", "SO-1", "Sở Tài chính")),
        (("nha_nuoc",), ("Sở Y tế", "Sở Tài chính"), ("Ba Đình", "P-1")),
        ((), (), ("Sở Y tế", "SO-1", "Ba Đình", "P-1")),
        (("*",), ("Sở Y tế", "Ba Đình"), ()),
    ],
)
def test_the_workbook_holds_the_bodies_of_ones_khoi_and_says_so(
    city: World, kinds: tuple[str, ...], named: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    send(city, "SO-1", "SO-2", WARD)
    person = of(city, *kinds)
    with city.database.reading() as session:
        content = make_workbook(session, person, city.known.round_id, clock=at())
        data = round_data(session, city.known.round_id, kinds=person.readable_kinds, clock=at())
    assert (data.size, data.sent) == (4, 3)
    words = words_of(content)
    assert [name for name in named if name not in words] == []
    assert [name for name in absent if name in words] == []
    front = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Thông tin"]
    shown = [cell for row in front.iter_rows(values_only=True) for cell in row if cell is not None]
    assert ("Nhóm ngoài khối phụ trách: chỉ có số tổng hợp" in shown) == ("*" not in kinds)
    assert ("dưới 3 phiếu" in shown) == ("*" not in kinds)
    assert data.audit_head in shown
    said = any(
        "các khối khác chỉ có số tổng hợp" in str(text) or "không có số liệu của từng" in str(text) for text in shown
    )
    assert said == ("*" not in kinds)


@pytest.mark.parametrize("look", [read_submission, review_submission, history_of])
def test_a_foreign_phieu_is_not_found(city: World, look: object) -> None:
    with city.database.reading() as session:
        for person, code in ((of(city, "dang"), "SO-1"), (of(city), WARD), (of(city, "nha_nuoc"), WARD)):
            with pytest.raises(NotFound):
                look(session, person, city.submission(code))  # type: ignore[operator]
            with pytest.raises(NotFound):
                look(session, person, 999_999)  # type: ignore[operator]
        look(session, of(city, "dang"), city.submission(WARD))  # type: ignore[operator]
        look(session, of(city, role=Role.AUDITOR), city.submission("SO-1"))  # type: ignore[operator]
        with pytest.raises(NotFound):
            list_submissions(session, of(city, "nha_nuoc"), agency_of(city, WARD))


def agency_of(world: World, code: str) -> int:
    with world.database.reading() as session:
        return session.scalars(sa.select(Agency.id).where(Agency.code == code)).one()


def test_nobody_gives_back_or_decides_beyond_their_khoi(city: World) -> None:
    city.act(request_kad, "clerk", "2.3", "Cơ quan không được giao nhiệm vụ này.")
    send(city, "SO-1")
    number = city.submission("SO-1")
    for person, refused in (
        (of(city, "dang"), NotFound),
        (of(city), NotFound),
        (of(city, role=Role.AUDITOR), NotAllowed),
    ):
        with city.database.writing() as session, pytest.raises(refused):
            send_back(session, person, number, REASON, clock=at(hours=1))
        with city.database.writing() as session, pytest.raises(refused):
            decide_kad(session, person, number, "2.3", approve=True, clock=at(hours=1))
    with city.database.writing() as session:
        decide_kad(session, of(city, "nha_nuoc"), number, "2.3", approve=True, clock=at(hours=1))
        send_back(session, of(city, "nha_nuoc"), number, REASON, clock=at(hours=1))
