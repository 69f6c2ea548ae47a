"""Areas (diseases, facilities, ...) from the highest to the lowest, those without a number apart and unranked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import altair as alt
import polars as pl

from catalog.errors import Text
from opendata.charts import marks
from opendata.charts.cells import Row, released, statuses
from opendata.charts.theme import INK, RULE, SERIES, dressed
from opendata.charts.wording import HIDDEN, Options, Wording, describe, wording_for

WIDTH, STEP, BAR = 460, 22, 15
KIND = Text("Biểu đồ thanh xếp hạng", "Ranked bar chart")
_TEXT: dict[str, Any] = {"baseline": "middle", "color": INK, "fontSize": 11}


def ranked_bars(
    data: pl.DataFrame, category: str, measure: str, **options: Unpack[Options]
) -> alt.LayerChart:
    """One bar per category, the highest first.

    Args:
        data: Released rows, one per category: `category`, `measure` and `<measure>_status`.
        category: The column whose codes are the bars.
        measure: The measure's column.
        **options: `title`, `subtitle`, `lists`, `language`, `decimals`: see `Options`.

    Returns:
        Bars with their numbers; zero is "0" at the axis. What has no number has no rank: it stands below a rule, as a
        band over the whole width, grey and hatched when suppressed, empty when missing, and says so.

    Raises:
        ChartError: When the data are not released data.
    """
    wording = wording_for(data, measure, **options)
    rows = released(data, measure, {"category": category}, wording, cover="rows")
    shown = sorted((r for r in rows if r["value"] is not None), key=lambda row: -row["value"])
    unranked = sorted((r for r in rows if r["value"] is None), key=lambda row: row["status"] != "Q")
    placed = [{**row, "place": _middle(n, len(shown))} for n, row in enumerate([*shown, *unranked])]
    height = _middle(len(placed) - 1, len(shown)) + STEP / 2
    axes = {"x": _axis(rows, wording), "y": alt.Y("place:Q", scale=None, axis=None)}
    chart = marks.layered(
        *marks.gaps(WIDTH, BAR, {"x": alt.value(WIDTH / 2), "y": axes["y"]}),
        *_bars(axes),
        _names(axes),
        _numbers(axes, shown),
        *_words(axes, len(shown), len(unranked)),
        *marks.legend(statuses(rows), wording, WIDTH),
        data=marks.cells(placed),
        width=WIDTH,
        height=height,
    )
    return dressed(chart, wording, describe(KIND, statuses(rows), wording, extent=_extent(shown)))


def _middle(n: int, ranked: int) -> float:
    """Where a bar is, in pixels from the top; the unranked begin one row further down."""
    return (n + 0.5 + (1 if n >= ranked > 0 else 0)) * STEP


def _axis(rows: Sequence[Row], wording: Wording) -> alt.X:
    axis = wording.axis(5, (row["value"] for row in rows), orient="top", domain=False)
    return alt.X("value:Q", title=None, scale=marks.from_zero(rows, nice=True), axis=axis)


def _bars(axes: dict[str, Any]) -> list[alt.Chart]:
    """Bars, a stroke on the axis for zero, and what there is to know about a number."""
    said = marks.said()
    bar = alt.Chart(name="bars").mark_bar(color=SERIES[0], orient="horizontal", size=BAR)
    zero = alt.Chart(name="zero").mark_tick(
        color=SERIES[0], orient="vertical", size=BAR, thickness=2, opacity=1
    )
    return [
        bar.transform_filter(marks.where("A", *marks.REMARKED)).encode(**axes, **said),
        zero.transform_filter("datum.value === 0").encode(**axes, **said),
        *marks.remarks(axes),
    ]


def _names(axes: dict[str, Any]) -> alt.Chart:
    """Names to the left of the bars."""
    name = alt.Chart(name="names").mark_text(align="right", dx=-8, limit=220, **_TEXT)
    left: alt.Chart = name.transform_filter("!datum.part").encode(
        x=alt.value(0), y=axes["y"], text="category:N"
    )
    return left


def _numbers(axes: dict[str, Any], shown: Sequence[Row]) -> alt.Chart:
    """Numbers to the right of the bars; that of a bar to the left of zero stands at zero, not on the bar."""
    number = alt.Chart(name="numbers").mark_text(align="left", dx=9, **_TEXT)
    number = number.transform_filter(marks.where("A", *marks.REMARKED))
    x = axes["x"]
    if shown and shown[-1]["value"] < 0:
        number = number.transform_calculate(end="max(datum.value, 0)")
        x = x.copy()
        x["shorthand"] = "end:Q"
    beside: alt.Chart = number.encode(x=x, y=axes["y"], text="shown:N")
    return beside


def _words(axes: dict[str, Any], ranked: int, unranked: int) -> list[alt.Chart]:
    """Words on the bands, a rule above the unranked."""
    word = alt.Chart(name="words").mark_text(stroke="#ffffff", strokeWidth=4, strokeJoin="round", **_TEXT)
    over = alt.Chart(name="over").mark_text(**_TEXT)
    middle = {"x": alt.value(WIDTH / 2), "y": axes["y"], "text": "shown:N"}
    layers = [
        word.transform_filter(marks.where(*sorted(HIDDEN))).encode(**middle),
        over.transform_filter(marks.where(*sorted(HIDDEN))).encode(**middle),
    ]
    if ranked and unranked:
        at = alt.value(_middle(ranked, ranked) - STEP)
        one = alt.InlineData(values=[{}])
        layers.append(alt.Chart(one, name="rule").mark_rule(color=RULE, strokeDash=[2, 2]).encode(y=at))
    return layers


def _extent(shown: Sequence[Row]) -> str:
    return f"{shown[0]['category']} – {shown[-1]['category']}" if len(shown) > 1 else ""
