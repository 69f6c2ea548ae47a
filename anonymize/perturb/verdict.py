"""The verdict on a perturbed table: were the promises kept, and what can still be computed? Perturbs nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.checks import named
from anonymize.errors import Text
from anonymize.perturb.envelope import Bounds, Published, bounds, hides_zeros, threshold
from anonymize.perturb.methods import ControlledRounding, Method
from anonymize.perturb.perturbed import Perturbed
from anonymize.perturb.promises import broken
from anonymize.perturb.structure import leaf_cells
from anonymize.perturb.unround import attack
from anonymize.protect import PUBLISHED, SUPPRESSED, cell_codes, digest
from anonymize.relations import build
from anonymize.table import Table
from ytemo_display import bundle

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]
Kind = Literal["altered", "exact", "presence", "promise", "undecided"]

WHAT: dict[Kind, Text] = {
    "altered": Text("không phải ô của bảng này.", "is not a cell of this table."),
    "promise": Text("không theo phương pháp đã khai báo.", "does not keep what the method promises."),
    "exact": Text(
        "số đếm nhỏ tính lại được chính xác từ các số đã công bố.",
        "is a small count that the published numbers give back exactly.",
    ),
    "presence": Text(
        "công bố là 0 nhưng tính được là có người, hoặc ngược lại chắc chắn không có ai.",
        "hides whether it is empty, but the published numbers tell.",
    ),
    "undecided": Text("chưa chứng minh được là an toàn.", "could not be shown to be safe."),
}
REMEDY = Text(
    "Dùng phương pháp giữ tính cộng (small_count_rounding), gộp mã, hoặc che ô.",
    "Use a method that keeps sums (small_count_rounding), merge codes, or suppress.",
)


@dataclass(frozen=True, slots=True)
class PerturbedFinding:
    """One reason to refuse a perturbed table.

    Attributes:
        kind: "altered", "exact", "presence", "promise" or "undecided".
        cell: The codes of the cell, by key column.
        what: What is wrong, never with a value.
        remedy: What to do.
    """

    kind: Kind
    cell: tuple[tuple[str, str], ...]
    what: Text
    remedy: Text = REMEDY

    def __str__(self) -> str:
        return f"{named(dict(self.cell))}: {self.what.en}"


@dataclass(frozen=True, slots=True, repr=False)
class PerturbedAudit:
    """The verdict on one perturbed table.

    Attributes:
        digest: The digest of the cells that were audited.
        basis: SHA-256 of the method they were audited against.
        findings: Every reason to refuse, sorted by kind and cell.
        cells: Number of cells.
        suppressed: Number of hidden cells.
        bounds: Confidential: key columns, `lower` and `upper` (Int64; null = no upper bound): between what the sums
            of the table leave of each count.
    """

    digest: str
    basis: str = field(repr=False)
    findings: tuple[PerturbedFinding, ...] = field(repr=False)
    cells: int
    suppressed: int
    bounds: pl.DataFrame = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether there is nothing to refuse."""
        return not self.findings

    def summary(self) -> dict[str, Any]:
        """The verdict in numbers, fit to be published: it does not tell how many cells are small."""
        count = Counter(f.kind for f in self.findings)
        kinds: dict[str, int] = {kind: count[kind] for kind in sorted(WHAT)}
        return {
            "ok": self.ok,
            "cells": self.cells,
            "suppressed": self.suppressed,
            **kinds,
            "digest": self.digest,
        }

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from anonymize.perturb.cards import of_audit

        return bundle(of_audit(self))

    def __repr__(self) -> str:
        verdict = "ok" if self.ok else f"refused, {len(self.findings)} findings"
        return f"PerturbedAudit({verdict}, {self.cells} cells, {self.suppressed} suppressed)"


