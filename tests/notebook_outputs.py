"""Hidden values in the outputs of a notebook: in the data of charts, in tables, in rows that were printed.

Releases, charts and tables refuse them already; a notebook could still show a frame from before suppression.
"""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

HIDES = ("Q", "O", "suppressed")  # statuses beside which no number stands
COUNTS = {"value", "cases", "deaths", "visits"}  # measures of the examples, and that of confidential cells
SMALL = (
    "1",
    "2",
    "3",
    "4",
)  # counts that no release of the examples holds, as each of them hides those below 5
_PRINTED = re.compile(r"\{[^{}]*\}")
Row = dict[str, Any]


def leaks(output: dict[str, Any]) -> list[str]:
    """What in one output shows a hidden value: one line per row, without the value."""
    data = output.get("data", {"text/plain": output.get("text", "")})
    found = [row for kind, content in data.items() for row in _rows(kind, content)]
    return [problem for row in found for problem in _wrong(row)]


def _wrong(row: Row) -> Iterator[str]:
    for name, status in row.items():
        if status in HIDES and (name == "status" or name.endswith("_status")):
            measure = "value" if name == "status" else name.removesuffix("_status")
            if row.get(measure) not in (None, "", "null"):
                yield f"a number beside {name} {status}"
    yield from (f"a small count of {name}" for name in COUNTS & row.keys() if str(row[name]) in SMALL)


def _rows(kind: str, content: Any) -> Iterator[Row]:
    """Whatever looks like a row of data, as column -> value."""
    if "vega" in kind:
        yield from _chart_rows(json.loads("".join(content)) if isinstance(content, str | list) else content)
    elif kind == "text/html":
        tables = _Tables()
        tables.feed("".join(content))
        for header, *rows in filter(None, tables.found):
            yield from (dict(zip(header, row, strict=False)) for row in rows)
    elif kind == "text/plain":
        for printed in _PRINTED.findall("".join(content)):
            try:
                value = ast.literal_eval(printed)
            except (ValueError, SyntaxError):
                continue
            if isinstance(value, dict):
                yield value


def _chart_rows(chart: dict[str, Any]) -> Iterator[Row]:
    """The data of a chart and of every layer of it; the rest of a specification holds numbers of its own."""
    for name, part in chart.items():
        if name == "datasets":
            yield from (row for rows in part.values() for row in rows)
        elif name == "data" and isinstance(part, dict):
            yield from part.get("values", [])
        else:
            inner = part if isinstance(part, list) else [part]
            yield from (row for one in inner if isinstance(one, dict) for row in _chart_rows(one))


class _Tables(HTMLParser):
    """The tables of a page, rows of texts; quotes as polars writes them around strings are taken off."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[list[str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "table":
            self.found.append([])
        elif tag == "tr" and self.found:
            self.found[-1].append([])
        elif tag in ("td", "th") and self.found and self.found[-1]:
            self.found[-1][-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[-1][-1][-1] += html.unescape(data).strip().strip('"')
