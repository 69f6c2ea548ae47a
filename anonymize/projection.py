"""Random changes near the null space of the published sums, in floating point: rough, but quick."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anonymize.attack import View

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

PRECISION = 1e-3
STEPS = 60


def directions(view: View, seed: int, *, vectors: int) -> NDArray[np.float64]:
    """Random vectors near the null space, one column each; good enough to tell which cells move together."""
    rng = np.random.default_rng(seed)
    shape = (len(view.cells), vectors)
    return _projected(view.sums, rng.uniform(1, 2, shape) * rng.choice([-1.0, 1.0], shape))


def _projected(sums: csr_matrix, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """The vectors without most of what the sums see of them.

    Conjugate gradients on the normal equations (CGLS, Bjorck 1996), rows scaled to length one. Sums are taken by
    einsum: the same on any number of threads.
    """
    from scipy.sparse import diags

    if not sums.shape[0]:
        return vectors
    rows = (diags(1 / np.sqrt(np.diff(sums.indptr))) @ sums).tocsr()
    columns = rows.T.tocsr()
    rest, seen = vectors.copy(), rows @ vectors
    step, size = seen.copy(), _squares(seen)
    whole = np.maximum(size, 1e-300)
    for _ in range(STEPS):
        if (size <= PRECISION**2 * whole).all():
            break
        back = columns @ step
        rest -= back * (size / np.maximum(_squares(back), 1e-300))
        seen = rows @ rest
        step = seen + step * (_squares(seen) / np.maximum(size, 1e-300))
        size = _squares(seen)
    return rest


def _squares(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.einsum("ij,ij->j", matrix, matrix))