def audit_perturbed(perturbed: Perturbed, method: Method, *, small: int | None = None) -> PerturbedAudit:
    """Checks a perturbed table against its method, and attacks it as published.

    The attacker knows the method and its parameters, not the seed, and that the true counts add up.

    Args:
        perturbed: The table; only what `perturbed.cells` shows counts as published.
        method: The method that was promised.
        small: Counts from 1 to below this must not be known exactly; by default those the method calls small.
    """
    table = perturbed.table
    seen = _published(perturbed)
    basis = hashlib.sha256(method.model_dump_json().encode()).hexdigest()
    if seen is None:
        cell: Kind = "altered"
        odd = _findings(table, {(cell, row) for row in range(len(table.values))})
        return PerturbedAudit(digest(perturbed.cells), basis, odd, len(table.values), 0, _frame(table, None))
    found: set[tuple[Kind, int]] = {
        ("promise", int(row)) for row in np.flatnonzero(broken(perturbed, method, seen))
    }
    own = bounds(method, seen, reach=_reach(perturbed, method, seen))
    left = Bounds(own.lower.copy(), own.upper.copy())
    if not ((table.values < own.lower) | (table.values > own.upper)).any():
        found |= _attacked(table, method, (seen, own), (small or threshold(method), left))
    findings = _findings(table, found)
    hidden = int(seen.hidden.sum())
    return PerturbedAudit(
        digest(perturbed.cells), basis, findings, len(table.values), hidden, _frame(table, left)
    )


def _published(perturbed: Perturbed) -> Published | None:
    """What readers see, or None when the frame is not that of the table."""
    table, cells = perturbed.table, perturbed.cells
    keys = table.keys
    if cells.columns != [*keys, "value", "status"] or not cells.select(keys).equals(table.cells.select(keys)):
        return None
    hidden = cells["value"].is_null()
    status = pl.select(pl.when(hidden).then(pl.lit(SUPPRESSED)).otherwise(pl.lit(PUBLISHED))).to_series()
    if cells["value"].dtype != pl.Int64 or cells["status"].ne_missing(status).any():
        return None
    return Published(cells["value"].fill_null(0).to_numpy(), hidden.to_numpy(), leaf_cells(table))


def _reach(perturbed: Perturbed, method: Method, seen: Published) -> int:
    """How far a relaxed controlled rounding went, as it admits itself."""
    if not isinstance(method, ControlledRounding) or not perturbed.messages:
        return 0
    return int(np.abs(seen.values - perturbed.table.values).max(initial=0))


class _Question(NamedTuple):
    """See `audit_perturbed`; `left` is filled in."""

    small: int
    left: Bounds


def _attacked(
    table: Table, method: Method, given: tuple[Published, Bounds], asked: tuple[int, Bounds]
) -> set[tuple[Kind, int]]:
    """The attack, measure by measure."""
    (seen, own), question = given, _Question(*asked)
    width, hierarchies = len(table.measures), list(table.dimensions.values())
    relations = build(hierarchies)
    found: set[tuple[Kind, int]] = set()
    for m in range(width):
        truth, shown = table.values[m::width], seen.values[m::width]
        least = 0 if hides_zeros(method) else 1
        small = (truth >= least) & (truth < question.small)
        zero = (shown == 0) & (truth > 0) & hides_zeros(method)
        here = Bounds(own.lower[m::width], own.upper[m::width])
        got = attack(relations, hierarchies, truth, here, wanted=(small, zero))
        question.left.lower[m::width], question.left.upper[m::width] = got.bounds
        found |= {("exact", int(c) * width + m) for c in np.flatnonzero(got.exact & (truth > 0))}
        told = (got.exact & (truth == 0)) | got.positive
        found |= {("presence", int(c) * width + m) for c in np.flatnonzero(told)}
        found |= {("undecided", int(c) * width + m) for c in np.flatnonzero(got.undecided)}
    return found


def _findings(table: Table, found: set[tuple[Kind, int]]) -> tuple[PerturbedFinding, ...]:
    ordered = sorted(found)
    codes = cell_codes(table, np.array([row for _, row in ordered], np.int64))
    return tuple(
        PerturbedFinding(kind, tuple(cell.items()), WHAT[kind])
        for (kind, _), cell in zip(ordered, codes, strict=True)
    )


def _frame(table: Table, left: Bounds | None) -> pl.DataFrame:
    keys = table.cells.select(table.keys)
    if left is None:
        return keys.head(0).with_columns(lower=pl.lit(0, pl.Int64), upper=pl.lit(0, pl.Int64))
    from anonymize.perturb.envelope import ENDLESS

    upper = pl.when(pl.Series(left.upper) >= int(ENDLESS)).then(None).otherwise(pl.Series(left.upper))
    return keys.with_columns(lower=pl.Series(left.lower), upper=upper.cast(pl.Int64))
