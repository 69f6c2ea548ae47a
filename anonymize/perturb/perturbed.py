"""One function for all methods: from a table to what may be published of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.errors import Text
from anonymize.perturb import cellkey, controlled, rounding, smallcount
from anonymize.perturb.keys import Keys, checked
from anonymize.perturb.loss import measured
from anonymize.perturb.methods import (
    CellKey,
    ControlledRounding,
    Method,
    MidpointRounding,
    RandomRounding,
    RoundAfterRedaction,
    SmallCountRounding,
)
from anonymize.perturb.unprotected import unprotected
from anonymize.protect import PUBLISHED, SUPPRESSED, digest
from anonymize.table import Table
from ytemo_display import bundle


@dataclass(frozen=True, slots=True, repr=False)
class Perturbed:
    """A table with changed counts.

    Attributes:
        cells: What may be published: key columns, `value` (Int64, null where hidden), `status` (String, "published"
            or "suppressed"). Nothing tells which counts were changed.
        unprotected: What the method does not protect.
        messages: What could not be done as declared (a relaxed rounding); fit to be published.
        table: Confidential: the table itself.
        keys: Confidential: the keys of the cells (UInt64), None where the method uses none.
    """

    cells: pl.DataFrame
    unprotected: tuple[Text, ...]
    messages: tuple[Text, ...]
    table: Table = field(repr=False)
    keys: Keys | None = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the published cells, independent of file formats and versions."""
        return digest(self.cells)

    def loss(self) -> pl.DataFrame:
        """Confidential: the utility lost, for the whole table and per dimension and level; see `loss.measured`."""
        return measured(self.table, self.cells["value"])

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from anonymize.perturb.cards import of_perturbed

        return bundle(of_perturbed(self))

    def __repr__(self) -> str:
        return f"Perturbed({' x '.join(self.table.dimensions)}, {self.cells.height} cells)"


def perturb(table: Table, method: Method, *, seed: int, keys: Keys | None = None) -> Perturbed:
    """The table with its counts changed by a method.

    Args:
        table: The table.
        method: One of the methods of this package.
        seed: Secret, and the same for all tables of a publisher: who knows it can undo the random methods. Methods
            without chance ignore it.
        keys: For `RandomRounding` and `CellKey`: keys made with `record_keys`, so that the same people are perturbed
            alike under all codes and in all tables. Without, the codes of a cell are its key.

    Raises:
        PolicyError: `keys` does not fit the table.
        TableError: The table is linked (`show`), or holds codes that are never published.
        InfeasibleError: Controlled rounding found no table within its budget.
    """
    _ = table.shape  # refuses tables that are no whole product
    used = checked(table, keys, seed=seed) if isinstance(method, RandomRounding | CellKey) else None
    values, hidden, messages = _changed(table, method, seed, used)
    value = pl.Series("value", values, dtype=pl.Int64)
    mask = pl.Series(np.zeros(len(values), bool) if hidden is None else hidden)
    status = pl.when(mask).then(pl.lit(SUPPRESSED)).otherwise(pl.lit(PUBLISHED)).alias("status")
    shown = pl.when(mask).then(None).otherwise(value).alias("value")
    cells = table.cells.select(*table.keys, shown, status)
    return Perturbed(cells, unprotected(method), messages, table, used)


_Change = tuple[NDArray[np.int64], NDArray[np.bool_] | None, tuple[Text, ...]]


def _changed(table: Table, method: Method, seed: int, keys: Keys | None) -> _Change:
    """The new counts, which are hidden, and messages."""
    match method:
        case RandomRounding() if keys is not None:
            return rounding.random(table.values, method, keys, seed=seed), None, ()
        case CellKey() if keys is not None:
            return cellkey.perturbed(table.values, method, keys, seed=seed), None, ()
        case MidpointRounding():
            return rounding.midpoint(table.values, method), None, ()
        case RoundAfterRedaction():
            return *rounding.redacted(table, method), ()
        case SmallCountRounding():
            return smallcount.rounded(table, method), None, ()
        case ControlledRounding():
            found = controlled.rounded(table, method)
            return found.values, None, found.messages
    raise TypeError(f"no perturbation method: {type(method).__name__}")
