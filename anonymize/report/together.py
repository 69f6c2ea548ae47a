"""A recoded table beside every earlier release: what the two give away together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.attack import view
from anonymize.audit import Kind, attacked
from anonymize.goals import goals, promises
from anonymize.known import Known, gather
from anonymize.policy import Protection
from anonymize.protect import Protected, cell_codes
from anonymize.relations import relate
from anonymize.report.blocking import Codes
from anonymize.report.moves import Plan
from anonymize.report.recode import coordinates
from anonymize.table import Table

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, repr=False)
class Setting:
    """What every plan is tried on; confidential.

    Attributes:
        table: The table before any recode.
        policy: The promises.
        known: Earlier releases, in codes of the table.
        lost: Sensitive cells that the earlier releases alone give away already, by their key codes.
        seed: As for `protect`.
    """

    table: Table
    policy: Protection
    known: tuple[pl.DataFrame | Protected, ...]
    lost: frozenset[tuple[str, ...]]
    seed: int


def setting(table: Table, policy: Protection, known: Known, *, seed: int) -> Setting:
    """The setting, with what is lost already.

    Nothing but the earlier releases is published for this, and hidden counts may be zero: an attacker who knows less
    than a real one, so that nothing is called lost that is not.
    """
    known = tuple(known)
    found: set[tuple[str, ...]] = set()
    if known:
        relations = relate(table)
        earlier, wanted = gather(table, known, relations), goals(table, _weak(policy))
        nothing = np.ones(table.cells.height, bool)
        seen = view(table, nothing, policy, relations=relations, earlier=earlier, promise=wanted)
        exact = [seen.cells[column] for kind, column in attacked(seen, seed + 1) if kind == "exact"]
        rows = np.union1d(np.flatnonzero(wanted.sensitive & earlier.revealed), np.array(exact, np.int64))
        found = {tuple(codes.values()) for codes in cell_codes(table, rows.astype(np.int64))}
    return Setting(table, policy, known, frozenset(found), seed)


def together(where: Setting, plan: Plan, safe: Protected) -> list[tuple[Kind, Codes]]:
    """What an attacker computes from the recoded table and every earlier release in full, in cells of the full table.

    The recoded table is a pattern of the full one: what it drops is hidden. Readers know that what this or an earlier
    release suppressed is at least 1 where zeros are published, but not so for cells that no release has had.

    Returns:
        What is found beyond `Setting.lost`, with the codes of the cells.
    """
    table = where.table
    hidden, dropped = _pattern(where, plan, safe)
    relations = relate(table)
    earlier = gather(table, where.known, relations)
    free = dropped & ~(earlier.hidden & (table.values != 0))
    weak = goals(table, _weak(where.policy)).lower
    found: set[tuple[Kind, int]] = set()
    for promise in promises(table, where.policy):
        known = replace(promise, lower=np.where(free, weak, promise.lower))
        seen = view(table, hidden, where.policy, relations=relations, earlier=earlier, promise=known)
        found |= {(kind, int(seen.cells[column])) for kind, column in attacked(seen, where.seed + 1)}
    codes = cell_codes(table, np.array([row for _, row in sorted(found)], np.int64))
    return [
        (kind, cell)
        for (kind, _), cell in zip(sorted(found), codes, strict=True)
        if tuple(cell.values()) not in where.lost
    ]


def _pattern(where: Setting, plan: Plan, safe: Protected) -> tuple[Mask, Mask]:
    """Per row of the full table: whether the recoded table hides or drops it, and whether it drops it."""
    keys = where.table.keys
    totals = [pl.lit(code).alias(name) for name, code in coordinates(where.table, plan).items()]
    shown = safe.cells.with_columns(totals).select(*keys, pl.col("value").is_null().alias("hidden"))
    hidden = where.table.cells.join(shown, on=keys, how="left", maintain_order="left")["hidden"]
    return hidden.fill_null(True).to_numpy(), hidden.is_null().to_numpy()


def _weak(policy: Protection) -> Protection:
    return policy.model_copy(update={"apriori": "nonnegative"})
