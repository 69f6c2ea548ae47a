"""Cards: what something is, as plain data in both languages, apart from how it is written."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

Tone = Literal["plain", "confidential", "passed", "refused"]


class Bilingual(Protocol):
    """One sentence in both languages."""

    @property
    def vi(self) -> str:
        """Vietnamese."""

    @property
    def en(self) -> str:
        """English."""


Shown = Bilingual | str | int
"""What a card shows: a sentence in both languages; a code or name, the same in both; a whole number."""


class Words(NamedTuple):
    """What is shown, in both languages; Vietnamese is authoritative."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table.

    Attributes:
        caption: What it shows.
        headings: One per column.
        rows: The rows, each with as many entries as there are headings.
        left_out: How many more rows there are.
    """

    caption: Shown
    headings: tuple[Shown, ...]
    rows: tuple[tuple[Shown, ...], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next.

    Attributes:
        text: In words.
        code: In Python or on the command line; empty when words are enough.
    """

    text: Shown
    code: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What something is, and what to do with it. Whoever makes one leaves out whatever is confidential.

    Attributes:
        title: What kind of thing it is, or its name.
        status: How it stands, in a few words.
        tone: What the status amounts to: a colour at the edge, which says nothing that the status does not.
        facts: Names and what they are.
        grids: Small tables.
        notes: What must be known besides.
        steps: What to do next.
    """

    title: Shown
    status: Shown
    tone: Tone = "plain"
    facts: tuple[tuple[Shown, Shown], ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[Shown, ...] = ()
    steps: tuple[Step, ...] = ()


NEXT = Words("Tiếp theo", "Next")


def words(shown: Shown) -> Words:
    """What is shown as text: numbers with their thousands apart, as readers of each language write them."""
    if isinstance(shown, int):
        return Words(f"{shown:,}".replace(",", "."), f"{shown:,}")
    if isinstance(shown, str):
        return Words(tame(shown), tame(shown))
    return Words(tame(shown.vi), tame(shown.en))


def left_out(grid: Grid) -> Words | None:
    """What says that a table has more rows than it shows."""
    more = words(grid.left_out)
    return Words(f"… và {more.vi} dòng nữa.", f"… and {more.en} more rows.") if grid.left_out else None


def tame(text: str) -> str:
    """Text on one line, without what would steer a terminal or turn the direction of reading."""
    line = " ".join(text.split())
    return "".join("\ufffd" if unicodedata.category(letter)[0] == "C" else letter for letter in line)
