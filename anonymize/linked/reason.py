"""The few sums from which an unknown follows, or that hold it in narrow bounds: by linear programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anonymize.goals import UNBOUNDED, short, take
from anonymize.linked.joint import Joint, Reading, entries, matrix
from anonymize.relations import Index

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Vector = NDArray[np.float64]

LONG = 1e-3
"""What each member of an equation adds to its price of 1: short sums are understood better."""


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a system: equations, ascending, and all their unknowns, ascending; sums as in `View`."""

    columns: Index
    rows: Index
    sums: csr_matrix


def near(of: Joint, read: Reading, where: tuple[Index, Index], unknown: int, level: int | None) -> Part:
    """What is so many equations away from an unknown; all that was attacked for None."""
    columns, rows = where
    if level is not None:
        owner, entry, _ = entries(of.found, rows)
        member = of.found.members[entry]
        inside = np.zeros(len(read.known), bool)
        inside[unknown] = True
        for _ in range(level):
            hit = np.bincount(owner, inside[member], len(rows)) > 0
            inside[member[hit[owner]]] = True
        rows = rows[hit]
        columns = np.flatnonzero(inside & ~read.known)
    place = np.full(len(read.known), -1, np.int64)
    place[columns] = np.arange(len(columns))
    return Part(columns, rows, matrix(of.found, rows, place))


def combined(part: Part, unknown: int, free: Index | None = None) -> Vector | None:
    """How many times each equation is to be taken so that the unknown alone is left, with the shortest sums.

    Args:
        part: The equations.
        unknown: What follows.
        free: Unknowns that may be left as well: what somebody knows.
    """
    from scipy.optimize import linprog
    from scipy.sparse import hstack

    place = int(np.searchsorted(part.columns, unknown))
    target = np.zeros(len(part.columns))
    target[place] = 1.0
    kept = np.ones(len(part.columns), bool)
    if free is not None:
        kept[np.searchsorted(part.columns, free)] = False
    across = part.sums.T.tocsr()[kept]
    if not len(part.rows):
        return None
    price = 1 + LONG * np.diff(part.sums.indptr)
    answer = linprog(
        np.tile(price, 2), A_eq=hstack([across, -across]), b_eq=target[kept], bounds=(0, None), method="highs"
    )
    if answer.status != 0:
        return None
    return np.asarray(answer.x[: len(part.rows)] - answer.x[len(part.rows) :])


def squeezed(of: Joint, read: Reading, part: Part, unknown: int, *, exact: bool) -> list[int] | None:
    """The equations that hold an unknown in bounds too narrow, or None where these leave it wide enough."""
    from scipy.optimize import linprog

    place = int(np.searchsorted(part.columns, unknown))
    truth = np.concatenate([of.given.truth, of.found.rest])[part.columns].astype(float)
    lower = (read.least if exact else read.goals.lower)[part.columns].astype(float)
    upper = read.goals.upper[part.columns].astype(float)
    upper[upper >= float(UNBOUNDED)] = np.inf
    lower[lower <= -float(UNBOUNDED)] = -np.inf
    ends, used = [], set[int]()
    for sign in (1.0, -1.0):
        cost = np.zeros(len(part.columns))
        cost[place] = sign
        answer = linprog(
            cost,
            A_eq=part.sums if len(part.rows) else None,
            b_eq=np.zeros(len(part.rows)) if len(part.rows) else None,
            bounds=np.stack([lower - truth, upper - truth], axis=1),
            method="highs",
        )
        if answer.status == 3 or answer.status != 0:
            ends.append(-sign * np.inf)
            continue
        ends.append(float(answer.x[place]) + truth[place])
        if len(part.rows):
            used |= {int(part.rows[r]) for r in np.flatnonzero(np.abs(answer.eqlin.marginals) > 1e-9)}
    own = take(read.goals, np.array([unknown]))
    if exact:
        narrow = ends[1] - ends[0] < 1 - 1e-6
    else:
        narrow = bool(short(own, of.given.truth[[unknown]], np.array(ends[:1]), np.array(ends[1:]))[0])
    return sorted(used) if narrow else None
