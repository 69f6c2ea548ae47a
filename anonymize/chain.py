"""Chains of moves: where one move would break a bound, a second one mends it, and a third what the second broke."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize.nullspace import Basis
from anonymize.relations import Index

LENGTH = 10
CHOICE = 10
"""So many moves are compared at each link of a chain."""
STARTS = 3
"""So many moves of a cell are tried as the first link."""


class Moves(NamedTuple):
    """Moves in whole numbers, by move and by cell; `cell_start[c]` to `cell_start[c + 1]` are the moves of cell c."""

    start: Index
    cells: NDArray[np.int32]
    values: Index
    cell_start: Index
    cell_move: Index
    cell_value: Index


def indexed(basis: Basis, cells: int) -> Moves:
    """The whole moves of a basis, with an index by cell."""
    owner = np.repeat(np.arange(len(basis.own)), np.diff(basis.start))
    usable = np.flatnonzero(basis.whole[owner])
    order = usable[np.argsort(basis.cells[usable], kind="stable")]
    begin = np.searchsorted(basis.cells[order], np.arange(cells + 1))
    return Moves(basis.start, basis.cells, basis.values, begin, owner[order], basis.values[order])


@numba.njit(cache=True)
def stretch(
    moves: Moves,
    now: Index,
    bounds: tuple[Index, Index],
    targets: tuple[Index, Index],
    cells: Index,
    turn: tuple[int, int],
) -> None:
    """Brings cells one after the other to one of their two targets, by chains that end within all bounds.

    `turn`: how hard to try, and the seed.
    """
    lower, upper = bounds
    effort, seed = turn
    np.random.seed(seed)
    for c in cells:
        up = targets[0][c] > now[c] and np.random.randint(2) == 0
        if not up and targets[1][c] >= now[c]:
            up = True
        goal = targets[0][c] if up else targets[1][c]
        while (goal - now[c] > 0) if up else (now[c] - goal > 0):
            if not _step(moves, now, lower, upper, c, 1 if up else -1, effort):
                break


@numba.njit(cache=True)
def _step(moves: Moves, now: Index, lower: Index, upper: Index, c: int, sign: int, effort: int) -> bool:
    """Moves one cell a step up or down, if a chain does it."""
    first, count = moves.cell_start[c], moves.cell_start[c + 1] - moves.cell_start[c]
    if count == 0:
        return False
    # The cell itself must not be pushed back.
    kept = lower[c], upper[c]
    if sign > 0:
        lower[c] = now[c] + 1
    else:
        upper[c] = now[c] - 1
    offset, done = np.random.randint(count), False
    for i in range(min(count, STARTS * effort)):
        e = first + (offset + i) % count
        way = 1 if moves.cell_value[e] * sign > 0 else -1
        if _mended(moves, now, lower, upper, moves.cell_move[e], way, effort):
            done = True
            break
    lower[c], upper[c] = kept
    return done


@numba.njit(cache=True)
def _mended(moves: Moves, now: Index, lower: Index, upper: Index, move: int, way: int, effort: int) -> bool:
    """Applies a move and what mends it; nothing at all if that fails."""
    trail, ways = np.empty(LENGTH, np.int64), np.empty(LENGTH, np.int64)
    trail[0], ways[0], links = move, way, 1
    broken = _apply(moves, now, lower, upper, move, way)
    while broken >= 0 and links < LENGTH:
        move, way = _mending(moves, now, lower, upper, broken, CHOICE * effort)
        if move < 0:
            break
        trail[links], ways[links] = move, way
        links += 1
        broken = _apply(moves, now, lower, upper, move, way)
        if broken < 0:
            for i in range(links):
                broken = max(broken, _broken(moves, now, lower, upper, trail[i]))
    if broken < 0:
        return True
    for i in range(links):
        _apply(moves, now, lower, upper, trail[i], -ways[i])
    return False


@numba.njit(cache=True)
def _apply(moves: Moves, now: Index, lower: Index, upper: Index, move: int, way: int) -> int:
    """Applies a move; a cell of it that is out of bounds then, or -1."""
    for e in range(moves.start[move], moves.start[move + 1]):
        now[moves.cells[e]] += way * moves.values[e]
    return _broken(moves, now, lower, upper, move)


@numba.njit(cache=True)
def _broken(moves: Moves, now: Index, lower: Index, upper: Index, move: int) -> int:
    for e in range(moves.start[move], moves.start[move + 1]):
        c = moves.cells[e]
        if now[c] < lower[c] or now[c] > upper[c]:
            return int(c)
    return -1


@numba.njit(cache=True)
def _mending(moves: Moves, now: Index, lower: Index, upper: Index, c: int, choice: int) -> tuple[int, int]:
    """The move of a cell out of bounds that brings all cells nearest to their bounds; -1 if none brings them nearer."""
    first, count = moves.cell_start[c], moves.cell_start[c + 1] - moves.cell_start[c]
    sign = 1 if now[c] < lower[c] else -1
    best, best_way, least = -1, 1, 0
    offset = np.random.randint(max(count, 1))
    for i in range(min(count, choice)):
        e = first + (offset + i) % count
        move, way = moves.cell_move[e], (1 if moves.cell_value[e] * sign > 0 else -1)
        worse = 0
        for k in range(moves.start[move], moves.start[move + 1]):
            d = moves.cells[k]
            after = now[d] + way * moves.values[k]
            worse += max(lower[d] - after, 0) + max(after - upper[d], 0)
            worse -= max(lower[d] - now[d], 0) + max(now[d] - upper[d], 0)
            if worse >= 8:
                break
        if worse < least:
            best, best_way, least = move, way, worse
    return best, best_way
