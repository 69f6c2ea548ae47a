"""The attack on perturbed tables: the true counts add up, the published ones need not; what follows?

Bounds are pushed through all sums until nothing moves: what is narrowed to one number is known for sure. A walk through
other tables that readers cannot tell from the true one proves cells safe. What is left is decided by linear programs,
with everything else free, or (in large tables) free in a neighbourhood only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from anonymize.attack import View
from anonymize.goals import TOLERANCE, Goals, possible
from anonymize.hierarchy import Hierarchy
from anonymize.integers import doubts
from anonymize.intervals import components, intervals
from anonymize.margins import fill
from anonymize.perturb.envelope import Bounds
from anonymize.perturb.walk import reached
from anonymize.relations import Relations, owners

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]

ROUNDS = 100
LARGEST = 5_000
"""Programs over more unknown cells are cut down to a neighbourhood."""
NEIGHBOURHOODS = ((8, 1), (1, 2))
"""Cells looked at together, and how far around them cells are free: first many and near, then few and far."""
PROGRAMS = 20
"""Neighbourhoods of each kind; cells beyond stay undecided."""
SEED = 1


class Attacked(NamedTuple):
    """What an attacker learns of one measure.

    Attributes:
        bounds: Counts lie between these; sums have been used.
        exact: Wanted cells that are known exactly.
        positive: Cells published as zero that are known to be above zero.
        undecided: Wanted cells for which neither was shown.
    """

    bounds: Bounds
    exact: Mask
    positive: Mask
    undecided: Mask


def tightened(relations: Relations, start: Bounds) -> Bounds:
    """Pushes bounds through all sums: a total within those of its parts, a part within what the others leave."""
    if len(relations.start) == 1:
        return start
    lower, upper = start.lower.copy(), start.upper.copy()
    owner, first = owners(relations), relations.start[:-1]
    total = relations.members[first]
    inside = np.ones(len(relations.members), bool)
    inside[first] = False
    part, owner = relations.members[inside], owner[inside]
    begin = np.concatenate([[0], np.cumsum(np.diff(relations.start) - 1)[:-1]])
    for _ in range(ROUNDS):
        before = int(lower.sum()), int(upper.sum())
        low, high = np.add.reduceat(lower[part], begin), np.add.reduceat(upper[part], begin)
        np.maximum.at(lower, total, low)
        np.minimum.at(upper, total, high)
        np.maximum.at(lower, part, (lower[total] - high)[owner] + upper[part])
        np.minimum.at(upper, part, (upper[total] - low)[owner] + lower[part])
        if before == (int(lower.sum()), int(upper.sum())):
            break
    return Bounds(lower, upper)


def attack(
    relations: Relations,
    hierarchies: list[Hierarchy],
    truth: Index,
    start: Bounds,
    *,
    wanted: tuple[Mask, Mask],
) -> Attacked:
    """What follows from the published numbers of one measure.

    Args:
        relations: The sums of the table.
        hierarchies: Its dimensions.
        truth: The true counts; only the search for other tables uses them.
        start: What each published number tells by itself.
        wanted: Cells nobody may know exactly, and cells published as zero that nobody may know to be positive.
    """
    small, zero = wanted
    apart = _apart(hierarchies, start)
    if apart is not None:
        known = apart.lower == apart.upper
        return Attacked(apart, small & known, zero & (apart.lower > 0), np.zeros(len(truth), bool))
    bounds = tightened(relations, start)
    fixed = bounds.lower == bounds.upper
    exact, positive = small & fixed, zero & (bounds.lower > 0)
    other, empty = small & ~fixed, zero & ~positive
    found = reached(hierarchies, truth, bounds, todo=(other, empty))
    other, empty = other & (found.low == found.high), empty & (found.low > 0)
    free = ~fixed
    if free.sum() <= LARGEST:
        exact |= _narrowed(_view(relations, truth, bounds, free), other, empty, positive)
        return Attacked(bounds, exact, positive, np.zeros(len(truth), bool))
    return Attacked(bounds, exact, positive, _unshown(relations, truth, bounds, other) | empty)


def _apart(hierarchies: list[Hierarchy], start: Bounds) -> Bounds | None:
    """The exact bounds where no margin tells more than its leaf cells: these then vary freely, each by itself."""
    shape = [len(h.codes) for h in hierarchies]
    lower, upper = (fill(amounts.reshape(shape), hierarchies).ravel() for amounts in start)
    if (start.lower > lower).any() or (start.upper < upper).any():
        return None
    return Bounds(lower, upper)


def _narrowed(view: View, todo: Mask, zero: Mask, positive: Mask) -> Mask:
    """Exact bounds by linear programs over the whole table; marks `positive` in place."""
    exact = np.zeros(len(todo), bool)
    here_todo, here_zero = todo[view.cells], zero[view.cells]
    asked = _asking(view, here_todo, here_zero)
    labels = components(asked)
    found = intervals(asked, labels, seed=SEED)
    sure = np.zeros(len(here_todo), bool)
    sure[found.narrow] = True
    single = sure & (possible(found.low, found.high) <= 1)
    for column, count in doubts(asked, labels, found).narrow:
        single[column] |= count <= 1
    exact[view.cells[single & here_todo]] = True
    positive[view.cells[sure & here_zero & (found.low > TOLERANCE)]] = True
    return exact


def _unshown(relations: Relations, truth: Index, bounds: Bounds, todo: Mask) -> Mask:
    """Cells for which no other table was found, with the cells around a few of them free and all else as it is."""
    left = todo.copy()
    for size, rings in NEIGHBOURHOODS:
        waiting = np.flatnonzero(left)
        for begin in range(0, min(len(waiting), size * PROGRAMS), size):
            near = np.zeros(len(left), bool)
            near[waiting[begin : begin + size]] = True
            for _ in range(rings):
                near = _grown(relations, near)
            _show(_view(relations, truth, bounds, near & (bounds.lower < bounds.upper)), left)
    return left


def _show(view: View, left: Mask) -> None:
    """Takes from `left` the cells that another table over this view shows with another count."""
    todo = left[view.cells]
    if len(todo) <= LARGEST and todo.any():
        asked = _asking(view, todo, np.zeros(len(todo), bool))
        found = intervals(asked, components(asked), seed=SEED)
        left[view.cells[todo & (possible(found.low, found.high) > 1)]] = False


def _grown(relations: Relations, cells: Mask) -> Mask:
    """The cells that share a sum with these."""
    touched = np.unique(owners(relations)[cells[relations.members]])
    inside = np.zeros(len(relations.start) - 1, bool)
    inside[touched] = True
    grown = cells.copy()
    grown[relations.members[inside[owners(relations)]]] = True
    return grown


def _view(relations: Relations, truth: Index, bounds: Bounds, free: Mask) -> View:
    """The free cells as unknowns of a sparse system; the others keep their count."""
    from scipy.sparse import csr_matrix

    cells = np.flatnonzero(free)
    column = np.cumsum(free) - 1
    signs = np.ones(len(relations.members))
    signs[relations.start[:-1]] = -1.0
    kept = free[relations.members]
    used, rows = np.unique(owners(relations)[kept], return_inverse=True)
    sums = csr_matrix((signs[kept], (rows, column[relations.members[kept]])), shape=(len(used), len(cells)))
    none, empty = np.zeros(0, np.int64), np.zeros(len(cells), np.int64)
    no = np.zeros(len(empty), bool)
    goals = Goals(empty, empty, empty, bounds.lower[cells], bounds.upper[cells], empty - 1, empty, no, no)
    return View(cells, sums, none, none, truth[cells], goals)


def _asking(view: View, todo: Mask, zero: Mask) -> View:
    """The same unknowns: two numbers are to remain possible for some cells, zero for others."""
    need = np.where(todo, 2, zero.astype(np.int64))
    below = np.where(zero, view.truth, 0)
    return replace(view, goals=replace(view.goals, need=need, below=below))
