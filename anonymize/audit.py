"""The verdict: what an attacker can compute from a protected table. Knows nothing of how cells were chosen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.attack import View, view
from anonymize.certificate import Certificate
from anonymize.checks import named
from anonymize.errors import Text
from anonymize.goals import goals, possible, promises
from anonymize.known import Known, gather
from anonymize.policy import Protection
from anonymize.protected import Protected, cell_codes, digest, published
from anonymize.relations import relate
from anonymize.table import Table
from anonymize.terms import apart, basis, check
from ytemo_display import bundle
from ytemo_display.progress import tell

if TYPE_CHECKING:
    from anonymize.examine import Examined
    from anonymize.intervals import Intervals
    from anonymize.linked import Memory

__all__ = ["REMEDY", "WHAT", "Audit", "Finding", "Kind", "attacked", "audit", "basis"]

Kind = Literal["shown", "altered", "apart", "exact", "narrow", "insider", "linked"]

WHAT: dict[Kind, Text] = {
    "shown": Text("ô nhạy cảm nhưng vẫn được công bố.", "is sensitive but published."),
    "altered": Text("không giống bảng gốc.", "differs from the table."),
    "apart": Text(
        "được công bố dù chỉ tiêu đi kèm bị che.", "is published while a measure that goes with it is hidden."
    ),
    "exact": Text("tính lại được chính xác.", "can be computed exactly."),
    "narrow": Text("bị biết quá sát.", "is known too closely."),
    "insider": Text(
        "người duy nhất trong một ô khác tính được.", "can be computed by whoever is alone in another cell."
    ),
    "linked": Text(
        "bị các bản đã phát hành làm lộ khi ghép với bảng này.",
        "is given away together with what was released before.",
    ),
}
_INSIDERS = Text("Tấn công của người trong cuộc", "Attacking as insiders")
_CERTIFYING = Text("Lập chứng nhận", "Making the certificate")
REMEDY = Text(
    "Che thêm ô hoặc gộp mã, rồi kiểm tra lại.", "Hide more cells or merge codes, then audit again."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to refuse a table.

    Attributes:
        kind: "shown", "altered", "apart", "exact", "narrow", "insider" or "linked".
        cell: The codes of the cell, by key column; of a cell of an earlier release by axis.
        what: What is wrong, never with a value; of what several releases give away their names and how.
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
        intervals: Confidential, one row per sensitive hidden cell: key columns; `low` and `high` (Float64): values that
            no attacker can rule out or, where `kind` is "exact" or "narrow", between which the cell is known to lie;
            `possible` (Int64): how many whole numbers they span; `kind` of finding (String), null for none.
        certificate: Confidential: the alternative tables that prove what is safe.
        remembered: How many publications that count the same were attacked together with the table; None: no memory.
    """

    digest: str
    basis: str = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    cells: int
    suppressed: int
    intervals: pl.DataFrame = field(repr=False, compare=False)
    certificate: Certificate = field(repr=False, compare=False)
    remembered: int | None = field(default=None, repr=False)

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

    @property
    def linked(self) -> int:
        """Cells of this or an earlier release that are given away by several together."""
        return self._count("linked")

    def _count(self, kind: Kind) -> int:
        return Counter(f.kind for f in self.findings)[kind]

    def summary(self) -> dict[str, Any]:
        """The verdict in numbers, fit to be published: it does not tell how many cells are sensitive."""
        joint = {} if self.remembered is None else {"linked": self.linked}
        return {
            "ok": self.ok,
            "cells": self.cells,
            "suppressed": self.suppressed,
            "exact": self.exact,
            "narrow": self.narrow,
            "insider": self.insider,
            "altered": self._count("altered"),
            **joint,
            "digest": self.digest,
        }

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from anonymize.cards import of_audit

        return bundle(of_audit(self))

    def __repr__(self) -> str:
        verdict = "ok" if self.ok else f"refused, {len(self.findings)} findings"
        return f"Audit({verdict}, {self.cells} cells, {self.suppressed} suppressed)"


