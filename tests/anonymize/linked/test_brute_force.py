"""The joint attack against brute force over all whole-number tables; protect with a memory against both."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import anonymize as an
from anonymize import linked
from tests.anonymize import oracle
from tests.anonymize.linked.releases import held, release, small

X = [
    {"a": "T", "b": "T", "c": "T"},
    {"a": "A", "b": "A", "c": "T", "A": "T"},
    {"a": "A", "b": "A", "c": "B", "A": "T", "B": "T"},
]
"""The leaves a, b, c; groups of them may be all that a release shows."""
COARSE = [{"ab": "T", "c": "T"}, {"a": "T", "bc": "T"}, {"ab": "T", "bc": "U"}]
Y = {"f": "S", "m": "S"}
LEAVES = tuple(product("abc", "fm"))


def shaped(name, counts, tree, coarse, *, sexes):
    """A release over the first axis, by sex or not; `coarse`: group -> leaves, if it only shows groups."""
    people = {}
    for (x, y), n in counts.items():
        code = next((g for g in coarse if x in g), None) if coarse else x
        if code is not None:
            key = (code, y) if sexes else (code,)
            people[key] = people.get(key, 0) + n
    axes = {"x": dict.fromkeys(coarse, "T") if coarse else tree} | ({"y": Y} if sexes else {})
    made = release(name, people, **axes)
    if not coarse:
        return made
    return replace(made, places=made.places | {"x": {g: frozenset(g) for g in coarse} | {"T": total(coarse)}})


def total(coarse):
    leaves = frozenset("".join(coarse))
    return None if leaves == frozenset("abc") else leaves


@st.composite
def families(draw):
    """Two or three releases that count the same people; the last one is the candidate."""
    counts = dict(
        zip(
            LEAVES,
            draw(st.lists(st.sampled_from([0, 1, 1, 2, 3, 5, 9]), min_size=6, max_size=6)),
            strict=True,
        )
    )
    made = []
    for number in range(draw(st.integers(2, 3))):
        coarse = draw(st.sampled_from([(), (), ("ab", "c"), ("a", "bc"), ("ab",)]))
        tree = draw(st.sampled_from(X))
        made.append(shaped(f"r{number}", counts, tree, coarse, sexes=draw(st.booleans())))
    return counts, made


def hidden_of(one, policy, more):
    values = one.table.values
    floor = 1 if policy.zeros == "published" else 0
    sensitive = (values >= floor) & (values < policy.rules[0].threshold)
    extra = (more >> np.arange(len(values)) & 1).astype(bool) & ((values > 0) | (floor == 0))
    return sensitive | extra


def published(one, policy, mask):
    return linked.publications(one.table, mask, policy, one.memory())


def cells_of(publications):
    """Cell (set of leaves) -> (number or None, truth), over all publications."""
    shown, truth = {}, {}
    for one in publications:
        for row in one.cells.iter_rows(named=True):
            x = one.places["x"][row["x"]] or frozenset("abc")
            y = (one.places["y"][row["y"]] if "y" in one.places else None) or frozenset("fm")
            cell = tuple(leaf for leaf in LEAVES if leaf[0] in x and leaf[1] in y)
            truth[cell] = row["truth"]
            shown[cell] = row["value"] if row["value"] is not None else shown.get(cell)
    return shown, truth


def expected(publications, counts, policy):
    shown, truth = cells_of(publications)
    truth = truth | counts
    floor = 1 if policy.zeros == "published" else 0
    threshold = policy.rules[0].threshold
    sensitive = [cell for cell in shown if floor <= truth[cell] < threshold]
    cells = {cell: cell for cell in shown}
    found = oracle.tables(LEAVES, cells, shown, floor, 14)
    return oracle.verdict(found, truth, cells, sensitive=sensitive, need=max(2, threshold - floor))


def named(leak):
    """The cell of a leak as a set of leaves."""
    codes = dict(leak.cell)
    x = {code: leaves for tree in X for code, leaves in held(tree).items()} | {
        g: frozenset(g) for g in ("ab", "bc")
    } | {"T": frozenset("ab")}  # fmt: skip
    return tuple(
        leaf for leaf in LEAVES
        if leaf[0] in (x[codes["x"]] or "abc" if "x" in codes else "abc") and leaf[1] in codes.get("y", "fm")
    )  # fmt: skip


def by_kind(leaks, *kinds):
    return {named(leak) for leak in leaks if leak.kind in kinds}


POLICIES = [small(t, **zeros) for zeros in ({"apriori": "positive"}, {"zeros": "suppressed"}) for t in (2, 3)]
cases = given(
    families(), st.lists(st.integers(0, 2**20 - 1), min_size=3, max_size=3), st.sampled_from(POLICIES)
)
QUICK = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LONG = settings(QUICK, max_examples=3_000, derandomize=False)


def judge(family, more, policy):
    counts, made = family
    masks = [hidden_of(one, policy, bits) for one, bits in zip(made, more, strict=False)]
    out = [one for r, mask in zip(made, masks, strict=True) for one in published(r, policy, mask)]
    try:
        exact, narrow, insider = expected(out, counts, policy)
    except oracle.TooManyError:
        return
    leaks = linked.standing(out)
    event(f"leaks {bool(leaks)}")
    assert exact <= by_kind(leaks, "exact")
    assert narrow <= by_kind(leaks, "narrow", "exact")
    assert insider <= by_kind(leaks, "insider", "narrow", "exact")
    assert bool(leaks) == bool(exact or narrow or insider)


WORSE = {"insider": 0, "narrow": 1, "exact": 2}


def worst(publications, counts, policy):
    """Cell -> the worst that brute force says of it."""
    exact, narrow, insider = expected(publications, counts, policy) if publications else ((), (), ())
    return dict.fromkeys(insider, "insider") | dict.fromkeys(narrow, "narrow") | dict.fromkeys(exact, "exact")


def news(earlier, candidate, counts, policy):
    """What is broken by the candidate and was not as bad before."""
    before, after = worst(earlier, counts, policy), worst([*earlier, *candidate], counts, policy)
    return {c: k for c, k in after.items() if c not in before or WORSE[before[c]] < WORSE[k]}


def judge_candidate(family, more, policy):
    """The attack tells what is new, nothing that was so before, and leaves the table by itself to its audit."""
    counts, (*before, last) = family
    earlier = [
        one
        for r, bits in zip(before, more, strict=False)
        for one in published(r, policy, hidden_of(r, policy, bits))
    ]
    candidate = published(last, policy, hidden_of(last, policy, more[-1]))
    try:
        new, alone = news(earlier, candidate, counts, policy), worst(candidate, counts, policy)
    except oracle.TooManyError:
        return
    leaks = {named(leak): leak.kind for leak in linked.attack(candidate, last.memory(earlier))}
    event(f"leaks {bool(leaks)}")
    assert leaks.keys() <= new.keys()
    assert all(cell in alone for cell in new.keys() - leaks.keys())
    assert all(WORSE[kind] >= WORSE[new[cell]] for cell, kind in leaks.items())


def judge_protection(family, more, policy):
    """Nothing new is given away by what protect makes; and where it refuses nothing could have been hidden in time."""
    counts, (*before, last) = family
    earlier = [
        one
        for r, bits in zip(before, more, strict=False)
        for one in published(r, policy, hidden_of(r, policy, bits))
    ]
    memory = last.memory(earlier)
    everything = (last.table.values > 0) | (policy.zeros == "suppressed")
    try:
        safe = an.protect(last.table, policy, memory=memory)
        assert an.audit(safe, policy, memory=memory).ok
        mask = safe.cells["value"].is_null().to_numpy()
    except an.InfeasibleError:
        mask = None
    event(f"protected {mask is not None}")
    try:
        if mask is None:
            assert news(earlier, published(last, policy, everything), counts, policy)
        else:
            assert not news(earlier, published(last, policy, mask), counts, policy)
    except oracle.TooManyError:
        return


@st.composite
def revisions(draw):
    """Two versions over one axis, of other trees perhaps; few numbers differ."""
    counts = draw(st.lists(st.sampled_from([0, 1, 2, 3, 5]), min_size=3, max_size=3))
    changes = draw(st.lists(st.sampled_from([0, 0, 0, 1, -1]), min_size=3, max_size=3))
    later = [max(0, n + change) for n, change in zip(counts, changes, strict=True)]
    coarse = draw(st.sampled_from([(), (), ("ab", "c"), ("a", "bc")]))
    both = []
    for name, numbers, groups in (("r0", counts, ()), ("r1", later, coarse)):
        people = {(x, "f"): n for x, n in zip("abc", numbers, strict=True)}
        both.append(shaped(name, people, draw(st.sampled_from(X)), groups, sexes=False))
    return (counts, later), both


def judge_revision(versions, more, threshold):
    """Whoever takes cells with the same number for one, and all others for two, learns no more than is told."""
    counts, made = versions
    policy = small(threshold, apriori="positive")
    out = [
        one
        for r, bits in zip(made, more, strict=False)
        for one in published(r, policy, hidden_of(r, policy, bits))
    ]
    cells = [{row[0]: set(leaves(one, row[0])) for row in one.cells.select("x").rows()} for one in out]
    truth = [dict(one.cells.select("x", "truth").rows()) for one in out]
    number, shown, floor = {}, {}, 1
    for v, one in enumerate(out):
        for code, value in one.cells.select("x", "value").rows():
            cell = frozenset(cells[v][code]), truth[v][code]
            number[v, code] = cell
            shown[cell] = value if value is not None else shown.get(cell)
    possible = [list(alternatives(v, cells[v], number, shown, counts[v])) for v in (0, 1)]
    common = {number[0, c] for c in cells[0]} & {number[1, c] for c in cells[1]}
    found = [
        first | second
        for first, second in product(*possible)
        if all(first[cell] == second[cell] for cell in common)
    ]
    sensitive = [cell for cell in shown if floor <= cell[1] < threshold]
    told = {
        (frozenset(x for x, _ in named(leak)), number_of(out, leak))
        for leak in linked.standing(out, insiders=0)
    }
    few = {cell for cell in sensitive if len({table[cell] for table in found}) < max(2, threshold - floor)}
    assert few <= told


def leaves(one, code):
    return one.places["x"][code] or frozenset("abc")


def alternatives(v, cells, number, shown, counts):
    """Every table of one version: cell -> number."""
    for guess in product(range(max(counts) * 2 + 4), repeat=3):
        people = dict(zip("abc", guess, strict=True))
        table = {number[v, code]: sum(people[x] for x in held) for code, held in cells.items()}
        if all(n == shown[cell] if shown[cell] is not None else n >= 1 for cell, n in table.items()):
            yield table


def number_of(out, leak):
    """The true number of a cell that is told to be given away."""
    code = dict(leak.cell).get("x", "T")
    one = next(one for one in reversed(out) if one.name == leak.hidden_in[-1])
    return dict(one.cells.select("x", "truth").rows())[code]


revised = given(
    revisions(), st.lists(st.integers(0, 2**5 - 1), min_size=2, max_size=2), st.sampled_from([2, 3])
)


@cases
@settings(QUICK, max_examples=50)
def test_the_joint_attack_agrees_with_brute_force(family, more, policy):
    judge(family, more, policy)


@cases
@settings(QUICK, max_examples=25)
def test_what_was_so_before_is_not_told(family, more, policy):
    judge_candidate(family, more, policy)


@cases
@settings(QUICK, max_examples=30)
def test_protect_keeps_every_promise_that_can_be_kept(family, more, policy):
    judge_protection(family, more, policy)


@revised
@settings(QUICK, max_examples=40)
def test_what_revisions_tell_is_found(versions, more, threshold):
    judge_revision(versions, more, threshold)


@pytest.mark.nightly
@pytest.mark.timeout(0)
@cases
@LONG
def test_brute_force_at_length(family, more, policy):
    judge(family, more, policy)
    judge_candidate(family, more, policy)
    judge_protection(family, more, policy)


@pytest.mark.nightly
@pytest.mark.timeout(0)
@revised
@LONG
def test_revisions_at_length(versions, more, threshold):
    judge_revision(versions, more, threshold)
