"""Alternative tables gathered from every part of the audit, and thinned to the few that prove as much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize.attack import Mask, View
from anonymize.goals import Goals, short, take
from anonymize.integers import Counts, Doubt, counted, merged, settled, small, whole
from anonymize.intervals import Intervals
from anonymize.nullspace import lift
from anonymize.relations import Index
from anonymize.system import System

CHUNK = 40_000
SCALE = 720_720 << 10
"""Halves, thirds, ... sixteenths are whole numbers at this scale, everything else is off by less than a billionth."""
LARGEST = 2.0**60
"""Changes in parts of SCALE are no larger than this."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Alternative tables over the cells of a view, as changes.

    Attributes:
        whole: Int64, tables x cells, in whole numbers.
        parts: Int64, tables x cells, in parts of SCALE.
    """

    whole: Counts
    parts: Counts

    def rows(self) -> Iterator[tuple[int, Counts]]:
        """(scale, changes) of every table."""
        yield from ((1, change) for change in self.whole)
        yield from ((SCALE, change) for change in self.parts)


def gathered(view: View, given: System, seen: Intervals, doubt: Doubt) -> Evidence:
    """Every alternative table found that fits.

    Args:
        view: The attacker's view.
        given: Its equations.
        seen: From walks and linear programs.
        doubt: From the small components.
    """
    cells = len(view.cells)
    tables = [whole(seen, cells), merged(doubt.parts, cells)]
    fractions = [part for part in seen.parts if np.abs(part[1] - np.rint(part[1])).max(initial=0) >= 1e-7]
    joined = merged(fractions, len(given.truth))
    # Amounts in the billions would leave 64 bits at this scale; in whole units they are fine enough.
    fine = [np.abs(change).max(initial=0) * SCALE < LARGEST for change in joined]
    lifted = [lift(seen.moves, change, SCALE if f else 1) for change, f in zip(joined, fine, strict=True)]
    found = np.array(lifted, np.int64).reshape(len(lifted), len(given.truth))[:, :cells]
    small_enough = np.array(fine, bool)
    return Evidence(np.concatenate([*tables, found[~small_enough]]), found[small_enough])


def pruned(view: View, labels: Index, evidence: Evidence) -> Evidence:
    """As few tables as prove as much: what a component does not need is dropped, the rest moved together.

    Components have nothing in common, so each keeps its own tables and all share the same few whole ones.
    """
    number, few = len(evidence.whole), small(view, labels)
    keep = np.zeros((number + len(evidence.parts), labels.max(initial=-1) + 1), bool)
    for columns, starts in _grouped(labels):
        first = labels[columns[0]]
        last, groups, own = first + len(starts) - 1, labels[columns] - first, take(view.goals, columns)
        mine = keep[:, first:last]
        mine[:number] = _lean(evidence.whole[:, columns], starts, few[first:last], (own.need, own.alone))
        changes = np.concatenate([evidence.whole[:, columns], evidence.parts[:, columns] / SCALE])
        _thin(changes, groups, mine, own, view.truth[columns])
    return Evidence(
        _packed(evidence.whole, keep[:number], labels), _packed(evidence.parts, keep[number:], labels)
    )


def _grouped(labels: Index) -> Iterator[tuple[Index, Index]]:
    """All columns, whole components at a time, about CHUNK of them; and where each component begins among them."""
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(np.bincount(labels))
    begin = 0
    while begin < len(order):
        end = int(ends[np.searchsorted(ends, min(begin + CHUNK, len(order)))])
        columns = order[begin:end]
        yield (
            columns,
            np.searchsorted(labels[columns], np.arange(labels[columns[0]], labels[columns[-1]] + 2)),
        )
        begin = end


def _thin(changes: NDArray[np.float64], groups: Index, keep: Mask, own: Goals, truth: Index) -> None:
    """Keeps (in place, tables x components) what is needed beside the tables before it and those kept after it."""
    still = np.zeros((1, changes.shape[1]))
    lowest = np.minimum.accumulate(np.concatenate([still, changes]), axis=0)
    highest = np.maximum.accumulate(np.concatenate([still, changes]), axis=0)
    low, high = still[0], still[0]
    hopeless = short(own, truth, truth + lowest[-1], truth + highest[-1])
    for t in range(len(changes) - 1, -1, -1):
        left = truth + np.minimum(low, lowest[t]), truth + np.maximum(high, highest[t])
        needed = short(own, truth, *left) & ~hopeless
        keep[t, groups[needed]] = True
        kept = keep[t, groups]
        low, high = np.minimum(low, changes[t] * kept), np.maximum(high, changes[t] * kept)


def _packed(tables: Counts, keep: Mask, labels: Index) -> Counts:
    """The kept parts of tables, each moved to the first table that has room for its component."""
    used = keep.sum(axis=0)
    packed = np.zeros((int(used.max(initial=0)), len(labels)), np.int64)
    slot = np.zeros(keep.shape[1], np.int64)
    for t in range(len(tables)):
        cells = np.flatnonzero(keep[t][labels])
        packed[slot[labels[cells]], cells] = tables[t, cells]
        slot += keep[t]
    return packed


@numba.njit(cache=True)
def _lean(tables: Counts, starts: Index, few: Mask, own: tuple[Counts, Counts]) -> NDArray[np.bool_]:
    """For small components that whole numbers settle: the tables that do so (tables x components)."""
    need, alone = own
    keep = np.zeros((len(tables), len(starts) - 1), np.bool_)
    for g in range(len(starts) - 1):
        s, e = starts[g], starts[g + 1]
        if not few[g]:
            continue
        used = np.zeros(len(tables), np.bool_)
        for t in range(len(tables)):
            used[t] = tables[t, s:e].any()
        if not settled(tables[used, s:e], need[s:e], alone[s:e]):
            continue
        for t in range(len(tables) - 1, -1, -1):
            if used[t]:
                used[t] = False
                used[t] = not settled(tables[used, s:e], need[s:e], alone[s:e])
        keep[:, g] = used
    return keep


def proven(view: View, labels: Index, tables: Counts) -> Mask:
    """Sensitive cells that these tables in whole numbers show to be wide over the whole numbers (changes)."""
    found = np.zeros(len(view.cells), bool)
    for columns, starts in _grouped(labels):
        own = take(view.goals, columns)
        known = tables[:, columns]
        low, high = known.min(axis=0, initial=0), known.max(axis=0, initial=0)
        far = (low <= -own.below) & (high >= own.above)
        found[columns] = own.sensitive & far & (_counted(known, starts, own.need) >= own.need)
    return found


@numba.njit(cache=True)
def _counted(tables: Counts, starts: Index, need: Counts) -> Counts:
    found = np.zeros(len(need), np.int64)
    for g in range(len(starts) - 1):
        s, e = starts[g], starts[g + 1]
        found[s:e] = counted(tables[:, s:e], need[s:e])
    return found


def small_open(view: View, labels: Index, tables: Counts) -> int:
    """How many small components with sensitive cells these tables in whole numbers leave unsettled."""
    few, need, alone = small(view, labels), view.goals.need, view.goals.alone
    return sum(
        int(
            _unsettled(
                tables[:, columns], starts, few[labels[columns[starts[:-1]]]], (need[columns], alone[columns])
            )
        )
        for columns, starts in _grouped(labels)
    )


@numba.njit(cache=True)
def _unsettled(tables: Counts, starts: Index, few: Mask, own: tuple[Counts, Counts]) -> int:
    need, alone = own
    left = 0
    for g in range(len(starts) - 1):
        s, e = starts[g], starts[g + 1]
        if few[g] and not settled(tables[:, s:e], need[s:e], alone[s:e]):
            left += 1
    return left
