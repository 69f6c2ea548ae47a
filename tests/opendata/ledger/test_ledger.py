"""The ledger: append-only, chained, one writer at a time, and nothing of it is lost without notice."""

import contextlib
import dataclasses
import json
import multiprocessing
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata import ledger, workspace
from opendata.errors import SpecError, VerificationError
from opendata.ledger import Entry, backups

DAY = datetime(2026, 12, 10, 9, tzinfo=UTC)


@pytest.fixture
def place(tmp_path):
    return workspace.init(tmp_path / "co quan")


@pytest.fixture
def book(place):
    return ledger.open_ledger(place, clock=lambda: DAY)


def write(book, *kinds, **said):
    with book.writing() as writer:
        return [
            writer.append(Entry(kind, **({"dataset": "visits", "version": "2026.1"} | said)))
            for kind in kinds
        ]


def meddle(book, statement, *values):
    """Change the file as somebody would who has it, triggers dropped."""
    with sqlite3.connect(book.path) as raw:
        raw.execute("DROP TRIGGER IF EXISTS no_update")
        raw.execute("DROP TRIGGER IF EXISTS no_delete")
        raw.execute(statement, values)
    raw.close()


def test_a_new_workspace_has_an_empty_ledger_and_reading_makes_none(book):
    assert book.events() == []
    assert book.check() == []
    assert not book.path.exists()


def test_what_was_written_is_read(book):
    one, two = write(book, "built", "submitted", who="thong-ke", why="kỳ tháng 11", facts={"a": [1, "ô"]})
    assert book.events() == [one, two]
    assert (one.number, one.previous, two.previous) == (1, ledger.GENESIS, one.digest)
    assert one.at == DAY
    assert book.events("visits", "2026.2") == []
    assert book.path.stat().st_mode & 0o777 == 0o600


def test_nothing_is_kept_of_a_block_that_raises(book):
    write(book, "built")
    with contextlib.suppress(RuntimeError), book.writing() as writer:
        writer.append(Entry("submitted"))
        raise RuntimeError
    assert [event.kind for event in book.events()] == ["built"]
    assert book.check() == []


@pytest.mark.parametrize(
    "entry", [Entry("invented"), Entry("run", facts={"a": float("nan")}), Entry("run", facts={"a": {1, 2}})]
)
def test_what_is_no_event_is_refused(book, entry):
    with pytest.raises(SpecError), book.writing() as writer:
        writer.append(entry)
    assert book.events() == []


def test_times_carry_their_zone(book):
    with pytest.raises(SpecError), book.writing() as writer:
        writer.append(Entry("run"), at=DAY.replace(tzinfo=None))


@pytest.mark.parametrize("statement", ["UPDATE events SET who = 'x'", "DELETE FROM events"])
def test_the_database_itself_refuses_changes(book, statement):
    write(book, "built")
    with sqlite3.connect(book.path) as raw, pytest.raises(sqlite3.IntegrityError, match="append only"):
        raw.execute(statement)
    raw.close()


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
    meddle(book, "DELETE FROM events WHERE number = ?", number)
    assert book.check() != []


def test_an_event_that_was_put_in_shows(book):
    *_, last = write(book, "built", "submitted")
    forged = dataclasses.replace(last, number=3, kind="approved")
    row = {**{c: getattr(forged, c) for c in COLUMNS}, "at": "2026-12-10T09:00:00.000Z", "facts": "{}"}
    meddle(book, f"INSERT INTO events VALUES (3, {', '.join('?' * 10)})", *row.values())
    assert book.check() != []


def test_a_ledger_that_is_gone_or_empty_shows(book):
    write(book, "built")
    book.path.unlink()
    with pytest.raises(VerificationError):
        book.events()
    book.path.touch()
    assert book.check() != []
    with pytest.raises(VerificationError):
        write(book, "submitted")


