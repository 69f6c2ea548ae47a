"""What an attacker can write down: equations over the unknown cells and the bounds of each, all whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anonymize.attack import View
from anonymize.goals import UNBOUNDED
from anonymize.relations import Index

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True)
class System:
    """The equations `rows @ x = rows @ truth` and `lower <= x <= upper`.

    The columns are the unknown cells of a view, then one slack per pair of `part` and `whole`: how much the whole
    exceeds the part. So a subset is an equation like any other.

    Attributes:
        rows: Int64, one row per published sum and per subset.
        truth: Int64 per column.
        lower: Int64 per column.
        upper: Int64 per column.
        widest: The largest protection level of any column.
    """

    rows: csr_matrix
    truth: Index
    lower: Index
    upper: Index
    widest: int = 0

    @property
    def free(self) -> NDArray[np.bool_]:
        """Columns whose bounds leave more than one value."""
        return np.asarray(self.lower < self.upper)


def system(view: View) -> System:
    """The equations and bounds of an attacker's view."""
    from scipy.sparse import coo_matrix

    (height, width), n = view.sums.shape, len(view.part)
    sums, extra = view.sums.tocoo(), np.arange(n)
    row = np.concatenate([sums.row, *(height + extra for _ in range(3))])
    column = np.concatenate([sums.col, view.whole, view.part, width + extra])
    sign = np.concatenate([sums.data, np.ones(n), -np.ones(n), -np.ones(n)]).astype(np.int64)
    rows = coo_matrix((sign, (row, column)), shape=(height + n, width + n)).tocsr()
    return System(
        rows,
        np.concatenate([view.truth, view.truth[view.whole] - view.truth[view.part]]),
        np.concatenate([view.goals.lower, np.zeros(n, np.int64)]),
        np.concatenate([view.goals.upper, np.full(n, UNBOUNDED)]),
        int(np.maximum(view.goals.below, view.goals.above).max(initial=0)),
    )
