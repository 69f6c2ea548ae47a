"""A map of areas whose boundaries the publisher supplies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import altair as alt
import polars as pl

from catalog.errors import Text
from opendata.charts import boundaries as outlines
from opendata.charts import marks
from opendata.charts.cells import Row, released, statuses
from opendata.charts.classes import classed, colour, figures
from opendata.charts.theme import HIDDEN, PAPER, RULE, dressed
from opendata.charts.wording import Options, Wording, describe, wording_for

WIDTH, TALLEST, SYMBOL = 440, 720, 13
CODE = "code"  # the property of the boundaries that holds an area's code
KIND = Text("Bản đồ vùng", "Map of areas")
_COLOURS = {"Q": HIDDEN, "O": PAPER}


def area_map(
    data: pl.DataFrame, area: str, measure: str, *, boundaries: Mapping[str, Any], **options: Unpack[Options]
) -> alt.LayerChart:
    """Areas coloured by class on the boundaries of a GeoJSON file.

    Args:
        data: Released rows, one per area, without totals.
        area: The column of areas.
        measure: The measure's column; better a rate than a count: a large area is not a large number.
        boundaries: A FeatureCollection as `json.load` gives it, in longitude and latitude, with each area's code in
            the property "code". Its other properties are left behind.
        **options: `title`, `subtitle`, `lists`, `language`, `decimals`: see `Options`.

    Returns:
        The map (Mercator). A suppressed area is grey with a hatched symbol, a missing one empty with a dash.

    Raises:
        ChartError: When the data are not released data, or the boundaries are not those of the data's codes.
    """
    wording = wording_for(data, measure, **options)
    rows, labels = classed(released(data, measure, {"area": area}, wording), wording)
    areas = outlines.read(boundaries, CODE, [row["area_code"] for row in rows])
    width, height = _size(outlines.shape(areas))
    placed = [
        {**row, "longitude": found.inside[0], "latitude": found.inside[1]}
        for row, found in zip(rows, areas, strict=True)
    ]
    chart = marks.layered(
        *_areas(rows, areas, labels, width),
        *_symbols(),
        *marks.legend(statuses(rows), wording, width),
        data=marks.cells(placed),
        width=width,
        height=height,
        projection=alt.Projection(type="mercator"),
    )
    return dressed(chart, wording, describe(KIND, statuses(rows), wording, extent=_extent(rows, wording)))


def _size(ratio: float) -> tuple[int, int]:
    """The chart's width and height for areas of this height over width."""
    if WIDTH * ratio > TALLEST:
        return max(160, round(TALLEST / ratio)), TALLEST
    return WIDTH, max(120, round(WIDTH * ratio))


def _areas(
    rows: Sequence[Row], areas: Sequence[outlines.Area], labels: Sequence[str], width: int
) -> list[alt.Chart]:
    """One layer for areas with a number and one for each reason not to have one."""
    kept = ("class", "status", "say")
    features = [
        {"type": "Feature", "geometry": outlines.geometry(found), **{k: row[k] for k in kept if k in row}}
        for row, found in zip(rows, areas, strict=True)
    ]
    data = alt.InlineData(values=features, name="outlines")
    said = marks.said()
    layers = [
        alt.Chart(data, name="cells")
        .mark_geoshape(stroke=PAPER, strokeWidth=0.8)
        .transform_filter(marks.where("A", *marks.REMARKED))
        .encode(color=colour(labels, width), **said)
    ]
    for status, fill in _COLOURS.items():
        shape = alt.Chart(data, name=f"area_{status}").mark_geoshape(fill=fill, stroke=RULE, strokeWidth=0.8)
        layers.append(shape.transform_filter(marks.where(status)).encode(**said))
    return layers


def _symbols() -> list[alt.Chart]:
    """What stands within an area: the hatch or the dash, a zero, a remark."""
    channels = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    zero = alt.Chart(name="zero").mark_text(fontSize=10, aria=False)
    return [
        *marks.gaps(SYMBOL, SYMBOL, channels),
        zero.transform_filter("datum.value === 0").encode(**channels, text="shown:N", color=figures()),
        *marks.remarks(channels),
    ]


def _extent(rows: Sequence[Row], wording: Wording) -> str:
    return f"{len(rows)} {wording.text(Text('vùng', 'areas'))}"
