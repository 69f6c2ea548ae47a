"""The cell-key method: probability tables, keys of records, the same people perturbed alike everywhere."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import anonymize as an
from anonymize.errors import PolicyError, TableError
from anonymize.perturb import (
    CellKey,
    PTable,
    RandomRounding,
    audit_perturbed,
    maximum_entropy,
    perturb,
    record_keys,
)
from anonymize.perturb.cellkey import looked_up


def test_the_example_of_the_ptable_vignette():
    """R package ptable 1.0.0, vignette "Introduction": create_cnt_ptable(D = 2, V = 1)."""
    rows = maximum_entropy(2, 1.0).rows
    assert [round(p, 4) for p in rows[1]] == [0.0, 0.3665, 0.3665, 0.1676, 0.0995]
    assert round(rows[2][0], 4) == 0.0638
    assert round(rows[2][2], 3) == 0.383
    assert rows[0] == (0.0, 0.0, 1.0, 0.0, 0.0)
    assert len(rows) == 3


def entropy(p):
    return -float(np.sum(p[p > 0] * np.log(p[p > 0])))


@given(st.integers(2, 8), st.floats(0.8, 3.0), st.integers(0, 1))
@settings(max_examples=25)
def test_standard_tables_keep_their_constraints(deviation, variance, smallest):
    try:
        ptable = maximum_entropy(deviation, variance, smallest=smallest)
    except PolicyError as error:
        # Without a gap every variance can be met.
        if smallest and "row" in error.problems[0].where:
            return
        raise
    noise = np.arange(-deviation, deviation + 1)
    for count, row in enumerate(ptable.rows):
        p = np.array(row)
        assert abs(p.sum() - 1) < 1e-9
        assert abs(p @ noise) < 1e-9
        assert p @ noise**2 <= variance + 1e-9
        assert not p[(count + noise < 0) | ((count + noise > 0) & (count + noise <= smallest))].any()


def test_the_last_row_is_the_least_predictable_of_its_variance():
    """A discrete normal distribution has the largest entropy; any mixture with another one has less."""
    p = np.array(maximum_entropy(4, 2.0).rows[-1])
    noise = np.arange(-4, 5)
    ratios = np.log(p[5:] / p[4:-1])
    assert np.allclose(np.diff(ratios), np.diff(ratios)[0], atol=1e-6)  # log-quadratic
    other = np.zeros(9)
    other[[2, 4, 6]] = 0.25, 0.5, 0.25
    assert other @ noise**2 == p @ noise**2 or abs(other @ noise**2 - p @ noise**2) < 1e-9
    assert entropy(p) > entropy(0.9 * p + 0.1 * other)


def test_all_mistakes_of_a_ptable_at_once():
    good = [0.25, 0.5, 0.25]
    with pytest.raises(ValidationError) as caught:
        PTable(rows=[[0.0, 0.5, 0.5], good, [0.5, 0.5, 0.5], [0.5, 0.25, 0.25]])
    text = str(caught.value)
    for part in ("row 0 changes zeros", "row 2 does not sum to 1", "row 3 is biased", "dòng 3"):
        assert part in text


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[1.0]],
        [[0, 1, 0], [0.5, 0.5]],
        [[0, 1, 0], [1.5, -1.0, 0.5]],
        [[0, 1, 0]],
        [[0, 0, 1, 0, 0], [0.25, 0, 0.5, 0, 0.25], [0, 0, 1, 0, 0]],
    ],
)
def test_a_ptable_that_cannot_be_is_refused(rows):
    with pytest.raises(ValidationError):
        PTable(rows=rows)


def test_parameters_that_make_no_sense_are_all_named():
    with pytest.raises(PolicyError) as caught:
        maximum_entropy(0, -1.0, smallest=-1)
    assert len(caught.value.problems) == 3


def test_draws_follow_the_ptable():
    ptable = maximum_entropy(3, 1.5)
    draw = (np.arange(200_000) + 0.5) / 200_000
    for count in range(8):
        got = looked_up(np.full(len(draw), count), CellKey(ptable=ptable), draw) - count
        share = np.array([(got == v).mean() for v in range(-3, 4)])
        assert np.allclose(share, ptable.rows[min(count, 3)], atol=1e-5)
    assert looked_up(
        np.zeros(3, np.int64), CellKey(ptable=ptable), np.array([0.0, 0.5, 0.999999])
    ).tolist() == [0, 0, 0]


SEX, AGE = an.Hierarchy.flat("sex", ["F", "M"]), an.Hierarchy.flat("age", ["0", "5", "10"])
GEO = an.Hierarchy.from_parents("geo", {"01": "N", "02": "N", "03": "S", "N": "VN", "S": "VN"})
OLD_GEO = an.Hierarchy.flat("geo", ["01", "02", "03"], total="VN")
METHOD = CellKey(ptable=maximum_entropy(5, 3.0))


def people(seed, size):
    rng = np.random.default_rng(seed)
    return pl.DataFrame({
        "id": [f"p{i}" for i in range(size)],
        "geo": rng.choice(["01", "02", "03"], size),
        "sex": rng.choice(["F", "M"], size),
        "age": rng.choice(["0", "5", "10"], size),
        "n": 1,
    })  # fmt: skip


def perturbed(records, dimensions, seed=3, method=METHOD):
    table = an.Table.from_records(records, dimensions, count="n")
    return perturb(table, method, seed=seed, keys=record_keys(table, records, by="id", seed=seed))


@given(st.integers(0, 50), st.integers(3, 60))
@settings(max_examples=30)
def test_the_same_people_get_the_same_count_in_every_table(seed, size):
    records = people(seed, size)
    one = perturbed(records, {"geo": GEO, "sex": SEX})
    two = perturbed(records.sample(fraction=1.0, shuffle=True, seed=seed), {"age": AGE, "geo": OLD_GEO})
    left = one.cells.filter(pl.col("sex") == "_T").join(two.cells.filter(pl.col("age") == "_T"), on="geo")
    assert left.height == 4
    assert left["value"].to_list() == left["value_right"].to_list()
    assert one.cells.filter(pl.Series(one.table.values == 0))["value"].sum() == 0


@pytest.mark.parametrize("method", [METHOD, RandomRounding(base=5)], ids=lambda m: m.kind)
def test_the_same_people_under_another_code_too(method):
    records = people(1, 40).filter(pl.col("sex") == "F")  # every cell of women is that of both sexes
    safe = perturbed(records, {"geo": GEO, "sex": SEX}, method=method)
    women, both = (safe.cells.filter(pl.col("sex") == code)["value"].to_list() for code in ("F", "_T"))
    assert women == both
    assert not [f for f in audit_perturbed(safe, method).findings if f.kind == "promise"]


def test_noise_is_unbiased_over_seeds():
    records = people(2, 30)
    table = an.Table.from_records(records, {"geo": GEO}, count="n")
    noise = [perturb(table, METHOD, seed=s).cells["value"].to_numpy() - table.values for s in range(400)]
    assert np.abs(np.mean(noise, axis=0)).max() < 4 * (3.0 / 400) ** 0.5
    assert np.abs(noise).max() <= 5


def test_keys_need_the_records_of_the_table():
    records = people(3, 20)
    table = an.Table.from_records(records, {"geo": GEO}, count="n")
    with pytest.raises(TableError):
        record_keys(table, records.head(10), by="id", seed=0)
    with pytest.raises(PolicyError):
        record_keys(table, records, by="person", seed=0)
    with pytest.raises(PolicyError):
        perturb(table, METHOD, seed=0, keys=np.zeros(3, np.uint64))
