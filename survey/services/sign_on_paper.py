"""Ghi nhận bản giấy: a leader signed the printed sheet; recording number, date and signatory sends what was printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from survey.core.answers import clean_text
from survey.core.document import short_hash
from survey.core.instants_vi import day_of
from survey.core.numbers_vi import format_date, parse_date
from survey.core.paper import Capacity, is_code_of, read_code
from survey.core.workflow import Obstacle, Role, Step, SubmissionState
from survey.services import note_access
from survey.services.audit import record_for
from survey.services.content import read_content
from survey.services.errors import Blocked, NotFound, Refused, ServiceError, StillFaulty
from survey.services.findings import count_blocking, count_missing
from survey.services.heads import receipt_of
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.scope import find_submission, require
from survey.services.send_signed import Signature, send_signed
from survey.services.sheet import Sheet, read_sheet
from survey.services.stored_files import FIELD, FileView, open_file, store_file
from survey.services.submission_views import Receipt
from survey.storage import submissions
from survey.storage.files import StoredFile
from survey.storage.submission_rows import SubmissionRow
from survey.storage.submissions import Route, SignOff

LONGEST = {"paper_number": 60, "signer": 100, "title": 150}  # characters
RECORDERS = frozenset({Role.CLERK, Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as it was handed in."""

    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class PaperForm:
    """What the clerk copies from the signed sheet, as typed."""

    paper_number: str = ""  # số, ký hiệu
    signed_on: str = ""  # dd/mm/yyyy
    signer: str = ""
    title: str = ""  # chức vụ
    capacity: str = ""
    code: str = ""  # mã nội dung, off the sheet
    missing_confirmed: bool = False  # needed only where it goes straight from filling in, with blanks


class NotRecorded(ServiceError):
    """What keeps the paper from being recorded, a sentence a field (422)."""

    def __init__(self, faults: tuple[Refused, ...]) -> None:
        super().__init__(faults[0].key, **faults[0].values)
        self.faults = faults


def sign_on_paper(
    session: Session,
    folder: Path,
    person: Person,
    submission_id: int,
    form: PaperForm,
    scan: Scan | None = None,
    *,
    clock: Clock = system_clock,
) -> Receipt:
    """Send what the leader signed on paper; the same paper recorded a second time gives the same receipt.

    Raises NotFound, NotAllowed, Blocked (deadline by the clock inside the transaction), StillFaulty, and NotRecorded
    with every fault of the form: the code on the sheet must be that of the present content.
    """
    row = find_submission(session, person, submission_id, lock=True)
    if receipt := _recorded_before(session, row, person, form):
        return receipt
    now = clock()
    require(row, person, Step.APPROVE_ON_PAPER, now)
    sheet = read_sheet(session, row)
    content = read_content(session, sheet)
    faults = [*_form_faults(form, row, now), *_content_faults(form, sheet, content.digest)]
    scan_id = None
    if faulty := count_blocking(sheet):
        raise StillFaulty(faulty)
    if scan is not None and not faults:
        try:
            scan_id = store_file(session, folder, person, scan.content, scan.name, clock=clock)
        except Refused as refused:
            faults.append(refused)
    if faults:
        raise NotRecorded(tuple(faults))
    signature = Signature(
        name=_clean(form.signer),
        title=_clean(form.title),
        route=Route.PAPER,
        number=_clean(form.paper_number),
        signed_on=parse_date(form.signed_on),
        capacity=Capacity(form.capacity),
        scan_id=scan_id,
    )
    return send_signed(session, sheet, content, person, signature, now)


def _recorded_before(session: Session, row: SubmissionRow, person: Person, form: PaperForm) -> Receipt | None:
    """The receipt of the same paper, already recorded by someone who may."""
    if row.state is not SubmissionState.SENT or not RECORDERS & person.roles_for(row.agency_id, row.kind):
        return None
    standing, code = submissions.standing_sign_off(session, row.id), read_code(form.code)
    if standing is None or standing.route is not Route.PAPER or code is None:
        return None
    same = standing.paper_number == _clean(form.paper_number) and is_code_of(code, standing.content_hash)
    return receipt_of(standing, row.kind) if same else None


