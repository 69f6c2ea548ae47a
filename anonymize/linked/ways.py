"""The cheapest changes of a joint system that bring doubt back: what they move of the table is what to hide.

As `anonymize.augment`, over the unknowns of several releases: cells that others have shown cannot move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anonymize import program
from anonymize.attack import View
from anonymize.goals import TOLERANCE
from anonymize.linked.attack import Broken
from anonymize.linked.joint import Joint, Reading, matrix, reading, restated, views
from anonymize.linked.persons import Known, known
from anonymize.relations import Index

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix, csr_matrix

Mask = NDArray[np.bool_]
Vector = NDArray[np.float64]

SEARCHES = ((1, 1_500), (2, 1_500), (3, 6_000), (5, 60_000), (99, 10**9))
"""How many sums away cells may move, and how many that are shown: the cheapest."""
PER_CELL = 8.0
"""What one more hidden cell costs beside its count."""
FREE = 1e-3
"""The cost of moving a cell that is hidden already."""
PERSONS = 20
"""So many people alone in cells near an unknown are kept from computing it, one by one."""


@dataclass(frozen=True, slots=True)
class Room:
    """Everything that is or could be unknown; `hidden` (per unknown) grows in place.

    Attributes:
        of: The system, as if everything were hidden that can be.
        read: What readers would know then.
        free: Unknowns that the table shows and could hide.
        hidden: Unknowns that nobody shows, or that are to be hidden.
        columns: The unknowns that could move.
        by_row: The equations over them, CSR.
        by_column: The same, CSC.
        touching: Which equations have which unknowns.
        own: Who knows which of the unknowns that could move.
    """

    of: Joint
    read: Reading
    free: Mask
    hidden: Mask
    columns: Index
    by_row: csr_matrix
    by_column: csc_matrix
    touching: csr_matrix
    own: Known


def cheapest(of: Joint, broken: Broken, free: Mask, earlier: int) -> Index:
    """The unknowns of a table to be hidden besides, so that the broken promises may hold; none if nothing helps.

    Args:
        of: The system.
        broken: What is given away.
        free: Unknowns that the table could hide.
        earlier: The number of earlier publications.
    """
    room = _room(of, broken, free, earlier)
    start = room.hidden.copy()
    for unknown, kind in sorted(broken.kinds.items()):
        if room.read.known[unknown]:
            continue
        before = int(room.hidden.sum())
        helped = _insider(room, unknown) if kind == "insider" else _wide(room, unknown)
        if helped and int(room.hidden.sum()) == before:
            # Fractions would do and whole numbers do not: a further cell beside it opens another way.
            _beside(room, unknown)
    return np.flatnonzero(room.hidden & ~start)


def _room(of: Joint, broken: Broken, free: Mask, earlier: int) -> Room:
    shown = [state.shown & ~free[state.variable] for state in of.states[earlier:]]
    opened = restated(of, earlier, shown)
    read = reading(opened, range(len(opened.states)))
    columns = np.flatnonzero(~read.known)
    place = np.full(len(read.known), -1, np.int64)
    place[columns] = np.arange(len(columns))
    every = np.arange(len(opened.found.start) - 1)
    rows, own = matrix(opened.found, every, place), known(opened, read, (columns, every))
    return Room(opened, read, free, ~broken.read.known, columns, rows, rows.tocsc(), abs(rows), own)


def _wide(room: Room, unknown: int) -> bool:
    """Makes an unknown wide enough for every promise."""
    for seen in _near(room, unknown):
        found = [_two_ways(room, view, unknown) for view in seen]
        if all(changes is not None for changes in found):
            for view, changes in zip(seen, found, strict=True):
                _adopt(room, view, changes or [])
            return True
    return False


def _two_ways(room: Room, seen: View, unknown: int) -> list[Vector] | None:
    """The cheaper of two ways to be wide: over the smallest values, or from the true value up."""
    place = int(np.searchsorted(seen.cells, unknown))
    need, truth = int(seen.goals.need[place]), int(seen.truth[place])
    above, below = int(seen.goals.above[place]), int(seen.goals.below[place])
    lowest = max(int(seen.goals.lower[place]), truth - need + 1)
    options = {(lowest + need - 1 - truth, lowest - truth), (need - 1, 0), (1, min(2 - need, 0))}
    best, price = None, np.inf
    for up, down in sorted({(max(up, above), min(down, -below)) for up, down in options}):
        moves = [(place, amount) for amount in (up, down) if amount]
        found = [change for move in moves if (change := _solve(room, seen, move)) is not None]
        cost = sum(_price(room, seen, change) for change in found)
        if len(found) == len(moves) and cost < price:
            best, price = found, cost
        if best is not None and not price:
            break
    return best


def _insider(room: Room, unknown: int) -> bool:
    """Lets an unknown move while what somebody else knows by their own record stands still."""
    what = room.columns[room.own.column]
    aware = np.isin(room.own.who, room.own.who[what == unknown])
    for seen in _near(room, unknown):
        view = seen[0]
        place = int(np.searchsorted(view.cells, unknown))
        near = np.flatnonzero(~aware & np.isin(what, view.cells))
        still, who = np.searchsorted(view.cells, what[near]), room.own.who[near]
        if _moved(room, view, place, np.setdiff1d(still, [place])):
            return True
        persons = [*dict.fromkeys(who[np.argsort(still, kind="stable")].tolist())][:PERSONS]
        if persons and all(_moved(room, view, place, still[who == person]) for person in persons):
            return True
    return False


def _moved(room: Room, seen: View, place: int, still: Index) -> bool:
    found = [_solve(room, seen, (place, amount), still) for amount in (1, -1)]
    changes = [change for change in found if change is not None]
    if changes:
        _adopt(room, seen, [min(changes, key=lambda change: _price(room, seen, change))])
    return bool(changes)


def _beside(room: Room, unknown: int) -> None:
    """Hides the cheapest cell that shares a sum with an unknown, or a sum further."""
    for level in range(1, 6):
        columns = _around(room, unknown, level)
        shown = columns[~room.hidden[columns]]
        if len(shown):
            room.hidden[shown[np.lexsort((shown, room.read.goals.cost[shown]))[0]]] = True
            return


def _near(room: Room, unknown: int) -> Iterator[list[View]]:
    """What could move around an unknown, in growing neighbourhoods, for each promise."""
    size = -1
    for level, most in SEARCHES:
        columns = _around(room, unknown, level)
        price = np.where(room.hidden[columns], -1, room.read.goals.cost[columns])
        order = np.argsort(price, kind="stable")[: most + int((price < 0).sum())]
        chosen = np.union1d(columns[order], [unknown])
        if len(chosen) > size:
            size = len(chosen)
            yield _views(room, chosen)


def _around(room: Room, unknown: int, level: int) -> Index:
    """The unknowns so many sums away."""
    inside = np.zeros(len(room.columns))
    inside[np.searchsorted(room.columns, unknown)] = 1.0
    rows = room.touching
    for _ in range(level):
        grown = (rows.T @ ((rows @ inside) > 0) > 0) | (inside > 0)
        if int(grown.sum()) == int(inside.sum()):
            break
        inside = grown.astype(float)
    return room.columns[inside > 0]


def _views(room: Room, columns: Index) -> list[View]:
    """The attacker's views if these unknowns could move and nothing else."""
    at = np.searchsorted(room.columns, columns)
    rows = np.unique(room.by_column[:, at].indices).astype(np.int64)
    still = room.read.known.copy()
    still[room.columns] = True
    still[columns] = False
    return views(room.of, replace(room.read, known=still), columns, rows)


