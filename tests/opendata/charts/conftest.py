"""One small released table per kind of chart: suppressed, missing, zero, provisional, estimated and broken cells."""

from collections.abc import Callable
from functools import cache

import altair as alt
import polars as pl
import pytest

import catalog
from opendata import charts

HIDDEN_VALUE = 987_654  # stands wherever a value must not be seen
MONTHS = [f"2024-{month:02}" for month in range(1, 13)]
STATUS = ["A", "A", "Q", "A", "O", "A", "B", "A", "Q", "E", "P", "P"]


def cells(**keys: list[str]) -> pl.DataFrame:
    """Released cells for these codes: of twelve two are hidden, one is missing, the first is 0."""
    frame = pl.DataFrame(keys).with_row_index("n", offset=0)
    status = pl.col("n").map_elements(lambda n: STATUS[n % 12], return_dtype=pl.String)
    value = (pl.col("n").cast(pl.Int64) * 137) % 900
    return frame.with_columns(status.alias("cases_status")).select(
        *keys,
        pl.when(pl.col("cases_status").is_in(["Q", "O"])).then(None).otherwise(value).alias("cases"),
        "cases_status",
    )


def square(code: str, west: float, south: float) -> dict:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code, "patients": HIDDEN_VALUE},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


AREAS = [f"a{n:02}" for n in range(12)]
BOUNDARIES = {
    "type": "FeatureCollection",
    "features": [square(code, 104 + n % 3, 12 + n // 3) for n, code in enumerate(AREAS)],
}
PROVINCES = {
    name: [code.code for code in catalog.leaves(catalog.builtin(name))]
    for name in ("province-34", "province-63")
}
AGES = [code.code for code in catalog.leaves(catalog.builtin("age-5-year"))]


def product(**keys: list[str]) -> pl.DataFrame:
    """Cells for every combination."""
    frame = pl.DataFrame({"_": [0]})
    for name, codes in keys.items():
        frame = frame.join(pl.DataFrame({name: codes}), how="cross")
    return cells(**{name: frame[name].to_list() for name in keys})


DATA = {
    "time_series": cells(time=MONTHS),
    "several_series": product(disease=["x", "y"], time=MONTHS),
    "small_multiples": product(disease=["x", "y", "z"], time=MONTHS),
    "ranked_bars": cells(area=AREAS),
    "heat_map": product(disease=["x", "y"], time=MONTHS),
    "tile_map_34": cells(area=PROVINCES["province-34"]),
    "tile_map_63": cells(area=PROVINCES["province-63"]),
    "area_map": cells(area=AREAS),
    "age_sex_pyramid": product(age=AGES, sex=["M", "F"]),
}
DRAW: dict[str, Callable[..., alt.TopLevelMixin]] = {
    "time_series": lambda data, **o: charts.time_series(data, "time", "cases", **o),
    "several_series": lambda data, **o: charts.time_series(data, "time", "cases", by="disease", **o),
    "small_multiples": lambda data, **o: charts.small_multiples(data, "time", "cases", by="disease", **o),
    "ranked_bars": lambda data, **o: charts.ranked_bars(data, "area", "cases", **o),
    "heat_map": lambda data, **o: charts.heat_map(data, "time", "cases", row="disease", **o),
    "tile_map_34": lambda data, **o: charts.tile_map(data, "area", "cases", grid="province-34", **o),
    "tile_map_63": lambda data, **o: charts.tile_map(data, "area", "cases", grid="province-63", **o),
    "area_map": lambda data, **o: charts.area_map(data, "area", "cases", boundaries=BOUNDARIES, **o),
    "age_sex_pyramid": lambda data, **o: charts.age_sex_pyramid(data, "age", "cases", sex="sex", **o),
}
KINDS = sorted(DRAW)


def draw(kind: str, data: pl.DataFrame | None = None, **options: object) -> alt.TopLevelMixin:
    """A chart of a kind, of its own data unless others are given."""
    return DRAW[kind](DATA[kind] if data is None else data, **{"title": "Số mắc", **options})


@cache
def rendered(kind: str, language: str = "vi") -> str:
    """The chart of a kind as SVG, drawn once for all tests that only look at it."""
    return charts.svg(draw(kind, language=language))


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Every kind of chart."""
    return str(request.param)
