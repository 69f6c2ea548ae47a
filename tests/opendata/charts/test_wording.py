"""Numbers, labels and classes as readers of each language know them."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import polars as pl
import pytest

import catalog
from opendata import charts
from opendata.charts.classes import classed
from opendata.charts.wording import Wording, wording_for
from tests.opendata.charts.conftest import DATA, PROVINCES, cells, draw, rendered
from tests.opendata.charts.drawn import SVG, marks, texts


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (4480.2, 1, "4.480,2", "4,480.2"),
        (1234567, 0, "1.234.567", "1,234,567"),
        (0, 0, "0", "0"),
        (-0.01, 1, "0,0", "0.0"),
        (33.25, 1, "33,3", "33.3"),
        (Decimal("2.675"), 2, "2,68", "2.68"),
        (-1500, 0, "-1.500", "-1,500"),
        (
            2.0**100,
            1,
            "1.267.650.600.228.229.401.496.703.205.376,0",
            "1,267,650,600,228,229,401,496,703,205,376.0",
        ),
    ],
)
def test_numbers(value: float | Decimal, decimals: int, vi: str, en: str) -> None:
    assert Wording(title="t", decimals=decimals).number(value) == vi
    assert Wording(title="t", decimals=decimals, language="en").number(value) == en


@pytest.mark.parametrize(("largest", "decimals"), [(250.0, 1), (2.5, 2), (0.25, 3), (0.0025, 4), (0.0, 4)])
def test_rates_have_as_many_decimals_as_their_size_asks_for(largest: float, decimals: int) -> None:
    data = pl.DataFrame({"rate": [0.0, largest, None]})
    assert wording_for(data, "rate", title="t").decimals == decimals
    assert wording_for(data, "rate", title="t", decimals=2).decimals == 2
    assert wording_for(data.cast(pl.Decimal(12, 6)), "rate", title="t").decimals == decimals


def test_the_axis_is_written_in_the_language() -> None:
    data = pl.DataFrame({"time": ["2023", "2024"], "n": [0, 4000], "n_status": ["A", "A"]})
    shown = {
        language: texts(charts.svg(charts.time_series(data, "time", "n", title="t", language=language)))
        for language in ("vi", "en")
    }
    assert "4.000" in shown["vi"]
    assert "4,000" in shown["en"]


def test_labels_come_from_the_code_list_in_its_order() -> None:
    data = cells(area=["79", "01", "48"])
    lists = {"area": catalog.builtin("province-34")}
    rows = charts.heat_map(
        data.with_columns(pl.lit("x").alias("d")),
        "area",
        "cases",
        row="d",
        title="t",
        lists=lists,
        language="en",
    ).to_dict()["data"]["values"]
    assert [row["column"] for row in rows] == ["Ha Noi", "Da Nang", "Ho Chi Minh"]


def test_two_codes_of_one_name_are_told_apart() -> None:
    codes = tuple(catalog.Code(code, None, catalog.Labels(vi="Nơi", en="Place")) for code in "ab")
    wording = Wording(title="t", lists={"area": catalog.CodeList("places", "1", None, None, codes)})
    assert wording.labels("area", ["a", "b"]) == {"a": "Nơi (a)", "b": "Nơi (b)"}
    assert wording.labels("area", ["b"]) == {"b": "Nơi"}


def test_classes_cover_every_number_once() -> None:
    rows = [{"value": v} for v in [0, 0, 3, 7, 12, 55, 120, 121, 400, 9000, None]]
    out, labels = classed(rows, Wording(title="t"))
    assert out[-1] == {"value": None}
    assert [row["class"] for row in out[:2]] == [labels[0]] * 2
    assert {row["class"] for row in out[:-1]} == set(labels)
    assert 2 <= len(labels) <= 5
    order = [labels.index(row["class"]) for row in out[:-1]]
    assert order == sorted(order)
    assert labels[0] == "0"
    assert sum(row["class"] == "0" for row in out[:-1]) == 2
    assert labels[-1].endswith("9.000")


@pytest.mark.parametrize("values", [[], [0], [5, 5, 5], [0, 0, 0, 1], [0.5, 1.25, 2.0], [-3, 4], [10**9, 1]])
def test_classes_of_few_numbers(values: list[float]) -> None:
    out, labels = classed([{"value": v} for v in values], Wording(title="t", decimals=1))
    assert {row["class"] for row in out} == set(labels)
    assert len(labels) == len(set(labels))


def test_classes_of_fractions_say_where_they_end() -> None:
    _, labels = classed([{"value": v / 4} for v in range(40)], Wording(title="t", decimals=1))
    assert labels[:2] == ["0,0", "0,3 đến dưới 2,5"]
    assert labels[-1] == "7,5 – 9,8"
    _, labels = classed([{"value": v / 4} for v in range(1, 41)], Wording(title="t", decimals=2))
    assert labels[0] == "0,25 đến dưới 2,20"


def test_numbers_that_read_alike_are_in_one_class() -> None:
    wording = Wording(title="t", decimals=1)
    out, labels = classed([{"value": 0.3 + v / 37} for v in range(37)], wording)
    shown: dict[str, set[str]] = {}
    for row in out:
        shown.setdefault(wording.number(row["value"]), set()).add(row["class"])
    assert all(len(classes) == 1 for classes in shown.values())
    assert [label.split(" ")[0] for label in labels] == sorted({label.split(" ")[0] for label in labels})


def test_a_tile_shows_the_name_and_the_number() -> None:
    shown = texts(rendered("tile_map_34"))
    names = {code.labels.vi for code in catalog.leaves(catalog.builtin("province-34"))}
    assert names <= set(shown)
    assert len(names) == len(PROVINCES["province-34"])


def test_a_chart_of_zeros_has_them_at_the_end_of_the_axis() -> None:
    data = cells(area=["a", "b"]).with_columns(pl.lit(0).alias("cases"))
    drawn = charts.svg(charts.ranked_bars(data, "area", "cases", title="t"))
    assert [mark.get("d", "").split(",")[0] for mark in marks(drawn, "zero")] == ["M-1", "M-1"]


def test_amounts_are_shown_to_the_last_digit_that_is_published() -> None:
    amounts = [Decimal("123456789012345.67"), Decimal("99999999999999.99")]
    data = pl.DataFrame({"area": ["a", "b"], "dong_status": ["A", "A"]})
    data = data.with_columns(pl.Series("dong", amounts, dtype=pl.Decimal(20, 2)))
    rows = charts.ranked_bars(data, "area", "dong", title="t", decimals=2).to_dict()["data"]["values"]
    assert [row["shown"] for row in rows] == ["123.456.789.012.345,67", "99.999.999.999.999,99"]


@pytest.mark.parametrize("options", [{"language": "fr"}, {"decimals": -1}, {"decimals": 40}])
def test_what_cannot_be_chosen_is_told(options: dict) -> None:
    with pytest.raises(charts.ChartError, match=next(iter(options))):
        charts.ranked_bars(cells(area=["a"]), "area", "cases", title="t", **options)


def test_the_number_of_a_bar_left_of_zero_does_not_stand_on_the_bar() -> None:
    data = pl.DataFrame({"area": ["a", "b"], "n": [-900, 300], "n_status": ["A", "A"]})
    drawn = charts.svg(charts.ranked_bars(data, "area", "n", title="t"))
    at = {"".join(mark.itertext()): mark.get("transform", "") for mark in marks(drawn, "numbers")}
    zero = float(at["-900"].removeprefix("translate(").split(",")[0]) - 9
    (bar,) = (mark for mark in marks(drawn, "bars") if "-900" in mark.get("aria-label", ""))
    left, width = (
        float(part) for part in re.fullmatch(r"M([\d.]+),[\d.]+h([\d.]+)v.*", bar.get("d", "")).groups()
    )
    assert zero == pytest.approx(left + width, abs=1)


def test_a_long_title_is_broken_into_lines() -> None:
    title = "Trung tâm Kiểm soát bệnh tật và Bệnh viện Đa khoa khu vực " * 6
    chart = charts.ranked_bars(cells(area=["a", "b"]), "area", "cases", title=title, subtitle=title)
    drawn = charts.svg(chart)
    assert float(re.search(r' width="([^"]+)"', drawn).group(1)) < 1000
    assert title.strip() in chart.to_dict()["description"]
    assert f"<caption>{title.strip()}</caption>" in charts.figure(chart)


@pytest.mark.parametrize("largest", range(7))
@pytest.mark.parametrize("kind", ["time_series", "small_multiples", "ranked_bars", "age_sex_pyramid"])
def test_small_whole_numbers_have_no_ticks_between_them(kind: str, largest: int) -> None:
    data = DATA[kind].with_columns(
        pl.when(pl.col("cases").is_not_null()).then(pl.int_range(pl.len()) % (largest + 1)).alias("cases")
    )
    drawn = ElementTree.fromstring(charts.svg(draw(kind, data)))
    labels = [group for group in drawn.iter(f"{SVG}g") if "role-axis-label" in group.get("class", "")]
    axes = [[text for node in group for text in node.itertext()] for group in labels]
    axes = [axis for axis in axes if axis and all(re.fullmatch(r"\d", text) for text in axis)]
    assert axes
    assert all(len(axis) == len(set(axis)) for axis in axes)
