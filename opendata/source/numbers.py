"""One number cell to a count: what it is, what is wrong with it, what a declared repair makes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from opendata.source.grid import Flaw, Value
from opendata.source.repairs import NumberRepair, SetEmpty, TextToNumber, Thousands, Truncate
from opendata.source.section import Empty
from opendata.source.tally import Tally, matching, note

# Beyond this, a count of cases is a mistake: more than the people of the world, and beyond phone and identity
# numbers.
MAX_COUNT: Final = 10**10
_DIGITS = re.compile(r"\s*[0-9]{1,15}\s*")


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in one cell; `kind` is a name of `problems`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Counter:
    """How the numbers of one sheet are read.

    Attributes:
        tally: Account of repairs.
        path: File.
        sheet: Sheet, as renamed.
        empty: What an empty cell means.
        repairs: The number repairs that apply to this sheet, with their index.
    """

    tally: Tally
    path: str
    sheet: str
    empty: Empty
    repairs: Sequence[tuple[int, NumberRepair]]


def counter(tally: Tally, path: str, sheet: str, empty: Empty) -> Counter:
    """The counter for one sheet."""
    found: list[tuple[int, NumberRepair]] = [*matching(tally, SetEmpty, path, sheet)]
    found += matching(tally, TextToNumber, path, sheet)
    found += matching(tally, Thousands, path, sheet)
    found += matching(tally, Truncate, path, sheet)
    return Counter(tally, path, sheet, empty, found)


def count(value: Value, place: str, how: Counter) -> int | Fault | None:
    """The count in a cell; None when it is missing and may be; the fault otherwise.

    Args:
        value: The cell.
        place: Its address.
        how: How the numbers of its sheet are read.
    """
    # Nearly every cell of a real table.
    if type(value) is float and 0 <= value < MAX_COUNT and value.is_integer():
        return int(value)
    for index, repair in how.repairs:
        if not repair.cells or place in repair.cells:
            mended = _mended(value, repair)
            if mended is not value:
                note(how.tally, index, (how.path, how.sheet, place), place if repair.cells else "")
                value = mended
    return _checked(value, how.empty)


def _mended(value: Value, repair: NumberRepair) -> Value:
    """What a repair makes of a value; the same object if it does not apply to such a value."""
    if isinstance(repair, SetEmpty):
        return None if isinstance(value, str | Flaw) else value
    if isinstance(repair, TextToNumber):
        return float(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
    if not isinstance(value, float) or value.is_integer() or value < 0:
        return value
    if isinstance(repair, Truncate):
        return float(int(value))
    thousands = round(value * 1000, 6)
    return thousands if thousands.is_integer() else value


def _checked(value: Value, empty: Empty) -> int | Fault | None:
    if value is None:
        return Fault("empty") if empty == "refuse" else 0 if empty == "zero" else None
    if isinstance(value, Flaw):
        return Fault("error_cell")
    if isinstance(value, str):
        return Fault("text_number")
    if not isinstance(value, float):
        return Fault("not_number")
    if value < 0:
        return Fault("negative")
    if value >= MAX_COUNT:
        return Fault("too_large")
    return int(value) if value.is_integer() else Fault("not_whole")
