"""How a cell without a number is drawn, and what the legend says of it: the same marks on every kind of chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt

from opendata.charts.cells import Row
from opendata.charts.theme import HIDDEN, INK, PAPER, RULE
from opendata.charts.wording import LEGENDS, Wording

_BOX = "M-1,-1H1V1H-1V-1"  # drawn all round: the renderer leaves a closing Z out of the outline
SYMBOLS = {
    "Q": f"{_BOX}M-1,0L0,-1M-1,1L1,-1M0,1L1,0",  # a hatched square
    "O": f"{_BOX}M-0.5,0H0.5",  # an empty square with a dash
    "P": "circle",
    "E": "diamond",
    "B": "M-0.4,-1H0.4V1H-0.4V-1",  # an upright slip; on a line chart a break is a rule, see `legend`
}
_RULE = "M0,-1V1"
REMARKED = ("P", "E", "B")  # there is a number, with something to know about it


def cells(rows: Iterable[Row]) -> alt.InlineData:
    """The chart's data: these rows and nothing else."""
    return alt.InlineData(values=list(rows), name="cells")


def layered(*layers: alt.Chart | alt.LayerChart, **options: Any) -> alt.LayerChart:
    """Layers on top of each other, the first at the bottom."""
    return alt.LayerChart(layer=list(layers), **options)


def from_zero(rows: Iterable[Row], **options: Any) -> alt.Scale:
    """A scale that holds zero, at its end and not in the middle when there is no other number."""
    flat: dict[str, Any] = {} if any(row["value"] for row in rows) else {"domain": [0, 1]}
    return alt.Scale(zero=True, **flat, **options)


def where(*statuses: str) -> str:
    """The filter for cells of these statuses; other rows of the data (parts of lines) have `part`."""
    return f"!datum.part && indexof({list(statuses)!r}, datum.status) >= 0"


def said() -> dict[str, Any]:
    """What a cell says of itself, to a pointer and to a screen reader."""
    return {"description": alt.Description("say:N"), "tooltip": alt.Tooltip("say:N", title=" ")}


def gaps(width: float, height: float, channels: Mapping[str, Any], *, low: float = 0) -> list[alt.Chart]:
    """Layers for cells without a number: suppressed grey and hatched, missing empty with a dash.

    Args:
        width: Of one cell, in pixels.
        height: Of one cell, in pixels.
        channels: Where the middle of a cell is.
        low: How far under the middle the dash of a missing cell is, in pixels.
    """
    common: dict[str, Any] = {
        "size": 4,
        "opacity": 1,
        "strokeWidth": 0.8,
    }  # size 4: a path is drawn in pixels as it stands
    suppressed = alt.Chart(name="suppressed").mark_point(
        shape=hatched(width, height), fill=HIDDEN, stroke=RULE, **common
    )
    missing = alt.Chart(name="missing").mark_point(
        shape=dashed(width, height, low), fill=PAPER, stroke=RULE, **common
    )
    return [
        suppressed.transform_filter(where("Q")).encode(**channels, **said()),
        missing.transform_filter(where("O")).encode(**channels, **said()),
    ]


def remarks(channels: Mapping[str, Any]) -> list[alt.Chart]:
    """Layers for provisional (circle), estimated (diamond) and broken (bar) cells, beside their numbers."""
    names = {"P": "provisional", "E": "estimated", "B": "break"}
    return [
        alt.Chart(name=names[status])
        .mark_point(shape=SYMBOLS[status], fill=PAPER, stroke=INK, size=36, opacity=1, strokeWidth=1.2)
        .transform_filter(where(status))
        .encode(**channels, description=alt.Description("say:N"))
        for status in REMARKED
    ]


def legend(
    statuses: Iterable[str], wording: Wording, width: float, *, rules: bool = False
) -> list[alt.Chart]:
    """A layer that draws nothing and puts the statuses found on the chart into its legend, as wide as the chart.

    With `rules`, a break in the series is drawn as a rule.
    """
    found = set(statuses)
    shown = [status for status in LEGENDS if status in found]
    if not shown:
        return []
    names = [wording.text(LEGENDS[status]) for status in shown]
    fills = [HIDDEN if status == "Q" else PAPER for status in shown]
    symbols = SYMBOLS | ({"B": _RULE} if rules else {})
    entries = alt.Legend(symbolOpacity=1, symbolSize=170, columns=max(1, int(width // 210)))
    shapes = alt.Scale(domain=names, range=[symbols[status] for status in shown])
    layer = (
        alt.Chart(alt.InlineData(values=[{"legend": name} for name in names]), name="legend")
        .mark_point(opacity=0, aria=False)
        .encode(
            x=alt.value(0),
            y=alt.value(0),
            shape=alt.Shape("legend:N", title=None, scale=shapes, legend=entries),
            stroke=alt.value(INK),
            fill=alt.Fill("legend:N", title=None, scale=alt.Scale(domain=names, range=fills)),
        )
    )
    return [layer]


def hatched(width: float, height: float, step: float = 6) -> str:
    """A box around the origin with lines across, as an SVG path in pixels."""
    half, tall = width / 2, height / 2
    lines, at = [], step - half - tall
    while at < half + tall:
        left, right = max(-half, at - tall), min(half, at + tall)
        lines.append(f"M{left:.1f},{at - left:.1f}L{right:.1f},{at - right:.1f}")
        at += step
    return box(width, height) + "".join(lines)


def dashed(width: float, height: float, low: float = 0) -> str:
    """A box around the origin with a dash in its middle or under it, as an SVG path in pixels."""
    dash = min(8.0, width / 2) / 2
    return f"{box(width, height)}M{-dash:.1f},{low:.1f}H{dash:.1f}"


def box(width: float, height: float) -> str:
    """A box around the origin, as an SVG path in pixels."""
    x, y = width / 2, height / 2
    return f"M{-x:.1f},{-y:.1f}H{x:.1f}V{y:.1f}H{-x:.1f}V{-y:.1f}"
