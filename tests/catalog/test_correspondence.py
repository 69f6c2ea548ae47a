"""Correspondences between vintages: what is shipped, how they compose, and what is refused."""

import csv
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalog
from catalog.correspondences import breaks, compose, correspondence, parse, reverse, targets

CHAIN = ("province-40", "province-44", "province-45", "province-53", "province-61", "province-64",
         "province-63", "province-34", "province-34-2026")  # fmt: skip
TODAY = correspondence("province-63", "province-34")
TWO = catalog.parse("code,parent,label_vi,label_en,aliases\na,,A,A,\nb,,B,B,\n", "two")
ONE = catalog.parse("code,parent,label_vi,label_en,aliases\nc,,C,C,\n", "one")
HEADER = "before,after,kind,moved,note_vi,note_en\n"


def provinces(name):
    return {code.code for code in catalog.leaves(catalog.builtin(name))}


@pytest.mark.parametrize(("before", "after"), list(pairwise(CHAIN)))
def test_every_step_covers_both_lists_and_holds_on_adjoining_days(before, after):
    found = correspondence(before, after)
    assert set(targets(found)) == provinces(before)
    assert {link.after for link in found.links} == provinces(after)
    gap = catalog.builtin(after).valid_from - catalog.builtin(before).valid_to
    assert gap.days == 1


@pytest.mark.parametrize("code", sorted(provinces("province-63")))
def test_every_old_province_lies_in_exactly_one_new_one(code):
    assert len(targets(TODAY)[code]) == 1


def test_the_merger_of_2025_is_the_official_one(shared):
    with (shared / "data/geo/crosswalk_province_63_to_34.csv").open(encoding="utf-8") as stream:
        rows = {(row["old_code"], row["new_code"]): row["relation"] for row in csv.DictReader(stream)}
    assert {(link.before, link.after) for link in TODAY.links} == set(rows)
    for link in TODAY.links:
        assert (link.kind == "merged") == (rows[link.before, link.after] == "part_of")
    assert len(breaks(TODAY)) == 23
    assert [link.before for link in TODAY.links if link.kind == "renamed"] == ["46"]


def test_seven_codes_name_another_province_than_before():
    old, new = catalog.builtin("province-63"), catalog.builtin("province-34")
    labels = {code.code: code.labels.vi for code in old.codes}
    other = {c.code for c in new.codes if c.code.isdigit() and labels[c.code] != c.labels.vi}
    assert other == {"15", "24", "44", "52", "80", "82", "91", "46"}  # 46 was renamed, the others were reused


def test_only_dong_nai_changes_in_2026_and_its_series_goes_on():
    found = correspondence("province-34", "province-34-2026")
    assert [link.before for link in found.links if link.kind != "unchanged"] == ["75"]
    assert not breaks(found)


def test_the_same_name_may_be_another_area():
    assert targets(correspondence("province-45", "province-53"))["hau-giang"] == ("can-tho", "soc-trang")
    assert targets(correspondence("province-61", "province-64"))["can-tho"] == ("can-tho", "hau-giang")
    assert "can-tho" in breaks(correspondence("province-61", "province-64"))


def test_ha_tay_goes_into_ha_noi_and_boundaries_that_moved_break_the_series():
    found = correspondence("province-64", "province-63")
    assert targets(found)["ha-tay"] == ("01",)
    assert breaks(found) == {"01", "17", "26"}


def test_history_is_the_one_of_the_yearbooks(shared):
    polars = pytest.importorskip("polars")
    series = polars.read_parquet(shared / "data/gdpm/monthly-1980-2010.parquet")
    known = {name: catalog.match(catalog.builtin(name)) for name in CHAIN}
    for name in CHAIN[:6]:
        found = catalog.builtin(name)
        for year in range(found.valid_from.year, found.valid_to.year + (found.valid_to.month == 12)):
            written = set(series.filter(polars.col("year") == year)["province"].unique())
            codes = {known[name].get(catalog.normal(province)) for province in written}
            # In 1990 three provinces report beside the parts that they were split into.
            assert codes - {None} == provinces(name), (name, year)
            assert (None in codes) == (year == 1990)


@pytest.mark.parametrize("pair", [("province-40", "province-34"), ("province-61", "province-63")])
def test_reversing_twice_changes_nothing(pair):
    found = correspondence(*pair)
    assert reverse(reverse(found)).links == found.links
    assert {(n.after, n.before) for n in reverse(found).links} == {(n.before, n.after) for n in found.links}


@given(st.tuples(*[st.integers(0, len(CHAIN) - 1)] * 3).map(sorted).filter(lambda t: len(set(t)) == 3))
def test_steps_compose_in_any_grouping(places):
    first, middle, last = (CHAIN[place] for place in places)
    whole = correspondence(first, last)
    composed = compose(correspondence(first, middle), correspondence(middle, last))
    assert composed.links == whole.links


def test_an_area_split_and_put_together_again_is_whole():
    found = correspondence("province-53", "province-34")
    assert targets(found)["bac-thai"] == ("19",)
    there_and_back = compose(
        correspondence("province-61", "province-64"), correspondence("province-64", "province-61")
    )
    assert {link.kind for link in there_and_back.links if link.before == "can-tho"} == {"renamed"}


def test_what_does_not_correspond_is_refused():
    for before, after in (("province-63", "sex"), ("province-63", "province-63"), ("x", "y")):
        with pytest.raises(catalog.VintageError, match="province-34"):
            correspondence(before, after)
    with pytest.raises(catalog.VintageError, match="start"):
        compose(TODAY, TODAY)


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("before,after\na,c\n", 1),
        (HEADER + "a,c,joined,,,\n", 3),
        (HEADER + "a,c,merged,,,\n", 2),
        (HEADER + "a,c,unchanged,,,\nb,c,merged,,,\n", 1),
        (HEADER + "a,c,merged,,,\na,c,merged,,,\nz,c,merged,,,\n", 2),
    ],
)
def test_a_bad_file_tells_every_mistake(text, mistakes):
    with pytest.raises(catalog.CodeListError) as refused:
        parse(text, TWO, ONE)
    assert len(refused.value.problems) == mistakes


def test_a_good_file_is_read_with_its_notes():
    found = parse(HEADER + "b,c,merged,yes,Ghi chú.,A note.\na,c,merged,,,\n", TWO, ONE, "a decision")
    assert [(link.before, link.moved) for link in found.links] == [("a", False), ("b", True)]
    assert found.links[1].note.en == "A note."
