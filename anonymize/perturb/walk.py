"""A walk through the tables that readers cannot tell from the true one: every cell it changes is not known exactly.

Each step adds or takes one person in a leaf cell, moves one between two leaf cells, or exchanges two over a rectangle
of leaf cells, and is taken back when a cell would leave its bounds. All tables on the way are
tables of whole counts that add up, so what they show is proven.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize.hierarchy import Hierarchy
from anonymize.perturb.envelope import Bounds
from anonymize.perturb.structure import containing

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]

STEPS = 16
"""Steps per leaf cell in question in the first round, doubled in each; half of them begin at such a cell."""
LEAST = 8
"""A round has at least so many steps per leaf cell."""
ROUNDS, PATIENCE = 13, 8
"""The walk ends after so many rounds, or when a round after the first few shows nothing new."""


class Ground(NamedTuple):
    """Where the walk goes.

    Attributes:
        start: The cells that hold leaf cell i are holders[start[i] : start[i + 1]].
        holders: See `start`.
        stride: Leaf cell i and i + stride[a] * k differ in their code along axis a only.
        size: Leaf codes per axis.
        lower: What each cell is at least.
        upper: What each cell is at most.
        truth: The true counts.
    """

    start: Index
    holders: Index
    stride: Index
    size: Index
    lower: Index
    upper: Index
    truth: Index


class Reached(NamedTuple):
    """The least and the largest count of each cell over all tables on the way."""

    low: Index
    high: Index


def reached(
    hierarchies: list[Hierarchy], truth: Index, bounds: Bounds, *, todo: tuple[Mask, Mask]
) -> Reached:
    """What other possible tables show.

    Args:
        hierarchies: The dimensions.
        truth: The true counts, one per cell of the product of all codes.
        bounds: What an attacker knows.
        todo: Cells for which another count is sought, and cells for which zero is sought.
    """
    shape = tuple(len(h.codes) for h in hierarchies)
    codes = [np.flatnonzero([code in set(h.leaves) for code in h.codes]) for h in hierarchies]
    size = np.array([len(axis) for axis in codes], np.int64)
    cells = np.ravel_multi_index(np.ix_(*codes), shape).ravel().astype(np.int64)
    stride = np.array([int(np.prod(size[a + 1 :])) for a in range(len(size))], np.int64)
    ground = Ground(*containing(hierarchies, cells), stride, size, bounds.lower, bounds.upper, truth)
    return _walked(ground, todo)


def _walked(ground: Ground, todo: tuple[Mask, Mask]) -> Reached:
    other, zero = todo
    found, table = Reached(ground.truth.copy(), ground.truth.copy()), ground.truth.copy()
    waiting = other | zero
    for turn in range(ROUNDS):
        wanted = np.flatnonzero(np.logical_or.reduceat(waiting[ground.holders], ground.start[:-1]))
        if not len(wanted):
            break
        steps = (STEPS << turn) * len(wanted) + LEAST * len(ground.start)
        _walk(ground, wanted, (steps, turn + 1), (table, found))
        before = waiting
        waiting = (other & (found.low == found.high)) | (zero & (found.low > 0))
        if turn >= PATIENCE and before.sum() == waiting.sum():
            break
    return found


@numba.njit(cache=True)
def _walk(ground: Ground, wanted: Index, plan: tuple[int, int], state: tuple[Index, Reached]) -> None:
    """Goes on from a table for some steps; every other one begins at a wanted leaf cell (a position)."""
    (steps, turn), (table, found) = plan, state
    cells, change = np.zeros(4, np.int64), np.zeros(4, np.int64)
    luck = np.uint64(0x9E3779B97F4A7C15) * np.uint64(turn)
    for step in range(steps):
        luck = _next(luck)
        begin = np.int64(luck >> np.uint64(20)) % (len(ground.start) - 1)
        if step % 2:
            begin = wanted[np.int64(luck >> np.uint64(20)) % len(wanted)]
        luck = _next(luck)
        count = _propose(ground, begin, np.int64(luck >> np.uint64(4)), (cells, change))
        _try(ground, table, (cells[:count], change[:count]), found)


@numba.njit(cache=True)
def _next(state: Any) -> Any:
    """Xorshift: the same walk on every machine."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    return state


@numba.njit(cache=True)
def _propose(ground: Ground, begin: Any, luck: Any, move: tuple[Index, Index]) -> int:
    """Fills in one, two or four leaf cells and their changes; how many."""
    cells, change = move
    axes = len(ground.size)
    rest = luck
    sign = 1 if rest & 1 else -1
    kind = (rest >> 1) % 3
    rest >>= 4
    cells[0], change[0] = begin, sign
    if kind == 0:
        return 1
    axis = rest % axes
    rest >>= 4
    cells[1], change[1] = _beside(ground, begin, axis, rest), -sign
    if kind == 1 or axes == 1:
        return 2
    other = (axis + 1 + (rest >> 20) % (axes - 1)) % axes
    rest >>= 24
    cells[2], change[2] = _beside(ground, begin, other, rest), -sign
    cells[3], change[3] = cells[1] + cells[2] - begin, sign
    return 4


@numba.njit(cache=True)
def _beside(ground: Ground, cell: Any, axis: Any, luck: Any) -> Any:
    """A leaf cell with another code along an axis (the same cell when there is none)."""
    size, stride = ground.size[axis], ground.stride[axis]
    here = (cell // stride) % size
    if size == 1:
        return cell
    there = (here + 1 + luck % (size - 1)) % size
    return cell + (there - here) * stride


@numba.njit(cache=True)
def _try(ground: Ground, table: Index, move: tuple[Index, Index], found: Reached) -> None:
    """Makes a move and remembers what it reached, or takes it back when a cell leaves its bounds."""
    cells, change = move
    for i in range(len(cells)):
        for k in range(ground.start[cells[i]], ground.start[cells[i] + 1]):
            table[ground.holders[k]] += change[i]
    fits = True
    for i in range(len(cells)):
        for k in range(ground.start[cells[i]], ground.start[cells[i] + 1]):
            c = ground.holders[k]
            if table[c] < ground.lower[c] or table[c] > ground.upper[c]:
                fits = False
    for i in range(len(cells)):
        for k in range(ground.start[cells[i]], ground.start[cells[i] + 1]):
            c = ground.holders[k]
            if not fits:
                table[c] -= change[i]
            else:
                found.low[c] = min(found.low[c], table[c])
                found.high[c] = max(found.high[c], table[c])
