"""The audit of perturbed tables: promises checked, attacks as strong as brute force over all whole tables."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.perturb import (
    CellKey,
    ControlledRounding,
    MidpointRounding,
    RandomRounding,
    RoundAfterRedaction,
    SmallCountRounding,
    audit_perturbed,
    maximum_entropy,
    perturb,
)
from tests.anonymize.perturb_oracle import possible, table

PTABLE = maximum_entropy(2, 1.0)
METHODS = [
    RandomRounding(base=3),
    RandomRounding(base=5),
    MidpointRounding(),
    RoundAfterRedaction(),
    RoundAfterRedaction(totals="rounded"),
    SmallCountRounding(),
    ControlledRounding(base=3),
    CellKey(ptable=PTABLE),
]
GRID = [7, 1, 12, 0, 3, 30, 2, 9, 4, 0, 18, 5]


def shown(perturbed):
    keys = perturbed.table.keys
    return {tuple(row[:-1]): row[-1] for row in perturbed.cells.select(*keys, "value").iter_rows()}


def found(audit, kind):
    return {tuple(code for _, code in f.cell) for f in audit.findings if f.kind == kind}


def with_value(perturbed, row, value):
    values = perturbed.cells["value"].to_list()
    values[row] = value
    return replace(perturbed, cells=perturbed.cells.with_columns(value=pl.Series(values, dtype=pl.Int64)))


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.kind)
def test_every_method_keeps_its_promises(method):
    audit = audit_perturbed(perturb(table((3, 4), GRID), method, seed=5), method)
    assert not found(audit, "promise")
    assert not found(audit, "altered")
    assert audit.digest == perturb(table((3, 4), GRID), method, seed=5).digest


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.kind)
@pytest.mark.parametrize("row", [0, 7, 19])
def test_a_changed_number_is_a_broken_promise(method, row):
    safe = perturb(table((3, 4), GRID), method, seed=5)
    old = safe.cells["value"][row]
    bad = with_value(safe, row, (old or 0) + 1 if method.kind != "cell_key" else (old or 0) + 7)
    assert not audit_perturbed(bad, method).ok


@pytest.mark.parametrize("method", [SmallCountRounding(), ControlledRounding(base=3)], ids=lambda m: m.kind)
def test_sums_are_checked_where_promised(method):
    safe = perturb(table((3, 4), GRID), method, seed=5)
    base = method.base
    total = safe.cells.height - 1
    bad = with_value(safe, total, safe.cells["value"][total] + base)
    assert found(audit_perturbed(bad, method), "promise") >= {("T", "T")}


def test_one_key_means_one_value():
    method = CellKey(ptable=PTABLE)
    data = table((2, 2), [6, 0, 5, 8])  # the first row and its first cell hold the same people
    safe = perturb(data, method, seed=1)
    keys = safe.keys.copy()
    keys[:] = 1
    same = replace(safe, keys=keys)
    drawn = {v for v, n in zip(safe.cells["value"], data.values, strict=True) if n == 6}
    assert bool(found(audit_perturbed(same, method), "promise")) == (len(drawn) > 1)


def test_a_foreign_frame_is_refused():
    method = MidpointRounding()
    safe = perturb(table((2, 2), [1, 2, 3, 4]), method, seed=1)
    audit = audit_perturbed(replace(safe, cells=safe.cells.head(3)), method)
    assert found(audit, "altered")
    assert not audit.ok


def test_an_audit_against_another_method_is_refused():
    safe = perturb(table((3, 4), GRID), RandomRounding(base=3), seed=5)
    assert not audit_perturbed(safe, MidpointRounding()).ok


def test_random_rounding_of_margins_can_be_undone():
    data = table((2,), [1, 1])
    safe = perturb(data, RandomRounding(base=3), seed=0)
    rows = {tuple(r[:1]): i for i, r in enumerate(safe.cells.iter_rows())}
    # 1 -> 3 and 1 -> 3 leaves [1, 5] each; a total of 2 -> 0 leaves at most 2: both are 1.
    bad = with_value(with_value(with_value(safe, rows[("0",)], 3), rows[("1",)], 3), rows[("T",)], 0)
    audit = audit_perturbed(bad, RandomRounding(base=3))
    assert found(audit, "exact") == {("0",), ("1",), ("T",)}
    assert found(audit, "presence") == {("T",)}


def compare(shape, counts, method, kind, **parameters):
    """The audit finds exactly what brute force over all whole tables finds."""
    data = table(shape, counts)
    safe = perturb(data, method, seed=sum(counts))
    left = possible(shape, shown(safe), max(counts) + 6, kind, **parameters)
    truth = {tuple(row[:-1]): row[-1] for row in data.cells.iter_rows()}
    small = audit_limit(method)
    audit = audit_perturbed(safe, method)
    blurred = method.kind in ("random_rounding", "controlled_rounding", "small_count_rounding")
    alone = {cell for cell, counts in left.items() if len(counts) == 1}
    assert all(truth[cell] in counts for cell, counts in left.items())
    assert found(audit, "exact") == {c for c in alone if 0 < truth[c] < small}
    empty = {c for c in alone if truth[c] == 0}
    told = {c for c, counts in left.items() if shown(safe)[c] == 0 and truth[c] > 0 and min(counts) > 0}
    assert found(audit, "presence") == ((empty | told) if blurred else set())
    outer = {tuple(row[:-2]): row[-2:] for row in audit.bounds.iter_rows()}
    assert all(outer[c][0] <= min(n) and (outer[c][1] or 10**9) >= max(n) for c, n in left.items())


def audit_limit(method):
    return {
        "random_rounding": lambda: method.base,
        "controlled_rounding": lambda: method.base,
        "midpoint_rounding": lambda: method.base + 1,
        "round_after_redaction": lambda: method.redact + 1,
        "small_count_rounding": lambda: method.base,
        "cell_key": lambda: method.ptable.deviation + 1,
    }[method.kind]()


shapes = st.sampled_from([(2,), (3,), (2, 2), (2, 3)])


@st.composite
def tables(draw, highest):
    shape = draw(shapes)
    size = shape[0] * (shape[1] if len(shape) > 1 else 1)
    return shape, draw(st.lists(st.integers(0, highest), min_size=size, max_size=size))


@given(tables(highest=5))
@settings(max_examples=150)
def test_the_attack_on_random_rounding_is_as_strong_as_brute_force(case):
    compare(*case, RandomRounding(base=3), "random_rounding", base=3)


@given(tables(highest=5))
@settings(max_examples=60)
def test_the_attack_on_controlled_rounding_is_as_strong_as_brute_force(case):
    """Adjacent multiples again; here the published ones add up."""
    compare(*case, ControlledRounding(base=3), "random_rounding", base=3)


@given(tables(highest=9))
@settings(max_examples=100)
def test_the_attack_on_midpoints_is_as_strong_as_brute_force(case):
    compare(*case, MidpointRounding(base=4), "midpoint_rounding", base=4)


@given(tables(highest=8))
@settings(max_examples=100)
def test_the_attack_on_redaction_is_as_strong_as_brute_force(case):
    method = RoundAfterRedaction(redact=2, base=3, totals="rounded")
    compare(*case, method, "redacted_and_rounded", redact=2, base=3)


@given(tables(highest=6))
@settings(max_examples=100)
def test_the_attack_on_small_count_rounding_is_as_strong_as_brute_force(case):
    compare(*case, SmallCountRounding(base=3), "small_count_rounding", base=3)


@given(tables(highest=5))
@settings(max_examples=100)
def test_the_attack_on_cell_keys_is_as_strong_as_brute_force(case):
    compare(*case, CellKey(ptable=PTABLE), "cell_key", rows=PTABLE.rows)


def test_nothing_printed_tells_a_count():
    safe = perturb(table((3, 4), GRID), RandomRounding(), seed=5)
    audit = audit_perturbed(safe, RandomRounding())
    for text in (repr(safe), repr(audit), *map(str, audit.findings)):
        assert "value" not in text
        assert "lower" not in text
