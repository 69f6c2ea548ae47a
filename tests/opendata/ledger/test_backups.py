"""Copies of a ledger, and the way back, also into another database."""

import json

import pytest

from opendata import ledger, workspace
from opendata.errors import SpecError, VerificationError
from opendata.ledger import backups
from tests.opendata.ledger.conftest import DAY, at, meddle, write


def test_backup_and_restore(tmp_path):
    book = ledger.open_ledger(workspace.init(tmp_path / "w"), clock=lambda: DAY)
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
    assert sorted(path.name for path in book.root.glob("ledger.head*")) == ["ledger.head"]


@pytest.mark.portal
def test_from_sqlite_to_postgresql_and_back(tmp_path, address):
    place = workspace.init(tmp_path / "w")
    old = ledger.open_ledger(place, clock=lambda: DAY)
    written = write(old, "built", "submitted", why="kỳ tháng 11", facts={"a": "\0 ô"})
    backups.backup(old, tmp_path / "copy.jsonl")
    new = ledger.open_ledger(at(place, address), clock=lambda: DAY)
    assert backups.restore(new, tmp_path / "copy.jsonl", who="thong-ke", why="chuyển máy chủ") == 2
    assert new.events()[:2] == written
    assert new.check() == []
    write(new, "approved")
    backups.backup(new, tmp_path / "again.jsonl")
    with pytest.raises(SpecError):
        backups.restore(new, tmp_path / "again.jsonl", who="thong-ke", why="không trống")
    assert len(new.events()) == 4
    back = ledger.open_ledger(workspace.init(tmp_path / "other"), clock=lambda: DAY)
    backups.restore(back, tmp_path / "again.jsonl", who="thong-ke", why="về lại")
    assert back.events()[:4] == new.events()


def test_a_spoiled_ledger_is_not_backed_up(book, tmp_path):
    write(book, "built", "submitted")
    meddle(book, "UPDATE events SET who = 'x' WHERE number = 1")
    with pytest.raises(VerificationError):
        backups.backup(book, tmp_path / "copy.jsonl")
    assert not list(tmp_path.glob("*.jsonl"))


def test_a_spoiled_backup_is_not_restored(book, tmp_path):
    copy = tmp_path / "copy.jsonl"
    write(book, "built", "submitted")
    backups.backup(book, copy)
    lines = copy.read_text().splitlines()
    for spoiled in ([*lines[:1], lines[2]], [*lines, "{"], lines[1:], []):
        copy.write_text("\n".join(spoiled))
        with pytest.raises(VerificationError):
            backups.restore(book, copy, who="a", why="b")
    assert len(book.events()) == 2
    assert book.check() == []


def test_every_byte_of_a_backup_counts(tmp_path):
    book = ledger.open_ledger(workspace.init(tmp_path / "w"), clock=lambda: DAY)
    write(book, "built", facts={"a": "ô"})
    backups.backup(book, copy := tmp_path / "copy.jsonl")
    whole = copy.read_bytes()
    fresh = ledger.open_ledger(workspace.init(tmp_path / "other"), clock=lambda: DAY)
    for place in range(len(whole) - 1):  # the last byte ends the last line
        copy.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(VerificationError):
            backups.restore(fresh, copy, who="a", why="b")
    assert fresh.events() == []


def test_a_backup_is_plain_lines_whatever_a_reason_holds(book, tmp_path):
    write(book, "built", why="a\u2028b\x85c\r\n")
    backups.backup(book, copy := tmp_path / "copy.jsonl")
    lines = copy.read_bytes().decode().strip("\n").split("\n")
    assert [json.loads(line).get("kind") for line in lines] == [None, "built"]
    other = ledger.open_ledger(workspace.init(tmp_path / "other"))
    assert backups.restore(other, copy, who="a", why="b") == 1
    assert other.events()[0] == book.events()[0]


def test_a_copy_that_cannot_be_written_or_read(book, tmp_path):
    write(book, "built")
    with pytest.raises(SpecError):
        backups.backup(book, tmp_path / "nowhere" / "copy.jsonl")
    with pytest.raises(SpecError):
        backups.restore(book, tmp_path / "nowhere.jsonl", who="a", why="b")
    assert book.check() == []
