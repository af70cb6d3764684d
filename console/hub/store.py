"""The store: opening it safely, one thread that writes, a few that read. Nothing here knows what the rows mean."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from console.domain.ids import LogId
from console.hub.tables import SCHEMA, meta, metadata

T = TypeVar("T")

_READERS = 3
_BUSY_S = 5.0


class StoreUnusable(Exception):
    """The store cannot be used; the message is one line that says why and what to do."""


class Store:
    """An open store. `write` runs on the one writing thread, in one transaction; `read` on a pool of readers."""

    def __init__(self, url: str) -> None:
        """Open, and where needed make, the store at `url` (`sqlite:///FILE`), or raise `StoreUnusable`."""
        self.path = path_of(url)
        self._held = _hold(self.path)
        try:
            self._engine = _engine(url, pool_size=1, begin="BEGIN IMMEDIATE")
            with _explained(self.path), self._engine.begin() as connection:
                _bring_up_to_date(connection, self.path)
                self.log_id = _log_id(connection)
        except BaseException:
            self._held.close()
            raise
        self._connection: Connection | None = None
        self._readers = _engine(url, pool_size=_READERS, begin="BEGIN")
        self._writing = ThreadPoolExecutor(1, "store-writer")
        self._reading = ThreadPoolExecutor(_READERS, "store-reader")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction on the writing thread: committed, durably, when this returns."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._written, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a reading thread, over one unmoving view of the store."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, _in_transaction, self._readers, work)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """Read on the calling thread: for the start, when nothing else runs yet."""
        with _explained(self.path):
            return _in_transaction(self._readers, work)

    def close(self) -> None:
        """Finish what is being written, and let go of the file."""
        self._writing.shutdown()
        self._reading.shutdown()
        if self._connection is not None:
            self._connection.close()
        self._readers.dispose()
        self._engine.dispose()
        self._held.close()

    def _written(self, work: Callable[[Connection], T]) -> T:
        """Write through the one connection, kept open; after a failure it is not trusted again."""
        connection = self._connection or self._engine.connect()
        self._connection = None
        try:
            with connection.begin():
                done = work(connection)
        except BaseException:
            connection.invalidate()
            connection.close()
            raise
        self._connection = connection
        return done


def write_once(url: str, work: Callable[[Connection], T]) -> T:
    """Run one transaction beside a hub that may be running: for the command line (`heart-console person add`)."""
    path = path_of(url)
    engine = _engine(url, pool_size=1, begin="BEGIN IMMEDIATE")
    try:
        with _explained(path), engine.begin() as connection:
            _bring_up_to_date(connection, path)
            _log_id(connection)
            return work(connection)
    finally:
        engine.dispose()


def read_once(url: str, work: Callable[[Connection], T]) -> T:
    """Read in one transaction beside a hub that may be running: for the command line. Nothing is made or migrated."""
    path = path_of(url)
    if not path.is_file():
        raise StoreUnusable(f"{path}: there is no such file; name the store of a hub")
    engine = _engine(url, pool_size=1, begin="BEGIN")
    try:
        with _explained(path), engine.begin() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if found != SCHEMA:
                raise StoreUnusable(f"{path}: another version wrote this store (schema {found}, ours is {SCHEMA})")
            return work(connection)
    finally:
        engine.dispose()


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows by one statement, past what SQLAlchemy does for each: this is the hub's hot path.

    One, because sqlite3 gives up the interpreter's lock around every row of `executemany`, and a busy loop is slow to
    give it back: with it, half of a commit went by waiting.
    """
    columns = [column.name for column in table.columns]
    statement = _insert_into(table, len(rows), connection.dialect.paramstyle)
    connection.exec_driver_sql(statement, tuple(row[name] for row in rows for name in columns))


@cache
def _insert_into(table: Table, rows: int, paramstyle: str) -> str:
    mark = "?" if paramstyle == "qmark" else "%s"
    names = [f'"{column.name}"' for column in table.columns]
    row = f"({', '.join(mark for _ in names)})"
    return f'INSERT INTO "{table.name}" ({", ".join(names)}) VALUES {", ".join([row] * rows)}'


def _in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def path_of(url: str) -> Path:
    """The file that a store's URL names; StoreUnusable when it names none, or one in no folder."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreUnusable(f"--store {url}: this is not a store's address; write sqlite:///FILE") from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise StoreUnusable(f"--store {parsed.render_as_string()}: this hub keeps its log in SQLite; write sqlite:///FILE")
    path = Path(parsed.database)
    if not path.parent.is_dir():
        raise StoreUnusable(f"{path}: the folder {path.parent} does not exist; make it, or name another")
    return path


def _hold(path: Path) -> sqlite3.Connection:
    """Take the store for this process, by a lock on a file beside it that the system lifts when the process ends.

    The lock is SQLite's own, so it is the same on every system. The store itself stays readable for others.
    """
    beside = path.with_name(path.name + "-hub")
    try:
        held = sqlite3.connect(beside, timeout=0, isolation_level=None, check_same_thread=False)
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreUnusable(f"{path}: another hub is using this store; end it first, or name another") from None
        raise StoreUnusable(f"{path}: cannot write here ({error}); check the folder's rights and free space") from None
    except sqlite3.DatabaseError as error:
        raise StoreUnusable(f"{beside}: cannot take the store ({error}); delete this file, it holds nothing") from None
    return held


def _engine(url: str, *, pool_size: int, begin: str) -> Engine:
    arguments = {"timeout": _BUSY_S, "check_same_thread": False}
    # A row may hold what a person said, so a failed statement is logged without it.
    engine = create_engine(url, pool_size=pool_size, max_overflow=0, connect_args=arguments, hide_parameters=True)

    # sqlite3's own habit of opening transactions late would let two readings of one piece of work differ.
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what a database says at the start into one line a person can act on."""
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig)
        if "locked" in said:
            what = "another program holds this store locked; end it and try again"
        elif "full" in said:
            what = "the disk is full; nothing was changed; free some space and try again"
        elif "unable to open" in said or "readonly" in said:
            what = "this file cannot be opened for writing; check its rights"
        else:
            what = f"this file is damaged or is not a HEART store ({said}); restore it from a backup, or name another"
        raise StoreUnusable(f"{path}: {what}") from error


def _bring_up_to_date(connection: Connection, path: Path) -> None:
    """Make the tables of an empty store, or migrate an older one. Alembic is loaded only when there is work for it."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:schema)"), {"schema": SCHEMA})
        return
    if "alembic_version" not in tables:
        raise StoreUnusable(f"{path}: this database holds something else than a HEART store; name another file")
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found != SCHEMA:
        _migrate(connection, path, str(found))


def _migrate(connection: Connection, path: Path, found: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        ScriptDirectory.from_config(config).get_revision(found)
    except CommandError:
        raise StoreUnusable(
            f"{path}: a newer HEART console wrote this store (schema {found}, ours is {SCHEMA}); start that version"
        ) from None
    command.upgrade(config, SCHEMA)


def _log_id(connection: Connection) -> LogId:
    """The log's own name, made with the store: a desk that followed another log knows that it did."""
    known = connection.execute(select(meta.c.value).where(meta.c.name == "log_id")).scalar()
    if known is None:
        known = str(uuid4())
        connection.execute(insert(meta).values(name="log_id", value=known))
    return LogId(known)
