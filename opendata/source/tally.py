"""Keeps account of the declared repairs: which apply to a sheet, where each was applied, which never was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from catalog.errors import Problem
from opendata.source.problems import problem
from opendata.source.records import Applied
from opendata.source.repairs import DropColumns, DropRows, Repair, normalise

SHOWN = 20
_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class Tally:
    """The declared repairs of a source and, while it is read, the places where each was applied.

    Attributes:
        declared: As in the spec.
        done: (index of the repair, file, sheet) -> places.
        items: Index of the repair -> which of the things that it names (cells, rows, labels) were met.
        totals: For each total of a row that was left out, whether it equals the sum of the rows that were read.
    """

    declared: tuple[Repair, ...]
    done: dict[tuple[int, str, str], list[str]] = field(default_factory=dict)
    items: dict[int, set[str]] = field(default_factory=dict)
    totals: list[bool] = field(default_factory=list)


def matching(
    tally: Tally, kind: type[_Kind], path: str, sheet: str | None = None
) -> Iterator[tuple[int, _Kind]]:
    """The repairs of a kind that apply to a file (and a sheet, by its name as renamed), with their index."""
    for index, repair in enumerate(tally.declared):
        if not isinstance(repair, kind) or repair.file not in (None, path):
            continue
        wanted = getattr(repair, "sheet", None)
        if sheet is None or wanted is None or normalise(wanted) == normalise(sheet):
            yield index, repair


def note(tally: Tally, index: int, spot: tuple[str, str, str], item: str = "") -> None:
    """Record that a repair was applied at (file, sheet, address), to one of the things that it names."""
    path, sheet, place = spot
    tally.done.setdefault((index, path, sheet), []).append(place)
    tally.items.setdefault(index, set()).add(item)


def applied(tally: Tally) -> tuple[Applied, ...]:
    """What was applied, in the order of the spec, then by file and sheet."""
    return tuple(
        Applied(
            tally.declared[i].kind, path, sheet, tuple(places[:SHOWN]), len(places), tally.declared[i].reason
        )
        for (i, path, sheet), places in sorted(tally.done.items())
    )


def unused(tally: Tally) -> list[Problem]:
    """A mistake for each repair, or each thing that a repair names, that met nothing."""
    found = []
    for index, repair in enumerate(tally.declared):
        missed = sorted(set(named(repair)) - tally.items.get(index, set()))
        if missed:
            place = f"source.repairs[{index}]"
            found.append(problem("unused", place, ", ".join([repair.kind, *filter(None, missed)])))
    return found


def named(repair: Repair) -> tuple[str, ...]:
    """The things that a repair names, each of which must be met; one empty text if it names none."""
    cells = tuple(getattr(repair, "cells", ()))
    if isinstance(repair, DropRows):
        return (*repair.labels, *map(str, repair.rows))
    if isinstance(repair, DropColumns):
        return (*repair.headers, *repair.letters)
    return cells or ("",)
