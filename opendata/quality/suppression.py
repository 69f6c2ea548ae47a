"""How many cells are published and how many are suppressed, per measure."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Suppression:
    """How much of one measure is hidden. Counts of cells only: a sum of hidden values would be one more equation.

    Attributes:
        measure: The measure's column.
        cells: All cells, margins included.
        suppressed: Cells whose value is hidden.
    """

    measure: str
    cells: int
    suppressed: int

    @property
    def share(self) -> float:
        """The hidden share of all cells, 0 to 1."""
        return self.suppressed / self.cells if self.cells else 0.0


def suppression(data: pl.DataFrame, measures: list[str]) -> tuple[Suppression, ...]:
    """Count what is hidden in released data, per measure."""
    return tuple(
        Suppression(measure, data.height, int((data[f"{measure}_status"] == "Q").sum()))
        for measure in measures
    )
