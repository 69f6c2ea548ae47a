"""The audit of larger tables: what it flags is decided exactly, in components of any size."""

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize import intervals, neighbourhood, nullspace, reach, walk
from anonymize.attack import view
from anonymize.elimination import Task
from anonymize.goals import goals
from anonymize.intervals import components
from anonymize.known import gather
from anonymize.protect import publish
from anonymize.relations import relate
from anonymize.suppress import close
from anonymize.system import system

POLICY = an.Protection(rules=[an.SmallCount(threshold=5)], apriori="nonnegative")


def grid(size, seed=0):
    """Three dimensions of `size` leaf codes in groups of ten, counts of a few."""
    rng = np.random.default_rng(seed)
    trees = {
        d: an.Hierarchy.from_parents(
            d,
            {f"{d}{i:02d}": f"{d}G{i // 10}" for i in range(size)}
            | {f"{d}G{g}": "T" for g in range(size // 10)},
        )
        for d in "xyz"
    }
    weights = [rng.lognormal(0, 0.8, size) for _ in range(3)]
    mean = 4 * np.einsum("i,j,k->ijk", *weights) * rng.lognormal(0, 0.6, (size, size, size))
    place = np.indices((size, size, size)).reshape(3, -1)
    frame = pl.DataFrame({d: [f"{d}{i:02d}" for i in p] for d, p in zip("xyz", place, strict=True)})
    return an.Table.from_records(frame.with_columns(n=pl.Series(rng.poisson(mean).ravel())), trees, count="n")


@pytest.fixture(scope="module")
def table():
    return grid(30)


@pytest.fixture(scope="module")
def hidden(table):
    wanted = goals(table, POLICY)
    relations = relate(table)
    task = Task(relations, table.values, wanted, np.zeros(len(table.values), bool), table.values > 0)
    return close(task, wanted.sensitive)


@pytest.fixture(scope="module")
def seen(table, hidden):
    relations = relate(table)
    return view(table, hidden, POLICY, relations=relations, earlier=gather(table, (), relations))


def test_one_large_component(seen):
    assert np.bincount(components(seen)).max() > 10_000


def test_the_basis_is_the_null_space(seen):
    given = system(seen)
    found = nullspace.basis(given.rows)
    assert found.whole.all()
    for seed in range(3):
        change = nullspace.random_change(found, len(given.truth), 9, seed=seed)
        assert not (given.rows @ change).any()
    assert (np.bincount(found.cells)[found.own] == 1).all()


def test_walks_are_tables_that_fit(seen):
    given = system(seen)
    low, high = seen.truth.astype(float), seen.truth.astype(float)
    tables = walk.walk(given, nullspace.basis(given.rows), seen.goals, low, high, seed=1)
    assert not (given.rows @ tables.T).any()
    assert ((given.truth + tables >= given.lower) & (given.truth + tables <= given.upper)).all()
    again = walk.walk(
        given,
        nullspace.basis(given.rows),
        seen.goals,
        seen.truth.astype(float),
        seen.truth.astype(float),
        seed=1,
    )
    assert (tables == again).all()


def test_what_single_sums_bound_holds(seen):
    given = system(seen)
    low, high = reach.bounds(given)
    assert ((low <= given.truth) & (given.truth <= high)).all()


def test_a_cell_left_alone_in_its_sum_is_computed(table, hidden, seen):
    wanted = goals(table, POLICY)
    row = next(r for r in np.flatnonzero(wanted.sensitive & hidden))
    shape = tuple(len(h.codes) for h in table.dimensions.values())
    x, y, _ = np.unravel_index(row, shape)
    alone = hidden.reshape(shape).copy()
    alone[x, y] = False
    alone.ravel()[row] = True
    audit = an.audit(publish(table, alone.ravel(), POLICY), POLICY)
    codes = table.cells.select(table.keys)[int(row)].row(0)
    assert any(f.kind == "exact" and tuple(v for _, v in f.cell) == codes for f in audit.findings)


def test_the_certificate_agrees_with_the_audit(table, hidden):
    safe = publish(table, hidden, POLICY)
    audit = an.audit(safe, POLICY)
    verdict = an.check_certificate(safe, audit.certificate, POLICY)
    assert not verdict.problems
    assert verdict.sensitive > 9_000
    bad = {"exact", "narrow"} & set(audit.intervals["kind"])
    assert len(verdict.unproven) == audit.exact + audit.narrow
    assert bool(bad) == bool(len(verdict.unproven))
    assert verdict.whole > 0.9 * verdict.sensitive


def test_a_cell_counts_as_known_only_when_the_whole_giant_component_says_so(monkeypatch):
    small = grid(10)
    safe = an.protect(small, POLICY)
    assert an.audit(safe, POLICY).ok
    # Nothing is found by chance, and the neighbourhoods are too small to show anything.
    monkeypatch.setattr(
        intervals, "_witnessed", lambda search, **_: (np.zeros((0, len(search.given.truth)), np.int64), [])
    )
    monkeypatch.setattr(intervals, "GIANT", 5)
    monkeypatch.setattr(neighbourhood, "GROWTH", (1,))
    assert an.audit(safe, POLICY).ok
    monkeypatch.setattr(intervals, "WHOLE", 0)
    assert not an.audit(safe, POLICY).ok