def test_an_old_copy_shows(book, tmp_path):
    write(book, "built")
    old = book.path.read_bytes()
    write(book, "submitted")
    book.path.write_bytes(old)
    assert book.check() != []


def test_a_file_that_is_no_database(book):
    write(book, "built")
    book.path.write_bytes(b"no database at all" * 100)
    assert book.check() != []


def _appends(folder, count):
    book = ledger.open_ledger(workspace.find(folder))
    for number in range(count):
        write(book, "run", facts={"number": number})


def test_many_processes_write_one_chain(place, book):
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_appends, args=(place.root, 25)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert len(book.events()) == 100
    assert book.check() == []


def test_backup_and_restore(book, tmp_path):
    write(book, "built", "submitted")
    assert backups.backup(book, tmp_path / "copy.jsonl") == 2
    write(book, "approved")
    meddle(book, "DELETE FROM events WHERE number = 2")
    assert backups.restore(book, tmp_path / "copy.jsonl", who="thong-ke", why="đĩa hỏng") == 2
    events = book.events()
    assert [event.kind for event in events] == ["built", "submitted", "ledger_restored"]
    assert events[-1].facts == {"events": 2, "lost": 1}
    assert book.check() == []
    assert book.path.with_name("ledger.sqlite.replaced-1").exists()


def test_a_spoiled_ledger_is_not_backed_up_and_a_spoiled_backup_not_restored(book, tmp_path):
    copy = tmp_path / "copy.jsonl"
    write(book, "built", "submitted")
    backups.backup(book, copy)
    lines = copy.read_text().splitlines()
    for spoiled in ([*lines[:1], lines[2]], [*lines, "{"], lines[1:], []):
        copy.write_text("\n".join(spoiled))
        with pytest.raises(VerificationError):
            backups.restore(book, copy, who="a", why="b")
    assert len(book.events()) == 2
    meddle(book, "UPDATE events SET who = 'x' WHERE number = 1")
    with pytest.raises(VerificationError):
        backups.backup(book, tmp_path / "other.jsonl")
    assert not (tmp_path / "other.jsonl").exists()


@pytest.mark.parametrize("url", ["sqlite:///x", "postgresql://me:secret@host/db", "nonsense"])
def test_addresses_that_are_refused(tmp_path, url):
    place = workspace.init(tmp_path / "w")
    with (tmp_path / "w" / "opendata.toml").open("a") as file:
        file.write(f'[ledger]\nurl = "{url}"\n')
    book = ledger.open_ledger(workspace.find(place.root))
    with pytest.raises(SpecError) as refused:
        book.events()
    assert "secret" not in str(refused.value)


said = st.text(max_size=20)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(ledger.KINDS)), said, said), min_size=1, max_size=5), st.data()
)
def test_whatever_is_altered_is_told(tmp_path_factory, entries, data):
    """Any other content of any field of any event, kept in place or moved: the chain does not close."""
    from opendata.ledger.events import chained

    events, after = [], (0, ledger.GENESIS)
    for kind, who, why in entries:
        events.append(chained(Entry(kind, who=who, why=why), at=DAY, after=after))
        after = (events[-1].number, events[-1].digest)
    root = tmp_path_factory.getbasetemp()
    assert ledger.check(events, root=root) == []
    place = data.draw(st.integers(0, len(events) - 1))
    field = data.draw(
        st.sampled_from(["kind", "who", "why", "manifest", "digest", "previous", "facts", "at"])
    )
    other = {"facts": {"z": 1}, "at": DAY + timedelta(seconds=1)}.get(field, "other")
    events[place] = dataclasses.replace(events[place], **{field: other})
    assert ledger.check(events, root=root) != []


def test_a_backup_is_plain_lines(book, tmp_path):
    write(book, "built")
    backups.backup(book, tmp_path / "copy.jsonl")
    assert [json.loads(line).get("kind") for line in (tmp_path / "copy.jsonl").read_text().splitlines()] == [
        None,
        "built",
    ]
