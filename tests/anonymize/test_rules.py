"""Every rule against hand-worked cases and the formulas of the handbook worked on plain lists."""

import json
from fractions import Fraction
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import anonymize as an
from anonymize.goals import goals

ONE = {"x": an.Hierarchy.flat("x", ["a"])}


@pytest.fixture(scope="module")
def known(shared):
    return json.loads((shared / "data" / "sdc" / "known_answers.json").read_text())


def cell(values, weights=None, **more):
    """A table of one cell with these contributions."""
    frame = pl.DataFrame({"x": ["a"] * len(values), "who": [*range(len(values))], "v": values})
    if weights is not None:
        frame, more = frame.with_columns(w=pl.Series(weights)), more | {"weight": "w"}
    return an.Table.from_records(frame, ONE, value="v", contributor="who", **more)


def judged(table, *rules, **policy):
    return goals(table, an.Protection(rules=list(rules), **policy))


def unsafe(table, *rules):
    return bool(judged(table, *rules).sensitive[0])


def sensitive(table, *rules, **policy):
    found = judged(table, *rules, **policy)
    return {
        row for row, s in zip(table.cells.select(table.keys).iter_rows(), found.sensitive, strict=True) if s
    }


def test_handbook_90_percent_is_safe_and_not(known):
    case = known["handbook_rule_1_90"]
    table = cell([case["x1"], case["x2"], *[10] * 100])
    assert table.values[0] == case["X"]
    assert not unsafe(table, an.Dominance(n=1, k=90))
    assert unsafe(table, an.PPercent(p=2.1))
    assert not unsafe(table, an.PPercent(p=1.9))


def test_handbook_weights(known):
    first, second = known["handbook_weights"]
    table = cell(first["values"])
    assert table.values[0] == first["total"]
    sample = np.array(second["sample"])
    table = cell(sample[:, 0], sample[:, 1])
    assert table.values[0] == second["estimate"]
    assert not unsafe(table, an.PPercent(p=3))
    assert unsafe(table, an.PPercent(p=3.1))


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        (an.MinContributors(number=3), "freq maxN=2"),
        (an.Dominance(n=2, k=75), "nk n=2 k=75 on val"),
        (an.PPercent(p=70), "p=70"),
        (an.PriorPosterior(p=60, q=80), "pq(60,80)"),
    ],
)
def test_sdctable_microdata(shared, known, rule, key):
    records = pl.read_csv(shared / "data" / "sdc" / "sdctable_microdata1.csv").with_row_index("who")
    dimensions = {
        "region": an.Hierarchy.from_parents("region", dict.fromkeys("ABCD", "0")),
        "gender": an.Hierarchy.flat("gender", ["male", "female"], total="T"),
    }
    table = an.Table.from_records(records, dimensions, value="val", contributor="who")
    order = [(r, g) for r in "0ABCD" for g in ("T", "male", "female")]
    expected = {order[i - 1] for i in known["sdctable_microdata1"]["primary_rules"][key]}
    assert sensitive(table, rule) == expected


def turnover(shared):
    folder = shared / "data" / "sdc"
    codes = pl.read_csv(folder / "rtauargus_activity_corr_table.csv", infer_schema=False)
    parents = {}
    for a10, a21, a88 in codes.iter_rows():
        path = list(dict.fromkeys([a88, a21, a10, "Total"]))
        parents |= dict(pairwise(path))
    cells = pl.read_csv(folder / "rtauargus_turnover_act_size.csv", schema_overrides={"ACTIVITY": pl.String})
    dimensions = {
        "ACTIVITY": an.Hierarchy.from_parents("ACTIVITY", parents),
        "SIZE": an.Hierarchy.flat("SIZE", ["tr1", "tr2", "tr3"], total="Total"),
    }
    columns = an.CellColumns(contributors="N_OBS", largest=("MAX",))
    return cells, an.Table.from_cells(cells, dimensions, value="TOT", magnitude=True, columns=columns)


