"""Protection of a table: hide what must not be shown, and whatever would give it back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize import repair
from anonymize.attack import hideable, targets
from anonymize.checks import named
from anonymize.errors import InfeasibleError, PolicyError, Problem, TableError, Text
from anonymize.known import Earlier, Known, gather
from anonymize.policy import Protection, ordered_measures
from anonymize.relations import Relations, build, with_sums
from anonymize.suppress import Task, select
from anonymize.table import Table

Mask = NDArray[np.bool_]
PUBLISHED, SUPPRESSED = "published", "suppressed"


@dataclass(frozen=True, slots=True, repr=False)
class Protected:
    """A table with hidden cells.

    Attributes:
        cells: What may be published: key columns, `value` (Int64, null where hidden), `status` (String,
            "published" or "suppressed"). Nothing tells why a cell is hidden.
        reasons: Confidential: key columns and `reason` ("primary" or "secondary") of each hidden cell.
        table: Confidential: the table itself.
    """

    cells: pl.DataFrame
    reasons: pl.DataFrame = field(repr=False)
    table: Table = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the published cells, independent of file formats and versions."""
        return digest(self.cells)

    def __repr__(self) -> str:
        hidden = (self.cells["status"] == SUPPRESSED).sum()
        return (
            f"Protected({' x '.join(self.table.dimensions)}, {self.cells.height} cells, {hidden} suppressed)"
        )


def digest(cells: pl.DataFrame) -> str:
    """SHA-256 over the cells, one line each, columns separated by U+001F, a hidden value as nothing."""
    lines = cells.select(
        pl.concat_str(
            [pl.col(name).cast(pl.String).fill_null("") for name in cells.columns], separator="\x1f"
        )
    ).to_series()
    text = "\x1f".join(cells.columns) + "\n" + "\n".join(lines.to_list())
    return hashlib.sha256(text.encode()).hexdigest()


def protect(table: Table, policy: Protection, known: Known = (), *, seed: int = 0) -> Protected:
    """Hides the sensitive cells and as little else as is needed so that nobody can compute them.

    The null-space greedy chooses cells that no linear algebra gives back (promise G1, insiders included); the interval
    attack then finds sensitive cells that are still known too closely (G2), and further cells are hidden for these.

    Args:
        table: The table.
        policy: The promises.
        known: Earlier releases: frames with the key columns of `table.cells` and `value`, or `Protected` tables.
        seed: Same table, policy, `known` and seed: the same pattern, on any machine.

    Raises:
        PolicyError: The policy names a measure that the table lacks, or an earlier release cannot be matched.
        TableError: A count is larger than the count that it is a part of.
        InfeasibleError: Cells that cannot be protected, because they or what surrounds them is already public.
    """
    check(table, policy)
    relations = build(list(table.dimensions.values()))
    earlier = gather(table, known, relations)
    hidden = _chosen(table, policy, relations, earlier, seed)
    hidden = repair.widen(table, hidden, policy, relations=relations, earlier=earlier, seed=seed)
    return publish(table, hidden, policy)


def publish(table: Table, hidden: Mask, policy: Protection) -> Protected:
    """The table with exactly these cells hidden; it promises nothing (`audit` judges it).

    Args:
        table: The table.
        hidden: Per row of `table.cells`.
        policy: Tells the reasons.
    """
    mask = pl.Series(hidden)
    status = pl.when(mask).then(pl.lit(SUPPRESSED)).otherwise(pl.lit(PUBLISHED)).alias("status")
    value = pl.when(mask).then(None).otherwise(pl.col("value")).alias("value")
    cells = table.cells.select(*table.keys, value, status)
    primary = pl.Series(targets(table.values, policy)[0])
    reason = pl.when(primary).then(pl.lit("primary")).otherwise(pl.lit("secondary")).alias("reason")
    return Protected(cells, table.cells.select(*table.keys, reason).filter(mask), table)


def check(table: Table, policy: Protection) -> None:
    """Refuses a policy that does not fit the table.

    Raises:
        PolicyError: A subset names an unknown measure.
        TableError: A part is larger than its whole; the cells are named by their codes.
    """
    unknown = sorted({m for s in policy.subsets for m in (s.part, s.whole)} - set(table.measures))
    if unknown:
        raise PolicyError([_stranger(name) for name in unknown])
    width, problems = len(table.measures), []
    for subset in policy.subsets:
        part = table.values[table.measures.index(subset.part) :: width]
        whole = table.values[table.measures.index(subset.whole) :: width]
        rows = np.flatnonzero(part > whole) * width + table.measures.index(subset.part)
        problems += [_larger(named(row), subset.part, subset.whole) for row in cell_codes(table, rows[:20])]
        if len(rows) > 20:
            problems.append(_larger(f"{len(rows) - 20} more cells", subset.part, subset.whole))
    if problems:
        raise TableError(problems)


def cell_codes(table: Table, rows: NDArray[np.int64]) -> list[dict[str, str]]:
    """The key codes of rows of `table.cells`."""
    return table.cells.select(*table.keys)[rows].to_dicts()


def _chosen(table: Table, policy: Protection, relations: Relations, earlier: Earlier, seed: int) -> Mask:
    """The pattern of the selection, measure by measure, every whole before its parts."""
    width = len(table.measures)
    marked, need = targets(table.values, policy)
    hidden = np.zeros((relations.cells, width), bool)
    blocked: list[int] = np.flatnonzero(marked & earlier.revealed).tolist()
    for name in ordered_measures(policy.subsets, set(table.measures)):
        m = table.measures.index(name)
        sensitive = marked[m::width] & ~earlier.revealed[m::width]
        task = Task(
            with_sums(relations, earlier.sums[m]),
            table.values[m::width],
            table.persons[m::width],
            sensitive,
            _follow(table, policy, name, hidden, earlier) & ~sensitive,
            hideable(table, policy, earlier)[m::width],
            need[m::width],
            1 if policy.zeros == "published" else 0,
        )
        choice = select(task, seed=seed)
        hidden[:, m] = choice.hidden
        blocked += (np.concatenate([choice.exposed, choice.pairs[:, 1]]) * width + m).tolist()
    if blocked:
        raise InfeasibleError(repair.blocking(table, np.unique(blocked)))
    return hidden.ravel()


def _follow(table: Table, policy: Protection, name: str, hidden: NDArray[np.bool_], earlier: Earlier) -> Mask:
    """A part is hidden wherever its whole is: it would be a lower bound.

    What an earlier release hid stays hidden: its pattern was safe, and a new one between the cells that are public
    by now may not exist.
    """
    m, width = table.measures.index(name), len(table.measures)
    wholes = [table.measures.index(s.whole) for s in policy.subsets if s.part == name]
    found = hidden[:, wholes].any(axis=1) | earlier.hidden[m::width]
    return found & (table.values[m::width] > 0) & ~earlier.revealed[m::width]


def _larger(where: str, part: str, whole: str) -> Problem:
    return Problem(
        where,
        Text(f"{part} lớn hơn {whole}.", f"{part} exceeds {whole}."),
        Text(
            "Sửa số liệu nguồn hoặc bỏ khai báo subsets.", "Correct the source or drop the declared subset."
        ),
    )


def _stranger(name: str) -> Problem:
    return Problem(
        f"protection.subsets: {name}",
        Text("không phải chỉ tiêu của bảng.", "is not a measure of the table."),
        Text("Dùng tên cột số đếm của bảng.", "Use the name of a count column of the table."),
    )
