"""The pages on which a reader filters, charts and downloads a released table, in the browser alone.

Each page reads the release's own Parquet file. From a server it fetches that file; in a folder, where a page may fetch
nothing, the same bytes stand beside it as a script. The program is one file for the whole site.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import catalog
from opendata.templating import text

DATA = "data.parquet"
EMBEDDED = 2_000_000  # bytes of Parquet that also stand as a script; two million rows open in about a second
_PARTS = ("words", "table", "filters", "chart", "page")


def explorable(edition: catalog.Edition) -> bool:
    """Whether a version has a page: figures by coded dimensions. Registers have theirs, with every row on it."""
    dimensions = [column for column in edition.columns if column.role == "dimension"]
    coded = all(column.codelist is not None for column in dimensions)
    return coded and bool(dimensions) and bool(_measures(edition)) and _file(edition) is not None


def facts(edition: catalog.Edition) -> dict[str, Any]:
    """What the page of a version shows around the table.

    Args:
        edition: The version, as it was released: files by their names alone.
    """
    return {
        "title": edition.entry.title,
        "version": edition.version,
        "measures": _measures(edition),
        "facts": json.dumps(_facts(edition), ensure_ascii=False, separators=(",", ":")).replace(
            "<", "\\u003c"
        ),
        "scripts": list(programs()),
        "explorer_style": text("site/explore/explore.css"),
    }


def embedded(edition: catalog.Edition) -> str | None:
    """Where the bytes of the table stand as a script, from the page; None when they are too many."""
    file = _file(edition)
    return f"{edition.version}.data.js" if file is not None and file.size <= EMBEDDED else None


def script(data: bytes) -> str:
    """The bytes of a table as a script: the only way in which a page in a folder can read a file beside it."""
    return f'globalThis.embedded="{base64.b64encode(data).decode()}";\n'


@cache
def programs() -> dict[str, str]:
    """The scripts of these pages by their paths in the site, the vendored reader of Parquet first.

    Their names change with their content, so that no browser runs an old one from its cache with a new page.
    """
    reader = (resources.files("opendata.site") / "vendor" / "parquet.js").read_text(encoding="utf-8")
    parts = "".join(text(f"site/explore/{part}.js") for part in _PARTS)
    own = f'"use strict";\n(() => {{\n{parts}}})();\n'
    return {
        f"assets/{name}-{_digest(made)}.js": made for name, made in (("parquet", reader), ("explore", own))
    }


def _digest(made: str) -> str:
    return hashlib.sha256(made.encode()).hexdigest()[:12]


def _file(edition: catalog.Edition) -> catalog.File | None:
    return next((file for file in edition.files if Path(file.name).name == DATA), None)


def _measures(edition: catalog.Edition) -> list[catalog.Column]:
    explained = {column.of for column in edition.columns if column.role == "status"}
    shown = [column for column in edition.columns if column.role in ("measure", "rate")]
    return [column for column in shown if column.name in explained]


def _facts(edition: catalog.Edition) -> dict[str, Any]:
    """What the program must know: where the data are, the columns, the codes."""
    file = _file(edition)
    if file is None:
        raise ValueError("no table")
    data = {"url": f"{edition.version}/{DATA}", "size": file.size, "sha256": file.sha256}
    return {
        "data": data | {"embedded": embedded(edition)},
        "download": f"{edition.id}-{edition.version}.csv",
        "header": [column.name for column in edition.columns],
        "dimensions": [_dimension(column) for column in edition.columns if column.role == "dimension"],
        "measures": [_measure(column) for column in _measures(edition)],
        "statuses": {code.code: _pair(code.labels) for code in catalog.builtin("obs-status").codes},
    }


def _measure(column: catalog.Column) -> dict[str, Any]:
    """A measure, or a rate with its decimals."""
    named = {"name": column.name, "label": _pair(column.labels), "unit": _pair(column.unit or column.labels)}
    return named if column.decimals is None else named | {"decimals": column.decimals}


def _dimension(column: catalog.Column) -> dict[str, Any]:
    codes = column.codelist.codes if column.codelist else ()
    places = {code.code: place for place, code in enumerate(codes)}
    listed = [
        [code.code, places.get(code.parent or "", -1), code.labels.vi, code.labels.en] for code in codes
    ]
    time = column.codelist is not None and column.codelist.id == "months"
    return {"name": column.name, "label": _pair(column.labels), "time": time, "codes": listed}


def _pair(labels: catalog.Labels) -> dict[str, str]:
    return {"vi": labels.vi, "en": labels.en}
