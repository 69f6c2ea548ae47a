"""Groupings, vintages, linked tables, chains and many dimensions, against brute force over all whole-number tables."""

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

import anonymize as an
from anonymize.protect import publish
from anonymize.relations import relate
from tests.anonymize import oracle

QUICK = settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def groupings(draw, most, trees_most):
    """Trees over the same few leaves, some codes never published; equal groups have one name or two."""
    leaves = "abcd"[: draw(st.integers(2, most))]
    trees = []
    for number in range(draw(st.integers(1, trees_most))):
        label = draw(st.lists(st.integers(0, 2), min_size=len(leaves), max_size=len(leaves)))
        held = {k: "".join(c for c, own in zip(leaves, label, strict=True) if own == k) for k in label}
        shared = draw(st.booleans())
        name = {k: f"{'G' if shared else number}{own}" for k, own in held.items()}
        middle = dict.fromkeys(name.values(), "T")
        if draw(st.booleans()):  # one more sum between the first group and the root
            middle |= {name[label[0]]: f"{number}:{name[label[0]]}", f"{number}:{name[label[0]]}": "T"}
        trees.append({leaf: name[k] for leaf, k in zip(leaves, label, strict=True)} | middle)
    inner = sorted({parent for tree in trees for parent in tree.values()} - {"T"})
    omit = draw(st.sampled_from([[], [], list(leaves), list(leaves[:2]), inner[:1], inner[-2:], ["T"]]))
    return trees, omit


@st.composite
def situations(draw):
    """A table, what it is made of and which of its cells can be published."""
    number = draw(st.integers(1, 4))
    spec = {f"d{i}": draw(groupings(max(2, 5 - number), 3 if i < 2 else 1)) for i in range(number)}
    rooted = not any("T" in omit for _, omit in spec.values())
    names, show = list(spec), None
    if number > 1 and rooted and draw(st.booleans()):
        cut = draw(st.integers(1, number - 1))
        show = (
            [names[:cut] + names[-1:], names[cut - 1 : -1] or names[:1]]
            if number > 2
            else [names[:1], names[1:]]
        )
        show += [[n] for n in names if not any(n in s for s in show)]
    leaves = [sorted(set(trees[0]) - set(trees[0].values())) for trees, _ in spec.values()]
    cells = [*product(*leaves)]
    counts = draw(
        st.lists(st.sampled_from([0, 0, 1, 1, 2, 3, 5, 9]), min_size=len(cells), max_size=len(cells))
    )
    truth = dict(zip(cells, counts, strict=True))
    note((spec, show, truth))
    return spec, show, truth


def tabulated(spec, show, truth):
    dimensions = {n: an.Hierarchy.from_groupings(n, trees, omit=omit) for n, (trees, omit) in spec.items()}
    frame = pl.DataFrame([(*cell, n) for cell, n in truth.items()], schema=[*spec, "n"], orient="row")
    return an.Table.from_records(frame, dimensions, count="n", show=show)


def published(spec, show):
    """Cell -> leaf cells, for every cell that may be published; from the declaration alone."""
    held = [oracle.holdings(trees) for trees, _ in spec.values()]
    found = {}
    for cell in product(*held):
        inside = show is None or any(
            all(code == "T" or name in table for name, code in zip(spec, cell, strict=True)) for table in show
        )
        if inside and not any(code in omit for code, (_, omit) in zip(cell, spec.values(), strict=True)):
            found[cell] = tuple(product(*(h[code] for h, code in zip(held, cell, strict=True))))
    return found


def expected(situation, safe, policy):
    spec, show, truth = situation
    cells = published(spec, show)
    truth = truth | {cell: sum(truth[p] for p in parts) for cell, parts in cells.items()}
    shown = {row[:-1]: row[-1] for row in safe.cells.select(*spec, "value").iter_rows()}
    assert shown.keys() == cells.keys()
    floor, threshold = 1 if policy.zeros == "published" else 0, policy.rules[0].threshold
    sensitive = [cell for cell in cells if floor <= truth[cell] < threshold]
    highest = min(max(truth.values()) + 2 * threshold, 25)
    found = oracle.tables([*situation[2]], cells, shown, floor, highest)
    return oracle.verdict(found, truth, cells, sensitive=sensitive, need=max(2, threshold - floor))


def judged(audit, *kinds):
    return {tuple(code for _, code in f.cell) for f in audit.findings if f.kind in kinds}


def tractable(situation):
    return len(situation[2]) <= 16 and len(published(*situation[:2])) <= 120


