"""Rules that count: people in a cell, contributors to a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from anonymize.errors import Problem, Text
from anonymize.rules.verdict import Parameters, Percent, Verdict, Zeros, doubt, misfit, percent, size

if TYPE_CHECKING:
    from anonymize.table import Table


class SmallCount(Parameters):
    """Minimum frequency: a count above zero and below the threshold is sensitive.

    Source: Handbook on Statistical Disclosure Control, chapter 4.2 (threshold rule).

    Attributes:
        kind: The name of the rule in a dataset spec.
        threshold: The smallest count that is not sensitive; 5 hides 1 to 4.
    """

    kind: Literal["small_count"] = "small_count"
    threshold: Annotated[int, Field(ge=2, le=1000)]


class MinContributors(Parameters):
    """Minimum number of contributors: a cell that fewer contribute to is sensitive.

    Source: Handbook on Statistical Disclosure Control, chapter 4.2 (minimum frequency rule); its protection level is a
    declared percentage of the cell, as in tau-ARGUS.

    Attributes:
        kind: The name of the rule in a dataset spec.
        number: The smallest number of contributors that is not sensitive; 3 hides cells of 1 and 2.
        share: Protection level on both sides, in percent of the cell.
    """

    kind: Literal["min_contributors"] = "min_contributors"
    number: Annotated[int, Field(ge=2, le=100)]
    share: Percent = 10.0


def small(threshold: int, zeros: Zeros) -> tuple[int, int]:
    """The smallest count that is sensitive under a threshold, and how many whole numbers must remain possible.

    A reader knows that a hidden count is at least 1 when zeros are published: 1 to T-1 remain, else 0 to T-1.
    """
    lowest = 0 if zeros == "suppressed" else 1
    return lowest, max(2, threshold - lowest)


def small_count(rule: SmallCount, table: Table, zeros: Zeros) -> Verdict:
    """Counts from 1 (from 0 where the policy suppresses zeros) to below the threshold."""
    lowest, need = small(rule.threshold, zeros)
    hit = (table.values >= lowest) & (table.values < rule.threshold)
    return doubt(hit, need)


def small_count_unfit(rule: SmallCount, table: Table) -> list[Problem]:
    """Amounts are not people."""
    if not table.magnitude:
        return []
    return [
        misfit(
            rule.kind,
            "chỉ dùng cho bảng đếm.",
            "is for tables of counts.",
            Text("Dùng min_contributors hoặc p_percent.", "Use min_contributors or p_percent."),
        )
    ]


def min_contributors(rule: MinContributors, table: Table, zeros: Zeros) -> Verdict:
    """Cells with somebody in them and fewer contributors than declared."""
    assert table.contributions is not None
    count = table.contributions.count
    hit = (count > 0) & (count < rule.number)
    level = np.where(hit, percent(size(table), rule.share), 0)
    return Verdict(hit, 1 if table.magnitude else 2, level, level)


def min_contributors_unfit(rule: MinContributors, table: Table) -> list[Problem]:
    """Needs to know how many contribute."""
    if table.contributions is not None and (table.contributions.count >= 0).all():
        return []
    return [
        misfit(
            rule.kind,
            "cần số đơn vị đóng góp của mỗi ô.",
            "needs the number of contributors of each cell.",
            Text(
                "Khai báo contributor= (hoặc columns.contributors) khi lập bảng.",
                "Declare contributor= (or columns.contributors) when the table is made.",
            ),
        )
    ]
