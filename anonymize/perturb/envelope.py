"""What one published number tells of the true count, by the declared method alone; nothing here perturbs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from anonymize.perturb.methods import (
    CellKey,
    ControlledRounding,
    Method,
    MidpointRounding,
    RandomRounding,
    RoundAfterRedaction,
    SmallCountRounding,
)

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]

ENDLESS = np.int64(1) << 40
"""No count is larger; sums of many of these still fit 64 bits."""


class Published(NamedTuple):
    """What readers see.

    Attributes:
        values: The published counts, 0 where hidden.
        hidden: Cells without a number.
        inner: Cells that are no sum of others.
    """

    values: Index
    hidden: Mask
    inner: Mask


class Bounds(NamedTuple):
    """The least and the largest true count of each cell."""

    lower: Index
    upper: Index


def bounds(method: Method, seen: Published, *, reach: int = 0) -> Bounds:
    """The true counts from which the method could have made each published number.

    Args:
        method: The declared method.
        seen: What is published.
        reach: For a relaxed controlled rounding: how far cells are known to have gone.
    """
    match method:
        case RandomRounding(base=base):
            return _around(seen, base - 1)
        case ControlledRounding(base=base):
            return _around(seen, max(base - 1, reach))
        case MidpointRounding(base=base):
            return _class(seen, base)
        case RoundAfterRedaction():
            return _redacted(seen, method)
        case SmallCountRounding(base=base):
            return _small(seen, base)
        case CellKey():
            return _noise(seen, method)


def hides_zeros(method: Method) -> bool:
    """Whether a published zero may be a positive count by the declared method."""
    return isinstance(method, RandomRounding | ControlledRounding | SmallCountRounding)


def threshold(method: Method) -> int:
    """The smallest count that the method does not treat as small."""
    match method:
        case MidpointRounding(base=base):
            return base + 1
        case RoundAfterRedaction(redact=redact):
            return redact + 1
        case CellKey(ptable=ptable):
            return ptable.deviation + 1
        case RandomRounding(base=base) | SmallCountRounding(base=base) | ControlledRounding(base=base):
            return base


def _around(seen: Published, reach: int) -> Bounds:
    return Bounds(np.maximum(seen.values - reach, 0), seen.values + reach)


def _class(seen: Published, base: int) -> Bounds:
    top = np.where(seen.values > 0, seen.values + base // 2, 0)
    return Bounds(np.where(seen.values > 0, top - base + 1, 0), top)


def _small(seen: Published, base: int) -> Bounds:
    """A margin is the sum of published parts and tells nothing more."""
    v = seen.values
    lower = np.select([v == 0, v == base], [0, 1], v)
    upper = np.where(v == 0, base - 1, v)
    return Bounds(np.where(seen.inner, lower, 0), np.where(seen.inner, upper, ENDLESS))


def _redacted(seen: Published, method: RoundAfterRedaction) -> Bounds:
    v, base = seen.values, method.base
    own = seen.inner | (method.totals == "rounded")
    # Nearest multiple, halves up: v - base / 2 <= count < v + base / 2.
    most = v + (base - 1) // 2
    least = np.where(v > 0, np.maximum(v - base // 2, method.redact + 1), 0)
    most = np.where((v == 0) & (most <= method.redact), 0, most)
    lower, upper = np.where(seen.hidden, 1, least), np.where(seen.hidden, method.redact, most)
    # A recomputed margin: shown as 0 only when it is empty, hidden only when it is not.
    total_lower = np.where(seen.hidden | (v > 0), 1, 0)
    total_upper = np.where(seen.hidden | (v > 0), ENDLESS, 0)
    return Bounds(np.where(own, lower, total_lower), np.where(own, upper, total_upper))


def _noise(seen: Published, method: CellKey) -> Bounds:
    """Every row of the ptable that could have led here."""
    rows, deviation = np.array(method.ptable.rows), method.ptable.deviation
    lower, upper = np.full(len(seen.values), ENDLESS), np.full(len(seen.values), -1)
    for noise in range(-deviation, deviation + 1):
        count = seen.values - noise
        possible = count >= 0
        row = np.clip(count, 0, len(rows) - 1)
        possible &= rows[row, noise + deviation] > 0
        lower = np.where(possible, np.minimum(lower, count), lower)
        upper = np.where(possible, np.maximum(upper, count), upper)
    return Bounds(lower, upper)
