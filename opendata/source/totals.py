"""The totals that a cross table writes beside its figures, compared with the sums of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from opendata.source.grid import value_at
from opendata.source.headers import Page
from opendata.source.labels import is_total


def compare(page: Page, label_column: int, rows: Iterable[int], columns: Iterable[int]) -> None:
    """Note in the page's tally for each figure of the row of totals whether it is the sum of the rows that were read.

    A table with several such rows has totals of parts, and nothing says of which: it is not compared. Neither is a
    column with a cell that is no whole number.

    Args:
        page: The sheet.
        label_column: The column of labels.
        rows: The rows that were read.
        columns: The columns of figures.
    """
    labels = ((r, value_at(page.sheet, r, label_column)) for r in range(len(page.sheet.cells)))
    totals = [r for r, label in labels if isinstance(label, str) and is_total(label)]
    if len(totals) != 1:
        return
    read = list(rows)
    for c in columns:
        cells = [value_at(page.sheet, r, c) for r in chain(totals, read)]
        if all(cell is None or (isinstance(cell, float) and cell.is_integer()) for cell in cells):
            total, *parts = (cell if isinstance(cell, float) else 0.0 for cell in cells)
            page.tally.totals.append(total == sum(parts))
