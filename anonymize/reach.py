"""Bounds that follow from one published sum at a time, again and again; in whole numbers, without a solver.

What the other parts of a sum must at least and can at most be bounds each part (feasibility-based bound tightening;
the "shuttle algorithm" of Buzzigoli and Giusti 1999). The bounds hold for every table that agrees with what is
published, so a cell to which they leave too little room is known too closely, for certain.
"""

from __future__ import annotations

import numba
import numpy as np

from anonymize.goals import UNBOUNDED
from anonymize.relations import Index
from anonymize.system import System

SWEEPS = 60


def bounds(given: System) -> tuple[Index, Index]:
    """The smallest and the largest value that each column can have, as far as single sums tell (Int64)."""
    low, high = given.lower.copy(), given.upper.copy()
    rows = given.rows
    known = np.asarray(rows @ given.truth)
    _tighten((rows.indptr.astype(np.int64), rows.indices.astype(np.int64), rows.data), known, low, high)
    return low, high


@numba.njit(cache=True)
def _tighten(rows: tuple[Index, Index, Index], known: Index, low: Index, high: Index) -> None:
    """Rows hold 1 and -1 only."""
    start, members, signs = rows
    for _ in range(SWEEPS):
        changed = False
        for r in range(len(known)):
            least, most, free_low, free_high = np.int64(0), np.int64(0), 0, 0
            for e in range(start[r], start[r + 1]):
                c = members[e]
                down, up = (low[c], high[c]) if signs[e] > 0 else (-high[c], -low[c])
                if abs(down) >= UNBOUNDED:
                    free_low += 1
                else:
                    least += down
                if abs(up) >= UNBOUNDED:
                    free_high += 1
                else:
                    most += up
            for e in range(start[r], start[r + 1]):
                c = members[e]
                down, up = (low[c], high[c]) if signs[e] > 0 else (-high[c], -low[c])
                if free_low == 0 or (free_low == 1 and abs(down) >= UNBOUNDED):
                    best = known[r] - (least if free_low else least - down)
                    if best < up:
                        changed = True
                        if signs[e] > 0:
                            high[c] = best
                        else:
                            low[c] = -best
                        if abs(up) < UNBOUNDED:
                            most -= up - best
                        else:
                            free_high -= 1
                            most += best
                        up = best
                if free_high == 0 or (free_high == 1 and abs(up) >= UNBOUNDED):
                    best = known[r] - (most if free_high else most - up)
                    if best > down:
                        changed = True
                        if signs[e] > 0:
                            low[c] = best
                        else:
                            high[c] = -best
                        if abs(down) < UNBOUNDED:
                            least += best - down
                        else:
                            free_low -= 1
                            least += best
        if not changed:
            break
