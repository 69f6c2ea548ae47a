"""The tabulated tree of a dimension, read from its sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anonymize.hierarchy import Hierarchy


@dataclass(frozen=True, slots=True)
class Tree:
    """What a table shows of one dimension.

    Attributes:
        above: child -> parent, over tabulated codes.
        below: parent -> children, over tabulated codes.
        tops: Codes that are part of no other.
        nested: Whether no code has two parents and none is split in two ways; alternative groupings are not nested.
    """

    above: Mapping[str, str]
    below: Mapping[str, tuple[str, ...]]
    tops: tuple[str, ...]
    nested: bool

    @property
    def total(self) -> str | None:
        """The one code that is the sum of all others, if there is one."""
        return self.tops[0] if len(self.tops) == 1 else None


def tree(hierarchy: Hierarchy) -> Tree:
    """The tree that the sums of a hierarchy make."""
    below: dict[str, tuple[str, ...]] = {}
    for parent, children in hierarchy.relations:
        below[parent] = below.get(parent, ()) + children
    pairs = [(child, parent) for parent, children in below.items() for child in children]
    above = dict(pairs)
    tops = tuple(code for code in hierarchy.codes if code not in above)
    nested = len(above) == len(pairs) and len(below) == len(hierarchy.relations)
    return Tree(above, below, tops, nested)


def depths(found: Tree, codes: Iterable[str]) -> dict[str, int]:
    """Each of the codes -> steps below the top, along the shortest way."""
    level = dict.fromkeys(found.tops, 0)
    frontier = list(found.tops)
    while frontier:
        following = dict.fromkeys(c for code in frontier for c in found.below.get(code, ()) if c not in level)
        level |= dict.fromkeys(following, level[frontier[0]] + 1)
        frontier = list(following)
    return {code: level[code] for code in codes}


def under(found: Tree, code: str) -> set[str]:
    """Every code below `code`."""
    codes, frontier = set[str](), [code]
    while frontier:
        frontier = [
            child for parent in frontier for child in found.below.get(parent, ()) if child not in codes
        ]
        codes |= set(frontier)
    return codes


def topmost(found: Tree, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that are not below another of them, sorted."""
    wanted = set(codes)
    hidden = {code for parent in wanted for code in under(found, parent)}
    return tuple(sorted(wanted - hidden))
