"""Exact disclosure: cells an attacker can compute, alone or knowing their own cell.

Random vectors are projected onto the null space of the published sums (the changes nobody can rule out). A
cell that never moves can be computed; cells that always move together, in one proportion, give each other.
The projection is in floating point, so everything it flags is decided exactly,
in a finite field, per connected component.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anonymize.attack import View
from anonymize.finite import settle
from anonymize.relations import Index

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SMALL = 1e-6
PRECISION = 1e-11
VECTORS = 4
"""Two would do in exact arithmetic."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What can be computed; columns of the view.

    Attributes:
        exact: Sensitive cells that anybody can compute.
        insider: Two columns: whoever is alone in the first cell can compute the second, which is sensitive.
    """

    exact: Index
    insider: Index


def expose(view: View, labels: Index, *, seed: int) -> Exposure:
    """Everything that follows from the sums alone.

    Args:
        view: The attacker's view.
        labels: Per column its connected component.
        seed: For the random vectors.
    """
    moves = directions(view, seed)
    still = np.flatnonzero((np.abs(moves) < SMALL).all(axis=1) & view.sensitive)
    pairs = _proportional(moves, _together(view, moves))
    return settle(view, labels, still, pairs)


def directions(view: View, seed: int, *, vectors: int = VECTORS, rough: bool = False) -> NDArray[np.float64]:
    """Random vectors of the null space, one column each; all zero when the projection did not converge.

    Rough ones are near the null space only, and quick; good enough to tell which cells move together.
    """
    rng = np.random.default_rng(seed)
    shape = (len(view.cells), vectors)
    start = rng.uniform(1, 2, shape) * rng.choice([-1.0, 1.0], shape)
    precision, most = (1e-3, 60) if rough else (PRECISION, 20_000)
    found, left = _projected(view.sums, start, precision=precision, most=most)
    return found if rough or left <= precision else np.zeros(shape)


def _projected(
    sums: csr_matrix, vectors: NDArray[np.float64], *, precision: float, most: int
) -> tuple[NDArray[np.float64], float]:
    """The vectors without what the sums see of them, and how much of that is left.

    Conjugate gradients on the normal equations (CGLS, Bjorck 1996), rows scaled to length one. Sums are taken by
    einsum: the same on any number of threads.
    """
    from scipy.sparse import diags

    if not sums.shape[0]:
        return vectors, 0.0
    rows = (diags(1 / np.sqrt(np.diff(sums.indptr))) @ sums).tocsr()
    columns = rows.T.tocsr()
    rest, seen = vectors.copy(), rows @ vectors
    step, size = seen.copy(), _squares(seen)
    whole = np.maximum(size, 1e-300)
    for _ in range(most):
        if (size <= precision**2 * whole).all():
            break
        back = columns @ step
        rest -= back * (size / np.maximum(_squares(back), 1e-300))
        seen = rows @ rest
        step = seen + step * (_squares(seen) / np.maximum(size, 1e-300))
        size = _squares(seen)
    return rest, float(np.sqrt((size / whole).max()))


def _squares(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.einsum("ij,ij->j", matrix, matrix))


def _proportional(moves: NDArray[np.float64], pairs: Index) -> Index:
    """Keeps the pairs that move in one proportion in every vector: in two alone many do by chance."""
    a, b = moves[pairs[:, 0]], moves[pairs[:, 1]]
    across = np.abs(a * b[:, :1] - b * a[:, :1]).max(axis=1, initial=0)
    size = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray(pairs[across <= SMALL * np.maximum(size, SMALL)])


def _together(view: View, moves: NDArray[np.float64]) -> Index:
    """(singleton, other sensitive cell) that seem to move in one proportion and are not the same person."""
    length = np.hypot(moves[:, 0], moves[:, 1])
    candidates = np.flatnonzero(view.sensitive & (length >= SMALL))
    angle = np.mod(np.arctan2(moves[candidates, 1], moves[candidates, 0]), np.pi)
    order = np.argsort(angle, kind="stable")
    candidates, angle = candidates[order], angle[order]
    if not len(candidates):
        return np.zeros((0, 2), np.int64)
    # Neighbours closer than this share a direction; the circle closes at pi.
    tolerance = SMALL / np.maximum(length[candidates], SMALL)
    group = np.cumsum(np.append(0, np.diff(angle) > np.minimum(tolerance[1:] + tolerance[:-1], 1e-4)))
    if len(group) > 1 and np.pi - angle[-1] + angle[0] <= 1e-6:
        group[group == group[-1]] = 0
    return _pairs(view, candidates, group)


def _pairs(view: View, candidates: Index, group: Index) -> Index:
    found = []
    order = np.argsort(group, kind="stable")
    sizes = np.bincount(group)
    ends = np.cumsum(sizes)
    for g in np.flatnonzero(sizes > 1):
        cells = candidates[order[ends[g] - sizes[g] : ends[g]]]
        for a in cells[view.truth[cells] == 1]:
            for b in cells:
                same = view.truth[b] == 1 and view.persons[a] == view.persons[b]
                if a != b and not same:
                    found.append((a, b))
    return np.array(found, np.int64).reshape(-1, 2)
