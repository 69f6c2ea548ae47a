"""Lists of one thing whose codes differ ("01" and "HN"): every code as the first of these lists has it, by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from opendata.memory.trees import Merged, telling

Codes = Mapping[str, str]  # code -> the code of the same name in another list
_HALF = 2
"""One in so many names of the shorter list must be in the other too, two at least, for lists to be of one thing."""


def renamed(lists: Mapping[str, Merged], fixed: Iterable[str]) -> tuple[dict[str, Merged], dict[str, Codes]]:
    """The lists with the codes that an earlier list has for the same names, where no list has these codes already.

    Args:
        lists: The lists by their ids.
        fixed: Those that keep their codes; they come first.

    Returns:
        The lists, and list id -> own code -> code in these, of those that changed.
    """
    done = {name: lists[name] for name in sorted(fixed)}
    codes: dict[str, Codes] = {}
    for name in sorted({*lists} - {*done}):
        found = _codes(lists[name], done.values())
        if found:
            codes[name] = found
        done[name] = _with(lists[name], found)
    return done, codes


def _codes(one: Merged, others: Collection[Merged]) -> Codes:
    """The codes of the list that shares most names, the smaller one where it is equal; known codes stay."""
    best: dict[str, str] = {}
    size = 0
    for other in others:
        found = _shared(one, other)
        shorter = min(len(telling(one)), len(telling(other)))
        enough = len(found) >= max(2, shorter / _HALF)
        if enough and (len(found), -len(other.names)) > (len(best), -size):
            best, size = found, len(other.names)
    none: frozenset[str] = frozenset()
    lost = {
        code: target
        for code, target in best.items()
        if not any(one.names[code] & other.names.get(code, none) for other in others)
    }
    return lost | _apart(one, lost)


def _shared(one: Merged, other: Merged) -> dict[str, str]:
    """Code -> the one code of another list that has one of its names, where no second one has it."""
    there, here = _owners(telling(other)), _owners(telling(one))
    found: dict[str, set[str]] = {}
    for name in here.keys() & there.keys():
        found.setdefault(here[name], set()).add(there[name])
    single = {code: min(codes) for code, codes in found.items() if len(codes) == 1}
    often = Counter(single.values())
    return {code: target for code, target in single.items() if often[target] == 1}


def _owners(named: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Name -> its code, of names that one code has."""
    often = Counter(name for names in named.values() for name in names)
    return {name: code for code, names in named.items() for name in names if often[name] == 1}


def _apart(one: Merged, found: Codes) -> dict[str, str]:
    """Other codes of the list, where they happen to be those that others get."""
    return {code: f"{code}'" for code in one.names if code not in found and code in set(found.values())}


def _with(one: Merged, codes: Codes) -> Merged:
    """A list with other codes."""

    def to(found: Iterable[str]) -> frozenset[str]:
        return frozenset(codes.get(code, code) for code in found)

    return Merged(
        {codes.get(code, code): names for code, names in one.names.items()},
        {codes.get(code, code): to(below) for code, below in one.children.items()},
        to(one.roots),
    )