def check_audit(situation, hide, zeros, threshold):
    table = tabulated(*situation)
    policy = an.Protection(rules=[an.SmallCount(threshold=threshold)], zeros=zeros, apriori="positive")
    values, least = table.values, 1 if zeros == "published" else 0
    sensitive = (values < threshold) & (values >= least)
    extra = np.random.default_rng(hide).random(len(values)) < 0.3
    safe = publish(table, sensitive | (extra & (values >= least)), policy)
    audit = an.audit(safe, policy)
    try:
        exact, narrow, insider = expected(situation, safe, policy)
    except oracle.TooManyError:
        return
    assert exact <= judged(audit, "exact")
    assert narrow <= judged(audit, "narrow", "exact")
    assert insider <= judged(audit, "insider", "exact")
    assert audit.ok == (not exact and not narrow and not insider)


def check_protected(situation, zeros, threshold, effort):
    table = tabulated(*situation)
    policy = an.Protection(rules=[an.SmallCount(threshold=threshold)], zeros=zeros, apriori="positive")
    safe = an.protect(table, policy, effort=effort)
    assert an.audit(safe, policy).ok
    try:
        assert expected(situation, safe, policy) == (set(), set(), set())
    except oracle.TooManyError:
        return


def equations(relations, chosen):
    rows = np.zeros((len(chosen), relations.cells))
    for i, r in enumerate(chosen):
        total, *parts = relations.members[relations.start[r] : relations.start[r + 1]]
        rows[i, total] = -1
        rows[i, parts] = 1
    return rows


def rank(matrix):
    return int(np.linalg.matrix_rank(matrix)) if matrix.size else 0


@given(situations().filter(tractable))
@settings(QUICK, max_examples=150)
def test_the_relations_are_all_that_hold_and_links_all_that_do_not_follow(situation):
    """Counting dimensions: what the sums leave open is exactly what leaf counts can vary."""
    table = tabulated(*situation)
    relations = relate(table)
    everything = equations(relations, range(len(relations.start) - 1))
    assert not (everything @ table.values).any()
    held = [oracle.holdings(trees) for trees, _ in situation[0].values()]
    leaves = [*situation[2]]
    cells = [
        [all(leaf[d] in held[d][code] for d, code in enumerate(cell)) for leaf in leaves]
        for cell in table.cells.select(list(situation[0])).iter_rows()
    ]
    assert rank(everything) == relations.cells - rank(np.array(cells, float))
    for pick in (min, max):  # any one relation of each total will do, with the links
        first = {}
        for r in range(len(relations.start) - 1):
            total = relations.members[relations.start[r]]
            first[total] = pick(first.get(total, r), r)
        enough = sorted({*first.values(), *relations.links.tolist()})
        assert rank(equations(relations, enough)) == rank(everything)


ZEROS = st.sampled_from(["published", "published", "suppressed"])
attacked = given(situations().filter(tractable), st.integers(0, 2**32), ZEROS, st.sampled_from([2, 3]))
protected = given(situations().filter(tractable), ZEROS, st.sampled_from([2, 3, 5]))


@attacked
@QUICK
def test_audit_agrees_with_brute_force(situation, hide, zeros, threshold):
    check_audit(situation, hide, zeros, threshold)


@protected
@settings(QUICK, max_examples=200)
def test_protect_keeps_every_promise(situation, zeros, threshold):
    check_protected(situation, zeros, threshold, "low")


@pytest.mark.nightly
@pytest.mark.timeout(0)
@attacked
@LONG
def test_audit_agrees_with_brute_force_at_length(situation, hide, zeros, threshold):
    check_audit(situation, hide, zeros, threshold)


@pytest.mark.nightly
@pytest.mark.timeout(0)
@protected
@LONG
def test_protect_keeps_every_promise_at_length(situation, zeros, threshold):
    check_protected(situation, zeros, threshold, "default")


CHAIN = {"a": "A", "b": "A", "A": "T"}
PLAIN = {"a": "T", "b": "T"}


@pytest.mark.parametrize("tree", [CHAIN, PLAIN])
@pytest.mark.parametrize(
    ("counts", "zeros"),
    [
        (
            [1, 0, 0, 0, 0, 0, 2, 0],
            "suppressed",
        ),  # as a chain once too many unknowns for the whole-number check
        (
            [1, 1, 5, 1, 0, 9, 1, 9],
            "published",
        ),  # what is beside the cells does not suffice, what is farther does
    ],
)
def test_cells_that_need_most_of_the_table_hidden(tree, counts, zeros):
    spec = {f"d{i}": ([tree], []) for i in range(3)}
    table = tabulated(spec, None, dict(zip(product("ab", repeat=3), counts, strict=True)))
    policy = an.Protection(rules=[an.SmallCount(threshold=2)], zeros=zeros)
    assert an.audit(an.protect(table, policy), policy).ok
