"""Events of the ledger, and the chain that binds each to all before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from catalog.errors import Problem, Text
from opendata.canonical import canonical
from opendata.errors import SpecError

GENESIS = "0" * 64
"""What the first event is chained to."""

KINDS = frozenset({
    "built", "submitted", "approved", "returned", "refused",
    "published", "superseded", "withdrawn", "restored", "removed", "announced", "corrected",
    "key_added", "key_revoked", "standing_approved", "standing_revoked", "run", "ledger_restored",
})  # fmt: skip
"""What can happen; the first nine are the life of a version (`opendata.approvals`)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written down.

    Attributes:
        kind: One of `KINDS`.
        dataset: The dataset's id; empty for what concerns none, such as a key.
        version: The version; empty likewise.
        who: Id of the person (`[[people]]` of opendata.toml), or "" for the program itself.
        why: The reason, in the words of whoever acted.
        manifest: SHA-256 of the release's manifest, where there is one.
        facts: Whatever else must be kept, as JSON holds it: statements, signatures, addresses. Never a cell value.
    """

    kind: str
    dataset: str = ""
    version: str = ""
    who: str = ""
    why: str = ""
    manifest: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the ledger.

    Attributes:
        number: 1, 2, 3 and so on, without a gap.
        at: When, in UTC, to the millisecond.
        kind: See `Entry`, as for the attributes that follow.
        dataset: See `Entry`.
        version: See `Entry`.
        who: See `Entry`.
        why: See `Entry`.
        manifest: See `Entry`.
        facts: See `Entry`.
        previous: The digest of the event before it, `GENESIS` for the first.
        digest: SHA-256 of all of the above.
    """

    number: int
    at: datetime
    kind: str
    dataset: str
    version: str
    who: str
    why: str
    manifest: str
    facts: Mapping[str, Any]
    previous: str
    digest: str


def chained(entry: Entry, *, at: datetime, after: tuple[int, str]) -> Event:
    """The event that an entry becomes.

    Args:
        entry: What happened.
        at: When; with a time zone.
        after: Number and digest of the event before it; (0, GENESIS) for the first.

    Raises:
        SpecError: When the kind is unknown, the time has no zone, the facts are not JSON, or a text holds what no
            database keeps.
    """
    if entry.kind not in KINDS or at.tzinfo is None:
        raise SpecError([Problem(f"ledger: {entry.kind}", _NO_EVENT, _KNOWN_KIND)])
    written = canonical(dict(entry.facts))
    if not _is_kept("".join((entry.dataset, entry.version, entry.who, entry.why, entry.manifest, written))):
        raise SpecError([Problem(f"ledger: {entry.kind}", _NO_TEXT, _LETTERS)])
    moment = at.astimezone(UTC)
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    facts = json.loads(written)
    number, previous = after[0] + 1, after[1]
    said = (entry.kind, entry.dataset, entry.version, entry.who, entry.why, entry.manifest, facts)
    unsealed = Event(number, moment, *said, previous, "")
    return Event(number, moment, *said, previous, digest(unsealed))


def digest(event: Event) -> str:
    """What the digest of an event must be: SHA-256 of its canonical JSON, without the digest itself."""
    said = {name: getattr(event, name) for name in Event.__slots__ if name not in {"digest", "at"}}
    return hashlib.sha256(canonical({**said, "at": stamp(event.at)}).encode()).hexdigest()


def _is_kept(text: str) -> bool:
    """Whether every database keeps a text as it is: PostgreSQL has no NUL, UTF-8 no halves of letters."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def stamp(moment: datetime) -> str:
    """A moment in UTC as text: 2026-12-10T02:00:00.000Z."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


_NO_TEXT = Text("có ký tự không lưu được.", "holds characters that cannot be kept.")
_LETTERS = Text("Chỉ dùng chữ và dấu thông thường.", "Use ordinary letters and signs only.")
_NO_EVENT = Text("sự kiện không hợp lệ.", "not an event.")
_KNOWN_KIND = Text(
    "Dùng loại sự kiện đã định nghĩa và thời điểm có múi giờ.",
    "Use a kind that is defined, and a moment with its time zone.",
)
