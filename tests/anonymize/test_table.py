"""Hierarchies and tables: what is accepted, what every mistake says."""

import polars as pl
import pytest

import anonymize as an

PLACE = an.Hierarchy.from_parents("place", {"a": "A", "b": "A", "c": "B", "A": "T", "B": "T"})
SEX = an.Hierarchy.flat("sex", ["f", "m"])


def records(rows):
    return pl.DataFrame(rows, schema=["place", "sex", "n"], orient="row")


def test_relations_join_the_nearest_tabulated_codes():
    years = {"m1": "q1", "m2": "q1", "q1": "y1", "m3": "y2", "y1": "_T", "y2": "_T"}
    tree = an.Hierarchy.from_parents("time", years, omit=["_T", "q1"])
    assert tree.relations == (("y1", ("m1", "m2")), ("y2", ("m3",)))
    assert tree.codes == ("m1", "m2", "m3", "y1", "y2")
    assert (tree.root, tree.leaves) == ("_T", ("m1", "m2", "m3"))


@pytest.mark.parametrize(
    ("parents", "omit"),
    [({"a": "T", "b": "U"}, ()), ({"a": "b", "b": "a"}, ()), ({"a": ""}, ()), ({}, ()), ({"a": "T"}, ("a",))],
)
def test_what_is_no_tree_is_refused(parents, omit):
    with pytest.raises(an.TableError, match="dimension place"):
        an.Hierarchy.from_parents("place", parents, omit=omit)


def test_every_margin_whatever_the_order_of_rows():
    rows = [("a", "f", 1), ("b", "m", 2), ("c", "m", 4), ("a", "f", 8)]
    table = an.Table.from_records(records(rows), {"place": PLACE, "sex": SEX}, count="n")
    value = {(p, s): n for p, s, n in table.cells.iter_rows()}
    assert (value["T", "_T"], value["A", "_T"], value["A", "f"], value["B", "m"], value["c", "f"]) == (
        15,
        11,
        9,
        4,
        0,
    )
    turned = an.Table.from_records(records(rows[::-1]), {"place": PLACE, "sex": SEX}, count="n")
    assert table.cells.equals(turned.cells)
    assert table.cells.equals(table.cells.sort("place", "sex"))


def test_measures_are_a_column():
    frame = records([("a", "f", 3)]).with_columns(d=1)
    table = an.Table.from_records(frame, {"place": PLACE, "sex": SEX}, count=["n", "d"])
    assert table.cells.columns == ["place", "sex", "measure", "value"]
    assert table.cells.filter(pl.col("measure") == "d")["value"].max() == 1


def test_all_mistakes_at_once_and_no_value():
    frame = pl.DataFrame(
        {"place": ["a", "Nguyen Van A, 0912345678", None], "sex": ["f", "f", "f"], "n": [7.5, -3.0, None]}
    )
    with pytest.raises(an.TableError) as caught:
        an.Table.from_records(frame, {"place": PLACE, "sex": SEX}, count="n")
    text = str(caught.value)
    assert len(caught.value.problems) == 5
    assert not any(secret in text for secret in ("Nguyen", "7.5", "-3"))


def test_margins_that_do_not_add_up_are_named_by_codes():
    cells = records([("a", "f", 41), ("b", "f", 52), ("A", "f", 94)])
    with pytest.raises(an.TableError, match="cell place=A, sex=f") as caught:
        an.Table.from_cells(cells, {"place": PLACE, "sex": SEX})
    assert "94" not in str(caught.value)
    fine = an.Table.from_cells(records([("a", "f", 41), ("A", "f", 41)]), {"place": PLACE, "sex": SEX})
    assert fine.cells["value"].max() == 41


def test_policies_refuse_what_they_do_not_know():
    for section in (
        {"rules": []},
        {"rules": [{"kind": "small_cuont", "threshold": 5}]},
        {"rules": [{"kind": "small_count", "threshold": 1}]},
        {"rules": [{"kind": "small_count", "threshold": 5, "extra": 1}]},
        {"rules": [{"kind": "small_count", "threshold": 5}], "zeros": "hidden"},
        {"rules": [{"kind": "small_count", "threshold": 5}], "subsets": [{"part": "a", "whole": "a"}]},
    ):
        with pytest.raises(ValueError, match="validation error"):
            an.Protection.model_validate(section)
