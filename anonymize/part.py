"""A part of a task that can be decided by itself: whole components of the hidden cells; compiled."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize.greedy import Problem

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Scratch(NamedTuple):
    """Memory for `gather`, kept between calls: the stamp of the last visit per cell and per relation, and a place.

    Attributes:
        cell: Stamp per cell.
        relation: Stamp per relation.
        place: Number of a cell within the part.
    """

    cell: Index
    relation: Index
    place: Index


def scratch(problem: Problem) -> Scratch:
    """Memory for the parts of this problem."""
    cells, relations = len(problem.sensitive) + 1, problem.quota.shape[1]
    return Scratch(np.zeros(cells, np.int64), np.zeros(relations, np.int64), np.zeros(cells, np.int64))


@numba.njit(cache=True)
def gather(p: Problem, hidden: Mask, seeds: Index, memory: Scratch, stamp: int) -> tuple[Index, Index]:
    """The hidden cells that sums connect with `seeds` (hidden themselves), and these sums; both ascending."""
    queue, n = np.empty(len(hidden), np.int64), 0
    sums, n_sums = np.empty(p.quota.shape[1], np.int64), 0
    for c in seeds:
        if memory.cell[c] != stamp:
            memory.cell[c] = stamp
            queue[n] = c
            n += 1
    touch, touching, start, members = p.touch, p.touching, p.start, p.members
    seen, summed, i = memory.cell, memory.relation, 0
    while i < n:
        c = queue[i]
        i += 1
        for k in range(touch[c], touch[c + 1]):
            r = touching[k]
            if summed[r] == stamp:
                continue
            summed[r] = stamp
            sums[n_sums] = r
            n_sums += 1
            for e in range(start[r], start[r + 1]):
                q = members[e]
                if q >= 0 and hidden[q] and seen[q] != stamp:
                    seen[q] = stamp
                    queue[n] = q
                    n += 1
    return np.sort(queue[:n]), np.sort(sums[:n_sums])


@numba.njit(cache=True)
def reduce(p: Problem, cells: Index, sums: Index, memory: Scratch) -> tuple[Index, Index, Index, Mask]:
    """The sums without published parts.

    Args:
        p: The whole problem.
        cells: From `gather`.
        sums: From `gather`.
        memory: Scratch, as `gather` left it.

    Returns:
        The cells of the part (hidden ones and published totals, ascending); `start` and `members` as in `Relations`,
        numbered within the part; which of its cells are hidden.
    """
    seen, place, old_start, old_members = memory.cell, memory.place, p.start, p.members
    stamp = seen[cells[0]]
    top, n, length = np.empty(len(sums), np.int64), 0, len(sums)
    for r in sums:
        t = old_members[old_start[r]]
        if t >= 0 and seen[t] != stamp and seen[t] != -stamp:
            seen[t] = -stamp
            top[n] = t
            n += 1
        for e in range(old_start[r] + 1, old_start[r + 1]):
            length += seen[old_members[e]] == stamp
    every = np.sort(np.concatenate((cells, top[:n])))
    stays = np.empty(len(every), np.bool_)
    for i in range(len(every)):
        place[every[i]] = i
        stays[i] = seen[every[i]] == stamp
    start, members, k = np.empty(len(sums) + 1, np.int64), np.empty(length, np.int64), 0
    for j in range(len(sums)):
        r = sums[j]
        start[j] = k
        t = old_members[old_start[r]]
        members[k] = place[t] if t >= 0 else -1
        k += 1
        for e in range(old_start[r] + 1, old_start[r + 1]):
            if seen[old_members[e]] == stamp:
                members[k] = place[old_members[e]]
                k += 1
    start[len(sums)] = k
    return every, start, members, stays


@numba.njit(cache=True)
def linked(start: Index, members: Index, either: Mask) -> Index:
    """Per cell of a part the number of its component among the cells in `either` (-1 outside)."""
    label = np.full(len(either), -1, np.int64)
    root = np.arange(len(either))
    for r in range(len(start) - 1):
        first = -1
        for e in range(start[r], start[r + 1]):
            c = members[e]
            if c < 0 or not either[c]:
                continue
            a = c
            while root[a] != a:
                root[a] = root[root[a]]
                a = root[a]
            if first < 0:
                first = a
            else:
                root[max(a, first)] = min(a, first)
                first = min(a, first)
    for c in range(len(either)):
        if either[c]:
            a = c
            while root[a] != a:
                a = root[a]
            label[c] = a
    return label


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
