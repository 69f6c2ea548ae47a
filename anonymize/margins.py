"""Margins: sums along hierarchies, one dimension after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anonymize.hierarchy import Hierarchy


def fill(cube: NDArray[np.int64], hierarchies: Sequence[Hierarchy]) -> NDArray[np.int64]:
    """The cube with every margin computed from its leaf cells.

    Rolls up one axis at a time, each code from the codes right below it: no margin is summed from records.

    Args:
        cube: One axis per hierarchy (positions in `codes`), further axes are left alone; margins are ignored.
        hierarchies: The hierarchies of the first axes.
    """
    filled = cube.copy()
    for axis, hierarchy in enumerate(hierarchies):
        view = np.moveaxis(filled, axis, 0)
        for parent, children in upward(hierarchy):
            view[parent] = view[children].sum(axis=0)
    return filled


def upward(hierarchy: Hierarchy) -> list[tuple[int, list[int]]]:
    """The sums of a hierarchy as positions in `codes`, children's own sums first."""
    position = {code: i for i, code in enumerate(hierarchy.codes)}
    height = heights(hierarchy)
    ordered = sorted(hierarchy.relations, key=lambda relation: (height[relation[0]], relation[0]))
    return [(position[parent], [position[c] for c in children]) for parent, children in ordered]


def heights(hierarchy: Hierarchy) -> dict[str, int]:
    """Code -> length of the longest way down to a leaf, over tabulated codes."""
    below = dict(hierarchy.relations)
    height: dict[str, int] = {}

    def measure(code: str) -> int:
        if code not in height:
            height[code] = 1 + max(measure(c) for c in below[code]) if code in below else 0
        return height[code]

    for code in hierarchy.codes:
        measure(code)
    return height
