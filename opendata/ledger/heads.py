"""The last event that a workspace saw, kept beside the ledger: events that are gone since show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.errors import Problem, Text
from opendata import atomic
from opendata.errors import VerificationError
from opendata.ledger.events import GENESIS
from opendata.lock import exclusive

FILE = "ledger.head"


def last_seen(root: Path) -> tuple[int, str]:
    """Number and digest of the last event that this workspace knows of; (0, GENESIS) before the first.

    Raises:
        VerificationError: When the note is there and cannot be understood.
    """
    try:
        data = (root / FILE).read_bytes()
        said = json.loads(data)
        if data == _written(head := (said["number"], said["digest"])):
            return head
    except FileNotFoundError:
        return 0, GENESIS
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise VerificationError([Problem(FILE, _SPOILED, _RESTORE)])


def is_kept(root: Path) -> bool:
    """Whether there is a note; it is made before the ledger."""
    return (root / FILE).exists()


def begin(root: Path) -> None:
    """Make the note before the ledger is made: a ledger without one is a ledger whose note was taken away."""
    with exclusive(root / f".{FILE}.lock"):
        if not is_kept(root):
            _write(root, (0, GENESIS))


def remember(root: Path, head: tuple[int, str]) -> None:
    """Keep the last event in mind; one that came later stays."""
    with exclusive(root / f".{FILE}.lock"):
        if head[0] > last_seen(root)[0]:
            _write(root, head)


def forget_nothing(known: tuple[int, str], found: tuple[int, str] | None) -> None:
    """Refuse a ledger in which the last known event is gone, or another.

    Args:
        known: Number and digest of that event, from `last_seen`.
        found: The same as the ledger holds it; None when it does not.

    Raises:
        VerificationError: Then.
    """
    if known[0] and found != known:
        raise VerificationError([Problem(f"ledger, event {known[0]}", _GONE, _RESTORE)])


def _write(root: Path, head: tuple[int, str]) -> None:
    atomic.write(root / FILE, _written(head))


def _written(head: tuple[int, str]) -> bytes:
    """The note in the one way in which it is written: any other is an altered one."""
    return f"{json.dumps({'number': head[0], 'digest': head[1]})}\n".encode()


@contextmanager
def forgotten(root: Path) -> Iterator[None]:
    """Start anew with a ledger that is restored on purpose; what was known stays known when that fails."""
    kept = root / f"{FILE}.before"
    if (root / FILE).exists():
        (root / FILE).replace(kept)
    try:
        yield
    except BaseException:
        if kept.exists():
            kept.replace(root / FILE)
        raise
    kept.unlink(missing_ok=True)


_SPOILED = Text("không đọc được.", "cannot be read.")
_GONE = Text(
    "sự kiện đã ghi không còn như cũ: sổ cái bị sửa, bị cắt hoặc là bản cũ.",
    "an event that was there is gone or another: the ledger was altered, cut short, or is an old copy.",
)
_RESTORE = Text(
    "Khôi phục từ bản sao lưu mới nhất: opendata ledger restore FILE.",
    "Restore it from the newest backup: opendata ledger restore FILE.",
)
