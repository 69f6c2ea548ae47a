"""Numbers in up to five classes, each a colour of its own: what a map or a heat map shows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import floor, log10
from typing import Any

import altair as alt

from catalog.errors import Text
from opendata.charts.cells import Row
from opendata.charts.theme import LAST_LIGHT, LOW_TO_HIGH, PAPER
from opendata.charts.wording import Wording


def classed(rows: Sequence[Row], wording: Wording) -> tuple[list[Row], list[str]]:
    """The rows with `class` (its label) and `dark` (whether its colour is), and the classes from low to high.

    The bounds are the quintiles of the published numbers, rounded to two digits. Where zero is the lowest it is a class
    of its own, and the bounds are the quartiles of the others. A number counts as it is shown, with its decimals: what
    reads alike is in one class. A cell without a number is in none.
    """
    values = sorted(wording.rounded(row["value"]) for row in rows if row["value"] is not None)
    bounds = _bounds(values, wording)
    labels = _labels(values, bounds, wording)
    last = len(LOW_TO_HIGH) - 1
    places = [round(place * last / max(len(labels) - 1, 1)) for place in range(len(labels))]

    def row_of(row: Row) -> Row:
        if row["value"] is None:
            return row
        place = bisect_right(bounds, wording.rounded(row["value"]))
        return {**row, "class": labels[place], "dark": places[place] > LAST_LIGHT}

    return [row_of(row) for row in rows], labels


def colour(labels: Sequence[str], width: float) -> alt.Color:
    """The fill of a cell by its class; the legend is as wide as the chart.

    Where every cell is hidden there is no class and no legend: the renderer gives an empty one an infinite size.
    """
    last = len(LOW_TO_HIGH) - 1
    colours = [LOW_TO_HIGH[round(place * last / max(len(labels) - 1, 1))] for place in range(len(labels))]
    room = max((len(label) for label in labels), default=1) * 6 + 34
    legend = alt.Legend(orient="top", symbolType="square", symbolSize=170, columns=max(1, int(width // room)))
    scale = alt.Scale(domain=list(labels), range=colours)
    return alt.Color("class:N", title=None, scale=scale, legend=legend if labels else None)


def figures() -> Any:
    """The colour of a number on its cell: black on the light classes, white on the dark."""
    return alt.condition("datum.dark", alt.value(PAPER), alt.value("#000000"))


def _bounds(values: Sequence[float], wording: Wording) -> list[float]:
    """Where a class ends and the next begins; every class holds at least one number."""
    if not values:
        return []
    parts, positive = len(LOW_TO_HIGH), [value for value in values if value > 0]
    if values[0] != 0 or not positive:
        return _quantiles(values, parts, wording)
    return [positive[0], *_quantiles(positive, parts - 1, wording)]


def _quantiles(values: Sequence[float], parts: int, wording: Wording) -> list[float]:
    """Rounded bounds between sorted numbers, each with a number below it that no lower bound has."""
    cuts = [values[len(values) * part // parts] for part in range(1, parts)]
    wanted = sorted({wording.rounded(_rounded(cut)) for cut in cuts})
    kept: list[float] = []
    for bound in wanted:
        below = kept[-1] if kept else values[0]
        if any(below <= value < bound for value in values) and bound <= values[-1]:
            kept.append(bound)
    return kept


def _rounded(value: float) -> float:
    """Two significant digits."""
    if not value:
        return value
    digits = 1 - floor(log10(abs(value)))
    return round(value, digits) if digits > 0 or isinstance(value, int) else float(round(value, digits))


def _labels(values: Sequence[float], bounds: Sequence[float], wording: Wording) -> list[str]:
    """What the legend says: "0 – 119" for whole numbers, "0,5 đến dưới 1,5" for others."""
    if not values:
        return []
    if not bounds:
        return [_span(values[0], values[-1], wording)]
    edges = [values[0], *bounds]
    inner = [_between(low, high, wording) for low, high in pairwise(edges)]
    if values[0] == 0:
        inner[0] = wording.number(0)
    return [*inner, _span(edges[-1], values[-1], wording)]


def _between(low: float, high: float, wording: Wording) -> str:
    """A class up to the next one."""
    if isinstance(low, int) and isinstance(high, int):
        return _span(low, high - 1, wording)
    return f"{wording.number(low)} {wording.text(Text('đến dưới', 'to under'))} {wording.number(high)}"


def _span(low: float, high: float, wording: Wording) -> str:
    first, last = wording.number(low), wording.number(high)
    return first if first == last else f"{first} – {last}"
