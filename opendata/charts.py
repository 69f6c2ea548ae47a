"""Altair charts that work offline; a suppressed value is shown as suppressed, never as low or absent."""

from __future__ import annotations

import base64
from typing import Any

import altair as alt
import polars as pl
import vl_convert

INK, LINE, HIDDEN = "#1b1f24", "#0b62a4", "#c8ccd1"  # contrast against white over 4.5 for text, 3 for marks
FONT = "DejaVu Sans"
VIETNAMESE = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}
V5 = "https://vega.github.io/schema/vega-lite/v5.json"


def time_series(
    data: pl.DataFrame, time: str, measure: str, *, title: str, subtitle: str = ""
) -> alt.LayerChart:
    """One measure over time from released data.

    Args:
        data: Released rows, one per period: `time`, `measure` and `<measure>_status`.
        time: The column of periods, e.g. "2016-04", in the order of their codes.
        measure: The measure's column; a hidden value is null with status Q.
        title: The chart's title; also what a screen reader says.
        subtitle: What the measure counts, and where.

    Returns:
        A line that breaks at suppressed periods, each of which is a grey band named in the legend.
    """
    status = f"{measure}_status"
    rows = data.select(time, measure, status).sort(time)
    hidden = alt.Chart(rows.filter(pl.col(status) == "Q"), name="suppressed")
    x = alt.X(
        f"{time}:O",
        title=None,
        axis=alt.Axis(labelAngle=-90, labelOverlap=True),
        scale=alt.Scale(domain=rows[time].to_list()),
    )
    band = (
        hidden.mark_bar(color=HIDDEN, clip=True)
        .encode(
            x=x,
            y=alt.value(0),
            y2=alt.value("height"),
            opacity=alt.Opacity("legend:N", title=None, scale=alt.Scale(range=[1])),
        )
        .transform_calculate(legend="'Đã che (suppressed)'")
    )
    line = (
        alt.Chart(rows)
        .mark_line(
            color=LINE, point=alt.OverlayMarkDef(color=LINE, size=18), invalid="break-paths-filter-domains"
        )
        .encode(
            x=x,
            y=alt.Y(f"{measure}:Q", title=None, axis=alt.Axis(format=",d")),
            tooltip=[time, measure, status],
        )
    )
    layers = [band, line] if rows.filter(pl.col(status) == "Q").height else [line]
    chart: alt.LayerChart = (
        alt.layer(*layers, title=alt.Title(title, subtitle=subtitle))
        .properties(width=680, height=240, description=f"{title}. {subtitle}".strip())
        .configure(font=FONT, background="white", locale={"number": VIETNAMESE})
        .configure_axis(labelColor=INK, grid=True)
        .configure_title(anchor="start", color=INK, subtitleColor=INK)
    )
    return chart


def svg(chart: alt.TopLevelMixin) -> str:
    """The chart as SVG: text stays text, nothing is fetched from anywhere."""
    return str(vl_convert.vegalite_to_svg(chart.to_dict(context={"pre_transform": False})))


def png(chart: alt.TopLevelMixin) -> bytes:
    """The chart as PNG at twice its size."""
    return bytes(vl_convert.vegalite_to_png(chart.to_dict(context={"pre_transform": False}), scale=2))


def enable() -> None:
    """Show charts in JupyterLab offline: interactive where Vega-Lite 5 is understood, a picture elsewhere.

    JupyterLab 4 renders Vega-Lite 5 only and altair's own renderers load scripts from the network.
    """
    alt.renderers.register("ytemo", _bundle)
    alt.renderers.enable("ytemo")


def _bundle(spec: dict[str, Any], **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The mime bundle of a chart and its metadata."""
    options = {"actions": False, "renderer": "svg"}
    bundle = {
        "application/vnd.vegalite.v5+json": {**spec, "$schema": V5, "usermeta": {"embedOptions": options}},
        "image/png": base64.b64encode(vl_convert.vegalite_to_png(spec, scale=2)).decode(),
        "text/plain": str(spec.get("description", "chart")),
    }
    return bundle, {"application/vnd.vegalite.v5+json": {"embed_options": options}}
