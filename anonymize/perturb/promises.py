"""Whether published counts are what a method promises; written from the definitions, not from the methods' code."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.perturb.envelope import Published, bounds
from anonymize.perturb.methods import (
    CellKey,
    ControlledRounding,
    Method,
    MidpointRounding,
    RandomRounding,
    RoundAfterRedaction,
    SmallCountRounding,
)
from anonymize.perturb.perturbed import Perturbed
from anonymize.relations import build, totals

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


def broken(perturbed: Perturbed, method: Method, seen: Published) -> Mask:
    """Cells that break a promise of the method."""
    truth = perturbed.table.values
    relaxed = isinstance(method, ControlledRounding) and bool(perturbed.messages)
    wrong = _grid(method, seen)
    if not relaxed:
        own = bounds(method, seen)
        wrong |= (truth < own.lower) | (truth > own.upper)
        wrong |= _moved(method, truth, seen)
    wrong |= _hidden(method, truth, seen)
    if _adds_up(method):
        wrong |= _unequal(perturbed, seen)
    return wrong | _unlike(perturbed, seen)


def _grid(method: Method, seen: Published) -> Mask:
    """Counts that the method never publishes."""
    v = seen.values
    match method:
        case RandomRounding(base=base) | ControlledRounding(base=base) | RoundAfterRedaction(base=base):
            return np.asarray((v % base != 0) | (v < 0))
        case MidpointRounding(base=base):
            return np.asarray((v != 0) & ((v + base // 2) % base != 0) | (v < 0))
        case SmallCountRounding(base=base):
            return np.asarray((v < 0) | ((v > 0) & (v < base)))
        case CellKey():
            return np.asarray(v < 0)


def _moved(method: Method, truth: Index, seen: Published) -> Mask:
    """Counts that should have stayed as they are."""
    match method:
        case RandomRounding(base=base) | ControlledRounding(base=base):
            stays = truth % base == 0
        case SmallCountRounding(base=base):
            stays = seen.inner & ((truth == 0) | (truth >= base))
        case CellKey() | MidpointRounding() | RoundAfterRedaction():
            stays = truth == 0
    return np.asarray(stays & (seen.values != truth))


def _hidden(method: Method, truth: Index, seen: Published) -> Mask:
    """Cells hidden by a method that hides none, or small cells shown by one that does."""
    if not isinstance(method, RoundAfterRedaction):
        return seen.hidden
    small = (truth > 0) & (truth <= method.redact)
    if method.totals == "rounded":
        return np.asarray(small != seen.hidden)
    return np.asarray(np.where(seen.inner, small != seen.hidden, seen.hidden & (seen.values != 0)))


def _adds_up(method: Method) -> bool:
    if isinstance(method, RoundAfterRedaction):
        return method.totals == "recomputed"
    return isinstance(method, SmallCountRounding | ControlledRounding)


def _unequal(perturbed: Perturbed, seen: Published) -> Mask:
    """Totals that are not the sum of what is shown of their parts."""
    table = perturbed.table
    width = len(table.measures)
    relations = build(list(table.dimensions.values()))
    total = relations.members[relations.start[:-1]]
    wrong = np.zeros(len(seen.values), bool)
    for m in range(width):
        values = seen.values[m::width]
        off = totals(relations, values) != 2 * values[total]
        wrong[total[off] * width + m] = True
    return wrong


def _unlike(perturbed: Perturbed, seen: Published) -> Mask:
    """Cells of one key and one true count that are published differently."""
    if perturbed.keys is None:
        return np.zeros(len(seen.values), bool)
    frame = pl.DataFrame({"key": perturbed.keys, "truth": perturbed.table.values, "value": seen.values})
    unlike = frame.select(pl.col("value").n_unique().over("key", "truth") > 1).to_series()
    return np.asarray(unlike.to_numpy())
