"""The tile-grid map: every province one tile of one size, roughly where it is; no boundary is claimed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, Unpack

import altair as alt
import polars as pl

import catalog
from catalog import CodeList
from catalog.errors import Problem, Text
from catalog.shipped import names
from opendata.charts import marks
from opendata.charts.cells import Row, released, statuses
from opendata.charts.classes import classed, colour, figures
from opendata.charts.errors import ChartError
from opendata.charts.theme import dressed
from opendata.charts.wording import Options, Wording, describe, wording_for

# Code list -> its layout. The list of 2026 has the provinces of 2025: one became a city.
GRIDS = {"province-34": "province-34", "province-34-2026": "province-34", "province-63": "province-63"}
WIDTH, HEIGHT, LINE = 57, 44, 10
KIND = Text("Bản đồ ô tỉnh, thành phố", "Tile-grid map of the provinces")


class Tile(NamedTuple):
    """A place on the grid.

    Attributes:
        code: The province.
        column: From the west, from 0.
        row: From the north, from 0.
        part: Name of a part of the province that has a tile of its own, such as its islands; None for the province.
    """

    code: str
    column: int
    row: int
    part: Text | None


@cache
def layout(grid: str) -> tuple[Tile, ...]:
    """The tiles of a grid: every province once, then the archipelagos, which have the colour of their province.

    Args:
        grid: The code list whose provinces are shown, with its vintage: "province-34", "province-63", ...

    Raises:
        ChartError: When there is no such grid.
    """
    if grid not in GRIDS:
        known = ", ".join(sorted(GRIDS))
        use = Text(f"Dùng: {known}; hoặc area_map.", f"Use one of: {known}; or area_map.")
        raise ChartError([Problem(f"grid {grid}", _NO_GRID, use)])
    text = (files("opendata") / "charts" / "grids" / f"{GRIDS[grid]}.csv").read_text(encoding="utf-8")
    return tuple(
        Tile(
            row["code"],
            int(row["column"]),
            int(row["row"]),
            Text(row["part_vi"], row["part_en"]) if row["part_vi"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    )


def tile_map(
    data: pl.DataFrame, area: str, measure: str, *, grid: str, **options: Unpack[Options]
) -> alt.LayerChart:
    """The provinces as tiles coloured by class, north at the top.

    Args:
        data: Released rows, one per province, without regions and totals.
        area: The column of provinces.
        measure: The measure's column; better a rate than a count: a tile has the same size whatever lives there.
        grid: The vintage of the provinces: "province-34", "province-34-2026" or "province-63".
        **options: `title`, `subtitle`, `lists`, `language`, `decimals`: see `Options`. Labels are the grid's.

    Returns:
        Every province of the grid with its name and number; suppressed ones grey and hatched, missing ones (and those
        without a row) empty with a dash.

    Raises:
        ChartError: When the data are not released data, or hold areas of another vintage than the grid.
    """
    wording = wording_for(data, measure, **options)
    tiles = layout(grid)
    _check_vintage(wording, area, grid)
    wording = replace(wording, lists={**wording.lists, area: _provinces(grid)})
    rows = released(data, measure, {"area": area}, wording, cover="lists")
    rows, labels = classed(rows, wording)
    placed = _placed(rows, tiles, wording)
    width = WIDTH * (1 + max(tile.column for tile in tiles))
    channels = {"x": alt.X("x:Q", scale=None, axis=None), "y": alt.Y("y:Q", scale=None, axis=None)}
    chart = marks.layered(
        *_tiles(channels, labels, width, max(len(row["figure"]) for row in placed)),
        *marks.legend(statuses(rows), wording, width),
        data=marks.cells(placed),
        width=width,
        height=HEIGHT * (1 + max(tile.row for tile in tiles)),
    )
    return dressed(chart, wording, describe(KIND, statuses(rows), wording, extent=_extent(rows, wording)))


def _provinces(grid: str) -> CodeList:
    """The grid's code list with its leaves alone: a region is no tile."""
    known = catalog.builtin(grid)
    return CodeList(known.id, known.vintage, known.valid_from, known.valid_to, catalog.leaves(known))


