"""What was published before: the memory of an attacker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.amounts import fits, scaled
from anonymize.errors import PolicyError, Problem, Text
from anonymize.grid import find
from anonymize.margins import twins
from anonymize.relations import Index, Relations
from anonymize.table import Table, unified

if TYPE_CHECKING:
    from anonymize.protected import Protected

Mask = NDArray[np.bool_]
Known = Iterable["pl.DataFrame | Protected"]

_STRANGE = -2


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
    """Unifies earlier releases with the cells of this table by identity: the same population is the same cell.

    Codes of every grouping and vintage of the hierarchies are understood, whether this table publishes them or not. A
    cell published before with the same count is known. Where an earlier count differs (a revision), every sum of the
    earlier release still holds for the cells hidden in it that were not revised, as an attacker would assume: it counts
    as known where that assumption is true.

    Args:
        table: The table to be published.
        known: Frames with the key columns of `table.cells` and `value` (null = hidden), or `Protected` tables.
        relations: The sums between the cells of the table.

    Raises:
        PolicyError: A frame lacks a column, or holds codes that the hierarchies of this table do not know or cells
            of a sub-table that it does not hold.
    """
    width = len(table.measures)
    revealed, hidden = np.zeros(len(table.values), bool), np.zeros(len(table.values), bool)
    sums: list[list[Index]] = [[] for _ in range(width)]
    same = populations(table)
    for number, item in enumerate(known):
        past = _aligned(table, item if isinstance(item, pl.DataFrame) else item.cells, number)
        shown, seen, given = past.shown[same], past.counts[same], past.given[same]
        hidden |= given & ~shown
        revealed |= shown & (seen == table.values)
        revised = shown & (seen != table.values)
        for m in range(width):
            sums[m] += past.groups[m]
            if revised[m::width].any():
                sums[m] += _old_sums(
                    relations, table.values[m::width], seen[m::width], (shown[m::width], given[m::width])
                )
    return Earlier(revealed, hidden & ~revealed, tuple(tuple(s) for s in sums))


@dataclass(frozen=True, slots=True)
class _Past:
    """One earlier release; per row of the table, the first of each population: shown, the count, held at all.

    Attributes:
        shown: The release shows it.
        counts: The number shown (0 if none is).
        given: The release holds it, shown or hidden.
        groups: Per measure the sums that it shows of codes that this table does not hold, by their cells.
    """

    shown: Mask
    counts: Index
    given: Mask
    groups: list[list[Index]]


def populations(table: Table) -> Index:
    """Per row of the table the row of one cell of the same population: itself, where there is no other."""
    if all((twins(h) == np.arange(len(h.codes))).all() for h in table.dimensions.values()):
        return np.arange(len(table.values))
    places = _twinned(table, table.grid.places)
    width = len(table.measures)
    return np.asarray(np.add.outer(find(table.grid, places) * width, np.arange(width)).ravel())


def _aligned(table: Table, frame: pl.DataFrame, number: int) -> _Past:
    """An earlier release in terms of this table."""
    missing = [name for name in (*table.keys, "value") if name not in frame.columns]
    if missing:
        listed = ", ".join(missing)
        raise PolicyError([_problem(number, f"thiếu cột {listed}.", f"lacks the columns {listed}.")])
    if not (frame["value"].dtype.is_numeric() or frame["value"].dtype == pl.Null):
        raise PolicyError([_problem(number, "cột value phải là số.", "column value must be numeric.")])
    if len(table.measures) == 1 and "measure" in frame.columns:
        # The frame may tell of measures that this table does not hold; they are no cells of it.
        frame = frame.filter(pl.col("measure").cast(pl.String) == table.measures[0])
    twice = int(frame.select(table.keys).is_duplicated().sum())
    if twice:
        raise PolicyError([_problem(
            number, f"có {twice} dòng nói về cùng một ô.", f"has {twice} rows about cells given twice."
        )])  # fmt: skip
    if not fits(frame["value"], table.decimals):
        raise PolicyError(
            [_problem(number, "có nhiều chữ số thập phân hơn bảng.", "has more decimals than the table.")]
        )
    width, n = len(table.measures), len(table.values)
    frame = unified(frame.select(*table.keys, "value"), table.dimensions)
    open_rows = frame["value"].is_not_null()
    whole = np.zeros(frame.height, np.int64)
    whole[open_rows.to_numpy()] = scaled(frame.filter(open_rows), ["value"], decimals=table.decimals)[0][:, 0]
    frame = frame.with_columns(value=pl.when(open_rows).then(pl.Series(whole)))
    places, measure = _places(table, frame, number)
    cells = find(table.grid, _twinned(table, places))
    groups = _grouped(
        table, frame.filter(pl.Series(cells < 0)), (places[cells < 0], measure[cells < 0]), number
    )
    rows, values = (cells * width + measure)[cells >= 0], frame["value"].filter(pl.Series(cells >= 0))
    shown, counts, given = np.zeros(n, bool), np.zeros(n, np.int64), np.zeros(n, bool)
    given[rows] = True
    told = values.is_not_null().to_numpy()
    shown[rows[told]], counts[rows[told]] = True, values.drop_nulls().to_numpy()
    return _Past(shown, counts, given, groups)


def _twinned(table: Table, places: Index) -> Index:
    """The same positions, every code replaced by the first of its population; negative ones stay."""
    columns = (
        np.where(p < 0, p, twins(h)[p]) for p, h in zip(places.T, table.dimensions.values(), strict=True)
    )
    return np.stack([*columns], axis=1)


def _places(table: Table, frame: pl.DataFrame, number: int) -> tuple[Index, Index]:
    """The positions of the codes, -1 for those that the table does not hold, and the numbers of the measures."""
    columns, problems = [], []
    names = [(name, {c: i for i, c in enumerate(h.codes)}, h.omitted) for name, h in table.dimensions.items()]
    if len(table.measures) > 1:
        names.append(("measure", {m: i for i, m in enumerate(table.measures)}, {}))
    for name, position, omitted in names:
        known = dict.fromkeys(omitted, -1) | position
        column = frame[name].cast(pl.String).replace_strict(known, default=_STRANGE, return_dtype=pl.Int64)
        columns.append(column.fill_null(_STRANGE).to_numpy())
        strangers = int((columns[-1] == _STRANGE).sum())
        if strangers:
            problems.append(_problem(
                number,
                f"cột {name} có {strangers} ô với mã không có trong cây mã của bảng này.",
                f"column {name} has {strangers} cells with codes that the hierarchies of this table do not know.",
            ))  # fmt: skip
    if problems:
        raise PolicyError(problems)
    count = len(table.dimensions)
    measure = columns[count] if len(columns) > count else np.zeros(frame.height, np.int64)
    return np.stack(columns[:count], axis=1), measure


def _grouped(table: Table, frame: pl.DataFrame, where: tuple[Index, Index], number: int) -> list[list[Index]]:
    """The sums that an earlier release shows of codes that the table does not hold, where they still hold."""
    places, measures = where
    groups: list[list[Index]] = [[] for _ in table.measures]
    outside = 0
    for row, place, m in zip(frame.iter_rows(named=True), places, measures.tolist(), strict=True):
        parts = [
            [h.codes.index(c) for c in h.omitted[row[name]]] if p < 0 else [int(p)]
            for p, (name, h) in zip(place, table.dimensions.items(), strict=True)
        ]
        cells = find(table.grid, _twinned(table, np.array([*product(*parts)], np.int64)))
        outside += bool((cells < 0).any())
        total = table.values[cells * len(table.measures) + m].sum()
        if row["value"] == total:
            groups[m].append(np.unique(cells))
    if outside:
        raise PolicyError([_problem(
            number,
            f"có {outside} ô của bảng con mà bảng này không có.",
            f"has {outside} cells of sub-tables that this table does not hold.",
        )])  # fmt: skip
    return groups


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
            "Khai báo các mã này trong cây mã và các bảng con này trong show= của bảng.",
            "Declare these codes in the hierarchies, and these sub-tables in show=, of the table.",
        ),
    )
