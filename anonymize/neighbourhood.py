"""Neighbourhoods in components too large for one linear program: what is near a cell may change, the rest stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize import program
from anonymize.program import Program
from anonymize.relations import Index

if TYPE_CHECKING:
    from anonymize.intervals import Search

BLOCK = 800
GROWTH = (150, 500)
"""Columns of the neighbourhoods of one cell, the next when the one before was too small."""
PASSES = 1


def giants(search: Search, *, least: int) -> list[Index]:
    """The columns of every component with more than `least` columns that misses something."""
    labels, cells = search.labels, len(search.low)
    sizes = np.bincount(labels)
    wanted = np.unique(labels[:cells][search.missing])
    return [np.flatnonzero(labels == label) for label in wanted if sizes[label] > least]


def blocks(search: Search, *, least: int) -> Iterator[Index]:
    """Neighbourhoods of missing cells in large components, until each was in one; found while they are consumed."""
    cells = len(search.low)
    for columns in giants(search, least=least):
        for _ in range(PASSES):
            seen = np.zeros(len(search.labels), bool)
            inner = columns[columns < cells]
            for column in inner[search.missing[inner]].tolist():
                if seen[column]:
                    continue
                block = near(search, column, BLOCK)
                seen[block] = True
                yield block


def around(search: Search, column: int) -> Iterator[Program]:
    """Programs over growing neighbourhoods of one cell."""
    for size in GROWTH:
        yield program.restricted(
            search.given, search.by_column, near(search, column, size), reach=program.NEAR, vertices=False
        )


def near(search: Search, column: int, size: int) -> Index:
    """About `size` columns that can change, those that share the fewest sums with the cell first; ascending."""
    rows, columns = search.given.rows, search.by_column
    found = _spread(
        (rows.indptr, rows.indices), (columns.indptr, columns.indices), search.given.free, column, size
    )
    return np.sort(found)


@numba.njit(cache=True)
def _spread(
    rows: tuple[NDArray[np.int32], NDArray[np.int32]],
    columns: tuple[NDArray[np.int32], NDArray[np.int32]],
    free: NDArray[np.bool_],
    first: int,
    size: int,
) -> Index:
    found = np.empty(len(free), np.int64)
    reached, used = np.zeros(len(free), np.bool_), np.zeros(len(rows[0]) - 1, np.bool_)
    found[0], reached[first], count, i = first, True, 1, 0
    while i < count and count < size:
        c = found[i]
        i += 1
        for e in range(columns[0][c], columns[0][c + 1]):
            r = columns[1][e]
            if used[r]:
                continue
            used[r] = True
            for k in range(rows[0][r], rows[0][r + 1]):
                other = rows[1][k]
                if free[other] and not reached[other]:
                    reached[other] = True
                    found[count] = other
                    count += 1
    return found[:count]
