"""The table for a page, by Great Tables: HTML that asks nothing of the network, the same bytes for the same table."""

from __future__ import annotations

import hashlib
from html import escape
from typing import TYPE_CHECKING

import polars as pl

from catalog.errors import Problem, Text
from opendata.charts.fonts import STACK
from opendata.tables.layout import Cell, PublicationTable, TableError, beneath, is_total, spans

if TYPE_CHECKING:
    from great_tables import GT

_STUB = "stub"
_DEEPEST = 2  # Great Tables knows five steps of 5 pixels; two of them to a level


def great_table(table: PublicationTable) -> GT:
    """The table as Great Tables shows it, to be shown in a notebook or styled further.

    Args:
        table: From `publication_table`.

    Returns:
        A `great_tables.GT`; `.as_raw_html()` gives the page's part.

    Raises:
        TableError: When the extra `lab`, which holds Great Tables, is not installed.
    """
    try:
        from great_tables import GT, html, loc, style
    except ImportError:
        raise TableError([Problem("great_tables", _NO_EXTRA, _INSTALL)]) from None
    names = [f"c{number}" for number in range(len(table.heads))]
    made = GT(_frame(table, names), rowname_col=_STUB, id=_identifier(table))
    made = made.fmt_passthrough(columns=names, escape=False).cols_align("right", columns=names)
    made = made.cols_label({name: head.label for name, head in zip(names, table.heads, strict=True)})
    for over, below in spans(table):
        made = made.tab_spanner(over, columns=[names[n] for n in below], id=f"over-{below[0]}")
    for depth in {min(_DEEPEST, line.depth) for line in table.lines}:
        rows = [n for n, line in enumerate(table.lines) if min(_DEEPEST, line.depth) == depth]
        made = made.tab_stub_indent(rows=rows, indent=2 * depth)
    totals = [number for number, line in enumerate(table.lines) if is_total(table, number)]
    made = made.tab_style(style.text(weight="bold"), [loc.body(rows=totals), loc.stub(rows=totals)])
    made = made.tab_header(title=table.title, subtitle=table.subtitle or None).tab_stubhead(table.stub)
    for note in beneath(table):
        made = made.tab_source_note(html(escape(note)))
    made = made.opt_vertical_padding(0.5)
    return made.tab_options(table_font_names=[name.strip(" '\"") for name in STACK.split(",")])


def _frame(table: PublicationTable, names: list[str]) -> pl.DataFrame:
    columns = {_STUB: [line.label for line in table.lines]}
    for number, name in enumerate(names):
        columns[name] = [_html(line.cells[number]) for line in table.lines]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _html(cell: Cell) -> str:
    """The cell; a mark says in words what it stands for, and stands before the number, so that digits stay aligned."""
    if cell.value is None:
        return f'<span role="img" aria-label="{escape(cell.said)}" title="{escape(cell.said)}">{cell.shown}</span>'
    flag = (
        f'<sup title="{escape(cell.said)}" style="line-height: 0">{cell.flag}</sup>\N{NO-BREAK SPACE}'
        if cell.flag
        else ""
    )
    return flag + escape(cell.shown)


def _identifier(table: PublicationTable) -> str:
    """An id that only this table has, so that its style touches no other on the page."""
    return "t" + hashlib.sha256(repr((table.title, table.heads, table.lines)).encode()).hexdigest()[:10]


_NO_EXTRA = Text("chưa cài phần mở rộng “lab”.", "the extra “lab” is not installed.")
_INSTALL = Text("Chạy: pip install 'ytemo[lab]'.", "Run: pip install 'ytemo[lab]'.")
