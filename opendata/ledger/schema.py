"""The one table of the ledger, and how each database keeps it append-only and lets one write at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from catalog import errors
from catalog.errors import Problem
from opendata.errors import SpecError

EVENTS = Table(
    "events",
    MetaData(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, Text, nullable=False) for name in (
        "at", "kind", "dataset", "version", "who", "why", "manifest", "facts", "previous", "digest",
    )),
)  # fmt: skip
_OUT_OF_REACH = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_AUTH,
    }
)
_PATIENCE = 120  # seconds to wait for another writer
_ANSWER = 10  # seconds to wait for a server
_ONE_WRITER = 7_963_310_200  # key of PostgreSQL's advisory lock
_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'append only'); END",
    "CREATE TRIGGER IF NOT EXISTS no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'append only'); END",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'append only'; END $$",
    "CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
    "FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
)


def engine(path: Path | None, url: str | None) -> Engine:
    """An engine that keeps no connection open.

    Args:
        path: The SQLite file, or None.
        url: Address of another database, when there is no file.

    Raises:
        SpecError: When the address is none of PostgreSQL's, or holds a password.
    """
    if path is None:
        address = make_url(_checked(url or ""))
        driver = address.set(drivername="postgresql+psycopg")
        return create_engine(driver, poolclass=NullPool, connect_args={"connect_timeout": _ANSWER})
    made = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": _PATIENCE})
    event.listen(made, "connect", _configured)
    return made


def create(made: Engine, path: Path | None) -> None:
    """Make the table when it is not there; for its owner only."""
    if path is not None and not path.exists():
        path.touch(mode=0o600)
    with exclusive(made) as connection:
        if inspect(connection).has_table(EVENTS.name):
            return
        EVENTS.create(connection)
        for statement in _SQLITE if made.dialect.name == "sqlite" else _POSTGRESQL:
            connection.exec_driver_sql(statement)


def is_ledger(connection: Connection) -> bool:
    """Whether the database holds a ledger at all."""
    return inspect(connection).has_table(EVENTS.name)


def is_guarded(connection: Connection) -> bool:
    """Whether the database is in order by itself, and still refuses to change or delete events."""
    if connection.dialect.name != "sqlite":
        asked = text(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'events'::regclass AND tgname = 'append_only' "
            "AND tgenabled IN ('O', 'A') AND tgtype = 58"  # before update, delete, truncate; for each statement
        )
        return connection.execute(asked).scalar() == 1
    found = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name DESC"
    )
    guards = [statement.replace("IF NOT EXISTS ", "") for statement in _SQLITE]
    whole = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return found.scalars().all() == guards and whole == ["ok"]


@contextmanager
def exclusive(made: Engine) -> Iterator[Connection]:
    """One transaction that writes; others wait for it."""
    if made.dialect.name != "sqlite":
        with made.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_WRITER})
            yield connection
        return
    # SQLAlchemy would begin a deferred transaction, which fails instead of waiting when it comes to write.
    with made.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def is_out_of_reach(error: DBAPIError | UnicodeDecodeError) -> bool:
    """Whether the database could not be reached, rather than be understood."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def is_damage(error: DBAPIError) -> bool:
    """Whether a ledger file was reached, and holds what no ledger holds; what SQLite says then may quote it."""
    if not isinstance(error.orig, sqlite3.Error):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)  # Python itself finds out that a text is none
    return code is None or code & 0xFF not in _OUT_OF_REACH


def _configured(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Readers never wait for the writer, and a commit is on the disk before it counts."""
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "trusted_schema=OFF"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _checked(url: str) -> str:
    address = make_url(url)
    secret = address.password is not None or "password" in address.query
    if not address.drivername.startswith("postgresql") or secret:
        raise SpecError([Problem("opendata.toml: ledger.url", _BAD_URL, _GOOD_URL)])
    return url


_BAD_URL = errors.Text(
    "cần địa chỉ PostgreSQL, không kèm mật khẩu.", "must be an address of PostgreSQL, without a password."
)
_GOOD_URL = errors.Text(
    "Ví dụ: postgresql://ytemo@may-chu/socai; mật khẩu ghi trong ~/.pgpass (quyền 600).",
    "For example: postgresql://ytemo@server/ledger; the password goes into ~/.pgpass (mode 600).",
)
