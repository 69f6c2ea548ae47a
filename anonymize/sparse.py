"""A sparse matrix over GF(2^61 - 1) kept by columns, for elimination; compiled.

Columns hold (row, value) sorted by row in one pool of memory; rows hold the columns that may touch them (stale and
double entries are dropped when a row is read). A pool that is full is compacted; one that is still full raises
MemoryError and the caller starts again with a larger one.
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
        zeros(cols), zeros(cols), zeros(cols), np.empty(room, np.int32), np.empty(room, np.int64),
        zeros(rows), zeros(rows), zeros(rows), np.empty(2 * room, np.int32),
        zeros(3), zeros(cols), np.empty(rows + 1, np.int32), np.empty(rows + 1, np.int64),
    )  # fmt: skip


@numba.njit(cache=True)
def _compact_columns(m: Matrix) -> None:
    top = 0
    for j in np.argsort(m.col_start):
        n = m.col_len[j]
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
def row_add(m: Matrix, r: int, j: int) -> None:
    """Notes that column j touches row r."""
    n = m.row_len[r]
    if n == m.row_cap[r]:
        cap = 2 * n + 4
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
    m.row_col[m.row_start[r] + n] = j
    m.row_len[r] = n + 1


@numba.njit(cache=True)
def append(m: Matrix, r: int, j: int, value: int) -> None:
    """Adds an entry below all others of column j."""
    n = m.col_len[j]
    column_room(m, j, n + 1)
    m.entry_row[m.col_start[j] + n] = r
    m.entry_value[m.col_start[j] + n] = value
    m.col_len[j] = n + 1
    row_add(m, r, j)


@numba.njit(cache=True)
def value(m: Matrix, r: int, j: int) -> int:
    """The entry (r, j), 0 when absent."""
    low = m.col_start[j]
    end = high = low + m.col_len[j]
    while low < high:
        mid = (low + high) >> 1
        if m.entry_row[mid] < r:
            low = mid + 1
        else:
            high = mid
    if low < end and m.entry_row[low] == r:
        return int(m.entry_value[low])
    return 0


@numba.njit(cache=True)
def tidy_row(m: Matrix, r: int) -> int:
    """Drops stale entries of row r; returns how many columns touch it."""
    m.top[2] += 1
    stamp, s, k = m.top[2], m.row_start[r], 0
    for i in range(m.row_len[r]):
        j = m.row_col[s + i]
        if m.mark[j] == stamp or m.col_len[j] == 0:
            continue
        m.mark[j] = stamp
        if value(m, r, j) != 0:
            m.row_col[s + k] = j
            k += 1
    m.row_len[r] = k
    return k


@numba.njit(cache=True)
def shortest(m: Matrix, r: int) -> int:
    """The shortest column of a tidy row: the pivot that fills in least."""
    s = m.row_start[r]
    best = m.row_col[s]
    for i in range(1, m.row_len[r]):
        j = m.row_col[s + i]
        if m.col_len[j] <= m.col_len[best]:
            best = j
    return int(best)


@numba.njit(cache=True)
def _subtract(m: Matrix, j: int, pivot: int, factor: int) -> None:
    """Column j -= factor * column pivot."""
    a, a_end = m.col_start[j], m.col_start[j] + m.col_len[j]
    b, b_end = m.col_start[pivot], m.col_start[pivot] + m.col_len[pivot]
    n = 0
    while a < a_end or b < b_end:
        if b == b_end or (a < a_end and m.entry_row[a] < m.entry_row[b]):
            m.spare_row[n], m.spare_value[n] = m.entry_row[a], m.entry_value[a]
            a += 1
        elif a == a_end or m.entry_row[b] < m.entry_row[a]:
            m.spare_row[n], m.spare_value[n] = m.entry_row[b], sub(0, mul(factor, m.entry_value[b]))
            row_add(m, m.entry_row[b], j)
            b += 1
        else:
            m.spare_row[n] = m.entry_row[a]
            m.spare_value[n] = sub(m.entry_value[a], mul(factor, m.entry_value[b]))
            a += 1
            b += 1
            if m.spare_value[n] == 0:
                continue
        n += 1
    if n > m.col_cap[j]:
        m.col_len[j] = 0
        column_room(m, j, n)
    s = m.col_start[j]
    for i in range(n):
        m.entry_row[s + i] = m.spare_row[i]
        m.entry_value[s + i] = m.spare_value[i]
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
