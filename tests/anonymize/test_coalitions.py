"""Those alone in several hidden cells, and two of them together: what they can compute from what they know."""

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize.attack import view
from anonymize.goals import goals
from anonymize.intervals import components
from anonymize.knowledge import groups
from anonymize.known import gather
from anonymize.protect import publish
from anonymize.relations import build


def square(who, values, names=("123", "abc")):
    """A table of rows x columns, one contributor per cell (or two, as a pair)."""
    rows = [
        (r, c, w, v)
        for r, line, numbers in zip(names[0], who, values, strict=True)
        for c, cell, v in zip(names[1], line, numbers, strict=True)
        for w in cell
    ]
    frame = pl.DataFrame(rows, schema=["row", "column", "who", "v"], orient="row")
    dimensions = {n: an.Hierarchy.flat(n, codes) for n, codes in zip(("row", "column"), names, strict=True)}
    return an.Table.from_records(frame, dimensions, value="v", contributor="who")


def told(table, insiders, *, shown=()):
    policy = an.Protection(rules=[an.PPercent(p=5)], insiders=insiders)
    hidden = goals(table, policy).sensitive
    for cell in table.cells.select("row", "column").iter_rows():
        if "".join(cell) in shown:
            hidden[table.cells.select("row", "column").rows().index(cell)] = False
    audit = an.audit(publish(table, hidden, policy), policy)
    return {"".join(code for _, code in f.cell) for f in audit.findings if f.kind == "insider"}


WHO = [["P", "P", "q"], ["r", "s", "t"], ["u", "v", "w"]]
VALUES = [[100, 140, 170], [120, 150, 90], [110, 130, 160]]


def test_one_hospital_alone_in_two_cells_of_a_sum_computes_the_third():
    table = square(WHO, VALUES)
    assert told(table, 1) == {"1c"}
    assert told(table, 0) == set()


def test_a_holding_is_as_one():
    apart = square([["P", "Q", "q"], *WHO[1:]], VALUES)
    assert told(apart, 1) == set()


def test_two_together_when_declared():
    table = square([["P", "Q", "q"], *WHO[1:]], VALUES)
    # Any two of the three of a row or column compute the third.
    assert told(table, 2) == {r + c for r in "123" for c in "abc"}


def test_two_know_the_cell_they_share():
    # Row 1: P alone, P and Q together, z alone; Q is alone elsewhere. P and Q know two of three, so they know z.
    who = ["P", "PQ", "z"], ["Q", "s", "t"], ["u", "v", "w"]
    table = square(who, [[100, 70, 170], [120, 150, 90], [110, 130, 160]])
    others = square((["P", "PR", "z"], *who[1:]), [[100, 70, 170], [120, 150, 90], [110, 130, 160]])
    for case, theirs in ((table, True), (others, False)):
        policy = an.Protection(rules=[an.PPercent(p=60)], insiders=2)
        seen = view_of(case, policy)
        found = groups(*seen, together=2, toward=np.arange(len(seen[1])))
        those = [g for g in found if names(case, seen[0], g.known) == {"1a", "1b", "2a"}]
        assert bool(those) is theirs
        assert not those or "1c" in names(case, seen[0], those[0].wanted)


def view_of(table, policy):
    relations = build(list(table.dimensions.values()))
    hidden = goals(table, policy).sensitive
    seen = view(table, hidden, policy, relations=relations, earlier=gather(table, (), relations))
    return seen, components(seen), table


def names(table, seen, columns):
    codes = table.cells.select("row", "column").rows()
    return {"".join(codes[row]) for row in seen.cells[columns]}


def test_alone_in_a_cell_that_is_not_sensitive_itself():
    frame = pl.DataFrame(
        {
            "x": [*"abc", "_T"],
            "n": [60, 70, 80, 210],
            "k": [1, 5, 5, 11],
            "flag": [None, "sensitive", None, None],
        }
    )
    columns = an.CellColumns(contributors="k", flag="flag")
    dimensions = {"x": an.Hierarchy.flat("x", "abc")}
    table = an.Table.from_cells(frame, dimensions, magnitude=True, columns=columns)
    policy = an.Protection(rules=[an.Manual(share=5)])
    hidden = np.array([False, True, True, False])
    assert an.audit(publish(table, hidden, policy), policy).insider == 1
    hidden[3] = True
    assert an.audit(publish(table, hidden, policy), policy).insider == 0


def region(counts):
    """Leaf counts by code in a tree of three levels, with zeros sensitive."""
    tree = {"a": "A", "b": "A", "c": "B", "d": "B", "A": "T", "B": "T"}
    frame = pl.DataFrame({"x": list(counts), "n": list(counts.values())})
    return an.Table.from_records(frame, {"x": an.Hierarchy.from_parents("x", tree)}, count="n")


def test_the_only_person_of_a_margin_knows_what_is_within_it():
    table = region({"a": 1, "b": 0, "c": 0, "d": 0})
    policy = an.Protection(rules=[an.SmallCount(threshold=3)], zeros="suppressed")
    hidden = np.ones(len(table.values), bool)
    assert an.audit(publish(table, hidden, policy), policy).insider == 0


def test_one_person_alone_in_two_cells_learns_what_is_beside():
    # The person of a is alone in A too; T is published, so they compute B, of which they are no part.
    table = region({"a": 1, "b": 0, "c": 1, "d": 1})
    policy = an.Protection(rules=[an.SmallCount(threshold=3)], zeros="suppressed")
    hidden = table.cells["x"].ne("T").to_numpy()
    audit = an.audit(publish(table, hidden, policy), policy)
    assert "B" in {f.cell[0][1] for f in audit.findings if f.kind == "insider"}


def test_a_patient_is_not_their_clinic():
    # Clinic H alone reports a and b. Its only patient of a, who knows a, must not learn the 3 of b.
    frame = pl.DataFrame({"x": [*"abc"], "who": [*"HHG"], "n": [1, 3, 50]})
    table = an.Table.from_records(frame, {"x": an.Hierarchy.flat("x", "abc")}, count="n", contributor="who")
    policy = an.Protection(rules=[an.SmallCount(threshold=5)], apriori="nonnegative")
    audit = an.audit(publish(table, np.array([False, True, True, False]), policy), policy)
    assert "b" in [f.cell[0][1] for f in audit.findings if f.kind == "insider"]


def test_too_many_pairs_are_refused_not_skipped(monkeypatch):
    monkeypatch.setattr("anonymize.knowledge.PAIRS", 3)
    with pytest.raises(an.PolicyError, match="insiders"):
        told(square([["P", "Q", "q"], *WHO[1:]], VALUES), 2)


def test_the_only_person_of_a_margin_knows_what_is_within_it_by_every_grouping():
    # Whoever is the one person of b and of T knows that a is empty, and so 1a, which no published sum ties to T.
    trees = [{"a": f"{n}a", "b": f"{n}b", f"{n}a": "T", f"{n}b": "T"} for n in "01"]
    frame = pl.DataFrame({"x": ["a", "b"], "n": [0, 1]})
    table = an.Table.from_records(frame, {"x": an.Hierarchy.from_groupings("x", trees)}, count="n")
    policy = an.Protection(rules=[an.SmallCount(threshold=2)], zeros="suppressed")
    assert an.audit(publish(table, np.ones(len(table.values), bool), policy), policy).ok
