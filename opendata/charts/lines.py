"""Measures over time: a line that stops where there is no number and at a break in the series."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any, Unpack

import altair as alt
import polars as pl

from catalog.errors import Problem, Text
from opendata.charts import marks, periods
from opendata.charts.cells import Row, released, statuses
from opendata.charts.errors import ChartError
from opendata.charts.theme import INK, PAPER, RULE, SERIES, SHAPES, dressed
from opendata.charts.wording import HIDDEN, Options, Wording, describe, wording_for

WIDTH, HEIGHT, LANE = 680, 240, 13
SOLID, PROVISIONAL, ESTIMATED = [1, 0], [5, 3], [1.5, 2.5]
_DASHES = alt.Scale(domain=["A", "P", "E"], range=[SOLID, PROVISIONAL, ESTIMATED])
_POINTS = {"A": "published", "B": "broken", "P": "provisional", "E": "estimated"}
_LINE = "datum.part === 'line'"
KIND = Text("Biểu đồ đường", "Line chart")
PANELS = Text("Nhiều biểu đồ đường nhỏ cùng thang", "Small multiples of line charts on one scale")


def time_series(
    data: pl.DataFrame, time: str, measure: str, *, by: str | None = None, **options: Unpack[Options]
) -> alt.LayerChart:
    """One measure over time from released data.

    Args:
        data: Released rows, one per period (and series): `time`, `measure` and `<measure>_status`.
        time: The column of periods of one kind, e.g. "2016-04".
        measure: The measure's column; a hidden value is null with status Q.
        by: A column of up to six series; without it the data are one series.
        **options: `title`, `subtitle`, `lists`, `language`, `decimals`: see `Options`.

    Returns:
        A line that stops at suppressed periods (grey and hatched), at missing ones (empty, dashed) and at a break
        (a rule); it is dashed and its points are hollow where figures are provisional, dotted where estimated.
        Of several series, each has a lane above the lines for the periods in which it has no number.

    Raises:
        ChartError: When the data are not released data, or hold more series than can be told apart.
    """
    wording = wording_for(data, measure, **options)
    rows = released(data, measure, {"time": time} | ({"series": by} if by else {}), wording)
    series = list(dict.fromkeys(row["series"] for row in rows)) if by else []
    if len(series) > len(SERIES):
        raise ChartError([Problem(f"{by}: {len(series)}", _MANY, _FEWER)])
    x = _time(rows, WIDTH, wording)
    lanes = [name for name in series if any(r["series"] == name and r["status"] in HIDDEN for r in rows)]
    top = LANE * len(lanes) + 8 if lanes else 0
    scale = marks.from_zero(rows, range=[HEIGHT, top])
    y = alt.Y("value:Q", title=None, scale=scale, axis=wording.axis(6, (row["value"] for row in rows)))
    drawn = marks.layered(*_gap_layers(x, rows, lanes), *_line_layers(x, y, series, small=len(rows) > 400))
    apart = {"color": "independent", "fill": "independent", "shape": "independent"}
    chart = marks.layered(
        drawn,
        *marks.legend(statuses(rows), wording, WIDTH, rules=True),
        data=marks.cells([*_laned(rows, lanes), *_paths(rows)]),
        width=WIDTH,
        height=HEIGHT,
        resolve=alt.Resolve(scale=apart),  # the colours and shapes of series from those of statuses
    )
    return dressed(chart, wording, describe(KIND, statuses(rows), wording, extent=_extent(rows, series)))


def small_multiples(
    data: pl.DataFrame, time: str, measure: str, *, by: str, **options: Unpack[Options]
) -> alt.FacetChart:
    """One small line chart per area (disease, age group, ...), all on the same scales, in the order of the code list.

    Args:
        data: Released rows, one per period and panel.
        time: The column of periods of one kind.
        measure: The measure's column.
        by: The column whose codes are the panels.
        **options: `title`, `subtitle`, `lists`, `language`, `decimals`: see `Options`.

    Returns:
        The panels, each drawn as `time_series` draws one series.

    Raises:
        ChartError: When the data are not released data.
    """
    wording = wording_for(data, measure, **options)
    rows = released(data, measure, {"series": by, "time": time}, wording)
    panels = list(dict.fromkeys(row["series"] for row in rows))
    columns = min(len(panels), 5)
    width, height = max(110, 760 // columns - 30), 70
    n = len({row["time_code"] for row in rows})
    x = _time(rows, width, wording)
    axis = wording.axis(3, (row["value"] for row in rows))
    y = alt.Y("value:Q", title=None, scale=marks.from_zero(rows), axis=axis)
    layers = [
        *marks.gaps(width / n, height, {"x": x, "y": alt.value(height / 2)}),
        *_line_layers(x, y, [], small=True),
        *marks.legend(statuses(rows), wording, columns * width, rules=True),
    ]
    chart = marks.layered(*layers, width=width, height=height).facet(
        alt.Facet("series:N", title=None, sort=panels),
        columns=columns,
        data=marks.cells([*rows, *_paths(rows)]),
    )
    return dressed(chart, wording, describe(PANELS, statuses(rows), wording, extent=_extent(rows, panels)))


def _time(rows: Sequence[Row], width: int, wording: Wording) -> alt.X:
    """The axis of periods, with as many labels as fit side by side."""
    labels = {row["time_code"]: row["time"] for row in rows}
    if periods.form_of(list(labels)):
        ticks = [labels[code] for code in periods.ticks(list(labels), width, wording.language)]
    else:
        ticks = list(labels.values())
    return alt.X(
        "time:O",
        title=None,
        axis=alt.Axis(values=ticks, labelAngle=0, labelOverlap=True, grid=False, ticks=True),
        scale=alt.Scale(type="band", domain=list(labels.values()), paddingInner=0, paddingOuter=0),
    )


def _line_layers(x: alt.X, y: alt.Y, series: Sequence[str], *, small: bool) -> list[alt.Chart]:
    """Breaks, lines, and points by status."""
    colour, shape = _identity(series)
    said = marks.said()
    start = x.copy()
    start["bandPosition"] = 0
    rule = alt.Chart(name="break").mark_rule(color=INK, strokeDash=[6, 3], strokeWidth=1.5)
    line = alt.Chart(name="line").mark_line(
        strokeWidth=1.5 if small else 2, strokeJoin="round", color=SERIES[0]
    )
    dashes = alt.StrokeDash("style:N", scale=_DASHES, legend=None)
    layers = [
        rule.transform_filter(marks.where("B")).encode(x=start, **said),
        line.transform_filter(_LINE).encode(x=x, y=y, detail="path:N", strokeDash=dashes, **colour),
    ]
    for status, name in _POINTS.items():
        hollow, side = status in "PE", "stroke" if status in "PE" else "color"
        look: dict[str, Any] = {"filled": not hollow} | ({"fill": PAPER} if hollow else {})
        look |= ({} if series else {side: SERIES[0]}) | ({"shape": "diamond"} if status == "E" else {})
        point = alt.Chart(name=name).mark_point(size=10 if small else 28, opacity=1, strokeWidth=1.2, **look)
        given = colour | (shape if status != "E" else {})
        layers.append(point.transform_filter(marks.where(status)).encode(x=x, y=y, **said, **given))
    return layers


def _identity(series: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Colour and shape by series, in one legend; nothing when there is one series."""
    if not series:
        return {}, {}
    colours = alt.Scale(domain=list(series), range=list(SERIES[: len(series)]))
    shapes = alt.Scale(domain=list(series), range=list(SHAPES[: len(series)]))
    above = alt.Legend(orient="top")
    return (
        {"color": alt.Color("series:N", title=None, scale=colours, legend=above)},
        {"shape": alt.Shape("series:N", title=None, scale=shapes, legend=above)},
    )


