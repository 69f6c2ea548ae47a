"""A chart holds what the release shows and nothing else, and refuses what is no release."""

import json

import polars as pl
import pytest

import catalog
from opendata import charts
from opendata.charts import ChartError
from tests.opendata.charts.conftest import DATA, HIDDEN_VALUE, draw
from tests.opendata.charts.drawn import marks


def test_no_other_column_and_no_other_property_reaches_the_chart(kind: str) -> None:
    data = DATA[kind].with_columns(
        pl.lit(HIDDEN_VALUE).alias("deaths"),
        pl.lit("Q").alias("deaths_status"),
        pl.lit(str(HIDDEN_VALUE)).alias("note"),
    )
    chart = draw(kind, data)
    everything = json.dumps(chart.to_dict()) + charts.svg(chart) + charts.figure(chart)
    assert str(HIDDEN_VALUE) not in everything
    assert "987.654" not in everything
    assert "deaths" not in everything


def test_every_number_of_the_chart_is_in_the_release(kind: str) -> None:
    values = {row["value"] for row in draw(kind).to_dict()["data"]["values"] if "value" in row}
    assert values == set(DATA[kind]["cases"])


@pytest.mark.parametrize("status", ["Q", "O"])
def test_a_number_beside_a_status_that_hides_it_is_refused(kind: str, status: str) -> None:
    data = DATA[kind]
    leak = data["cases_status"] == status
    leaking = data.with_columns(pl.when(leak).then(HIDDEN_VALUE).otherwise("cases").alias("cases"))
    with pytest.raises(ChartError) as refusal:
        draw(kind, leaking)
    (problem,) = refusal.value.problems
    assert "Q (đã che)" in problem.what.vi
    assert "Q (suppressed)" in problem.what.en
    assert problem.where == f"cases: {leak.sum()}"
    assert str(HIDDEN_VALUE) not in f"{refusal.value!r}{refusal.value}{problem}"


BASE = DATA["time_series"]
WRONG = {
    "no number and nothing hidden": BASE.with_columns(pl.lit("A").alias("cases_status")),
    "no status": BASE.with_columns(pl.lit(None, pl.String).alias("cases_status")),
    "an unknown status": BASE.with_columns(pl.lit("X").alias("cases_status")),
    "a status with a number that is none": BASE.with_columns(pl.lit("NaN").alias("cases_status")),
    "no column of status": BASE.drop("cases_status"),
    "no measure": BASE.drop("cases"),
    "a measure that is text": BASE.with_columns(pl.col("cases").cast(pl.String)),
    "codes that are numbers": BASE.with_columns(pl.int_range(pl.len()).alias("time")),
    "a cell twice": pl.concat([BASE, BASE]),
    "a row without a code": BASE.with_columns(
        pl.when(pl.col("time") != "2024-02").then("time").alias("time")
    ),
    "no rows": BASE.clear(),
    "infinite numbers": BASE.with_columns(pl.col("cases").cast(pl.Float64) / 0),
    "years among months": BASE.with_columns(pl.col("time").replace("2024-01", "2024")),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_release_is_refused(wrong: str) -> None:
    with pytest.raises(ChartError) as refusal:
        charts.time_series(WRONG[wrong], "time", "cases", title="t")
    assert all(p.what.vi and p.what.en and p.remedy.vi and p.remedy.en for p in refusal.value.problems)


def test_all_mistakes_at_once() -> None:
    wrong = BASE.with_columns(
        pl.when(pl.col("time") == "2024-01")
        .then(pl.lit("Z"))
        .otherwise("cases_status")
        .alias("cases_status"),
        pl.lit(1).alias("cases"),
    )
    with pytest.raises(ChartError) as refusal:
        charts.time_series(wrong, "time", "cases", title="t")
    assert [p.where for p in refusal.value.problems] == ["cases_status: 1", "cases: 3"]


def test_a_code_that_the_list_does_not_hold_is_refused() -> None:
    lists = {"area": catalog.builtin("province-34")}
    with pytest.raises(ChartError, match="a00"):
        charts.ranked_bars(DATA["ranked_bars"], "area", "cases", title="t", lists=lists)


def test_a_label_with_quotation_marks_is_a_label() -> None:
    codes = tuple(catalog.Code(c, None, catalog.Labels(vi=f"'{c}\\' \"x\"", en=c)) for c in "MF")
    lists = {"sex": catalog.CodeList("sexes", "1", None, None, codes)}
    drawn = charts.svg(draw("age_sex_pyramid", lists=lists))
    assert len(marks(drawn, "bars")) == 27


def test_more_series_than_can_be_told_apart_are_refused() -> None:
    many = pl.concat([BASE.with_columns(pl.lit(str(n)).alias("disease")) for n in range(7)])
    with pytest.raises(ChartError, match="small_multiples"):
        charts.time_series(many, "time", "cases", by="disease", title="t")


def test_a_pyramid_has_two_sexes_and_no_negative_number() -> None:
    data = DATA["age_sex_pyramid"]
    three = pl.concat([data, data.filter(sex="M").with_columns(pl.lit("_T").alias("sex"))])
    with pytest.raises(ChartError, match="exactly two sexes"):
        draw("age_sex_pyramid", three)
    with pytest.raises(ChartError, match="no negative"):
        draw("age_sex_pyramid", data.with_columns(-pl.col("cases")))
