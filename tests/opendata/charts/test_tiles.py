"""The tile grids: every province of the vintage once, roughly where it is."""

import itertools

import polars as pl
import pytest

import catalog
from opendata import charts
from opendata.charts import ChartError
from opendata.charts.tiles import GRIDS, layout
from tests.opendata.charts.conftest import DATA, PROVINCES, draw, rendered
from tests.opendata.charts.drawn import marks, texts

# Longitude and latitude of the middle of each province, to a tenth of a degree or so.
PLACES_34 = """01 105.7 21.0|04 106.1 22.7|08 105.1 22.5|11 103.0 21.7|12 103.2 22.3|14 104.0 21.2|15 104.4 22.1
|19 105.8 21.9|20 106.6 21.85|22 107.3 21.2|24 106.3 21.3|25 105.2 21.1|31 106.5 20.9|33 106.2 20.65|37 106.0 20.3
|38 105.3 20.0|40 104.9 19.2|42 105.7 18.3|44 106.7 17.2|46 107.5 16.3|48 108.0 15.7|51 108.4 14.8|52 108.5 13.9
|56 109.0 12.1|66 108.5 12.9|68 108.0 11.6|75 107.0 11.5|79 106.8 10.7|80 106.1 11.1|82 105.9 10.5|86 106.3 9.95
|91 105.2 10.2|92 105.7 9.7|96 105.2 9.2"""
PLACES_63 = """01 105.7 21.0|02 105.0 22.75|04 106.1 22.7|06 105.85 22.25|08 105.3 22.1|10 104.1 22.35|11 103.0 21.7
|12 103.2 22.3|14 104.0 21.2|15 104.5 21.8|17 105.3 20.7|19 105.8 21.65|20 106.6 21.85|22 107.3 21.2|24 106.4 21.35
|25 105.1 21.3|26 105.6 21.35|27 106.1 21.1|30 106.4 20.9|31 106.7 20.8|33 106.05 20.8|34 106.4 20.5|35 105.95 20.55
|36 106.2 20.25|37 105.9 20.2|38 105.3 20.0|40 104.9 19.2|42 105.7 18.3|44 106.3 17.6|45 106.9 16.7|46 107.5 16.3
|48 108.1 16.07|49 108.0 15.6|51 108.7 15.0|52 109.0 14.1|54 109.1 13.2|56 109.0 12.3|58 108.9 11.7|60 108.1 11.1
|62 108.0 14.6|64 108.2 13.8|66 108.2 12.8|67 107.7 12.2|68 108.1 11.7|70 106.9 11.75|72 106.15 11.35|74 106.7 11.2
|75 107.2 11.05|77 107.25 10.55|79 106.7 10.75|80 106.15 10.7|82 106.3 10.4|83 106.45 10.1|84 106.3 9.8|86 106.0 10.1
|87 105.65 10.55|89 105.15 10.5|91 105.1 9.95|92 105.55 10.1|93 105.65 9.8|94 105.95 9.6|95 105.5 9.3|96 105.05 9.1"""
PLACES = {
    name: {code: (float(x), float(y)) for code, x, y in (line.split() for line in text.split("|"))}
    for name, text in (("province-34", PLACES_34), ("province-63", PLACES_63))
}


@pytest.mark.parametrize("grid", GRIDS)
def test_every_province_of_the_list_has_one_tile_and_every_tile_its_place(grid: str) -> None:
    tiles = layout(grid)
    provinces = sorted(code.code for code in catalog.leaves(catalog.builtin(grid)))
    assert sorted(tile.code for tile in tiles if tile.part is None) == provinces
    assert len({(tile.column, tile.row) for tile in tiles}) == len(tiles)


@pytest.mark.parametrize("grid", PLACES)
def test_north_is_up_and_east_is_right(grid: str) -> None:
    tiles = {tile.code: tile for tile in layout(grid) if tile.part is None}
    places = PLACES[grid]
    assert set(places) == set(tiles)
    for one, other in itertools.permutations(tiles, 2):
        (x, y), (east, north) = places[one], places[other]
        if north - y > 1.0:
            assert tiles[other].row < tiles[one].row, f"{other} is north of {one}"
        if east - x > 1.0 and abs(north - y) < 1.0:
            assert tiles[other].column > tiles[one].column, f"{other} is east of {one}"


@pytest.mark.parametrize("grid", PLACES)
def test_the_nearest_province_is_near_on_the_grid(grid: str) -> None:
    tiles = {tile.code: tile for tile in layout(grid) if tile.part is None}
    places = PLACES[grid]
    for one in tiles:
        others = [code for code in tiles if code != one]
        nearest = min(
            others, key=lambda c: (places[c][0] - places[one][0]) ** 2 + (places[c][1] - places[one][1]) ** 2
        )
        apart = max(abs(tiles[one].row - tiles[nearest].row), abs(tiles[one].column - tiles[nearest].column))
        assert apart <= 2, f"{one} and {nearest}"


def test_the_archipelagos_have_the_colour_of_their_province() -> None:
    seen = rendered("tile_map_63")
    parts = {tile.part.vi: tile.code for tile in layout("province-63") if tile.part}
    assert parts == {"Hoàng Sa": "48", "Trường Sa": "56"}
    assert "Hoàng Sa (Đà Nẵng)" in texts(seen)
    for name in ("Đà Nẵng", "Khánh Hòa"):
        drawn = [
            m
            for m in marks(seen, "cells") + marks(seen, "suppressed")
            if m.get("aria-label", "").startswith(name)
        ]
        assert len(drawn) == 2
        assert len({m.get("fill") for m in drawn}) == 1


def test_a_province_without_a_row_is_missing_and_not_absent() -> None:
    seen = charts.svg(draw("tile_map_34", DATA["tile_map_34"].filter(pl.col("area") != "01")))
    assert "Hà Nội: không có số liệu" in [mark.get("aria-label") for mark in marks(seen, "missing")]


def test_codes_of_another_vintage_are_refused() -> None:
    with pytest.raises(ChartError, match="area: 02"):
        draw("tile_map_34", DATA["tile_map_63"])
    lists = {"area": catalog.builtin("province-34")}
    with pytest.raises(ChartError, match="vintage"):
        draw("tile_map_63", DATA["tile_map_34"], lists=lists)
    assert draw("tile_map_34", lists={"area": catalog.builtin("province-34-2026")})


def test_a_total_is_no_province() -> None:
    total = DATA["tile_map_34"].head(1).with_columns(pl.lit("VN").alias("area"))
    with pytest.raises(ChartError, match="area: VN"):
        draw("tile_map_34", pl.concat([DATA["tile_map_34"], total]))


def test_an_unknown_grid_is_refused() -> None:
    with pytest.raises(ChartError, match="province-63"):
        charts.tile_map(DATA["tile_map_34"], "area", "cases", grid="province-99", title="t")
    assert set(PROVINCES) <= set(GRIDS)
