"""The ledger in each database: append-only, chained, and nothing of it is lost without notice."""

import contextlib
import dataclasses

import pytest
from sqlalchemy.exc import DBAPIError

from opendata import ledger
from opendata.errors import SpecError, VerificationError
from opendata.ledger import Entry
from tests.opendata.ledger.conftest import DAY, meddle, raw, write


def test_a_new_workspace_has_an_empty_ledger(book):
    assert book.events() == []
    assert book.check() == []


def test_what_was_written_is_read(book):
    one, two = write(book, "built", "submitted", who="thong-ke", why="kỳ tháng 11", facts={"a": [1, "ô"]})
    assert book.events() == [one, two]
    assert (one.number, one.previous, two.previous) == (1, ledger.GENESIS, one.digest)
    assert one.at == DAY
    assert book.events("visits", "2026.2") == []


def test_nothing_is_kept_of_a_block_that_raises(book):
    write(book, "built")
    with contextlib.suppress(RuntimeError), book.writing() as writer:
        writer.append(Entry("submitted"))
        raise RuntimeError
    assert [event.kind for event in book.events()] == ["built"]
    assert book.check() == []


@pytest.mark.parametrize(
    "entry",
    [
        Entry("invented"),
        Entry("run", facts={"a": float("nan")}),
        Entry("run", facts={"a": {1, 2}}),
        Entry("run", why="\0"),
        Entry("run", why="\ud800"),
        Entry("run", facts={"a": "\ud800"}),
    ],
)
def test_what_is_no_event_is_refused(book, entry):
    with pytest.raises(SpecError), book.writing() as writer:
        writer.append(entry)
    assert book.events() == []


def test_any_text_comes_back_as_it_was(book):
    texts = ["", "'; DROP TABLE events", "%s %(a)s :a", "Điều 9\n\t", "\U0001f469\u200d⚕", "\x01\x7f\ufeff"]
    write(book, *["run"] * len(texts))
    for text in texts:
        (event,) = write(book, "run", why=text, facts={text: text, "nul": "\0"})
        assert book.events()[-1] == event
    assert book.check() == []


def test_times_carry_their_zone(book):
    with pytest.raises(SpecError), book.writing() as writer:
        writer.append(Entry("run"), at=DAY.replace(tzinfo=None))


@pytest.mark.parametrize("statement", ["UPDATE events SET who = 'x'", "DELETE FROM events"])
def test_the_database_itself_refuses_changes(book, statement):
    write(book, "built")
    with raw(book) as connection, pytest.raises(DBAPIError, match="append only"), connection.begin_nested():
        connection.exec_driver_sql(statement)
    assert len(book.events()) == 1


COLUMNS = ("at", "kind", "dataset", "version", "who", "why", "manifest", "facts", "previous", "digest")


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_letter_anywhere_shows(book, column):
    write(
        book, "built", "submitted", "approved", who="thong-ke", why="x", manifest="a" * 64, facts={"a": "b"}
    )
    meddle(book, f"UPDATE events SET {column} = {column} || ' ' WHERE number = 2")
    assert book.check() != []


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_event_that_is_gone_shows(book, number):
    write(book, "built", "submitted", "approved")
    meddle(book, f"DELETE FROM events WHERE number = {number}")
    assert book.check() != []


def test_an_event_that_was_put_in_shows(book):
    *_, last = write(book, "built", "submitted")
    forged = dataclasses.replace(last, number=3, kind="approved")
    said = [*(getattr(forged, column) for column in COLUMNS[1:7]), "{}", forged.previous, forged.digest]
    values = ", ".join(f"'{value}'" for value in ["2026-12-10T09:00:00.000Z", *said])
    meddle(book, f"INSERT INTO events VALUES (3, {values})")
    assert book.check() != []


def test_two_events_that_changed_places_show(book):
    write(book, "built", "submitted", "approved")
    meddle(
        book,
        "UPDATE events SET number = 9 WHERE number = 2",
        "UPDATE events SET number = 2 WHERE number = 3",
        "UPDATE events SET number = 3 WHERE number = 9",
    )
    assert book.check() != []


def test_a_table_that_is_gone_or_empty_shows(book):
    write(book, "built")
    meddle(book, "DELETE FROM events")
    assert book.check() != []
    meddle(book, "DROP TABLE events")
    assert book.check() != []
    with pytest.raises(VerificationError):
        write(book, "submitted")


def test_a_chain_that_was_written_anew_contradicts_what_was_signed(book):
    """Whoever owns the database can compute every digest again, but not what others keep of them."""
    first, second = write(book, "built", "submitted")
    book.root.joinpath("ledger.head").unlink()
    meddle(book, "DELETE FROM events")
    write(book, "built", "submitted", who="x")
    assert book.check() == []
    assert book.check(anchors=[("approvals.jsonld", first.number, first.digest)]) != []
    assert [one.where for one in book.check(anchors=[("here", 2, second.digest)])] == ["here"]


def test_an_anchor_that_is_held_is_no_problem(book):
    (event,) = write(book, "built")
    assert book.check(anchors=[("here", 1, event.digest), ("before all", 0, ledger.GENESIS)]) == []
    assert book.check(anchors=[("here", -1, "")]) != []


def test_a_database_that_would_let_events_be_changed_shows(book):
    write(book, "built")
    assert book.check() == []
    with raw(book) as connection:
        name = "no_delete" if book.path else "append_only ON events"
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    assert len(book.check()) == 1
