"""Charts from released data that work offline; a suppressed value is shown as suppressed, never as low or absent."""

from __future__ import annotations

from opendata.charts.areas import area_map
from opendata.charts.bars import ranked_bars
from opendata.charts.errors import ChartError
from opendata.charts.fonts import font_face
from opendata.charts.heat import heat_map
from opendata.charts.lines import small_multiples, time_series
from opendata.charts.output import enable, figure, png, svg
from opendata.charts.pyramid import age_sex_pyramid
from opendata.charts.tiles import tile_map

__all__ = [
    "ChartError",
    "age_sex_pyramid",
    "area_map",
    "enable",
    "figure",
    "font_face",
    "heat_map",
    "png",
    "ranked_bars",
    "small_multiples",
    "svg",
    "tile_map",
    "time_series",
]
