"""How charts look: palettes for colour-blind readers, dark text on white, numbers as each language writes them."""

from __future__ import annotations

from typing import Any, TypeVar

import altair as alt

from opendata.charts.fonts import STACK
from opendata.messages import Language

Chart = TypeVar("Chart", bound=alt.TopLevelMixin)

INK, PAPER, RULE = "#1b1f24", "#ffffff", "#59626d"  # contrast on white: 16.6 for text, 6.2 for rules
HIDDEN = "#c8ccd1"  # under every hatched mark; no palette comes near it
# Okabe and Ito (2008), darkened to a contrast of 3 on white. Told apart under Machado's (2009) simulations.
SERIES = ("#0072b2", "#d55e00", "#009e73", "#882255", "#1b1f24", "#c277ab")
SHAPES = ("circle", "square", "triangle-up", "triangle-down", "cross", "triangle-right")  # colour is not all
LOW_TO_HIGH = ("#fdeaa7", "#f3b562", "#d9745a", "#9b3f6b", "#3f2262")
LAST_LIGHT = 2  # text is black on the first three classes and white on the others
NUMBERS: dict[Language, dict[str, Any]] = {
    "vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", " VND"]},
}


def dressed(chart: Chart, language: Language) -> Chart:
    """The chart in the house's look: font, text sizes, light grid, white background whatever the page's theme."""
    label: dict[str, Any] = {
        "labelColor": INK,
        "labelFontSize": 11,
        "titleColor": INK,
        "titleFontWeight": 600,
    }
    done: Chart = (
        chart.configure(font=STACK, background=PAPER, padding=12, locale={"number": NUMBERS[language]})
        .configure_axis(**label, domainColor=RULE, tickColor=RULE, gridColor="#e3e6ea")
        .configure_legend(**label, labelLimit=320, orient="bottom", columns=3, symbolStrokeWidth=1)
        .configure_header(labelColor=INK, labelFontSize=12, labelFontWeight=600, titleColor=INK)
        .configure_view(stroke=None, continuousWidth=300, continuousHeight=300)
        .configure_title(
            anchor="start", color=INK, subtitleColor=INK, fontSize=14, fontWeight=600, subtitleFontSize=12
        )
    )
    return done
