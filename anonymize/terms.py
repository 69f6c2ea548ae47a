"""What a verdict on a table rests on: a policy that fits the table, and a name for what was promised against what."""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.checks import named
from anonymize.errors import PolicyError, Problem, TableError, Text
from anonymize.known import Known
from anonymize.linked.model import Memory, fingerprint
from anonymize.policy import Protection
from anonymize.protected import cell_codes, digest
from anonymize.rules import unfit
from anonymize.table import Table

Mask = NDArray[np.bool_]


def basis(policy: Protection, known: Known = (), memory: Memory | None = None) -> str:
    """SHA-256 of what an audit was made against: the policy, every earlier release, in order, and the memory."""
    seen = [digest(item if isinstance(item, pl.DataFrame) else item.cells) for item in known]
    seen += [] if memory is None else [f"memory {fingerprint(memory)}"]
    return hashlib.sha256("\n".join([policy.model_dump_json(), *seen]).encode()).hexdigest()


def apart(table: Table, hidden: Mask, known: Mask, policy: Protection) -> list[int]:
    """Published rows, zeros apart, whose measure is declared to be hidden together with one that is hidden there."""
    width, found = len(table.measures), []
    each = (hidden & ~known).reshape(-1, width)
    open_row = ~hidden & ~known & ((table.values != 0) | (policy.zeros == "suppressed"))
    for group in policy.together:
        columns = [table.measures.index(name) for name in group]
        some = each[:, columns].any(axis=1)
        found += [
            r for c in columns for r in (np.flatnonzero(some & open_row[c::width]) * width + c).tolist()
        ]
    return found


def check(table: Table, policy: Protection) -> None:
    """Refuses a policy that does not fit the table.

    Raises:
        PolicyError: `subsets` or `together` names an unknown measure, a rule needs what the table does not hold, or
            cells are declared sensitive and no rule `manual` says what that means.
        TableError: A part is larger than its whole; the cells are named by their codes.
    """
    named_in = {("subsets", m) for s in policy.subsets for m in (s.part, s.whole)}
    named_in |= {("together", m) for group in policy.together for m in group}
    mistakes = [_stranger(*pair) for pair in sorted(named_in) if pair[1] not in table.measures]
    mistakes += [problem for rule in policy.rules for problem in unfit(rule, table)]
    flagged = table.marks is not None and table.marks.sensitive.any()
    if flagged and not any(rule.kind == "manual" for rule in policy.rules):
        mistakes.append(_FLAGGED)
    if mistakes:
        raise PolicyError(mistakes)
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


def _larger(where: str, part: str, whole: str) -> Problem:
    return Problem(
        where,
        Text(f"{part} lớn hơn {whole}.", f"{part} exceeds {whole}."),
        Text(
            "Sửa số liệu nguồn hoặc bỏ khai báo subsets.", "Correct the source or drop the declared subset."
        ),
    )


def _stranger(section: str, name: str) -> Problem:
    return Problem(
        f"protection.{section}: {name}",
        Text("không phải chỉ tiêu của bảng.", "is not a measure of the table."),
        Text("Dùng tên cột số đếm của bảng.", "Use the name of a count column of the table."),
    )


_FLAGGED = Problem(
    "protection.rules",
    Text(
        "có ô được khai là nhạy cảm mà thiếu quy tắc manual.",
        "cells are flagged sensitive and rule manual is missing.",
    ),
    Text("Thêm quy tắc manual.", "Add the rule manual."),
)
