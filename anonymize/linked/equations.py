"""The sums between the unknowns of several publications: within each of them, and from one to another.

A cell of one publication is the sum of the cells of another that make it up, on every axis at once, where the other
has them all. Where it has only some of them, what is left is an unknown of its own that is not negative. An equation
between publications counts only if it is true: after a revision most are not, and would tell an attacker something
false.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.linked.places import PARTLY, SUPPOSED, WHOLLY, Cover, cover
from anonymize.linked.pool import Block, pooled, spread
from anonymize.linked.unify import Keys, Rows, Variables, find
from anonymize.relations import Index

Mask = NDArray[np.bool_]

NEAR = 10
"""A remainder matters up to so many times what the cells beside it need: a larger one bounds nothing."""


@dataclass(frozen=True, slots=True)
class Equations:
    """Equation e says: `members[start[e]]` = the sum of the other members, up to `start[e + 1]`.

    Attributes:
        start: Int64, one more than there are equations.
        members: Int64: unknowns; from the number of unknowns on: remainders.
        source: Int64 per equation: the last of the publications that it needs.
        rest: Int64 per remainder: its true number.
    """

    start: Index
    members: Index
    source: Index
    rest: Index


def equations(given: Variables, open_: Mask, reach: Index, *, signed: Mask) -> tuple[Variables, Equations]:
    """Every equation that holds, and the unknowns with those that nobody publishes and that equations need.

    Args:
        given: The unknowns.
        open_: Unknowns that may be hidden; equations of others are left out.
        reach: Per unknown how far it must be able to move.
        signed: Per unknown whether numbers of its concept may be negative: remainders tell nothing then.
    """
    given, blocks = pooled(given, signed)
    more = len(given.truth) - len(signed)
    # What nobody publishes is unknown for ever.
    open_, reach = np.append(open_, np.ones(more, bool)), np.append(reach, np.zeros(more, np.int64))
    signed = np.append(signed, np.zeros(more, bool))
    held = [_sorted(rows) for rows in given.rows]
    for number, rows in enumerate(given.rows):
        for axis in range(len(given.axes)):
            if rows.sums[axis]:
                blocks.append(_own(given, (number, axis), held[number]))
    covers: dict[tuple[int, tuple[int, ...], int], Cover] = {}
    for number in range(len(given.rows)):
        found = _across(given, number, held[number], covers)
        if found is not None:
            blocks.append(found)
    return given, _merged(given, blocks, open_, (reach, signed))


def _sorted(rows: Rows) -> tuple[Keys, Index]:
    keys, first = np.unique(rows.key, return_index=True)
    return keys, rows.variable[first]


def _own(given: Variables, place: tuple[int, int], held: tuple[Keys, Index]) -> Block:
    """The sums of a publication along one axis, where it has all the cells."""
    number, axis = place
    rows, weight = given.rows[number], given.weight[axis]
    totals = np.array([total for total, _ in rows.sums[axis]], np.int64)
    order = np.argsort(totals, kind="stable")
    sizes = np.array([len(rows.sums[axis][s][1]) for s in order], np.int64)
    parts = np.array([part for s in order for part in rows.sums[axis][s][1]], np.int64)
    by_total = np.searchsorted(totals[order], np.arange(len(weight) + 1))
    at, which = spread(by_total, rows.places[:, axis])
    start = np.append(0, np.cumsum(sizes))
    owner, entry = spread(start, which)
    key = rows.key[at][owner] - weight[rows.places[at, axis]][owner] + weight[parts[entry]]
    part = find(*held, key)
    whole = np.bincount(owner, part < 0, len(at)) == 0
    return _kept(rows.variable[at], owner, part, whole, np.full(len(at), number), np.zeros(len(at), bool))


def _kept(total: Index, owner: Index, part: Index, keep: Mask, source: Index, partial: Mask) -> Block:
    place = np.cumsum(keep) - 1
    inside = keep[owner] & (part >= 0)
    return Block(total[keep], place[owner[inside]], part[inside], source[keep], partial[keep])


def _across(
    given: Variables,
    number: int,
    held: tuple[Keys, Index],
    covers: dict[tuple[int, tuple[int, ...], int], Cover],
) -> Block | None:
    """The cells that a publication does not have in the cells that it has."""
    rows = given.rows[number]
    wanted = (
        np.flatnonzero(given.concept == given.concept[rows.variable[0]])
        if len(rows.key)
        else np.zeros(0, np.int64)
    )
    made = []
    for axis, (name, places) in enumerate(given.axes.items()):
        del name
        own = tuple(np.unique(rows.places[:, axis]).tolist())
        case = axis, own, rows.nobody[axis]
        if case not in covers:
            covers[case] = cover(places, own, rows.nobody[axis])
        made.append(covers[case])
        wanted = wanted[np.diff(made[-1].start)[given.places[wanted, axis]] > 0]
        if not len(wanted):
            return None
    wanted = wanted[find(*held, given.key[wanted]) < 0]
    key, owner, complete = (
        np.zeros(len(wanted), np.uint64),
        np.arange(len(wanted)),
        np.full(len(wanted), WHOLLY),
    )
    for axis, one in enumerate(made):
        place = given.places[wanted, axis]
        complete = np.minimum(complete, one.complete[place])
        at, entry = spread(one.start, place[owner])
        key, owner = key[at] + given.weight[axis][one.parts[entry]], owner[at]
    part = find(*held, key)
    return _true(given, wanted, (owner, part), complete, number)


def _true(given: Variables, wanted: Index, parts: tuple[Index, Index], complete: Index, number: int) -> Block:
    owner, part = parts
    missing, there = (
        np.bincount(owner, part < 0, len(wanted)) > 0,
        np.bincount(owner, part >= 0, len(wanted)) > 0,
    )
    inside = part >= 0
    total = np.zeros(len(wanted), np.int64)
    np.add.at(total, owner[inside], given.truth[part[inside]])
    rest = given.truth[wanted] - total
    complete = np.where(missing, PARTLY, complete)
    equal = (complete == WHOLLY) | ((complete == SUPPOSED) & (rest == 0))
    keep = there & np.where(equal, rest == 0, rest >= 0)
    source = np.maximum(given.first[wanted], number)
    return _kept(wanted, owner, part, keep, source, ~equal)


def _merged(given: Variables, blocks: list[Block], open_: Mask, limits: tuple[Index, Mask]) -> Equations:
    """One system of all, every equation once: as the earliest publications tell it."""
    nothing = np.zeros(0, np.int64)
    totals = np.concatenate([nothing, *(b.total for b in blocks)])
    source = np.concatenate([nothing, *(b.source for b in blocks)])
    partial = np.concatenate([np.zeros(0, bool), *(b.partial for b in blocks)])
    base = np.cumsum([0, *(len(b.total) for b in blocks)])
    owner = np.concatenate([nothing, *(b.owner + base[i] for i, b in enumerate(blocks))])
    part = np.concatenate([nothing, *(b.part for b in blocks)])
    rest = given.truth[totals]
    np.subtract.at(rest, owner, given.truth[part])
    keep = _wanted(totals, (owner, part), partial, rest, (open_, *limits))
    keep &= _first(len(given.truth), totals, (owner, part), source, partial)
    return _laid(
        totals[keep],
        _renumbered(owner, part, keep),
        source[keep],
        np.where(partial, rest, -1)[keep],
        len(open_),
    )


def _wanted(
    totals: Index, parts: tuple[Index, Index], partial: Mask, rest: Index, limits: tuple[Mask, Index, Mask]
) -> Mask:
    """Equations with something that may be unknown; of those with a remainder the ones that bound something."""
    open_, reach, signed = limits
    owner, part = parts
    some, most = open_[totals].copy(), np.where(open_[totals], reach[totals], 0)
    np.logical_or.at(some, owner, open_[part])
    np.maximum.at(most, owner, np.where(open_[part], reach[part], 0))
    return np.asarray(some & (~partial | ((rest <= NEAR * most) & ~signed[totals])))


def _first(cells: int, totals: Index, parts: tuple[Index, Index], source: Index, partial: Mask) -> Mask:
    """The first of equal equations, in the order of the publications; those that say nothing are left out."""
    owner, part = parts
    marks = np.random.default_rng(0).integers(0, 1 << 64, (2, cells), np.uint64)
    sums = np.stack([np.uint64(0) - mark[totals] for mark in marks])
    for own, mark in zip(sums, marks, strict=True):
        np.add.at(own, owner, mark[part])
    order = np.lexsort((source, partial, sums[1], sums[0]))
    new = np.append(True, (np.diff(sums[:, order]) != 0).any(axis=0))[: len(order)]
    found = np.zeros(len(order), bool)
    found[order[new]] = True
    return np.asarray(found & (sums != 0).any(axis=0))


def _renumbered(owner: Index, part: Index, keep: Mask) -> tuple[Index, Index]:
    inside = keep[owner]
    return (np.cumsum(keep) - 1)[owner[inside]], part[inside]


def _laid(totals: Index, parts: tuple[Index, Index], source: Index, rest: Index, cells: int) -> Equations:
    """The equations one after the other, the total first and a remainder last."""
    owner, part = parts
    left = np.flatnonzero(rest >= 0)
    every = np.arange(len(totals))
    who = np.concatenate([every, owner, left])
    what = np.concatenate([totals, part, cells + np.arange(len(left))])
    rank = np.repeat([0, 1, 2], [len(totals), len(part), len(left)])
    order = np.lexsort((what, rank, who))
    start = np.append(0, np.cumsum(np.bincount(who, minlength=len(totals))))
    return Equations(start, what[order], source, rest[left])


def only(found: Equations, keep: Mask) -> Equations:
    """The same list where the other equations have no members."""
    sizes = np.where(keep, np.diff(found.start), 0)
    owner = np.repeat(np.arange(len(keep)), np.diff(found.start))
    return Equations(np.append(0, np.cumsum(sizes)), found.members[keep[owner]], found.source, found.rest)
