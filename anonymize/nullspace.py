"""The changes that no published sum sees, exactly: a basis of the null space, found in a finite field.

One column per unknown cell, then one relation after the other, from the leaf cells up: what the relation sees of the
columns is eliminated with the shortest of them. The relations of a table are so sparse, and their sums nest so well,
that the columns stay short (a few dozen cells among 300,000).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize import sparse
from anonymize.field import P, add, draw, inverse, mul
from anonymize.relations import Index

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SMALL = 1 << 20
"""Entries of a column of whole numbers; such a column is a change over the whole numbers, not in the field alone."""
DENOMINATORS = 24
"""A column of fractions is multiplied by the least number up to this that makes it whole."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A basis of the null space, by columns.

    Attributes:
        start: Int64: column j holds the entries start[j] to start[j + 1].
        cells: Int32: the cells that it moves, ascending.
        values: Int64: by how much; whole numbers from -SMALL to SMALL where `whole`, else residues modulo P.
        whole: Per column whether it is a change in whole numbers.
        own: Int32 per column: a cell that no other column moves.
    """

    start: Index
    cells: NDArray[np.int32]
    values: Index
    whole: NDArray[np.bool_]
    own: NDArray[np.int32]


def basis(rows: csr_matrix, free: NDArray[np.bool_] | None = None) -> Basis:
    """A basis of the changes d with rows @ d = 0.

    Args:
        rows: Whole numbers, one relation per row; in a sum the total is negative.
        free: The cells that may change, all unless given.

    Raises:
        MemoryError: The columns grow beyond what this machine holds.
    """
    if free is not None and not free.all():
        inner = basis(rows[:, free])
        place = np.flatnonzero(free).astype(np.int32)
        return replace(inner, cells=place[inner.cells], own=place[inner.own])
    cells = rows.shape[1]
    start, members = rows.indptr.astype(np.int64), rows.indices.astype(np.int64)
    order = np.lexsort((np.arange(rows.shape[0]), np.diff(start), _depth(rows)))
    room = (1 << 20) + 100 * cells
    while True:
        try:
            matrix = sparse.empty(cells + 1, cells, room)
            _eliminate(matrix, start, members, rows.data.astype(np.int64), order)
            break
        except MemoryError:
            room *= 4
    return Basis(*_packed(matrix))


def directions(found: Basis, cells: int, seed: int) -> tuple[Index, Index]:
    """Two random members of the null space, modulo P: certainly tells which cells move."""
    return _directions(found.start, found.cells, found.values, cells, seed)


def members(found: Basis, cells: int, number: int, *, seed: int) -> Index:
    """Random members of the null space modulo P, one per row."""
    return _members(found.start, found.cells, found.values, (number, cells), seed)


def _depth(rows: csr_matrix) -> Index:
    """Per relation how many sums it stands above the cells that are no sums."""
    entries = rows.tocoo()
    total = entries.data < 0
    parts, owner = entries.col[~total], entries.row[~total]
    top, below = entries.col[total], entries.row[total]
    level = np.zeros(rows.shape[1], np.int64)
    while True:
        depth = np.zeros(rows.shape[0], np.int64)
        np.maximum.at(depth, owner, level[parts] + 1)
        raised = level.copy()
        np.maximum.at(raised, top, depth[below])
        if (raised == level).all() or raised.max(initial=0) > 1_000:
            return depth
        level = raised


@numba.njit(cache=True)
def _eliminate(m: sparse.Matrix, start: Index, members: Index, signs: Index, order: Index) -> None:
    """Leaves in `m` the columns of a basis; its last row is scratch."""
    cells = len(m.mark)
    # What a relation sees of each column, and from `cells` on the columns that it sees.
    seen = np.full(2 * cells + 2, -1, np.int64)
    one = np.ones(cells, np.int64)
    for c in range(cells):
        seen[cells] = c
        sparse.append(m, c, seen[cells : cells + 1], one)
    for r in order:
        touched = _seen(m, members[start[r] : start[r + 1]], signs[start[r] : start[r + 1]], seen)
        columns = seen[cells : cells + touched]
        if sparse.append(m, cells, columns, seen):
            sparse.tidy_row(m, cells)
            sparse.eliminate(m, cells, sparse.shortest(m, cells))
        for j in columns:
            seen[j] = -1


@numba.njit(cache=True)
def _seen(m: sparse.Matrix, members: Index, signs: Index, seen: Index) -> int:
    """What a relation sees of each column: sums in `seen` by column, the columns from len(m.mark) on; how many."""
    cells, touched = len(m.mark), 0
    for e in range(len(members)):
        c = members[e]
        sparse.tidy_row(m, c)
        factor = signs[e] % P
        for i in range(m.row_start[c], m.row_start[c] + m.row_len[c]):
            j = m.row_col[i]
            if seen[j] == -1:
                seen[j] = 0
                seen[cells + touched] = j
                touched += 1
            seen[j] = add(seen[j], mul(factor, sparse.value(m, c, j)))
    return touched


@numba.njit(cache=True)
def _packed(m: sparse.Matrix) -> tuple[Index, NDArray[np.int32], Index, NDArray[np.bool_], NDArray[np.int32]]:
    """The columns one after the other, in whole numbers where they allow it."""
    kept = np.flatnonzero(m.col_len > 0)
    start = np.zeros(len(kept) + 1, np.int64)
    start[1:] = np.cumsum(m.col_len[kept])
    cells, values = np.empty(start[-1], np.int32), np.empty(start[-1], np.int64)
    whole = np.zeros(len(kept), np.bool_)
    for k in range(len(kept)):
        j = kept[k]
        s, n = m.col_start[j], m.col_len[j]
        cells[start[k] : start[k + 1]] = m.entry_row[s : s + n]
        factor = _denominator(m.entry_value[s : s + n])
        whole[k] = factor > 0
        for i in range(n):
            x = mul(m.entry_value[s + i], max(factor, 1))
            values[start[k] + i] = x - P if whole[k] and x > SMALL else x
    return start, cells, values, whole, kept.astype(np.int32)


@numba.njit(cache=True)
def _denominator(values: Index) -> int:
    """The least factor that makes all entries small whole numbers; 0 for none."""
    for factor in range(1, DENOMINATORS + 1):
        fits = True
        for x in values:
            y = mul(x, factor)
            if SMALL < y < P - SMALL:
                fits = False
                break
        if fits:
            return factor
    return 0


def lift(found: Basis, change: NDArray[np.float64], scale: int) -> Index:
    """The member of the null space that agrees with `scale` * change on every cell of `own`, in whole numbers.

    For a change near the null space: what a solver leaves of the published sums is gone, to the last digit.
    """
    mine = found.values[_place(found)]
    times = np.where(found.whole, np.rint(change[found.own] * scale / mine), 0).astype(np.int64)
    return combine(found, times, len(change))


def random_change(found: Basis, cells: int, size: int, *, seed: int) -> Index:
    """A random member of the null space in whole numbers: every column -size to size times."""
    times = np.random.default_rng(seed).integers(-size, size + 1, len(found.own))
    return combine(found, np.where(found.whole, times, 0), cells)


def combine(found: Basis, times: Index, cells: int) -> Index:
    """The sum of the columns, each so many times."""
    return _combined(found.start, found.cells, found.values, times, cells)


@numba.njit(cache=True)
def _combined(start: Index, members: NDArray[np.int32], values: Index, times: Index, cells: int) -> Index:
    change = np.zeros(cells, np.int64)
    for j in range(len(times)):
        if times[j] != 0:
            for i in range(start[j], start[j + 1]):
                change[members[i]] += times[j] * values[i]
    return change


def _place(found: Basis) -> Index:
    """Where in `cells` each column has its own cell."""
    owner = np.repeat(found.own, np.diff(found.start))
    return np.flatnonzero(found.cells == owner)


@numba.njit(cache=True)
def _directions(
    start: Index, members: NDArray[np.int32], values: Index, cells: int, seed: int
) -> tuple[Index, Index]:
    one, two = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    state = np.array([seed * 2 + 88_172_645_463_325_253], np.uint64)
    for j in range(len(start) - 1):
        a, b = draw(state), draw(state)
        for i in range(start[j], start[j + 1]):
            c, x = members[i], values[i] % P
            one[c] = add(one[c], mul(a, x))
            two[c] = add(two[c], mul(b, x))
    return one, two


@numba.njit(cache=True)
def _members(
    start: Index, cells: NDArray[np.int32], values: Index, shape: tuple[int, int], seed: int
) -> Index:
    drawn = np.zeros(shape, np.int64)
    state = np.array([seed * 2 + 88_172_645_463_325_253], np.uint64)
    for j in range(len(start) - 1):
        for k in range(shape[0]):
            a = draw(state)
            for i in range(start[j], start[j + 1]):
                drawn[k, cells[i]] = add(drawn[k, cells[i]], mul(a, values[i] % P))
    return drawn


@numba.njit(cache=True)
def bearing(one: Index, two: Index) -> Index:
    """The proportion of two residues, cell by cell; P where the second is zero. With a single inversion."""
    before, product = np.empty(len(one), np.int64), 1
    for i in range(len(one)):
        before[i] = product
        if two[i] != 0:
            product = mul(product, two[i])
    product = inverse(product)
    found = np.empty(len(one), np.int64)
    for i in range(len(one) - 1, -1, -1):
        if two[i] == 0:
            found[i] = P
            continue
        found[i] = mul(one[i], mul(product, before[i]))
        product = mul(product, two[i])
    return found
