"""Small-count rounding: inner counts below the base become 0 or the base, margins stay close to the truth.

Minimises the sum of the squared deviations over all published cells. Leaf cells are decided one after the other,
each by what keeps the margins above it closest given those before (error diffusion); then single cells, then pairs
of cells under one margin, change sides while that helps. Nothing is random.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize.margins import fill
from anonymize.perturb.methods import SmallCountRounding
from anonymize.perturb.structure import containing, leaf_cells
from anonymize.table import Table

Index = NDArray[np.int64]

ROUNDS = 4
"""Paired exchanges gain little after a few rounds, and cost most of the time."""
GROUP = 300
"""Partners are looked for under margins with at most this many small cells."""


class Choice(NamedTuple):
    """The small cells of one measure, and the margins above them.

    Attributes:
        counts: Their counts.
        start: The cells that hold small cell i are holders[start[i] : start[i + 1]].
        holders: See `start`.
        first: The small cells in cell c are members[first[c] : first[c + 1]].
        members: See `first`.
        base: The base.
    """

    counts: Index
    start: Index
    holders: Index
    first: Index
    members: Index
    base: int


def rounded(table: Table, method: SmallCountRounding) -> Index:
    """The counts after rounding, aligned with `table.cells`; they add up."""
    width = len(table.measures)
    inner = leaf_cells(table)[::width]
    result = np.zeros((len(inner), width), np.int64)
    for m in range(width):
        values = table.values[m::width]
        small = np.flatnonzero(inner & (values > 0) & (values < method.base))
        result[:, m] = np.where(inner, values, 0)
        result[small, m] = _decided(table, values, small, method.base) * method.base
    return fill(result.reshape(table.shape), list(table.dimensions.values())).ravel()


def _decided(table: Table, values: Index, small: Index, base: int) -> Index:
    """Per small cell 1 where it becomes the base."""
    start, holders = containing(list(table.dimensions.values()), small)
    order = np.argsort(holders, kind="stable")
    members = np.repeat(np.arange(len(small)), np.diff(start))[order]
    first = np.searchsorted(holders[order], np.arange(len(values) + 1))
    choice = Choice(values[small], start, holders, first, members, base)
    up, deviation = np.zeros(len(small), np.int64), np.zeros(len(values), np.int64)
    _diffuse(choice, up, deviation)
    _settle(choice, up, deviation)
    for _ in range(ROUNDS):
        if not _exchange(choice, up, deviation):
            break
        _settle(choice, up, deviation)
    return up


def _settle(choice: Choice, up: Index, deviation: Index) -> None:
    while _flip(choice, up, deviation):
        pass


@numba.njit(cache=True)
def _gain(choice: Choice, cell: int, step: int, deviation: Index) -> int:
    """How much the sum of squares grows when a cell moves by a step."""
    total = 0
    for k in range(choice.start[cell], choice.start[cell + 1]):
        total += step * (2 * deviation[choice.holders[k]] + step)
    return total


@numba.njit(cache=True)
def _move(choice: Choice, cell: int, step: int, deviation: Index) -> None:
    for k in range(choice.start[cell], choice.start[cell + 1]):
        deviation[choice.holders[k]] += step


@numba.njit(cache=True)
def _diffuse(choice: Choice, up: Index, deviation: Index) -> None:
    for cell in range(len(choice.counts)):
        down = -choice.counts[cell]
        rise = choice.base + down
        if _gain(choice, cell, rise, deviation) < _gain(choice, cell, down, deviation):
            up[cell] = 1
            _move(choice, cell, rise, deviation)
        else:
            _move(choice, cell, down, deviation)


@numba.njit(cache=True)
def _flip(choice: Choice, up: Index, deviation: Index) -> int:
    """Moves every cell to its other side where that helps; how many moved."""
    moved = 0
    for cell in range(len(choice.counts)):
        step = -choice.base if up[cell] else choice.base
        if _gain(choice, cell, step, deviation) < 0:
            _move(choice, cell, step, deviation)
            up[cell] = 1 - up[cell]
            moved += 1
    return moved


@numba.njit(cache=True)
def _exchange(choice: Choice, up: Index, deviation: Index) -> int:
    """Moves every cell together with its best partner on the other side where that helps; how many pairs."""
    moved = 0
    for cell in range(len(choice.counts)):
        step = -choice.base if up[cell] else choice.base
        gain = _gain(choice, cell, step, deviation)
        _move(choice, cell, step, deviation)
        partner = _partner(choice, cell, step, -gain, (up, deviation))
        if partner < 0:
            _move(choice, cell, -step, deviation)
        else:
            _move(choice, partner, -step, deviation)
            up[cell], up[partner] = 1 - up[cell], 1 - up[partner]
            moved += 1
    return moved


@numba.njit(cache=True)
def _partner(choice: Choice, cell: int, step: int, limit: int, state: tuple[Index, Index]) -> int:
    """The cell under a common margin whose move back gains most, if better than the limit; else -1."""
    up, deviation = state
    best, found = limit, -1
    for k in range(choice.start[cell], choice.start[cell + 1]):
        holder = choice.holders[k]
        if choice.first[holder + 1] - choice.first[holder] > GROUP:
            continue
        for q in range(choice.first[holder], choice.first[holder + 1]):
            other = choice.members[q]
            if other != cell and up[other] != up[cell]:
                gain = _gain(choice, other, -step, deviation)
                if gain < best:
                    best, found = gain, other
    return found
