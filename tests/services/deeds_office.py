"""The deeds of the office: the register, questionnaires, rounds, notices, settings, packages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from survey.services import import_agencies as register
from survey.services.announce import Audience, remove_notice, write_notice
from survey.services.change_round import change_deadline, change_open_round, reopen_round
from survey.services.change_settings import SettingsForm, change_settings
from survey.services.chase import ChaseFilter
from survey.services.close_agency import close_agency, remove_agency, reopen_agency
from survey.services.cohorts import ensure_cohorts
from survey.services.edit_agency import add_agency, change_agency, rename_agency
from survey.services.export_agencies import export_csv, export_workbook
from survey.services.flag_submission import FlagFilter
from survey.services.load_questionnaires import load_questionnaires
from survey.services.make_chase_file import make_chase_file
from survey.services.make_flag_file import make_flag_file
from survey.services.open_round import add_joined, close_round, open_round, start_round
from survey.services.plan_round import change_draft, create_draft, delete_draft
from survey.services.read_plan import propose_round, read_plan
from survey.services.read_register import find_agency
from survey.services.remind import Channel, send_reminders
from survey.services.take_package import list_packages, remove_package, take_package
from survey.services.trust_source import distrust_source, source_of, trust_source
from survey.services.verify_log import keep_head
from survey.services.who_provides import choose_providers
from tests.services.deeds import REFUSED, Deed, Scene, ready
from tests.services.figures_world import ROUND, place_of
from tests.services.packed import elsewhere, pack
from tests.services.test_round import questionnaire
from tests.services.world import CLOSES, NOW, at

WHY = "Theo công văn số 12 ngày 20/11/2026"
TODAY = "23/11/2026"
REACH = "Liên hệ chị Hoa, 024 3825 3536 hoặc hoa@donvi.example, trước 01/12/2026."
SETTINGS = SettingsForm("Văn phòng", "45", uploads=True, abstracts=True, mail=True, second_factor=False)
NEW_BODY = {"code": "SO-9", "name": "Sở Nội vụ", "kind": "nha_nuoc", "type": "so", "level": "thanh_pho"}
MORE = "code,name,kind,type,level,questionnaire,cohort,assessed\n"
LINE = "SO-4,Sở Nội vụ,nha_nuoc,so,thanh_pho,mau,so-nganh,1\n"
WORDS = {"title": "Đợt đánh giá năm 2026", "period": "Năm 2026", "figures": (None, None)}


def seen(db: Any, who: Any, code: str) -> int:
    return int(find_agency(db, who, code).revision)


def new_body(s: Scene, db: Any, who: Any, now: Any) -> None:
    add_agency(db, who, NEW_BODY, clock=now)
    s.kept["seen"] = seen(db, who, "SO-9")


def closed_body(s: Scene) -> None:
    s.do(new_body)
    s.do(lambda s, db, who, now: close_agency(db, who, "SO-9", TODAY, WHY, s.kept["seen"], clock=now))
    s.kept["seen"] += 1


def file(s: Scene, line: str = LINE) -> Path:
    made = s.folder / "moi.csv"
    made.write_text(MORE + line, encoding="utf-8")
    return made


def previewed(s: Scene) -> None:
    content = file(s).read_bytes()
    s.kept["file"] = s.do(lambda s, db, who, now: register.preview_import(db, who, content, "moi.csv", clock=now))
    s.kept["basis"] = s.do(lambda s, db, who, now: register.register_basis(db))


def joining(s: Scene) -> None:
    s.do(lambda s, db, who, now: register.import_agencies(db, file(s), clock=now))


def draft(db: Any, who: Any, **changes: Any) -> Any:
    later = {"opens_at": CLOSES + timedelta(days=1), "closes_at": CLOSES + timedelta(days=30), "code": "2027"}
    return replace(propose_round(db, who, clock=at()), **(later | changes))


def drafted(s: Scene) -> None:
    s.do(lambda s, db, who, now: create_draft(db, who, draft(db, who), clock=now), "coordinator")
    plan(s, "2027")


def plan(s: Scene, code: str = ROUND) -> None:
    found = s.do(lambda s, db, who, now: read_plan(db, who, code, clock=now), "coordinator")
    s.kept |= {"round": found.id, "revision": found.revision}


def closed(s: Scene) -> None:
    s.do(lambda s, db, who, now: close_round(db, who, s.world.known.round_id, clock=now), "coordinator")
    plan(s)


def begun(s: Scene) -> None:
    """A round of one cohort, and a cohort that nobody is in."""
    cohorts = frozenset({"ubnd-phuong"})
    s.do(lambda s, db, who, now: create_draft(db, who, draft(db, who, cohorts=cohorts), clock=now), "coordinator")
    plan(s, "2027")
    s.do(lambda s, db, who, now: start_round(db, who, s.kept["round"], s.kept["revision"], clock=now), "coordinator")
    s.do(lambda s, db, who, now: ensure_cohorts(db, ["nhom-moi"]))


def newest(s: Scene) -> None:
    plan(s)
    folder = questionnaire(s.folder / "a", version="2")
    s.kept["version"] = s.do(lambda s, db, who, now: load_questionnaires(db, folder, clock=now))[0].version_id


def offered(s: Scene) -> None:
    s.kept["place"] = place_of(s.world)


def notice(text: str) -> Any:
    return lambda s, db, who, now: write_notice(
        db, who, s.world.known.round_id, Audience.EVERYBODY, "", text, CLOSES, clock=now
    )


def noticed(s: Scene) -> None:
    s.kept["notice"] = s.do(notice(REACH), "coordinator")


def packed(s: Scene) -> None:
    s.kept["package"] = pack(elsewhere(s.store), s.folder, figures=True, hours=-1)


def trust(s: Scene, db: Any, who: Any, now: Any) -> Any:
    data = s.kept["package"]
    s.kept["source"] = source_of(db, data)
    return trust_source(db, who, data, s.kept["source"].fingerprint, clock=now)


def trusted(s: Scene) -> None:
    packed(s)
    s.do(trust)


def take(s: Scene, db: Any, who: Any, now: Any) -> Any:
    return take_package(db, who, s.world.known.round_id, s.kept["package"], clock=now)


def taken(s: Scene) -> None:
    trusted(s)
    s.do(take, "coordinator")
    s.kept["taken"] = s.do(lambda s, db, who, now: list_packages(db, s.world.known.round_id))[0].package_id


def of_register(name: str, kind: str, press: Any, **more: Any) -> Deed:
    return Deed(name, (f"{kind}@agencies",), press, **({"stranger": "clerk"} | more))


def of_rounds(name: str, kind: str, press: Any, **more: Any) -> Deed:
    return Deed(name, (f"{kind}@rounds",), press, **({"by": "coordinator", "stranger": "clerk"} | more))


def exported(name: str, press: Any, by: str) -> Deed:
    return Deed(name, ("exported@access",), press, by=by, stranger="clerk", again=("exported@access",))


REGISTER = (
    of_register("edit_agency.add_agency", "agency_added", again=REFUSED,
                press=lambda s, db, who, now: add_agency(db, who, NEW_BODY, clock=now)),
    of_register("edit_agency.change_agency", "agency_changed", again=REFUSED,
                press=lambda s, db, who, now: change_agency(db, who, "SO-1", {"note": "Sáp nhập", "contact_name": "A"},
                                                            1, clock=now),
                wrong=lambda s, db, who, now: change_agency(db, who, "SO-1", {"note": ""}, 1, clock=now)),
    of_register("edit_agency.rename_agency", "agency_renamed", again=REFUSED,
                press=lambda s, db, who, now: rename_agency(db, who, "SO-1", "Sở Y tế mới", WHY, 1, clock=now),
                wrong=lambda s, db, who, now: rename_agency(db, who, "SO-1", "Sở Y tế", WHY, 1, clock=now)),
    of_register("close_agency.close_agency", "agency_closed", again=REFUSED, given=ready(new_body, "admin"),
                press=lambda s, db, who, now: close_agency(db, who, "SO-9", TODAY, WHY, s.kept["seen"], clock=now),
                wrong=lambda s, db, who, now: close_agency(db, who, "SO-1", TODAY, WHY, 1, clock=now)),
    of_register("close_agency.reopen_agency", "agency_reopened", again=REFUSED, given=closed_body,
                press=lambda s, db, who, now: reopen_agency(db, who, "SO-9", WHY, s.kept["seen"], clock=now),
                wrong=lambda s, db, who, now: reopen_agency(db, who, "SO-1", WHY, 1, clock=now)),
    of_register("close_agency.remove_agency", "agency_removed", again=REFUSED, given=ready(new_body, "admin"),
                press=lambda s, db, who, now: remove_agency(db, who, "SO-9", s.kept["seen"], clock=now),
                wrong=lambda s, db, who, now: remove_agency(db, who, "SO-1", 1, clock=now)),
    of_register("import_agencies.import_agencies", "agencies_imported",
                lambda s, db, who, now: register.import_agencies(db, file(s), by=who, clock=now),
                wrong=lambda s, db, who, now: register.import_agencies(db, file(s, "SO-4,,,,,,,1\n"), by=who)),
    of_register("import_agencies.apply_import", "agencies_imported", given=previewed, again=REFUSED,
                press=lambda s, db, who, now: register.apply_import(db, who, s.kept["file"], s.kept["basis"],
                                                                    clock=now),
                wrong=lambda s, db, who, now: register.apply_import(db, who, s.kept["file"], "khác", clock=now)),
    exported("export_agencies.export_workbook", lambda s, db, who, now: export_workbook(db, who, clock=now), "admin"),
    exported("export_agencies.export_csv", lambda s, db, who, now: export_csv(db, who, clock=now), "admin"),
    Deed("load_questionnaires.load_questionnaires", ("published@questionnaires",), stranger="clerk",
         given=lambda s: questionnaire(s.folder / "a", version="2"),
         press=lambda s, db, who, now: load_questionnaires(db, s.folder / "a", by=who, clock=now),
         wrong=lambda s, db, who, now: load_questionnaires(db, s.folder / "b", by=who, clock=now)),
)  # fmt: skip

ROUNDS = (
    of_rounds("open_round.open_round", "round_opened",
              lambda s, db, who, now: open_round(db, code="2027", title="Đợt", period="Năm 2027", opens_at=NOW,
                                                 closes_at=CLOSES, by=who, clock=now),
              wrong=lambda s, db, who, now: open_round(db, code="2027", title="Đợt", period="Năm 2027",
                                                       opens_at=CLOSES, closes_at=NOW, by=who, clock=now)),
    of_rounds("open_round.start_round", "round_opened", given=drafted, again=REFUSED,
              press=lambda s, db, who, now: start_round(db, who, s.kept["round"], s.kept["revision"], clock=now)),
    of_rounds("open_round.add_joined", "round_joined", given=joining,
              press=lambda s, db, who, now: add_joined(db, who, s.world.known.round_id, clock=now)),
    of_rounds("open_round.add_joined", "round_joined", given=begun,
              press=lambda s, db, who, now: add_joined(db, who, s.kept["round"], ["nhom-moi"], clock=now)),
    of_rounds("open_round.close_round", "round_closed",
              lambda s, db, who, now: close_round(db, who, s.world.known.round_id, clock=now)),
    of_rounds("plan_round.create_draft", "round_drafted", again=REFUSED,
              press=lambda s, db, who, now: create_draft(db, who, draft(db, who), clock=now),
              wrong=lambda s, db, who, now: create_draft(db, who, draft(db, who, title=""), clock=now)),
    of_rounds("plan_round.change_draft", "round_changed", given=drafted, again=REFUSED,
              press=lambda s, db, who, now: change_draft(db, who, s.kept["round"], s.kept["revision"],
                                                         draft(db, who, title="Đợt khác"), clock=now),
              wrong=lambda s, db, who, now: change_draft(db, who, s.kept["round"], s.kept["revision"],
                                                         draft(db, who), clock=now)),
    of_rounds("plan_round.delete_draft", "round_deleted", given=drafted, again=REFUSED,
              press=lambda s, db, who, now: delete_draft(db, who, s.kept["round"], s.kept["revision"], clock=now)),
    of_rounds("change_round.change_deadline", "round_deadline_changed", given=plan, again=REFUSED,
              press=lambda s, db, who, now: change_deadline(db, who, s.kept["round"], s.kept["revision"],
                                                            CLOSES + timedelta(days=1), WHY, clock=now),
              wrong=lambda s, db, who, now: change_deadline(db, who, s.kept["round"], s.kept["revision"], CLOSES, WHY,
                                                            clock=now)),
    of_rounds("change_round.change_open_round", "round_changed", given=newest, again=REFUSED,
              press=lambda s, db, who, now: change_open_round(db, who, s.kept["round"], s.kept["revision"],
                                                              versions={s.kept["version"]}, **WORDS, clock=now),
              wrong=lambda s, db, who, now: change_open_round(db, who, s.kept["round"], s.kept["revision"],
                                                              versions=set(), **WORDS, clock=now)),
    of_rounds("change_round.reopen_round", "round_reopened", given=closed, again=REFUSED,
              press=lambda s, db, who, now: reopen_round(db, who, s.kept["round"], s.kept["revision"], CLOSES, WHY,
                                                         clock=now),
              wrong=lambda s, db, who, now: reopen_round(db, who, s.kept["round"], s.kept["revision"], NOW, WHY,
                                                         clock=now)),
    of_rounds("who_provides.choose_providers", "providers_chosen", given=offered,
              press=lambda s, db, who, now: choose_providers(db, who, ROUND, {s.kept["place"]: "SO-2"}, clock=now),
              wrong=lambda s, db, who, now: choose_providers(db, who, ROUND, {s.kept["place"]: "X"}, clock=now)),
    of_rounds("announce.write_notice", "notice_written", notice(REACH), wrong=notice("")),
    of_rounds("announce.remove_notice", "notice_removed", given=noticed,
              press=lambda s, db, who, now: remove_notice(db, who, s.world.known.round_id, s.kept["notice"],
                                                          clock=now)),
    of_rounds("remind.send_reminders", "reminded", again=("reminded@rounds",),  # one names all; each press reminds
              press=lambda s, db, who, now: send_reminders(
                  db, who, s.world.known.round_id, [s.world.submission("SO-1"), s.world.submission("SO-2")],
                  Channel.MAIL, "Đôn đốc", REACH, clock=now),
              wrong=lambda s, db, who, now: send_reminders(db, who, s.world.known.round_id, [], Channel.MAIL, "A", "B",
                                                           clock=now)),
    exported("make_chase_file.make_chase_file", by="coordinator",
             press=lambda s, db, who, now: make_chase_file(db, who, s.world.known.round_id, ChaseFilter(),
                                                           clock=now)),
    exported("make_flag_file.make_flag_file", by="coordinator",
             press=lambda s, db, who, now: make_flag_file(db, who, s.world.known.round_id, FlagFilter(), clock=now)),
)  # fmt: skip

INSTANCE = (
    Deed("change_settings.change_settings", ("settings_changed@instance",), stranger="clerk",
         press=lambda s, db, who, now: change_settings(db, who, SETTINGS, clock=now),
         wrong=lambda s, db, who, now: change_settings(db, who, replace(SETTINGS, idle_days="1"), clock=now)),
    Deed("trust_source.trust_source", ("source_trusted@instance",), trust, given=packed, stranger="clerk",
         wrong=lambda s, db, who, now: trust_source(db, who, s.kept["package"], "AB", clock=now)),
    Deed("trust_source.distrust_source", ("source_distrusted@instance",), stranger="clerk", given=trusted,
         again=REFUSED,
         press=lambda s, db, who, now: distrust_source(db, who, s.kept["source"].instance_id, clock=now)),
    Deed("take_package.take_package", ("package_taken@instance",), take, by="coordinator", stranger="clerk",
         given=trusted, again=REFUSED,
         wrong=lambda s, db, who, now: take_package(db, who, s.world.known.round_id, b"{}", clock=now)),
    Deed("take_package.remove_package", ("package_removed@instance",), by="coordinator", stranger="clerk",
         given=taken, again=REFUSED,
         press=lambda s, db, who, now: remove_package(db, who, s.world.known.round_id, s.kept["taken"], clock=now)),
    Deed("verify_log.keep_head", ("-log_checked@instance",), again=("-log_checked@instance",),
         press=lambda s, db, who, now: keep_head(db, clock=now)),
)  # fmt: skip
