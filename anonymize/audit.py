"""The verdict: what an attacker can compute from a protected table. Knows nothing of how cells were chosen."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl

from anonymize.attack import Mask, View, targets, view
from anonymize.checks import named
from anonymize.errors import Text
from anonymize.exact import expose
from anonymize.integers import doubts
from anonymize.intervals import components, intervals, possible
from anonymize.known import Known, gather
from anonymize.policy import Protection
from anonymize.protect import PUBLISHED, SUPPRESSED, Protected, cell_codes, check, digest
from anonymize.relations import Index, build
from anonymize.table import Table

Kind = Literal["shown", "altered", "exact", "narrow", "insider"]

WHAT: dict[Kind, Text] = {
    "shown": Text("ô nhạy cảm nhưng vẫn được công bố.", "is sensitive but published."),
    "altered": Text("không giống bảng gốc.", "differs from the table."),
    "exact": Text("tính lại được chính xác.", "can be computed exactly."),
    "narrow": Text("bị biết quá sát.", "is known too closely."),
    "insider": Text(
        "người duy nhất trong một ô khác tính được.", "can be computed by whoever is alone in another cell."
    ),
}
REMEDY = Text(
    "Che thêm ô hoặc gộp mã, rồi kiểm tra lại.", "Hide more cells or merge codes, then audit again."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to refuse a table.

    Attributes:
        kind: "shown", "altered", "exact", "narrow" or "insider".
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
class Audit:
    """The verdict on one protected table.

    Attributes:
        digest: The digest of the cells that were audited.
        basis: The digest of the policy and the earlier releases that they were audited against.
        findings: Every reason to refuse, sorted by kind and cell.
        cells: Number of cells.
        suppressed: Number of hidden cells.
    """

    digest: str
    basis: str = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    cells: int
    suppressed: int

    @property
    def ok(self) -> bool:
        """Whether there is nothing to refuse."""
        return not self.findings

    @property
    def exact(self) -> int:
        """Sensitive cells that anybody can compute, or that are simply shown."""
        return self._count("exact") + self._count("shown")

    @property
    def narrow(self) -> int:
        """Sensitive cells known too closely."""
        return self._count("narrow")

    @property
    def insider(self) -> int:
        """Sensitive cells that somebody alone in another cell can compute."""
        return self._count("insider")

    def _count(self, kind: Kind) -> int:
        return Counter(f.kind for f in self.findings)[kind]

    def summary(self) -> dict[str, Any]:
        """The verdict in numbers, fit to be published: it does not tell how many cells are sensitive."""
        return {
            "ok": self.ok,
            "cells": self.cells,
            "suppressed": self.suppressed,
            "exact": self.exact,
            "narrow": self.narrow,
            "insider": self.insider,
            "altered": self._count("altered"),
            "digest": self.digest,
        }

    def __repr__(self) -> str:
        verdict = "ok" if self.ok else f"refused, {len(self.findings)} findings"
        return f"Audit({verdict}, {self.cells} cells, {self.suppressed} suppressed)"


def audit(safe: Protected, policy: Protection, known: Known = (), *, seed: int = 1) -> Audit:
    """Attacks a protected table as published, together with everything published before.

    Args:
        safe: The table; only what `safe.cells` shows counts as published.
        policy: The promises to be kept.
        known: Earlier releases, as for `protect`.
        seed: For the random vectors of the attack.

    Raises:
        PolicyError: The policy does not fit the table, or an earlier release cannot be matched.
        TableError: A count is larger than the count that it is a part of.
    """
    known = list(known)
    check(safe.table, policy)
    hidden, altered = _published(safe)
    findings = {("altered", int(row)) for row in altered}
    relations = build(list(safe.table.dimensions.values()))
    earlier = gather(safe.table, known, relations)
    marked = targets(safe.table.values, policy)[0]
    findings |= {("shown", int(row)) for row in np.flatnonzero(marked & (~hidden | earlier.revealed))}
    seen = view(safe.table, hidden, policy, relations=relations, earlier=earlier)
    findings |= {(kind, int(seen.cells[column])) for kind, column in _attacked(seen, seed)}
    promised = basis(policy, known)
    return Audit(
        digest(safe.cells), promised, _findings(safe.table, findings), len(hidden), int(hidden.sum())
    )


def basis(policy: Protection, known: Known = ()) -> str:
    """SHA-256 of what an audit was made against: the policy and every earlier release, in order."""
    seen = [digest(item if isinstance(item, pl.DataFrame) else item.cells) for item in known]
    return hashlib.sha256("\n".join([policy.model_dump_json(), *seen]).encode()).hexdigest()


def _published(safe: Protected) -> tuple[Mask, Index]:
    """The hidden cells, and rows where the published cells are not those of the table."""
    table, cells = safe.table, safe.cells
    keys = table.keys
    if cells.columns != [*keys, "value", "status"] or not cells.select(keys).equals(table.cells.select(keys)):
        return np.zeros(len(table.values), bool), np.arange(len(table.values))
    hidden = cells["value"].is_null()
    wrong = (cells["value"] != table.cells["value"]).fill_null(False)
    status = pl.select(pl.when(hidden).then(pl.lit(SUPPRESSED)).otherwise(pl.lit(PUBLISHED))).to_series()
    return hidden.to_numpy(), np.flatnonzero((wrong | cells["status"].ne_missing(status)).to_numpy())


def _attacked(seen: View, seed: int) -> set[tuple[Kind, int]]:
    """Every attack on a view: sums, intervals, whole numbers."""
    labels = components(seen)
    exposure = expose(seen, labels, seed=seed)
    exact = set(exposure.exact.tolist())
    found = intervals(seen, labels, seed=seed)
    left = possible(found.low, found.high)
    whole = doubts(seen, labels, found)
    narrow = {int(c) for c in found.narrow if left[c] > 1} | {c for c, n in whole.narrow if n > 1}
    exact |= {int(c) for c in found.narrow if left[c] <= 1} | {c for c, n in whole.narrow if n <= 1}
    insider = {int(b) for _, b in exposure.insider} | {b for _, b in whole.insider}
    result: set[tuple[Kind, int]] = {("exact", c) for c in exact}
    result |= {("narrow", c) for c in narrow - exact}
    return result | {("insider", c) for c in insider - exact}


def _findings(table: Table, found: set[tuple[str, int]]) -> tuple[Finding, ...]:
    ordered = sorted(found)
    codes = cell_codes(table, np.array([row for _, row in ordered], np.int64))
    kinds: dict[str, Kind] = {kind: kind for kind in WHAT}
    return tuple(
        Finding(kinds[kind], tuple(cell.items()), WHAT[kinds[kind]])
        for (kind, _), cell in zip(ordered, codes, strict=True)
    )
