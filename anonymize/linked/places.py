"""Places on an axis: sets of leaves, numbered over all publications, and how one place is made up of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from anonymize.linked.model import REST, WHOLE, Place, Sums, rest_of
from anonymize.relations import Index

PARTLY, SUPPOSED, WHOLLY = 0, 1, 2
"""Whether parts make up a place: not all of it; all leaves that anybody knows of, of the whole; certainly."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The places of an axis; the same set of leaves has one number. Grows while publications are read.

    Attributes:
        number: Place -> its number.
        leaf: Leaf -> its bit.
        held: Per number the leaves as bits; None for the whole.
    """

    number: dict[Place, int] = field(default_factory=dict)
    leaf: dict[str, int] = field(default_factory=dict)
    held: list[int | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cover:
    """Per place of an axis the places of a publication within it, exclusive of each other.

    Attributes:
        start: Int64, one more than there are places: those within p are `parts[start[p]:start[p + 1]]`.
        parts: Int64: numbers of places.
        complete: Int64 per place: PARTLY, SUPPOSED or WHOLLY.
    """

    start: Index
    parts: Index
    complete: Index


def numbered(axis: Axis, place: Place) -> int:
    """The number of a place; a new one if need be."""
    if place not in axis.number:
        axis.number[place] = len(axis.held)
        axis.held.append(None if place is None else _bits(axis, place))
    return axis.number[place]


def empty(axis: Axis, numbers: dict[str, int], sums: Sums) -> int:
    """The leaves (bits) that are known to hold nobody: a sum says so that names no code for them.

    Args:
        axis: The axis.
        numbers: Code -> number of its place.
        sums: (code, the codes it is the sum of).
    """
    found = 0
    for total, parts in sums:
        held = [axis.held[numbers[code]] for code in parts]
        inside = 0
        for bits in held:
            inside |= -1 if bits is None else bits
        whole = axis.held[numbers[total]]
        found |= (-1 if whole is None else whole) & ~inside
    return found


def cover(axis: Axis, own: Sequence[int], nobody: int) -> Cover:
    """How every place of an axis is made up of the places of one publication.

    A place that the publication has stands for itself. Otherwise the largest of its places within it are taken; where
    these do not fill it, as with several groupings, the smallest.

    Args:
        axis: The axis.
        own: The numbers of the places that the publication has.
        nobody: The leaves (bits) that hold nobody there.
    """
    holding = _holding(axis, own)
    chosen: list[Iterable[int]] = []
    complete: list[int] = []
    have = set(own)
    for place in range(len(axis.held)):
        parts, filled = ([place], WHOLLY) if place in have else _within(axis, place, holding, nobody)
        chosen.append(parts)
        complete.append(filled)
    sizes = np.array([len([*parts]) for parts in chosen], np.int64)
    flat = np.array([part for parts in chosen for part in parts], np.int64)
    return Cover(np.append(0, np.cumsum(sizes)), flat, np.array(complete, np.int64))


def splits(axis: Axis, own: Sequence[int]) -> list[tuple[int, tuple[int, ...]]]:
    """(place, the smaller places that fill it): by the largest and by the smallest of these places, sorted.

    What fills the whole nobody knows for sure; all leaves that there are may do.

    Args:
        axis: The axis.
        own: The numbers of the places.
    """
    holding = _holding(axis, own)
    found: set[tuple[int, tuple[int, ...]]] = set()
    for place in own:
        bits = _leaves(axis, place)
        inside = _inside(axis, bits, holding)
        inside.pop(place, None)
        for parts in _fillings(inside):
            if not bits & ~_union(inside, parts):
                found.add((place, tuple(sorted(parts))))
    return sorted(found | _rests(axis, set(own)))


def _rests(axis: Axis, own: set[int]) -> set[tuple[int, tuple[int, ...]]]:
    """The whole as a place and what this leaves of it."""
    whole = axis.number.get(WHOLE)
    pairs = ((axis.number[place], axis.number.get(rest_of(place))) for place in axis.number if place)
    return {
        (whole, (part, rest))
        for part, rest in pairs
        if whole in own and part in own and rest is not None and rest in own and whole is not None
    }


def _within(axis: Axis, place: int, holding: dict[int, list[int]], nobody: int) -> tuple[list[int], int]:
    """The places of a publication within this one, and whether they fill it."""
    bits = _leaves(axis, place)
    inside = _inside(axis, bits, holding)
    largest, smallest = _fillings(inside)
    for parts in (largest, smallest):
        if not bits & ~(nobody | _union(inside, parts)):
            # Nobody is told that the places of a publication without a total are all that there are.
            return parts, SUPPOSED if axis.held[place] is None else WHOLLY
    return largest, PARTLY


def _holding(axis: Axis, own: Sequence[int]) -> dict[int, list[int]]:
    """Leaf (bit) -> which of these places hold it; the whole is left out."""
    holding: dict[int, list[int]] = {}
    for number in own:
        for bit in _each(axis.held[number] or 0):
            holding.setdefault(bit, []).append(number)
    return holding


def _leaves(axis: Axis, place: int) -> int:
    """The leaves of a place; of the whole all that there are, without those that stand for many."""
    held = axis.held[place]
    if held is not None:
        return held
    return sum(1 << bit for leaf, bit in axis.leaf.items() if not leaf.startswith(REST))


def _inside(axis: Axis, bits: int, holding: dict[int, list[int]]) -> dict[int, int]:
    """Which of the places lie within these leaves, and their leaves."""
    near = {number for leaf in _each(bits) for number in holding.get(leaf, ())}
    held = {number: axis.held[number] or 0 for number in near}
    return {number: own for number, own in held.items() if not own & ~bits}


def _fillings(inside: dict[int, int]) -> tuple[list[int], list[int]]:
    """Places that share nothing: the largest first, and the smallest first."""
    order = sorted(inside, key=lambda n: (inside[n].bit_count(), n))
    return _apart(inside, sorted(inside, key=lambda n: (-inside[n].bit_count(), n))), _apart(inside, order)


def _union(inside: dict[int, int], parts: Iterable[int]) -> int:
    found = 0
    for number in parts:
        found |= inside[number]
    return found


def _apart(inside: dict[int, int], order: Iterable[int]) -> list[int]:
    """Of these places in this order those that share nothing with the ones before."""
    taken, found = 0, []
    for number in order:
        if inside[number] and not inside[number] & taken:
            taken |= inside[number]
            found.append(number)
    return found


def _bits(axis: Axis, leaves: frozenset[str]) -> int:
    found = 0
    for leaf in sorted(leaves):
        found |= 1 << axis.leaf.setdefault(leaf, len(axis.leaf))
    return found


def _each(bits: int) -> list[int]:
    """The single bits of a set."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest)
        bits ^= lowest
    return found
