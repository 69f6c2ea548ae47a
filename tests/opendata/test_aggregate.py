"""Aggregation: every margin, against sums made by hand."""

import json
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import catalog
from opendata import aggregate
from opendata.errors import SourceError
from opendata.spec import TableSection

LABEL = {"vi": "Nhãn", "en": "Label"}
SECTION = TableSection.model_validate_json(
    json.dumps(
        {
            "dimensions": {
                "sex": {"label": LABEL, "codes": "sex"},
                "time": {"label": LABEL, "calendar": "months"},
            },
            "measures": {"cases": {"label": LABEL, "unit": LABEL}, "deaths": {"label": LABEL, "unit": LABEL}},
        }
    )
)
STORED = {"sex": catalog.builtin("sex")}
MONTHS = [f"2024-{month:02}" for month in range(1, 13)]
ROWS = st.lists(
    st.tuples(st.sampled_from(["F", "M"]), st.sampled_from(MONTHS), st.integers(0, 9), st.integers(0, 3)),
    min_size=1,
    max_size=40,
)


def frame(rows) -> pl.DataFrame:
    schema = {"sex": pl.String, "time": pl.String, "cases": pl.Int64, "deaths": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def below(time: str) -> list[str]:
    if "-Q" in time:
        first = 3 * int(time[-1]) - 2
        return [f"{time[:4]}-{month:02}" for month in range(first, first + 3)]
    return [month for month in MONTHS if month.startswith(time)]


@given(ROWS)
@settings(max_examples=50, deadline=None)
def test_every_cell_is_the_sum_of_its_records(rows):
    rows += [("F", month, 0, 0) for month in MONTHS] + [("M", "2024-01", 0, 0)]
    table = aggregate.aggregate(SECTION, frame(rows), STORED)
    found = {(r["sex"], r["time"], r["measure"]): r["value"] for r in table.cells.iter_rows(named=True)}
    sexes = {"_T": {"F", "M"}, "F": {"F"}, "M": {"M"}}
    times = [*MONTHS, *(f"2024-Q{q}" for q in range(1, 5)), "2024"]
    assert found.keys() == set(product(sexes, times, ["cases", "deaths"]))
    for (sex, time, measure), value in found.items():
        column = 2 if measure == "cases" else 3
        assert value == sum(r[column] for r in rows if r[0] in sexes[sex] and r[1] in below(time))


def codes(rows) -> set[str]:
    return set(aggregate.aggregate(SECTION, frame(rows), STORED).cells["time"])


def test_a_quarter_or_year_with_months_missing_is_not_shown():
    rows = [("F", month, 1, 0) for month in MONTHS[:7]] + [("M", "2024-01", 1, 0)]
    assert codes(rows) == {*MONTHS[:7], "2024-Q1", "2024-Q2"}


def test_years_are_not_added_up():
    rows = [(sex, f"{year}-{m:02}", 1, 0) for sex in "FM" for year in (2023, 2024) for m in range(1, 13)]
    assert {code for code in codes(rows) if "-" not in code} == {"2023", "2024"}


def test_a_code_without_records_is_left_out_not_zero():
    table = aggregate.aggregate(SECTION, frame([("F", month, 1, 0) for month in MONTHS]), STORED)
    assert "M" not in set(table.cells["sex"])


def test_columns_must_be_those_of_the_table():
    with pytest.raises(SourceError) as refused:
        aggregate.aggregate(SECTION, frame([("F", "2024-01", 1, 0)]).rename({"deaths": "name"}), STORED)
    assert {p.where for p in refused.value.problems} == {"table: deaths", "source: name"}


@pytest.mark.parametrize("code", ["2024-13", "2024-1", "abcd-01", "0000-01", "Bình phục"])
def test_what_is_no_month_is_a_message_without_it(code):
    with pytest.raises(SourceError, match="not months") as refused:
        aggregate.aggregate(SECTION, frame([("F", code, 1, 0)]), STORED)
    assert code not in str(refused.value)


def test_no_records_is_a_message():
    with pytest.raises(SourceError, match="no records"):
        aggregate.aggregate(SECTION, frame([]), STORED)
