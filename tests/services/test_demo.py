"""The demonstration: 408 bodies with believable pasts, seeded once on every database."""

import json
import stat
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from statistics import median

import sqlalchemy as sa

from survey.core import document as doc
from survey.core.answers import Special
from survey.core.numbers_vi import HANOI
from survey.core.rules.exact import Why, outcome
from survey.core.workflow import Role, SubmissionState
from survey.services.audit import AGENCIES, check_events
from survey.services.demo import read_demo_accounts
from survey.services.demo.material import read_material
from survey.services.demo.people import FILE
from survey.services.demo.roster import cast, perform
from survey.services.demo.seed import round_dates
from survey.services.published import published
from survey.services.read_submission import read_submission
from survey.services.review_submission import review_submission
from survey.services.sign_in import check_password, open_session
from survey.services.sign_off import approve, withdraw
from survey.storage.accounts import Account
from survey.storage.agencies import Agency
from survey.storage.events import Event, submission_stream
from survey.storage.evidence import EvidenceRecord
from survey.storage.providers import Adjustment, Assignment, Provider
from tests.services.demonstration import NOW, Demonstration, demonstration, now

__all__ = ["demonstration"]

LARGE = 17  # bodies in a cohort
SENT = SubmissionState.SENT


def test_408_bodies_stand_where_they_should(demonstration: Demonstration) -> None:
    states = Counter(row.state for row in demonstration.rows)
    assert states == {
        SubmissionState.NOT_STARTED: 37,
        SubmissionState.FILLING: 181,
        SubmissionState.AWAITING_APPROVAL: 64,
        SubmissionState.SENT: 126,
    }
    assert len({row.cohort_code for row in demonstration.rows}) == 8
    assert demonstration.scored.demonstration
    assert (demonstration.scored.round.opens_at, demonstration.scored.round.closes_at) == round_dates(NOW)


def test_every_body_has_a_contact_that_reaches_nobody(demonstration: Demonstration) -> None:
    with demonstration.database.reading() as session:
        bodies = session.scalars(sa.select(Agency).where(Agency.assessed)).all()
        told = session.scalars(sa.select(Event.kind).where(Event.stream == AGENCIES)).all()
    assert len(bodies) == 408
    assert all(body.contact_name.endswith("(minh họa)") for body in bodies)
    assert all(body.contact_email.endswith("@minh-hoa.example") for body in bodies)
    assert all(body.contact_phone.startswith("024 0000 ") for body in bodies)
    assert Counter(told) == {"agencies_imported": 2}


def test_every_large_cohort_reaches_every_level_and_has_a_tie(demonstration: Demonstration) -> None:
    levels: dict[str, set[str]] = defaultdict(set)
    rates: dict[str, list[float]] = defaultdict(list)
    for result, place, entry in demonstration.entries():
        if entry.state is SENT:
            level = result.scores.level[place]
            levels[entry.cohort_code].add(level.name.vi if level else "")
            rates[entry.cohort_code].append(float(result.scores.rate_published[place]))
    sizes = Counter(row.cohort_code for row in demonstration.rows)
    large = [cohort for cohort, size in sizes.items() if size >= LARGE]
    assert len(large) == 5
    for cohort in large:
        assert len(levels[cohort]) == 4, cohort
        assert len(set(rates[cohort])) < len(rates[cohort]), cohort


def test_bodies_that_tie_have_different_figures(demonstration: Demonstration) -> None:
    seen: dict[tuple[str, float], dict[str, object]] = {}
    pairs = 0
    for result, place, entry in demonstration.entries():
        if entry.state is SENT:
            mine = (entry.cohort_code, float(result.scores.rate_published[place]))
            other = seen.setdefault(mine, dict(result.cases[place].values))
            pairs += other != result.cases[place].values
    assert pairs >= 5


def test_the_median_of_those_sent_is_in_the_middle(demonstration: Demonstration) -> None:
    rates = [float(r.scores.rate_published[p]) for r, p, entry in demonstration.entries() if entry.state is SENT]
    assert len(rates) == 126
    assert 0.45 <= median(rates) <= 0.75


def test_every_case_that_a_round_can_bring_is_shown(demonstration: Demonstration) -> None:
    seen: Counter[tuple[SubmissionState, Why]] = Counter()
    for result, place, entry in demonstration.entries():
        for indicator in result.questionnaire.indicators:
            seen[entry.state, outcome(result.questionnaire, indicator, result.cases[place]).why] += 1
    for why in (Why.NOT_A_DUTY, Why.ZERO_B, Why.APPROVED, Why.BLANK, Why.NOT_ASKED, Why.AWAITED):
        assert seen[SENT, why] > 0, why
    assert seen[SubmissionState.FILLING, Why.A_ABOVE_B] >= 10
    assert not any(
        count for (state, why), count in seen.items() if why is Why.A_ABOVE_B and state is not SubmissionState.FILLING
    )


