"""What groupings, vintages and linked tables mean for hierarchies, tables and earlier releases; cases by hand."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize.margins import bottom, over
from anonymize.protect import publish

OLD = {"p1": "O1", "p2": "O1", "p3": "O2", "p4": "O2", "p5": "O3"}
NEW = {"p1": "N1", "p2": "N2", "p3": "N2", "p4": "N3", "p5": "N3"}
SEX = an.Hierarchy.flat("sex", ["f", "m"])
AGE = an.Hierarchy.from_parents(
    "age", {"0": "child", "1": "child", "2": "adult", "child": "_T", "adult": "_T"}
)


def small(threshold=5, **options):
    return an.Protection(rules=[an.SmallCount(threshold=threshold)], **options)


def counts(column, numbers):
    return pl.DataFrame({column: list(numbers), "n": list(numbers.values())})


def hide(table, policy, cells):
    keys = [tuple(row) for row in table.cells.select(table.keys).iter_rows()]
    return publish(table, np.array([key in cells for key in keys]), policy)


def exact(audit):
    return {tuple(code for _, code in f.cell) for f in audit.findings if f.kind == "exact"}


@pytest.fixture
def issue136():
    """sdcTools/UserSupport#136: two tables over the same regions, safe alone, not together."""
    regions = {"A": 2, "B": 2, "I": 8, "J": 8, "K": 3, "L": 3, "M": 3, "N": 7}
    county = dict.fromkeys("ABIJ", "county-1") | dict.fromkeys("KLMN", "county-2")
    size = dict.fromkeys("LM", "BIG") | dict.fromkeys("ABIJKN", "small")
    groupings = [g | dict.fromkeys(g.values(), "T") for g in (county, size)]
    tree = an.Hierarchy.from_groupings("region", groupings)
    return an.Table.from_records(counts("region", regions), {"region": tree}, count="n")


def test_two_groupings_give_a_cell_away_together(issue136):
    policy = small(4, apriori="nonnegative")
    primary = {("A",), ("B",), ("K",), ("L",), ("M",)}
    assert exact(an.audit(hide(issue136, policy, primary), policy)) == {("K",)}
    assert an.audit(hide(issue136, policy, primary | {("N",)}), policy).exact == 0
    assert an.audit(hide(issue136, small(4), primary | {("N",)}), small(4)).exact == 0


def test_two_groupings_are_protected_together(issue136):
    policy = small(4, apriori="nonnegative", insiders=0)
    safe = an.protect(issue136, policy)
    assert an.audit(safe, policy).ok
    hidden = safe.reasons.filter(pl.col("reason") == "secondary")
    assert hidden["region"].to_list() == ["N"]


def test_pieces_that_are_an_area_are_that_area():
    place = an.Hierarchy.refinement("place", OLD, NEW)
    assert place.unseen == {"p2", "p3", "p4"}
    assert dict(place.omitted) == {"p1": ("N1",), "p5": ("O3",)}
    assert place.relations == (
        ("N2", ("p2", "p3")), ("N3", ("O3", "p4")), ("O1", ("N1", "p2")), ("O2", ("p3", "p4")),
        ("_T", ("N1", "N2", "N3")), ("_T", ("O1", "O2", "O3")),
    )  # fmt: skip


def test_pieces_are_never_published_and_count_as_unknown():
    place = an.Hierarchy.refinement("place", OLD, NEW)
    table = an.Table.from_records(
        counts("place", {"p1": 30, "p2": 2, "p3": 0, "p4": 40, "p5": 50}), {"place": place}, count="n"
    )
    policy = small()
    safe = hide(table, policy, [("N2",)])
    assert set(safe.cells["place"]) == {"N1", "N2", "N3", "O1", "O2", "O3", "_T"}
    assert set(safe.reasons["place"]) == {"N2"}
    assert exact(an.audit(safe, policy)) == {("N2",)}  # the total less N1 and N3
    safe = an.protect(table, policy)
    assert an.audit(safe, policy).ok
    assert an.audit(safe, policy).cells == 7