def audit(
    safe: Protected, policy: Protection, known: Known = (), *, seed: int = 1, memory: Memory | None = None
) -> Audit:
    """Attacks a protected table as published, together with everything published before.

    Args:
        safe: The table; only what `safe.cells` shows counts as published.
        policy: The promises to be kept.
        known: Earlier releases, as for `protect`.
        seed: For the random vectors of the attack.
        memory: Everything else that is out and counts the same, as for `protect`.

    Raises:
        PolicyError: The policy does not fit the table, or an earlier release cannot be matched.
        TableError: A count is larger than the count that it is a part of.
    """
    # Compiled code and solvers load only when there is something to audit.
    from anonymize.examine import examine
    from anonymize.proof import make

    known = list(known)
    check(safe.table, policy)
    hidden, altered = published(safe)
    findings = {("altered", int(row)) for row in altered}
    relations = relate(safe.table)
    earlier = gather(safe.table, known, relations)
    wanted = goals(safe.table, policy)
    marked = wanted.sensitive | wanted.always
    findings |= {("shown", int(row)) for row in np.flatnonzero(marked & (~hidden | earlier.revealed))}
    findings |= {("apart", row) for row in apart(safe.table, hidden, earlier.revealed, policy)}
    views = [
        view(safe.table, hidden, policy, relations=relations, earlier=earlier, promise=promise)
        for promise in promises(safe.table, policy)
    ]
    found = examine(views, seed=seed)
    columns = set(found.found)
    tell(_INSIDERS)
    for seen in views:
        columns |= _besides(seen, found, (safe.table, policy, seed), columns)
    findings |= {(kind, int(views[0].cells[column])) for kind, column in columns}
    cells = digest(safe.cells)
    joint, remembered = _linked(safe.table, hidden, (policy, memory), seed=seed)
    tell(_CERTIFYING)
    # The certificate is about the table by itself.
    proof = make(views, found, (cells, basis(policy, known)), safe.table, policy)
    return Audit(
        cells,
        basis(policy, known, memory),
        _findings(safe.table, findings) + joint,
        safe.cells.height,
        int((hidden & safe.table.seen).sum()),
        _frame(safe.table, views[-1], found.intervals, findings),
        proof,
        remembered,
    )


def _linked(
    table: Table, hidden: NDArray[np.bool_], case: tuple[Protection, Memory | None], *, seed: int
) -> tuple[tuple[Finding, ...], int | None]:
    """What the table gives away together with what is out, and how much of it counts the same."""
    policy, memory = case
    if memory is None:
        return (), None
    from anonymize.linked import attack, publications, relevant, told

    candidate = publications(table, hidden, policy, memory)
    leaks = attack(candidate, memory, insiders=policy.insiders, seed=seed)
    findings = tuple(Finding("linked", leak.cell, told(leak)) for leak in leaks)
    return findings, len(relevant(memory, candidate))


def _besides(
    seen: View, found: Examined, case: tuple[Table, Protection, int], known: set[tuple[Kind, int]]
) -> set[tuple[Kind, int]]:
    """What needs more than one cell to be told: coalitions and complements, where nothing worse was found."""
    from anonymize.coalitions import betrayed
    from anonymize.complements import pinned

    table, policy, seed = case
    insider = betrayed(seen, found.moves, table, together=policy.insiders, seed=seed)
    narrow = pinned(seen, found.labels, table, policy)
    computed = {c for kind, c in known if kind != "narrow"}
    told = {c for _, c in known}
    result: set[tuple[Kind, int]] = {("insider", int(c)) for c in insider if int(c) not in computed}
    return result | {("narrow", int(c)) for c in narrow if int(c) not in told}


def attacked(seen: View, seed: int) -> set[tuple[Kind, int]]:
    """Every attack on a view: sums, intervals, whole numbers.

    Returns:
        What was found ("exact", "narrow" or "insider") and the column of the view.
    """
    from anonymize.examine import examine

    return examine([seen], seed=seed).found


def _frame(table: Table, seen: View, found: Intervals, findings: set[tuple[str, int]]) -> pl.DataFrame:
    """The intervals of the sensitive cells, with the kind of finding, if any."""
    columns = np.flatnonzero(seen.goals.sensitive)
    rows = seen.cells[columns]
    kind = {row: name for name, row in findings}
    worst = np.isin(columns, found.narrow)
    low = np.where(worst, found.least[columns], found.low[columns])
    high = np.where(worst, found.most[columns], found.high[columns])
    return table.cells.select(table.keys)[rows].with_columns(
        low=pl.Series(low, dtype=pl.Float64),
        high=pl.Series(high, dtype=pl.Float64),
        possible=pl.Series(possible(low, high).astype(np.int64)),
        kind=pl.Series([kind.get(row) for row in rows.tolist()], dtype=pl.String),
    )


def _findings(table: Table, found: set[tuple[str, int]]) -> tuple[Finding, ...]:
    ordered = sorted(found)
    codes = cell_codes(table, np.array([row for _, row in ordered], np.int64))
    kinds: dict[str, Kind] = {kind: kind for kind in WHAT}
    return tuple(
        Finding(kinds[kind], tuple(cell.items()), WHAT[kinds[kind]])
        for (kind, _), cell in zip(ordered, codes, strict=True)
    )