def test_slips_and_requests_are_kept_where_they_can_be(demonstration: Demonstration) -> None:
    faulty = [row.state for row, _, entry in demonstration.documents() if "fault" in entry]
    assert len(faulty) >= 5
    assert set(faulty) == {SubmissionState.FILLING}
    requests = [entry for _, key, entry in demonstration.documents() if key.startswith(doc.KAD)]
    assert {entry.get("decision") for entry in requests} == {None, doc.APPROVED, doc.REFUSED}


def test_nobody_above_the_whole_but_those_marked(demonstration: Demonstration) -> None:
    for result, place, entry in demonstration.entries():
        case = result.cases[place]
        for indicator in result.questionnaire.indicators:
            for pair in indicator.pairs:
                a, b = case.value(pair.a.key), case.value(pair.b.key)
                if pair.part and isinstance(a, Decimal) and isinstance(b, Decimal) and a > b:
                    assert entry.state is SubmissionState.FILLING, (entry.agency.code, pair.a.key)


def test_wards_have_the_size_of_wards(demonstration: Demonstration) -> None:
    staff = [
        int(value)
        for result, place, entry in demonstration.entries()
        if entry.type == "ubnd_xa" and isinstance(value := result.cases[place].value("so_cbccvc"), Decimal)
    ]
    assert len(staff) > 90
    assert min(staff) >= 60
    assert max(staff) <= 140


def test_provided_figures_name_their_source_and_are_never_the_bodys(demonstration: Demonstration) -> None:
    with demonstration.database.reading() as session:
        logins = ("tonghop", "nhap.skhcn", "nhap.sct", "nhap.syt")
        givers = set(session.scalars(sa.select(Account.id).where(Account.login.in_(logins))))
        found = 0
        for row in demonstration.rows:
            questionnaire = published(session, row.version_id, row.sha256)
            for key in row.answers:
                if key in questionnaire.users_of and doc.is_provided(questionnaire, key):
                    assert row.answers[key]["by"] in givers
                    sourced = row.answers[key].get("source") and row.answers[key].get("dated")
                    assert sourced or row.answers[key].get("adjusted")
                    found += 1
    assert found > 126 * 15


def test_documents_prove_several_indicators(demonstration: Demonstration) -> None:
    used: Counter[int] = Counter()
    for _, key, entry in demonstration.documents():
        if key.startswith(doc.EVIDENCE):
            used.update(entry["ids"])
    assert used.most_common(1)[0][1] >= 4
    with demonstration.database.reading() as session:
        records = session.scalars(sa.select(EvidenceRecord)).all()
    assert {record.id for record in records} == set(used)
    assert all(record.number and record.issued and record.issuer and record.summary for record in records)
    assert all(record.issued <= NOW.date() for record in records)


def test_nothing_happens_at_night_or_tomorrow(demonstration: Demonstration) -> None:
    opens, _ = round_dates(NOW)
    with demonstration.database.reading() as session:
        times = session.scalars(sa.select(Event.at).where(Event.stream.startswith("submission:"))).all()
    assert len(times) > 3000
    assert opens <= min(times) < max(times) < NOW
    local = [time.astimezone(HANOI) for time in times]
    assert all(time.weekday() < 5 and 8 <= time.hour < 18 for time in local)
    last = [row.last_activity_at for row in demonstration.rows if row.last_activity_at]
    assert len({time.date() for time in last}) >= 8


def test_every_chain_holds_and_runs_forward(demonstration: Demonstration) -> None:
    with demonstration.database.reading() as session:
        assert check_events(session) == ()
        by_stream: dict[str, list[datetime]] = defaultdict(list)
        for event in session.execute(sa.select(Event.stream, Event.at).order_by(Event.stream, Event.number)):
            by_stream[event.stream].append(event.at)
    for stream in {submission_stream(row.id) for row in demonstration.rows} & by_stream.keys():
        assert by_stream[stream] == sorted(by_stream[stream]), stream


def test_the_documents_are_what_their_events_tell(demonstration: Demonstration) -> None:
    """The last thing told of each key is what stands there; a decision is told by its own event."""
    with demonstration.database.reading() as session:
        told: dict[str, dict] = defaultdict(dict)
        for event in session.execute(sa.select(Event.stream, Event.data).order_by(Event.stream, Event.number)):
            for key, (_, content) in json.loads(event.data).get("changes", {}).items():
                told[event.stream][key] = content
    for row in demonstration.rows:
        stands = {key: doc.content_of(entry) for key, entry in row.answers.items() if entry.get("decision") is None}
        assert stands.items() <= told[submission_stream(row.id)].items()


