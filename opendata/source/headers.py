"""The header of a sheet: what stands above each column, and which columns are left out or unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

from opendata.source.grid import Sheet, address, heading, letter, value_at, width
from opendata.source.labels import tidy
from opendata.source.repairs import DropColumns, normalise
from opendata.source.section import Header
from opendata.source.tally import Tally, matching, note

Fault3 = tuple[str, str, str]  # kind, detail, address


@dataclass(slots=True)
class Page:
    """One sheet on its way to records.

    Attributes:
        path: File.
        sheet: The sheet under its declared name, texts decoded.
        tally: Account of repairs.
        faults: Mistakes so far.
    """

    path: str
    sheet: Sheet
    tally: Tally
    faults: list[Fault3] = field(default_factory=list)


def header_of(sheet: Sheet, header: Header) -> list[tuple[str, ...]]:
    """For each column, the texts of its header rows from top to bottom, merged cells filled."""
    rows = range(header.first - 1, header.last)
    grid = {(r, c): heading(value_at(sheet, r, c)) for r in rows for c in range(width(sheet))}
    for top, left, bottom, right in sheet.merged:
        for r, c in product(range(top, bottom + 1), range(left, right + 1)):
            if (r, c) in grid:
                grid[r, c] = grid.get((top, left), "")
    if header.fill == "right":
        _fill_right(grid, header, width(sheet))
    return [tuple(tidy(grid[r, c]) for r in rows) for c in range(width(sheet))]


def _fill_right(grid: dict[tuple[int, int], str], header: Header, columns: int) -> None:
    """Carry upper headings to the right, but not over a column that has nothing in the last header row."""
    for r, c in product(range(header.first - 1, header.last - 1), range(1, columns)):
        if not grid[r, c] and grid[header.last - 1, c]:
            grid[r, c] = grid[r, c - 1]


def dropped_columns(page: Page, headings: list[tuple[str, ...]]) -> set[int]:
    """The columns that declared repairs leave out; a letter for a column with a heading is a fault."""
    dropped: set[int] = set()
    for index, repair in matching(page.tally, DropColumns, page.path, page.sheet.name):
        for c, texts in enumerate(headings):
            item = next((h for h in repair.headers if _is_heading(h, texts)), None)
            if item is None and letter(c) in repair.letters and _first(page.sheet, c, 0) is not None:
                item = letter(c)
                if any(texts):
                    page.faults.append(("headed_letter", "", letter(c)))
            if item is not None:
                note(page.tally, index, (page.path, page.sheet.name, letter(c)), item)
                dropped.add(c)
    return dropped


def _is_heading(declared: str, texts: tuple[str, ...]) -> bool:
    """Whether a declared heading is the whole heading of a column ("a / b" over two rows)."""
    whole = " / ".join(dict.fromkeys(t for t in texts if t))
    return normalise(declared) == normalise(whole)


def unexpected(page: Page, texts: tuple[str, ...], column: int, top: int) -> None:
    """Report a column that nothing declares: with a heading, or with cells from the row `top` on."""
    first = _first(page.sheet, column, top)
    if any(texts):
        page.faults.append(("unknown_column", "", letter(column)))
    elif first is not None:
        page.faults.append(("unheaded_column", "", address(first, column)))


def _first(sheet: Sheet, column: int, top: int) -> int | None:
    """The first row from `top` on that holds something in this column."""
    return next((r for r in range(top, len(sheet.cells)) if value_at(sheet, r, column) is not None), None)
