"""The cell-key method: noise looked up in a declared table by the key of the cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anonymize.perturb.keys import Keys, mixed
from anonymize.perturb.methods import CellKey
from anonymize.perturb.ptable import cumulative

Index = NDArray[np.int64]


def perturbed(values: Index, method: CellKey, keys: Keys, *, seed: int) -> Index:
    """Counts plus the noise of their cells; the same key and count, the same noise."""
    draw = np.asarray(mixed(keys, method.kind, seed=seed) >> np.uint64(11), np.float64) * 2.0**-53
    return looked_up(values, method, draw)


def looked_up(values: Index, method: CellKey, draw: NDArray[np.float64]) -> Index:
    """Counts plus noise by uniform numbers in [0, 1)."""
    table = cumulative(method.ptable)
    row = np.minimum(values, len(table) - 1)
    noise = np.zeros(len(values), np.int64)
    for limits in table.T[:-1]:
        noise += draw >= limits[row]
    return np.asarray(values + noise - method.ptable.deviation)
