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

from anonymize import sparse
from anonymize.field import P, add, draw, inverse, mul, sub

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


class Directions(NamedTuple):
    """Two random null vectors and the sensitive cells chained by the hash of their direction."""

    one: Index
    two: Index
    key: Index
    head: Index
    after: Index
    before: Index


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
def _basis(p: Problem, m: sparse.Matrix, alive: Mask) -> None:
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
def _directions(p: Problem, m: sparse.Matrix) -> Directions:
    n = len(p.hidden)
    buckets = 16
    while buckets < n:
        buckets *= 2
    one, two = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    state = np.array([p.seed], np.uint64)
    col_start, col_len, entry_row, entry_value = m.col_start, m.col_len, m.entry_row, m.entry_value
    for j in range(len(col_len)):
        if col_len[j] == 0:
            continue
        a, b = draw(state), draw(state)
        for i in range(col_start[j], col_start[j] + col_len[j]):
            r, x = entry_row[i], entry_value[i]
            one[r] = add(one[r], mul(a, x))
            two[r] = add(two[r], mul(b, x))
    ends = np.full(n, -1, np.int64)
    return Directions(one, two, np.full(n, -1, np.int64), np.full(buckets, -1, np.int64), ends, ends.copy())


@numba.njit(cache=True)
def _insert(d: Directions, c: int, key: int) -> None:
    h = key & (len(d.head) - 1)
    d.key[c] = key
    d.after[c], d.before[c] = d.head[h], -1
    if d.head[h] >= 0:
        d.before[d.head[h]] = c
    d.head[h] = c


@numba.njit(cache=True)
def _remove(d: Directions, c: int) -> None:
    if d.before[c] >= 0:
        d.after[d.before[c]] = d.after[c]
    else:
        d.head[d.key[c] & (len(d.head) - 1)] = d.after[c]
    if d.after[c] >= 0:
        d.before[d.after[c]] = d.before[c]


@numba.njit(cache=True)
def _betrays(p: Problem, a: int, b: int) -> bool:
    """Whether somebody alone in one of two cells of one direction learns the count of other people."""
    return bool(p.alone[a] != p.alone[b])


@numba.njit(cache=True)
def _exposed(p: Problem, d: Directions, pairs: Index, exposed: Index) -> tuple[int, int]:
    """Files every sensitive cell under its direction; lists those exposed and the pairs that betray each other."""
    n_pairs, n_exposed = 0, 0
    for c in range(len(p.hidden)):
        if not p.sensitive[c]:
            continue
        if d.one[c] == 0 and d.two[c] == 0:
            exposed[n_exposed] = c
            n_exposed += 1
            _insert(d, c, P + 1 + c)
            continue
        key = mul(d.one[c], inverse(d.two[c])) if d.two[c] != 0 else P
        q = d.head[key & (len(d.head) - 1)]
        while q >= 0:
            if d.key[q] == key and _betrays(p, c, q) and n_pairs < len(pairs):
                pairs[n_pairs, 0], pairs[n_pairs, 1] = q, c
                n_pairs += 1
            q = d.after[q]
        _insert(d, c, key)
    return n_pairs, n_exposed


@numba.njit(cache=True)
def _known_pair(pairs: Index, n: int, a: int, b: int) -> bool:
    for i in range(n):
        first, second = pairs[i]
        if (first == a and second == b) or (first == b and second == a):
            return True
    return False


@numba.njit(cache=True)
def _new_keys(one: Index, two: Index, n: int) -> Index:
    """Directions of n cells with a single inversion."""
    before, product = np.empty(n, np.int64), 1
    for i in range(n):
        before[i] = product
        if two[i] != 0:
            product = mul(product, two[i])
    product = inverse(product)
    keys = np.empty(n, np.int64)
    for i in range(n - 1, -1, -1):
        if two[i] == 0:
            keys[i] = P
            continue
        keys[i] = mul(one[i], mul(product, before[i]))
        product = mul(product, two[i])
    return keys


@numba.njit(cache=True)
def _refile(p: Problem, d: Directions, cells: Index, keys: Index, pairs: Index, n_pairs: int) -> bool:
    """Files the cells under their new directions unless that betrays somebody; whether it was done."""
    old = d.key[cells]
    for c in cells:
        _remove(d, c)
    for i in range(len(cells)):
        q = d.head[keys[i] & (len(d.head) - 1)]
        while q >= 0:
            if (
                d.key[q] == keys[i]
                and _betrays(p, cells[i], q)
                and not _known_pair(pairs, n_pairs, cells[i], q)
            ):
                for k in range(i):
                    _remove(d, cells[k])
                for k in range(len(cells)):
                    _insert(d, cells[k], old[k])
                return False
            q = d.after[q]
        _insert(d, cells[i], keys[i])
    return True


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
def _starves(p: Problem, room: Index, stays: Mask, c: int) -> bool:
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
def _spend(p: Problem, room: Index, c: int) -> None:
    """Takes a published cell out of the room of its sums."""
    touching, members, start, slack = p.touching, p.members, p.start, p.slack
    for i in range(p.touch[c], p.touch[c + 1]):
        r = touching[i]
        if members[start[r]] != c:
            for k in range(room.shape[0]):
                room[k, r] -= slack[k, c]


@numba.njit(cache=True)
def _publish(p: Problem, m: sparse.Matrix, d: Directions, c: int, pairs: Index, n_pairs: int) -> bool:
    """Publishes cell c if nobody can compute a sensitive cell afterwards; whether it was published."""
    if sparse.tidy_row(m, c) == 0:
        return True
    pivot = sparse.shortest(m, c)
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
    if n and not _refile(p, d, cells[:n], _new_keys(one, two, n), pairs, n_pairs):
        return False
    for i in range(s, e):
        r, x = entry_row[i], entry_value[i]
        d_one[r], d_two[r] = sub(d_one[r], mul(x, f1)), sub(d_two[r], mul(x, f2))
    sparse.eliminate(m, c, pivot)
    return True


@numba.njit(cache=True)
def run(p: Problem, m: sparse.Matrix, candidates: Index) -> tuple[Mask, Index, Index]:
    """Publishes what it can of `candidates`, in this order.

    Returns:
        The cells that stay hidden; pairs of cells that betray each other, and sensitive cells that can be computed,
        even with the whole of `p.hidden` hidden.
    """
    alive = np.zeros(len(p.hidden) + 1, np.bool_)
    _basis(p, m, alive)
    d = _directions(p, m)
    pairs, exposed = np.empty((100_000, 2), np.int64), np.empty(len(p.hidden), np.int64)
    n_pairs, n_exposed = _exposed(p, d, pairs, exposed)
    stays, room = p.hidden.copy(), _slacks(p)
    for c in candidates:
        if not stays[c] or _starves(p, room, stays, c):
            continue
        if not alive[c] or _publish(p, m, d, c, pairs, n_pairs):
            stays[c] = alive[c] = False
            _spend(p, room, c)
    return stays, pairs[:n_pairs].copy(), exposed[:n_exposed].copy()
