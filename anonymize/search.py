"""Local search: decide parts of a pattern again, with other preferences, and keep what hides less.

A block of published candidates is opened, and what is hidden near it decided again by the greedy, in a random order
near the order of worth; if that hides more than before, it is taken back: an adaptive large neighbourhood search
(Ropke and Pisinger 2006), which opens and shakes more often in the ways that have paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from math import prod

import numpy as np
from numpy.typing import NDArray

from anonymize import part, reopen
from anonymize.elimination import Mask, Prepared, enlarged
from anonymize.errors import Text
from anonymize.greedy import Found, Problem, State, decide
from anonymize.grid import Grid, rows
from anonymize.hierarchy import Hierarchy
from anonymize.relations import Index
from ytemo_display.progress import tell

Vector = NDArray[np.float64]

OPEN = 3
"""Worth of publishing, in counted persons, for each sum of the cell that holds no other hidden cell."""
PER_CELL = 3.6
"""What one more hidden cell costs beside its count."""
NOISE = (0.05, 0.1, 0.2, 0.3, 0.5)
"""How far the order strays from that of worth."""
BLOCKS = (15, 40, 100, 250)
"""How many candidates a block opens."""
AROUND, FEWEST = 2, 150
"""A block is decided with hidden cells near it: so many times as many cells in all, but no fewer than this."""
MEMORY, CURIOSITY = 0.95, 0.2
"""How slowly the record of a way fades, and how often any way is tried whatever its record."""
PATIENCE = 30
"""Tries without gain, and half as many more as there are candidates, after which the search ends."""
FIRST = 0.5
"""How often the cell in the middle of a block is published before all others, if it can be."""
WHOLE = 24
"""Dimensions of up to so many codes are opened whole."""
LOOKED = 8
"""A block is looked for among so many times as many cells."""
SEARCHING = Text("Chọn ô cần che", "Choosing the cells to hide")


@dataclass(slots=True)
class _Search:
    """The search; all but the last four do not change while it goes on. In the numbers of `Prepared`.

    Attributes:
        problem: The task.
        price: What hiding a cell costs.
        kept: Cells hidden in any case.
        pool: The others that may be hidden.
        grid: The cells.
        families: Per dimension and code the groups of codes it shares a sum with.
        order: Per number its cell.
        place: Per cell its number.
        visits: Scratch.
        memory: Scratch.
        rng: Random numbers.
        stamps: Fresh numbers.
        unit: What stands for one counted person in the costs.
        record: Per way of `NOISE` and `BLOCKS` what it gained lately for the work done.
        best: The pattern.
        state: The greedy's, for this pattern.
        found: What is not to be helped.
    """

    problem: Problem
    price: Vector
    kept: Mask
    pool: Mask
    grid: Grid
    families: list[list[list[Index]]]
    order: Index
    place: Index
    visits: part.Scratch
    memory: reopen.Scratch
    rng: np.random.Generator
    stamps: Iterator[int]
    unit: float
    record: Vector
    best: Mask
    state: State
    found: Found


def improve(
    prepared: Prepared,
    candidates: Mask,
    first: Index,
    space: tuple[Grid, Sequence[Hierarchy]],
    *,
    work: float,
) -> Mask:
    """The pattern of the greedy, and what the search makes of it: hides no more, by `PER_CELL` and the counts.

    Args:
        prepared: The task.
        candidates: The cells that may be hidden.
        first: Those that may be published, in the order the greedy tries them first.
        space: The cells and their dimensions.
        work: How much is tried, in cells decided again: no clock, so that the result is the same everywhere.
    """
    tell(SEARCHING)
    search = _begin(prepared, candidates[prepared.order], prepared.place[first], space)
    whole, stalled, patience = work, 0, PATIENCE + int(search.pool.sum()) // 2
    while work > 0 and stalled < patience and (search.best & ~search.kept).any():
        done, gain = _turn(search)
        work, stalled = work - done, 0 if gain else stalled + 1
        tell(SEARCHING, whole - work, whole)
    back = np.zeros(len(search.best), bool)
    back[search.order[search.best]] = True
    return back


def _begin(
    prepared: Prepared, candidates: Mask, first: Index, space: tuple[Grid, Sequence[Hierarchy]]
) -> _Search:
    task, order = prepared.task, prepared.order
    problem = prepared.problem._replace(hidden=candidates)
    kept = (task.goals.sensitive | task.forced)[order]
    price = np.where(kept, 0.0, task.cost[order] + PER_CELL * task.unit)
    memory = reopen.scratch(problem)
    state, found = _decided(problem, first, memory)
    return _Search(
        problem, price, kept, candidates & ~kept, space[0], [_families(h) for h in space[1]], order,
        prepared.place, part.scratch(problem), memory, np.random.default_rng(problem.seed),
        count(1), task.unit, np.zeros((len(NOISE), len(BLOCKS))), state.stays.copy(), state, found,
    )  # fmt: skip


def _decided(problem: Problem, cells: Index, memory: reopen.Scratch) -> tuple[State, Found]:
    """The state after the greedy, fit for what follows."""

    def then(state: State, found: Found) -> None:
        decide(problem, state, found, cells)
        reopen.reduce_all(state, memory)

    return enlarged(problem, then, notes=True)


def _turn(search: _Search) -> tuple[int, float]:
    """Decides a block again in one way; how many cells that were, and what was gained."""
    way = _way(search)
    centre = _centre(search)
    block = _block(search, centre, BLOCKS[way[1]])
    opened = block[~search.best[block]]
    try:
        done, gain = _retry(search, centre, opened, NOISE[way[0]]) if len(opened) else (1, 0.0)
    except MemoryError:
        # The same pattern in a larger matrix.
        search.memory = reopen.scratch(search.problem)
        shown = np.flatnonzero(search.pool & ~search.best)
        search.state, search.found = _decided(search.problem, shown, search.memory)
        done, gain = int(search.pool.sum()), 0.0
    search.record[way] = MEMORY * search.record[way] + (1 - MEMORY) * gain / done
    return done, gain


def _way(search: _Search) -> tuple[int, int]:
    """A way to open and shake, mostly one that paid."""
    total = np.cumsum(search.record)
    if search.rng.random() < CURIOSITY or total[-1] == 0:
        total = np.arange(1.0, total.size + 1)
    drawn = int(np.searchsorted(total, search.rng.random() * total[-1], side="right"))
    noise, block = divmod(min(drawn, total.size - 1), len(BLOCKS))
    return noise, block


def _retry(search: _Search, centre: int, opened: Index, noise: float) -> tuple[int, float]:
    """Opens cells and decides them and what is near again; takes it back where that hides more.

    Returns:
        How many cells were decided, and what was gained.
    """
    problem, state, best = search.problem, search.state, search.best
    if reopen.reopen(problem, state, opened, search.memory) == 0:
        reopen.close(problem, state, best, opened)
        return len(opened), 0.0
    limit = next(search.stamps), max(FEWEST, AROUND * len(opened))
    cells = part.near(problem, best, np.append(opened, centre), search.visits, limit)
    cells = cells[~search.kept[cells]]
    order = _shaken(search, cells, noise)
    if search.rng.random() < FIRST:
        order = np.concatenate([[centre], order[order != centre]])
    decide(problem, state, search.found, order)
    stays = state.stays[cells]
    gain = float((search.price[cells] * (best[cells].astype(float) - stays)).sum())
    if gain < 0 or (stays == best[cells]).all():
        reopen.close(problem, state, best, cells)
    else:
        best[cells] = stays
    return len(cells), max(gain, 0.0)


def _shaken(search: _Search, cells: Index, noise: float) -> Index:
    """Those of the cells that can be published, in an order near that of worth."""
    cells = cells[~search.kept[cells]]
    new = ~search.best[cells]
    worth = search.price[cells] - PER_CELL * search.unit
    worth[new] += OPEN * search.unit * part.quiet(search.problem, search.best, cells[new])
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


def _centre(search: _Search) -> int:
    """A cell that is hidden for the sake of others."""
    while True:
        drawn = search.rng.integers(len(search.best), size=256)
        found = drawn[search.best[drawn] & ~search.kept[drawn]]
        if len(found):
            return int(found[0])


def _block(search: _Search, cell: int, most: int) -> Index:
    """Candidates around a cell, in the product of groups of codes."""
    rng, centre = search.rng, search.grid.places[search.order[cell]].tolist()
    groups = [f[c][int(rng.integers(len(f[c])))] for f, c in zip(search.families, centre, strict=True)]
    while True:
        wide = [d for d, g in enumerate(groups) if len(g) > 3]
        if not wide or prod(map(len, groups)) <= LOOKED * most:
            found = search.place[rows(search.grid, groups)]
            found = found[search.pool[found]]
            if len(found) <= most or not wide:
                return np.asarray(found)
        d = wide[int(rng.integers(len(wide)))]
        half = rng.permutation(groups[d])[: len(groups[d]) // 2]
        groups[d] = np.append(half[half != centre[d]], centre[d])
