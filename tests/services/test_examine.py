"""The doctor: a well instance has no fault, and each fault that is made is found with what to do."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.core.text import catalogue
from survey.services.back_up import back_up
from survey.services.doctor_findings import Finding, Level
from survey.services.examine import KNOWN_KEYS, examine
from survey.services.instance import change_setting, secret_key
from survey.services.stored_files import place_of
from survey.storage.database import Database
from survey.storage.events import Event
from survey.storage.files import StoredFile
from tests.databases import Store
from tests.services.world import FULL, NOW, World, at


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A well-kept instance folder."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    secret_key(folder)
    return folder


def findings(database: Database, folder: Path, **later: float) -> dict[str, Finding]:
    """What the doctor says, by key; each in both languages."""
    found = {finding.key: finding for finding in examine(database, folder, clock=at(**{"minutes": 30, **later}))}
    for finding in found.values():
        assert finding.sentence("vi") != finding.sentence("en")
    return found


def of(found: dict[str, Finding], level: Level) -> set[str]:
    return {key for key, finding in found.items() if finding.level is level}


def test_a_well_instance_has_no_fault(world: World, store: Store, folder: Path) -> None:
    world.send(FULL)
    found = findings(world.database, folder)
    hasty = {"not_durable"} if store.kind == "postgresql" else set()  # the tests' server is so on purpose
    assert of(found, Level.FAULT) == hasty
    assert of(found, Level.LOOK) <= {"mail_none", "space_little"}
    assert {"chains", "revision", "secret", "private", "files", "time_zone"} <= of(found, Level.GOOD)


def edit_event(session: sa.orm.Session) -> None:
    session.execute(sa.update(Event).where(Event.id == 3).values(data="{}"))


def old_revision(session: sa.orm.Session) -> None:
    session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))


def newer_revision(session: sa.orm.Session) -> None:
    session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))


def no_tables(session: sa.orm.Session) -> None:
    session.execute(sa.text("DROP TABLE alembic_version"))


def future(session: sa.orm.Session) -> None:
    session.execute(sa.update(Event).where(Event.id == 3).values(at=NOW.replace(year=2030)))


def lost_file(session: sa.orm.Session) -> None:
    session.add(StoredFile(sha256="ab" * 32, size=1, media_type="a", name="a", created_at=NOW, created_by=1))


@pytest.mark.parametrize(
    ("harm", "key"),
    [
        (edit_event, "chains_broken"),
        (old_revision, "revision_old"),
        (newer_revision, "revision_newer"),
        (no_tables, "revision_none"),
        (future, "clock_behind"),
        (lost_file, "files_broken"),
    ],
)
def test_harm_done_to_the_database_is_found(
    world: World, folder: Path, harm: Callable[[sa.orm.Session], None], key: str
) -> None:
    with world.database.writing() as session:
        harm(session)
    assert key in of(findings(world.database, folder), Level.FAULT)


def test_rows_that_refer_to_nothing_are_found(world: World, store: Store, folder: Path) -> None:
    if store.kind == "postgresql":
        pytest.skip("PostgreSQL itself never lets this happen")
    connection = sqlite3.connect(str(world.database.url.database), isolation_level=None)
    connection.execute("UPDATE submission SET agency_id = 999 WHERE id = 1")
    connection.close()
    assert "references_broken" in of(findings(world.database, folder), Level.FAULT)


def test_a_file_that_is_no_database_is_found(folder: Path) -> None:
    (folder / "a.db").write_bytes(b"not a database at all" * 100)
    (folder / "a.db").chmod(0o600)
    database = Database(f"sqlite:///{folder}/a.db")
    assert "database_broken" in of(findings(database, folder), Level.FAULT)
    database.close()


def test_a_database_that_is_not_there_is_not_made(folder: Path) -> None:
    database = Database(f"sqlite:///{folder}/none.db")
    assert "database_none" in of(findings(database, folder), Level.FAULT)
    assert not (folder / "none.db").exists()
    database.close()


def test_a_server_that_does_not_answer_is_found(folder: Path) -> None:
    database = Database("postgresql://nobody:geheim@127.0.0.1:9/none")
    found = findings(database, folder)["database_broken"]
    assert "geheim" not in found.sentence()
    database.close()


@pytest.mark.parametrize(
    ("content", "level", "named"),
    [
        ("trusted_proxies = 1\n[mail]\nhost = 'a'\nsender = 'a@b.vn'\n", Level.GOOD, ""),
        ("secure_cookie = true\n[mail]\nhots = 'a'\n", Level.LOOK, "secure_cookie, mail.hots"),
        ("secure_cookies = ja", Level.FAULT, "config.toml"),
    ],
)
def test_config_is_read_with_its_keys(world: World, folder: Path, content: str, level: Level, named: str) -> None:
    (folder / "config.toml").write_text(content, encoding="utf-8")
    (folder / "config.toml").chmod(0o600)
    found = next(one for one in examine(world.database, folder, clock=at(minutes=30)) if one.key.startswith("config"))
    assert found.level is level
    assert named in found.sentence()


@pytest.mark.skipif(os.name != "posix", reason="rights are another matter there")
def test_a_secret_that_others_can_read_is_found(world: World, folder: Path) -> None:
    (folder / "secret.key").chmod(0o644)
    found = findings(world.database, folder)["readable_by_others"]
    assert (found.level, "secret.key" in found.sentence()) == (Level.FAULT, True)


@pytest.mark.parametrize(("content", "key"), [(None, "secret_none"), ("zz", "secret_broken"), ("", "secret_broken")])
def test_a_secret_that_is_none_is_found(world: World, folder: Path, content: str | None, key: str) -> None:
    (folder / "secret.key").unlink()
    if content is not None:
        (folder / "secret.key").write_text(content, encoding="ascii")
    assert key in of(findings(world.database, folder), Level.FAULT)


def test_backups_grow_old(world: World, folder: Path, tmp_path: Path) -> None:
    assert "backup_not_yet" in findings(world.database, folder)
    assert findings(world.database, folder, days=3)["backup_none"].level is Level.LOOK
    back_up(world.database, folder, tmp_path / "a.tar", clock=at(days=3))
    assert findings(world.database, folder, days=3, hours=5)["backup"].values["hours"] == 5
    assert findings(world.database, folder, days=5)["backup_old"].level is Level.LOOK


def test_a_full_disk_is_found(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 10**8})
    monkeypatch.setattr("survey.services.examine.shutil.disk_usage", lambda _folder: usage)
    found = findings(world.database, folder)["space_none"]
    assert found.level is Level.FAULT
    assert "còn 0,1 GB" in found.sentence()


def test_mail_that_cannot_go_out_is_found(world: World, folder: Path) -> None:
    config = folder / "config.toml"
    config.touch(mode=0o600)
    config.write_text("[mail]\nhost = 'nowhere.invalid'\n", encoding="utf-8")
    assert findings(world.database, folder)["mail_config"].level is Level.FAULT
    config.write_text("[mail]\nhost = '127.0.0.1'\nport = 9\nsender = 'a@b.vn'\nsecurity = 'none'\n", encoding="utf-8")
    assert findings(world.database, folder)["mail_unreachable"].level is Level.LOOK
    with world.database.writing() as session:
        change_setting(session, "mail", "0")
    assert findings(world.database, folder)["mail_off"].level is Level.GOOD


def test_a_stored_file_is_read_to_the_byte(world: World, folder: Path) -> None:
    with world.database.writing() as session:
        lost_file(session)
    place = place_of(folder, "ab" * 32)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"x")
    assert findings(world.database, folder)["files_broken"].values["count"] == 1


def test_every_sentence_of_the_doctor_has_a_finding_that_says_it(repository: Path) -> None:
    code = "".join((repository / "survey/services" / name).read_text(encoding="utf-8") for name in (
        "examine.py", "examine_database.py",
    ))  # fmt: skip
    known = {key.removeprefix("doctor.") for key in catalogue() if key.startswith("doctor.")}
    assert {key for key in known if f'"{key}"' not in code and not key.startswith("database_")} == set()
    assert KNOWN_KEYS[""] >= {"mail"}
