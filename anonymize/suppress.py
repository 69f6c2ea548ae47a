"""Which cells to hide besides the sensitive ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anonymize.relations import Index, Relations, owners, totals

Mask = NDArray[np.bool_]

SMALL = 60
"""Cells up to this count are candidates from the start; larger ones join only where these do not suffice."""
OPEN = 3
"""Worth of publishing, in counted persons, for each sum of the cell that holds no sensitive cell."""
ROUNDS = 12
LARGEST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be hidden in one measure; arrays have one entry per cell.

    Attributes:
        relations: The sums.
        values: Int64 counts.
        persons: Int64, the person of a count of 1.
        sensitive: Hidden, and nobody may compute them.
        forced: Hidden for another reason.
        allowed: May be hidden at all: not known already, and no zero where zeros are published.
        need: Int64: how many integers must stay possible for each sensitive cell.
        floor: What everybody knows a hidden count to be at least.
        insiders: Whether a person alone in a cell is an attacker too.
    """

    relations: Relations
    values: Index
    persons: Index
    sensitive: Mask
    forced: Mask
    allowed: Mask
    need: Index
    floor: int
    insiders: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """A pattern, and what it could not achieve.

    Attributes:
        hidden: The cells to hide.
        exposed: Sensitive cells that can be computed even with everything around them hidden.
        pairs: Two columns: cells that betray each other even so.
    """

    hidden: Mask
    exposed: Index
    pairs: Index


def select(task: Task, *, seed: int = 0) -> Choice:
    """The pattern of the null-space greedy: no sensitive cell can be computed by linear algebra.

    Deterministic: depends on the cells and the seed alone.
    """
    prepared = _prepare(task, seed)
    candidates, tried = _superset(prepared, task)
    chosen = _run(prepared, candidates, _by_worth(task, candidates))
    return replace(chosen, exposed=tried.exposed, pairs=tried.pairs)


def close(task: Task, hidden: Mask) -> Mask:
    """Hides the smallest further cell of every sum with one hidden cell, or whose parts cannot move enough."""
    relations, hidden = task.relations, hidden.copy()
    owner = owners(relations)
    cost = np.append(np.where(task.allowed, task.values, LARGEST), LARGEST)
    if not len(owner):
        return hidden
    wanted = quota(task)
    total = relations.members[relations.start[:-1]]
    while True:
        # With the total published, the hidden parts must be able to give each other enough.
        slack = totals(relations, np.where(hidden, task.values - task.floor, 0))
        starved = (slack < wanted) & ~np.append(hidden, False)[total]
        alone = (totals(relations, hidden) == 1) | starved
        entries = np.flatnonzero(alone[owner])
        cells = relations.members[entries]
        price = np.where(np.append(hidden, True)[cells], LARGEST, cost[cells])
        # The first of the cheapest of each sum; entries come in the order of the sums, members by code.
        order = np.lexsort((np.arange(len(entries)), price, owner[entries]))
        first = order[np.append(True, np.diff(owner[entries][order]) > 0)] if len(order) else order
        add = cells[first][price[first] < LARGEST]
        if not len(add):
            return hidden
        hidden[add] = True


def quota(task: Task) -> Index:
    """Per sum how far its sensitive parts must be able to move; 0 where it has none."""
    relations = task.relations
    move = np.append(np.where(task.sensitive, task.need - 1, 0), 0)[relations.members]
    move[relations.start[:-1]] = 0
    return np.maximum.reduceat(move, relations.start[:-1]) if len(relations.start) > 1 else move[:0]


@dataclass(frozen=True, slots=True)
class _Prepared:
    order: Index
    place: Index
    start: Index
    members: Index
    by_parent: Index
    first: Index
    touching: Index
    touch: Index
    task: Task
    seed: int


def _prepare(task: Task, seed: int) -> _Prepared:
    """Numbers the cells bottom-up, fewest leaf cells first, as the elimination wants them."""
    relations = task.relations
    order = np.lexsort((np.arange(relations.cells), relations.rank, relations.leaves))
    place = np.empty(relations.cells + 1, np.int64)
    place[order] = np.arange(relations.cells)
    place[-1] = -1
    members = place[relations.members]
    parent = members[relations.start[:-1]] if len(relations.start) > 1 else members[:0]
    parent = np.where(parent < 0, relations.cells, parent)
    by_parent = np.argsort(parent, kind="stable")
    first = np.searchsorted(parent[by_parent], np.arange(relations.cells + 1))
    by_member = np.argsort(members, kind="stable")
    touch = np.searchsorted(members[by_member], np.arange(relations.cells + 1))
    touching = owners(relations)[by_member]
    return _Prepared(order, place, relations.start, members, by_parent, first, touching, touch, task, seed)


