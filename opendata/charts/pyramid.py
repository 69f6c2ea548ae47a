"""The age-sex pyramid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Unpack

import altair as alt
import polars as pl

from catalog.errors import Problem, Text
from opendata.charts import marks
from opendata.charts.cells import Row, released, statuses
from opendata.charts.errors import ChartError
from opendata.charts.theme import INK, SERIES, dressed
from opendata.charts.wording import Options, Wording, describe, wording_for

WIDTH, STEP, BAR, GUTTER = 250, 20, 16, 110
KIND = Text("Tháp tuổi", "Age-sex pyramid")


def age_sex_pyramid(
    data: pl.DataFrame, age: str, measure: str, *, sex: str, **options: Unpack[Options]
) -> alt.HConcatChart:
    """Two sexes back to back, the youngest at the bottom.

    Args:
        data: Released rows, one per age and sex, without totals.
        age: The column of age groups, in the order of their code list.
        measure: The measure's column.
        sex: The column of sexes; two codes, the first of their list to the left.
        **options: `title`, `subtitle`, `lists`, `language`, `decimals`: see `Options`.

    Returns:
        Bars on one scale for both sides. A suppressed group is a grey hatched band over its whole side, a missing one
        an empty band: neither is short.

    Raises:
        ChartError: When the data are not released data, or hold other than two sexes.
    """
    wording = wording_for(data, measure, **options)
    rows = released(data, measure, {"age": age, "sex": sex}, wording)
    sides = list(dict.fromkeys(row["sex"] for row in rows))
    if len(sides) != 2:
        raise ChartError([Problem(f"{sex}: {len(sides)}", _TWO, _WITHOUT_TOTAL)])
    if any(row["value"] is not None and row["value"] < 0 for row in rows):
        raise ChartError([Problem(measure, _NEGATIVE, _COUNTS)])
    ages = list(dict.fromkeys(row["age"] for row in rows))
    extent = f"{ages[0]} – {ages[-1]}; {', '.join(sides)}"
    left, right = (_side(rows, sides, number, wording) for number in (0, 1))
    chart = alt.hconcat(left, right, spacing=GUTTER, bounds="flush", data=marks.cells(rows))
    chart["resolve"] = alt.Resolve(scale={"fill": "shared", "shape": "shared"})
    return dressed(chart, wording, describe(KIND, statuses(rows), wording, extent=extent), room=24)


def _side(rows: Sequence[Row], sides: Sequence[str], number: int, wording: Wording) -> alt.LayerChart:
    """One sex: its bars run away from the middle, where the right one has the names of the ages."""
    ages = list(dict.fromkeys(row["age"] for row in rows))
    axis = alt.Axis(
        domain=False,
        ticks=False,
        labelAlign="center",
        labelPadding=GUTTER / 2,
        labelLimit=GUTTER,
        minExtent=GUTTER,
    )
    y = alt.Y("age:N", title=None, sort=ages[::-1], axis=axis if number else None, scale=_ages(ages))
    axes = {"x": _figures(rows, wording, reverse=number == 0), "y": y}
    said = marks.said()
    ours = f"datum.sex === {json.dumps(sides[number])}"
    layers = [
        *marks.gaps(WIDTH, BAR, {"x": alt.value(WIDTH / 2), "y": y}),
        alt.Chart(name="bars")
        .mark_bar(color=SERIES[number], height=BAR)
        .transform_filter(marks.where("A", *marks.REMARKED))
        .encode(**axes, **said),
        alt.Chart(name="zero")
        .mark_tick(color=SERIES[number], orient="vertical", size=BAR, thickness=2, opacity=1)
        .transform_filter("datum.value === 0")
        .encode(**axes, **said),
        *marks.remarks(axes),
    ]
    heading = alt.Chart(alt.InlineData(values=[{"name": sides[number]}]), name="heading").mark_text(
        fontSize=12, fontWeight=600, color=INK
    )
    entries = marks.legend(statuses(rows), wording, 2 * WIDTH) if number == 0 else []
    return marks.layered(
        *(layer.transform_filter(ours) for layer in layers),
        heading.encode(x=alt.value(WIDTH / 2), y=alt.value(-10), text="name:N"),
        *entries,
        width=WIDTH,
        height=STEP * len(ages),
    )


def _ages(ages: Sequence[str]) -> alt.Scale:
    return alt.Scale(type="band", domain=list(ages[::-1]), paddingInner=0, paddingOuter=0)


def _figures(rows: Sequence[Row], wording: Wording, *, reverse: bool) -> alt.X:
    """The same scale on both sides, from zero in the middle outwards."""
    largest = max((row["value"] for row in rows if row["value"] is not None), default=0)
    scale = alt.Scale(domain=[0, largest or 1], nice=True, reverse=reverse)
    axis = wording.axis(4, (row["value"] for row in rows), labelFlush=False)
    return alt.X("value:Q", title=None, scale=scale, axis=axis)


_NEGATIVE = Text("tháp tuổi không có số âm.", "a pyramid has no negative numbers.")
_COUNTS = Text("Chọn số đếm hoặc tỷ suất.", "Choose a count or a rate.")
_TWO = Text("tháp tuổi cần đúng hai giới.", "a pyramid needs exactly two sexes.")
_WITHOUT_TOTAL = Text("Lọc bỏ dòng chung hai giới.", "Leave out the rows of both sexes together.")
