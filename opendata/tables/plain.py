"""The table as plain text, for terminals and for notebooks that show no HTML: every cell, mark and note."""

from __future__ import annotations

from opendata.tables.layout import Cell, PublicationTable, beneath


def written(table: PublicationTable) -> str:
    """The table as lines, numbers beneath each other."""
    over = ["", *(head.over for head in table.heads)]
    rows = [[table.stub, *(head.label for head in table.heads)]]
    rows += [["  " * line.depth + line.label, *(_text(cell) for cell in line.cells)] for line in table.lines]
    grid = [over, *rows] if any(over) else rows
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in grid
    ]
    return "\n".join([*filter(None, (table.title, table.subtitle)), *lines, *beneath(table)])


def _text(cell: Cell) -> str:
    return f"{cell.flag} {cell.shown}" if cell.flag else cell.shown