def test_receipts_are_given_in_the_order_of_sending(demonstration: Demonstration) -> None:
    sent = sorted((entry.sent_at, entry.receipt) for _, _, entry in demonstration.entries() if entry.state is SENT)
    receipts = [receipt for _, receipt in sent]
    assert receipts == sorted(receipts)
    assert all(receipts)


def test_the_accounts_are_for_their_owner_alone(demonstration: Demonstration) -> None:
    file = demonstration.folder / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = json.loads(file.read_text(encoding="utf-8"))
    assert all(row.keys() == {"role", "agency", "login", "password"} for row in rows)
    assert {row["role"] for row in rows} == {role.value for role in Role}
    assert len(read_demo_accounts(demonstration.folder)) == len(rows)
    names = {row.agency_name: row.kind for row in demonstration.rows}
    for role in (Role.CLERK, Role.LEADER):
        assert {names[row["agency"]] for row in rows if row["role"] == role.value} == {"dang", "nha_nuoc", "mttq_ctxh"}


def test_every_account_that_is_offered_signs_in(demonstration: Demonstration) -> None:
    for account in read_demo_accounts(demonstration.folder):
        with demonstration.database.writing() as session:
            checked = check_password(session, account.login, account.password, clock=now)
            person = open_session(session, checked, clock=now).signed_in.person
            assert person.has(Role(account.role))
            if person.bodies:
                assert account.agency in {body.name for body in person.bodies}
            session.rollback()


def test_one_person_fills_in_for_the_three_bodies_of_a_ward(demonstration: Demonstration) -> None:
    ward = next(a for a in read_demo_accounts(demonstration.folder) if a.login == "nhap.badinh")
    with demonstration.database.writing() as session:
        person = open_session(session, check_password(session, ward.login, ward.password, clock=now), clock=now)
        codes = {body.code for body in person.signed_in.person.bodies}
        session.rollback()
    assert codes == {"HN-00004-DU", "HN-00004-UBND", "HN-00004-MTTQ"}
    states = {row.agency_code: row.state for row in demonstration.rows}
    assert states["HN-00004-UBND"] is SubmissionState.FILLING
    assert states["HN-00004-DU"] is SubmissionState.AWAITING_APPROVAL


def test_a_leader_can_approve_and_a_clerk_fill_in_at_once(demonstration: Demonstration) -> None:
    """By the clock of the demonstration, with the accounts that are offered."""
    submissions = {row.agency_code: row.id for row in demonstration.rows}
    with demonstration.database.writing() as session:
        people = {}
        for login in ("nhap.badinh", "lanhdao.danguy.badinh", "lanhdao.hoankiem"):
            password = read_demo_accounts(demonstration.folder)[0].password
            checked = check_password(session, login, password, clock=now)
            people[login] = open_session(session, checked, clock=now).signed_in.person
        leader, party = people["lanhdao.danguy.badinh"], submissions["HN-00004-DU"]
        seen = review_submission(session, leader, party, clock=now)
        assert approve(session, leader, party, seen.content_hash, clock=now).number.startswith("2026-")
        hub = read_submission(session, people["nhap.badinh"], submissions["HN-00004-UBND"], clock=now)
        assert hub.head.editable
        assert 0 < hub.answered < hub.total
        withdraw(session, people["lanhdao.hoankiem"], submissions["HN-00070-UBND"], clock=now)
        session.rollback()


def test_no_answer_depends_on_the_day(demonstration: Demonstration) -> None:
    """Cases are a function of the seed: those made anew from nothing are those stored."""
    departments = next(r for r in demonstration.scored.questionnaires if r.questionnaire.id == "so-nganh")
    rows = [row for row in demonstration.rows if row.questionnaire_id == "so-nganh"]
    bodies = [(row.agency_code, row.cohort_code, "so-nganh", row.agency_attributes) for row in rows]
    parts = cast(bodies, {"so-nganh": departments.questionnaire})
    perform(parts, departments.questionnaire, read_material())
    for part, case in zip(parts, departments.cases, strict=True):
        if part.state is SENT and part.peculiar is None:
            assert {k: v for k, v in part.case.values.items() if v is not Special.MISSING} == case.values


def test_some_corrections_wait_some_are_answered_and_groups_are_shared(demonstration: Demonstration) -> None:
    with demonstration.database.reading() as session:
        decisions = Counter(session.scalars(sa.select(Adjustment.decision)))
        holders = session.scalar(sa.select(sa.func.count(sa.distinct(Assignment.account_id))))
        givers = session.scalar(sa.select(sa.func.count(sa.distinct(Provider.agency_id))))
    assert set(decisions) == {"", "accepted", "refused"}
    assert min(decisions.values()) >= 2
    assert (holders, givers) == (4, 3)
