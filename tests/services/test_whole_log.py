"""Nothing is left out: every service that writes is a deed of the tables, or is named here with its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from survey.services.audit import check_events
from survey.services.back_up import back_up
from survey.services.instance import secret_key
from survey.services.move_database import move_database, open_target
from survey.services.restore import restore
from survey.storage.database import Database
from survey.storage.events import Event
from tests.databases import Store
from tests.services.test_back_up import target
from tests.services.test_every_deed import DEEDS
from tests.services.world import FULL, World, at

Name = tuple[str, str]  # module, function
Graph = dict[Name, set[Name]]

SERVICES, STORAGE = "survey.services.", "survey.storage."
RECORDERS = {(f"{SERVICES}audit", "record"), (f"{SERVICES}audit", "record_for")}
WRITING = {"add", "add_all", "delete", "merge", "flush"}
INNER = {  # record for the deeds that use them
    "lock_out.count_wrong_try", "plan_round.record_change", "send_signed.send_signed", "shut_idle.shut_if_idle",
    "sign_in.begin_session", "sign_in.finish_signing_in", "writing.take_step", "writing.write_document",
    "evidence_rows.write_record",
}  # fmt: skip
BELOW = {"back_up.back_up", "move_database.move_database", "restore.restore"}  # of whole databases
SILENT = {
    "a file that only its own person looks at": (
        "figures_upload.take_figures", "offline_upload.take_offline", "offline_upload.take_pasted",
        "import_accounts.preview_import", "import_accounts.leave_import",
        "import_agencies.preview_import", "import_agencies.leave_import", "pending_imports.keep",
        "pending_imports.drop", "pending_imports.renew", "pending_imports.mark_applied",
        "waiting_packages.keep_package", "waiting_packages.mark_taken",
    ),
    "part of a deed that records": (
        "assign_groups.drop_assignments", "cohorts.ensure_cohorts", "instance.change_setting",
        "instance.mark_demonstration", "lock_out.forget_wrong_tries", "manage_accounts.end_weak_sessions",
        "move_database.copy_lines", "plan_round.carry_providers", "stored_files.store_file",
        "stored_files.add_file", "evidence_files.put_file",
    ),
    "mail on its way, told by what gave rise to it": (
        "outbox.put_mail", "outbox.send_waiting", "mail_worker.MailWorker",
    ),
    "where a browser stands": ("sign_in.keep_alive", "sign_in.switch_body"),
    "what its own person has seen last": ("last_look.look_again",),
    "offered, in force with the first code": ("second_factor.offer_enrolment",),
    "before there is anything to tell": ("instance.upgrade",),
}  # fmt: skip


def read(repository: Path) -> tuple[Graph, set[Name]]:
    """What every function and class of services and storage names, and those that write to the database themselves."""
    trees = {}
    for file in sorted(
        path for area in ("services", "storage") for path in (repository / "survey" / area).glob("*.py")
    ):
        trees[".".join(file.relative_to(repository).with_suffix("").parts)] = ast.parse(file.read_text("utf-8"))
    graph: Graph = {}
    writers: set[Name] = set()
    for module, tree in trees.items():
        own = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        brought = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for name, node in own.items():
            graph[module, name] = set(named(node, module, set(own), brought))
            if any(writes(part) for part in ast.walk(node)):
                writers.add((module, name))
    return graph, writers


def named(node: ast.AST, module: str, own: set[str], brought: dict[str, Name]) -> Iterator[Name]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield (module, part.id) if part.id in own else brought.get(part.id, ("", part.id))
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in brought:
            yield ".".join(brought[part.value.id]), part.attr


def writes(part: ast.AST) -> bool:
    if not (isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)):
        return False
    on = part.func.value.id if isinstance(part.func.value, ast.Name) else ""
    return (on == "session" and part.func.attr in WRITING) or (
        on == "sa" and part.func.attr in {"insert", "update", "delete"}
    )


def reaching(graph: Graph, ends: set[Name]) -> set[str]:
    """Public members of services that come to one of these, over whatever others."""
    found = set(ends)
    while more := {name for name, uses in graph.items() if uses & found} - found:
        found |= more
    public = {name for name in found - RECORDERS if name[0].startswith(SERVICES) and not name[1].startswith("_")}
    return {f"{module.removeprefix(SERVICES)}.{name}" for module, name in public}


def test_every_service_that_records_is_a_deed_of_the_tables(repository: Path) -> None:
    graph, _ = read(repository)
    silent = {name for names in SILENT.values() for name in names}
    recording, deeds = reaching(graph, RECORDERS), {deed.service for deed in DEEDS} - silent
    assert {"fill.save_answers", "sign_off.approve", "edit_agency.rename_agency", "sessions.end_session"} <= recording
    assert recording - deeds - INNER - BELOW == set(), "give it a line in tests/services/deeds_*.py"
    assert (deeds | INNER | BELOW) - recording == set(), "these record no more"


def test_every_service_that_writes_records_or_says_why_not(repository: Path) -> None:
    graph, writers = read(repository)
    silent = [name for names in SILENT.values() for name in names]
    mute = reaching(graph, writers) - reaching(graph, RECORDERS)
    assert mute - set(silent) == set(), "record it, or say here why not"
    assert set(silent) - mute == set(), "these record now, or write no more"


def events(database: Database) -> list[tuple[str, str, int | None]]:
    with database.reading() as session:
        assert check_events(session) == ()
        found = session.execute(sa.select(Event.kind, Event.stream, Event.account_id).order_by(Event.id))
        return [(row.kind, row.stream, row.account_id) for row in found]


def test_a_backup_its_return_and_a_move_are_told_once_each(world: World, store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    secret_key(folder)
    world.send(FULL)
    before = events(world.database)
    file = back_up(world.database, folder, tmp_path / "a.tar", clock=at(hours=1)).file
    assert events(world.database) == [*before, ("backed_up", "instance", None)]
    url = target(store, tmp_path / "b")
    restore(file, tmp_path / "b", url, clock=at(hours=2))
    there = Database(url)
    elsewhere = open_target(f"sqlite:///{tmp_path}/c.db")
    try:
        assert events(there) == [*before, ("restored", "instance", None)]
        move_database(world.database, elsewhere, clock=at(hours=3))
        assert events(elsewhere)[len(before) :] == [("backed_up", "instance", None), ("moved", "instance", None)]
        assert events(world.database)[len(before) :] == [("backed_up", "instance", None)]
    finally:
        there.close()
        elsewhere.close()
