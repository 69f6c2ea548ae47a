"""In which direction a random change moves each cell: cells of one direction give each other away; compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize import sparse
from anonymize.field import P, add, draw, inverse, mul

if TYPE_CHECKING:
    from anonymize.greedy import Problem

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Directions(NamedTuple):
    """Two random null vectors and the sensitive cells chained by the hash of their direction."""

    one: Index
    two: Index
    key: Index
    head: Index
    after: Index
    before: Index


@numba.njit(cache=True)
def drawn(p: Problem, m: sparse.Matrix, state: NDArray[np.uint64]) -> Directions:
    """Two random null vectors; no cell is filed yet."""
    n = len(p.hidden)
    buckets = 16
    while buckets < n:
        buckets *= 2
    one, two = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
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
def insert(d: Directions, c: int, key: int) -> None:
    """Files cell c."""
    h = key & (len(d.head) - 1)
    d.key[c] = key
    d.after[c], d.before[c] = d.head[h], -1
    if d.head[h] >= 0:
        d.before[d.head[h]] = c
    d.head[h] = c


@numba.njit(cache=True)
def remove(d: Directions, c: int) -> None:
    """Takes cell c out of the files."""
    if d.before[c] >= 0:
        d.after[d.before[c]] = d.after[c]
    else:
        d.head[d.key[c] & (len(d.head) - 1)] = d.after[c]
    if d.after[c] >= 0:
        d.before[d.after[c]] = d.before[c]


@numba.njit(cache=True)
def betrays(p: Problem, a: int, b: int) -> bool:
    """Whether somebody alone in one of two cells of one direction learns the count of other people."""
    return bool(p.alone[a] != p.alone[b])


@numba.njit(cache=True)
def file_all(p: Problem, d: Directions, pairs: Index, exposed: Index) -> tuple[int, int]:
    """Files every sensitive cell under its direction; lists those exposed and the pairs that betray each other."""
    n_pairs, n_exposed = 0, 0
    for c in range(len(p.hidden)):
        if not p.sensitive[c]:
            continue
        if d.one[c] == 0 and d.two[c] == 0:
            exposed[n_exposed] = c
            n_exposed += 1
            insert(d, c, P + 1 + c)
            continue
        key = mul(d.one[c], inverse(d.two[c])) if d.two[c] != 0 else P
        q = d.head[key & (len(d.head) - 1)]
        while q >= 0:
            if d.key[q] == key and betrays(p, c, q) and n_pairs < len(pairs):
                pairs[n_pairs, 0], pairs[n_pairs, 1] = q, c
                n_pairs += 1
            q = d.after[q]
        insert(d, c, key)
    return n_pairs, n_exposed


@numba.njit(cache=True)
def _known_pair(pairs: Index, a: int, b: int) -> bool:
    for i in range(len(pairs)):
        first, second = pairs[i]
        if (first == a and second == b) or (first == b and second == a):
            return True
    return False


@numba.njit(cache=True)
def new_keys(one: Index, two: Index, n: int) -> Index:
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
def refile(p: Problem, d: Directions, cells: Index, keys: Index, pairs: Index) -> bool:
    """Files the cells under their new directions unless that betrays somebody; whether it was done."""
    old = d.key[cells]
    for c in cells:
        remove(d, c)
    for i in range(len(cells)):
        q = d.head[keys[i] & (len(d.head) - 1)]
        while q >= 0:
            if d.key[q] == keys[i] and betrays(p, cells[i], q) and not _known_pair(pairs, cells[i], q):
                for k in range(i):
                    remove(d, cells[k])
                for k in range(len(cells)):
                    insert(d, cells[k], old[k])
                return False
            q = d.after[q]
        insert(d, cells[i], keys[i])
    return True


@numba.njit(cache=True)
def file_again(d: Directions, cells: Index) -> None:
    """Files cells, whose vectors have changed, under the directions they have now."""
    keys = new_keys(d.one[cells], d.two[cells], len(cells))
    for c in cells:
        remove(d, c)
    for i in range(len(cells)):
        c = cells[i]
        insert(d, c, P + 1 + c if d.one[c] == 0 and d.two[c] == 0 else keys[i])
