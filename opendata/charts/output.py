"""Charts as SVG, PNG, HTML and in JupyterLab; nothing is fetched from anywhere."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from typing import Any

import altair as alt
import vl_convert

from catalog.errors import Text
from opendata.charts import fonts
from opendata.charts.pngs import squeezed
from opendata.charts.theme import NUMBERS

V5 = "https://vega.github.io/schema/vega-lite/v5.json"
VERSION = "5.20"  # what draws the pictures: the generation that JupyterLab 4 knows (it ships 5.6)
_HEADINGS = {
    "series": Text("Chuỗi", "Series"),
    "area": Text("Khu vực", "Area"),
    "row": Text("Hàng", "Row"),
    "column": Text("Cột", "Column"),
    "age": Text("Tuổi", "Age"),
    "sex": Text("Giới tính", "Sex"),
    "category": Text("Nhóm", "Category"),
    "time": Text("Kỳ", "Period"),
    "shown": Text("Số liệu", "Figure"),
}


def svg(chart: alt.TopLevelMixin) -> str:
    """The chart as SVG: text stays text, a screen reader is told what it is, nothing is fetched.

    Raises:
        ChartError: When the font is not there.
    """
    spec = _spec(chart)
    drawn = str(vl_convert.vegalite_to_svg(spec, vl_version=VERSION))
    label = html.escape(spec.get("description", ""), quote=True)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def png(chart: alt.TopLevelMixin) -> bytes:
    """The chart as PNG at twice its size.

    Raises:
        ChartError: When the font is not there.
    """
    return _png(_spec(chart))


def figure(chart: alt.TopLevelMixin, *, table: bool = True) -> str:
    """The chart as an HTML `<figure>` that stands by itself and shrinks with the page.

    Args:
        chart: A chart of this package.
        table: Whether the figures follow as a table that a reader may open; what is hidden is named as hidden.

    Returns:
        HTML without a script and without an address. For the bundled font, the page's style needs `font_face()`.
    """
    spec = _spec(chart)
    vi = spec.get("config", {}).get("locale", {}).get("number") != NUMBERS["en"]
    shown = table and list(_table(spec, vi))
    return f'<figure class="chart">{_shrinking(svg(chart))}{"".join(shown or ())}</figure>'


def enable() -> None:
    """Show charts in JupyterLab offline: interactive where Vega-Lite 5 is understood, a picture elsewhere.

    JupyterLab 4 renders Vega-Lite 5 only and altair's own renderers load scripts from the network.

    Raises:
        ChartError: When the font is not there.
    """
    fonts.ready()
    alt.renderers.register("ytemo", _bundle)
    alt.renderers.enable("ytemo")


def _spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    fonts.ready()
    spec: dict[str, Any] = chart.to_dict(context={"pre_transform": False})
    return {**spec, "$schema": V5}


def _png(spec: dict[str, Any]) -> bytes:
    return squeezed(vl_convert.vegalite_to_png(spec, scale=2, vl_version=VERSION))


def _bundle(spec: dict[str, Any], **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The mime bundle of a chart and its metadata."""
    options = {"actions": False, "renderer": "svg"}
    spec = {**spec, "$schema": V5}
    bundle = {
        "application/vnd.vegalite.v5+json": {**spec, "usermeta": {"embedOptions": options}},
        "image/png": base64.b64encode(_png(spec)).decode(),
        "text/plain": str(spec.get("description", "chart")),
    }
    return bundle, {"application/vnd.vegalite.v5+json": {"embed_options": options}}


def _shrinking(drawn: str) -> str:
    """An SVG for a page: never wider than it, and with ids that no other chart on the page has."""
    mark = "c" + hashlib.sha256(drawn.encode()).hexdigest()[:8]
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="{mark}-\1"', drawn)
    drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{mark}-\1)", drawn)
    return drawn.replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)


def _table(spec: dict[str, Any], vi: bool) -> Iterator[str]:
    """The cells of the chart as a table behind a summary."""
    rows = [row for row in spec["data"]["values"] if not (row.get("part") or row.get("island"))]
    names = [name for name in _HEADINGS if name in rows[0]]
    title = spec["title"]["text"]  # lines, when it is long
    title = html.escape(title if isinstance(title, str) else " ".join(title))
    yield f"<details><summary>{'Bảng số liệu' if vi else 'Table of the figures'}</summary><table>"
    yield f"<caption>{title}</caption><thead><tr>"
    for name in names:
        yield f'<th scope="col">{_HEADINGS[name].vi if vi else _HEADINGS[name].en}</th>'
    yield "</tr></thead><tbody>"
    for row in rows:
        cells = "".join(f"<td>{html.escape(row[name])}</td>" for name in names)
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table></details>"
