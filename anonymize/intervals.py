"""The interval an attacker can compute for each sensitive cell.

Bounds from single sums settle what is certainly narrow. An alternative table proves, for every cell it moves, that this
value is possible: walks over short changes give such tables in whole numbers, a few linear programs with random
objectives give most of the others; only what is left pays for its own minimum and maximum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anonymize import neighbourhood, program, reach
from anonymize.attack import View
from anonymize.errors import Text
from anonymize.goals import Goals, Mask, possible, short, take
from anonymize.nullspace import Basis, basis, random_change
from anonymize.program import Program, Vector
from anonymize.relations import Index
from anonymize.system import System, system
from anonymize.walk import walk
from ytemo_display.progress import tell

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

BUNDLE = 300
"""Small components are solved together, up to about this many columns."""
GIANT = 5_000
"""Components with more columns are searched neighbourhood by neighbourhood first, then as a whole."""
MOST = 1_500
"""So many cells of a giant component are searched one by one; the rest counts as narrow, which is the safe side."""
WHOLE = 3_000_000
"""What their neighbourhoods leave open is searched in the whole component, up to about this many columns in all."""
ROUNDS = 12
NOISE = 1e-7
"""A cell that an interior point moves by less does not move."""
BOUNDING = Text("Tính khoảng của từng ô", "Computing the interval of each cell")

Parts = list[tuple[Index, Vector]]


@dataclass(frozen=True, slots=True)
class Intervals:
    """What is possible for the cells of a view.

    Attributes:
        low: Per column the smallest value that an alternative table shows.
        high: Likewise the largest.
        least: Per column a bound that no table goes below, from single sums; no better than `low` where `low` is all.
        most: Likewise above.
        narrow: Sensitive columns with fewer possible integers than needed, or not shown to have them.
        tables: Int64: alternative tables in whole numbers (changes), tables x columns of the system.
        parts: Columns of the system and a change of these alone, one entry per alternative table.
        moves: The changes that no sum sees, of the columns of the system that can change.
    """

    low: Vector
    high: Vector
    least: Vector
    most: Vector
    narrow: Index
    tables: NDArray[np.int64]
    parts: Parts
    moves: Basis


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for and what is seen so far.

    Attributes:
        given: Equations, and bounds as tight as single sums make them.
        by_column: The equations by column.
        labels: Per column of the system its connected component.
        moves: The changes that no sum sees.
        wanted: What each cell is still to be shown to have.
        low: The smallest value seen, widened in place.
        high: The largest.
        seed: For random objectives.
    """

    given: System
    by_column: csc_matrix
    labels: Index
    moves: Basis
    wanted: Goals
    low: Vector
    high: Vector
    seed: int

    @property
    def missing(self) -> Mask:
        """Cells not yet shown to have what is wanted."""
        return short(self.wanted, self.given.truth[: len(self.low)], self.low, self.high)


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


def intervals(
    view: View,
    labels: Index,
    *,
    seed: int,
    largest: int | None = None,
    moves: Basis | None = None,
    before: Intervals | None = None,
) -> Intervals:
    """Shows every sensitive cell wide enough, or that it is not; what cannot be shown counts as narrow.

    Args:
        view: The attacker's view.
        labels: Per column its connected component.
        seed: For the random alternative tables.
        largest: Components with more columns are left out.
        moves: The basis of `system(view)`, where it is at hand.
        before: For tighter bounds and the same sums; its alternative tables fit here too.
    """
    truth = view.truth.astype(float)
    low, high = (before.low.copy(), before.high.copy()) if before else (truth.copy(), truth.copy())
    sizes = np.bincount(labels, minlength=1)
    search, hopeless = _begin(
        view, labels, low, high, seed=seed, left_out=sizes > (largest or len(labels)), moves=moves
    )
    tables, parts = _witnessed(search)
    parts += _settled(search)
    if before:
        tables, parts = np.concatenate([before.tables, tables]), before.parts + parts
    narrow = np.flatnonzero(hopeless | search.missing)
    cells = len(low)
    least, most = search.given.lower[:cells].astype(float), search.given.upper[:cells].astype(float)
    return Intervals(low, high, least, most, narrow, tables, parts, search.moves)


