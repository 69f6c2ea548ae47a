"""A ledger in each of its databases: SQLite in the workspace, and a real PostgreSQL."""

import secrets
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from opendata import ledger, ports, workspace
from opendata.ledger import Entry, schema
from opendata.sandbox import postgres

DAY = datetime(2026, 12, 10, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The PostgreSQL that ships with the sandbox; its password in a file, as in production."""
    state = tmp_path_factory.mktemp("postgresql")
    password = secrets.token_hex(8)
    database = postgres.Database(postgres.new_home(state), ports.free(26300)[0], password)
    process = postgres.start(state, database)
    try:
        known = state / "pgpass"
        known.touch(mode=0o600)
        known.write_text(f"127.0.0.1:{database.port}:*:*:{password}\n")
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("PGPASSFILE", str(known))
            yield database
    finally:
        postgres.stop(process)
        postgres.remove(database.home)


@pytest.fixture
def address(server):
    """The address of an empty database, without the password."""
    name = f"ledger_{secrets.token_hex(4)}"
    made = create_engine(
        make_url(server.url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with made.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    made.dispose()
    return f"postgresql://ckan@127.0.0.1:{server.port}/{name}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.portal)])
def place(request, tmp_path):
    """A workspace whose ledger lies in each kind of database."""
    made = workspace.init(tmp_path / "co quan")
    return at(made, request.getfixturevalue("address")) if request.param == "postgresql" else made


@pytest.fixture
def book(place):
    return ledger.open_ledger(place, clock=lambda: DAY)


def at(place, url):
    """The workspace with its ledger at an address."""
    with (place.root / "opendata.toml").open("a", encoding="utf-8") as file:
        file.write(f'[ledger]\nurl = "{url}"\n')
    return workspace.find(place.root)


def write(book, *kinds, **said):
    with book.writing() as writer:
        return [
            writer.append(Entry(kind, **({"dataset": "visits", "version": "2026.1"} | said)))
            for kind in kinds
        ]


@contextmanager
def raw(book):
    """A connection of somebody who has the database itself."""
    engine = schema.engine(book.path, book.url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def meddle(book, *statements):
    """Change the database as somebody would who owns it: triggers dropped, and made again afterwards."""
    with raw(book) as connection:
        names = ["no_update", "no_delete"] if book.path else ["append_only"]
        for name in names:
            where = "" if book.path else " ON events"
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{where}")
        for statement in statements:
            connection.exec_driver_sql(statement)
        if schema.is_ledger(connection):
            for statement in schema._SQLITE if book.path else schema._POSTGRESQL:
                connection.exec_driver_sql(statement)