def test_old_and_new_areas_hide_only_what_both_need():
    """Published apart, O1 - N1 gives the sensitive overlap away if it is an area of a third vintage."""
    place = an.Hierarchy.refinement("place", OLD, NEW, OLD | {"p1": "P", "p2": "S"})
    assert "p2" in place.omitted
    table = an.Table.from_records(
        counts("place", {"p1": 30, "p2": 2, "p3": 30, "p4": 40, "p5": 50}), {"place": place}, count="n"
    )
    policy = small()
    assert ("S",) in exact(an.audit(hide(table, policy, [("S",), ("P",)]), policy))
    safe = an.protect(table, policy)
    assert an.audit(safe, policy).ok


def test_moving_one_case_between_leaves_touches_the_codes_that_hold_one_of_them(issue136):
    tree = issue136.dimensions["region"]
    above, code = over(tree), {c: i for i, c in enumerate(tree.codes)}

    def touched(a, b):
        return {tree.codes[i] for i in np.setxor1d(above[code[a]], above[code[b]])}

    assert touched("K", "N") == {"K", "N"}
    assert touched("K", "L") == {"K", "L", "small", "BIG"}
    assert touched("A", "M") == {"A", "M", "county-1", "county-2", "small", "BIG"}
    assert [tree.codes[i] for i in bottom(tree)] == list(tree.leaves)


def test_what_does_not_fit_together_is_refused():
    first = {"a": "A", "b": "A", "c": "B", "A": "T", "B": "T"}
    cases = {
        "other leaves: c, d": {"a": "X", "b": "X", "d": "Y", "X": "T", "Y": "T"},
        "another root: T, U": {"a": "X", "b": "X", "c": "X", "X": "U"},
        "same name over other leaves: A": {"a": "A", "c": "A", "b": "T", "A": "T"},
        "needs exactly one root": {"a": "X", "b": "X", "c": "Y"},
    }
    for message, second in cases.items():
        with pytest.raises(an.TableError, match=rf"dimension place, groupings\[1\].*{message}"):
            an.Hierarchy.from_groupings("place", [first, second])
    with pytest.raises(an.TableError, match="cannot omit z"):
        an.Hierarchy.from_groupings("place", [first], omit=["z"])
    with pytest.raises(an.TableError, match="no grouping"):
        an.Hierarchy.from_groupings("place", [])


def test_a_chain_of_single_children_is_one_population():
    chain = an.Hierarchy.from_parents("x", {"a": "A", "A": "AA", "AA": "T", "b": "B", "c": "B", "B": "T"})
    table = an.Table.from_records(counts("x", {"a": 3, "b": 30, "c": 40}), {"x": chain}, count="n")
    policy = small()
    assert {("a",), ("A",), ("AA",)} == exact(
        an.audit(hide(table, policy, [("a",), ("A",), ("AA",)]), policy)
    )
    safe = an.protect(table, policy)
    status = dict(safe.cells.select("x", "status").iter_rows())
    assert {status[c] for c in ("a", "A", "AA")} == {"suppressed"}
    assert an.audit(safe, policy).ok


def test_two_names_of_one_population_are_hidden_or_shown_together():
    trees = [{"a": "A", "b": "A", "c": "T", "A": "T"}, {"a": "X", "b": "X", "c": "Y", "X": "T", "Y": "T"}]
    tree = an.Hierarchy.from_groupings("x", trees)
    table = an.Table.from_records(counts("x", {"a": 2, "b": 1, "c": 30}), {"x": tree}, count="n")
    safe = an.protect(table, small())
    status = dict(safe.cells.select("x", "status").iter_rows())
    assert status["A"] == status["X"]
    assert status["c"] == status["Y"]
    assert an.audit(safe, small()).ok
    leak = an.audit(hide(table, small(), [("a",), ("b",), ("A",), ("c",)]), small())
    assert ("A",) in exact(leak)


