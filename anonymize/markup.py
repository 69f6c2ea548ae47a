"""Frames as plain accessible HTML tables, in both languages, escaped, asking nothing of the network."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

import polars as pl

from anonymize.errors import Text

ROWS = 200
"""A page shows this many rows; the frame holds them all."""


def heading(title: Text, level: int = 3) -> str:
    """A heading in both languages."""
    return f"<h{level}>{both(title)}</h{level}>"


def paragraph(text: Text) -> str:
    """A paragraph in both languages."""
    return f"<p>{both(text)}</p>"


def both(text: Text) -> str:
    """One sentence in both languages, each marked with its own, so that a screen reader speaks it right."""
    return f'<span lang="vi">{escape(text.vi)}</span> <span lang="en">({escape(text.en)})</span>'


def table(frame: pl.DataFrame, headings: Mapping[str, Text], *, caption: Text) -> str:
    """A table with a caption and a scope for every header; numbers as Vietnamese readers write them.

    Args:
        frame: The rows, in the order to be shown; beyond the first 200 only their number is told.
        headings: Column -> heading; a column without one is headed by its name.
        caption: What the table shows.
    """
    right = {name for name, kind in frame.schema.items() if kind.is_numeric()}
    columns = "".join(_header(headings.get(name, Text(name, name)), name in right) for name in frame.columns)
    rows = "".join(_row(row, frame.columns, right) for row in frame.head(ROWS).iter_rows())
    more = frame.height - ROWS
    rest = paragraph(Text(f"và {more} dòng nữa.", f"and {more} more rows.")) if more > 0 else ""
    return (
        f"<table><caption>{both(caption)}</caption><thead><tr>{columns}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{rest}"
    )


def cell(value: object) -> str:
    """A value as text: 12.345, 0,125, có/không (yes/no), an en dash for nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return "có (yes)" if value else "không (no)"
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    if isinstance(value, float):
        return _decimal(value)
    return escape(str(value))


def _decimal(value: float) -> str:
    if math.isinf(value):
        return "∞"
    if value == int(value) and abs(value) < 1e15:
        return cell(int(value))
    shown = f"{value:,.3f}" if abs(value) >= 0.001 else f"{value:.2g}"
    return shown.translate(str.maketrans(",.", ".,"))


def _header(text: Text, right: bool) -> str:
    return f'<th scope="col"{_style(right)}>{both(text)}</th>'


def _row(row: Sequence[object], names: Sequence[str], right: set[str]) -> str:
    cells = [
        f"<td{_style(name in right)}{_language(name)}>{cell(value)}</td>"
        for name, value in zip(names, row, strict=True)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _style(right: bool) -> str:
    return f' style="padding:.2em .6em;text-align:{"right" if right else "left"}"'


def _language(name: str) -> str:
    """Columns in one language end in `_vi` or `_en`."""
    return f' lang="{name[-2:]}"' if name.endswith(("_vi", "_en")) else ""