def witness(view: View, labels: Index, low: Vector, high: Vector, *, seed: int) -> None:
    """Widens `low` and `high` (in place) by random alternative tables; cells already wide are left alone."""
    nothing = np.zeros(labels.max(initial=-1) + 1, bool)
    search, _ = _begin(view, labels, low, high, seed=seed, left_out=nothing)
    if search.missing.any():
        _witnessed(search, quick=True)


def settle(view: View, labels: Index, low: Vector, high: Vector, *, seed: int) -> None:
    """Widens `low` and `high` (in place) as far as is needed and possible, one cell after the other in the end."""
    nothing = np.zeros(labels.max(initial=-1) + 1, bool)
    search, _ = _begin(view, labels, low, high, seed=seed, left_out=nothing)
    if search.missing.any():
        _witnessed(search, quick=True)
        _settled(search)


def _begin(
    view: View,
    labels: Index,
    low: Vector,
    high: Vector,
    *,
    seed: int,
    left_out: Mask,
    moves: Basis | None = None,
) -> tuple[Search, Mask]:
    """The search, and the cells that single sums show to be narrow; of these a second value is wanted at most."""
    given = system(view)
    least, most = reach.bounds(given)
    number = np.concatenate([labels, labels[view.part]])
    least, most = (np.where(left_out[number], given.truth, bound) for bound in (least, most))
    given = replace(given, lower=least, upper=most)
    inside, cells = ~left_out[labels], len(view.cells)
    outer = least[:cells].astype(float), most[:cells].astype(float)
    hopeless = short(view.goals, view.truth, *outer) & inside
    two = np.minimum(possible(*outer), 2).astype(np.int64)
    need = np.where(hopeless, np.where(two > 1, 2, 0), view.goals.need) * inside
    level = [np.where(hopeless | ~inside, 0, goal) for goal in (view.goals.below, view.goals.above)]
    wanted = replace(view.goals, need=need, below=level[0], above=level[1])
    free = given.free
    if moves is None or not free.all():
        moves = basis(given.rows, free)
    return Search(given, given.rows.tocsc(), number, moves, wanted, low, high, seed), hopeless


def _witnessed(search: Search, *, quick: bool = False) -> tuple[NDArray[np.int64], Parts]:
    """Alternative tables from walks and random objectives."""
    tables = walk(
        search.given, search.moves, search.wanted, search.low, search.high, seed=search.seed, quick=quick
    )
    parts: Parts = []
    if search.missing.any():
        signs = _null_vectors(search)
        whole = bundles(search, most=GIANT)
        for number, columns in enumerate(whole):
            tell(BOUNDING, number, len(whole))
            parts += _random_objectives(search, columns, signs)
        for columns in neighbourhood.blocks(search, least=GIANT):
            parts += _random_objectives(search, columns, signs, rounds=2)
        for columns in neighbourhood.giants(search, least=GIANT):
            parts += _random_objectives(search, columns, signs)
    return tables, parts


def _null_vectors(search: Search) -> Vector:
    """Random members of the null space, one column each: cells that must move together are pushed the same way."""
    cells = len(search.given.truth)
    found = [random_change(search.moves, cells, 1_000, seed=search.seed + k) for k in range(ROUNDS)]
    return np.array(found, float).T


def bundles(search: Search, *, most: int) -> list[Index]:
    """Whole components that hold missing cells, grouped to about BUNDLE columns; none with more than `most`."""
    labels = search.labels
    sizes = np.bincount(labels)
    wanted = np.unique(labels[: len(search.low)][search.missing])
    wanted = wanted[sizes[wanted] <= most]
    # A bundle closes when the next component would overfill it.
    number, filled, current = np.zeros(len(wanted), np.int64), 0, 0
    for i, size in enumerate(sizes[wanted]):
        if filled and filled + size > BUNDLE:
            current, filled = current + 1, 0
        number[i], filled = current, filled + size
    bundle_of = np.full(len(sizes), -1, np.int64)
    bundle_of[wanted] = number
    place = bundle_of[labels]
    order = np.argsort(place, kind="stable")
    ends = np.searchsorted(place[order], np.arange(current + 2))
    return [order[ends[i] : ends[i + 1]] for i in range(current + 1) if len(wanted)]


