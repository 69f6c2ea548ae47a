"""The ledger as a file in the workspace."""

import sqlite3

import pytest

from opendata import ledger, workspace
from opendata.errors import VerificationError
from opendata.ledger.store import read_row, to_row
from tests.opendata.ledger.conftest import DAY, write


@pytest.fixture
def place(tmp_path):
    return workspace.init(tmp_path / "co quan")


@pytest.fixture
def book(place):
    return ledger.open_ledger(place, clock=lambda: DAY)


def test_reading_makes_no_file(book):
    assert book.events() == []
    assert not book.path.exists()


def test_only_its_owner_reads_it(book):
    write(book, "built")
    assert book.path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_gone_or_empty_shows(book):
    write(book, "built")
    book.path.unlink()
    with pytest.raises(VerificationError):
        book.events()
    book.path.touch()
    assert book.check() != []
    with pytest.raises(VerificationError):
        write(book, "submitted")


def test_what_a_crash_in_its_making_leaves_is_no_ledger_and_no_damage(book):
    book.path.touch()
    assert book.check() == []
    with sqlite3.connect(book.path) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
    raw.close()
    assert book.check() == []
    write(book, "built")
    assert [event.kind for event in book.events()] == ["built"]


@pytest.mark.parametrize(("column", "value"), [("number", None), ("why", b"x"), ("who", 7), ("facts", "[]")])
def test_what_is_no_event_any_more_is_told_not_stumbled_over(book, column, value):
    """A damaged file holds anything anywhere, whatever the table says."""
    (event,) = write(book, "built")
    with pytest.raises(VerificationError):
        read_row(to_row(event) | {column: value})


def test_an_old_copy_shows(book):
    write(book, "built")
    old = book.path.read_bytes()
    write(book, "submitted")
    book.path.write_bytes(old)
    assert book.check() != []


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\0" * 5000])
def test_a_file_that_is_no_database(book, content):
    write(book, "built")
    book.path.write_bytes(content)
    assert book.check() != []


@pytest.mark.parametrize("held", [b"lan-dau", b"CREATE TABLE events", b"2026-12-10"])
def test_a_byte_that_is_no_text_is_damage_and_is_not_quoted(book, held):
    write(book, "built", why="lan-dau")
    data = bytearray(book.path.read_bytes())
    data[data.index(held) + 1] = 0xFF
    book.path.write_bytes(data)
    with pytest.raises(VerificationError) as refused:
        book.events()
    assert "n-dau" not in str(refused.value)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"number": "x"}', "\0", '{"number": 1, "digest": "a"}'])
def test_a_note_of_the_last_event_that_was_altered(book, content):
    write(book, "built")
    (book.root / "ledger.head").write_text(content)
    assert book.check() != []


def test_the_note_never_goes_back(book):
    from opendata.ledger import heads

    write(book, "built", "submitted")
    known = heads.last_seen(book.root)
    heads.remember(book.root, (1, "0" * 64))
    assert heads.last_seen(book.root) == known


def test_a_note_that_is_gone_shows(book):
    write(book, "built")
    (book.root / "ledger.head").unlink()
    assert [problem.where for problem in book.check()] == ["ledger.head"]
    with pytest.raises(VerificationError):
        write(book, "submitted")  # which would make another note
