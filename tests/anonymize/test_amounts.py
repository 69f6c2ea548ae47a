"""Amounts are kept exactly; what cannot be is refused."""

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import anonymize as an
from anonymize import amounts
from anonymize.protect import publish

AREA = an.Hierarchy.flat("area", "ab")


def table(values, **more):
    codes = ["a", "b"] * len(values)
    frame = pl.DataFrame({"area": codes[: len(values)], "cost": values})
    return an.Table.from_records(frame, {"area": AREA}, value="cost", **more)


@pytest.mark.parametrize(
    ("values", "decimals", "first"),
    [
        ([12, 30], 0, 12),
        ([0.1, 0.2], 1, 1),
        ([1e8 + 0.29, 2.0], 2, 10_000_000_029),
        ([Decimal("1.500"), Decimal("2.25")], 2, 150),
        ([-3.5, 2.0], 1, -35),
    ],
)
def test_scaled_by_the_fewest_decimals(values, decimals, first):
    made = table(values)
    assert (made.decimals, made.values[1]) == (decimals, first)
    assert made.cells["value"].dtype == (pl.Decimal(38, decimals) if decimals else pl.Int64)


def test_sums_are_exact_where_floats_are_not():
    made = table([0.1] * 30)
    assert made.cells["value"].to_list() == [Decimal("3.0"), Decimal("1.5"), Decimal("1.5")]


@given(st.lists(st.decimals(-(10**6), 10**6, places=3), min_size=1, max_size=20))
def test_floats_stand_for_the_numbers_they_print_as(values):
    frame = pl.DataFrame({"x": [float(v) for v in values]})
    whole, decimals = amounts.scaled(frame, ["x"])
    assert [Decimal(int(w)).scaleb(-decimals) for w in whole[:, 0]] == values
    back = amounts.unscaled(whole[:, 0], decimals)
    assert [Decimal(v) for v in back] == values


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([1 / 3, 2.0], "more than 6 decimals"),
        ([1e17, 1.0], "too large"),
        ([None, 1.0], "1 rows without a number"),
        ([float("nan"), 1.0], "1 rows without a number"),
        (["x", "y"], "must be numeric"),
    ],
)
def test_refusals_name_the_column_and_no_value(values, says):
    with pytest.raises(an.TableError, match="column cost") as caught:
        table(values)
    assert says in str(caught.value)
    assert "0.33" not in str(caught.value)


def test_several_measures_share_their_decimals():
    frame = pl.DataFrame({"area": ["a", "b"], "cost": [1.25, 2.0], "fee": [3.5, 0.0]})
    made = an.Table.from_records(frame, {"area": AREA}, value=["fee", "cost"])
    assert made.measures == ("cost", "fee")
    assert made.values.tolist() == [325, 350, 125, 350, 200, 0]


def test_cells_of_amounts_with_margins():
    frame = pl.DataFrame({"area": ["a", "b", "_T"], "v": [1.5, -0.25, 1.25]})
    made = an.Table.from_cells(frame, {"area": AREA}, value="v", magnitude=True)
    assert (made.decimals, made.signed, made.values[0]) == (2, True, 125)
    with pytest.raises(an.TableError, match="not whole"):
        an.Table.from_cells(frame, {"area": AREA}, value="v")
    wrong = frame.with_columns(v=pl.Series([1.5, -0.25, 1.26]))
    with pytest.raises(an.TableError, match="cell area=_T"):
        an.Table.from_cells(wrong, {"area": AREA}, value="v", magnitude=True)


def test_one_kind_of_table():
    frame = pl.DataFrame({"area": ["a"], "v": [1]})
    for kind in ({}, {"count": "v", "value": "v"}, {"count": "v", "weight": "v"}):
        with pytest.raises(an.PolicyError):
            an.Table.from_records(frame, {"area": AREA}, **kind)


def test_earlier_amounts_are_compared_in_the_unit_of_the_table():
    made = table([1.5, 2.25])
    policy = an.Protection(rules=[an.Manual()])
    seen = made.cells.with_columns(pl.col("value").cast(pl.Float64))
    flagged = an.mark(made, pl.DataFrame({"area": ["a"], "flag": ["sensitive"]}))
    again = an.audit(hidden(flagged), policy, known=[seen])
    assert {f.kind for f in again.findings} == {"shown"}


def hidden(made):
    return publish(made, np.array([False, True, True]), an.Protection(rules=[an.Manual()]))
