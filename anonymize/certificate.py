"""The proof that a protected table is safe: alternative tables, to be checked without solving anything.

Every alternative table agrees with all that is published, now and before, and with all that readers know of hidden
cells; so no attacker can rule it out. Together they hold, for each sensitive cell, values as far apart as promised. Two
random changes in whole numbers show besides that no cell gives another one away in a fixed proportion.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from anonymize.attack import View, view
from anonymize.errors import Problem, Text
from anonymize.goals import goals, promises
from anonymize.known import Known, gather
from anonymize.policy import Protection
from anonymize.protected import Protected, digest, published
from anonymize.relations import Index, relate
from anonymize.terms import apart, basis, check

COLUMNS = {"promise": pl.Int64, "table": pl.Int64, "scale": pl.Int64, "row": pl.Int64, "change": pl.Int64}
LARGEST_CHANGE = 1 << 56
LARGEST_SCALE = 1 << 32
DIRECTION = 0
"""The scale of the two changes that are no tables, only directions."""


@dataclass(frozen=True, slots=True, repr=False)
class Certificate:
    """Confidential: whoever holds it and the published cells is close to the true table.

    Attributes:
        digest: The digest of the published cells.
        basis: The digest of the policy and the earlier releases.
        witnesses: One row per alternative table and changed cell: `promise` (its place in `goals.promises`), `table` (a
            number), `scale`, `row` (of `Table.cells`)
            and `change`, all Int64: the cell is change / scale above the truth. Tables of scale 1 are in whole numbers.
            Two tables of scale 0 are directions only.
        seal: SHA-256 of all this.
    """

    digest: str
    basis: str
    witnesses: pl.DataFrame = field(repr=False)
    seal: str

    @property
    def tables(self) -> int:
        """The number of alternative tables."""
        return int(self.witnesses.filter(pl.col("scale") > 0)["table"].n_unique())

    def __repr__(self) -> str:
        return f"Certificate({self.tables} alternative tables)"


def seal(cells: str, promise: str, witnesses: pl.DataFrame) -> str:
    """SHA-256 over the digests of the published cells and of the policy, and every change."""
    state = hashlib.sha256(f"{cells}\n{promise}\n{','.join(witnesses.columns)}\n".encode())
    for name in witnesses.columns:
        state.update(np.ascontiguousarray(witnesses[name].to_numpy()).tobytes())
    return state.hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a certificate proves of a protected table; confidential: it tells how many cells are sensitive.

    Attributes:
        problems: Why the certificate is refused; without any, what follows can be relied upon.
        sensitive: Number of hidden sensitive cells.
        unproven: Rows of `Table.cells`: sensitive cells not shown to be as wide as promised.
        tied: Rows: sensitive cells that the certificate does not show to be safe from whoever is alone in another cell.
        whole: Number of sensitive cells shown to be wide over the whole numbers.
        open: Number of small components for which whole numbers may leave less than linear bounds do.
    """

    problems: tuple[Problem, ...]
    sensitive: int
    unproven: Index = field(repr=False)
    tied: Index = field(repr=False)
    whole: int
    open: int

    @property
    def ok(self) -> bool:
        """Whether the table is proven safe."""
        return not (self.problems or len(self.unproven) or len(self.tied) or self.open)


def check_certificate(
    safe: Protected, certificate: Certificate, policy: Protection, known: Known = ()
) -> Verdict:
    """Verifies that a certificate proves a protected table safe; nothing is solved or searched for.

    What several known cells give away is checked by the sums alone; that bounds and whole numbers may give away more
    of it in small components is for the audit to find. So is what releases of a `memory` give away together with it.

    One sparse product shows that every alternative table keeps every published sum; the rest is comparing numbers.

    Args:
        safe: The table; only what `safe.cells` shows counts as published.
        certificate: From `audit` of this table.
        policy: The promises.
        known: Earlier releases, as for `audit`.

    Raises:
        PolicyError: The policy does not fit the table, or an earlier release cannot be matched.
        TableError: A count is larger than the count that it is a part of.
    """
    known = list(known)
    check(safe.table, policy)
    hidden, altered = published(safe)
    relations = relate(safe.table)
    earlier = gather(safe.table, known, relations)
    wanted = goals(safe.table, policy)
    shown = (wanted.sensitive | wanted.always) & (~hidden | earlier.revealed)
    views = [
        view(safe.table, hidden, policy, relations=relations, earlier=earlier, promise=promise)
        for promise in promises(safe.table, policy)
    ]
    faults = _identity(certificate, digest(safe.cells), basis(policy, known))
    faults += ["altered"] * bool(len(altered)) + ["shown"] * bool(shown.any())
    faults += ["apart"] * bool(apart(safe.table, hidden, earlier.revealed, policy))
    faults = faults or _shape(certificate.witnesses, views)
    if faults:
        return refused(views[0], faults)
    from anonymize.proof import verdict

    return verdict(views, certificate.witnesses, safe.table, policy)


