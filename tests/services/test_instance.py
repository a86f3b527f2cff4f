"""The instance: its folder, secret and settings are its owner's alone and made once."""

import stat
from pathlib import Path

import pytest

from survey.services.instance import (
    database_url,
    instance_folder,
    mark_demonstration,
    open_database,
    read_settings,
    secret_key,
    upgrade,
)
from survey.storage.database import Database


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_where_the_variable_says_and_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(tmp_path / "a" / "b"))
    assert instance_folder() == tmp_path / "a" / "b"
    assert mode(tmp_path / "a" / "b") == 0o700
    assert instance_folder() == tmp_path / "a" / "b"


def test_the_database_is_a_file_of_the_folder_unless_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert database_url(tmp_path) == f"sqlite:///{tmp_path}/sansangso.db"
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@b/c")
    assert database_url(tmp_path) == "postgresql://a@b/c"


def test_a_new_sqlite_file_is_readable_by_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = open_database(tmp_path)
    try:
        upgrade(database)
    finally:
        database.close()
    assert {mode(file) for file in tmp_path.iterdir()} == {0o600}


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert len(key) == 32
    assert secret_key(tmp_path) == key
    assert mode(tmp_path / "secret.key") == 0o600


def test_an_instance_keeps_its_id_and_becomes_a_demonstration_only_when_told(database: Database) -> None:
    with database.reading() as session:
        first = read_settings(session)
    upgrade(database)
    with database.writing() as session:
        assert read_settings(session) == first
        mark_demonstration(session)
        assert (read_settings(session).instance_id, read_settings(session).demonstration) == (first.instance_id, True)
    assert not first.demonstration
    assert len(first.instance_id) == 16
