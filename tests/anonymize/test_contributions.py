"""Who contributes to each cell, against a count by hand."""

from collections import defaultdict
from itertools import product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import anonymize as an
from anonymize.goals import goals

AREA = an.Hierarchy.from_parents("area", {"a": "A", "b": "A", "c": "B", "A": "_T", "B": "_T"})
KIND = an.Hierarchy.flat("kind", "xy", total="K")
BELOW = {"a": "a", "b": "b", "c": "c", "A": "ab", "B": "c", "_T": "abc", "x": "x", "y": "y", "K": "xy"}
DIMENSIONS = {"area": AREA, "kind": KIND}

rows = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 6), st.integers(-9, 30), st.booleans()
    ),
    min_size=1,
    max_size=40,
)


def by_hand(records, holdings, weights):
    """Cell -> holding or contributor -> amount, and who of them asked."""
    asked = {holdings.get(who, who) for _, _, who, _, ask in records if ask}
    found = {}
    for area, kind in product(AREA.codes, KIND.codes):
        own = defaultdict(int)
        for a, k, who, amount, _ in records:
            if a in BELOW[area] and k in BELOW[kind]:
                own[holdings.get(who, who)] += amount
        found[area, kind] = {who: abs(x) for who, x in own.items() if x and weights.get(who, 1)}
    return found, asked


@given(rows, st.dictionaries(st.integers(0, 6), st.sampled_from("GH"), max_size=4), st.booleans())
def test_contributions_of_every_margin(records, holdings, weighted):
    weights = {who: 1 + ord(str(who)) % 3 for who in [*range(7), "G", "H"]}
    weights = weights if weighted else {}
    frame = pl.DataFrame(records, schema=["area", "kind", "who", "cost", "asked"], orient="row").with_columns(
        group=pl.Series([holdings.get(who) for _, _, who, _, _ in records], dtype=pl.String),
        weight=pl.Series([weights.get(holdings.get(who, who), 1) for _, _, who, _, _ in records]),
    )
    table = an.Table.from_records(
        frame,
        DIMENSIONS,
        value="cost",
        contributor="who",
        holding="group",
        weight="weight" if weighted else None,
        request="asked",
    )
    found, asked = by_hand(records, holdings, weights)
    given_ = table.contributions
    names = {}
    for row, cell in enumerate(table.cells.select("area", "kind").iter_rows()):
        own = found[cell]
        units = sorted((x for who, x in own.items() for _ in range(weights.get(who, 1))), reverse=True)
        assert given_.count[row] == len(own)
        assert given_.size[row] == sum(units)
        assert given_.largest[row].tolist() == (units + [0] * 5)[:5]
        assert given_.asked[row] == max(
            (x * weights.get(w, 1) for w, x in own.items() if w in asked), default=0
        )
        if len(own) == 1:
            (who,) = own
            assert names.setdefault(who, given_.sole[row]) == given_.sole[row] >= 0
        else:
            assert given_.sole[row] == -1
    assert len(set(names.values())) == len(names)


def test_weights_that_are_not_whole_share_a_unit():
    frame = pl.DataFrame(
        {"area": ["a", "a"], "kind": ["x", "x"], "who": ["p", "q"], "cost": [100, 10], "w": [1.5, 2.0]}
    )
    table = an.Table.from_records(frame, DIMENSIONS, value="cost", contributor="who", weight="w")
    assert table.values[0] == 1700  # 170.0 in tenths
    assert table.contributions.largest[0].tolist() == [1000, 550, 100, 50, 0]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"contributor": "who", "holding": "several"}, "several holdings"),
        ({"contributor": "who", "weight": "several"}, "several weights"),
        ({"contributor": "gone"}, "missing"),
        ({"holding": "who"}, "needs a contributor"),
        ({"contributor": "who", "request": "cost"}, "true or false"),
        ({"contributor": "lacking"}, "without a contributor"),
        ({"contributor": "who", "weight": "negative"}, "negative weights"),
    ],
)
def test_mistakes_of_columns(columns, says):
    frame = pl.DataFrame(
        {"area": ["a", "b"], "kind": ["x", "x"], "who": ["p", "p"], "cost": [7, 8]}
    ).with_columns(several=pl.Series([1, 2]), lacking=pl.Series(["p", None]), negative=pl.Series([-1, -1]))
    with pytest.raises(an.TableError, match=says):
        an.Table.from_records(frame, DIMENSIONS, value="cost", **columns)


def test_counts_may_have_contributors():
    frame = pl.DataFrame(
        {"area": ["a", "a", "b"], "kind": ["x", "x", "x"], "who": ["p", "q", "p"], "n": [7, 8, 9]}
    )
    table = an.Table.from_records(frame, DIMENSIONS, count="n", contributor="who")
    policy = an.Protection(rules=[an.MinContributors(number=2), an.SmallCount(threshold=3)])
    found = goals(table, policy)
    marked = {
        c for c, s in zip(table.cells.select("area", "kind").iter_rows(), found.sensitive, strict=True) if s
    }
    assert marked == {("b", "x"), ("b", "K")}
    assert not table.magnitude


@given(rows)
def test_linked_tables_and_groupings_see_the_same_contributions(records):
    frame = pl.DataFrame(records, schema=["area", "kind", "who", "cost", "asked"], orient="row")
    groupings = [dict(AREA.parents), {"a": "P", "b": "Q", "c": "Q", "P": "_T", "Q": "_T"}]
    dimensions = {"area": an.Hierarchy.from_groupings("area", groupings), "kind": KIND}
    whole = an.Table.from_records(frame, dimensions, value="cost", contributor="who")
    linked = an.Table.from_records(
        frame, dimensions, value="cost", contributor="who", show=[["area"], ["kind"]]
    )
    place = {cell: i for i, cell in enumerate(whole.cells.select("area", "kind").iter_rows())}
    same = [place[cell] for cell in linked.cells.select("area", "kind").iter_rows()]
    for name in ("count", "size", "largest", "sole"):
        assert (getattr(linked.contributions, name) == getattr(whole.contributions, name)[same]).all()
    assert whole.contributions.size[place["Q", "K"]] == sum(
        abs(sum(x for a, _, w, x, _ in records if w == who and a in "bc")) for who in range(7)
    )
