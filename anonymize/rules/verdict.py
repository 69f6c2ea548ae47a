"""What a rule says about the cells of a table, and what all rules share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from anonymize.errors import Problem, Text

if TYPE_CHECKING:
    from anonymize.table import Table

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]
Vector = NDArray[np.float64]
Zeros = Literal["published", "suppressed"]
Percent = Annotated[float, Field(gt=0, lt=100)]


class Parameters(BaseModel):
    """What every rule may declare; unknown parameters are errors.

    Attributes:
        lpl: Lower protection level in percent of the cell, instead of the rule's own.
        upl: Upper protection level in percent of the cell, instead of the rule's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    lpl: Annotated[float, Field(ge=0, le=100)] | None = None
    upl: Annotated[float, Field(ge=0, le=1000)] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One entry per row of `Table.cells`.

    Attributes:
        sensitive: The cells the rule calls sensitive.
        need: How many whole numbers an attacker must be left with for such a cell.
        below: Lower protection level in the unit of `Table.values`: how far below the value the interval must reach.
        above: Likewise the upper protection level.
    """

    sensitive: Mask
    need: int
    below: Index
    above: Index


def doubt(sensitive: Mask, need: int) -> Verdict:
    """Sensitive counts of which an attacker must not tell `need` whole numbers apart."""
    nothing = np.zeros(len(sensitive), np.int64)
    return Verdict(sensitive, need, nothing, nothing)


def percent(size: Index, share: float) -> Index:
    """This many percent of the cells, rounded up."""
    # The little that floating point may add must not round 10% of 70 up to 8.
    return np.asarray(np.ceil(size * (share / 100) * (1 - 1e-12)), np.int64)


def size(table: Table) -> Index:
    """What percentages are taken of: the sum of the absolute contributions, or the value without its sign."""
    return np.asarray(np.abs(table.values) if table.contributions is None else table.contributions.size)


def largest(table: Table, number: int) -> Index:
    """The `number` largest contributions of each cell, rows x number; `unfit` has made sure that they are known."""
    assert table.contributions is not None
    return np.asarray(table.contributions.largest[:, :number])


def misfit(kind: str, vi: str, en: str, remedy: Text) -> Problem:
    """A rule that cannot be applied to a table."""
    return Problem(f"protection.rules: {kind}", Text(vi, en), remedy)


def needs_largest(table: Table, kind: str, number: int) -> list[Problem]:
    """Refuses a rule of concentration where the largest contributions are not known."""
    if table.contributions is not None and table.contributions.kept >= number:
        return []
    return [
        misfit(
            kind,
            f"cần {number} đóng góp lớn nhất của mỗi ô.",
            f"needs the {number} largest contributions of each cell.",
            Text(
                "Khai báo contributor= (hoặc columns.largest) khi lập bảng.",
                "Declare contributor= (or columns.largest) when the table is made.",
            ),
        )
    ]
