"""Sums whose cells lie in several publications: a quarter in one, its months each in another.

Along one axis at a time, over all cells of a concept. Where a part is published nowhere but follows from published ones
along another axis (the new area in the months before the reform), it becomes an unknown that nobody publishes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anonymize.linked.places import Axis, splits
from anonymize.linked.unify import Keys, Variables
from anonymize.relations import Index

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Block:
    """Equations, part by part: `total` = the sum of `part` (+ something not negative where `partial`).

    Attributes:
        total: Int64 per equation.
        owner: Int64 per part: its equation.
        part: Int64 per part.
        source: Int64 per equation: the last of the publications that it needs.
        partial: Per equation.
    """

    total: Index
    owner: Index
    part: Index
    source: Index
    partial: Mask


@dataclass(frozen=True, slots=True)
class Pool:
    """The cells of one concept by place and age; of revised ones there are several.

    Attributes:
        keys: The places, ascending.
        start: Int64: those at place i are start[i] to start[i + 1], the oldest first.
        variable: Int64: the unknowns.
        first: Int64: the first publication of each.
        deepest: How many there are at most at one place.
    """

    keys: Keys
    start: Index
    variable: Index
    first: Index
    deepest: int


@dataclass(frozen=True, slots=True)
class Split:
    """Sums along one axis: s is `parts[start[s]:start[s + 1]]`; those of place p are by_total[p] to by_total[p + 1]."""

    by_total: Index
    start: Index
    parts: Index


def pooled(given: Variables, signed: Mask) -> tuple[Variables, list[Block]]:
    """Every sum along one axis over all publications, and the unknowns with those that nobody publishes.

    Args:
        given: The unknowns.
        signed: Per unknown whether numbers of its concept may be negative.
    """
    blocks: list[Block] = []
    for concept in np.unique(given.concept).tolist():
        every = _split(given, concept)
        own = np.flatnonzero(given.concept == concept)
        if not len(own) or not any(len(split.parts) for split in every):
            continue
        made = _between(given, own, every) if not signed[own].any() else []
        given, virtual = _with(given, concept, made)
        blocks += virtual
        cells = np.flatnonzero(given.concept == concept)
        pool = _pool(given, cells)
        for axis, split in enumerate(every):
            blocks += _along(given, pool, (cells, axis), split)
    return given, blocks


def spread(start: Index, items: Index) -> tuple[Index, Index]:
    """For items of a list of lists (list i is start[i] : start[i + 1]): per entry its item's place, and the entry."""
    sizes = start[items + 1] - start[items]
    place = np.repeat(np.arange(len(items)), sizes)
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return place, np.arange(len(place)) - first + start[items][place]


def lookup(pool: Pool, wanted: Keys, at: Index | None = None) -> Index:
    """The unknowns at these places, -1 for none: the newest, or the newest that was out with a publication.

    Args:
        pool: The cells.
        wanted: Places.
        at: Publications; where nothing is as old, the oldest is taken.
    """
    if not len(pool.keys):
        return np.full(len(wanted), -1, np.int64)
    place = np.minimum(np.searchsorted(pool.keys, wanted), len(pool.keys) - 1)
    chosen, last = pool.start[place], pool.start[place + 1] - 1
    if at is None:
        chosen = last
    else:
        for _ in range(pool.deepest - 1):
            further = np.minimum(chosen + 1, last)
            chosen = np.where(pool.first[further] <= at, further, chosen)
    return np.where(pool.keys[place] == wanted, pool.variable[chosen], -1)


def _pool(given: Variables, cells: Index) -> Pool:
    order = cells[np.lexsort((given.first[cells], given.key[cells]))]
    keys, start = np.unique(given.key[order], return_index=True)
    start = np.append(start, len(order)).astype(np.int64)
    return Pool(keys, start, order, given.first[order], int(np.diff(start).max(initial=1)))


def _split(given: Variables, concept: int) -> list[Split]:
    """Per axis the sums of all publications of a concept, and how each of its places is made up of smaller ones."""
    rows = [
        r
        for r, one in zip(given.rows, given.publications, strict=True)
        if _concept(given, one.concept) == concept
    ]
    own = given.concept == concept
    found = []
    for number, axis in enumerate(given.axes.values()):
        places = np.unique(given.places[own, number]).tolist()
        sums = {s for r in rows for s in r.sums[number]} | {*splits(axis, places)}
        found.append(_laid(axis, sorted(s for s in sums if len(s[1]) > 1)))
    return found


def _concept(given: Variables, name: str) -> int:
    return next(i for i, one in enumerate(given.publications) if one.concept == name)


def _laid(axis: Axis, sums: list[tuple[int, tuple[int, ...]]]) -> Split:
    totals = np.array([total for total, _ in sums], np.int64)
    sizes = np.array([len(parts) for _, parts in sums], np.int64)
    parts = np.array([part for _, own in sums for part in own], np.int64)
    by_total = np.searchsorted(totals, np.arange(len(axis.held) + 1)).astype(np.int64)
    return Split(by_total, np.append(0, np.cumsum(sizes)).astype(np.int64), parts)


