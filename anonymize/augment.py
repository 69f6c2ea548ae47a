"""The cheapest changes that move sensitive cells far enough: what they move is what to hide.

A change of the table that keeps every published sum is an alternative an attacker cannot rule out, once all
the cells it moves are hidden. Finding the cheapest one is a linear program (least sum of counts moved;
Fischetti and Salazar 2001, without the branching), solved over the neighbourhood of the cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize import program
from anonymize.attack import View, hideable, view
from anonymize.exact import directions
from anonymize.hierarchy import Hierarchy
from anonymize.known import Earlier
from anonymize.policy import Protection
from anonymize.program import Vector
from anonymize.relations import Index, Relations
from anonymize.table import Table

Mask = NDArray[np.bool_]

PER_CELL = 8.0
"""What one more hidden cell costs beside its count."""
FREE = 1e-3
"""The cost of moving a cell that is hidden already: small, so that short ways are preferred."""
WIDEST = 60_000
"""Neighbourhoods larger than this are not searched."""
JOINT = 12_000
"""Joint searches over more cells take longer than the cells one by one."""
SMALL = 200
"""Published counts above this do not move in the first searches."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A table under repair; `hidden`, `low` and `high` (per row of `Table.cells`) grow in place.

    Attributes:
        low: The smallest value that some alternative table shows.
        high: The largest.
        need: How many integers must stay possible; 0 for cells that are not sensitive.
    """

    table: Table
    policy: Protection
    relations: Relations
    earlier: Earlier
    hidden: Mask
    low: Vector
    high: Vector
    need: Index


def missing(scene: Scene) -> Index:
    """Rows not yet shown to be wide enough."""
    left = np.floor(scene.high + program.TOLERANCE) - np.ceil(scene.low - program.TOLERANCE) + 1
    return np.flatnonzero((left < scene.need) & ~scene.earlier.revealed)


def blocks(scene: Scene, rows: Index, *, levels: Sequence[int]) -> Iterator[tuple[Index, Index]]:
    """Groups rows whose codes share their sums; each group with its neighbourhood.

    Args:
        scene: The table under repair.
        rows: The rows to group.
        levels: Per dimension how many further sums up they share.
    """
    hierarchies = list(scene.table.dimensions.values())
    place = np.unravel_index(rows, scene.table.shape)
    tops = [[_up(h, code, level) for code in h.codes] for h, level in zip(hierarchies, levels, strict=True)]
    numbers = [np.unique(names, return_inverse=True)[1] for names in tops]
    keys = [number[p] for number, p in zip(numbers, place, strict=False)]
    # Measures that no subset ties together are searched apart.
    apart = not scene.policy.subsets
    keys.append(place[-1] if apart else np.zeros(len(rows), np.int64))
    _, first, group = np.unique(np.array(keys), axis=1, return_index=True, return_inverse=True)
    for g, one in enumerate(first.tolist()):
        codes = [
            _under(h, names[int(p[one])], level)
            for h, names, p, level in zip(hierarchies, tops, place, levels, strict=False)
        ]
        near = _product(scene.table, codes)
        own = near % scene.table.shape[-1] == place[-1][one]
        yield rows[group.ravel() == g], near[own] if apart else near


def push(scene: Scene, rows: Index, near: Index, *, reward: float, seed: int) -> None:
    """Moves many rows at once as far as they need, where that costs less than `reward` per step.

    One way and then the other, by the signs of a random null vector: rows that must move together are pushed
    the same way, and the pushes can be met all at once.

    Args:
        scene: Updated with what the change moves.
        rows: The rows to move.
        near: The rows that may move.
        reward: Worth of one step of one row.
        seed: For the null vector.
    """
    seen = _around(scene, near, SMALL)
    if len(seen.cells) > JOINT:
        return
    place = np.searchsorted(seen.cells, rows)
    signs = np.where(directions(seen, seed, vectors=1, rough=True)[place, 0] < 0, -1.0, 1.0)
    for way in (signs, -signs):
        _push(scene, seen, place, reward=reward, signs=way)


def _push(scene: Scene, seen: View, place: Index, *, reward: float, signs: Vector) -> None:
    rows = seen.cells[place]
    room = np.where(
        signs > 0,
        scene.low[rows] + scene.need[rows] - 1 - seen.truth[place],
        np.minimum(
            seen.truth[place] - seen.lower[place], seen.truth[place] - scene.high[rows] + scene.need[rows] - 1
        ),
    )
    wish = np.maximum(room, 0)
    change = _solve(scene, seen, scene.hidden, _Wish(place, signs, wish, reward / (scene.need[rows] - 1)))
    if change is not None:
        adopt(scene, seen.cells, change)


def alone(scene: Scene, row: int) -> bool:
    """Hides what one row needs, in growing neighbourhoods; whether a way was found."""
    for level, small in ((0, SMALL), (0, None), (1, SMALL), (1, None), (2, None)):
        place = np.unravel_index(row, scene.table.shape)
        codes = [
            _family(h, h.codes[int(p)], level)
            for h, p in zip(scene.table.dimensions.values(), place, strict=False)
        ]
        near = _product(scene.table, codes)
        if len(near) <= WIDEST and _two_ways(scene, _around(scene, near, small), row):
            return True
    return False


def adopt(scene: Scene, rows: Index, change: Vector) -> None:
    """Hides what a change moves, and notes the values it shows to be possible."""
    moved = np.abs(change) > program.TOLERANCE
    rows, value = rows[moved], scene.table.values[rows[moved]] + change[moved]
    scene.hidden[rows] = True
    scene.low[rows] = np.minimum(scene.low[rows], value)
    scene.high[rows] = np.maximum(scene.high[rows], value)


@dataclass(frozen=True, slots=True)
class _Wish:
    """Columns to move, direction and distance of each; reward per step, or None: they must."""

    place: Index
    signs: Vector
    distance: Vector
    reward: Vector | None


def _around(scene: Scene, near: Index, small: int | None) -> View:
    """The attacker's view if everything near were hidden (large published counts aside)."""
    allowed = np.zeros(len(scene.hidden), bool)
    allowed[near] = True
    allowed &= hideable(scene.table, scene.policy, scene.earlier)
    if small is not None:
        allowed &= scene.hidden | (scene.table.values <= small)
    return view(scene.table, allowed, scene.policy, relations=scene.relations, earlier=scene.earlier)


