"""Local search: decide parts of a pattern again, with other preferences, and keep what hides less.

A block of candidates is opened, the greedy runs again on the components of hidden cells it touches, in a random
order near the order of worth, and of every component the cheaper of the two patterns is kept: an adaptive large
neighbourhood search (Ropke and Pisinger 2006), which opens and shakes more often in the ways that have paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from anonymize import part
from anonymize.elimination import Mask, Prepared, lookups, run
from anonymize.greedy import Problem
from anonymize.grid import Grid, rows
from anonymize.hierarchy import Hierarchy
from anonymize.relations import Index

Vector = NDArray[np.float64]

OPEN = 3
"""Worth of publishing, in counted persons, for each sum of the cell that holds no other hidden cell."""
PER_CELL = 6.0
"""What one more hidden cell costs beside its count."""
NOISE = (0.05, 0.1, 0.2, 0.3, 0.5)
"""How far the order strays from that of worth."""
BLOCKS = (150, 400, 1000)
"""How many candidates a block opens."""
MEMORY, CURIOSITY = 0.95, 0.2
"""How slowly the record of a way fades, and how often any way is tried whatever its record."""
PATIENCE = 30
"""Tries without gain, and half as many more as there are candidates, after which the search ends."""
WHOLE = 24
"""Dimensions of up to so many codes are opened whole."""


@dataclass(frozen=True, slots=True)
class _Search:
    """What does not change while the search goes on, in the numbers of `Prepared`; and the scratch memory.

    Attributes:
        problem: The task.
        price: What hiding a cell costs.
        kept: Cells hidden in any case.
        pool: The others that may be hidden.
        grid: The cells.
        families: Per dimension and code the groups of codes it shares a sum with.
        order: Per number its cell.
        place: Per cell its number.
        unit: What stands for one counted person in the costs.
        record: Per way of `NOISE` and `BLOCKS` what it gained lately for the work done.
    """

    problem: Problem
    price: Vector
    kept: Mask
    pool: Mask
    grid: Grid
    families: list[list[list[Index]]]
    order: Index
    place: Index
    memory: part.Scratch
    rng: np.random.Generator
    stamps: Iterator[int]
    record: Vector
    unit: float


def improve(
    prepared: Prepared, hidden: Mask, pool: Mask, space: tuple[Grid, Sequence[Hierarchy]], *, work: float
) -> Mask:
    """A pattern that hides no more than the given one, by `PER_CELL` and the counts.

    Args:
        prepared: The task.
        hidden: A pattern that keeps what can be kept.
        pool: The cells that may be hidden.
        space: The cells and their dimensions.
        work: How much is tried, in cells of parts decided again: no clock, so that the result is the same everywhere.
    """
    task, order = prepared.task, prepared.order
    kept = (task.goals.sensitive | task.forced)[order]
    search = _Search(
        prepared.problem,
        np.where(kept, 0.0, task.cost[order] + PER_CELL * task.unit),
        kept,
        pool[order] & ~kept,
        space[0],
        [_families(h) for h in space[1]],
        order,
        prepared.place,
        part.scratch(prepared.problem),
        np.random.default_rng(prepared.problem.seed),
        count(1),
        np.zeros((len(NOISE), len(BLOCKS))),
        task.unit,
    )
    best = hidden[order]
    stalled, patience = 0, PATIENCE + int(search.pool.sum()) // 2
    while work > 0 and stalled < patience and (best & ~kept).any():
        way = _way(search)
        done, gain = _retry(
            search, best, _block(search, _centre(search, best), BLOCKS[way[1]]), NOISE[way[0]]
        )
        search.record[way] = MEMORY * search.record[way] + (1 - MEMORY) * gain / done
        work, stalled = work - done, 0 if gain else stalled + 1
    back = np.zeros(len(best), bool)
    back[order[best]] = True
    return back


def _way(search: _Search) -> tuple[int, int]:
    """A way to open and shake, mostly one that paid."""
    total = np.cumsum(search.record)
    if search.rng.random() < CURIOSITY or total[-1] == 0:
        total = np.arange(1.0, total.size + 1)
    drawn = int(np.searchsorted(total, search.rng.random() * total[-1], side="right"))
    noise, block = divmod(min(drawn, total.size - 1), len(BLOCKS))
    return noise, block


def _retry(search: _Search, best: Mask, block: Index, noise: float) -> tuple[int, float]:
    """Decides again what a block touches; changes `best` where that is cheaper.

    Returns:
        The size of the part, and what was gained.
    """
    before = best[block]
    best[block] = True
    cells, sums = part.gather(search.problem, best, block, search.memory, next(search.stamps))
    best[block] = before
    every, start, members, inside = part.reduce(search.problem, cells, sums, search.memory)
    small = _small(search.problem, every, sums, (start, members, inside))
    stays, _, _ = run(small, _shaken(search, best, every, (inside, noise)))
    label = part.linked(start, members, best[every] | stays)
    there = label >= 0
    change = search.price[every] * (stays.astype(float) - best[every])
    cost = np.bincount(label[there], change[there], len(every))
    best[every[there & (cost[label] <= 0)]] = stays[there & (cost[label] <= 0)]
    return len(every), float(-np.minimum(cost, 0).sum())


def _small(problem: Problem, every: Index, sums: Index, system: tuple[Index, Index, Mask]) -> Problem:
    """The problem of a part."""
    start, members, inside = system
    by_parent, first, touching, touch = lookups(start, members, len(every))
    return problem._replace(
        start=start, members=members, by_parent=by_parent, first=first, touching=touching, touch=touch,
        quota=problem.quota[:, sums], hidden=inside, sensitive=problem.sensitive[every],
        slack=problem.slack[:, every], alone=problem.alone[every],
        links=np.flatnonzero(np.isin(sums, problem.links)),
    )  # fmt: skip


def _shaken(search: _Search, best: Mask, every: Index, opened: tuple[Mask, float]) -> Index:
    """The cells of a part that can be published, in an order near that of worth."""
    inside, noise = opened
    cells = np.flatnonzero(inside & ~search.kept[every])
    new = ~best[every[cells]]
    worth = search.price[every[cells]] - PER_CELL * search.unit
    worth[new] += OPEN * search.unit * part.quiet(search.problem, best, every[cells[new]])
    worth *= np.exp(noise * search.rng.standard_normal(len(cells)))
    return np.asarray(cells[np.lexsort((cells, -worth))])


def _families(hierarchy: Hierarchy) -> list[list[Index]]:
    """Per code the groups of codes it shares a sum with; all codes where these are few."""
    place = {code: i for i, code in enumerate(hierarchy.codes)}
    if len(place) <= WHOLE:
        return [[np.arange(len(place))]] * len(place)
    found: list[list[Index]] = [[] for _ in place]
    for total, parts in hierarchy.relations:
        family = np.array([place[total], *(place[c] for c in parts)])
        for code in family:
            found[code].append(family)
    return [groups or [np.array([i])] for i, groups in enumerate(found)]


def _centre(search: _Search, best: Mask) -> int:
    """A cell that is hidden for the sake of others."""
    while True:
        for cell in search.rng.integers(len(best), size=64):
            if best[cell] and not search.kept[cell]:
                return int(cell)


def _block(search: _Search, cell: int, most: int) -> Index:
    """Candidates around a cell, in the product of groups of codes."""
    rng, centre = search.rng, search.grid.places[search.order[cell]]
    groups = [f[c][rng.integers(len(f[c]))] for f, c in zip(search.families, centre, strict=True)]
    while True:
        found = search.place[rows(search.grid, groups)]
        wide = [d for d, g in enumerate(groups) if len(g) > 3]
        if search.pool[found].sum() <= most or not wide:
            return np.asarray(found[search.pool[found]])
        d = wide[rng.integers(len(wide))]
        half = rng.permutation(groups[d])[: max(2, len(groups[d]) // 2)]
        groups[d] = np.union1d(half, [centre[d]])
