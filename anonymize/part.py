"""A part of a task: what surrounds a few cells; compiled."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize.greedy import Problem

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Scratch(NamedTuple):
    """Memory for `near`, kept between calls: the stamp of the last visit.

    Attributes:
        cell: Per cell.
        relation: Per relation.
    """

    cell: Index
    relation: Index


def scratch(problem: Problem) -> Scratch:
    """Memory for the parts of this problem."""
    cells, relations = len(problem.sensitive) + 1, problem.quota.shape[1]
    return Scratch(np.zeros(cells, np.int64), np.zeros(relations, np.int64))


@numba.njit(cache=True)
def near(p: Problem, hidden: Mask, seeds: Index, memory: Scratch, limit: tuple[int, int]) -> Index:
    """The seeds and the hidden cells that sums connect with them, nearest first until there are enough; ascending.

    Args:
        p: The whole problem.
        hidden: Its hidden cells.
        seeds: Cells to start from, hidden or not.
        memory: Scratch.
        limit: A new stamp, and from how many cells on no more are looked for.
    """
    stamp, most = limit
    queue, n = np.empty(len(hidden), np.int64), 0
    for c in seeds:
        if memory.cell[c] != stamp:
            memory.cell[c] = stamp
            queue[n] = c
            n += 1
    touch, touching, start, members = p.touch, p.touching, p.start, p.members
    seen, summed, i = memory.cell, memory.relation, 0
    while i < n < most:
        c = queue[i]
        i += 1
        for k in range(touch[c], touch[c + 1]):
            r = touching[k]
            if summed[r] == stamp:
                continue
            summed[r] = stamp
            for e in range(start[r], start[r + 1]):
                q = members[e]
                if q >= 0 and hidden[q] and seen[q] != stamp:
                    seen[q] = stamp
                    queue[n] = q
                    n += 1
    return np.sort(queue[:n])


@numba.njit(cache=True)
def quiet(p: Problem, hidden: Mask, cells: Index) -> Index:
    """Per cell how many of its sums hold no other hidden cell."""
    touch, touching, start, members = p.touch, p.touching, p.start, p.members
    count = np.zeros(len(cells), np.int64)
    for i in range(len(cells)):
        c = cells[i]
        for k in range(touch[c], touch[c + 1]):
            r = touching[k]
            alone = True
            for e in range(start[r], start[r + 1]):
                q = members[e]
                if q >= 0 and q != c and hidden[q]:
                    alone = False
                    break
            count[i] += alone
    return count