def _random_objectives(search: Search, columns: Index, moves: Vector, rounds: int = ROUNDS) -> Parts:
    """Solves for random directions until every cell has what is wanted or little more is gained."""
    found: Parts = []
    cells = columns < len(search.low)
    todo = np.flatnonzero(cells)[_lacking(search, columns[cells])]
    if not len(todo):
        return found
    model = program.restricted(search.given, search.by_column, columns, reach=program.NEAR, vertices=False)
    stalled, last = 0, len(todo)
    for turn in range(rounds):
        cost, push = np.zeros(len(columns)), moves[columns[todo], turn]
        cost[todo] = np.sign(push) + push / (np.abs(push).max() + 1.0)
        for sign in (1.0, -1.0):
            found += _tried(search, model, sign * cost)
        todo = todo[_lacking(search, columns[todo])]
        stalled = stalled + 1 if len(todo) > 0.95 * last else 0
        last = len(todo)
        if not last or stalled > 1:
            break
    return found


def _tried(search: Search, model: Program, cost: Vector) -> Parts:
    """One alternative table, kept if it shows something new of a cell that is missing."""
    found = program.extreme(model, cost)
    if found is None:
        return []
    change = np.where(np.abs(found) < NOISE, 0.0, found)
    inner = model.columns < len(search.low)
    columns = model.columns[inner]
    value = search.given.truth[columns] + change[inner]
    low, high = np.minimum(search.low[columns], value), np.maximum(search.high[columns], value)
    new = ((low < search.low[columns] - 0.01) | (high > search.high[columns] + 0.01)) & _lacking(
        search, columns
    )
    if not new.any():
        return []
    # Only what a table that is kept shows counts as seen.
    search.low[columns], search.high[columns] = low, high
    return [(model.columns, change)]


def _lacking(search: Search, columns: Index) -> Mask:
    return short(
        take(search.wanted, columns), search.given.truth[columns], search.low[columns], search.high[columns]
    )


def _settled(search: Search) -> Parts:
    """The own minimum and maximum of every cell still missing."""
    parts: Parts = []
    for distance in (program.NEAR, program.FAR):
        for columns in bundles(search, most=GIANT):
            # From vertex to vertex: each search starts where the one before ended, ten times faster than anew.
            model = program.restricted(search.given, search.by_column, columns, reach=distance, vertices=True)
            parts += _one_by_one(search, columns, partial(_always, model))
    for columns in neighbourhood.giants(search, least=GIANT):
        missing = columns[np.isin(columns, np.flatnonzero(search.missing))]
        parts += _one_by_one(search, missing[:MOST], partial(neighbourhood.around, search))
        left = missing[search.missing[missing]][: WHOLE // len(columns)]
        if len(left):
            near = program.restricted(
                search.given, search.by_column, columns, reach=program.NEAR, vertices=False
            )
            parts += _one_by_one(search, left, partial(_always, near))
    return parts


def _one_by_one(search: Search, columns: Index, models: Callable[[int], Iterable[Program]]) -> Parts:
    parts: Parts = []
    inner = columns[columns < len(search.low)]
    wanted = inner[_lacking(search, inner)].tolist()
    for number, column in enumerate(wanted):
        tell(BOUNDING, number, len(wanted))
        for model in models(column):
            place = int(np.searchsorted(model.columns, column))
            cost = np.zeros(len(model.columns))
            for sign in (1.0, -1.0):
                cost[place] = sign
                if _lacking(search, np.array([column]))[0]:
                    parts += _tried(search, model, cost)
    return parts


def _always(model: Program, _: int) -> Iterable[Program]:
    return (model,)
