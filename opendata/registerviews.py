"""The registers as pages show them: headings and cells in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from catalog.annexes import STATUS, TITLES, Registers
from catalog.errors import Text
from catalog.labels import Labels
from catalog.registers import OpenDataStatus, open_data_list, status
from catalog.registertables import Field, FieldKind, RegisterName, Value, fields, rows
from opendata import words


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a page's table.

    Attributes:
        name: What it says, as the register's field is called.
        kind: How it is to be shown.
        text: What stands there; empty when nothing is known.
        items: The ids of a list, one by one.
    """

    name: str
    kind: FieldKind
    text: Text
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A register as a page shows it.

    Attributes:
        register: Which one.
        title: Its title.
        headings: The headings of its columns.
        rows: Its rows; the first cell of each is its key.
    """

    register: RegisterName
    title: Labels
    headings: tuple[Labels, ...]
    rows: tuple[tuple[Cell, ...], ...]


def view(register: RegisterName, found: Registers) -> View:
    """One register on its day."""
    shown = fields(register)
    made = tuple(
        tuple(_cell(field, value) for field, value in zip(shown, row, strict=True))
        for row in rows(register, found)
    )
    return View(register, TITLES[register], tuple(field.labels for field in shown), made)


def owners(found: Registers) -> list[tuple[Labels, tuple[Text, ...]]]:
    """How many open datasets each publisher has, planned, published, overdue and withdrawn; by name."""
    listed = open_data_list(found.datasets)
    counts = Counter((one.entry.publisher.name, status(one, today=found.today)) for one in listed)
    names = sorted({name for name, _ in counts}, key=lambda name: name.vi)
    states: Sequence[OpenDataStatus] = get_args(OpenDataStatus)
    return [(name, tuple(words.count(counts[name, state]) for state in states)) for name in names]


def states() -> tuple[Labels, ...]:
    """The headings of what `owners` counts."""
    return tuple(STATUS.values())


def _cell(field: Field, value: Value) -> Cell:
    items = value if isinstance(value, tuple) else ()
    return Cell(field.name, field.kind, _text(field, value), items)


def _text(field: Field, value: Value) -> Text:
    if value is None:
        return Text("", "")
    if isinstance(value, Labels):
        return Text(value.vi, value.en)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, int):
        return words.count(value)
    if isinstance(value, tuple):
        return Text(", ".join(value), ", ".join(value))
    labels = {code.code: code.labels for code in field.codes.codes} if field.codes else {}
    named = labels.get(value)
    if named is None:
        return Text(value, value)
    number = f"{value}. " if value[:1].isdigit() else ""  # as the law numbers groups and categories
    return Text(number + named.vi, number + named.en)
