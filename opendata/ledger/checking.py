"""Whether the chain of a ledger is whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalog.errors import Problem, Text
from opendata.ledger.events import GENESIS, KINDS, Event, digest

Anchor = tuple[str, int, str]  # where it stands, number, digest


def check(
    events: Sequence[Event], *, known: tuple[int, str] = (0, GENESIS), anchors: Iterable[Anchor] = ()
) -> list[Problem]:
    """What is wrong with the events of a ledger.

    Args:
        events: All of them, as they stand.
        known: Number and digest of the last event that the workspace saw before these were read.
        anchors: Events that something outside the ledger vouches for, such as a signed approval.

    Returns:
        One problem per event that is altered, missing, put in, or of no known kind, and per anchor that it misses.
    """
    problems: list[Problem] = []
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        place = f"ledger, event {event.number}"
        if event.number != number:
            return [*problems, Problem(f"ledger, event {number}", _MISSING, _RESTORE)]
        if event.kind not in KINDS or event.digest != digest(event):
            problems.append(Problem(place, _ALTERED, _RESTORE))
        elif event.previous != previous:
            problems.append(Problem(place, _BROKEN, _RESTORE))
        previous = event.digest
    held = {event.number: event.digest for event in events}
    vouched = [("ledger.head", *known), *anchors]
    lost = [place for place, number, seal in vouched if number and held.get(number) != seal]
    return problems + [Problem(place, _UNKNOWN, _RESTORE) for place in lost]


_MISSING = Text("bị thiếu.", "is missing.")
_ALTERED = Text("bị sửa.", "was altered.")
_BROKEN = Text("không nối với sự kiện trước.", "does not follow from the one before it.")
_UNKNOWN = Text(
    "dẫn đến sự kiện mà sổ cái không còn như cũ.",
    "points at an event that the ledger does not hold as it was.",
)
_RESTORE = Text(
    "Khôi phục sổ cái từ bản sao lưu: opendata ledger restore FILE; báo người phụ trách.",
    "Restore the ledger from a backup: opendata ledger restore FILE; tell whoever is in charge.",
)
