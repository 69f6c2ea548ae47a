"""What a code holds, in leaves that mean the same in every release: the finest common pieces of areas, months."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from anonymize.linked import WHOLE, Place
from catalog import correspondences, shipped
from opendata.memory.renaming import Codes, renamed
from opendata.memory.trees import Merged, Tree, alike, merged

TIME = "time"
"""The axis of every calendar, and of lists whose codes are years, quarters or months."""

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2})|-Q([1-4]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Atlas:
    """All code lists of a workspace's releases, and which of them are of one thing.

    Attributes:
        lists: The lists by their ids.
        axis: List id -> axis.
        on: Axis -> the ids of its lists, sorted.
        vintage: List id -> the list of the shipped chain of vintages whose codes it takes: its own id for these.
        codes: List id -> own code -> code in `lists`, where another list has that code for the same name.
    """

    lists: Mapping[str, Merged]
    axis: Mapping[str, str]
    on: Mapping[str, tuple[str, ...]]
    vintage: Mapping[str, str]
    codes: Mapping[str, Codes]


def atlas(trees: Iterable[Tree]) -> Atlas:
    """Every list that releases used, and the shipped ones, on their axes."""
    every = merged(trees)
    kept = {*shipped.names(), *(name for name, one in every.items() if _of_time(one))}
    lists, codes = renamed(every, kept)
    axis = {name: TIME if _of_time(lists[name]) else first for name, first in alike(lists).items()}
    on: dict[str, list[str]] = {}
    for name in sorted(axis):
        on.setdefault(axis[name], []).append(name)
    vintage = {name: _vintage(lists, name, on[axis[name]]) for name in lists}
    return Atlas(
        lists,
        axis,
        {name: tuple(found) for name, found in on.items()},
        {name: found for name, found in vintage.items() if found},
        codes,
    )


def place(known: Atlas, list_id: str, code: str) -> Place:
    """The leaves that a code of a list holds; WHOLE for its root."""
    code = known.codes.get(list_id, {}).get(code, code)
    if known.axis[list_id] == TIME:
        return _times(known.lists[list_id], code)
    if code in known.lists[list_id].roots:
        return WHOLE
    return frozenset(_leaves(known, list_id, code, frozenset()))


def months(code: str) -> frozenset[str]:
    """The months of a year "2025", a quarter "2025-Q1" or a month "2025-01"; the code itself for anything else."""
    found = _PERIOD.fullmatch(code)
    if found is None:
        return frozenset({code})
    year, month, quarter = found.groups()
    if month:
        return frozenset({code})
    first, last = (1, 12) if quarter is None else (3 * int(quarter) - 2, 3 * int(quarter))
    return frozenset(f"{year}-{number:02}" for number in range(first, last + 1))


def between(start: date, end: date) -> tuple[str, ...]:
    """The months that a period touches, as a dataset without a calendar is about all of them at once."""
    count = 12 * (end.year - start.year) + end.month - start.month + 1
    numbers = range(12 * start.year + start.month - 1, 12 * start.year + start.month - 1 + count)
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers)


def _leaves(known: Atlas, list_id: str, code: str, passed: frozenset[str]) -> Iterator[str]:
    """The pieces of a code of a vintage; else of the codes that any list of the axis puts under it; else itself."""
    base = known.vintage.get(list_id)
    if base and base != list_id and _shared(known, list_id, base, code):
        yield from _leaves(known, base, code, passed)
        return
    pieces = _pieces().get(list_id, {}).get(code)
    below = _below(known, list_id, code) - passed
    if pieces or not below:
        yield from pieces or (code,)
        return
    for child in below:
        yield from _leaves(known, list_id, child, passed | {code})


def _below(known: Atlas, list_id: str, code: str) -> frozenset[str]:
    """The codes under a code. What lists without vintages say of a code that they share goes together."""
    below = known.lists[list_id].children.get(code, frozenset())
    if list_id in known.vintage:
        return below
    others = (other for other in known.on[known.axis[list_id]] if _shared(known, list_id, other, code))
    return below.union(*(known.lists[other].children.get(code, frozenset()) for other in others))


def _shared(known: Atlas, one: str, other: str, code: str) -> bool:
    """Whether both lists have the code, under a name that they have in common."""
    none: frozenset[str] = frozenset()
    return bool(known.lists[one].names.get(code, none) & known.lists[other].names.get(code, none))


def _vintage(lists: Mapping[str, Merged], name: str, beside: Iterable[str]) -> str | None:
    """The vintage that a list shares most codes with, the smaller one where it is equal."""
    if name in _pieces():
        return name
    codes = lists[name].names
    shared = {
        other: sum(bool(names & codes.get(code, frozenset())) for code, names in lists[other].names.items())
        for other in beside
        if other in _pieces()
    }
    return max(shared, key=lambda other: (shared[other], -len(lists[other].names)), default=None)


def _of_time(one: Merged) -> bool:
    codes = [code for code in one.names if code not in one.roots]
    return bool(codes) and all(_PERIOD.fullmatch(code) for code in codes)


def _times(one: Merged, code: str) -> Place:
    """The months of a code of a list of periods; there is no whole of time but what the list itself holds."""
    if code not in one.roots:
        return months(code)
    return frozenset(month for other in one.names if other not in one.roots for month in months(other))


@cache
def _pieces() -> dict[str, dict[str, frozenset[str]]]:
    """Shipped list -> leaf code -> the finest pieces that any vintage of the chain knows.

    A piece is a way through the vintages, one code in each, each going over into the next.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for chain in _chains():
        goes = [correspondences.targets(correspondences.correspondence(*step)) for step in pairwise(chain)]
        ways: list[tuple[str, ...]] = [(code,) for code in sorted(goes[0])]
        for step in goes:
            ways = [(*way, after) for way in ways for after in step.get(way[-1], ())]
        for way in ways:
            for list_id, code in zip(chain, way, strict=True):
                found.setdefault(list_id, {}).setdefault(code, set()).add("@".join(way))
    return {name: {code: frozenset(p) for code, p in codes.items()} for name, codes in found.items()}


def _chains() -> list[list[str]]:
    chains: list[list[str]] = []
    for before, after in correspondences.steps():
        if chains and chains[-1][-1] == before:
            chains[-1].append(after)
        else:
            chains.append([before, after])
    return chains
