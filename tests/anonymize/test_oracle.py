"""The audit against brute force over all whole-number tables: never a false "safe"; protect against both."""

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

import anonymize as an
from anonymize.protect import publish
from tests.anonymize import oracle

TREES = [
    {"a": "T", "b": "T"},
    {"a": "T", "b": "T", "c": "T"},
    {"a": "A", "b": "A", "c": "B", "A": "T", "B": "T"},
    {"a": "A", "b": "A", "A": "T"},
    {"a": "A", "b": "A", "c": "B", "d": "B", "A": "T", "B": "T"},
]


@st.composite
def small_tables(draw):
    trees = draw(st.lists(st.sampled_from(TREES), min_size=1, max_size=3))
    trees = [t if i == 0 or len(trees) < 3 else TREES[0] for i, t in enumerate(trees)]
    omit = draw(st.booleans()) and len(trees) == 1
    dimensions = {
        f"d{i}": an.Hierarchy.from_parents(f"d{i}", t, omit=["T"] if omit and "A" in t else [])
        for i, t in enumerate(trees)
    }
    leaves = [h.leaves for h in dimensions.values()]
    size = int(np.prod([len(c) for c in leaves]))
    counts = draw(st.lists(st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 9]), min_size=size, max_size=size))
    grid = np.stack(np.meshgrid(*[np.arange(len(c)) for c in leaves], indexing="ij"), -1).reshape(size, -1)
    frame = pl.DataFrame(
        {name: [c[i] for i in grid[:, k]] for k, (name, c) in enumerate(zip(dimensions, leaves, strict=True))}
        | {"n": counts}
    )
    note(dict(frame.rows_by_key(list(dimensions), unique=True)))
    return an.Table.from_records(frame, dimensions, count="n")


def expected(table, safe, policy):
    below = []
    for h in table.dimensions.values():
        parts = dict(h.relations)

        def spread(code, parts=parts):
            return tuple(leaf for c in parts[code] for leaf in spread(c)) if code in parts else (code,)

        below.append({code: spread(code) for code in h.codes})
    leaves, cells = oracle.grid(below)
    names = list(table.dimensions)
    truth = {row[:-1]: row[-1] for row in table.cells.select(*names, "value").iter_rows()}
    shown = {row[:-1]: row[-1] for row in safe.cells.select(*names, "value").iter_rows()}
    floor = 1 if policy.zeros == "published" else 0
    threshold = policy.rules[0].threshold
    sensitive = [c for c, v in truth.items() if floor <= v < threshold]
    highest = max(truth.values()) + 2 * threshold
    found = oracle.tables(leaves, cells, shown, floor, min(highest, 25))
    return oracle.verdict(found, truth, cells, sensitive=sensitive, need=max(2, threshold - floor))


def judged(audit, kind):
    return {tuple(code for _, code in f.cell) for f in audit.findings if f.kind in kind}


def check(table, hide, zeros, threshold):
    policy = an.Protection(rules=[an.SmallCount(threshold=threshold)], zeros=zeros, apriori="positive")
    values = table.values
    sensitive = (values < threshold) & (values >= (1 if zeros == "published" else 0))
    hidden = sensitive | (
        (hide >> np.arange(len(values)) & 1).astype(bool) & ((values > 0) | (zeros == "suppressed"))
    )
    safe = publish(table, hidden, policy)
    try:
        exact, narrow, insider = expected(table, safe, policy)
    except oracle.TooManyError:
        return
    audit = an.audit(safe, policy)
    assert exact <= judged(audit, {"exact"})
    assert narrow <= judged(audit, {"narrow", "exact"})
    assert insider <= judged(audit, {"insider", "exact"})
    assert audit.ok == (not exact and not narrow and not insider)


def check_protected(table, zeros, threshold):
    policy = an.Protection(rules=[an.SmallCount(threshold=threshold)], zeros=zeros, apriori="positive")
    safe = an.protect(table, policy)
    assert an.audit(safe, policy).ok
    try:
        assert expected(table, safe, policy) == (set(), set(), set())
    except oracle.TooManyError:
        return


cases = given(
    small_tables(),
    st.integers(0, 2**40 - 1),
    st.sampled_from(["published", "published", "suppressed"]),
    st.sampled_from([2, 3]),
)
QUICK = settings(max_examples=1_300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=50_000, deadline=None, suppress_health_check=list(HealthCheck))


def tractable(table):
    return len(table.values) <= 40


@cases
@QUICK
def test_audit_agrees_with_brute_force(table, hide, zeros, threshold):
    if tractable(table):
        check(table, hide, zeros, threshold)


@given(small_tables(), st.sampled_from(["published", "suppressed"]), st.sampled_from([2, 3, 5]))
@settings(QUICK, max_examples=300)
def test_protect_keeps_every_promise(table, zeros, threshold):
    if tractable(table):
        check_protected(table, zeros, threshold)


@pytest.mark.nightly
@pytest.mark.timeout(0)
@cases
@LONG
def test_audit_agrees_with_brute_force_at_length(table, hide, zeros, threshold):
    if tractable(table):
        check(table, hide, zeros, threshold)


def test_a_cell_known_too_closely_may_be_computed_by_somebody_as_well():
    dimensions = {f"d{i}": an.Hierarchy.from_parents(f"d{i}", TREES[0]) for i in range(3)}
    grid = np.stack(np.meshgrid(*[[0, 1]] * 3, indexing="ij"), -1).reshape(8, 3)
    frame = pl.DataFrame({f"d{i}": ["ab"[x] for x in grid[:, i]] for i in range(3)})
    counts = frame.with_columns(n=pl.Series([0, 2, 0, 0, 1, 0, 0, 1]))
    check(an.Table.from_records(counts, dimensions, count="n"), 4, "suppressed", 3)