def _identity(certificate: Certificate, cells: str, promise: str) -> list[str]:
    faults = ["digest"] * (certificate.digest != cells) + ["basis"] * (certificate.basis != promise)
    sealed = seal(certificate.digest, certificate.basis, certificate.witnesses)
    return faults + ["seal"] * (certificate.seal != sealed)


def _shape(witnesses: pl.DataFrame, views: list[View]) -> list[str]:
    """Whether the numbers are whole, few and small enough to be added without overflow, and of hidden cells only."""
    if dict(witnesses.schema) != COLUMNS or witnesses.null_count().sum_horizontal().sum():
        return ["columns"]
    scale, change = witnesses["scale"].to_numpy(), witnesses["change"].to_numpy()
    longest = int(np.diff(views[0].sums.indptr).max(initial=1))
    size = max(abs(int(change.max(initial=0))), abs(int(change.min(initial=0))))
    faults = ["size"] * (size * longest >= 1 << 62 or size > LARGEST_CHANGE)
    faults += ["scale"] * bool(((scale < 0) | (scale > LARGEST_SCALE)).any())
    faults += ["cells"] * bool(~np.isin(witnesses["row"].to_numpy(), views[0].cells).all())
    faults += ["scale"] * bool(~np.isin(witnesses["promise"].to_numpy(), np.arange(len(views))).all())
    numbers = witnesses.select("promise", "table", "scale").unique().height
    twice = witnesses.select("table", "row").is_duplicated().any()
    return faults + ["tables"] * bool(twice or numbers > witnesses["table"].n_unique())


def refused(seen: View, faults: list[str]) -> Verdict:
    """The verdict of a certificate that is no proof."""
    sensitive = np.flatnonzero(seen.goals.sensitive)
    rows = seen.cells[sensitive]
    return Verdict(tuple(_FAULTS[name] for name in faults), len(rows), rows, rows, 0, 0)


def _fault(where: str, vi: str, en: str) -> Problem:
    return Problem(
        f"certificate: {where}",
        Text(vi, en),
        Text(
            "Kiểm tra lại bảng bằng audit và dùng chứng nhận mới.",
            "Audit the table again and use its certificate.",
        ),
    )


_FAULTS = {
    "digest": _fault("digest", "của một bảng công bố khác.", "is for other published cells."),
    "basis": _fault(
        "basis", "theo chính sách hoặc bản công bố trước khác.", "is for another policy or history."
    ),
    "seal": _fault("seal", "đã bị sửa đổi.", "was changed."),
    "altered": _fault(
        "cells", "các ô công bố không giống bảng gốc.", "the published cells differ from the table."
    ),
    "shown": _fault("cells", "có ô nhạy cảm được công bố.", "sensitive cells are published."),
    "apart": _fault(
        "cells", "có ô được công bố dù ô đi kèm bị che.", "cells are published without their companions."
    ),
    "columns": _fault("witnesses", "không đúng các cột số nguyên.", "lacks the columns of whole numbers."),
    "size": _fault("witnesses.change", "có số quá lớn.", "has numbers too large to be added."),
    "scale": _fault(
        "witnesses.scale",
        "có tỷ lệ hoặc số thứ tự không hợp lệ.",
        "has a scale or promise that is not allowed.",
    ),
    "cells": _fault("witnesses.row", "thay đổi ô đã công bố.", "changes cells that are published."),
    "tables": _fault(
        "witnesses.table", "có bảng lặp ô hoặc lẫn tỷ lệ.", "repeats a cell or mixes scales in a table."
    ),
    "sums": _fault(
        "witnesses", "có bảng không giữ các tổng đã công bố.", "has a table that breaks a published sum."
    ),
    "bounds": _fault(
        "witnesses", "có bảng trái với điều người đọc biết.", "has a table that readers can rule out."
    ),
}