def test_rtauargus_turnover_primaries(shared, known):
    cells, table = turnover(shared)
    found = sensitive(table, an.MinContributors(number=3), an.Dominance(n=1, k=85))
    hit = (pl.col("N_OBS").is_between(1, 2)) | (pl.col("MAX") > 0.85 * pl.col("TOT"))
    assert found == set(cells.filter(hit).select("ACTIVITY", "SIZE").iter_rows())
    statuses = known["rtauargus_ex2_act_size"]["tauargus_4.2.3 OPT(1,5) MAN(10)"]
    assert len(found) == statuses["A"] + statuses["B"]


def test_rtauargus_twelve_rows(known):
    names = ["area", "size", "TOT", "N", "MAX", "status"]
    cells = pl.DataFrame(known["rtauargus_ex1_12rows"], schema=names, orient="row")
    dimensions = {
        "area": an.Hierarchy.flat("area", ["01", "02", "06"], total="Total"),
        "size": an.Hierarchy.flat("size", ["tr1", "tr2"], total="Total"),
    }
    columns = an.CellColumns(contributors="N", largest=("MAX",))
    table = an.Table.from_cells(cells, dimensions, value="TOT", magnitude=True, columns=columns)
    # Status A: too few contributors; B: dominated.
    few, dominated = an.MinContributors(number=3), an.Dominance(n=1, k=85)
    for rule, status in ((few, "A"), (dominated, "B")):
        wanted = set(cells.filter(pl.col("status") == status).select("area", "size").iter_rows())
        assert sensitive(table, rule) == wanted


contributions = st.lists(st.integers(-50, 1000), min_size=1, max_size=9)