def _parts(
    given: Variables, place: tuple[Keys, Index, int], split: Split
) -> tuple[Index, Index, Keys, Index]:
    """For cells (their keys and places) and an axis: per sum its cell; per part its sum, key and place on the axis."""
    keys, places, axis = place
    weight = given.weight[axis]
    at, which = spread(split.by_total, places[:, axis])
    owner, entry = spread(split.start, which)
    part = split.parts[entry]
    key = keys[at][owner] - weight[places[at, axis]][owner] + weight[part]
    return at, owner, key, part


def _along(given: Variables, pool: Pool, place: tuple[Index, int], split: Split) -> list[Block]:
    """The sums of cells along an axis that are true, as things were when the total came out, and as they are."""
    cells, axis = place
    at, owner, key, _ = _parts(given, (given.key[cells], given.places[cells], axis), split)
    total, found = cells[at], []
    then = lookup(pool, key, given.first[total][owner])
    found.append(_true(given, total, owner, then))
    if pool.deepest > 1:
        found.append(_true(given, total, owner, lookup(pool, key)))
    return found


def _true(given: Variables, total: Index, owner: Index, part: Index) -> Block:
    missing = np.bincount(owner, part < 0, len(total)) > 0
    sums, source = np.zeros(len(total), np.int64), given.first[total]
    inside = part >= 0
    np.add.at(sums, owner[inside], given.truth[part[inside]])
    np.maximum.at(source, owner[inside], given.first[part[inside]])
    keep = ~missing & (sums == given.truth[total])
    place = np.cumsum(keep) - 1
    kept = keep[owner]
    return Block(total[keep], place[owner[kept]], part[kept], source[keep], np.zeros(int(keep.sum()), bool))


@dataclass(frozen=True, slots=True)
class _Made:
    """Cells that nobody publishes and that follow from published ones."""

    key: Keys
    places: Index
    parts: tuple[Index, Index]


def _between(given: Variables, own: Index, every: list[Split]) -> list[_Made]:
    """The cells that sums over several publications lack, where another axis gives them."""
    pool = _pool(given, own)
    lacking = [_lacking(given, pool, (own, axis), split) for axis, split in enumerate(every)]
    key = np.concatenate([k for k, _ in lacking])
    places = np.concatenate([p for _, p in lacking])
    found: list[_Made] = []
    for axis, split in enumerate(every):
        key, first = np.unique(key, return_index=True)
        places = places[first]
        if not len(key):
            break
        made = _follows(given, pool, (key, places, axis), split)
        if len(made.key):
            found.append(made)
            left = ~np.isin(key, made.key)
            key, places = key[left], places[left]
    return found


def _lacking(given: Variables, pool: Pool, place: tuple[Index, int], split: Split) -> tuple[Keys, Index]:
    """The places where a sum that has some of its cells has none."""
    cells, axis = place
    at, owner, key, part = _parts(given, (given.key[cells], given.places[cells], axis), split)
    there = lookup(pool, key) >= 0
    some = np.bincount(owner, there, len(at)) > 0
    wanted = some[owner] & ~there
    places = given.places[cells[at[owner[wanted]]]]
    places[:, axis] = part[wanted]
    return key[wanted], places


def _follows(given: Variables, pool: Pool, place: tuple[Keys, Index, int], split: Split) -> _Made:
    """Of these places those whose cell is a sum along an axis of cells that there are; the first such sum."""
    keys, places, _ = place
    at, owner, key, _ = _parts(given, place, split)
    part = lookup(pool, key)
    whole = np.bincount(owner, part < 0, len(at)) == 0
    _, first = np.unique(at[whole], return_index=True)
    chosen = np.flatnonzero(whole)[first]
    number = np.full(len(at), -1, np.int64)
    number[chosen] = np.arange(len(chosen))
    inside = number[owner] >= 0
    return _Made(keys[at[chosen]], places[at[chosen]], (number[owner[inside]], part[inside]))


def _with(given: Variables, concept: int, made: list[_Made]) -> tuple[Variables, list[Block]]:
    """The unknowns and these besides."""
    blocks = []
    for one in made:
        base, size = len(given.truth), len(one.key)
        owner, part = one.parts
        truth, first = np.zeros(size, np.int64), np.zeros(size, np.int64)
        np.add.at(truth, owner, given.truth[part])
        np.maximum.at(first, owner, given.first[part])
        given = replace(
            given,
            concept=np.append(given.concept, np.full(size, concept)),
            key=np.append(given.key, one.key),
            places=np.concatenate([given.places, one.places]),
            truth=np.append(given.truth, truth),
            first=np.append(given.first, first),
        )
        blocks.append(Block(base + np.arange(size), owner, part, first, np.zeros(size, bool)))
    return given, blocks
