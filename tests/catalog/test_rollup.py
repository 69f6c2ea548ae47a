"""Joins of coded columns and figures carried over: what is added up, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalog
from catalog.correspondences import correspondence
from catalog.rollup import Coded, joinable, roll_up

OLD, NEW = catalog.builtin("province-63"), catalog.builtin("province-34")
TODAY = correspondence("province-63", "province-34")
CODES = sorted(code.code for code in catalog.leaves(OLD))


def coded(codelist, *codes, place="data.province"):
    return Coded(place, frozenset(codes), codelist)


@given(st.fixed_dictionaries({code: st.integers(0, 10**6) for code in CODES}))
def test_totals_are_preserved(values):
    assert sum(roll_up(values, TODAY, kind="count").values()) == sum(values.values())


@given(st.dictionaries(st.sampled_from(CODES), st.integers(0, 99) | st.none()))
def test_a_sum_is_known_only_when_every_part_is(values):
    for after, value in roll_up(values, TODAY, kind="count").items():
        parts = [values.get(link.before) for link in TODAY.links if link.after == after]
        assert value == (None if None in parts else sum(parts))


def test_two_splits_add_up_to_what_they_were():
    values = {"ha-tay": 3, "hoa-binh": 4, "can-tho": 5, "soc-trang": 6}
    back = roll_up(values, correspondence("province-53", "province-45"), kind="count")
    assert back == {"ha-son-binh": 7, "hau-giang": 11}


@pytest.mark.parametrize("kind", ["rate", "ratio", "percentage", "mean", "median", "index"])
def test_what_does_not_add_up_is_refused_with_the_remedy(kind):
    with pytest.raises(catalog.VintageError, match="numerator"):
        roll_up({"01": 1}, TODAY, kind=kind)


def test_splits_are_refused_for_the_codes_that_are_split():
    forward = correspondence("province-61", "province-64")
    assert roll_up({"ha-noi": 7}, forward, kind="count") == {"ha-noi": 7}
    with pytest.raises(catalog.VintageError, match="province-61 can-tho → province-64 can-tho, hau-giang"):
        roll_up({"ha-noi": 7, "can-tho": 2}, forward, kind="count")


def test_every_mistake_of_a_roll_up_is_told_at_once_and_no_unknown_code():
    forward = correspondence("province-61", "province-64")
    with pytest.raises(catalog.VintageError) as refused:
        roll_up({"can-tho": 2, "Nguyen Van A": 1}, forward, kind="rate")
    assert len(refused.value.problems) == 3
    assert "Nguyen" not in str(refused.value)


def test_columns_of_one_vintage_join():
    joinable(coded(OLD, "01", "02"), coded(OLD, "96", "VN", place="population.province"))


def test_a_join_tells_every_mistake_at_once():
    with pytest.raises(catalog.VintageError) as refused:
        joinable(coded(None, "01"), coded(OLD, "01", "Lê Thị B", place="b"), coded(NEW, "02", place="c"))
    assert [p.where for p in refused.value.problems] == [
        "data.province", "b: province-63", "c: province-34", "data.province, b, c",
    ]  # fmt: skip
    assert "Lê" not in str(refused.value)


def test_codes_of_another_vintage_are_told_where_they_belong():
    with pytest.raises(catalog.VintageError, match="They are in: province-63"):
        joinable(coded(NEW, "02", "06"))
