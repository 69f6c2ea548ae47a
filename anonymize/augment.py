"""The cheapest changes that move sensitive cells far enough: what they move is what to hide.

A change of the table that keeps every published sum is an alternative an attacker cannot rule out, once all
the cells it moves are hidden. Finding the cheapest one is a linear program (least sum of counts moved;
Fischetti and Salazar 2001, without the branching), solved over the neighbourhood of the cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anonymize import program
from anonymize.attack import View, hideable, view
from anonymize.goals import TOLERANCE, Goals, short, take, weight
from anonymize.grid import rows as rows_of
from anonymize.hierarchy import Hierarchy
from anonymize.known import Earlier
from anonymize.policy import Protection
from anonymize.program import Vector
from anonymize.projection import directions
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
FEW, MORE = 1_500, 6_000
"""How many published cells may move in a search: the cheapest. What is hidden may move in any."""
SEARCHES = (
    (0, FEW, SMALL), (1, FEW, SMALL), (2, MORE, SMALL), (0, FEW, 4 * SMALL), (1, FEW, 4 * SMALL), (2, MORE, 4 * SMALL),
    (0, MORE, np.inf), (1, MORE, np.inf), (2, MORE, np.inf), (2, WIDEST, np.inf),
)  # fmt: skip
"""For one cell: how wide its neighbourhood is, and which published cells may move."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A table under repair; `hidden`, `low` and `high` (per row of `Table.cells`) grow in place.

    Attributes:
        low: The smallest value that some alternative table shows.
        high: The largest.
        goals: What must hold for each row.
        room: The attacker's view if everything were hidden that can be; sums by column.
    """

    table: Table
    policy: Protection
    relations: Relations
    earlier: Earlier
    hidden: Mask
    low: Vector
    high: Vector
    goals: Goals
    room: View

    @property
    def unit(self) -> float:
        """What stands for one counted person in the costs."""
        return weight(self.goals, self.goals.cost > 0)


def seen(scene: Scene, hidden: Mask) -> View:
    """The attacker's view if these cells were hidden."""
    return view(
        scene.table, hidden, scene.policy,
        relations=scene.relations, earlier=scene.earlier, promise=scene.goals,
    )  # fmt: skip


def missing(scene: Scene) -> Index:
    """Rows not yet shown to be wide enough."""
    lacking = short(scene.goals, scene.table.values, scene.low, scene.high)
    return np.flatnonzero(lacking & ~scene.earlier.revealed)


def scene(
    table: Table,
    policy: Protection,
    public: tuple[Relations, Earlier],
    state: tuple[Mask, Vector, Vector],
    goals: Goals,
) -> Scene:
    """A table under repair.

    Args:
        table: The table.
        policy: The promises.
        public: The sums, and what was published before.
        state: Hidden rows, and the smallest and the largest values that alternative tables show.
        goals: What must hold.
    """
    relations, earlier = public
    everything = hideable(table, policy, earlier)
    room = view(table, everything, policy, relations=relations, earlier=earlier, promise=goals)
    by_column = replace(room, sums=room.sums.tocsc())
    return Scene(table, policy, relations, earlier, *state, goals, by_column)


