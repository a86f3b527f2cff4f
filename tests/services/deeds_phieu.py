"""The deeds around a phiếu: filled in, documents, không áp dụng, figures of others, approved, on paper, given back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from survey.services import note_access
from survey.services.announce import Audience, mark_feed_read, write_notice
from survey.services.answer_history import history_of_indicator, take_value_back
from survey.services.assign_groups import assign_groups
from survey.services.attach_evidence import (
    EvidenceForm,
    add_evidence,
    attach_evidence,
    detach_evidence,
    edit_evidence,
    remove_evidence,
)
from survey.services.decide_adjustment import decide_adjustment
from survey.services.evidence_files import Upload, admit_file, attach_file, find_file, keep_bytes, remove_file
from survey.services.extend_submission import extend_submissions, take_back_extension
from survey.services.figures_upload import apply_figures
from survey.services.figures_workbook import make_figures_workbook
from survey.services.fill import save_answers
from survey.services.offline_upload import apply_offline
from survey.services.offline_workbook import make_offline_workbook
from survey.services.provide_figures import provide_figures
from survey.services.request_adjustment import request_adjustment, withdraw_adjustment
from survey.services.request_kad import cancel_kad, decide_kad, request_kad
from survey.services.saved_views import Change
from survey.services.send_for_approval import recall, send_for_approval
from survey.services.sign_off import approve, return_to_clerk, send_back, withdraw
from survey.services.sign_on_paper import PaperForm, Scan, add_scan, sign_on_paper, take_scan
from survey.storage.submissions import standing_sign_off
from tests.core.handed_files import JPEG, PDF
from tests.services import offline_world
from tests.services.deeds import NOTHING, REFUSED, Deed, Scene, ready
from tests.services.figures_world import ROUND, SET, cell_of, give_duty, hand_in, look, saved, workbook
from tests.services.world import CLOSES, FULL, NOW

REASON = "Chỉ số 1.2 ghi nhầm số người được tập huấn."
ASKED = "Cơ quan không được giao nhiệm vụ này."
DOCUMENT = EvidenceForm("12/QĐ-SYT", "02/03/2026", "Sở Y tế", "Quyết định phân công", "", not_secret=True)
OTHER = EvidenceForm("13/QĐ-SYT", "02/03/2026", "Sở Y tế", "Quyết định mới", "", not_secret=True)
LATER = CLOSES + timedelta(days=5)
FIGURES = {"2.4.a": "3", "2.4.b": "4"}


def document(s: Scene, db: Any, who: Any, now: Any) -> None:
    s.kept["document"] = add_evidence(db, who, s.number, DOCUMENT, ["1.1"], clock=now).id


def attach(content: bytes, seen: int) -> Any:
    def press(s: Scene, db: Any, who: Any, now: Any) -> None:
        upload = Upload(content, "quyet dinh", not_secret=True)
        handed = admit_file(db, who, s.number, upload, clock=now)
        keep_bytes(s.folder, handed, upload)
        attach_file(db, who, s.number, s.kept["document"], handed, seen, clock=now)

    return press


def with_file(s: Scene) -> None:
    s.do(document, "clerk")
    s.do(attach(PDF, 1), "clerk")


def take_file(s: Scene, db: Any, who: Any, now: Any) -> Any:
    return find_file(db, who, s.number, s.kept["document"], 1, clock=now)


def asked(s: Scene, db: Any, who: Any, now: Any) -> None:
    request_kad(db, who, s.number, "2.3", ASKED, clock=now)


def filled(s: Scene) -> None:
    s.world.save(FULL)


def twice_saved(s: Scene) -> None:
    for text in ("4", "5"):
        s.world.save({"2.3": text})
    history = s.world.look(history_of_indicator, "clerk", "2.3")
    s.kept["version"] = history.fields[0].versions[-1].event


def take_first_back(s: Scene, db: Any, who: Any, now: Any) -> None:
    take_value_back(db, who, s.number, "2.3", "2.3", s.kept["version"], 2, clock=now)


def presented(s: Scene) -> None:
    s.world.save(FULL)
    s.world.present()
    s.kept["seen"] = s.world.seen_hash()


def sent(s: Scene) -> None:
    s.world.send(FULL)


def paper(s: Scene, db: Any, who: Any, now: Any, **changed: str) -> Any:
    digest = s.kept["seen"]
    form = {
        "paper_number": "125/TTr-SYT", "signed_on": "23/11/2026", "signer": "Nguyễn Thị Hòa", "title": "Giám đốc",
        "capacity": "KT.", "code": f"{digest[:4]}-{digest[4:8]}".upper(),
    } | changed  # fmt: skip
    return sign_on_paper(db, s.folder, who, s.number, PaperForm(**form), clock=now)  # type: ignore[arg-type]


def on_paper(s: Scene) -> None:
    presented(s)
    s.do(paper, "clerk")


def scan(content: bytes) -> Any:
    return lambda s, db, who, now: add_scan(db, s.folder, who, s.number, Scan(content, "ban quet"), clock=now)


def scanned(s: Scene) -> None:
    on_paper(s)
    s.do(scan(PDF), "clerk")
    with s.world.database.reading() as session:
        standing = standing_sign_off(session, s.number)
    assert standing is not None
    s.kept["scan"] = standing.scan_id


def extend(s: Scene, db: Any, who: Any, now: Any) -> int:
    bodies = [s.world.submission("SO-1"), s.world.submission("SO-2")]
    return extend_submissions(db, who, s.world.known.round_id, bodies, LATER, REASON, clock=now)


def given_figures(s: Scene) -> None:
    give_duty(s.world)
    s.do(lambda s, db, who, now: provide_figures(db, who, s.number, FIGURES, clock=now), "other")


def request(s: Scene, db: Any, who: Any, now: Any) -> None:
    wanted = {"2.4.a": "3", "2.4.b": "5"}
    s.kept["request"] = request_adjustment(db, who, s.number, "2.4", wanted, REASON, clock=now)


def requested(s: Scene) -> None:
    given_figures(s)
    s.do(request, "clerk")


def decide(accept: bool, reason: str = "") -> Any:
    return lambda s, db, who, now: decide_adjustment(
        db, who, ROUND, s.kept["request"], accept=accept, reason=reason, clock=now
    )


def uploaded(s: Scene) -> None:
    give_duty(s.world)
    book = workbook(s.world)
    for agency, key, value in (("SO-1", "2.4.a", 6), ("SO-1", "2.4.b", 10), ("P-1", "2.4.a", 8), ("P-1", "2.4.b", 9)):
        cell_of(book, agency, key).value = value
    s.kept["file"] = hand_in(s.world, saved(book))
    s.kept["basis"] = look(s.world, s.kept["file"]).changes.basis


def filled_offline(s: Scene) -> None:
    s.kept["file"] = offline_world.paste(s.world, "2.3\t4\n2.7\tkhông\n")
    s.kept["basis"] = offline_world.look(s.world, s.kept["file"]).basis


def take_offline_rows(s: Scene, db: Any, who: Any, now: Any, seen: str) -> int:
    return apply_offline(db, who, s.number, s.kept["file"], seen, {"2.3"}, clock=now)


def noticed(s: Scene, db: Any, who: Any, now: Any) -> None:
    about = (s.world.known.round_id, Audience.EVERYBODY, "", "Xem lại chỉ số 2.1", CLOSES)
    write_notice(db, who, *about, clock=now)


def own(name: str, tells: str, press: Any, **more: Any) -> Deed:
    """A deed of the clerk of SO-1, in the chain of its submission."""
    return Deed(name, (f"{tells}@SO-1",), press, **({"by": "clerk", "stranger": "third"} | more))


def office(name: str, tells: str, press: Any, **more: Any) -> Deed:
    """A deed of the coordinator, in the same chain."""
    return own(name, tells, press, **({"by": "coordinator", "stranger": "clerk"} | more))


FILLING = (
    own("fill.save_answers", "answers_saved",
        lambda s, db, who, now: save_answers(db, who, s.number, [Change("2.3", "4", 0), Change("2.7", "", 0)],
                                             clock=now),
        wrong=lambda s, db, who, now: save_answers(db, who, s.number, [Change("2.4.a", "4", 0)], clock=now)),
    own("answer_history.take_value_back", "answers_saved", given=twice_saved, press=take_first_back,
        wrong=lambda s, db, who, now: take_value_back(db, who, s.number, "2.3", "2.3", 9999, 2, clock=now)),
    own("attach_evidence.add_evidence", "evidence_added",
        lambda s, db, who, now: add_evidence(db, who, s.number, DOCUMENT, ["1.1"], clock=now),
        wrong=lambda s, db, who, now: add_evidence(db, who, s.number, EvidenceForm(), ["1.1"], clock=now)),
    own("attach_evidence.add_evidence", "evidence_attached",
        lambda s, db, who, now: add_evidence(db, who, s.number, DOCUMENT, ["1.3"], clock=now),
        given=ready(document, "clerk")),
    own("attach_evidence.edit_evidence", "evidence_changed",
        lambda s, db, who, now: edit_evidence(db, who, s.number, s.kept["document"], OTHER, 1, clock=now),
        given=ready(document, "clerk"),
        wrong=lambda s, db, who, now: edit_evidence(db, who, s.number, s.kept["document"], OTHER, 7, clock=now)),
    own("attach_evidence.remove_evidence", "evidence_removed", again=REFUSED, given=ready(document, "clerk"),
        press=lambda s, db, who, now: remove_evidence(db, who, s.number, s.kept["document"], clock=now)),
    own("evidence_files.attach_file", "evidence_file_attached", attach(PDF, 1), given=ready(document, "clerk"),
        wrong=attach(PDF, 7)),
    own("evidence_files.attach_file", "evidence_file_replaced", attach(JPEG, 2), given=with_file, wrong=attach(b"", 2)),
    own("evidence_files.remove_file", "evidence_file_removed", given=with_file,
        press=lambda s, db, who, now: remove_file(db, who, s.number, s.kept["document"], clock=now)),
    Deed("evidence_files.find_file", ("exported@access",), take_file, by="coordinator", again=("exported@access",),
         given=with_file, stranger="third"),
    own("attach_evidence.attach_evidence", "evidence_attached", given=ready(document, "clerk"),
        press=lambda s, db, who, now: attach_evidence(db, who, s.number, s.kept["document"], "1.3", clock=now),
        wrong=lambda s, db, who, now: attach_evidence(db, who, s.number, s.kept["document"], "9.9", clock=now)),
    own("attach_evidence.detach_evidence", "evidence_detached", given=ready(document, "clerk"),
        press=lambda s, db, who, now: detach_evidence(db, who, s.number, s.kept["document"], "1.1", clock=now)),
    own("request_kad.request_kad", "kad_requested",
        lambda s, db, who, now: request_kad(db, who, s.number, "2.3", ASKED, clock=now),
        wrong=lambda s, db, who, now: request_kad(db, who, s.number, "2.3", "không", clock=now)),
    own("request_kad.cancel_kad", "kad_cancelled", given=ready(asked, "clerk"),
        press=lambda s, db, who, now: cancel_kad(db, who, s.number, "2.3", clock=now)),
    office("request_kad.decide_kad", "kad_decided", given=ready(asked, "clerk"),
           press=lambda s, db, who, now: decide_kad(db, who, s.number, "2.3", approve=True, clock=now),
           wrong=lambda s, db, who, now: decide_kad(db, who, s.number, "2.3", approve=False, clock=now)),
    own("assign_groups.assign_groups", "groups_assigned",
        lambda s, db, who, now: assign_groups(db, who, s.number, {"1": s.world["clerk2"].account_id}, clock=now),
        wrong=lambda s, db, who, now: assign_groups(db, who, s.number, {"1": s.world["other"].account_id}, clock=now)),
    own("announce.mark_feed_read", "notices_read", given=ready(noticed, "coordinator"),
        press=lambda s, db, who, now: mark_feed_read(db, who, s.number, clock=now)),
    office("provide_figures.provide_figures", "figures_provided",
           lambda s, db, who, now: provide_figures(db, who, s.number, FIGURES, clock=now),
           wrong=lambda s, db, who, now: provide_figures(db, who, s.number, {"2.4.a": "ba"}, clock=now)),
    Deed("figures_upload.apply_figures", ("figures_provided@SO-1", "figures_provided@P-1"), by="other",
         press=lambda s, db, who, now: apply_figures(db, who, ROUND, s.kept["file"], s.kept["basis"], clock=now),
         given=uploaded, stranger="third",
         wrong=lambda s, db, who, now: apply_figures(db, who, ROUND, s.kept["file"], "khác", clock=now)),
    Deed("figures_workbook.make_figures_workbook", ("exported@access",), by="other", again=("exported@access",),
         press=lambda s, db, who, now: make_figures_workbook(db, who, ROUND, SET, clock=now),
         given=given_figures, stranger="third"),
    Deed("offline_workbook.make_offline_workbook", ("exported@access",), by="clerk", again=("exported@access",),
         press=lambda s, db, who, now: make_offline_workbook(db, who, s.number, clock=now), stranger="third"),
    own("offline_upload.apply_offline", "answers_imported", given=filled_offline,
        press=lambda s, db, who, now: take_offline_rows(s, db, who, now, s.kept["basis"]),
        wrong=lambda s, db, who, now: take_offline_rows(s, db, who, now, "khác")),
    own("request_adjustment.request_adjustment", "adjustment_requested", request, given=given_figures, again=REFUSED,
        wrong=lambda s, db, who, now: request_adjustment(db, who, s.number, "2.4", FIGURES, REASON, clock=now)),
    own("request_adjustment.withdraw_adjustment", "adjustment_withdrawn", given=requested,
        press=lambda s, db, who, now: withdraw_adjustment(db, who, s.number, "2.4", clock=now)),
    own("decide_adjustment.decide_adjustment", "adjustment_decided", decide(True), by="other", stranger="clerk",
        given=requested, again=REFUSED, wrong=decide(False)),
    own("decide_adjustment.decide_adjustment", "adjustment_decided", decide(False, REASON), by="other",
        stranger="clerk", given=requested, again=REFUSED),
)  # fmt: skip

SIGNING = (
    own("send_for_approval.send_for_approval", "presented", given=filled,
        press=lambda s, db, who, now: send_for_approval(db, who, s.number, missing_confirmed=True, clock=now)),
    own("send_for_approval.recall", "recalled", given=presented, again=REFUSED,
        press=lambda s, db, who, now: recall(db, who, s.number, clock=now)),
    own("sign_off.approve", "approved", by="leader", stranger="clerk", given=presented,
        press=lambda s, db, who, now: approve(db, who, s.number, s.kept["seen"], clock=now),
        wrong=lambda s, db, who, now: approve(db, who, s.number, "0" * 64, clock=now)),
    own("sign_off.return_to_clerk", "returned", by="leader", stranger="clerk", given=presented, again=REFUSED,
        press=lambda s, db, who, now: return_to_clerk(db, who, s.number, REASON, clock=now),
        wrong=lambda s, db, who, now: return_to_clerk(db, who, s.number, "sai", clock=now)),
    own("sign_off.withdraw", "withdrawn", by="leader", stranger="clerk", given=sent, again=REFUSED,
        press=lambda s, db, who, now: withdraw(db, who, s.number, clock=now)),
    office("sign_off.send_back", "sent_back", given=sent, again=REFUSED,
           press=lambda s, db, who, now: send_back(db, who, s.number, REASON, until=LATER, clock=now),
           wrong=lambda s, db, who, now: send_back(db, who, s.number, REASON, until=NOW, clock=now)),
    own("sign_on_paper.sign_on_paper", "approved_on_paper", paper, given=presented,
        wrong=lambda s, db, who, now: paper(s, db, who, now, code="0000-0000")),
    own("sign_on_paper.add_scan", "scan_added", scan(PDF), given=on_paper, wrong=scan(b"")),
    own("sign_on_paper.add_scan", "scan_replaced", scan(JPEG), given=scanned, wrong=scan(b"MZ")),
    Deed("sign_on_paper.take_scan", ("exported@access",), by="coordinator", again=("exported@access",),
         press=lambda s, db, who, now: take_scan(db, s.folder, who, s.number, s.kept["scan"], clock=now),
         given=scanned, stranger="third"),
    Deed("extend_submission.extend_submissions", ("extended@SO-1", "extended@SO-2"), extend, by="coordinator",
         stranger="clerk",
         wrong=lambda s, db, who, now: extend_submissions(db, who, s.world.known.round_id, [s.number], CLOSES, REASON,
                                                          clock=now)),
    office("extend_submission.take_back_extension", "extension_taken_back", again=REFUSED,
           given=ready(extend, "coordinator"),
           press=lambda s, db, who, now: take_back_extension(db, who, s.number, REASON, clock=now)),
    Deed("note_access.note_view", ("viewed@access:SO-1",), by="coordinator", again=NOTHING,
         press=lambda s, db, who, now: note_access.note_view(db, who, s.number, clock=now)),
    Deed("note_access.note_export", ("exported@access",), by="coordinator", again=("exported@access",),
         press=lambda s, db, who, now: note_access.note_export(db, who, "workbook", clock=now, round="2026")),
)  # fmt: skip
