"""On every kind of chart suppressed, missing and zero are three different things, and none of them is absent."""

import re

import pytest

from opendata.charts import svg
from opendata.charts.theme import HIDDEN, LOW_TO_HIGH, PAPER, SERIES
from tests.opendata.charts.conftest import DATA, KINDS, draw, rendered
from tests.opendata.charts.drawn import labels, marks, texts

NUMBERS = (
    "published",
    "broken",
    "provisional",
    "estimated",
    "bars",
    "cells",
    "zero",
)  # layers that show a number
ISLANDS = {"tile_map_34": 1}  # Khánh Hòa is suppressed there, and so is its archipelago


def count(kind: str, *statuses: str) -> int:
    return DATA[kind].filter(DATA[kind]["cases_status"].is_in(statuses)).height


def test_every_suppressed_cell_is_grey_and_hatched(kind: str) -> None:
    drawn = marks(rendered(kind), "suppressed")
    assert len(drawn) == count(kind, "Q") + ISLANDS.get(kind, 0)
    for mark in drawn:
        assert mark.get("fill") == HIDDEN
        assert mark.get("opacity") == "1"
        assert mark.get("d", "").count("M") > 2, "no hatch"
        assert mark.get("aria-label", "").endswith(": đã che")


def test_every_missing_cell_is_empty_with_a_dash(kind: str) -> None:
    drawn = marks(rendered(kind), "missing")
    assert len(drawn) == count(kind, "O")
    for mark in drawn:
        assert mark.get("fill") == PAPER
        assert mark.get("d", "").count("M") == 2, "a box and a dash"
        assert mark.get("aria-label", "").endswith(": không có số liệu")


def test_zero_is_drawn_as_a_number(kind: str) -> None:
    seen = rendered(kind)
    zeros = [mark for name in NUMBERS for mark in marks(seen, name) if said_zero(mark.get("aria-label", ""))]
    assert zeros
    assert {mark.get("fill") for mark in zeros} <= {LOW_TO_HIGH[0], *SERIES}


def said_zero(label: str) -> bool:
    return label.rsplit(": ", 1)[-1] == "0"


def test_no_layer_of_numbers_holds_a_cell_without_one(kind: str) -> None:
    seen = rendered(kind)
    said = [label for name in NUMBERS for label in labels(seen, name)]
    assert said
    assert not [label for label in said if label.endswith(("đã che", "không có số liệu"))]


def test_no_line_touches_a_period_without_a_number(kind: str) -> None:
    spec = draw(kind).to_dict()
    rows = spec["data"]["values"]
    gaps = {(r.get("series"), r["time"]) for r in rows if r.get("status") in ("Q", "O") and "time" in r}
    assert not [r for r in rows if r.get("part") == "line" and (r.get("series"), r["time"]) in gaps]


@pytest.mark.parametrize(
    ("language", "entries"),
    [
        ("vi", ["Đã che (suppressed)", "Không có số liệu (missing)", "Sơ bộ (provisional)"]),
        ("en", ["Suppressed", "Missing", "Provisional", "Estimated", "Break in series"]),
    ],
)
def test_the_legend_names_them(kind: str, language: str, entries: list[str]) -> None:
    assert set(entries) <= set(texts(rendered(kind, language)))


def test_the_description_counts_them(kind: str) -> None:
    description = draw(kind).to_dict()["description"]
    assert f"{count(kind, 'Q')} đã che" in description
    assert f"{count(kind, 'O')} không có số liệu" in description
    assert f"{DATA[kind].height} ô số liệu" in description


def test_a_suppressed_area_is_grey_and_a_missing_one_white() -> None:
    seen = rendered("area_map")
    assert [mark.get("fill") for mark in marks(seen, "area_Q")] == [HIDDEN] * count("area_map", "Q")
    assert [mark.get("fill") for mark in marks(seen, "area_O")] == [PAPER] * count("area_map", "O")


def test_what_has_no_number_has_no_rank() -> None:
    said = texts(rendered("ranked_bars"))
    names = [text for text in said if text.startswith("a") and len(text) == 3]
    numbers = labels(rendered("ranked_bars"), "bars")
    assert names[-3:] == ["a02", "a08", "a04"]  # two suppressed, then the missing one
    assert len(numbers) == len(names) - 3
    assert said.count("đã che") == 4  # a halo under each of two words


# The cells of the two other kinds are the rows of their data.
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"ranked_bars", "area_map"}), indirect=True)
def test_a_period_or_cell_that_the_data_leave_out_is_missing(kind: str) -> None:
    data = DATA[kind]
    drawn = marks(svg(draw(kind, data.filter(data["cases"].fill_null(-1) != 137))), "missing")
    assert len(drawn) == count(kind, "O") + data.filter(data["cases"] == 137).height


def test_everything_suppressed_is_still_a_chart(kind: str) -> None:
    import polars as pl

    data = DATA[kind].with_columns(pl.lit(None, pl.Int64).alias("cases"), pl.lit("Q").alias("cases_status"))
    seen = svg(draw(kind, data))
    assert len(marks(seen, "suppressed")) >= data.height
    assert not [label for name in NUMBERS for label in labels(seen, name)]
    size = [float(re.search(rf' {side}="([^"]+)"', seen).group(1)) for side in ("width", "height")]
    assert max(size) < 3000, "a picture that nothing can draw"


def test_hidden_values_may_come_as_a_column_of_nothing() -> None:
    import polars as pl

    data = pl.DataFrame({"time": ["2031", "2032"], "cases": [None, None], "cases_status": ["Q", "Q"]})
    assert data.schema["cases"] == pl.Null
    assert len(marks(svg(draw("time_series", data)), "suppressed")) == 2
