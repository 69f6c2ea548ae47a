"""Recodes: what they do to a table, what they cost, and that a suggestion holds."""

from dataclasses import replace
from itertools import combinations, product
from math import log2

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize.report import Recode, recode, suggest_recode
from anonymize.report.cost import cost, measure
from anonymize.report.together import setting
from anonymize.report.tree import topmost, tree
from anonymize.report.trial import attempt
from tests.anonymize.oracle import TooManyError, tables

POLICY = an.Protection(rules=[an.SmallCount(threshold=5)])
PLACE = an.Hierarchy.from_parents(
    "place", {**{f"p{i}": f"r{i % 3}" for i in range(6)}, "r0": "T", "r1": "T", "r2": "T"}
)
CAUSE = an.Hierarchy.flat("cause", ["c0", "c1", "c2"])


def sparse(seed):
    """A sparse table, and its place totals as an earlier release protected on its own."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(1.2 if seed % 2 else 0.3, 18) * rng.choice([1, 2, 30], 18)
    frame = pl.DataFrame(
        {"place": [f"p{i // 3}" for i in range(18)], "cause": [f"c{i % 3}" for i in range(18)], "n": counts}
    )
    table = an.Table.from_records(frame, {"place": PLACE, "cause": CAUSE}, count="n")
    totals = an.protect(recode(table, [Recode("cause", ("_T",))]), POLICY)
    return table, totals.cells.with_columns(cause=pl.lit("_T")).select("place", "cause", "value")


def small(rows, places):
    frame = pl.DataFrame(rows, schema=["place", "n"], orient="row")
    return an.Table.from_records(frame, {"place": an.Hierarchy.from_parents("place", places)}, count="n")


def test_recodes_aggregate_anew():
    table, _ = sparse(10)
    coarse = recode(table, [Recode("place", ("r0",)), Recode("cause", ("_T",))])
    expected = table.cells.filter(pl.col("cause") == "_T", ~pl.col("place").is_in(["p0", "p3"])).drop("cause")
    assert coarse.cells.equals(expected)
    grouped = recode(table, [Recode("place", (), ("r0", "r1", "r2"))])
    assert grouped.cells.equals(table.cells.filter(~pl.col("place").str.starts_with("r")))


def test_recodes_keep_measures_and_several_tops():
    years = an.Hierarchy.from_parents(
        "time", {"m1": "y1", "m2": "y1", "m3": "y2", "y1": "all", "y2": "all"}, omit=["all"]
    )
    frame = pl.DataFrame({"time": ["m1", "m2", "m3"], "n": [1, 2, 4], "d": [8, 16, 32]})
    table = an.Table.from_records(frame, {"time": years}, count=["n", "d"])
    coarse = recode(table, [Recode("time", ("y1",))])
    assert coarse.cells.rows() == table.cells.filter(~pl.col("time").is_in(["m1", "m2"])).rows()
    assert coarse.cells.columns == ["time", "measure", "value"]


@pytest.mark.parametrize(
    "steps",
    [
        [Recode("plaze", ("T",))],
        [Recode("place", ("p0",))],
        [Recode("place", ("r0",)), Recode("place", ("r1",))],
        [Recode("place", ("T",)), Recode("cause", ("_T",))],
    ],
)
def test_impossible_recodes_are_refused(steps):
    with pytest.raises(an.PolicyError, match="recode"):
        recode(sparse(10)[0], steps)


def test_the_cost_of_merging_is_what_a_reader_lacks():
    table = small([("a", 6), ("b", 2), ("c", 8)], {"a": "A", "b": "A", "c": "B", "A": "T", "B": "T"})
    bits, cells = cost(table, measure(table), (Recode("place", ("A",)),))
    assert bits == pytest.approx((6 * log2(8 / 6) + 2 * log2(8 / 2)) / 16)
    assert cells == 2
    assert cost(table, measure(table), (Recode("place", (), ("A", "B")),)) == (0.0, 2)


def test_nothing_to_suggest_when_it_works_as_it_is():
    table, _ = sparse(10)
    found = suggest_recode(table, POLICY)
    assert (found.recodes, found.blocking.frame.height) == ((), 0)
    assert found.safe.digest == an.protect(table, POLICY).digest


def plans(table):
    """Every way to merge groups, in any dimension, that leaves a dimension."""
    options = []
    for name, hierarchy in table.dimensions.items():
        found = tree(hierarchy)
        chosen = (c for k in range(len(found.below) + 1) for c in combinations(found.below, k))
        options.append(sorted({Recode(name, topmost(found, c)) for c in chosen}))
    for steps in product(*options):
        plan = tuple(step for step in sorted(steps) if step.merged)
        if any(tree(h).total not in s.merged for s, h in zip(steps, table.dimensions.values(), strict=True)):
            yield plan


@pytest.mark.parametrize("seed", [25, 35, 39, 58])
def test_the_suggestion_is_the_cheapest_that_works(seed):
    table, known = sparse(seed)
    with pytest.raises(an.InfeasibleError) as caught:
        an.protect(table, POLICY, [known])
    found = suggest_recode(table, POLICY, [known])
    assert found.proven
    assert found.audit.ok
    assert an.audit(found.safe, POLICY, found.known).ok
    assert found.safe.table.cells.equals(recode(table, found.recodes).cells)
    assert found.blocking.frame["cell"].to_list() == [p.where for p in caught.value.problems]
    leaves, where = measure(table), setting(table, POLICY, [known], seed=0)
    ordered = sorted((cost(table, leaves, plan), plan) for plan in plans(table))
    best = next(loss for loss, plan in ordered if attempt(where, plan).safe is not None)
    assert cost(table, leaves, found.recodes) <= best
    assert found.tried.frame["feasible"].to_list() == [False] * (found.tried.frame.height - 1) + [True]


def test_a_coarser_sum_may_give_away_what_it_drops():
    """An earlier release showed a: publishing a + b would tell b, which the recoded table does not even have."""
    table = small([("a", 7), ("b", 3), ("c", 9)], {"a": "A", "b": "A", "c": "B", "A": "T", "B": "T"})
    plan = (Recode("place", ("A",)),)
    assert attempt(setting(table, POLICY, [], seed=0), plan).safe is not None
    known = pl.DataFrame({"place": ["a"], "value": [7]})
    found = attempt(setting(table, POLICY, [known], seed=0), plan)
    assert found.safe is None
    assert found.blocking == ({"place": "b"},)


TINY = an.Hierarchy.from_parents("p", {"a": "A", "b": "A", "c": "B", "d": "B", "A": "T", "B": "T"})
HALVES = an.Hierarchy.flat("c", ["x", "y"], total="Z")
HELD = {"A": "ab", "B": "cd", "T": "abcd", **{code: code for code in "abcd"}}
PARTS = {(p, c): tuple(product(HELD[p], "xy" if c == "Z" else c)) for p in HELD for c in "xyZ"}
LEAVES = list(product("abcd", "xy"))


def tiny(seed):
    """A tiny table, and some of its cells that are not small as an earlier release."""
    rng = np.random.default_rng(seed)
    counts = rng.choice([0, 0, 1, 2, 3, 5], 8)
    rows = [(*at, int(n)) for at, n in zip(LEAVES, counts, strict=True)]
    table = an.Table.from_records(
        pl.DataFrame(rows, ["p", "c", "n"], orient="row"), {"p": TINY, "c": HALVES}, count="n"
    )
    chosen = pl.Series(rng.random(table.cells.height) < 0.25)
    return table, table.cells.filter(chosen & ~pl.col("value").is_in([1, 2]))


def known_values(frame):
    return {(p, c): n for p, c, n in frame.select("p", "c", "value").rows() if n is not None}


def test_no_suggestion_gives_a_small_count_away():
    """Brute force over every table of whole numbers that agrees with the earlier release, without and with this one."""
    policy, checked = an.Protection(rules=[an.SmallCount(threshold=3)]), 0
    for seed in range(1, 200, 4):
        table, earlier = tiny(seed)
        try:
            found = suggest_recode(table, policy, [earlier])
        except an.InfeasibleError:
            continue
        if not found.recodes:
            continue
        missing = [(name, top) for name, top in (("p", "T"), ("c", "Z")) if name not in found.safe.cells]
        now = found.safe.cells.with_columns(pl.lit(top).alias(name) for name, top in missing)
        before = known_values(earlier)
        after = before | known_values(now)
        try:
            old = tables(LEAVES, PARTS, {cell: before.get(cell) for cell in PARTS}, 0, 6)
            new = tables(LEAVES, PARTS, {cell: after.get(cell) for cell in PARTS}, 0, 6)
        except TooManyError:
            continue
        checked += 1
        for cell, n in known_values(table.cells).items():
            if n in (1, 2) and len({each[cell] for each in new}) == 1:
                assert len({each[cell] for each in old}) == 1
    assert checked >= 3


def test_what_cannot_be_mended_is_refused_with_the_blocking_cells():
    table = small([("a", 3), ("b", 6)], {"a": "T", "b": "T"})
    with pytest.raises(an.InfeasibleError, match="place=a"):
        suggest_recode(table, POLICY, [table.cells])


def test_a_search_cut_short_says_so():
    table, known = sparse(39)
    assert suggest_recode(table, POLICY, [known]).proven
    short = suggest_recode(table, POLICY, [known], attempts=1)
    assert not short.proven
    assert an.audit(short.safe, POLICY, short.known).ok


def test_pages_show_codes_but_no_count():
    table, known = sparse(25)
    found = suggest_recode(table, POLICY, [known])
    page = found._repr_html_()
    assert "CONFIDENTIAL" in page
    assert "place: publish" in page
    assert "value" not in found.tried.frame.columns
    assert "30" not in repr(found)


def test_a_table_that_its_cells_do_not_tell_is_not_recoded():
    table, _ = sparse(10)
    odd = replace(table, cells=table.cells.with_columns(value=pl.col("value") + (pl.col("place") == "T")))
    with pytest.raises(an.PolicyError, match="Recode the records"):
        recode(odd, [Recode("place", ("r0",))])
