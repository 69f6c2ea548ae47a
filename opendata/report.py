"""report.html: one self-contained page about a release, in both languages, that asks nothing of the network."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

import jinja2
import polars as pl

import catalog
from opendata import charts
from opendata.quality import suppression
from opendata.spec import CalendarDimension, Spec


def render(spec: Spec, version: str, data: pl.DataFrame, facts: Mapping[str, Any]) -> str:
    """The page.

    Args:
        spec: The dataset's spec.
        version: The release's version.
        data: The published table.
        facts: `columns`, `lists` (code lists by dimension), `policy`, `legal_basis`, `licence` (bilingual texts),
            `conditions` (points of Article 9(2)) and `repairs` (what was mended in the source).

    Returns:
        HTML without a script and without an external address.
    """
    text = (resources.files("opendata") / "templates" / "report.html").read_text(encoding="utf-8")
    template = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    ).from_string(text)
    title, chart = _chart(spec, data, facts["lists"])
    return template.render(
        entry=spec.entry,
        version=version,
        chart=chart,
        chart_title=title,
        suppression=_suppression(spec, data),
        **{
            key: facts[key]
            for key in ("columns", "policy", "legal_basis", "licence", "conditions", "repairs")
        },
    )


def _suppression(spec: Spec, data: pl.DataFrame) -> list[dict[str, object]]:
    """How much is hidden per measure, with numbers as Vietnamese readers write them."""
    return [
        {
            "label": spec.table.measures[row.measure].label,
            "cells": f"{row.cells:,}".replace(",", "."),
            "suppressed": f"{row.suppressed:,}".replace(",", "."),
            "percent": f"{100 * row.share:.1f}".replace(".", ","),
        }
        for row in suppression(data, list(spec.table.measures))
    ]


def _chart(spec: Spec, data: pl.DataFrame, lists: Mapping[str, catalog.CodeList]) -> tuple[str, str]:
    """The first measure over time, all other dimensions at their totals; empty without a calendar."""
    found = _headline(spec, data, lists)
    if found is None:
        return "", ""
    rows, time = found
    measure = next(iter(spec.table.measures))
    label = spec.table.measures[measure]
    totals = [_total(codes).labels.vi for name, codes in lists.items() if name != time]
    chart = charts.time_series(
        rows,
        time,
        measure,
        title=f"{label.label.vi}: {spec.entry.title.vi}",
        subtitle=", ".join([*totals, label.unit.vi]),
    )
    return f"{label.label.vi}: {spec.entry.title.vi}", charts.svg(chart)


def _headline(
    spec: Spec, data: pl.DataFrame, lists: Mapping[str, catalog.CodeList]
) -> tuple[pl.DataFrame, str] | None:
    """The rows of the shortest periods at the totals of all other dimensions, and the name of the time column.

    Returns:
        None when the dataset has no calendar.
    """
    time = next(
        (name for name, dim in spec.table.dimensions.items() if isinstance(dim, CalendarDimension)), None
    )
    if time is None:
        return None
    leaves = [code.code for code in catalog.leaves(lists[time])]
    rows = data.filter(
        pl.col(time).is_in(leaves),
        *(pl.col(name) == _total(codes).code for name, codes in lists.items() if name != time),
    )
    return rows, time


def _total(codes: catalog.CodeList) -> catalog.Code:
    """The code that stands for everything."""
    return next(code for code in codes.codes if code.parent is None)
