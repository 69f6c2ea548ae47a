"""A sparse matrix over GF(2^61 - 1) kept by columns, for elimination; compiled.

Columns hold (row, value) sorted by row in one pool of memory; rows hold the columns that may touch them (stale and
double entries are dropped when a row is read). A pool that is full is compacted; one that is still full raises
MemoryError and the caller starts again with a larger one. A column can be set aside: it is no part of the matrix until
it is brought back.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize.field import inverse, mul, sub


class Matrix(NamedTuple):
    """The pools and their book-keeping; `top` = (used column pool, used row pool, stamp)."""

    col_start: NDArray[np.int64]
    col_len: NDArray[np.int64]
    col_cap: NDArray[np.int64]
    col_kept: NDArray[np.int64]
    entry_row: NDArray[np.int32]
    entry_value: NDArray[np.int64]
    row_start: NDArray[np.int64]
    row_len: NDArray[np.int64]
    row_cap: NDArray[np.int64]
    row_col: NDArray[np.int32]
    top: NDArray[np.int64]
    mark: NDArray[np.int64]
    spare_row: NDArray[np.int32]
    spare_value: NDArray[np.int64]


def empty(rows: int, cols: int, room: int) -> Matrix:
    """A matrix without entries and space for about `room` of them (touched only when used)."""

    def zeros(n: int) -> NDArray[np.int64]:
        return np.zeros(n, np.int64)

    return Matrix(
        zeros(cols), zeros(cols), zeros(cols), zeros(cols), np.empty(room, np.int32), np.empty(room, np.int64),
        zeros(rows), zeros(rows), zeros(rows), np.empty(2 * room, np.int32),
        zeros(3), zeros(cols), np.empty(rows + 1, np.int32), np.empty(rows + 1, np.int64),
    )  # fmt: skip


@numba.njit(cache=True)
def _compact_columns(m: Matrix) -> None:
    top = 0
    for j in np.argsort(m.col_start):
        n = m.col_len[j] + m.col_kept[j]
        if n == 0:
            m.col_cap[j] = 0
            continue
        s = m.col_start[j]
        for i in range(n):
            m.entry_row[top + i] = m.entry_row[s + i]
            m.entry_value[top + i] = m.entry_value[s + i]
        m.col_start[j] = top
        m.col_cap[j] = n
        top += n
    m.top[0] = top


@numba.njit(cache=True)
def _compact_rows(m: Matrix) -> None:
    top = 0
    for r in np.argsort(m.row_start):
        n = m.row_len[r]
        if n == 0:
            m.row_cap[r] = 0
            continue
        s = m.row_start[r]
        for i in range(n):
            m.row_col[top + i] = m.row_col[s + i]
        m.row_start[r] = top
        m.row_cap[r] = n
        top += n
    m.top[1] = top


@numba.njit(cache=True)
def column_room(m: Matrix, j: int, need: int) -> None:
    """Makes column j able to hold `need` entries; its entries may move."""
    if m.col_cap[j] >= need:
        return
    cap = need + need // 2 + 4
    if m.top[0] + cap > len(m.entry_row):
        _compact_columns(m)
        if m.top[0] + cap > len(m.entry_row) // 4 * 3:
            raise MemoryError
    s, t = m.col_start[j], m.top[0]
    for i in range(m.col_len[j]):
        m.entry_row[t + i] = m.entry_row[s + i]
        m.entry_value[t + i] = m.entry_value[s + i]
    m.col_start[j] = t
    m.col_cap[j] = cap
    m.top[0] = t + cap


@numba.njit(cache=True)
def find(entry_row: NDArray[np.int32], low: int, length: int, r: int) -> int:
    """Where a column that begins at `low` holds row r; -1 when it does not."""
    high = end = low + length
    while low < high:
        mid = (low + high) >> 1
        if entry_row[mid] < r:
            low = mid + 1
        else:
            high = mid
    return low if low < end and entry_row[low] == r else -1


@numba.njit(cache=True)
def tidy_row(m: Matrix, r: int) -> int:
    """Drops stale entries of row r; returns how many columns touch it."""
    # Arrays taken out of the tuple: passing the tuple counts references of all of them at every call.
    row_col, mark, entry_row, col_start, col_len = m.row_col, m.mark, m.entry_row, m.col_start, m.col_len
    m.top[2] += 1
    stamp, s, k = m.top[2], m.row_start[r], 0
    for i in range(s, s + m.row_len[r]):
        j = row_col[i]
        if mark[j] == stamp or col_len[j] == 0:
            continue
        mark[j] = stamp
        if find(entry_row, col_start[j], col_len[j], r) >= 0:
            row_col[s + k] = j
            k += 1
    m.row_len[r] = k
    return k


@numba.njit(cache=True)
def row_room(m: Matrix, r: int) -> None:
    """Makes row r, whose notes are full, able to note one more column."""
    n = tidy_row(m, r)
    if 2 * n < m.row_cap[r]:
        return
    cap = 3 * n + 8
    if m.top[1] + cap > len(m.row_col):
        _compact_rows(m)
        if m.top[1] + cap > len(m.row_col) // 4 * 3:
            raise MemoryError
    s, t = m.row_start[r], m.top[1]
    for i in range(n):
        m.row_col[t + i] = m.row_col[s + i]
    m.row_start[r] = t
    m.row_cap[r] = cap
    m.top[1] = t + cap


@numba.njit(cache=True)
def append(m: Matrix, r: int, columns: NDArray[np.int64], values: NDArray[np.int64]) -> int:
    """Adds row r, below all others: its values in `columns`, indexed by column; zeros are left out, and counted not."""
    col_start, col_len, col_cap = m.col_start, m.col_len, m.col_cap
    entry_row, entry_value, added = m.entry_row, m.entry_value, 0
    for j in columns:
        x = values[j]
        if x == 0:
            continue
        n = col_len[j]
        if n == col_cap[j]:
            column_room(m, j, n + 1)
        entry_row[col_start[j] + n], entry_value[col_start[j] + n] = r, x
        col_len[j] = n + 1
        link(m, r, j)
        added += 1
    return added


@numba.njit(cache=True)
def link(m: Matrix, r: int, j: int) -> None:
    """Notes that column j may touch row r."""
    if m.row_len[r] == m.row_cap[r]:
        row_room(m, r)
    m.row_col[m.row_start[r] + m.row_len[r]] = j
    m.row_len[r] += 1


@numba.njit(cache=True)
def replace(m: Matrix, j: int, rows: NDArray[np.int64], values: NDArray[np.int64]) -> None:
    """Makes the column j, which is set aside, hold the values of these rows, ascending, where they are not zero."""
    m.col_kept[j] = 0
    column_room(m, j, len(rows))
    entry_row, entry_value, s = m.entry_row, m.entry_value, m.col_start[j]
    n = 0
    for r in rows:
        if values[r] != 0:
            entry_row[s + n], entry_value[s + n] = r, values[r]
            n += 1
    m.col_kept[j] = n


@numba.njit(cache=True)
def bring_back(m: Matrix, j: int) -> None:
    """Makes the column j, which is set aside, a part of the matrix."""
    m.col_len[j], m.col_kept[j] = m.col_kept[j], 0
    entry_row, row_len, row_cap, row_start, row_col = (
        m.entry_row,
        m.row_len,
        m.row_cap,
        m.row_start,
        m.row_col,
    )
    for i in range(m.col_start[j], m.col_start[j] + m.col_len[j]):
        r = entry_row[i]
        if row_len[r] == row_cap[r]:
            row_room(m, r)
        row_col[row_start[r] + row_len[r]] = j
        row_len[r] += 1


@numba.njit(cache=True)
def value(m: Matrix, r: int, j: int) -> int:
    """The entry (r, j), 0 when absent."""
    i = find(m.entry_row, m.col_start[j], m.col_len[j], r)
    return int(m.entry_value[i]) if i >= 0 else 0


@numba.njit(cache=True)
def shortest(m: Matrix, r: int) -> int:
    """The shortest column of a tidy row: the pivot that fills in least."""
    row_col, col_len, s = m.row_col, m.col_len, m.row_start[r]
    best = row_col[s]
    for i in range(s + 1, s + m.row_len[r]):
        j = row_col[i]
        if col_len[j] <= col_len[best]:
            best = j
    return int(best)


@numba.njit(cache=True)
def _subtract(m: Matrix, j: int, pivot: int, factor: int) -> None:
    """Column j -= factor * column pivot."""
    entry_row, entry_value, spare_row, spare_value = m.entry_row, m.entry_value, m.spare_row, m.spare_value
    row_len, row_cap, row_start, row_col = m.row_len, m.row_cap, m.row_start, m.row_col
    a, a_end = m.col_start[j], m.col_start[j] + m.col_len[j]
    b, b_end = m.col_start[pivot], m.col_start[pivot] + m.col_len[pivot]
    n = 0
    while b < b_end:
        r = entry_row[b]
        while a < a_end and entry_row[a] < r:
            spare_row[n], spare_value[n] = entry_row[a], entry_value[a]
            a += 1
            n += 1
        change = mul(factor, entry_value[b])
        b += 1
        if a < a_end and entry_row[a] == r:
            x = sub(entry_value[a], change)
            a += 1
            if x == 0:
                continue
        else:
            x = sub(0, change)
            if row_len[r] == row_cap[r]:
                row_room(m, r)
            row_col[row_start[r] + row_len[r]] = j
            row_len[r] += 1
        spare_row[n], spare_value[n] = r, x
        n += 1
    while a < a_end:
        spare_row[n], spare_value[n] = entry_row[a], entry_value[a]
        a += 1
        n += 1
    if n > m.col_cap[j]:
        m.col_len[j] = 0
        column_room(m, j, n)
    s = m.col_start[j]
    for i in range(n):
        entry_row[s + i] = spare_row[i]
        entry_value[s + i] = spare_value[i]
    m.col_len[j] = n


@numba.njit(cache=True)
def eliminate(m: Matrix, r: int, pivot: int) -> None:
    """Makes the tidy row r zero by multiples of column `pivot`, which goes."""
    scale = inverse(value(m, r, pivot))
    columns = m.row_col[m.row_start[r] : m.row_start[r] + m.row_len[r]].copy()
    for j in columns:
        if j != pivot:
            _subtract(m, j, pivot, mul(value(m, r, j), scale))
    m.col_len[pivot] = 0
    m.row_len[r] = 0


@numba.njit(cache=True)
def set_aside(m: Matrix, r: int, pivot: int) -> None:
    """Like `eliminate`; column `pivot` is set aside."""
    n = m.col_len[pivot]
    eliminate(m, r, pivot)
    m.col_kept[pivot] = n
