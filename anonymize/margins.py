"""Margins: sums along hierarchies, one dimension after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.hierarchy import Hierarchy

Index = NDArray[np.int64]


def fill(cube: Index, hierarchies: Sequence[Hierarchy]) -> Index:
    """The cube with every margin computed from its leaf cells.

    Rolls up one axis at a time, each code from the codes right below it: no margin is summed from records.

    Args:
        cube: One axis per hierarchy (positions in `codes`), further axes are left alone; margins are ignored.
        hierarchies: The hierarchies of the first axes.
    """
    filled = cube.copy()
    for axis, hierarchy in enumerate(hierarchies):
        view = np.moveaxis(filled, axis, 0)
        # A total that several groupings split is the same whichever way it is computed.
        for parent, children in dict(upward(hierarchy)).items():
            view[parent] = view[children].sum(axis=0)
    return filled


def upward(hierarchy: Hierarchy) -> list[tuple[int, list[int]]]:
    """The sums of a hierarchy as positions in `codes`, children's own sums first; a total may appear repeatedly."""
    position = {code: i for i, code in enumerate(hierarchy.codes)}
    height = heights(hierarchy)
    ordered = sorted(hierarchy.relations, key=lambda relation: (height[relation[0]], relation))
    return [(position[parent], [position[c] for c in children]) for parent, children in ordered]


def heights(hierarchy: Hierarchy) -> dict[str, int]:
    """Code -> length of the longest way down to a code without parts, over tabulated codes."""
    below: dict[str, set[str]] = {}
    for parent, children in hierarchy.relations:
        below.setdefault(parent, set()).update(children)
    height: dict[str, int] = {}

    def measure(code: str) -> int:
        if code not in height:
            height[code] = 1 + max(measure(c) for c in below[code]) if code in below else 0
        return height[code]

    for code in hierarchy.codes:
        measure(code)
    return height


def bottom(hierarchy: Hierarchy) -> Index:
    """The positions of the codes without parts, in the order of `leaves`: what the records are counted in."""
    position = {code: i for i, code in enumerate(hierarchy.codes)}
    own = (hierarchy.omitted.get(leaf, (leaf,))[0] for leaf in hierarchy.leaves)
    return np.array([position[code] for code in own], np.int64)


def over(hierarchy: Hierarchy) -> list[Index]:
    """Per position in `codes` the ascending positions of the code itself and of every total that it is a part of."""
    found: list[set[int]] = [{i} for i in range(len(hierarchy.codes))]
    for parent, children in upward(hierarchy)[::-1]:
        for child in children:
            found[child] |= found[parent]
    return [np.array(sorted(above), np.int64) for above in found]


def twins(hierarchy: Hierarchy) -> Index:
    """Per position in `codes` that of one code of the same population: the root where possible, the same for all."""
    twin = np.arange(len(hierarchy.codes))
    for parent, children in upward(hierarchy):
        if len(children) == 1:
            twin[parent] = twin[children[0]]
    if hierarchy.root in hierarchy.codes:
        root = hierarchy.codes.index(hierarchy.root)
        twin[twin == twin[root]] = root
    return twin


def places(column: pl.Series, hierarchy: Hierarchy) -> NDArray[np.int64]:
    """The positions of codes in `codes`."""
    return column.replace_strict(
        hierarchy.codes, range(len(hierarchy.codes)), return_dtype=pl.Int64
    ).to_numpy()