@given(contributions, st.integers(1, 4), st.integers(1, 99), st.integers(1, 99))
def test_formulas_of_the_handbook(values, n, k, q):
    assume(any(values))
    x = sorted((abs(v) for v in values), reverse=True)
    total, p = sum(x), min(k, q - 1)
    table = cell(values)
    top = sum(x[:n])
    checks = [
        (an.Dominance(n=n, k=k), Fraction(100 * top, k) - total),
        (an.PPercent(p=k, n=n, levels="formula"), Fraction(k * x[0], 100) - (total - sum(x[: n + 1]))),
    ]
    if p >= 1:
        level = Fraction(p * x[0], q) - (total - sum(x[:2]))
        checks.append((an.PriorPosterior(p=p, q=q), level))
    for rule, level in checks:
        found = judged(table, rule)
        assert found.sensitive[0] == (level > 0)
        if level > 0:
            lowest = 0 if min(values) >= 0 else -(10**9)
            assert found.above[0] == -(-level.numerator // level.denominator)
            assert found.below[0] == max(0, min(found.above[0], table.values[0] - lowest))


@given(contributions, st.integers(1, 99))
def test_share_is_never_less_than_the_handbook_asks(values, p):
    assume(any(values))
    table = cell(values)
    share, formula = (judged(table, an.PPercent(p=p, levels=name)) for name in ("share", "formula"))
    assert (share.sensitive == formula.sensitive).all()
    assert (share.above >= formula.above).all()
    size = sum(abs(v) for v in values)
    if share.sensitive[0]:
        assert share.above[0] == -(-p * size // 100)


def test_levels_are_overridable_per_rule_and_per_cell():
    table = cell([70, 30])
    assert judged(table, an.PPercent(p=10)).above[0] == 10
    found = judged(table, an.PPercent(p=10, lpl=30, upl=50))
    assert (found.below[0], found.above[0]) == (30, 50)
    marks = pl.DataFrame({"x": ["a"], "lpl": [5], "upl": [None]}, schema_overrides={"upl": pl.Int64})
    found = judged(an.mark(table, marks), an.PPercent(p=10))
    assert (found.below[1], found.above[1]) == (5, 10)


def test_request_rule():
    frame = pl.DataFrame(
        {"x": ["a"] * 3, "who": ["p", "q", "r"], "v": [60, 30, 10], "ask": [False, True, None]}
    )
    table = an.Table.from_records(frame, ONE, value="v", contributor="who", request="ask")
    assert unsafe(table, an.Request(share=29))
    assert not unsafe(table, an.Request(share=30))


def test_holdings_count_as_one():
    frame = pl.DataFrame({"x": ["a"] * 3, "who": [*"pqr"], "v": [40, 40, 20], "h": ["H", "H", None]})
    alone = an.Table.from_records(frame, ONE, value="v", contributor="who")
    together = an.Table.from_records(frame, ONE, value="v", contributor="who", holding="h")
    assert not unsafe(alone, an.MinContributors(number=3))
    assert unsafe(together, an.MinContributors(number=3))
    assert unsafe(together, an.Dominance(n=1, k=75)) > unsafe(alone, an.Dominance(n=1, k=75))


def counts(rows, codes=("pos", "neg", "none")):
    frame = pl.DataFrame(rows, schema=["area", "result", "n"], orient="row")
    dimensions = {
        "area": an.Hierarchy.flat("area", frame["area"].unique().to_list()),
        "result": an.Hierarchy.flat("result", codes),
    }
    return an.Table.from_records(frame, dimensions, count="n")


def test_group_disclosure():
    table = counts([("a", "pos", 40), ("b", "pos", 30), ("b", "neg", 1), ("c", "pos", 20), ("c", "neg", 20)])
    everybody = an.GroupDisclosure(dimension="result")
    found = sensitive(table, everybody, zeros="suppressed")
    assert found == {("a", "pos"), ("a", "neg"), ("a", "none")}
    found = sensitive(table, an.GroupDisclosure(dimension="result", few=1), zeros="suppressed")
    assert {("b", "pos"), ("b", "none")} <= found
    assert ("c", "pos") not in found
    impossible = pl.DataFrame({"area": ["a", "a"], "result": ["neg", "none"], "flag": ["structural"] * 2})
    assert sensitive(an.mark(table, impossible), everybody, zeros="suppressed") == set()
    with pytest.raises(ValueError, match="zeros: suppressed"):
        an.Protection(rules=[everybody])


def rates():
    frame = pl.DataFrame({"area": [*"abcd"], "cases": [50, 50, 50, 3], "cured": [48, 50, 20, 2]})
    return an.Table.from_records(frame, {"area": an.Hierarchy.flat("area", "abcd")}, count=["cases", "cured"])


def test_complement_of_a_rate():
    rule = an.Complement(part="cured", whole="cases", threshold=5)
    subsets = [an.Subset(part="cured", whole="cases")]
    found = sensitive(rates(), rule, subsets=subsets)
    assert found == {("a", "cured"), ("d", "cured")}
    assert ("b", "cured") in sensitive(rates(), rule, subsets=subsets, zeros="suppressed")
    never = judged(rates(), rule, an.SmallCount(threshold=5), subsets=subsets).never
    rows = rates().cells.select("area", "measure").rows()
    kept = {row for row, n in zip(rows, never, strict=True) if n}
    assert kept == {("a", "cases")}  # the three cases of d are sensitive themselves
    with pytest.raises(ValueError, match="subsets"):
        an.Protection(rules=[rule])


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "dominance", "n": 1, "k": 90, "p": 5},
        {"kind": "dominance", "n": 6, "k": 90},
        {"kind": "dominance", "n": 1, "k": 100},
        {"kind": "p_percent", "p": 0},
        {"kind": "p_percent", "p": 10, "levels": "handbook"},
        {"kind": "prior_posterior", "p": 60, "q": 50},
        {"kind": "min_contributors", "number": 1},
        {"kind": "min_contributors", "threshold": 3},
        {"kind": "request"},
        {"kind": "small_count", "threshold": 5, "upl": -1},
        {"kind": "unknown"},
        {"p": 10},
    ],
)
def test_unknown_parameters_and_values_are_errors(rule):
    with pytest.raises(ValueError, match="validation error"):
        an.Protection.model_validate({"rules": [rule]})


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        (counts([("a", "pos", 4)]), an.PPercent(p=10)),
        (counts([("a", "pos", 4)]), an.MinContributors(number=3)),
        (counts([("a", "pos", 4)]), an.Request(share=50)),
        (cell([5, 4]), an.SmallCount(threshold=5)),
        (counts([("a", "pos", 4)]), an.Complement(part="n", whole="m", threshold=5)),
    ],
)
def test_rules_that_do_not_fit_the_table_are_refused(table, rule):
    subsets = [an.Subset(part="n", whole="m")] if rule.kind == "complement" else []
    policy = an.Protection(rules=[rule], subsets=subsets)
    with pytest.raises(an.PolicyError, match=rule.kind):
        an.protect(table, policy)
