"""Which further cells of a table to hide so that linear algebra gives nothing back over several releases.

The null-space greedy of `anonymize.elimination`, over the unknowns of all of them: what other releases hide stays
hidden, what they show is known, and only cells of the table can be chosen.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from anonymize.elimination import Prepared, Task, prepare, publish
from anonymize.goals import Goals
from anonymize.linked.joint import Joint, Reading, entries, views
from anonymize.relations import Index, Relations
from anonymize.suppress import beside, close

Mask = NDArray[np.bool_]

ROUNDS = 12


def chosen(
    of: Joint, read: Reading, where: tuple[Index, Index], hidden: Mask, allowed: Mask, *, seed: int
) -> Index:
    """The unknowns of a table to be hidden besides.

    Args:
        of: The system, as if everything were hidden that can be.
        read: What readers would know then.
        where: The unknowns and equations to look at, ascending.
        hidden: Per unknown: it is hidden in any case.
        allowed: Per unknown: the table shows it and may hide it.
        seed: Of the random vectors.
    """
    columns, rows = where
    *tighter, wanted = [seen.goals for seen in views(of, read, columns, rows)]
    task = Task(
        _relations(of, read, columns, rows),
        np.concatenate([of.given.truth, of.found.rest])[columns],
        wanted,
        hidden[columns],
        allowed[columns] & ~hidden[columns],
        tighter[0] if tighter else None,
    )
    task = _hopeful(task, seed)
    prepared = prepare(task, seed=seed)
    candidates = _enough(prepared, task)
    order = np.flatnonzero(candidates & task.allowed & ~task.goals.sensitive)
    order = order[np.lexsort((order, -task.cost[order]))]
    found = publish(prepared, candidates, order).hidden
    return np.asarray(columns[found & task.allowed])


def _hopeful(task: Task, seed: int) -> Task:
    """Without the promises that are broken though everything is hidden: they would only cost cells."""
    everything = task.forced | task.allowed | task.goals.sensitive
    tried = publish(prepare(task, seed=seed), everything, np.zeros(0, np.int64))
    lost = np.concatenate([tried.exposed, tried.pairs.ravel()])
    goals = [_without(promise, lost) for promise in (task.goals, task.besides or task.goals)]
    return replace(task, goals=goals[0], besides=goals[1] if task.besides else None)


def _without(promise: Goals, lost: Index) -> Goals:
    need, below, above = promise.need.copy(), promise.below.copy(), promise.above.copy()
    need[lost] = below[lost] = above[lost] = 0
    return replace(promise, need=need, below=below, above=above)


def _enough(prepared: Prepared, task: Task) -> Mask:
    """Cells among which a safe pattern is, if there is any: the cheapest beside what would be given away."""
    must = task.forced | task.goals.sensitive
    hidden, nothing = close(task, must), np.zeros(0, np.int64)
    for _ in range(ROUNDS):
        tried = publish(prepared, hidden, nothing)
        troubled = np.unique(np.concatenate([tried.exposed, tried.pairs.ravel()]))
        if not len(troubled):
            return hidden
        grown = beside(task, troubled, hidden, 2)
        if (grown == hidden).all():
            break
        hidden = grown
    return np.asarray(must | task.allowed)


def _relations(of: Joint, read: Reading, columns: Index, rows: Index) -> Relations:
    """The equations over these unknowns, a known total as -1; each of them counts, none follows from others."""
    place = np.full(len(read.known), -1, np.int64)
    place[columns] = np.arange(len(columns))
    owner, entry, first = entries(of.found, rows)
    member = place[of.found.members[entry]]
    kept = first | (member >= 0)
    start = np.append(0, np.cumsum(np.bincount(owner[kept], minlength=len(rows)))).astype(np.int64)
    rank = _rank(len(columns), start, member[kept])
    return Relations(len(columns), start, member[kept], rank + 1, rank, np.arange(len(rows)))


def _rank(cells: int, start: Index, members: Index) -> Index:
    """Per cell how many sums it stands above the cells that are no sums."""
    owner = np.repeat(np.arange(len(start) - 1), np.diff(start))
    total = members[start[:-1]]
    inner = np.ones(len(members), bool)
    inner[start[:-1]] = False
    inner &= total[owner] >= 0
    part, whole = members[inner], total[owner[inner]]
    rank = np.zeros(cells, np.int64)
    while True:
        raised = rank.copy()
        np.maximum.at(raised, whole, rank[part] + 1)
        if (raised == rank).all():
            return rank
        rank = raised
