"""Rounding cell by cell: random, to midpoints, and after redaction."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from anonymize.margins import fill
from anonymize.perturb.keys import Keys, mixed
from anonymize.perturb.methods import MidpointRounding, RandomRounding, RoundAfterRedaction
from anonymize.perturb.structure import leaf_cells
from anonymize.table import Table

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


def law(method: RandomRounding, count: int) -> tuple[tuple[int, Fraction], ...]:
    """What a count may become, and how likely: (published count, probability), likeliest first."""
    down, rest = count - count % method.base, count % method.base
    if not rest:
        return ((count, Fraction(1)),)
    outcomes = ((down, 1 - Fraction(rest, method.base)), (down + method.base, Fraction(rest, method.base)))
    return tuple(sorted(outcomes, key=lambda outcome: -outcome[1]))


def random(values: Index, method: RandomRounding, keys: Keys, *, seed: int) -> Index:
    """Counts rounded at random by the key of their cell."""
    draw = mixed(keys, method.kind, seed=seed)
    return drawn(values, draw, method.base)


def drawn(values: Index, draw: Keys, base: int) -> Index:
    """Counts rounded by uniform 64-bit numbers: up where the number modulo base is below the remainder."""
    rest = values % base
    up = (draw % np.uint64(base)).astype(np.int64) < rest
    return np.asarray(values - rest + np.where(up, base, 0))


def midpoint(values: Index, method: MidpointRounding) -> Index:
    """Counts at the middle of their class, zeros at zero."""
    classes = -(-values // method.base)
    return np.asarray(classes * method.base - (method.base // 2) * (values != 0))


def nearest(values: Index, base: int) -> Index:
    """Counts at the nearest multiple, halves up."""
    return np.asarray((2 * values + base) // (2 * base) * base)


def redacted(table: Table, method: RoundAfterRedaction) -> tuple[Index, Mask]:
    """The rounded counts, and which are hidden (their number means nothing)."""
    values = table.values
    small = (values > 0) & (values <= method.redact)
    if method.totals == "rounded":
        return nearest(values, method.base), small
    inner = leaf_cells(table)
    shown = np.where(inner & ~small, nearest(values, method.base), 0).reshape(table.shape)
    totals = fill(shown, list(table.dimensions.values())).ravel()
    # A margin of which nothing is shown would read as an empty one.
    return totals, (small & inner) | (~inner & (totals == 0) & (values > 0))