def _run(prepared: _Prepared, hidden: Mask, candidates: Index) -> Choice:
    from anonymize import greedy, sparse

    task, order = prepared.task, prepared.order
    problem = greedy.Problem(
        prepared.start, prepared.members, prepared.by_parent, prepared.first,
        prepared.touching, prepared.touch, quota(task), task.floor,
        hidden[order], task.sensitive[order], task.values[order], task.persons[order],
        task.insiders, prepared.seed + 88_172_645_463_325_252,
    )  # fmt: skip
    childless = prepared.first[1:] == prepared.first[:-1]
    columns = int((childless & problem.hidden).sum())
    room = (1 << 20) + 200 * columns
    while True:
        try:
            matrix = sparse.empty(len(order) + 1, columns, room)
            stays, pairs, exposed = greedy.run(problem, matrix, prepared.place[candidates])
            break
        except MemoryError:
            room *= 4
    back = np.zeros(len(order), bool)
    back[order[stays]] = True
    return Choice(back, np.sort(order[exposed]), order[pairs])


def _superset(prepared: _Prepared, task: Task) -> tuple[Mask, Choice]:
    """Cells among which a safe pattern exists, as few and small as possible."""
    must = task.sensitive | task.forced
    hidden = close(task, must | (task.allowed & (task.values <= SMALL)))
    nothing = np.zeros(0, np.int64)
    for _ in range(ROUNDS):
        tried = _run(prepared, hidden, nothing)
        troubled = np.unique(np.concatenate([tried.exposed, tried.pairs.ravel()]))
        if not len(troubled):
            return hidden, tried
        grown = _beside(task, troubled, hidden)
        if (grown == hidden).all():
            break
        hidden = grown
    everything = must | task.allowed
    return everything, _run(prepared, everything, nothing)


def _beside(task: Task, cells: Index, hidden: Mask) -> Mask:
    """More hidden cells in the sums of these cells, or in the sums around those when they have no more."""
    relations, owner = task.relations, owners(task.relations)
    while True:
        grown = close(task, hidden | siblings(task, cells, hidden, 2))
        if (grown != hidden).any():
            return grown
        near = np.zeros(relations.cells + 1, bool)
        near[cells] = True
        touched = np.bincount(owner, near[relations.members], len(relations.start) - 1) > 0
        wider = np.unique(relations.members[touched[owner]])
        wider = wider[wider >= 0]
        if len(wider) == len(cells):
            return hidden
        cells = wider


def siblings(task: Task, cells: Index, hidden: Mask, number: int) -> Mask:
    """For every sum of these cells its `number` smallest cells that are not hidden yet."""
    relations, owner = task.relations, owners(task.relations)
    wanted = np.zeros(relations.cells + 1, bool)
    wanted[cells] = True
    touched = np.unique(owner[wanted[relations.members]])
    free = np.append(task.allowed & ~hidden, False)
    chosen = np.zeros(relations.cells, bool)
    for r in touched:
        members = relations.members[relations.start[r] : relations.start[r + 1]]
        members = members[free[members]]
        chosen[members[np.argsort(task.values[members], kind="stable")[:number]]] = True
    return chosen


def _by_worth(task: Task, hidden: Mask) -> Index:
    """The cells that may be published, most worthwhile first: large counts, sums without sensitive cells."""
    relations, owner = task.relations, owners(task.relations)
    quiet = totals(relations, task.sensitive) == 0
    known = relations.members >= 0
    open_sums = np.bincount(relations.members[known], weights=quiet[owner][known], minlength=relations.cells)
    worth = task.values + OPEN * open_sums
    cells = np.flatnonzero(hidden & ~task.sensitive & ~task.forced)
    return cells[np.lexsort((cells, -relations.leaves[cells], -worth[cells]))]
