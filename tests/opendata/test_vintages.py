"""Tables carried to another vintage: sums, breaks, and what stays unknown."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import anonymize
import catalog
from catalog.areas import common, through
from catalog.correspondences import breaks, correspondence
from catalog.shipped import names
from opendata.errors import SpecError
from opendata.vintages import join, roll_up

TODAY = correspondence("province-63", "province-34")
CODES = sorted(code.code for code in catalog.leaves(catalog.builtin("province-63")))
COUNTS = {"cases": "count"}


def frame(rows):
    return pl.DataFrame(rows, {"province": pl.String, "time": pl.String, "cases": pl.Int64}, orient="row")


def rows(table):
    return {row[0]: row[2:] for row in table.iter_rows()}


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(CODES), st.sampled_from(["2024", "2025"])), st.integers(0, 99) | st.none()
    )
)
def test_frames_add_up_as_plain_figures_do(values):
    table = roll_up(frame([(*key, value) for key, value in values.items()]), "province", TODAY, COUNTS)
    assert table.columns == ["province", "time", "cases", "cases_status"]
    assert table.schema["cases"] == pl.Int64
    for year in ("2024", "2025"):
        one = {code: value for (code, time), value in values.items() if time == year}
        expected = catalog.roll_up(one, TODAY, kind="count")
        found = table.filter(pl.col("time") == year)
        assert dict(zip(found["province"], found["cases"], strict=True)) == expected
        for code, value, status in found.select("province", "cases", "cases_status").iter_rows():
            assert status == ("O" if value is None else "B" if code in breaks(TODAY) else "A")


def test_a_hidden_part_hides_the_sum_and_says_so():
    table = pl.DataFrame(
        {
            "province": ["02", "08", "01", "04"],
            "cases": [None, 7, 5, 3],
            "cases_status": ["Q", "A", "P", "A"],
        }
    )
    found = roll_up(table, "province", TODAY, COUNTS)
    assert {row[0]: row[1:] for row in found.iter_rows()} == {
        "01": (5, "P"),
        "04": (3, "A"),
        "08": (None, "Q"),
    }


def test_every_mistake_is_refused_at_once():
    table = frame([("VN", "2024", 1), ("01", "2024", 1)]).with_columns(rate=0.5)
    with pytest.raises(SpecError) as refused:
        roll_up(table, "province", TODAY, {"cases": "count", "rate": "rate"})
    assert len(refused.value.problems) == 2
    with pytest.raises(SpecError, match="no such column"):
        roll_up(table, "area", TODAY, COUNTS)


def test_a_code_without_value_or_twice_is_refused():
    with pytest.raises(SpecError):
        roll_up(frame([(None, "2024", 1)]), "province", TODAY, COUNTS)
    with pytest.raises(SpecError, match="more than once"):
        roll_up(frame([("01", "2024", 1), ("01", "2024", 2)]), "province", TODAY, COUNTS)


@pytest.mark.parametrize("year", [1985, 1994, 2000, 2006])
def test_real_series_keep_their_totals(shared, year):
    name = {1985: "province-40", 1994: "province-53", 2000: "province-61", 2006: "province-64"}[year]
    known = catalog.match(catalog.builtin(name))
    series = pl.read_parquet(shared / "data/gdpm/monthly-1980-2010.parquet").filter(pl.col("year") == year)
    series = series.with_columns(
        pl.col("province").map_elements(lambda text: known[catalog.normal(text)], pl.String)
    )
    cases = series.group_by("province", "disease").agg(pl.col("cases").fill_null(0).sum())
    back = roll_up(cases, "province", correspondence(name, "province-40"), COUNTS) if year > 1985 else cases
    assert back["province"].n_unique() == 40
    assert back["cases"].sum() == cases["cases"].sum()


@pytest.mark.parametrize("name", [name for name in names() if name != "obs-status"])
def test_a_hierarchy_can_be_built_from_every_shipped_list(name):
    codes = catalog.builtin(name)
    hierarchy = anonymize.Hierarchy.from_parents(name, catalog.parents(codes))
    assert set(hierarchy.leaves) == {code.code for code in catalog.leaves(codes)}
    assert codes.source


def test_thirty_years_of_real_series_over_the_areas_they_have_in_common(shared):
    earlier, later = common("province-40", "province-63")
    series = pl.read_parquet(shared / "data/gdpm/monthly-1980-2010.parquet")
    found = []
    for year, name in (
        (1985, "province-40"),
        (1991, "province-45"),
        (2000, "province-61"),
        (2010, "province-63"),
    ):
        known = catalog.match(catalog.builtin(name))
        codes = pl.col("province").map_elements(
            lambda text, known=known: known[catalog.normal(text)], pl.String
        )
        cases = series.filter(pl.col("year") == year).group_by(codes).agg(pl.col("cases").sum())
        along = earlier if name == "province-40" else later if name == "province-63" else through(name, later)
        areas = roll_up(cases, "province", along, COUNTS)
        assert areas["cases"].sum() == cases["cases"].sum()
        found.append(areas["province"].to_list())
    assert all(areas == found[0] for areas in found)


def test_tables_of_one_vintage_join_and_others_do_not():
    old, new = catalog.builtin("province-63"), catalog.builtin("province-34")
    people = pl.DataFrame({"province": ["01", "04"], "people": [8, 5]})
    joined = join(frame([("01", "2024", 3)]), people, on=["province"], codes=(old, old))
    assert joined.row(0) == ("01", "2024", 3, 8)
    with pytest.raises(SpecError, match="different lists") as refused:
        join(frame([("02", "2024", 3)]), people, on=["province"], codes=(old, new))
    assert len(refused.value.problems) == 1
    with pytest.raises(SpecError, match="declares no list"):
        join(people, people, on=["province"], codes=(old, None))
    with pytest.raises(SpecError, match="more than once"):
        join(people, pl.concat([people, people]), on=["province"], codes=(old, old))
