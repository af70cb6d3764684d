"""The store: migrations that make the same tables, and one clear line for every file that will not do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from console.hub import people
from console.hub import store as store_module
from console.hub.store import Store, StoreUnusable, write_once
from console.hub.tables import SCHEMA, metadata
from tests.support.hub import store_url
from tests.support.loop import runs


def test_the_migrations_from_nothing_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    engine = create_engine(store_url(tmp_path))
    try:
        with engine.begin() as connection:
            store_module._migrate(connection, tmp_path, "base")
        with engine.connect() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == SCHEMA
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
            migrated = schema(connection.connection.dbapi_connection)  # type: ignore[arg-type]
    finally:
        engine.dispose()
    (tmp_path / "new").mkdir()
    Store(store_url(tmp_path / "new")).close()
    with closing(sqlite3.connect(tmp_path / "new" / "hub.sqlite")) as new:
        assert schema(new) == migrated


def schema(connection: sqlite3.Connection) -> set[tuple[object, ...]]:
    """Every column of every table: name, type, not null, place in the key; and every index."""
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: set[tuple[object, ...]] = set()
    for table in tables:
        found |= {(table, c[1], c[2], c[3], c[5]) for c in connection.execute(f"PRAGMA table_info({table})")}
        found |= {(table, i[1], i[2]) for i in connection.execute(f"PRAGMA index_list({table})")}
    return found


def test_given_an_older_store_then_it_is_migrated_and_keeps_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(store_url(tmp_path)).close()
    migrated: list[str] = []
    monkeypatch.setattr(store_module, "SCHEMA", f"{SCHEMA}+1")
    monkeypatch.setattr(store_module, "_migrate", lambda _connection, _path, found: migrated.append(found))
    Store(store_url(tmp_path)).close()
    assert migrated == [SCHEMA]


def test_given_a_store_of_the_first_release_then_its_people_are_kept_and_notes_can_be_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(store_url(tmp_path))
    try:
        with engine.begin() as connection, monkeypatch.context() as first:
            first.setattr(store_module, "SCHEMA", "0001")
            store_module._migrate(connection, tmp_path, "base")
            connection.execute(text("INSERT INTO meta VALUES ('log_id', 'the first')"))
            reyes = "'reyes', 'M. Reyes', 'clinician', 'LCSW', 'desk 3', 'PHONE', 'en es', 'a hash'"
            connection.execute(text(f"INSERT INTO people VALUES ({reyes})"))
    finally:
        engine.dispose()
    store = Store(store_url(tmp_path))
    try:
        assert store.log_id == "the first"
        person = store.read_now(lambda connection: people.find("reyes", connection))
        assert person is not None and (person.languages, person.skills, person.extension) == (("en", "es"), (), "")
        assert store.read_now(lambda c: c.execute(text("SELECT count(*) FROM sealed_note")).scalar()) == 0
    finally:
        store.close()


def test_given_a_store_of_a_newer_console_then_one_line_says_so(tmp_path: Path) -> None:
    Store(store_url(tmp_path)).close()
    changed(tmp_path, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer HEART console" in refusal(tmp_path)


def test_given_another_programs_database_then_it_is_left_alone(tmp_path: Path) -> None:
    changed(tmp_path, "CREATE TABLE recipes (name TEXT)")
    assert "holds something else" in refusal(tmp_path)


@pytest.mark.parametrize("content", [b"This is a letter, not a database. " * 50, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_given_a_file_that_is_no_database_then_one_line_says_so_and_it_is_not_touched(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "hub.sqlite").write_bytes(content)
    assert "damaged or is not a HEART store" in refusal(tmp_path)
    assert (tmp_path / "hub.sqlite").read_bytes() == content


def test_given_a_store_in_use_then_a_second_hub_is_refused_and_may_come_when_the_first_has_gone(tmp_path: Path) -> None:
    first = Store(store_url(tmp_path))
    assert "another hub is using this store" in refusal(tmp_path)
    first.close()
    again = Store(store_url(tmp_path))
    assert again.log_id == first.log_id
    again.close()


def test_given_a_store_that_another_program_holds_locked_then_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_BUSY_S", 0.0)
    Store(store_url(tmp_path)).close()
    holder = sqlite3.connect(tmp_path / "hub.sqlite", isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        assert "holds this store locked" in refusal(tmp_path)
    finally:
        holder.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///{}/missing/hub.sqlite", "does not exist"),
        ("nonsense", "not a store's address"),
        ("sqlite://", "keeps its log in SQLite"),
        ("sqlite:///:memory:", "keeps its log in SQLite"),
        ("postgresql://somewhere/heart", "keeps its log in SQLite"),
    ],
)
def test_given_an_address_that_will_not_do_then_one_line_says_what_to_write(tmp_path: Path, url: str, says: str) -> None:
    with pytest.raises(StoreUnusable, match=says) as refused:
        Store(url.format(tmp_path))
    assert "\n" not in str(refused.value)


def test_given_a_password_in_an_address_then_the_refusal_does_not_repeat_it() -> None:
    with pytest.raises(StoreUnusable) as refused:
        Store("postgresql://heart:topsecret@somewhere/heart")
    assert "topsecret" not in str(refused.value)


@runs
async def test_given_a_running_hub_then_a_person_can_be_written_beside_it(tmp_path: Path) -> None:
    store = Store(store_url(tmp_path))
    try:
        write_once(store_url(tmp_path), lambda c: c.execute(text("INSERT INTO meta VALUES ('from', 'beside')")))
        assert await store.read(lambda c: c.execute(text("SELECT value FROM meta WHERE name = 'from'")).scalar()) == "beside"
    finally:
        store.close()


@runs
async def test_the_store_is_durable_by_its_settings(tmp_path: Path) -> None:
    store = Store(store_url(tmp_path))
    try:
        assert await store.write(lambda c: c.exec_driver_sql("PRAGMA synchronous").scalar()) == 2
        assert await store.write(lambda c: c.exec_driver_sql("PRAGMA journal_mode").scalar()) == "wal"
    finally:
        store.close()


def refusal(folder: Path) -> str:
    """What a hub says that cannot use the store in a folder: one line."""
    with pytest.raises(StoreUnusable) as refused:
        Store(store_url(folder))
    assert "\n" not in str(refused.value)
    return str(refused.value)


def changed(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "hub.sqlite")
    with connection:
        connection.execute(statement)
    connection.close()
