"""Declared cells: flags, costs and protection levels."""

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize.goals import goals
from anonymize.protect import publish

GRID = {"row": an.Hierarchy.flat("row", "1234"), "column": an.Hierarchy.flat("column", "abcd")}
COUNTS = [[3, 20, 21, 22], [30, 31, 32, 33], [40, 41, 42, 43], [50, 51, 52, 53]]
POLICY = an.Protection(rules=[an.SmallCount(threshold=5), an.Manual()])


def table(counts=COUNTS):
    rows = [
        (r, c, n) for r, line in zip("1234", counts, strict=True) for c, n in zip("abcd", line, strict=True)
    ]
    return an.Table.from_records(
        pl.DataFrame(rows, schema=["row", "column", "n"], orient="row"), GRID, count="n"
    )


def marked(*cells, made=None, **columns):
    frame = pl.DataFrame({"row": [c[0] for c in cells], "column": [c[1] for c in cells]} | columns)
    return an.mark(made or table(), frame)


def hidden(safe):
    shown = safe.cells.filter(pl.col("value").is_null()).select("row", "column").iter_rows()
    return {"".join(cell) for cell in shown}


def test_cells_declared_to_stay_are_never_hidden():
    usual = hidden(an.protect(table(), POLICY))
    for cell in ("1b", "2a", "2b"):
        assert cell in usual
        safe = an.protect(marked(cell, flag=["never"]), POLICY)
        assert cell not in hidden(safe)
        assert an.audit(safe, POLICY).ok


def test_a_sensitive_cell_that_must_stay_is_refused_by_name():
    with pytest.raises(an.InfeasibleError, match="row=1, column=a"):
        an.protect(marked("1a", flag=["never"]), POLICY)


def test_cells_declared_hidden_are_hidden_and_missed_by_the_audit_when_shown():
    made = marked("4d", flag=["always"])
    safe = an.protect(made, POLICY)
    assert "4d" in hidden(safe)
    assert safe.reasons.filter(row="4", column="d")["reason"].to_list() == ["secondary"]
    bare = goals(made, POLICY).sensitive
    assert ("shown", "4d") in {
        (f.kind, "".join(code for _, code in f.cell))
        for f in an.audit(publish(made, bare, POLICY), POLICY).findings
    }


def test_declared_sensitive_cells_need_a_rule_that_says_what_it_means():
    made = marked("3c", flag=["sensitive"])
    safe = an.protect(made, POLICY)
    assert "3c" in hidden(safe)
    assert an.audit(safe, POLICY).ok
    with pytest.raises(an.PolicyError, match="manual"):
        an.protect(made, an.Protection(rules=[an.SmallCount(threshold=5)]))


def test_costs_default_to_the_values_and_preferred_cells_cost_nothing():
    made = marked("1b", "1c", flag=["preferred", None], cost=[None, 7])
    cost = dict(
        zip(made.cells.select("row", "column").rows(), goals(made, POLICY).cost.tolist(), strict=True)
    )
    assert [cost["1", c] for c in "abcd"] == [3, 0, 7, 22]


def test_structural_zeros_are_known_and_stay():
    counts = [[0, *line[1:]] for line in COUNTS]
    suppressed = an.Protection(rules=[an.SmallCount(threshold=2)], zeros="suppressed")
    made = table(counts)
    assert goals(made, suppressed).sensitive.sum() == 5  # the total of column a too
    known = marked("1a", "2a", "3a", "4a", flag=["structural"] * 4, made=made)
    found = goals(known, suppressed)
    assert found.sensitive.sum() == 1
    assert found.never.sum() == 4
    with pytest.raises(an.TableError, match="structural zero"):
        marked("1b", flag=["structural"])


@pytest.mark.parametrize(
    ("cells", "columns", "says"),
    [
        (["9z"], {"flag": ["never"]}, "no cell of the table"),
        (["1a", "1a"], {"flag": ["never", "never"]}, "more than once"),
        (["1a"], {"flag": ["nevre"]}, "unknown flags"),
        (["1a"], {"cost": [-5]}, "negative"),
        (["1a"], {"cost": [0.5]}, "decimals"),
        (["1a"], {}, "missing"),
    ],
)
def test_mistakes(cells, columns, says):
    with pytest.raises(an.TableError, match=says):
        marked(*cells, **columns)


def test_flags_come_with_cells_too():
    frame = pl.DataFrame(
        {"row": ["1", "2"], "column": ["a", "b"], "n": [3, 40], "f": ["always", None], "c": [None, 9]}
    )
    made = an.Table.from_cells(frame, GRID, columns=an.CellColumns(flag="f", cost="c"))
    assert made.marks.always.sum() == 1
    assert sorted(set(made.marks.cost.tolist())) == [-1, 9]
    with pytest.raises(an.TableError, match="missing"):
        an.Table.from_cells(frame, GRID, columns=an.CellColumns(flag="flag"))


def test_contributors_must_be_given_for_every_cell():
    frame = pl.DataFrame(
        {"row": ["1", "_T"], "column": ["a", "_T"], "n": [3.5, 3.5], "k": [1, 1], "x": [3.5, 3.5]}
    )
    columns = an.CellColumns(contributors="k", largest=("x",))
    with pytest.raises(an.TableError, match="lacks its contributors"):
        an.Table.from_cells(frame, GRID, magnitude=True, columns=columns)
    turned = an.CellColumns(contributors="k", largest=("x", "n"))
    wrong = frame.with_columns(x=pl.Series([1.0, 1.0]))
    with pytest.raises(an.TableError, match="must fall"):
        an.Table.from_cells(wrong, GRID, magnitude=True, columns=turned)


def test_a_complement_is_told_by_two_hidden_cells_that_move_together():
    # Cases and cured of areas a and b are hidden; both differ by one person whatever the table.
    frame = pl.DataFrame({"area": [*"abc"], "cases": [3, 4, 50], "cured": [2, 4, 30]})
    made = an.Table.from_records(frame, {"area": an.Hierarchy.flat("area", "abc")}, count=["cases", "cured"])
    rules = [an.SmallCount(threshold=5), an.Complement(part="cured", whole="cases", threshold=5)]
    policy = an.Protection(rules=rules, subsets=[an.Subset(part="cured", whole="cases")], insiders=0)
    mask = goals(made, policy).sensitive
    audit = an.audit(publish(made, mask, policy), policy)
    narrow = {tuple(code for _, code in f.cell) for f in audit.findings if f.kind in ("narrow", "exact")}
    # Of the one person not cured in the whole of a and b everybody knows that they are 0 or 1 in a.
    assert ("a", "cured") in narrow
    assert np.flatnonzero(mask).size == 4
