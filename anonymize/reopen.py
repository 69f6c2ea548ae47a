"""Opening published cells again: the columns that were set aside for them come back; compiled.

With the columns that were set aside the greedy's matrix is a tableau of the whole candidate set, as in the simplex
method: opening cells and publishing others are a few pivots, and can be taken back. Columns that are set aside are
reduced when they are wanted, not before.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize import sparse, undo
from anonymize.bearings import file_again
from anonymize.field import add, draw, inverse, mul, sub
from anonymize.greedy import Problem, State, give, own, take

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Scratch(NamedTuple):
    """Memory between calls, zeros but for `rows`, one entry per cell; and per column when it was reduced last."""

    dense: Index
    seen: Mask
    number: Index
    total: Index
    rows: Index
    clean: Index


def scratch(problem: Problem) -> Scratch:
    """Memory for this problem."""
    cells = len(problem.sensitive) + 1
    dense, count, total, rows = (np.zeros(cells, np.int64) for _ in range(4))
    return Scratch(dense, np.zeros(cells, np.bool_), count, total, rows, np.full(cells, -1, np.int64))


@numba.njit(cache=True)
def reopen(p: Problem, s: State, cells: Index, scratch: Scratch) -> int:
    """Hides published cells again; all of this can be taken back.

    Args:
        p: The whole problem.
        s: The state, changed in place.
        cells: The published cells.
        scratch: Memory.

    Returns:
        How many changes of the cells that this makes possible.

    Raises:
        MemoryError: The matrix is too small; the state is of no use then.
    """
    m, u, owner = s.matrix, s.undo, s.owner
    undo.start(u)
    back, n = np.empty(len(cells), np.int64), 0
    for c in cells:
        s.stays[c] = s.alive[c] = True
        give(p, s.room, c, 1)
        if owner[c] >= 0:
            undo.note_owner(u, owner, s.turn, c)
            back[n] = owner[c]
            owner[c] = -1
            n += 1
    for j in back[:n]:
        _reduce(s, j, scratch)
    free = _peel(s, back[:n], scratch)
    for j in free:
        undo.note_column(u, m, j)
        sparse.bring_back(m, j)
    _keep(s, free)
    new = 0
    for j in free:
        if m.col_len[j] > 0:
            _move(s, j, (draw(s.random), draw(s.random)))
            new += 1
    moved = u.cell[: u.size[undo.CELLS]]
    file_again(s.directions, moved[p.sensitive[moved]])
    return new


@numba.njit(cache=True)
def _peel(s: State, columns: Index, scratch: Scratch) -> Index:
    """Those of the columns, set aside, that are left when those go that alone would change some published cell.

    These go on being set aside, for that cell.
    """
    start, kept, entry_row, stays = s.matrix.col_start, s.matrix.col_kept, s.matrix.entry_row, s.stays
    count, total = scratch.number, scratch.total
    rows, queue = [np.int64(0) for _ in range(0)], [np.int64(0) for _ in range(0)]
    for k in range(len(columns)):
        for i in range(start[columns[k]], start[columns[k]] + kept[columns[k]]):
            r = np.int64(entry_row[i])
            if not stays[r]:
                if count[r] == 0:
                    rows.append(r)
                count[r] += 1
                total[r] += k
    for r in rows:
        if count[r] == 1:
            queue.append(r)
    left = np.ones(len(columns), np.bool_)
    while len(queue) > 0:
        r = queue.pop()
        if count[r] != 1:
            continue
        k = total[r]
        left[k] = False
        own(s, int(r), int(columns[k]))
        for i in range(start[columns[k]], start[columns[k]] + kept[columns[k]]):
            c = np.int64(entry_row[i])
            if not stays[c]:
                count[c] -= 1
                total[c] -= k
                if count[c] == 1:
                    queue.append(c)
    for r in rows:
        count[r] = total[r] = 0
    return columns[left]


@numba.njit(cache=True)
def _move(s: State, j: int, times: tuple[int, int]) -> None:
    """Adds so many times column j to the vectors."""
    m, d = s.matrix, s.directions
    undo.note_cells(s.undo, m, d, j)
    for i in range(m.col_start[j], m.col_start[j] + m.col_len[j]):
        c, x = m.entry_row[i], m.entry_value[i]
        d.one[c], d.two[c] = add(d.one[c], mul(times[0], x)), add(d.two[c], mul(times[1], x))


@numba.njit(cache=True)
def _keep(s: State, columns: Index) -> None:
    """Takes out what these columns would change of cells that are published."""
    m, stays = s.matrix, s.stays
    known, n = np.empty(64, np.int64), 0
    for j in columns:
        for i in range(m.col_start[j], m.col_start[j] + m.col_len[j]):
            r = m.entry_row[i]
            if not stays[r]:
                if n == len(known):
                    known = np.concatenate((known, np.empty(n, np.int64)))
                known[n] = r
                n += 1
    for cell in np.unique(known[:n]):
        r = int(cell)
        if sparse.tidy_row(m, r) > 0:
            take(s, r, sparse.shortest(m, r))


@numba.njit(cache=True)
def _reduce(s: State, j: int, scratch: Scratch) -> None:
    """Takes out of column j, which is set aside, what it holds of cells that columns are set aside for.

    Those of the columns that are wanted for this are reduced before, and stay so.
    """
    start, kept, entry_row, owner = s.matrix.col_start, s.matrix.col_kept, s.matrix.entry_row, s.owner
    clean, stamp = scratch.clean, s.undo.size[undo.STAMP]
    stack = [j]
    while len(stack) > 0:
        k, ready, reduced = stack[-1], True, True
        if clean[k] == stamp:
            stack.pop()
            continue
        for i in range(start[k], start[k] + kept[k]):
            q = owner[entry_row[i]]
            if q >= 0 and q != k:
                reduced = False
                if clean[q] != stamp:
                    stack.append(q)
                    ready = False
        if ready:
            if not reduced:
                _subtract_all(s, k, scratch)
            clean[k] = stamp
            stack.pop()


@numba.njit(cache=True)
def _subtract_all(s: State, j: int, scratch: Scratch) -> None:
    """Takes reduced columns out of column j, one for each cell in it that has one."""
    m, owner, dense, seen, rows, n = s.matrix, s.owner, scratch.dense, scratch.seen, scratch.rows, 0
    start, kept, entry_row, entry_value = m.col_start, m.col_kept, m.entry_row, m.entry_value
    for i in range(start[j], start[j] + kept[j]):
        r = entry_row[i]
        dense[r], seen[r], rows[n] = entry_value[i], True, r
        n += 1
    for k in range(n):
        c = rows[k]
        q = owner[c]
        if q < 0 or q == j:
            continue
        factor = mul(dense[c], inverse(entry_value[sparse.find(entry_row, start[q], kept[q], c)]))
        for i in range(start[q], start[q] + kept[q]):
            r = entry_row[i]
            dense[r] = sub(dense[r], mul(factor, entry_value[i]))
            if not seen[r]:
                seen[r], rows[n] = True, r
                n += 1
    sparse.replace(m, j, np.sort(rows[:n]), dense)
    for i in range(n):
        dense[rows[i]] = 0
        seen[rows[i]] = False


@numba.njit(cache=True)
def reduce_all(s: State, scratch: Scratch) -> None:
    """Reduces every column that is set aside, the latest first: later on little is left to do."""
    columns = s.owner[s.owner >= 0]
    for j in columns[np.argsort(-s.turn[columns])]:
        _reduce(s, j, scratch)


@numba.njit(cache=True)
def close(p: Problem, s: State, hidden: Mask, cells: Index) -> None:
    """Takes back what was done since `reopen`; `hidden` is the pattern then, and `cells` all that may have changed."""
    for c in cells:
        if s.stays[c] != hidden[c]:
            give(p, s.room, c, 1 if hidden[c] else -1)
            s.stays[c] = s.alive[c] = hidden[c]
    moved = undo.take_back(s.undo, s.matrix, s.directions, s.owner, s.turn)
    file_again(s.directions, moved[p.sensitive[moved]])
