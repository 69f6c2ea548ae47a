"""Which cells to hide besides the sensitive ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from anonymize.elimination import Choice, Prepared, Task, prepare, publish, quotas, slacks
from anonymize.grid import Grid
from anonymize.hierarchy import Hierarchy
from anonymize.relations import Index, owners, totals

Mask = NDArray[np.bool_]

SMALL = 60
"""Cells up to this count are candidates from the start; larger ones join only where these do not suffice."""
OPEN = 3
"""Worth of publishing, in counted persons, for each sum of the cell that holds no sensitive cell."""
ROUNDS = 12
AMOUNTS, FEW_AMOUNTS = 10_000, 100_000
"""Protection levels from here on go to the linear programs, in tables with few cells that may be hidden times few
sensitive ones."""
Effort = Literal["low", "default", "high", "optimal"]
EFFORT: dict[Effort, float] = {"low": 0.0, "default": 1.0, "high": 40.0, "optimal": 1.0}
"""How much longer than usual the local search goes on."""
FEW, WORK, PER_CANDIDATE, MOST = 250, 140_000, 5, 3_000_000
"""Its usual length, in cells decided again: linear for small tables, bounded for large ones."""
LARGEST = np.iinfo(np.int64).max


def select(
    task: Task, grid: Grid, hierarchies: Sequence[Hierarchy], *, seed: int = 0, effort: Effort = "default"
) -> Choice:
    """The pattern of the null-space greedy, improved by local search: linear algebra gives back no sensitive cell.

    Deterministic: depends on the arguments alone.

    Args:
        task: What is to be hidden.
        grid: The cells.
        hierarchies: The dimensions.
        seed: Of the random vectors and the local search.
        effort: How long the local search goes on.
    """
    from anonymize.search import improve

    prepared = prepare(task, seed=seed)
    candidates, tried = _superset(prepared, task)
    size = int(candidates.sum())
    work = min(FEW * size, WORK + PER_CANDIDATE * size, MOST) * EFFORT[effort]
    better = improve(prepared, candidates, _by_worth(task, candidates), (grid, hierarchies), work=work)
    if effort != "low" and _amounts(task):
        better = _paid(task, better)
    return replace(tried, hidden=better)


def _amounts(task: Task) -> bool:
    """Whether levels decide what is to be hidden, more than what can be computed, and the table is small."""
    level = max(task.goals.below.max(initial=0), task.goals.above.max(initial=0))
    work = int(task.allowed.sum()) * int(task.goals.sensitive.sum())
    return bool(level >= AMOUNTS and work <= FEW_AMOUNTS)


def _paid(task: Task, start: Mask) -> Mask:
    """The cheapest pattern the linear programs find: a cell is paid for by the share of its room that is used."""
    from anonymize.optimal import QUICK, optimum

    price = task.cost.astype(float)
    return optimum(task, start, cost=price, besides=task.besides, budget=QUICK).hidden


def close(task: Task, hidden: Mask) -> Mask:
    """Hides the smallest further cell of every sum with one hidden cell, or whose parts cannot move enough."""
    relations, hidden = task.relations, hidden.copy()
    owner = owners(relations)
    cost = np.append(np.where(task.allowed, task.cost, LARGEST), LARGEST)
    if not len(owner):
        return hidden
    wanted = quotas(task)
    total = relations.members[relations.start[:-1]]
    while True:
        # With the total published, the hidden parts must be able to give each other enough.
        room = np.array([totals(relations, np.where(hidden, slack, 0)) for slack in slacks(task)])
        starved = (room < wanted).any(axis=0) & ~np.append(hidden, False)[total]
        # Whoever computes a cell that is hidden for another reason alone has learnt nothing sensitive.
        matters = totals(relations, hidden & ~(task.forced & ~task.goals.sensitive)) == 1
        alone = ((totals(relations, hidden) == 1) & matters) | starved
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


def _cheap(task: Task) -> float:
    """Cells up to this cost are candidates from the start: small counts, or twice as many as are sensitive."""
    cost = np.sort(task.cost[task.allowed])
    enough = min(2 * int(task.goals.sensitive.sum()) + 1000, len(cost)) - 1
    return float(max(SMALL, cost[enough])) if len(cost) else SMALL


def _superset(prepared: Prepared, task: Task) -> tuple[Mask, Choice]:
    """Cells among which a safe pattern exists, as few and small as possible."""
    must = task.goals.sensitive | task.forced
    hidden = close(task, must | (task.allowed & (task.cost <= _cheap(task))))
    nothing = np.zeros(0, np.int64)
    for _ in range(ROUNDS):
        tried = publish(prepared, hidden, nothing)
        troubled = np.unique(np.concatenate([tried.exposed, tried.pairs.ravel()]))
        if not len(troubled):
            return hidden, tried
        grown = beside(task, troubled, hidden, 2)
        if (grown == hidden).all():
            break
        hidden = grown
    everything = must | task.allowed
    return everything, publish(prepared, everything, nothing)


def beside(task: Task, cells: Index, hidden: Mask, number: int) -> Mask:
    """More hidden cells in the sums of these cells, or in the sums around those when they have no more."""
    relations, owner = task.relations, owners(task.relations)
    while True:
        grown = close(task, hidden | siblings(task, cells, hidden, number))
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
        chosen[members[np.argsort(task.cost[members], kind="stable")[:number]]] = True
    return chosen


def _by_worth(task: Task, hidden: Mask) -> Index:
    """The cells that may be published, most worthwhile first: large counts, sums without sensitive cells."""
    relations, owner = task.relations, owners(task.relations)
    quiet = totals(relations, task.goals.sensitive) == 0
    known = relations.members >= 0
    open_sums = np.bincount(relations.members[known], weights=quiet[owner][known], minlength=relations.cells)
    worth = task.cost + OPEN * task.unit * open_sums
    cells = np.flatnonzero(hidden & ~task.goals.sensitive & ~task.forced)
    return cells[np.lexsort((cells, -relations.leaves[cells], -worth[cells]))]