def _price(room: Room, seen: View, change: Vector) -> float:
    added = (np.abs(change) > TOLERANCE) & ~room.hidden[seen.cells]
    return float((seen.goals.cost[added] + PER_CELL).sum())


def _adopt(room: Room, seen: View, changes: Iterable[Vector]) -> None:
    for change in changes:
        room.hidden[seen.cells[np.abs(change) > TOLERANCE]] = True


def _solve(room: Room, seen: View, move: tuple[int, int], still: Index | None = None) -> Vector | None:
    """The change of least cost that moves one column so far; ups and downs are separate columns."""
    from scipy.sparse import hstack

    place, amount = move
    n, widest = len(seen.cells), float(abs(amount))
    rows, row_low, row_high, low, high = program.constraints(
        seen, np.arange(n), reach=max(program.FAR, 100 * widest)
    )
    unit = max(1.0, widest / program.EXACT)
    if still is not None:
        low[still], high[still] = 0.0, 0.0
    floor, ceiling = np.zeros(2 * n), np.maximum(np.concatenate([high, -low]), 0)
    ahead, behind = (place, n + place) if amount > 0 else (n + place, place)
    if ceiling[ahead] < abs(amount):
        return None
    floor[ahead] = ceiling[ahead] = abs(amount)
    ceiling[behind] = 0
    price = seen.goals.cost + PER_CELL
    cost = np.tile(np.where(room.hidden[seen.cells], FREE, price), 2)
    both = hstack([rows, -rows]).tocsr()
    model = program.pose(both, *(bound / unit for bound in (row_low, row_high, floor, ceiling)))
    change = program.extreme(replace(model, unit=unit), cost)
    if change is None or not program.optimal(model):
        return None
    moved = change[:n] - change[n:]
    return np.where(np.abs(moved) <= TOLERANCE * unit, 0.0, moved)