def _two_ways(scene: Scene, seen: View, row: int) -> bool:
    """Takes the cheaper of two ways to be wide: over the smallest values, or from the true value up."""
    place = int(np.searchsorted(seen.cells, row))
    if place == len(seen.cells) or seen.cells[place] != row:
        return False
    need, truth, lowest = int(scene.need[row]), int(seen.truth[place]), int(seen.lower[place])
    best, price = None, np.inf
    for way in sorted({(lowest + need - 1 - truth, lowest - truth), (need - 1, 0)}):
        changes = _both(scene, seen, place, way)
        if changes is None:
            continue
        added = np.any(np.abs(changes) > program.TOLERANCE, axis=0) & ~scene.hidden[seen.cells]
        cost = float((seen.truth[added] + PER_CELL).sum())
        if cost < price:
            best, price = changes, cost
    for change in [] if best is None else best:
        adopt(scene, seen.cells, change)
    return best is not None


def _both(scene: Scene, seen: View, place: int, way: tuple[int, int]) -> Vector | None:
    """The least changes that move one column by each of the amounts, one row each."""
    free, changes = scene.hidden.copy(), []
    for amount in way:
        if amount == 0:
            continue
        wish = _Wish(np.array([place]), np.array([np.sign(amount)]), np.array([abs(amount)]), None)
        change = _solve(scene, seen, free, wish)
        if change is None:
            return None
        free[seen.cells[np.abs(change) > program.TOLERANCE]] = True
        changes.append(change)
    return np.array(changes).reshape(-1, len(seen.cells))


def _solve(scene: Scene, seen: View, free: Mask, wish: _Wish) -> Vector | None:
    """The change of least cost; ups and downs are separate columns."""
    from scipy.sparse import hstack

    n = len(seen.cells)
    rows, row_low, row_high, low, high = program.constraints(seen, np.arange(n), reach=program.FAR)
    floor, ceiling = np.zeros(2 * n), np.concatenate([high, -low])
    cost = np.tile(np.where(free[seen.cells], FREE, seen.truth + PER_CELL), 2)
    ahead = np.where(wish.signs > 0, wish.place, n + wish.place)
    ceiling[ahead] = np.minimum(wish.distance, ceiling[ahead])
    ceiling[np.where(wish.signs > 0, n + wish.place, wish.place)] = 0
    if wish.reward is None:
        if (ceiling[ahead] < wish.distance).any():
            return None
        floor[ahead] = wish.distance
    else:
        cost[ahead] = FREE - wish.reward
    model = program.pose(hstack([rows, -rows]).tocsr(), row_low, row_high, floor, np.maximum(ceiling, 0))
    change = program.extreme(model, cost)
    return None if change is None or not program.optimal(model) else change[:n] - change[n:]


def _up(hierarchy: Hierarchy, code: str, level: int) -> str:
    """The total `level` + 1 sums above a code, or the highest there is."""
    for _ in range(level + 1):
        code = next((total for total, parts in hierarchy.relations if code in parts), code)
    return code


def _under(hierarchy: Hierarchy, code: str, level: int) -> set[str]:
    """A code and the codes down to `level` + 1 sums below it."""
    found = {code}
    for _ in range(level + 1):
        found |= {c for total, parts in hierarchy.relations if total in found for c in parts}
    return found


def _family(hierarchy: Hierarchy, code: str, level: int) -> set[str]:
    """The codes that share a sum with the code, `level` steps further."""
    family = {code}
    for _ in range(level + 1):
        family |= {
            c for total, parts in hierarchy.relations for c in (total, *parts) if family & {total, *parts}
        }
    return family


def _product(table: Table, codes: list[set[str]]) -> Index:
    """Rows of the table for all combinations of codes, all measures."""
    axes = [
        np.array([i for i, code in enumerate(h.codes) if code in chosen])
        for h, chosen in zip(table.dimensions.values(), codes, strict=True)
    ]
    grid = np.meshgrid(*axes, np.arange(table.shape[-1]), indexing="ij")
    return np.sort(np.ravel_multi_index([g.ravel() for g in grid], table.shape))
