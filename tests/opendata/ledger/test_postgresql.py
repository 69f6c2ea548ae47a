"""The ledger in PostgreSQL: addresses, servers that do not answer, passwords."""

import pytest
from sqlalchemy.exc import DBAPIError

from opendata import ledger, ports, status, workspace
from opendata.errors import SpecError, VerificationError
from opendata.ledger import schema
from tests.opendata.ledger.conftest import at, meddle, raw, write


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///x",
        "postgresql://me:secret@host/db",
        "postgresql://me@host/db?password=secret",
        "mysql://me@host/db",
        "nonsense",
    ],
)
def test_addresses_that_are_refused(tmp_path, url):
    book = ledger.open_ledger(at(workspace.init(tmp_path / "w"), url))
    for use in (book.events, book.check, lambda: write(book, "built")):
        with pytest.raises(SpecError) as refused:
            use()
        assert "secret" not in str(refused.value)
    assert "secret" not in repr(book)


def test_a_server_that_is_down(tmp_path):
    place = at(workspace.init(tmp_path / "w"), f"postgresql://me@127.0.0.1:{ports.free(26400)[0]}/db")
    with pytest.raises(SpecError) as refused:
        ledger.open_ledger(place).events()
    assert refused.value.problems[0].where == "opendata.toml: ledger.url"


def test_a_driver_that_is_not_installed(tmp_path, monkeypatch):
    def missing(*_, **__):
        raise ModuleNotFoundError

    monkeypatch.setattr(schema, "create_engine", missing)
    with pytest.raises(SpecError, match=r"ytemo\[postgres\]"):
        ledger.open_ledger(at(workspace.init(tmp_path / "w"), "postgresql://me@host/db")).events()


@pytest.mark.portal
def test_a_password_that_is_not_known(tmp_path, address, monkeypatch):
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    with pytest.raises(SpecError) as refused:
        ledger.open_ledger(at(workspace.init(tmp_path / "w"), address)).events()
    assert refused.value.exit_code == 2


@pytest.mark.portal
def test_a_database_that_is_not_there(tmp_path, server):
    place = at(workspace.init(tmp_path / "w"), f"postgresql://ckan@127.0.0.1:{server.port}/none")
    with pytest.raises(SpecError):
        ledger.open_ledger(place).events()


@pytest.mark.portal
def test_two_workspaces_write_one_chain(tmp_path, address):
    books = [ledger.open_ledger(at(workspace.init(tmp_path / name), address)) for name in ("a", "b")]
    write(books[0], "built")
    write(books[1], "built")
    write(books[0], "submitted")
    assert [event.number for event in books[1].events()] == [1, 2, 3]
    assert [book.check() for book in books] == [[], []]


@pytest.mark.portal
def test_another_database_under_the_same_address_shows(tmp_path, address):
    book = ledger.open_ledger(at(workspace.init(tmp_path / "w"), address))
    write(book, "built")
    meddle(book, "DROP TABLE events")
    with pytest.raises(VerificationError):
        book.events()


@pytest.mark.portal
def test_publishers_need_to_read_and_add_only(tmp_path, address, server):
    """As docs/how-to/ledger.md says: then they cannot alter the ledger even with the password."""
    place = workspace.init(tmp_path / "w")
    write(owner := ledger.open_ledger(at(place, address)), "built")
    with raw(owner) as connection:
        connection.exec_driver_sql(f"CREATE ROLE publisher LOGIN PASSWORD '{server.password}'")
        connection.exec_driver_sql("GRANT SELECT, INSERT ON events TO publisher")
    theirs = workspace.init(tmp_path / "other")
    book = ledger.open_ledger(at(theirs, address.replace("ckan@", "publisher@")))
    write(book, "submitted")
    assert (len(owner.events()), owner.check(), book.check()) == (2, [], [])
    for statement in ("ALTER TABLE events DISABLE TRIGGER ALL", "DELETE FROM events", "DROP TABLE events"):
        with raw(book) as connection, pytest.raises(DBAPIError), connection.begin_nested():
            connection.exec_driver_sql(statement)
    assert owner.check() == []


@pytest.mark.portal
def test_a_database_of_several_workspaces_is_each_ones_own_for_status(tmp_path, address):
    places = [at(workspace.init(tmp_path / name), address) for name in ("a", "b")]
    (places[0].root / "releases/visits/2026.1").mkdir(parents=True)
    write(ledger.open_ledger(places[0]), "built")
    assert status.examine(places[1]).problems == ()
    assert len(status.examine(places[1]).versions) == 1
    assert status.examine(places[0]).problems  # the folder is no release
