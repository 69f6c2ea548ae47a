"""Numbers, days and points of the law as readers of each language write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from catalog import Labels
from catalog.errors import Text
from catalog.quality import DIMENSIONS, Measurement, by_dimension, metrics

if TYPE_CHECKING:
    from opendata.quality import Suppression


def point(name: str) -> Text:
    """A point of an article: "9.2.a" is "điểm a khoản 2 Điều 9", Article 9(2)(a)."""
    article, clause, letter = name.split(".")
    return Text(f"điểm {letter} khoản {clause} Điều {article}", f"Article {article}({clause})({letter})")


def day(value: date) -> Text:
    """A day: 02/02/2026 in Vietnamese, 2026-02-02 in English."""
    return Text(f"{value:%d/%m/}{value.year:04}", value.isoformat())


def count(value: int) -> Text:
    """A whole number with its thousands apart."""
    return Text(f"{value:,}".replace(",", "."), f"{value:,}")


def percent(share: float) -> Text:
    """A share of 0 to 1 in percent, one decimal, without the sign."""
    return decimal(100 * share)


def decimal(value: float) -> Text:
    """A number with one decimal."""
    return Text(f"{value:.1f}".replace(".", ","), f"{value:.1f}")


def suppressed(found: Iterable[Suppression], labels: Mapping[str, Labels]) -> list[dict[str, object]]:
    """How much is hidden per measure, as the rows of a page's table: label, cells, suppressed, percent."""
    return [
        {
            "label": labels[row.measure],
            "cells": count(row.cells),
            "suppressed": count(row.suppressed),
            "percent": percent(row.share),
        }
        for row in found
    ]


def quality(measured: Sequence[Measurement]) -> list[dict[str, object]]:
    """What was measured, as the rows of a page's table: one per dimension, then its metrics.

    Returns:
        Rows with label, percent and definition (None for a dimension).
    """
    rows: list[dict[str, object]] = []
    for dimension, share in by_dimension(measured).items():
        rows.append({"label": DIMENSIONS[dimension], "percent": percent(share), "definition": None})
        for one in measured:
            metric = metrics()[one.metric]
            if metric.dimension == dimension:
                shown = {"label": metric.labels, "percent": percent(one.value)}
                rows.append({**shown, "definition": metric.definition})
    return rows


def size(given: int) -> Text:
    """A file's size in units of 1024 bytes."""
    value, unit = float(given), "B"
    for larger in ("KB", "MB", "GB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    shown = f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
    return Text(shown.replace(".", ","), shown)
