"""On which axis each dimension of a table and of earlier releases lies, and what its codes hold there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from anonymize.linked import Place, Places
from opendata.memory.places import TIME, Atlas, months, place
from opendata.memory.subjects import Subject
from opendata.memory.trees import Tree

Slot = tuple[str, int]  # axis, and which one of several dimensions on it


@dataclass(frozen=True, slots=True)
class Carrier:
    """What places a release on an axis: a dimension, or one code that all of it has.

    Attributes:
        name: The column, or the name of what is fixed.
        axis: The axis.
        places: Code -> the leaves it holds.
        constant: The one code; None for a dimension.
    """

    name: str
    axis: str
    places: Places
    constant: str | None = None


def carriers(known: Atlas, subject: Subject) -> tuple[Carrier, ...]:
    """Everything that places a release: its dimensions, what is fixed, and its period where no dimension tells time."""
    found = [
        Carrier(name, _axis(known, one.tree), {code: _place(known, one.tree, code) for code in one.codes})
        for name, one in subject.dimensions.items()
    ]
    found += [
        Carrier(name, _axis(known, tree), {code: _place(known, tree, code)}, code)
        for name, (tree, code) in subject.fixed.items()
    ]
    if all(one.axis != TIME for one in found):
        code = _period(subject.months)
        found.append(Carrier(TIME, TIME, {code: frozenset(subject.months)}, code))
    return tuple(found)


def fixed(known: Atlas, subjects: Iterable[Subject]) -> dict[str, frozenset[str]]:
    """Axis on which a subject is fixed to one code -> all leaves that any of its lists has; times aside."""
    names = {known.axis[tree.id] for one in subjects for tree, _ in one.fixed.values()} - {TIME}
    return {name: _every(known, name) for name in sorted(names)}


def slots(table: Sequence[Carrier], others: Iterable[Sequence[Carrier]]) -> dict[Slot, str]:
    """Every axis, as often as one release has it, with a name: that of the table's own column where it has one.

    Args:
        table: The carriers of the table.
        others: Those of the earlier releases.
    """
    named = {slot: one.name for slot, one in zip(_numbered(table), table, strict=True)}
    taken = set(named.values())
    for other in others:
        for axis, number in _numbered(other):
            if (axis, number) not in named:
                name = axis if number == 0 else f"{axis} ({number + 1})"
                named[axis, number] = _free(name, taken)
                taken.add(named[axis, number])
    return named


def labels(table: Sequence[Carrier], named: Mapping[Slot, str]) -> dict[str, str]:
    """Carrier of the table -> name of its axis."""
    return {one.name: named[slot] for slot, one in zip(_numbered(table), table, strict=True)}


def time(named: Mapping[Slot, str]) -> str:
    """The name of the axis of time, which every release has."""
    return named[TIME, 0]


def ways(
    table: Sequence[Carrier], other: Sequence[Carrier], named: Mapping[Slot, str]
) -> Iterator[dict[str, str]]:
    """How an earlier release can be laid over the table: carrier -> name of the axis.

    One way, but where the table or a release has an axis twice (where people live and where they were treated): then
    every way counts, since nobody says which is which; columns of the same names are the same.
    """
    own = {(one.axis, one.name): named[slot] for slot, one in zip(_numbered(table), table, strict=True)}
    found: list[dict[str, str]] = [{}]
    for axis in dict.fromkeys(one.axis for one in other):
        here = [one.name for one in other if one.axis == axis]
        there = [named[slot] for slot in sorted(named) if slot[0] == axis]
        options = [dict(zip(here, chosen, strict=True)) for chosen in permutations(there, len(here))]
        if all((axis, name) in own for name in here):
            options = [{name: own[axis, name] for name in here}]
        found = [one | more for one in found for more in options]
    yield from found


def reach(table: Sequence[Carrier], others: Sequence[Sequence[Carrier]]) -> frozenset[str]:
    """The months whose cells can have to do with the table: its own, and those added up with them anywhere."""
    held = [set(_held(one)) for one in others]
    found: frozenset[str] = frozenset().union(*_held(table))
    while True:
        wider = found.union(*(place for places in held for place in places if place & found))
        if wider == found:
            return found
        found = wider


def _held(one: Sequence[Carrier]) -> Iterator[frozenset[str]]:
    return (
        held
        for carrier in one
        if carrier.axis == TIME
        for held in carrier.places.values()
        if held is not None
    )


def _every(known: Atlas, axis: str) -> frozenset[str]:
    """All leaves of an axis."""
    places = (place(known, one, code) for one in known.on[axis] for code in known.lists[one].names)
    return frozenset().union(*(held for held in places if held is not None))


def _axis(known: Atlas, tree: Tree | None) -> str:
    return TIME if tree is None else known.axis[tree.id]


def _place(known: Atlas, tree: Tree | None, code: str) -> Place:
    return months(code) if tree is None else place(known, tree.id, code)


def _numbered(found: Sequence[Carrier]) -> list[Slot]:
    """The slot of each carrier: its axis, and how many before it are on the same."""
    return [(one.axis, sum(other.axis == one.axis for other in found[:n])) for n, one in enumerate(found)]


def _period(held: Sequence[str]) -> str:
    """A name for months: the year or quarter that they are, else the first and the last."""
    for code in (held[0][:4], f"{held[0][:4]}-Q{(int(held[0][5:]) + 2) // 3}"):
        if months(code) == frozenset(held):
            return code
    return held[0] if len(held) == 1 else f"{held[0]}/{held[-1]}"


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "'"
    return name
