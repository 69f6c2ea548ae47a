"""Code lists as the memory keeps them: which code belongs to which, and by what names lists are known to be alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import catalog
from catalog import correspondences, shipped

_ENOUGH = 4
"""One in so many codes of the shorter list must be in the other too, two at least, for lists to be of one thing."""

Children = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Tree:
    """A code list of a release.

    Attributes:
        id: Of the list.
        parents: Code -> the code that it belongs to; None for the root.
        names: Code -> its labels and aliases, reduced to what identifies them.
    """

    id: str
    parents: Mapping[str, str | None]
    names: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Merged:
    """All that was ever known under one list id: an edited list holds what any edition held.

    Attributes:
        names: Code -> its names.
        children: Code -> the codes below it.
        roots: The codes that belong to none.
    """

    names: Mapping[str, frozenset[str]]
    children: Children
    roots: frozenset[str]


def tree(codes: catalog.CodeList) -> Tree:
    """What the memory keeps of a code list."""
    return Tree(
        codes.id,
        {code.code: code.parent for code in codes.codes},
        {
            code.code: frozenset(map(catalog.normal, (code.labels.vi, code.labels.en, *code.aliases)))
            for code in codes.codes
        },
    )


def as_json(one: Tree) -> dict[str, Any]:
    """The tree as JSON holds it; of a shipped list the id alone."""
    if one == _shipped().get(one.id):
        return {"id": one.id}
    codes = {code: [parent, *sorted(one.names[code])] for code, parent in one.parents.items()}
    return {"id": one.id, "codes": codes}


def from_json(stored: Mapping[str, Any]) -> Tree:
    """The tree that `as_json` wrote.

    Raises:
        KeyError: When it names a shipped list that is not shipped, or is none.
    """
    if "codes" not in stored:
        return _shipped()[stored["id"]]
    codes = stored["codes"]
    return Tree(
        str(stored["id"]),
        {code: said[0] for code, said in codes.items()},
        {code: frozenset(said[1:]) for code, said in codes.items()},
    )


def merged(trees: Iterable[Tree]) -> dict[str, Merged]:
    """Every list by its id, the shipped ones among them."""
    by_id: dict[str, list[Tree]] = {}
    for one in (*_shipped().values(), *trees):
        found = by_id.setdefault(one.id, [])
        if one not in found:
            found.append(one)
    return {name: _merged(found) for name, found in by_id.items()}


def alike(lists: Mapping[str, Merged]) -> dict[str, str]:
    """List id -> the first id of the lists that it is of one thing with.

    Lists are of one thing when one vintage goes over into the other, or when codes of both stand for the same: equal
    codes with a name in common. Codes such as "_U" (unknown) stand in lists of all kinds and tell nothing.
    """
    pairs = list(correspondences.steps())
    pairs += [pair for pair in combinations(sorted(lists), 2) if _same(*(lists[name] for name in pair))]
    return joined(lists, pairs)


def telling(one: Merged) -> dict[str, frozenset[str]]:
    """The codes that tell a list from others, with their names."""
    return {code: names for code, names in one.names.items() if code not in one.roots and code[0] != "_"}


def joined(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name -> the first name of the group that pairs join it to."""
    over = {name: name for name in names}

    def top(name: str) -> str:
        while over.setdefault(name, name) != name:
            name = over[name]
        return name

    for one, other in pairs:
        first, second = sorted((top(one), top(other)))
        over[second] = first
    return {name: top(name) for name in list(over)}


def _merged(trees: Iterable[Tree]) -> Merged:
    names: dict[str, frozenset[str]] = {}
    below: dict[str, set[str]] = {}
    roots: set[str] = set()
    for one in trees:
        for code, parent in one.parents.items():
            names[code] = names.get(code, frozenset()) | one.names[code]
            if parent is None:
                roots.add(code)
            else:
                below.setdefault(parent, set()).add(code)
    return Merged(names, {code: frozenset(found) for code, found in below.items()}, frozenset(roots))


def _same(one: Merged, other: Merged) -> bool:
    """Whether lists are of one thing: enough codes are in both under a name in common."""
    here, there = telling(one), telling(other)
    common = sum(bool(here[code] & there[code]) for code in here.keys() & there.keys())
    shorter = min(len(here), len(there))
    return common >= max(min(2, shorter), shorter / _ENOUGH) > 0


def _every() -> Iterator[Tree]:
    return (tree(catalog.builtin(name)) for name in shipped.names())


@cache
def _shipped() -> dict[str, Tree]:
    return {one.id: one for one in _every()}