def test_linked_tables_hold_the_shown_cells_alone():
    records = pl.DataFrame(
        [(p, a, s, n) for p, a, s, n in zip("pqrp" * 6, "012" * 8, "fm" * 12, range(24), strict=True)],
        schema=["place", "age", "sex", "n"],
        orient="row",
    )
    place = an.Hierarchy.flat("place", "pqr")
    dimensions = {"place": place, "age": AGE, "sex": SEX}
    table = an.Table.from_records(records, dimensions, count="n", show=[("age", "place"), ("place", "sex")])
    whole = an.Table.from_records(records, dimensions, count="n")
    assert table.cells.height == 4 * 6 + 4 * 3 - 4
    assert table.cells.join(whole.cells, on=["place", "age", "sex", "value"]).height == table.cells.height
    assert table.cells.equals(table.cells.sort("place", "age", "sex"))
    assert [place.codes[i] for i in table.places[:, 0]] == table.cells["place"].to_list()
    safe = an.protect(table, small())
    assert an.audit(safe, small()).ok


def test_linked_tables_are_attacked_through_the_margin_they_share():
    frame = pl.DataFrame(
        {"place": ["p", "p", "q"], "age": ["0", "2", "1"], "sex": ["f", "m", "f"], "n": [2, 30, 40]}
    )
    dimensions = {"place": an.Hierarchy.flat("place", "pq"), "age": AGE, "sex": SEX}
    table = an.Table.from_records(frame, dimensions, count="n", show=[("place", "age"), ("place", "sex")])
    policy = small(zeros="suppressed")
    # The margin (p) is hidden in one table and follows from the other.
    hidden = [("p", "_T", "_T"), ("p", "0", "_T"), ("p", "child", "_T"), ("p", "1", "_T"), ("q", "_T", "_T")]
    found = exact(an.audit(hide(table, policy, hidden), policy))
    assert ("p", "child", "_T") in found


def test_a_large_product_costs_what_is_shown():
    names = [f"d{i}" for i in range(8)]
    dimensions = {n: an.Hierarchy.flat(n, [f"c{i:02d}" for i in range(40)]) for n in names}
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(
        {n: [f"c{i:02d}" for i in rng.integers(0, 40, 500)] for n in names} | {"n": [1] * 500}
    )
    table = an.Table.from_records(frame, dimensions, count="n", show=[(a, b) for a, b in pairwise(names)])
    assert table.cells.height == 7 * 40 * 40 + 8 * 40 + 1  # the full product has 41 ** 8 cells


def test_sub_tables_that_cannot_be_are_refused():
    time = an.Hierarchy.from_parents("time", {"m1": "_T", "m2": "_T"}, omit=["_T"])
    frame = pl.DataFrame({"time": ["m1"], "sex": ["f"], "age": ["0"], "n": [1]})
    dimensions = {"time": time, "sex": SEX, "age": AGE}
    with pytest.raises(an.TableError) as caught:
        an.Table.from_records(frame, dimensions, count="n", show=[("sex", "tiem"), ("time", "age")])
    text = str(caught.value)
    assert "tiem" in text
    assert "show[0]" in text
    with pytest.raises(an.TableError, match="never uses the dimensions age"):
        an.Table.from_records(frame, dimensions, count="n", show=[("time", "sex")])


def test_cells_of_every_grouping_must_add_up():
    place = an.Hierarchy.refinement("place", OLD, NEW)
    pieces = {"N1": 1, "p2": 2, "p3": 3, "p4": 4, "O3": 5}
    fine = an.Table.from_cells(counts("place", pieces | {"O1": 3, "N3": 9, "p1": 1}), {"place": place})
    assert dict(fine.cells.iter_rows())["N2"] == 5
    with pytest.raises(an.TableError, match="cell place=N3"):
        an.Table.from_cells(counts("place", pieces | {"N3": 8}), {"place": place})