def blocks(scene: Scene, rows: Index, *, level: int) -> Iterator[tuple[Index, View]]:
    """Groups rows whose codes share their sums; each group with its neighbourhood.

    Args:
        scene: The table under repair.
        rows: The rows to group.
        level: How many further sums up they share, in every dimension.
    """
    if not len(rows):
        return
    hierarchies = list(scene.table.dimensions.values())
    width = len(scene.table.measures)
    place = [*scene.table.grid.places[rows // width].T, rows % width]
    tops = [_tops(h, level) for h in hierarchies]
    numbers = [np.unique(names, return_inverse=True)[1] for names in tops]
    keys = [number[p] for number, p in zip(numbers, place, strict=False)]
    # Measures that no subset ties together are searched apart.
    apart = not scene.policy.subsets
    keys.append(place[-1] if apart else np.zeros(len(rows), np.int64))
    _, first, group = np.unique(np.array(keys), axis=1, return_index=True, return_inverse=True)
    for g, one in enumerate(first.tolist()):
        codes = [
            _under(h, names[int(p[one])], level)
            for h, names, p in zip(hierarchies, tops, place, strict=False)
        ]
        near = _product(scene.table, codes)
        own = near % width == place[-1][one]
        yield rows[group.ravel() == g], _around(scene, near[own] if apart else near, FEW, SMALL)


def push(scene: Scene, rows: Index, seen: View, *, reward: float, seed: int) -> None:
    """Moves many rows at once as far as they need, where that costs less than `reward` per step.

    One way and then the other, by the signs of a random null vector: rows that must move together are pushed
    the same way, and the pushes can be met all at once.

    Args:
        scene: Updated with what the change moves.
        rows: The rows to move.
        seen: Their neighbourhood.
        reward: Worth of one step of one row.
        seed: For the null vector.
    """
    if len(seen.cells) > JOINT:
        return
    place = np.searchsorted(seen.cells, rows)
    signs = np.where(directions(seen, seed, vectors=1)[place, 0] < 0, -1.0, 1.0)
    for way in (signs, -signs):
        _push(scene, seen, place, reward=reward, signs=way)


def _push(scene: Scene, seen: View, place: Index, *, reward: float, signs: Vector) -> None:
    rows = seen.cells[place]
    own, truth = take(seen.goals, place), seen.truth[place]
    up = np.maximum(own.above, scene.low[rows] + own.need - 1 - truth)
    down = np.minimum(truth - own.lower, np.maximum(own.below, truth - scene.high[rows] + own.need - 1))
    distance = np.maximum(np.where(signs > 0, up, down), 0)
    change = _solve(scene, seen, scene.hidden, _Wish(place, signs, distance, reward * scene.unit))
    if change is not None:
        adopt(scene, seen.cells, change)


def alone(scene: Scene, row: int) -> bool:
    """Hides what one row needs, in growing neighbourhoods; whether a way was found."""
    for level, most, dearest in SEARCHES:
        place = scene.table.grid.places[row // len(scene.table.measures)]
        codes = [
            _family(h, h.codes[int(p)], level)
            for h, p in zip(scene.table.dimensions.values(), place, strict=True)
        ]
        near = _product(scene.table, codes)
        if len(near) <= WIDEST and _two_ways(scene, _around(scene, near, most, dearest), row):
            return True
    return False


def adopt(scene: Scene, rows: Index, change: Vector) -> None:
    """Hides what a change moves, and notes the values it shows to be possible."""
    moved = np.abs(change) > TOLERANCE
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
    reward: float | None


def _around(scene: Scene, near: Index, most: int, dearest: float) -> View:
    """The attacker's view if what is near were hidden: at most so many published cells, none of a larger count."""
    cells, goals = scene.room.cells, scene.goals
    columns = np.minimum(np.searchsorted(cells, near), len(cells) - 1)
    columns = columns[cells[columns] == near]
    price = np.where(scene.hidden[cells[columns]], -1, goals.cost[cells[columns]])
    order = np.argsort(price, kind="stable")[: most + int((price < 0).sum())]
    columns = columns[order[price[order] <= dearest * scene.unit]]
    return _within(scene, np.sort(columns))


def _within(scene: Scene, columns: Index) -> View:
    """The attacker's view if these columns of the room were hidden and nothing else could move."""
    room = scene.room
    place = np.full(len(room.cells), -1, np.int64)
    place[columns] = np.arange(len(columns))
    part, whole = place[room.part], place[room.whole]
    lower, upper = room.goals.lower.copy(), room.goals.upper.copy()
    capped, raised = (part >= 0) & (whole < 0), (part < 0) & (whole >= 0)
    np.minimum.at(upper, room.part[capped], room.truth[room.whole[capped]])
    np.maximum.at(lower, room.whole[raised], room.truth[room.part[raised]])
    both = (part >= 0) & (whole >= 0)
    sums = room.sums[:, columns].tocsr()
    return View(
        room.cells[columns], sums[np.diff(sums.indptr) > 0], part[both], whole[both], room.truth[columns],
        take(replace(room.goals, lower=lower, upper=upper), columns),
    )  # fmt: skip


def _two_ways(scene: Scene, seen: View, row: int) -> bool:
    """Takes the cheaper of two ways to be wide: over the smallest values, or from the true value up."""
    place = int(np.searchsorted(seen.cells, row))
    if place == len(seen.cells) or seen.cells[place] != row:
        return False
    best, price = None, np.inf
    for way in _ways(seen, place):
        changes = _both(scene, seen, place, way)
        if changes is None:
            continue
        added = np.any(np.abs(changes) > TOLERANCE, axis=0) & ~scene.hidden[seen.cells]
        cost = float((seen.goals.cost[added] + PER_CELL * scene.unit).sum())
        if cost < price:
            best, price = changes, cost
    for change in [] if best is None else best:
        adopt(scene, seen.cells, change)
    return best is not None


def _ways(seen: View, place: int) -> list[tuple[int, int]]:
    """How far up and down a column may go to be wide: where it has no levels of its own, anywhere."""
    need, truth = int(seen.goals.need[place]), int(seen.truth[place])
    above, below = int(seen.goals.above[place]), int(seen.goals.below[place])
    lowest = max(int(seen.goals.lower[place]), truth - need + 1)
    ways = {(lowest + need - 1 - truth, lowest - truth), (need - 1, 0)}
    return sorted({(max(up, above), min(down, -below)) for up, down in ways})


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
        free[seen.cells[np.abs(change) > TOLERANCE]] = True
        changes.append(change)
    return np.array(changes).reshape(-1, len(seen.cells))


def _solve(scene: Scene, seen: View, free: Mask, wish: _Wish) -> Vector | None:
    """The change of least cost; ups and downs are separate columns."""
    from scipy.sparse import hstack

    n, unit, reach = len(seen.cells), *_scale(seen)
    rows, *bounds = program.constraints(seen, np.arange(n), reach=reach)
    row_low, row_high, low, high, distance = (bound / unit for bound in (*bounds, wish.distance))
    floor, ceiling = np.zeros(2 * n), np.concatenate([high, -low])
    price = seen.goals.cost + PER_CELL * scene.unit
    cost = np.tile(np.where(free[seen.cells], FREE, price), 2)
    ahead = np.where(wish.signs > 0, wish.place, n + wish.place)
    ceiling[ahead] = np.minimum(distance, ceiling[ahead])
    ceiling[np.where(wish.signs > 0, n + wish.place, wish.place)] = 0
    if wish.reward is None:
        if (ceiling[ahead] < distance).any():
            return None
        floor[ahead] = distance
    else:
        cost[ahead] = FREE - wish.reward
    model = program.pose(hstack([rows, -rows]).tocsr(), row_low, row_high, floor, np.maximum(ceiling, 0))
    change = program.extreme(replace(model, unit=unit), cost)
    if change is None or not program.optimal(model):
        return None
    moved = change[:n] - change[n:]
    # What the solver moves by less than it is right to does not move.
    return np.where(np.abs(moved) <= TOLERANCE * unit, 0.0, moved)


def _scale(seen: View) -> tuple[float, float]:
    """The unit of a program, and how far cells may move in it: amounts go further than counts (`program.build`)."""
    widest = float(max(seen.goals.below.max(initial=0), seen.goals.above.max(initial=0)))
    return max(1.0, widest / program.EXACT), max(program.FAR, program.REACH * widest)


def _tops(hierarchy: Hierarchy, level: int) -> list[str]:
    """Per code the total `level` + 1 sums above it, or the highest there is; the first of several."""
    total: dict[str, str] = {}
    for parent, children in hierarchy.relations:
        for child in children:
            total.setdefault(child, parent)
    tops = list(hierarchy.codes)
    for _ in range(level + 1):
        tops = [total.get(code, code) for code in tops]
    return tops


def _under(hierarchy: Hierarchy, code: str, level: int) -> set[str]:
    """A code and the codes down to `level` + 1 sums below it, by every grouping."""
    found = {code}
    for _ in range(level + 1):
        found |= {c for total, parts in hierarchy.relations if total in found for c in parts}
    return found | _pieces(hierarchy, found)


def _family(hierarchy: Hierarchy, code: str, level: int) -> set[str]:
    """The codes that share a sum with the code, `level` steps further."""
    family = {code}
    for _ in range(level + 1):
        family |= {
            c for total, parts in hierarchy.relations for c in (total, *parts) if family & {total, *parts}
        }
    return family | _pieces(hierarchy, family)


def _pieces(hierarchy: Hierarchy, codes: set[str]) -> set[str]:
    """The codes that are never published among the parts of these: what moves with them without being shown."""
    parts = {c for total, parts in hierarchy.relations if total in codes for c in parts}
    return parts & hierarchy.unseen


def _product(table: Table, codes: list[set[str]]) -> Index:
    """Rows of the table for all combinations of codes, all measures."""
    chosen = [
        np.array([i for i, code in enumerate(h.codes) if code in own], np.int64)
        for h, own in zip(table.dimensions.values(), codes, strict=True)
    ]
    width = len(table.measures)
    return np.asarray(np.add.outer(rows_of(table.grid, chosen) * width, np.arange(width)).ravel())
