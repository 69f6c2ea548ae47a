"""How charts look: palettes for colour-blind readers, dark text on white, numbers as each language writes them."""

from __future__ import annotations

import textwrap
from typing import Any, TypeVar

import altair as alt

from opendata.charts.fonts import STACK
from opendata.charts.wording import Wording
from opendata.messages import Language

Chart = TypeVar("Chart", alt.LayerChart, alt.FacetChart, alt.HConcatChart)

INK, PAPER, RULE = "#1b1f24", "#ffffff", "#59626d"  # contrast on white: 16.6 for text, 6.2 for rules
HIDDEN = "#c8ccd1"  # under every hatched mark; no palette comes near it
# Okabe and Ito (2008), darkened to a contrast of 3 on white. Told apart under Machado's (2009) simulations.
SERIES = ("#0072b2", "#d55e00", "#009e73", "#882255", "#1b1f24", "#c277ab")
SHAPES = ("circle", "square", "triangle-up", "triangle-down", "cross", "triangle-right")  # colour is not all
LOW_TO_HIGH = ("#fdeaa7", "#f3b562", "#d9745a", "#9b3f6b", "#3f2262")
TITLE, SUBTITLE = 90, 110  # letters on a line: as wide as the widest chart
LAST_LIGHT = 2  # text is black on the first three classes and white on the others
NUMBERS: dict[Language, dict[str, Any]] = {
    "vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", " VND"]},
}


def dressed(chart: Chart, wording: Wording, description: str, *, room: int = 6) -> Chart:
    """The chart in the house's look: title, font, light grid, white background whatever the page's theme.

    Args:
        chart: A chart that nobody else holds; it is changed, since altair copies all the data at every other way.
        wording: Title and language.
        description: What a screen reader says.
        room: Between title and chart, in pixels.
    """
    title, subtitle = _lines(wording.title, TITLE), _lines(wording.subtitle, SUBTITLE)
    chart["title"] = alt.Title(title, subtitle=subtitle, offset=room)
    chart["description"] = description
    chart["config"] = _config(wording.language)
    return chart


def _lines(text: str, most: int) -> str | list[str]:
    """A long text in lines: the renderer breaks none, and the picture would become as wide as the text."""
    return text if len(text) <= most else textwrap.wrap(text, most)


def _config(language: Language) -> alt.Config:
    text: dict[str, Any] = {"labelColor": INK, "labelFontSize": 11, "titleColor": INK, "titleFontWeight": 600}
    entries: dict[str, Any] = {"labelLimit": 320, "orient": "bottom", "columns": 3, "symbolStrokeWidth": 1}
    title: dict[str, Any] = {"anchor": "start", "color": INK, "fontSize": 14, "fontWeight": 600}
    return alt.Config(
        font=STACK,
        background=PAPER,
        padding=12,
        locale={"number": NUMBERS[language]},
        axis=alt.AxisConfig(**text, domainColor=RULE, tickColor=RULE, gridColor="#e3e6ea"),
        legend=alt.LegendConfig(**text, **entries),
        header=alt.HeaderConfig(**text | {"labelFontSize": 12, "labelFontWeight": 600}),
        view=alt.ViewConfig(stroke=None, continuousWidth=300, continuousHeight=300),
        title=alt.TitleConfig(**title, subtitleColor=INK, subtitleFontSize=12),
    )