def _check_vintage(wording: Wording, area: str, grid: str) -> None:
    """The same code names different provinces before and after a merger, so the list must be the grid's."""
    given = wording.lists.get(area)
    if given is not None and given.id in names() and GRIDS.get(given.id) != GRIDS[grid]:
        raise ChartError([Problem(f"{area}: {given.id}, grid {grid}", _VINTAGE, _SAME)])


def _placed(rows: Sequence[Row], tiles: Sequence[Tile], wording: Wording) -> list[Row]:
    """A row per tile; that of an archipelago says whose it is and is no row of the table."""
    held = {row["area_code"]: row for row in rows}
    placed = []
    for tile in tiles:
        row = held[tile.code]
        middle = {"x": (tile.column + 0.5) * WIDTH, "y": (tile.row + 0.5) * HEIGHT}
        corner = {"right": middle["x"] + WIDTH / 2 - 9, "bottom": middle["y"] + HEIGHT / 2 - 9}
        name, part = row["area"], {}
        if tile.part is not None:
            name, part = f"{wording.text(tile.part)} ({name})", {"island": True}
        figure = row["shown"].split(" (")[0] if row["value"] is not None else ""
        placed.append({**row, **middle, **corner, **part, "name": _lines(name), "figure": figure})
    return placed


def _lines(name: str) -> str:
    """A name on as many lines as a tile's width asks for."""
    lines = [""]
    for word in name.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= 9 or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def _tiles(channels: dict[str, Any], labels: Sequence[str], width: float, longest: int) -> list[alt.Chart]:
    said = marks.said()
    box = marks.box(WIDTH - 3, HEIGHT - 3)
    filled = marks.where("A", *marks.REMARKED)
    text: dict[str, Any] = {"fontSize": 9, "lineBreak": "\n", "lineHeight": LINE, "aria": False}
    name = alt.Chart(name="names").mark_text(baseline="line-top", dy=-HEIGHT / 2 + 4, **text)
    halo = alt.Chart(name="halo").mark_text(
        baseline="line-top", dy=-HEIGHT / 2 + 4, stroke="#ffffff", strokeWidth=3, strokeJoin="round", **text
    )
    number = alt.Chart(name="figures").mark_text(
        baseline="line-bottom",
        dy=HEIGHT / 2 - 4,
        fontSize=min(10, 1.5 * WIDTH / max(longest, 1)),
        fontWeight=600,
        aria=False,
    )
    corner = {"x": alt.X("right:Q", scale=None), "y": alt.Y("bottom:Q", scale=None)}
    return [
        alt.Chart(name="cells")
        .mark_point(shape=box, size=4, filled=True, opacity=1)
        .transform_filter(filled)
        .encode(**channels, color=colour(labels, width), **said),
        *marks.gaps(WIDTH - 3, HEIGHT - 3, channels, low=HEIGHT / 2 - 10),
        halo.transform_filter(marks.where("Q", "O")).encode(**channels, text="name:N"),
        name.encode(**channels, text="name:N", color=figures()),
        number.transform_filter(filled + " && !datum.island").encode(
            **channels, text="figure:N", color=figures()
        ),
        *(layer.transform_filter("!datum.island") for layer in marks.remarks(corner)),
    ]


def _extent(rows: Sequence[Row], wording: Wording) -> str:
    return f"{len(rows)} {wording.text(Text('tỉnh, thành phố', 'provinces'))}"


_NO_GRID = Text("không có lưới ô này.", "there is no such grid.")
_VINTAGE = Text(
    "danh mục của cột không cùng phiên bản với lưới ô.",
    "the column's code list is not of the grid's vintage.",
)
_SAME = Text("Chọn lưới cùng phiên bản với dữ liệu.", "Choose the grid of the data's vintage.")
