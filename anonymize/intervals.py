"""The interval an attacker can compute for each sensitive cell.

One solved program is a whole alternative table, and proves for every cell it moves that this value is
possible; so a few random objectives settle most cells at once, and only what is left pays for its own minimum
and maximum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anonymize import program
from anonymize.attack import View
from anonymize.exact import directions
from anonymize.program import TOLERANCE, Program, Vector
from anonymize.relations import Index

BUNDLE = 300
"""Small components are solved together, up to about this many columns."""
ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Intervals:
    """What is possible for the cells of a view.

    Attributes:
        low: The smallest value seen or, where the cell is in `narrow`, the smallest possible.
        high: Likewise the largest.
        narrow: Sensitive columns with fewer possible integers than needed.
        witnesses: Per bundle: its columns and the alternative tables found, one row each (changes).
    """

    low: Vector
    high: Vector
    narrow: Index
    witnesses: tuple[tuple[Index, Vector], ...]


def components(view: View) -> Index:
    """Per column its connected component, over sums and subsets."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    rows, columns = view.sums.shape
    sums = view.sums.tocoo()
    links = len(view.part)
    start = np.concatenate([sums.row, rows + view.part])
    end = np.concatenate([rows + sums.col, rows + view.whole])
    graph = coo_matrix((np.ones(sums.nnz + links), (start, end)), shape=(rows + columns, rows + columns))
    labels = connected_components(graph, directed=False)[1][rows:]
    return np.asarray(np.unique(labels, return_inverse=True)[1], np.int64)


def possible(low: Vector, high: Vector) -> Vector:
    """How many integers lie in [low, high]."""
    return np.floor(high + TOLERANCE) - np.ceil(low - TOLERANCE) + 1


def intervals(view: View, labels: Index, *, seed: int, largest: int | None = None) -> Intervals:
    """Shows every sensitive cell wide enough, or computes its exact linear bounds.

    Args:
        view: The attacker's view.
        labels: Per column its connected component.
        seed: For the random alternative tables.
        largest: Components with more columns are left out.
    """
    low, high = view.truth.astype(float), view.truth.astype(float)
    if largest is not None:
        low, high = np.where(np.bincount(labels)[labels] > largest, -np.inf, low), high.copy()
    witnesses = witness(view, labels, low, high, seed=seed)
    narrow: list[int] = []
    for columns, _ in witnesses:
        missing = columns[possible(low[columns], high[columns]) < view.need[columns]]
        narrow += _solve_alone(view, columns, missing, low, high)
    return Intervals(low, high, np.array(narrow, np.int64), tuple(witnesses))


def witness(view: View, labels: Index, low: Vector, high: Vector, *, seed: int) -> list[tuple[Index, Vector]]:
    """Widens `low` and `high` (in place) by random alternative tables; cells already wide are left alone.

    Returns:
        Per bundle of components its columns and the changes found, one row each.
    """
    if not (possible(low, high) < view.need).any():
        return [(columns, np.zeros((0, len(columns)))) for columns in bundles(view, labels)]
    moves = directions(view, seed, vectors=ROUNDS, rough=True)
    found = []
    for columns in bundles(view, labels):
        changes = _witness(view, columns, low, high, moves[columns])
        found.append((columns, np.array(changes).reshape(-1, len(columns))))
    return found


def bundles(view: View, labels: Index) -> list[Index]:
    """Whole components that hold sensitive cells, grouped to about BUNDLE columns."""
    wanted = np.unique(labels[view.sensitive])
    sizes = np.bincount(labels, minlength=labels.max(initial=-1) + 1)[wanted]
    # A bundle closes when the next component would overfill it.
    number, filled, current = np.zeros(len(wanted), np.int64), 0, 0
    for i, size in enumerate(sizes):
        if filled and filled + size > BUNDLE:
            current, filled = current + 1, 0
        number[i], filled = current, filled + size
    bundle_of = np.full(labels.max(initial=-1) + 1, -1, np.int64)
    bundle_of[wanted] = number
    place = bundle_of[labels]
    order = np.argsort(place, kind="stable")
    ends = np.searchsorted(place[order], np.arange(current + 2))
    return [order[ends[i] : ends[i + 1]] for i in range(current + 1) if len(wanted)]


def _witness(view: View, columns: Index, low: Vector, high: Vector, moves: Vector) -> list[Vector]:
    """Solves for random directions until every sensitive cell is wide or little more is gained.

    The directions are signs of random null vectors: cells that must move together are pushed the same way.
    """
    todo = np.flatnonzero(possible(low[columns], high[columns]) < view.need[columns])
    found: list[Vector] = []
    if not len(todo):
        return found
    model = program.build(view, columns, reach=program.NEAR)
    stalled, last = 0, len(todo)
    for turn in range(ROUNDS):
        cost = np.zeros(len(columns))
        cost[todo] = np.sign(moves[todo, turn]) + moves[todo, turn] / (np.abs(moves[todo, turn]).max() + 1.0)
        for sign in (1.0, -1.0):
            change = program.extreme(model, sign * cost)
            if change is not None:
                found.append(change)
                _widen(view, columns, change, low, high)
        todo = todo[possible(low[columns[todo]], high[columns[todo]]) < view.need[columns[todo]]]
        stalled = stalled + 1 if len(todo) > 0.95 * last else 0
        last = len(todo)
        if not last or stalled > 1:
            break
    return found


def _widen(view: View, columns: Index, change: Vector, low: Vector, high: Vector) -> None:
    value = view.truth[columns] + change
    low[columns] = np.minimum(low[columns], value)
    high[columns] = np.maximum(high[columns], value)


def _solve_alone(view: View, columns: Index, missing: Index, low: Vector, high: Vector) -> list[int]:
    """The own minimum and maximum of each column still not wide; those that stay narrow.

    Only the last search, with far bounds, can call a column narrow.
    """
    for reach in (program.NEAR, program.FAR):
        if not len(missing):
            break
        # From vertex to vertex: each search starts where the one before ended, ten times faster than anew.
        model = program.build(view, columns, reach=reach, vertices=True)
        for column in missing:
            if possible(low[column], high[column]) < view.need[column]:
                _own_bounds(view, model, int(np.searchsorted(columns, column)), low, high)
        missing = missing[possible(low[missing], high[missing]) < view.need[missing]]
    return [int(column) for column in missing]


def _own_bounds(view: View, model: Program, place: int, low: Vector, high: Vector) -> None:
    cost = np.zeros(len(model.columns))
    for sign in (1.0, -1.0):
        cost[place] = sign
        change = program.extreme(model, cost)
        if change is not None:
            _widen(view, model.columns, change, low, high)
