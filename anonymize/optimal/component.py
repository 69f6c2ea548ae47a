"""The parts of a selection that do not touch each other, as small linear systems with what must stay possible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anonymize.goals import TOLERANCE, Goals, take
from anonymize.relations import Index, owners, totals

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from anonymize.elimination import Task

Mask = NDArray[np.bool_]
Vector = NDArray[np.float64]

PUBLIC = -1
INFORMED = -2
"""Readers who know narrower bounds than the public is assumed to know."""
REACH = 1_000.0
"""No cell moves further than this many times the largest level: a cautious bound where readers know none."""
COUNTS = 1_000.0
"""Systems with larger protection levels are scaled, for the solver's sake."""
FINEST = 1e-3
"""In a scaled system, how far an insider must be unable to pin a cell down, in units of the scale."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One attacker must be left with doubt about one cell, in one of several ways.

    Attributes:
        column: The cell.
        attacker: `PUBLIC`, `INFORMED`, or who is alone in other cells and knows these.
        up: Per way how far above the truth the cell must be able to go, ascending.
        down: Per way how far below it, descending.
    """

    column: int
    attacker: int
    up: Vector
    down: Vector


@dataclass(frozen=True, slots=True)
class Component:
    """Cells connected by sums; arrays have one entry per column.

    Attributes:
        cells: Int64: numbers of the cells in the table, ascending.
        truth: The values, as in the table.
        goals: What must hold, as for the table.
        besides: What must hold at once against informed readers, with the bounds that they know; None without such.
        sums: One row per sum, parts +1 and total -1.
        cost: The price of hiding a cell.
        down: How far below the truth a hidden cell may be, for all that readers know, in units of `scale`.
        up: How far above it.
        fixed: Hidden in every pattern.
        alone: Who is alone in the cell and knows it; -1 for nobody.
        wishes: What must stay possible for the public and for informed readers.
        scale: Amount that counts as one unit of movement.
        waived: (column, attacker) of wishes that nothing can meet.
    """

    cells: Index
    truth: Index
    goals: Goals
    besides: Goals | None
    sums: csr_matrix
    cost: Vector
    down: Vector
    up: Vector
    fixed: Mask
    alone: Index
    wishes: tuple[Wish, ...]
    scale: float
    waived: frozenset[tuple[int, int]] = frozenset()


def waive(component: Component, wishes: list[Wish]) -> Component:
    """The component without some wishes."""
    gone = frozenset((w.column, w.attacker) for w in wishes)
    kept = tuple(w for w in component.wishes if (w.column, w.attacker) not in gone)
    return replace(component, wishes=kept, waived=component.waived | gone)


def room(component: Component, attacker: int) -> tuple[Vector, Vector]:
    """How far below and above the truth each cell may be, for all that an attacker knows."""
    low, high = component.down.copy(), component.up.copy()
    if attacker == INFORMED and component.besides is not None:
        lower, upper = component.besides.lower, component.besides.upper
        low = np.minimum(low, np.maximum(component.truth - lower, 0) / component.scale)
        high = np.minimum(high, np.maximum(upper - component.truth, 0) / component.scale)
    if attacker >= 0:
        mine = component.alone == attacker
        low[mine] = high[mine] = 0
    return low, high


def split(task: Task, cost: Vector, besides: Goals | None = None) -> tuple[list[Component], Index]:
    """The components that hold sensitive cells, and the sensitive cells that can never move.

    A cell that is the only one of a sum that may be hidden gains nothing from being hidden: it is left out.
    """
    from scipy.sparse.csgraph import connected_components

    alive = _movable(task)
    stuck = np.flatnonzero(task.goals.sensitive & ~alive)
    cells = np.flatnonzero(alive)
    sums = _matrix(task, cells)
    labels = connected_components(sums.T @ sums, directed=False)[1] if len(cells) else np.zeros(0, np.int64)
    found = []
    for label in np.unique(labels[task.goals.sensitive[cells]]):
        columns = np.flatnonzero(labels == label)
        rows = sums[:, columns]
        found.append(
            _component(task, (cost, besides), cells[columns], rows[np.diff(rows.indptr) > 0].tocsr())
        )
    return found, stuck


