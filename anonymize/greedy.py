"""The null-space greedy: which cells of a candidate set must stay hidden; compiled.

The changes an attacker cannot rule out are the null space of the published relations. Each cell is a row over
a basis of that space; two random members of it give every cell a direction. A sensitive cell whose row
becomes zero can be computed; two cells of one direction give each other. Going through the candidates from
the one most worth publishing, a cell is published (its row is eliminated) unless that makes a sensitive cell
computable, for the public or for one person alone in a cell. A refusal is final: nothing that could still be
published is left hidden.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize import sparse, undo
from anonymize.bearings import Directions, drawn, file_all, new_keys, refile
from anonymize.field import add, inverse, mul, sub
from anonymize.undo import Undo

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Problem(NamedTuple):
    """One measure, cells numbered bottom-up (children before parents).

    Attributes:
        start: As in `Relations`.
        members: As in `Relations`, renumbered.
        by_parent: Relations sorted by parent; those of cell c are by_parent[first[c] : first[c + 1]].
        first: See `by_parent`; its last entry points at the relations of known sums (parent -1).
        touching: Relations sorted by member; those of cell c are touching[touch[c] : touch[c + 1]].
        touch: See `touching`.
        quota: Per promise and relation how far its sensitive parts must be able to move; 0 where it has none.
        hidden: The candidate set.
        sensitive: Cells that nobody may compute.
        slack: Per promise how far each cell is above what everybody knows it to be at least.
        alone: Who is alone in the cell and knows it; -1 for nobody.
        links: Relations that do not follow from the others, see `Relations`.
        seed: Not zero.
    """

    start: Index
    members: Index
    by_parent: Index
    first: Index
    touching: Index
    touch: Index
    quota: Index
    hidden: Mask
    sensitive: Mask
    slack: Index
    alone: Index
    links: Index
    seed: int


class State(NamedTuple):
    """Where the greedy stands.

    Attributes:
        matrix: The null space of what is published, a row per cell.
        directions: Of the cells.
        stays: Cells that are hidden.
        alive: Cells with a row that is not zero; one more entry, for scratch.
        room: Per promise and relation how much its hidden parts can give to each other.
        owner: Per published cell the column that was set aside for it, -1 for none. It is zero at the cells for which
            columns were set aside before it.
        turn: Per column when it was set aside; the last entry is the clock.
        random: Of the random vectors.
        undo: What was changed lately, where that is noted.
    """

    matrix: sparse.Matrix
    directions: Directions
    stays: Mask
    alive: Mask
    room: Index
    owner: Index
    turn: Index
    random: NDArray[np.uint64]
    undo: Undo


class Found(NamedTuple):
    """What is not to be helped: known with the whole candidate set hidden.

    Attributes:
        pairs: Cells that betray each other, two columns.
        exposed: Sensitive cells that can be computed.
    """

    pairs: Index
    exposed: Index


PAIRS = 100_000
"""So many pairs of cells that betray each other are listed at most."""


@numba.njit(cache=True)
def _define(p: Problem, m: sparse.Matrix, alive: Mask, c: int, sums: Index) -> int:
    """Writes into `sums`, per column, the row of cell c by its relation with fewest hidden parts; how many columns."""
    start, members, by_parent = p.start, p.members, p.by_parent
    best, fewest = -1, 1 << 60
    for i in range(p.first[c], p.first[c + 1]):
        r = by_parent[i]
        n = 0
        for e in range(start[r] + 1, start[r + 1]):
            n += alive[members[e]]
        if n < fewest:
            best, fewest = r, n
    return 0 if fewest == 0 else _sum_rows(p, m, alive, best, sums)


@numba.njit(cache=True)
def _sum_rows(p: Problem, m: sparse.Matrix, alive: Mask, r: int, sums: Index) -> int:
    """Sums the rows of the parts of relation r; touched columns are sums[cols:], their sums are sums[:cols]."""
    cols = len(m.mark)
    touched = 0
    row_col, row_start, row_len = m.row_col, m.row_start, m.row_len
    col_start, col_len, entry_row, entry_value = m.col_start, m.col_len, m.entry_row, m.entry_value
    members = p.members
    for e in range(p.start[r] + 1, p.start[r + 1]):
        q = members[e]
        if not alive[q]:
            continue
        sparse.tidy_row(m, q)
        for i in range(row_start[q], row_start[q] + row_len[q]):
            j = row_col[i]
            if sums[j] == -1:
                sums[j] = 0
                sums[cols + touched] = j
                touched += 1
            # The row is tidy: the entry is there.
            sums[j] = add(sums[j], entry_value[sparse.find(entry_row, col_start[j], col_len[j], q)])
    return touched


@numba.njit(cache=True)
def _store(m: sparse.Matrix, c: int, sums: Index, touched: int) -> bool:
    """Appends the summed row as row c; whether it is not zero."""
    cols = len(m.mark)
    added = sparse.append(m, c, sums[cols : cols + touched], sums)
    for i in range(touched):
        sums[sums[cols + i]] = -1
    return added > 0


@numba.njit(cache=True)
def _less_total(m: sparse.Matrix, total: int, alive: Mask, sums: Index, touched: int) -> int:
    """Takes the row of the total off the summed rows of its parts; how many columns these touch then."""
    cols = len(m.mark)
    if not alive[total]:
        return touched
    sparse.tidy_row(m, total)
    for i in range(m.row_start[total], m.row_start[total] + m.row_len[total]):
        j = m.row_col[i]
        if sums[j] == -1:
            sums[j] = 0
            sums[cols + touched] = j
            touched += 1
        sums[j] = sub(sums[j], sparse.value(m, total, j))
    return touched


@numba.njit(cache=True)
def _keep(m: sparse.Matrix, n: int, sums: Index, touched: int) -> None:
    """Takes away every change that the summed rows see: they sum to a known number. Row n is for this."""
    if touched > 0 and _store(m, n, sums, touched):
        sparse.tidy_row(m, n)
        sparse.eliminate(m, n, sparse.shortest(m, n))


@numba.njit(cache=True)
def basis(p: Problem, m: sparse.Matrix, alive: Mask) -> None:
    """Builds the null space of the relations with only `p.hidden` unknown: a column per hidden leaf cell."""
    n, column, cols = len(p.hidden), 0, len(m.mark)
    sums = np.full(2 * len(m.mark) + 2, -1, np.int64)
    first, hidden = p.first, p.hidden
    for c in range(n):
        if first[c] == first[c + 1]:
            if hidden[c]:
                sums[cols], sums[column] = column, 1
                _store(m, c, sums, 1)
                column += 1
                alive[c] = True
            continue
        touched = _define(p, m, alive, c, sums)
        if touched == 0 or not _store(m, c, sums, touched):
            continue
        if hidden[c]:
            alive[c] = True
        else:
            sparse.tidy_row(m, c)
            sparse.eliminate(m, c, sparse.shortest(m, c))
    for i in range(p.first[n], len(p.by_parent)):
        _keep(m, n, sums, _sum_rows(p, m, alive, p.by_parent[i], sums))
    for r in p.links:
        touched = _sum_rows(p, m, alive, r, sums)
        _keep(m, n, sums, _less_total(m, p.members[p.start[r]], alive, sums, touched))


@numba.njit(cache=True)
def _slacks(p: Problem) -> Index:
    """Per promise and relation how much its hidden parts can give to each other while its total is published."""
    promises, sums = p.quota.shape
    room, own = np.zeros((promises, sums), np.int64), p.slack
    start, members, hidden = p.start, p.members, p.hidden
    for k in range(promises):
        for r in range(sums):
            for e in range(start[r] + 1, start[r + 1]):
                if hidden[members[e]]:
                    room[k, r] += own[k, members[e]]
    return room


@numba.njit(cache=True)
def starves(p: Problem, room: Index, stays: Mask, c: int) -> bool:
    """Whether publishing cell c leaves the sensitive parts of one of its sums no room to move."""
    touching, quota, members, start, slack = p.touching, p.quota, p.members, p.start, p.slack
    for i in range(p.touch[c], p.touch[c + 1]):
        r = touching[i]
        if quota[0, r] == 0:
            continue
        total = members[start[r]]
        if total != c and total >= 0 and stays[total]:
            continue
        for k in range(quota.shape[0]):
            left = room[k, r] if total == c else room[k, r] - slack[k, c]
            if left < quota[k, r]:
                return True
    return False


@numba.njit(cache=True)
def give(p: Problem, room: Index, c: int, way: int) -> None:
    """Takes a published cell out of the room of its sums (way -1), or gives a hidden one back to it (way 1)."""
    touching, members, start, slack = p.touching, p.members, p.start, p.slack
    for i in range(p.touch[c], p.touch[c + 1]):
        r = touching[i]
        if members[start[r]] != c:
            for k in range(room.shape[0]):
                room[k, r] += way * slack[k, c]


@numba.njit(cache=True)
def allows(p: Problem, m: sparse.Matrix, d: Directions, c: int, pivot: int, found: Found) -> bool:
    """Whether no sensitive cell can be computed once this column eliminates cell c, a tidy row; files them for it."""
    scale = inverse(sparse.value(m, c, pivot))
    f1, f2 = mul(d.one[c], scale), mul(d.two[c], scale)
    s, e = m.col_start[pivot], m.col_start[pivot] + m.col_len[pivot]
    cells, one, two, n = np.empty(e - s, np.int64), np.empty(e - s, np.int64), np.empty(e - s, np.int64), 0
    entry_row, entry_value, d_one, d_two, sensitive = m.entry_row, m.entry_value, d.one, d.two, p.sensitive
    for i in range(s, e):
        r = entry_row[i]
        if sensitive[r]:
            a, b = sub(d_one[r], mul(entry_value[i], f1)), sub(d_two[r], mul(entry_value[i], f2))
            if a == 0 and b == 0:
                return False
            cells[n], one[n], two[n] = r, a, b
            n += 1
    return n == 0 or refile(p, d, cells[:n], new_keys(one, two, n), found.pairs)


@numba.njit(cache=True)
def own(s: State, c: int, j: int) -> None:
    """Notes that column j is set aside for cell c, after all others."""
    undo.note_owner(s.undo, s.owner, s.turn, c)
    clock = len(s.turn) - 1
    s.owner[c], s.turn[j] = j, s.turn[clock]
    s.turn[clock] += 1


@numba.njit(cache=True)
def take(s: State, c: int, pivot: int) -> None:
    """Takes the changes of cell c, a tidy row, out of the matrix: this column is set aside for it."""
    undo.note_columns(s.undo, s.matrix, c)
    sparse.set_aside(s.matrix, c, pivot)
    own(s, c, pivot)


@numba.njit(cache=True)
def steer(s: State, c: int, pivot: int) -> None:
    """Takes the changes of cell c out of the vectors."""
    m, d = s.matrix, s.directions
    undo.note_cells(s.undo, m, d, pivot)
    scale = inverse(sparse.value(m, c, pivot))
    f1, f2 = mul(d.one[c], scale), mul(d.two[c], scale)
    entry_row, entry_value, d_one, d_two = m.entry_row, m.entry_value, d.one, d.two
    for i in range(m.col_start[pivot], m.col_start[pivot] + m.col_len[pivot]):
        r, x = entry_row[i], entry_value[i]
        d_one[r], d_two[r] = sub(d_one[r], mul(x, f1)), sub(d_two[r], mul(x, f2))


@numba.njit(cache=True)
def begin(p: Problem, m: sparse.Matrix, notes: Undo) -> tuple[State, Found]:
    """The state with the whole of `p.hidden` hidden, and what can be computed even so."""
    alive, random = np.zeros(len(p.hidden) + 1, np.bool_), np.array([p.seed], np.uint64)
    basis(p, m, alive)
    d = drawn(p, m, random)
    pairs, exposed = np.empty((PAIRS, 2), np.int64), np.empty(len(p.hidden), np.int64)
    n_pairs, n_exposed = file_all(p, d, pairs, exposed)
    owner, turn = np.full(len(p.hidden), -1, np.int64), np.zeros(len(m.mark) + 1, np.int64)
    state = State(m, d, p.hidden.copy(), alive, _slacks(p), owner, turn, random, notes)
    return state, Found(pairs[:n_pairs].copy(), exposed[:n_exposed].copy())


@numba.njit(cache=True)
def decide(p: Problem, s: State, found: Found, candidates: Index) -> None:
    """Publishes what it can of `candidates`, in this order."""
    m, d, stays, alive = s.matrix, s.directions, s.stays, s.alive
    for c in candidates:
        if not stays[c] or starves(p, s.room, stays, c):
            continue
        if alive[c] and sparse.tidy_row(m, c) > 0:
            pivot = sparse.shortest(m, c)
            if not allows(p, m, d, c, pivot, found):
                continue
            steer(s, c, pivot)
            take(s, c, pivot)
        stays[c] = alive[c] = False
        give(p, s.room, c, -1)