def test_methods_that_need_the_whole_product_refuse_the_rest():
    place = an.Hierarchy.refinement("place", OLD, NEW)
    table = an.Table.from_records(counts("place", {"p1": 3, "p4": 4}), {"place": place}, count="n")
    with pytest.raises(an.TableError, match="never published"):
        _ = table.shape


def test_an_earlier_vintage_is_understood():
    place = an.Hierarchy.refinement("place", OLD, NEW)
    table = an.Table.from_records(
        counts("place", {"p1": 30, "p2": 2, "p3": 1, "p4": 40, "p5": 50}), {"place": place}, count="n"
    )
    policy = small()
    safe = an.protect(table, policy)
    assert an.audit(safe, policy).ok
    piece = pl.DataFrame({"place": ["p2", "p3"], "value": [2, 1]})  # both never published here
    assert ("N2",) in exact(an.audit(safe, policy, known=[piece]))
    same = pl.DataFrame({"place": ["p1"], "value": [30]})  # another name of N1
    assert an.audit(hide(table, policy, [("N1",), ("N2",)]), policy, known=[same]).exact > 0
    with pytest.raises(an.PolicyError, match="column place has 1 cells") as caught:
        an.audit(safe, policy, known=[pl.DataFrame({"place": ["secret"], "value": [2]})])
    assert "secret" not in str(caught.value)


def test_an_earlier_sum_of_codes_not_held_is_understood():
    time = {"m1": "q1", "m2": "q1", "m3": "q2", "m4": "q2", "q1": "y", "q2": "y"}
    table = an.Table.from_records(
        counts("time", {"m1": 2, "m2": 30, "m3": 3, "m4": 40}),
        {"time": an.Hierarchy.from_parents("time", time, omit=["q1", "q2"])},
        count="n",
    )
    policy = small()
    safe = hide(table, policy, [("m1",), ("m3",)])
    assert an.audit(safe, policy).exact == 0
    before = pl.DataFrame({"time": ["q1"], "value": [32]})
    assert exact(an.audit(safe, policy, known=[before])) == {("m1",), ("m3",)}
    again = an.protect(table, policy, known=[before])
    assert an.audit(again, policy, known=[before]).ok


def test_an_earlier_sub_table_that_is_not_held_is_refused():
    frame = pl.DataFrame({"place": ["p", "q"], "age": ["0", "2"], "sex": ["f", "m"], "n": [20, 30]})
    dimensions = {"place": an.Hierarchy.flat("place", "pq"), "age": AGE, "sex": SEX}
    table = an.Table.from_records(frame, dimensions, count="n", show=[("place", "age"), ("place", "sex")])
    cross = pl.DataFrame({"place": ["p"], "age": ["0"], "sex": ["f"], "value": [20]})
    with pytest.raises(an.PolicyError, match="sub-tables that this table does not hold"):
        an.audit(an.protect(table, small()), small(), known=[cross])


def test_six_dimensions_deep_and_uneven():
    deep = {"a": "a1", "a1": "a2", "a2": "a3", "b": "a3", "a3": "a4", "c": "a4", "a4": "T", "d": "T"}
    dimensions = {f"d{i}": an.Hierarchy.flat(f"d{i}", "xy") for i in range(5)}
    dimensions["deep"] = an.Hierarchy.from_parents("deep", deep)
    rng = np.random.default_rng(1)
    rows = 400
    frame = pl.DataFrame(
        {name: rng.choice(h.leaves, rows).tolist() for name, h in dimensions.items()}
        | {"n": rng.poisson(3, rows)}
    )
    table = an.Table.from_records(frame, dimensions, count="n")
    assert table.cells.height == 3**5 * 9
    policy = small(3)
    audit = an.audit(an.protect(table, policy), policy)
    assert audit.ok
