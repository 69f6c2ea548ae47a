"""Rules about how a cell stands to others, and about cells that a publisher declares sensitive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from anonymize.errors import Problem, Text
from anonymize.margins import upward
from anonymize.rules.verdict import (
    Index,
    Mask,
    Parameters,
    Percent,
    Verdict,
    Zeros,
    doubt,
    misfit,
    percent,
    size,
)

if TYPE_CHECKING:
    from anonymize.table import Table


class GroupDisclosure(Parameters):
    """Group disclosure: a cell that holds all (or all but a few) of a margin tells about everybody in it.

    The zeros beside such a cell are sensitive too: they say as much. Needs a policy with `zeros: suppressed`.

    Source: Handbook on Statistical Disclosure Control, chapter 5.2 (group disclosure in frequency tables).

    Attributes:
        kind: The name of the rule in a dataset spec.
        dimension: The dimension whose codes say something about people (a result, a disease), not where they are.
        few: How many of the margin may be elsewhere.
    """

    kind: Literal["group_disclosure"] = "group_disclosure"
    dimension: Annotated[str, Field(min_length=1)]
    few: Annotated[int, Field(ge=0, le=100)] = 0


class Complement(Parameters):
    """Complement of a rate: a part that all but a few of the whole belong to is as telling as a small count.

    Both measures are in the table, and the policy's `subsets` say which is a part of which.

    Attributes:
        kind: The name of the rule in a dataset spec.
        part: The numerator.
        whole: The denominator.
        threshold: The smallest number of people outside the part that is not sensitive.
    """

    kind: Literal["complement"] = "complement"
    part: Annotated[str, Field(min_length=1)]
    whole: Annotated[str, Field(min_length=1)]
    threshold: Annotated[int, Field(ge=2, le=1000)]


class Manual(Parameters):
    """Cells flagged "sensitive" (see `anonymize.mark`).

    Attributes:
        kind: The name of the rule in a dataset spec.
        share: For amounts, the protection level on both sides in percent of the cell.
        need: For counts, how many whole numbers an attacker must be left with.
    """

    kind: Literal["manual"] = "manual"
    share: Percent = 10.0
    need: Annotated[int, Field(ge=2, le=1000)] = 2


def group_disclosure(rule: GroupDisclosure, table: Table, zeros: Zeros) -> Verdict:
    """Cells that hold a margin up to `few`, and the empty cells beside them; never structural zeros."""
    structural = np.zeros(len(table.values), bool) if table.marks is None else table.marks.structural
    width, along = len(table.measures), list(table.dimensions).index(rule.dimension)
    hit = np.zeros(len(table.values), bool)
    for axes, cells in table.grid.blocks:
        if along not in axes:
            continue
        view = np.moveaxis(cells, axes.index(along), 0).reshape(cells.shape[axes.index(along)], -1)
        for parent, children in upward(table.dimensions[rule.dimension]):
            for m in range(width):
                rows = view[children] * width + m
                hit[rows] |= _full(
                    table.values[view[parent] * width + m], table.values[rows], ~structural[rows], rule.few
                )
    return doubt(hit, 2)


def _full(total: Index, parts: Index, open_cell: Mask, few: int) -> Mask:
    """Which parts (parts x sums) tell about everybody: those that hold a total, and the empty ones beside them."""
    full = (parts > 0) & (total - parts <= few)
    # Where everything else is known to be empty, nothing is told that was not known.
    told = full.any(axis=0) & (open_cell.sum(axis=0) > 1)
    return np.asarray(told & open_cell & (full | (parts == 0)))


def group_disclosure_unfit(rule: GroupDisclosure, table: Table) -> list[Problem]:
    """Needs its dimension, and counts."""
    if rule.dimension in table.dimensions and not table.magnitude:
        return []
    return [
        misfit(
            rule.kind,
            "cần một chiều của bảng đếm.",
            "needs a dimension of a table of counts.",
            Text("Dùng tên một chiều của bảng.", "Use the name of a dimension of the table."),
        )
    ]


def complement(rule: Complement, table: Table, zeros: Zeros) -> Verdict:
    """Parts that fewer than the threshold of the whole are missing from."""
    width = len(table.measures)
    part, whole = table.measures.index(rule.part), table.measures.index(rule.whole)
    rest = table.values[whole::width] - table.values[part::width]
    lowest = 0 if zeros == "suppressed" else 1
    hit = np.zeros(len(table.values), bool)
    hit[part::width] = (rest >= lowest) & (rest < rule.threshold) & (table.values[part::width] > 0)
    return doubt(hit, max(2, rule.threshold - lowest))


def complement_unfit(rule: Complement, table: Table) -> list[Problem]:
    """Needs both measures, as counts."""
    if {rule.part, rule.whole} <= set(table.measures) and rule.part != rule.whole and not table.magnitude:
        return []
    return [
        misfit(
            rule.kind,
            "cần hai chỉ tiêu đếm của bảng.",
            "needs two counts of the table.",
            Text("Dùng tên các cột số đếm của bảng.", "Use the names of count columns of the table."),
        )
    ]


def manual(rule: Manual, table: Table, zeros: Zeros) -> Verdict:
    """Cells that were declared sensitive."""
    hit = np.zeros(len(table.values), bool) if table.marks is None else table.marks.sensitive
    if not table.magnitude:
        return doubt(hit, rule.need)
    level = np.where(hit, percent(size(table), rule.share), 0)
    return Verdict(hit, 1, level, level)


def manual_unfit(rule: Manual, table: Table) -> list[Problem]:
    """Fits every table: it may have no such cell."""
    return []
