"""A workbook as plain data: sheets of cells with addresses, whatever format it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import Enum
from functools import cache

from opendata.source.records import Located


class Flaw(Enum):
    """A cell that holds no value: a formula error such as #REF!."""

    ERROR = "error"


Value = str | float | bool | date | time | timedelta | Flaw | None
Area = tuple[
    int, int, int, int
]  # first row, first column, last row, last column, counted from 0, all included


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `cells[row][column]` counted from 0, None where empty. Rows may have different lengths."""

    name: str
    cells: list[list[Value]] = field(repr=False)
    merged: tuple[Area, ...] = ()
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Book:
    """One workbook.

    Attributes:
        path: As declared in the spec.
        sheets: In their order; chart sheets are left out (their texts are in `extras`).
        extras: Texts outside cells: notes, properties, headers, left-over strings.
    """

    path: str
    sheets: tuple[Sheet, ...]
    extras: tuple[Located, ...] = field(repr=False)


@cache
def letter(column: int) -> str:
    """Column letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """A1 address of a cell, row and column counted from 0."""
    return f"{letter(column)}{row + 1}"


def position(address: str) -> tuple[int, int]:
    """Row and column, counted from 0, of an A1 address.

    Raises:
        ValueError: If it is none.
    """
    match = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", address)
    if not match:
        raise ValueError("not a cell address")
    column = 0
    for character in match[1]:
        column = column * 26 + ord(character) - 64
    return int(match[2]) - 1, column - 1


def value_at(sheet: Sheet, row: int, column: int) -> Value:
    """The value there; None outside the sheet, and for a text of spaces only."""
    cells = sheet.cells[row] if row < len(sheet.cells) else []
    value = cells[column] if column < len(cells) else None
    return None if isinstance(value, str) and not value.strip(" \t\r\n\xa0") else value


def width(sheet: Sheet) -> int:
    """How many columns the widest row has."""
    return max(map(len, sheet.cells), default=0)


def heading(value: Value) -> str:
    """A header cell as text; whole numbers without a decimal point."""
    if value is None or isinstance(value, Flaw):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
