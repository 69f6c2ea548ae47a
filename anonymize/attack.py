"""What an attacker knows: the published sums, the bounds the policy gives away, and everything published before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anonymize.goals import UNBOUNDED, Goals, goals, kept, take
from anonymize.known import Earlier
from anonymize.policy import Protection
from anonymize.relations import Index, Relations, owners, with_sums
from anonymize.table import Table

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class View:
    """The unknown cells as an attacker sees them, and (for the auditor alone) the truth.

    Attributes:
        cells: Int64: rows of `Table.cells` that are unknown, ascending; the other arrays are aligned with it.
        sums: One row per published sum, one column per unknown cell: parts +1, total -1.
        part: Columns that never exceed the column in `whole` at the same place.
        whole: See `part`.
        truth: Int64: the counts.
        goals: What must hold for each cell; its bounds hold what follows from the subsets too.
    """

    cells: Index
    sums: csr_matrix
    part: Index
    whole: Index
    truth: Index
    goals: Goals


def view(
    table: Table,
    hidden: Mask,
    policy: Protection,
    *,
    relations: Relations,
    earlier: Earlier,
    promise: Goals | None = None,
) -> View:
    """The attacker's view of a table published with these cells hidden.

    Args:
        table: The table.
        hidden: Per row of `table.cells`.
        policy: What readers know of the rules.
        relations: The sums of the dimensions of the table.
        earlier: What was published before.
        promise: What must hold of the cells; `goals` unless given.
    """
    unknown = (hidden | ~table.seen) & ~earlier.revealed
    cells = np.flatnonzero(unknown)
    values = table.values
    wanted = take(promise or goals(table, policy), cells)
    part, whole, lower, upper = _parts(table, unknown, policy)
    lower, upper = np.maximum(wanted.lower, lower[cells]), np.minimum(wanted.upper, upper[cells])
    return View(
        cells=cells,
        sums=_matrix(relations, unknown.reshape(-1, len(table.measures)), earlier),
        part=part,
        whole=whole,
        truth=values[cells],
        goals=replace(wanted, lower=lower, upper=upper),
    )


def hideable(table: Table, policy: Protection, earlier: Earlier) -> Mask:
    """Rows of the table that can be hidden.

    Not those published before, those declared to stay published, and zeros where zeros are published (an amount of
    0 to which contributors add up is no such zero). Cells that are never published are hidden, zeros among them too.
    """
    positive = (table.values != 0) | (policy.zeros == "suppressed")
    if table.contributions is not None:
        positive |= table.contributions.size > 0
    return np.asarray(((positive & ~kept(table, policy)) | ~table.seen) & ~earlier.revealed)


def _matrix(relations: Relations, unknown: NDArray[np.bool_], earlier: Earlier) -> csr_matrix:
    """Stacks the sums of every measure; `unknown` is cells x measures."""
    from scipy.sparse import csr_matrix

    column = np.cumsum(unknown.ravel()).reshape(unknown.shape) - 1
    row_parts, column_parts, sign_parts, base = [], [], [], 0
    for m in range(unknown.shape[1]):
        system = with_sums(relations, earlier.sums[m])
        open_cell = np.append(unknown[:, m], False)[system.members]
        total = np.zeros(len(system.members), bool)
        total[system.start[:-1]] = True
        row_parts.append(owners(system)[open_cell] + base)
        column_parts.append(column[system.members[open_cell], m])
        sign_parts.append(np.where(total[open_cell], -1.0, 1.0))
        base += len(system.start) - 1
    used, rows = np.unique(np.concatenate(row_parts), return_inverse=True)
    signs, columns = np.concatenate(sign_parts), np.concatenate(column_parts)
    return csr_matrix((signs, (rows, columns)), shape=(len(used), int(unknown.sum())))


def _parts(table: Table, unknown: Mask, policy: Protection) -> tuple[Index, Index, Index, Index]:
    """Part <= whole: pairs of unknown columns, and the bounds where one of the two is published."""
    width, values = len(table.measures), table.values
    lower, upper = np.full(len(values), -UNBOUNDED), np.full(len(values), UNBOUNDED)
    column = np.cumsum(unknown) - 1
    part: list[Index] = [np.zeros(0, np.int64)]
    whole: list[Index] = [np.zeros(0, np.int64)]
    for subset in policy.subsets:
        p = np.arange(table.measures.index(subset.part), len(values), width)
        w = np.arange(table.measures.index(subset.whole), len(values), width)
        both = unknown[p] & unknown[w]
        part.append(column[p[both]])
        whole.append(column[w[both]])
        capped = unknown[p] & ~unknown[w]
        upper[p[capped]] = np.minimum(upper[p[capped]], values[w[capped]])
        raised = ~unknown[p] & unknown[w]
        lower[w[raised]] = np.maximum(lower[w[raised]], values[p[raised]])
    return np.concatenate(part), np.concatenate(whole), lower, upper
