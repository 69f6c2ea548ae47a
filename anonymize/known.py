"""What was published before: the memory of an attacker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.errors import PolicyError, Problem, Text
from anonymize.relations import Index, Relations
from anonymize.table import Table

if TYPE_CHECKING:
    from anonymize.protect import Protected

Mask = NDArray[np.bool_]
Known = Iterable["pl.DataFrame | Protected"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Earlier releases in terms of the cells of this table.

    Attributes:
        revealed: Per row of `Table.cells`: an earlier release showed this very count.
        hidden: Per row of `Table.cells`: an earlier release hid it, and none showed this count.
        sums: Per measure: sets of cells whose sum follows from an earlier release of other counts.
    """

    revealed: Mask
    hidden: Mask
    sums: tuple[tuple[Index, ...], ...]


def gather(table: Table, known: Known, relations: Relations) -> Earlier:
    """Unifies earlier releases with the cells of this table by identity: the same codes are the same cell.

    A cell published before with the same count is known. Where an earlier count differs (a revision), every sum of the
    earlier release still holds for the cells hidden in it that were not revised, as an attacker would assume: it counts
    as known where that assumption is true.

    Args:
        table: The table to be published.
        known: Frames with the key columns of `table.cells` and `value` (null = hidden), or `Protected` tables.
        relations: The sums of the dimensions of the table.

    Raises:
        PolicyError: A frame lacks a column or holds codes that the hierarchies of this table do not know.
    """
    width = len(table.measures)
    revealed, hidden = np.zeros(len(table.values), bool), np.zeros(len(table.values), bool)
    sums: list[list[Index]] = [[] for _ in range(width)]
    for number, item in enumerate(known):
        shown, seen, given = _aligned(table, item if isinstance(item, pl.DataFrame) else item.cells, number)
        hidden |= given & ~shown
        revealed |= shown & (seen == table.values)
        revised = shown & (seen != table.values)
        if revised.any():
            for m in range(width):
                sums[m] += _old_sums(
                    relations, table.values[m::width], seen[m::width], (shown[m::width], given[m::width])
                )
    return Earlier(revealed, hidden & ~revealed, tuple(tuple(s) for s in sums))


def _aligned(table: Table, frame: pl.DataFrame, number: int) -> tuple[Mask, Index, Mask]:
    """Per cell of the table: whether the frame shows it, the number shown (0 if not), whether it holds it at all."""
    missing = [name for name in (*table.keys, "value") if name not in frame.columns]
    if missing:
        listed = ", ".join(missing)
        raise PolicyError([_problem(number, f"thiếu cột {listed}.", f"lacks the columns {listed}.")])
    rows = table.cells.select(*table.keys).with_row_index("row")
    given = frame.select(*table.keys, pl.col("value").cast(pl.Int64)).join(rows, on=table.keys, how="left")
    strangers = given["row"].null_count()
    if strangers:
        raise PolicyError([_problem(
            number,
            f"có {strangers} ô với mã không có trong cây mã của bảng này.",
            f"has {strangers} cells with codes that the hierarchies of this table do not know.",
        )])  # fmt: skip
    shown, seen = np.zeros(len(table.values), bool), np.zeros(len(table.values), np.int64)
    held = np.zeros(len(table.values), bool)
    held[given["row"].to_numpy()] = True
    given = given.filter(pl.col("value").is_not_null())
    place = given["row"].to_numpy()
    shown[place], seen[place] = True, given["value"].to_numpy()
    return shown, seen, held


def _old_sums(relations: Relations, values: Index, seen: Index, held: tuple[Mask, Mask]) -> list[Index]:
    """The sums of an earlier release over its hidden cells, where revised cells are among the published ones."""
    shown, given = held
    there = np.append(given, False)
    padded, revised = np.append(shown, True), np.append(shown & (seen != values), False)
    touched = np.unique(
        np.repeat(np.arange(len(relations.start) - 1), np.diff(relations.start))[revised[relations.members]]
    )
    found = []
    for r in touched:
        members = relations.members[relations.start[r] : relations.start[r + 1]]
        total, parts = members[0], members[1:][there[members[1:]]]  # a code that is new was no part of it
        hidden = parts[~padded[parts]]
        if not padded[total] or not len(hidden):
            continue
        if seen[total] - seen[parts[padded[parts]]].sum() == values[hidden].sum():
            found.append(np.asarray(hidden, np.int64))
    return found


def _problem(number: int, vi: str, en: str) -> Problem:
    return Problem(
        f"known[{number}]",
        Text(f"Bản công bố trước {vi}", f"The earlier release {en}"),
        Text(
            "Khai báo các mã này trong cây mã của bảng.",
            "Declare these codes in the hierarchies of the table.",
        ),
    )
