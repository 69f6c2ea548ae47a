"""Time series: where a line stops, what is dashed, which periods have a label."""

import polars as pl

from opendata import charts
from opendata.charts import periods
from tests.opendata.charts.conftest import DATA, MONTHS, draw, rendered
from tests.opendata.charts.drawn import labels, marks, texts


def parts(rows: list[dict]) -> dict[int, tuple[str, list[str]]]:
    found: dict[int, tuple[str, list[str]]] = {}
    for row in rows:
        if row.get("part") == "line":
            found.setdefault(row["path"], (row["style"], []))[1].append(row["time"].split("/")[0])
    return found


def test_a_line_stops_at_gaps_and_at_a_break_and_is_dashed_where_figures_are_not_final() -> None:
    # 1 2 Q 4 O 6 | 7 8 Q E P P: an estimate joins the dotted style to what follows
    rows = draw("time_series").to_dict()["data"]["values"]
    assert list(parts(rows).values()) == [
        ("A", ["1", "2"]),
        ("A", ["7", "8"]),
        ("E", ["10", "11"]),
        ("P", ["11", "12"]),
    ]


def test_lines_of_several_series_are_never_joined() -> None:
    rows = draw("several_series").to_dict()["data"]["values"]
    paths = {row["path"]: set() for row in rows if row.get("part") == "line"}
    for row in rows:
        if row.get("part") == "line":
            paths[row["path"]].add(row["series"])
    assert len(paths) == 8
    assert all(len(series) == 1 for series in paths.values())


def test_a_break_is_a_rule_and_provisional_points_are_hollow() -> None:
    seen = rendered("time_series")
    (rule,) = marks(seen, "break")
    assert rule.get("stroke-dasharray") == "6,3"
    assert labels(seen, "break") == ["7/2024: 822 (gián đoạn chuỗi)"]
    assert [mark.get("fill") for mark in marks(seen, "provisional")] == ["#ffffff"] * 2
    assert [mark.get("fill") for mark in marks(seen, "published")] == ["#0072b2"] * 5
    dashes = [mark.get("stroke-dasharray") for mark in marks(seen, "line")]
    assert dashes[-2:] == ["1.5,2.5", "5,3"]


def test_of_several_series_each_has_a_named_lane() -> None:
    seen = rendered("several_series")
    heights = {mark.get("transform", "").split(",")[1] for mark in marks(seen, "suppressed")}
    assert len(heights) == 2
    assert texts(seen).count("x") == 2  # the legend and the lane


def test_the_old_call_still_works() -> None:
    chart = charts.time_series(
        DATA["time_series"], "time", "cases", title="Sốt xuất huyết", subtitle="Số mắc"
    )
    assert chart.to_dict()["description"].startswith(
        "Biểu đồ đường: Sốt xuất huyết. Số mắc. 1/2024 – 12/2024"
    )


def test_periods_as_readers_write_them() -> None:
    codes = ["2024", "2024-Q2", "2024-04", "2024-W05", "2024-04-30", "Tết", "2024-02-31", "2023-W53"]
    assert [periods.label(code, "vi") for code in codes] == [
        "2024", "quý 2/2024", "4/2024", "tuần 5/2024", "30/04/2024", "Tết", "2024-02-31", "2023-W53",
    ]  # fmt: skip
    assert [periods.label(code, "en") for code in codes[:5]] == [
        "2024", "Q2 2024", "Apr 2024", "week 5, 2024", "30 Apr 2024",
    ]  # fmt: skip


def test_the_calendar_has_no_holes() -> None:
    assert periods.run(["2024-02", "2023-11"]) == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert periods.run(["2023-Q4", "2024-Q2"]) == ["2023-Q4", "2024-Q1", "2024-Q2"]
    assert periods.run(["2020-W52", "2021-W01"]) == ["2020-W52", "2020-W53", "2021-W01"]
    assert periods.run(["2024-02-28", "2024-03-01"]) == ["2024-02-28", "2024-02-29", "2024-03-01"]
    assert periods.run(["2019", "2021"]) == ["2019", "2020", "2021"]
    assert periods.run(["before", "after"]) == ["after", "before"]


def test_labels_that_do_not_fit_give_way_to_years() -> None:
    months = [f"{year}-{month:02}" for year in range(2015, 2025) for month in range(1, 13)]
    assert periods.ticks(months, 680, "vi") == [f"{year}-01" for year in range(2015, 2025)]
    assert periods.ticks(MONTHS, 1000, "vi") == MONTHS
    assert periods.ticks(MONTHS, 400, "vi") == MONTHS[::2]


def test_a_long_series_of_one_thing_keeps_every_label_inside() -> None:
    months = periods.run(["2015-01", "2024-12"])
    data = pl.DataFrame({"time": months, "n": range(120), "n_status": ["A"] * 120})
    shown = texts(charts.svg(charts.time_series(data, "time", "n", title="t")))
    assert [text for text in shown if "/" in text] == [f"1/{year}" for year in range(2015, 2025)]
