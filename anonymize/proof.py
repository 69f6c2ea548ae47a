"""Making a certificate of what an audit found, and checking what one proves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from anonymize.attack import View
from anonymize.certificate import COLUMNS, DIRECTION, Certificate, Verdict, refused, seal
from anonymize.coalitions import enough, learnt
from anonymize.complements import complements
from anonymize.evidence import proven, pruned, small_open
from anonymize.exact import betrayed
from anonymize.examine import Examined
from anonymize.field import P
from anonymize.goals import TOLERANCE, possible, short
from anonymize.integers import Counts
from anonymize.intervals import components
from anonymize.nullspace import Basis, random_change
from anonymize.policy import Protection
from anonymize.relations import Index
from anonymize.table import Table

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

SIZE = 1 << 34
TRIES = 4


def make(
    views: Sequence[View], seen: Examined, names: tuple[str, str], table: Table, policy: Protection
) -> Certificate:
    """The certificate of what was found.

    Args:
        views: The attacker's view for each promise.
        seen: What the attacks found.
        names: The digests of the published cells and of the policy.
        table: The table.
        policy: The promises.
    """
    number = enough(views[0], seen.labels, table, policy.insiders)
    cells, frames = views[0].cells, [pl.DataFrame(schema=COLUMNS)]
    for promise, (view, evidence) in enumerate(zip(views, seen.evidence, strict=True)):
        for scale, change in pruned(view, seen.labels, evidence).rows():
            frames.append(_frame((promise, len(frames), scale), cells, change))
    for change in _directions(views[0], seen.moves, max(number, 2)):
        frames.append(_frame((0, len(frames), DIRECTION), cells, change))
    witnesses = pl.concat(frames)
    return Certificate(*names, witnesses, seal(*names, witnesses))


def _frame(table: tuple[int, int, int], cells: Index, change: Counts) -> pl.DataFrame:
    """The cells that one table changes; `table`: promise, number, scale."""
    moved = np.flatnonzero(change)
    numbers = [np.full(len(moved), number, np.int64) for number in table]
    columns = [*numbers, cells[moved], change[moved]]
    return pl.DataFrame(dict(zip(COLUMNS, columns, strict=True)), schema=COLUMNS)


def _directions(view: View, moves: Basis, number: int) -> list[Counts]:
    """Random changes in whole numbers; in the first two no two cells happen to move in one proportion."""
    best: list[Counts] = []
    fewest = len(view.cells) + 1
    for seed in range(TRIES):
        pair = [_random(view, moves, number * seed + k) for k in range(number)]
        ties = len(tied(view, pair[0], pair[1]))
        if ties < fewest:
            best, fewest = pair, ties
        if not ties:
            break
    return best


def _random(view: View, moves: Basis, seed: int) -> Counts:
    """The columns of slacks come last in the basis; they follow from the others."""
    cells = len(view.cells)
    return random_change(moves, cells + len(view.part), SIZE, seed=seed)[:cells]


def tied(view: View, one: Counts, two: Counts) -> Index:
    """Pairs that these directions do not tell apart: (cell of somebody alone, sensitive cell), columns of the view."""
    sensitive = view.goals.sensitive
    still = (one == 0) & (two == 0) & sensitive
    moving = np.flatnonzero(sensitive & ~still)
    pairs = betrayed(view.goals, moving, one % P, two % P)
    stuck = np.flatnonzero(still)
    return np.concatenate([pairs, np.stack([stuck, stuck], axis=1)])


def verdict(views: Sequence[View], witnesses: pl.DataFrame, table: Table, policy: Protection) -> Verdict:
    """What the changes of a certificate prove; their form has been checked.

    Args:
        views: The attacker's view for each promise.
        witnesses: As in `Certificate`.
        table: The table.
        policy: The promises.
    """
    changes, promise, scale = _changes(views[0], witnesses)
    faults = ["sums"] * bool((views[0].sums.astype(np.int64) @ changes).count_nonzero())
    for number, view in enumerate(views):
        mine = np.flatnonzero((promise == number) & (scale != DIRECTION)).tolist()
        faults += ["bounds"] * (not all(_fits(view, _column(changes, t), int(scale[t])) for t in mine))
    if faults:
        return refused(views[0], sorted(set(faults)))
    labels, last = components(views[0]), len(views) - 1
    wide = [_width(view, labels, changes, np.where(promise == k, scale, 0)) for k, view in enumerate(views)]
    directions = [_column(changes, t) for t in np.flatnonzero(scale == DIRECTION).tolist()]
    still = np.zeros(len(labels), np.int64)
    directions = directions if len(directions) > 1 else [still, still]
    pairs = tied(views[0], directions[0], directions[1])
    joint = learnt(views[0], labels, table, policy.insiders, np.array(directions) % P)
    close = [
        _close(view, changes, np.where(promise == k, scale, 0), (table, policy))
        for k, view in enumerate(views)
    ]
    return Verdict(
        (),
        int(views[0].goals.sensitive.sum()),
        views[0].cells[np.unique(np.concatenate([*(lacking for lacking, _, _ in wide), *close]))],
        views[0].cells[np.union1d(pairs[:, 1], joint)],
        wide[last][1],
        sum(left for _, _, left in wide),
    )


def _changes(view: View, witnesses: pl.DataFrame) -> tuple[csc_matrix, Index, Index]:
    """The changes, hidden cells x tables, and of each table the promise that it serves and its scale."""
    from scipy.sparse import csc_matrix

    tables = witnesses.select("promise", "table", "scale").unique("table").sort("table")
    column = np.searchsorted(tables["table"].to_numpy(), witnesses["table"].to_numpy())
    place = np.searchsorted(view.cells, witnesses["row"].to_numpy())
    shape = (len(view.cells), tables.height)
    changes = csc_matrix((witnesses["change"].to_numpy(), (place, column)), shape=shape)
    return changes, tables["promise"].to_numpy(), tables["scale"].to_numpy()


def _width(view: View, labels: Index, changes: csc_matrix, scale: Index) -> tuple[Index, int, int]:
    """Columns not shown to be wide, how many are over the whole numbers, and small components left open."""
    low, high = view.truth.astype(float), view.truth.astype(float)
    for t in np.flatnonzero(scale).tolist():
        value = view.truth + _column(changes, t) / scale[t]
        low, high = np.minimum(low, value), np.maximum(high, value)
    steps = [_column(changes, t) for t in np.flatnonzero(scale == 1).tolist()]
    whole = np.array(steps, np.int64).reshape(len(steps), len(labels))
    lacking = np.flatnonzero(short(view.goals, view.truth, low, high))
    return lacking, int(proven(view, labels, whole).sum()), small_open(view, labels, whole)


def _close(view: View, changes: csc_matrix, scale: Index, case: tuple[Table, Protection]) -> Index:
    """Parts whose difference to their whole, both hidden, is not shown to have the numbers that a complement needs."""
    found: list[int] = []
    for part, whole, need in complements(view, *case):
        steps = [(changes[whole, t] - changes[part, t]) / scale[t] for t in np.flatnonzero(scale).tolist()]
        ends = np.array([min(steps, default=0.0)]), np.array([max(steps, default=0.0)])
        if possible(*ends)[0] < need:
            found.append(part)
    return np.array(found, np.int64)


def _column(changes: csc_matrix, t: int) -> Counts:
    dense = np.zeros(changes.shape[0], np.int64)
    part = slice(changes.indptr[t], changes.indptr[t + 1])
    dense[changes.indices[part]] = changes.data[part]
    return dense


def _fits(seen: View, change: Counts, scale: int) -> bool:
    """Whether an alternative table keeps what readers know of hidden cells: to the digit in whole numbers."""
    if scale == 1:
        value = seen.truth + change
        inside = (value >= seen.goals.lower) & (value <= seen.goals.upper)
        return bool(inside.all() and (value[seen.part] <= value[seen.whole]).all())
    step = change / scale
    inside = (step >= seen.goals.lower - seen.truth - TOLERANCE) & (
        step <= seen.goals.upper - seen.truth + TOLERANCE
    )
    room = seen.truth[seen.whole] - seen.truth[seen.part] + TOLERANCE
    return bool(inside.all() and (step[seen.part] - step[seen.whole] <= room).all())
