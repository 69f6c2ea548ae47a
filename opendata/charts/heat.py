"""Two dimensions as a grid of coloured cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import altair as alt
import polars as pl

from catalog.errors import Text
from opendata.charts import marks, periods
from opendata.charts.cells import Row, released, statuses
from opendata.charts.classes import classed, colour, figures
from opendata.charts.theme import dressed
from opendata.charts.wording import Options, Wording, describe, wording_for

HEIGHT, WIDEST, ROOM = 20, 56, 640
KIND = Text("Biểu đồ nhiệt", "Heat map")


def heat_map(
    data: pl.DataFrame, column: str, measure: str, *, row: str, **options: Unpack[Options]
) -> alt.LayerChart:
    """Cells coloured by class, such as diseases by month.

    Args:
        data: Released rows, one per cell.
        column: The column whose codes run across; periods are shown as such.
        measure: The measure's column.
        row: The column whose codes run down, in the order of their list.
        **options: `title`, `subtitle`, `lists`, `language`, `decimals`: see `Options`.

    Returns:
        Coloured cells; zero says "0", suppressed cells are grey and hatched, missing ones empty with a dash. Cells wide
        enough show their numbers.

    Raises:
        ChartError: When the data are not released data.
    """
    wording = wording_for(data, measure, **options)
    role = _role(data, column, wording)
    rows = released(data, measure, {"row": row, role: column}, wording)
    rows, labels = classed(rows, wording)
    across = {r[f"{role}_code"]: r[role] for r in rows}
    down = list(dict.fromkeys(r["row"] for r in rows))
    width = min(WIDEST, ROOM / len(across))
    channels = {"x": _across(role, across, width * len(across), wording), "y": _down(down)}
    chart = marks.layered(
        *_cells(channels, labels, width, rows),
        *marks.gaps(width, HEIGHT, channels),
        *marks.remarks(_corner(channels, width)),
        *marks.legend(statuses(rows), wording, width * len(across)),
        data=marks.cells(rows),
        width=width * len(across),
        height=HEIGHT * len(down),
    )
    return dressed(
        chart, wording, describe(KIND, statuses(rows), wording, extent=_extent(list(across.values()), down))
    )


def _cells(
    channels: dict[str, Any], labels: Sequence[str], width: float, rows: Sequence[Row]
) -> list[alt.Chart]:
    said = marks.said()
    room = width * len({row["say"].rsplit(":", 1)[0] for row in rows})
    longest = max(len(row["shown"].split(" ")[0]) for row in rows)
    shown = "datum.value !== null" if longest * 6.5 + 4 <= width else "datum.value === 0"
    filled = marks.where("A", *marks.REMARKED)
    return [
        alt.Chart(name="cells")
        .mark_rect(stroke="#ffffff", strokeWidth=0.5)
        .transform_filter(filled)
        .encode(**channels, color=colour(labels, room), **said),
        alt.Chart(name="figures")
        .mark_text(fontSize=9.5, aria=False)
        .transform_filter(filled)
        .transform_filter(shown)
        .transform_calculate(figure="split(datum.shown, ' ')[0]")
        .encode(**channels, text="figure:N", color=figures()),
    ]


def _role(data: pl.DataFrame, column: str, wording: Wording) -> str:
    """Whether a column is one of periods: by its codes, unless a list says what they are."""
    listed = column in wording.lists and wording.lists[column].id != "months"
    codes = data[column].drop_nulls().cast(pl.String).to_list() if column in data.columns else []
    return "time" if not listed and periods.are(codes) else "column"


def _across(role: str, labels: dict[str, str], width: float, wording: Wording) -> alt.X:
    names = list(labels.values())
    timed = role == "time"
    fits = sum(len(name) * 7 + 8 for name in names) <= width
    ticks = [labels[c] for c in periods.ticks(list(labels), int(width), wording.language)] if timed else names
    angle = 0 if timed or fits else -45
    axis = alt.Axis(values=ticks, labelAngle=angle, domain=False, labelLimit=160)
    return alt.X(f"{role}:O", title=None, axis=axis, scale=_band(names))


def _down(names: Sequence[str]) -> alt.Y:
    return alt.Y("row:O", title=None, axis=alt.Axis(domain=False, labelLimit=220), scale=_band(names))


def _band(names: Sequence[str]) -> alt.Scale:
    return alt.Scale(type="band", domain=list(names), paddingInner=0, paddingOuter=0)


def _corner(channels: dict[str, Any], width: float) -> dict[str, Any]:
    """The upper right of a cell, where a remark does not cover its number."""
    x = channels["x"].copy()
    x["bandPosition"] = max(0.5, 1 - 4 / width)
    y = channels["y"].copy()
    y["bandPosition"] = 0.25
    return {"x": x, "y": y}


def _extent(across: Sequence[str], down: Sequence[str]) -> str:
    return f"{across[0]} – {across[-1]}; {', '.join(down[:12])}{' …' if len(down) > 12 else ''}"
