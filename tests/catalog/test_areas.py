"""Areas that vintages have in common: nothing is split, nothing is lost, nothing is coarser than it must be."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalog
from catalog.areas import common, through
from catalog.correspondences import correspondence, targets
from catalog.rollup import roll_up

CHAIN = ("province-40", "province-44", "province-45", "province-53", "province-61", "province-64",
         "province-63", "province-34")  # fmt: skip
PAIRS = [("province-40", "province-63"), ("province-40", "province-34"), ("province-63", "province-34")]


def provinces(name):
    return sorted(code.code for code in catalog.leaves(catalog.builtin(name)))


def components(before, after):
    """The areas by another way: walk over every step of the chain between the two, from province to province."""
    chain = CHAIN[CHAIN.index(before) : CHAIN.index(after) + 1]
    near = {}
    for start, end in pairwise(chain):
        for link in correspondence(start, end).links:
            near.setdefault((start, link.before), set()).add((end, link.after))
            near.setdefault((end, link.after), set()).add((start, link.before))
    found = set()
    for node in near:
        seen, waiting = {node}, [node]
        while waiting:
            new = near[waiting.pop()] - seen
            seen |= new
            waiting += new
        found.add("+".join(sorted(code for name, code in seen if name == after)))
    return found


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_both_lists_go_whole_into_the_same_areas(before, after):
    for along, name in zip(common(before, after), (before, after), strict=True):
        assert sorted(targets(along)) == provinces(name)
        assert all(len(goes) == 1 for goes in targets(along).values())
        assert {link.after for link in along.links} == components(before, after)


def test_thirty_years_have_39_areas_in_common():
    assert len(components("province-40", "province-63")) == 39


def test_lists_that_nest_have_the_coarser_one_in_common():
    _, later = common("province-63", "province-34")
    assert all(link.before == link.after for link in later.links)


def test_what_ha_noi_took_in_ties_areas_together():
    earlier, _ = common("province-40", "province-63")
    assert targets(earlier)["ha-noi"] == targets(earlier)["ha-son-binh"] == ("01+17",)


@given(st.sampled_from(["province-45", "province-53", "province-61", "province-64"]), st.integers(0, 99))
def test_a_list_between_the_two_goes_there_too(name, value):
    earlier, later = common("province-40", "province-63")
    figures = roll_up(dict.fromkeys(provinces(name), value), through(name, later), kind="count")
    assert set(figures) == {link.after for link in earlier.links}
    assert sum(figures.values()) == value * len(provinces(name))
