"""Alternative tables in whole numbers, found by walking: one short change of the null space after the other.

Every column of a basis of the null space in whole numbers is a change that no published sum sees (a move, as in
Diaconis and Sturmfels 1998). From the true table, moves are applied as far as the bounds allow and as the cells that
are not yet known to be wide need. The tables reached prove what is possible over the integers, and nothing impossible.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize.chain import indexed, stretch
from anonymize.goals import UNBOUNDED, Goals, short
from anonymize.nullspace import Basis
from anonymize.program import Vector
from anonymize.relations import Index
from anonymize.system import System

RESTART = 10
"""After so many tables the walk starts again from the truth."""
TABLES = 110
PATIENCE = 3
"""After so many tables in a row that gain too little, the next stage is tried, and in the end none."""
STAGES = ((0, 0.01), (1, 0.02), (4, 0.05))
"""Effort of the chains (0: single moves alone) and the share of the missing cells that a table must gain."""
QUICK = ((0, 0.03), (1, 0.06))
"""The same where it does not matter that the tables are in whole numbers: programs are quicker then."""
LONGEST = 10_000
"""Chains go one step at a time: not to protection levels of amounts, which may be billions of steps away."""


def walk(
    given: System, moves: Basis, goals: Goals, low: Vector, high: Vector, *, seed: int, quick: bool = False
) -> NDArray[np.int64]:
    """Alternative tables that widen `low` and `high` (in place, one entry per cell of `goals`).

    Args:
        given: The equations and bounds; its first columns are the cells of `goals`.
        moves: A basis of the changes that the equations do not see.
        goals: What each cell needs.
        low: The smallest value seen so far per cell.
        high: The largest.
        seed: For the order of the moves.
        quick: Whether to give up early.

    Returns:
        The changes, Int64, tables x columns of the system.
    """
    rng = np.random.default_rng(seed)
    cells = len(goals.need)
    now, idle = given.truth.copy(), 0
    found: list[Index] = []
    furthest = max(goals.below.max(initial=0), goals.above.max(initial=0))
    stages = list(QUICK if quick else STAGES)[: None if furthest <= LONGEST else 1]
    chains = indexed(moves, len(given.truth))
    missing = np.flatnonzero(short(goals, given.truth[:cells], low, high))
    while len(found) < TABLES and len(missing) and stages:
        if len(found) % RESTART == 0:
            now = given.truth.copy()
        targets = _targets(given, goals, low, high)
        _swept(given, moves, now, (missing, *targets), rng)
        effort, gain = stages[0]
        if effort:
            bounds = given.lower.copy(), given.upper.copy()
            turn = int(rng.integers(1 << 30))
            stretch(chains, now, bounds, targets, rng.permutation(missing), (effort, turn))
        found.append(now - given.truth)
        np.minimum(low, now[:cells], out=low)
        np.maximum(high, now[:cells], out=high)
        before, missing = len(missing), np.flatnonzero(short(goals, given.truth[:cells], low, high))
        idle = idle + 1 if len(missing) > (1 - gain) * before else 0
        if idle == PATIENCE:
            stages, idle = stages[1:], 0
    return np.array(found, np.int64).reshape(len(found), len(given.truth))


def _swept(
    given: System,
    moves: Basis,
    now: Index,
    wanted: tuple[Index, Index, Index],
    rng: np.random.Generator,
) -> None:
    """Every move twice, in random order; `now` changes in place."""
    missing, up, down = wanted
    is_open = np.zeros(len(now), bool)
    is_open[missing] = True
    columns = np.flatnonzero(moves.whole)
    for _ in range(2):
        order, ways = rng.permutation(columns), rng.choice(np.array([-1, 1]), len(columns))
        _sweep(
            (moves.start, moves.cells, moves.values), (order, ways),
            (now, given.truth, given.lower, given.upper), (is_open, up, down),
        )  # fmt: skip


def _targets(given: System, goals: Goals, low: Vector, high: Vector) -> tuple[Index, Index]:
    """How far up or else down each column is to go for its cell to be wide; columns without a goal stay."""
    cells = len(goals.need)
    truth = given.truth[:cells]
    up, down = given.truth.copy(), given.truth.copy()
    lowest, highest = np.ceil(low - 1e-6).astype(np.int64), np.floor(high + 1e-6).astype(np.int64)
    up[:cells] = np.maximum(np.minimum(lowest + goals.need - 1, UNBOUNDED), truth + goals.above)
    down[:cells] = np.minimum(highest - goals.need + 1, truth - goals.below)
    return np.minimum(up, given.upper), np.maximum(down, given.lower)


@numba.njit(cache=True)
def _sweep(
    moves: tuple[Index, NDArray[np.int32], Index],
    turns: tuple[Index, Index],
    table: tuple[Index, Index, Index, Index],
    wanted: tuple[NDArray[np.bool_], Index, Index],
) -> None:
    """Applies every move once, in the better of its two ways, if it brings open cells nearer to their targets."""
    start, members, values = moves
    order, ways = turns
    now = table[0]
    for k in range(len(order)):
        s, e = start[order[k]], start[order[k] + 1]
        cells, change = members[s:e], values[s:e]
        wants = False
        for c in cells:
            if wanted[0][c]:
                wants = True
                break
        if not wants:
            _drift(cells, change, ways[k], table)
            continue
        steps, gain = _worth(cells, change, ways[k], table, wanted)
        back, other = _worth(cells, change, -ways[k], table, wanted)
        if max(gain, other) <= 0:
            if gain == 0 and other == 0:
                _drift(cells, change, ways[k], table)
            continue
        by = steps * ways[k] if gain >= other else -back * ways[k]
        for i in range(e - s):
            now[cells[i]] += by * change[i]


@numba.njit(cache=True)
def _worth(
    cells: NDArray[np.int32],
    change: Index,
    way: int,
    table: tuple[Index, Index, Index, Index],
    wanted: tuple[NDArray[np.bool_], Index, Index],
) -> tuple[int, int]:
    """How often the change fits and is wanted, and what that gains the open cells in all."""
    now, truth, lower, upper = table
    is_open, up, down = wanted
    most, far = 1 << 40, 0
    for i in range(len(cells)):
        c, x = cells[i], way * change[i]
        room = (upper[c] - now[c]) // x if x > 0 else (now[c] - lower[c]) // -x
        most = min(most, room)
        if most <= 0:
            return 0, 0
        if is_open[c]:
            gap = up[c] - now[c] if x > 0 else now[c] - down[c]
            if gap > 0:
                far = max(far, -(-gap // abs(x)))
    steps, gain = min(most, far), 0
    for i in range(len(cells)):
        c, x = cells[i], way * change[i]
        if not is_open[c]:
            continue
        gap, done = (up[c] - now[c], truth[c] - now[c]) if x > 0 else (now[c] - down[c], now[c] - truth[c])
        # What it had gained the other way in this table is lost.
        gain += min(max(gap, 0), steps * abs(x)) - min(max(done, 0), steps * abs(x))
    return steps, gain


@numba.njit(cache=True)
def _drift(
    cells: NDArray[np.int32], change: Index, way: int, table: tuple[Index, Index, Index, Index]
) -> None:
    now, _, lower, upper = table
    for i in range(len(cells)):
        c, x = cells[i], way * change[i]
        if now[c] + x > upper[c] or now[c] + x < lower[c]:
            return
    for i in range(len(cells)):
        now[cells[i]] += way * change[i]
