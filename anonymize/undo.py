"""Notes of what a try has changed in the greedy's matrix and directions, to take it back; compiled."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize import sparse
from anonymize.bearings import Directions

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]

COLUMNS, ENTRIES, CELLS, OWNERS, STAMP, ON = range(6)
"""Places in `Undo.size`."""


class Undo(NamedTuple):
    """Columns and cells as they were before they changed.

    Attributes:
        column_stamp: Per column of the matrix the stamp of the try that noted it last.
        cell_stamp: Likewise per cell.
        column: The noted columns.
        start: Where the entries of each begin in the pool.
        aside: Whether it was set aside.
        row: The pool of entries.
        value: See `row`.
        cell: The noted cells.
        one: Their vectors.
        two: See `one`.
        held: Cells, the columns that were set aside for them, and when.
        size: Numbers of noted columns, entries, cells and owners, the stamp, and whether notes are taken.
    """

    column_stamp: Index
    cell_stamp: Index
    column: Index
    start: Index
    aside: Mask
    row: NDArray[np.int32]
    value: Index
    cell: Index
    one: Index
    two: Index
    held: Index
    size: Index


def notes(cells: int, columns: int, entries: int) -> Undo:
    """Room for notes about a matrix with so many rows and columns (touched only when used); none are taken yet."""

    def empty(n: int) -> Index:
        return np.empty(n, np.int64)

    return Undo(
        np.zeros(columns, np.int64), np.zeros(cells, np.int64), empty(columns),
        empty(columns + 1), np.empty(columns, np.bool_), np.empty(entries, np.int32), empty(entries),
        empty(cells), empty(cells), empty(cells), np.empty((2 * cells, 3), np.int64), np.zeros(6, np.int64),
    )  # fmt: skip


@numba.njit(cache=True)
def start(u: Undo) -> None:
    """Forgets what was noted, and notes from now on."""
    u.size[COLUMNS] = u.size[ENTRIES] = u.size[CELLS] = u.size[OWNERS] = 0
    u.size[STAMP] += 1
    u.size[ON] = 1


@numba.njit(cache=True)
def note_column(u: Undo, m: sparse.Matrix, j: int) -> None:
    """Notes column j as it is, once."""
    size, stamp = u.size, u.column_stamp
    if stamp[j] == size[STAMP]:
        return
    stamp[j] = size[STAMP]
    s, n, k = m.col_start[j], m.col_len[j] + m.col_kept[j], size[ENTRIES]
    row, value, entry_row, entry_value = u.row, u.value, m.entry_row, m.entry_value
    if k + n > len(row):
        raise MemoryError
    for i in range(n):
        row[k + i], value[k + i] = entry_row[s + i], entry_value[s + i]
    at = size[COLUMNS]
    u.column[at], u.start[at], u.start[at + 1] = j, k, k + n
    u.aside[at] = m.col_kept[j] > 0
    size[COLUMNS], size[ENTRIES] = at + 1, k + n


@numba.njit(cache=True)
def note_columns(u: Undo, m: sparse.Matrix, c: int) -> None:
    """Notes the columns of cell c, a tidy row: they change when it is eliminated."""
    if u.size[ON]:
        for i in range(m.row_start[c], m.row_start[c] + m.row_len[c]):
            note_column(u, m, m.row_col[i])


@numba.njit(cache=True)
def note_cells(u: Undo, m: sparse.Matrix, d: Directions, j: int) -> None:
    """Notes the vectors of the cells that column j moves, each once."""
    size, stamp, entry_row = u.size, u.cell_stamp, m.entry_row
    if not size[ON]:
        return
    for i in range(m.col_start[j], m.col_start[j] + m.col_len[j]):
        c = entry_row[i]
        if stamp[c] != size[STAMP]:
            stamp[c] = size[STAMP]
            n = size[CELLS]
            u.cell[n], u.one[n], u.two[n] = c, d.one[c], d.two[c]
            size[CELLS] = n + 1


@numba.njit(cache=True)
def note_owner(u: Undo, owner: Index, turn: Index, c: int) -> None:
    """Notes the column that is set aside for cell c, and when it was."""
    n = u.size[OWNERS]
    if u.size[ON]:
        u.held[n, 0], u.held[n, 1], u.held[n, 2] = c, owner[c], turn[owner[c]]
        u.size[OWNERS] = n + 1


@numba.njit(cache=True)
def take_back(u: Undo, m: sparse.Matrix, d: Directions, owner: Index, turn: Index) -> Index:
    """Makes all of these what they were at `start`; returns the cells whose vectors changed."""
    size, row, value = u.size, u.row, u.value
    for i in range(size[COLUMNS]):
        m.col_len[u.column[i]] = m.col_kept[u.column[i]] = 0
    for i in range(size[COLUMNS]):
        j, begin, end = u.column[i], u.start[i], u.start[i + 1]
        sparse.column_room(m, j, end - begin)
        s = m.col_start[j]
        for k in range(begin, end):
            m.entry_row[s + k - begin], m.entry_value[s + k - begin] = row[k], value[k]
        m.col_kept[j] = end - begin
        if not u.aside[i]:
            sparse.bring_back(m, j)
    for i in range(size[OWNERS] - 1, -1, -1):
        c, j = u.held[i, 0], u.held[i, 1]
        owner[c] = j
        if j >= 0:
            turn[j] = u.held[i, 2]
    moved = u.cell[: size[CELLS]]
    for i in range(len(moved)):
        d.one[moved[i]], d.two[moved[i]] = u.one[i], u.two[i]
    return moved