def _clean(text: str) -> str:
    return " ".join(clean_text(text).split())


def _form_faults(form: PaperForm, row: SubmissionRow, now: datetime) -> list[Refused]:
    """What is wrong with the fields themselves."""
    faults = []
    for name, longest in LONGEST.items():
        text = _clean(getattr(form, name))
        if not text:
            faults.append(Refused(f"sign_on_paper.{name}_needed", name))
        elif len(text) > longest:
            faults.append(Refused("sign_on_paper.long", name, longest=longest))
    if form.capacity not in tuple(Capacity):
        faults.append(Refused("sign_on_paper.capacity_unknown", "capacity"))
    signed, today, first = parse_date(form.signed_on), day_of(now), day_of(row.opens_at)
    if signed is None:
        faults.append(Refused("sign_on_paper.date_form", "signed_on"))
    elif signed > today:
        faults.append(Refused("sign_on_paper.date_future", "signed_on", today=format_date(today)))
    elif signed < first:
        faults.append(Refused("sign_on_paper.date_early", "signed_on", opened=format_date(first)))
    return faults


def _content_faults(form: PaperForm, sheet: Sheet, digest: str) -> list[Refused]:
    """What on the sheet is not what would be sent; the present code is never told, so that nobody copies it."""
    faults, code = [], read_code(form.code)
    if code is None:
        faults.append(Refused("sign_on_paper.code_form", "code"))
    elif not is_code_of(code, digest):
        faults.append(Refused("sign_on_paper.code_differs", "code", typed=short_hash(code)))
    straight = sheet.row.state is not SubmissionState.AWAITING_APPROVAL
    missing = count_missing(sheet) if straight and not form.missing_confirmed else 0
    if missing:
        faults.append(Refused("sign_on_paper.missing", "missing_confirmed", count=missing))
    return faults


def add_scan(
    session: Session, folder: Path, person: Person, submission_id: int, scan: Scan, *, clock: Clock = system_clock
) -> None:
    """Keep the scan of a paper that was recorded, or put another in its place; the one before stays in the log.

    Raises NotFound, NotAllowed, Blocked (not sent on paper, round closed) and Refused for a file that is not taken.
    """
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.KEEP_SCAN, now)
    if not scan.content:
        raise Refused("files.empty", FIELD)
    standing = _paper(session, row)
    if standing is None:
        raise Blocked(Step.KEEP_SCAN, Obstacle.STATE)
    before = session.get(StoredFile, standing.scan_id) if standing.scan_id is not None else None
    scan_id = store_file(session, folder, person, scan.content, scan.name, clock=clock)
    kept = session.get_one(StoredFile, scan_id)
    if before is not None and before.sha256 == kept.sha256:
        session.delete(kept)
        session.flush()
        return
    standing.scan_id = scan_id
    session.flush()
    told = {"receipt": standing.receipt, "file": kept.sha256, "before": before.sha256 if before else ""}
    record_for(session, row, "scan_replaced" if before else "scan_added", person, now, **told)


def _paper(session: Session, row: SubmissionRow) -> SignOff | None:
    standing = submissions.standing_sign_off(session, row.id) if row.state is SubmissionState.SENT else None
    return standing if standing is not None and standing.route is Route.PAPER else None


def take_scan(
    session: Session, folder: Path, person: Person, submission_id: int, file_id: int, *, clock: Clock = system_clock
) -> FileView:
    """The scan of the paper by which it is sent; another's is noted in the log. Raises NotFound for any other file."""
    row = find_submission(session, person, submission_id)
    standing = _paper(session, row)
    if standing is None or standing.scan_id != file_id:
        raise NotFound
    if row.agency_id not in {body.agency_id for body in person.bodies}:
        note_access.note_export(session, person, "scan", clock=clock, submission=row.id)
    return open_file(session, folder, file_id)