def _gap_layers(x: alt.X, rows: Sequence[Row], lanes: Sequence[str]) -> list[alt.Chart]:
    """Where there is no number: the height of the chart for one series, a named lane for each of several."""
    n = len({row["time_code"] for row in rows})
    if not lanes:
        return marks.gaps(WIDTH / n, HEIGHT, {"x": x, "y": alt.value(HEIGHT / 2)})
    y = alt.Y("lane:Q", scale=None)
    names = alt.InlineData(values=[{"name": name, "lane": _middle(lane)} for lane, name in enumerate(lanes)])
    titles = (
        alt.Chart(names, name="lanes")
        .mark_text(align="right", baseline="middle", dx=-6, limit=130, fontSize=10, color=RULE, aria=False)
        .encode(x=alt.value(0), y=y, text="name:N")
    )
    return [*marks.gaps(WIDTH / n, LANE - 3, {"x": x, "y": y}), titles]


def _laned(rows: Sequence[Row], lanes: Sequence[str]) -> list[Row]:
    places = {name: _middle(lane) for lane, name in enumerate(lanes)}
    return [
        {**row, "lane": places[row["series"]]} if lanes and row["status"] in HIDDEN else row for row in rows
    ]


def _middle(lane: int) -> float:
    return lane * LANE + LANE / 2 - 1


def _paths(rows: Sequence[Row]) -> list[Row]:
    """The parts of the lines: from one period with a number to the next, none across a gap or into a break."""
    parts: list[Row] = []
    in_order = sorted(rows, key=lambda row: str(row.get("series", "")))  # stable: periods stay in order
    for _, line in groupby(in_order, key=lambda row: row.get("series")):
        for before, after in pairwise(line):
            if not HIDDEN & {before["status"], after["status"]} and after["status"] != "B":
                parts += _part(before, after, parts)
    return parts


def _part(before: Row, after: Row, parts: Sequence[Row]) -> list[Row]:
    """One stretch of a line; it goes on with the path before it when that ended here in the same style."""
    style = next((s for s in ("E", "P") if s in (before["status"], after["status"])), "A")
    kept = ("time", "series", "value")
    start, end = ({key: row[key] for key in kept if key in row} for row in (before, after))
    last = parts[-1] if parts else {"path": -1}
    goes_on = last.get("style") == style and all(last[key] == start[key] for key in start)
    path = last["path"] if goes_on else last["path"] + 1
    drawn = [end] if goes_on else [start, end]
    return [{**row, "part": "line", "path": path, "style": style} for row in drawn]


def _extent(rows: Sequence[Row], series: Sequence[str]) -> str:
    times = list(dict.fromkeys(row["time"] for row in rows))
    span = times[0] if len(times) == 1 else f"{times[0]} – {times[-1]}"
    return f"{span}; {', '.join(series)}" if series else span


_MANY = Text("quá nhiều chuỗi trên một biểu đồ.", "too many series for one chart.")
_FEWER = Text(
    f"Chọn tối đa {len(SERIES)} chuỗi, hoặc dùng small_multiples.",
    f"Choose at most {len(SERIES)}, or use small_multiples.",
)
