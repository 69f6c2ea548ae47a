"""SVG, PNG, HTML and the bundle for JupyterLab: offline, Vega-Lite 5, the same bytes every time."""

import hashlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import altair as alt
import polars as pl
import pytest
import vl_convert

from opendata import charts
from tests.opendata.charts.conftest import DATA, KINDS, draw, rendered
from tests.opendata.charts.drawn import marks

HERE = Path(__file__).parent
DIGESTS = """
import hashlib
from tests.opendata.charts.conftest import rendered
from opendata import charts
for kind in {kinds}:
    print(kind, hashlib.sha256(rendered(kind).encode()).hexdigest())
"""


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    return tags


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    here = {kind: hashlib.sha256(rendered(kind).encode()).hexdigest() for kind in KINDS}
    told = subprocess.run(
        [sys.executable, "-c", DIGESTS.format(kinds=KINDS[::-1])],
        cwd=HERE.parents[2], env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert dict(line.split() for line in told.splitlines()) == here


@pytest.mark.parametrize("version", ["5.8", "6.1"])
def test_it_is_vega_lite_5_and_looks_the_same_in_every_version(kind: str, version: str) -> None:
    spec = draw(kind).to_dict(context={"pre_transform": False})
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=version)
    ours = rendered(kind)
    for layer in ("suppressed", "missing", "bars", "cells", "published", "line", "provisional", "legend"):
        assert len(marks(drawn, layer)) == len(marks(ours, layer)), layer


def test_a_screen_reader_is_told_what_it_is(kind: str) -> None:
    root = parsed(rendered(kind)).tags[0]
    assert root[1]["role"] == "img"
    assert root[1]["aria-label"] == draw(kind).to_dict()["description"]


def test_a_figure_stands_by_itself(kind: str) -> None:
    page = parsed(charts.figure(draw(kind)))
    names = [tag for tag, _ in page.tags]
    assert names[0] == "figure"
    assert not {"script", "image", "link", "iframe"} & set(names)
    addresses = [v for _, given in page.tags for k, v in given.items() if k in ("href", "src", "xlink:href")]
    assert addresses == []
    assert names.count("tr") == 1 + DATA[kind].height
    assert "đã che" in page.text


def test_a_figure_without_its_table() -> None:
    assert "<table" not in charts.figure(draw("heat_map"), table=False)


def test_figures_on_one_page_share_no_id() -> None:
    pages = [charts.figure(draw("tile_map_34", title=title)) for title in ("a", "b")]
    ids = [re.findall(r'\bid="([^"]+)"', page) for page in pages]
    assert not set(ids[0]) & set(ids[1])


def test_a_title_is_text_and_never_markup() -> None:
    chart = draw("time_series", title='<script>alert("x")</script>&"')
    assert "<script" not in charts.svg(chart) + charts.figure(chart)


def test_the_bundle_for_jupyterlab() -> None:
    with alt.renderers.enable(alt.renderers.active):  # put back what was there
        charts.enable()
        bundle, metadata = draw("time_series")._repr_mimebundle_()
    spec = bundle["application/vnd.vegalite.v5+json"]
    assert spec["$schema"].endswith("/v5.json")
    assert spec["usermeta"]["embedOptions"] == {"actions": False, "renderer": "svg"}
    assert bundle["text/plain"] == draw("time_series").to_dict()["description"]
    assert bundle["image/png"].startswith("iVBORw0KGgo")
    assert set(metadata) == {"application/vnd.vegalite.v5+json"}


def test_png_is_a_picture_of_twice_the_size() -> None:
    picture = charts.png(draw("time_series"))
    width = int(re.search(r'width="(\d+)"', rendered("time_series")).group(1))
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == pytest.approx(2 * width, abs=2)


def test_the_last_digits_of_a_quotient_do_not_change_a_chart():
    rates = [0.9679792465249544, 0.9679792465249545]
    drawn = [
        charts.svg(
            charts.ranked_bars(
                pl.DataFrame({"area": ["N", "S"], "rate": [rate, 2.0], "rate_status": ["A", "A"]}),
                "area",
                "rate",
                title="Tỷ suất",
            )
        )
        for rate in rates
    ]
    assert drawn[0] == drawn[1]
