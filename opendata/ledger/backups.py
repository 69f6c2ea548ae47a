"""Copies of a ledger, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

from catalog.errors import Problem, Text
from opendata import atomic
from opendata.canonical import canonical
from opendata.errors import SpecError, VerificationError
from opendata.ledger import heads
from opendata.ledger.checking import check
from opendata.ledger.events import Entry, Event
from opendata.ledger.store import Ledger, read_row, to_row
from opendata.messages import unwritable

FORMAT = {"format": "ytemo-ledger/1"}


def backup(book: Ledger, target: Path) -> int:
    """Write a copy of a ledger, whole or not at all: JSON lines, the same for every database.

    Args:
        book: The ledger.
        target: The file to write; one that is there is replaced when the copy is complete.

    Returns:
        How many events it holds.

    Raises:
        VerificationError: When the ledger is not whole: a copy of it would hide that.
        SpecError: When the file cannot be written.
    """
    known = heads.last_seen(book.root)
    events = book.events()
    problems = check(events, known=known)
    if problems:
        raise VerificationError(problems)
    lines = [canonical(FORMAT), *(canonical(to_row(event)) for event in events)]
    try:
        atomic.write(target, "".join(f"{line}\n" for line in lines).encode())
    except OSError as error:
        raise SpecError([Problem(str(target), unwritable(error), _ELSEWHERE)]) from None
    return len(events)


def restore(book: Ledger, source: Path, *, who: str, why: str) -> int:
    """Put a copy in the place of a ledger that was lost or spoiled; that this happened is its next event.

    The old SQLite file is kept beside the new one, as `ledger.sqlite.replaced-<number>`.

    Args:
        book: The ledger, SQLite or an empty database.
        source: What `backup` wrote.
        who: Id of the person.
        why: The reason.

    Returns:
        How many events were restored.

    Raises:
        VerificationError: When the copy is not whole.
        SpecError: When it cannot be read, or the place is not free.
    """
    events = _read(source)
    problems = check(events)
    if problems:
        raise VerificationError(problems)
    entry = Entry(
        "ledger_restored", who=who, why=why, facts={"events": len(events), "lost": _lost(book, len(events))}
    )
    _put_aside(book)
    with heads.forgotten(book.root), book.writing() as writer:
        if writer.head[0]:
            raise SpecError([Problem("ledger", _NOT_EMPTY, _EMPTY)])
        writer.take_over(events)
        writer.append(entry)
    return len(events)


def _lost(book: Ledger, held: int) -> int:
    """How many events the workspace saw that the copy does not hold."""
    try:
        return max(heads.last_seen(book.root)[0] - held, 0)
    except VerificationError:
        return 0


def _put_aside(book: Ledger) -> None:
    if book.path is None or not book.path.exists():
        return
    number = 1
    while (aside := book.path.with_name(f"{book.path.name}.replaced-{number}")).exists():
        number += 1
    for ending in ("-wal", ""):  # the journal of a crash goes with it
        if (part := book.path.with_name(book.path.name + ending)).exists():
            part.rename(aside.with_name(aside.name + ending))
    book.path.with_name(f"{book.path.name}-shm").unlink(missing_ok=True)


def _read(source: Path) -> list[Event]:
    try:
        # Not splitlines: a reason may hold a line separator of Unicode.
        first, *lines = source.read_bytes().decode().removesuffix("\n").split("\n")
        rows = [json.loads(line) for line in lines]
        if first != canonical(FORMAT) or [canonical(row) for row in rows] != lines:
            raise ValueError
        return [read_row(row) for row in rows]
    except OSError as error:
        raise SpecError([Problem(str(source), unwritable(error), _ELSEWHERE)]) from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise VerificationError([Problem(str(source), _NO_BACKUP, _ANOTHER)]) from None


_ELSEWHERE = Text("Kiểm tra đường dẫn và quyền.", "Check the path and the permissions.")
_NO_BACKUP = Text("không phải bản sao lưu nguyên vẹn của sổ cái.", "not a whole backup of a ledger.")
_ANOTHER = Text("Dùng bản sao lưu khác.", "Use another backup.")
_NOT_EMPTY = Text("cơ sở dữ liệu này đã có sự kiện.", "this database holds events already.")
_EMPTY = Text("Khôi phục vào cơ sở dữ liệu trống.", "Restore into an empty database.")