def allowance(component: Component) -> float:
    """How far a movement may fall short: less than the audit forgives."""
    return TOLERANCE / 2 / component.scale


def insider(component: Component, column: int, attacker: int) -> Wish:
    """Whoever knows other cells must not be able to compute this one: one step up or one down stays possible."""
    step = 1.0 if component.scale == 1 else max(1 / component.scale, FINEST)
    ways = np.array([(0.0, step), (step, 0.0)])
    fits = (ways[:, 0] <= component.up[column]) & (ways[:, 1] <= component.down[column])
    return Wish(column, attacker, ways[fits, 0], ways[fits, 1])


def _movable(task: Task) -> Mask:
    alive = task.goals.sensitive | task.forced | task.allowed
    owner = owners(task.relations)
    while len(owner):
        single = (totals(task.relations, alive) == 1)[owner]
        members = task.relations.members[single]
        members = members[members >= 0]
        drop = members[alive[members]]
        if not len(drop):
            break
        alive[drop] = False
    return alive


def _matrix(task: Task, cells: Index) -> csr_matrix:
    from scipy.sparse import csr_matrix

    relations = task.relations
    place = np.full(relations.cells + 1, -1, np.int64)
    place[cells] = np.arange(len(cells))
    column = place[relations.members]
    signs = np.ones(len(column))
    signs[relations.start[:-1]] = -1
    inside = column >= 0
    shape = (len(relations.start) - 1, len(cells))
    return csr_matrix((signs[inside], (owners(relations)[inside], column[inside])), shape=shape)


def _component(task: Task, extra: tuple[Vector, Goals | None], cells: Index, sums: csr_matrix) -> Component:
    cost, besides = extra
    truth, own = task.values[cells].astype(float), take(task.goals, cells)
    more = None if besides is None else take(besides, cells)
    wishes = _wishes(own, truth, PUBLIC) + ([] if more is None else _wishes(more, truth, INFORMED))
    scale = _scale(wishes)
    largest = max((max(w.up.max(initial=1), w.down.max(initial=1)) for w in wishes), default=1.0)
    limit = REACH * largest / scale
    return Component(
        cells, task.values[cells], own, more, sums, cost[cells].astype(float),
        np.clip((truth - own.lower) / scale, 0, limit), np.clip((own.upper - truth) / scale, 0, limit),
        own.sensitive | task.forced[cells], own.alone,
        tuple(Wish(w.column, w.attacker, w.up / scale, w.down / scale) for w in wishes), scale,
    )  # fmt: skip


def _wishes(goals: Goals, truth: Vector, attacker: int) -> list[Wish]:
    wishes = []
    for column in np.flatnonzero(goals.sensitive).tolist():
        levels = (float(goals.below[column]), float(goals.above[column]), int(goals.need[column]))
        up, down = _ways(truth[column], levels)
        fits = up <= goals.upper[column] - truth[column] + TOLERANCE
        fits &= down <= truth[column] - goals.lower[column] + TOLERANCE
        wishes.append(Wish(column, attacker, up[fits], down[fits]))
    return wishes


def _ways(truth: float, levels: tuple[float, float, int]) -> tuple[Vector, Vector]:
    """All least (up, down) such that an interval covers the levels and holds enough whole numbers.

    The interval may lie anywhere (sliding protection), so each position of its largest whole number is a way.
    """
    below, above, need = levels
    top = int(np.floor(truth + above + TOLERANCE))
    ways = []
    for highest in range(top, top + max(need, 1)):
        lowest = highest - need + 1
        ways.append((max(above, highest - truth), max(below, truth - lowest)))
        if ways[-1][1] == below:
            break
    both = np.array(ways)
    return both[:, 0], both[:, 1]


def _scale(wishes: list[Wish]) -> float:
    levels = np.array([max(w.up.max(initial=0), w.down.max(initial=0)) for w in wishes])
    return 1.0 if levels.max(initial=0) <= COUNTS else float(np.median(levels[levels > 0]))
