"""Rounding cell by cell: published examples, exact probabilities, and the same cell alike everywhere."""

import json
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import anonymize as an
from anonymize.perturb import MidpointRounding, RandomRounding, RoundAfterRedaction, perturb
from anonymize.perturb.rounding import drawn, law, midpoint
from tests.anonymize.perturb_oracle import outcomes, table


def values(perturbed, **codes):
    rows = perturbed.cells.filter(*(pl.col(name) == code for name, code in codes.items()))
    return rows["value"].to_list()


@pytest.fixture(scope="module")
def answers(shared):
    return json.loads((shared / "data" / "sdc" / "known_answers.json").read_text(encoding="utf-8"))


def test_midpoint_six(answers):
    expected = answers["opensafely_midpoint6"]["map"]
    for text, middle in expected.items():
        low, _, high = text.partition("-")
        counts = np.arange(int(low), int(high or low) + 1)
        assert midpoint(counts, MidpointRounding()).tolist() == [middle] * len(counts)


def test_round_to_five_after_redaction(answers):
    case = answers["opensafely_round5"]
    data = table((4, 2), [n for row in case["before"] for n in row])
    safe = perturb(data, RoundAfterRedaction(), seed=0)
    inner = [[values(safe, d0=str(i), d1=str(j))[0] for j in range(2)] for i in range(4)]
    assert inner == case["after"]
    assert [values(safe, d0="T", d1=str(j))[0] for j in range(2)] == case["after_total"]
    assert safe.cells.filter(pl.col("value").is_null())["status"].unique().to_list() == ["suppressed"]


def test_a_margin_of_which_nothing_is_shown_is_hidden():
    safe = perturb(table((2, 2), [7, 7, 0, 0]), RoundAfterRedaction(), seed=0)
    assert values(safe, d0="0", d1="T") == [None]
    assert values(safe, d0="1", d1="T") == [0]


def test_margins_may_be_rounded_apart():
    safe = perturb(table((2,), [7, 7]), RoundAfterRedaction(totals="rounded"), seed=0)
    assert values(safe, d0="T") == [15]


def test_random_rounding_probabilities(answers):
    for count, outcomes_ in answers["random_rounding_base3"].items():
        expected = {(value, Fraction(p)) for value, p in outcomes_}
        assert set(law(RandomRounding(base=3), int(count))) == expected


@pytest.mark.parametrize("base", [3, 5])
def test_draws_follow_the_probabilities_exactly(base):
    for count in range(4 * base):
        got = drawn(np.full(base, count), np.arange(base, dtype=np.uint64), base)
        for value, p in law(RandomRounding(base=base), count):
            assert Fraction(int((got == value).sum()), base) == p
        assert got.sum() == count * base  # unbiased


def test_many_cells_round_as_often_as_they_should():
    data = table((60, 50), [4] * 3000)
    safe = perturb(data, RandomRounding(base=3), seed=12)
    inner = safe.cells.filter(pl.col("d0") != "T", pl.col("d1") != "T")["value"]
    assert set(inner) == {3, 6}
    assert abs((inner == 6).sum() - 1000) < 4 * (3000 * 2 / 9) ** 0.5


def test_the_seed_decides():
    data = table((5, 5), list(range(25)))
    same = perturb(data, RandomRounding(), seed=1).digest
    assert perturb(data, RandomRounding(), seed=1).digest == same
    assert len({perturb(data, RandomRounding(), seed=s).digest for s in range(5)}) == 5


@given(st.permutations(range(12)), st.integers(0, 3))
@settings(max_examples=25)
def test_the_order_of_rows_does_not(order, seed):
    leaves = [(str(i), str(j)) for i in range(3) for j in range(4)]
    frame = pl.DataFrame([(*leaf, n) for n, leaf in enumerate(leaves)], ["a", "b", "n"], orient="row")
    dimensions = {"a": an.Hierarchy.flat("a", "012"), "b": an.Hierarchy.flat("b", "0123")}
    straight = an.Table.from_records(frame, dimensions, count="n")
    turned = an.Table.from_records(frame[list(order)], dict(reversed(dimensions.items())), count="n")
    one, two = (
        perturb(t, RandomRounding(base=5), seed=seed).cells.sort("a", "b") for t in (straight, turned)
    )
    assert one.equals(two.select(one.columns))


def test_the_same_cell_rounds_alike_in_every_table():
    rng = np.random.default_rng(4)
    people = pl.DataFrame({
        "province": rng.choice(["01", "02", "03"], 200),
        "sex": rng.choice(["F", "M"], 200),
        "age": rng.choice(["0", "5", "10"], 200),
        "n": 1,
    })  # fmt: skip
    trees = {
        "province": an.Hierarchy.from_parents("province", {"01": "N", "02": "N", "N": "VN", "03": "VN"}),
        "sex": an.Hierarchy.flat("sex", ["F", "M"]),
        "age": an.Hierarchy.flat("age", ["0", "5", "10"]),
    }
    one, two = (
        perturb(
            an.Table.from_records(people, {k: trees[k] for k in ("province", other)}, count="n"),
            RandomRounding(base=5),
            seed=9,
        ).cells.filter(pl.col(other) == "_T")
        for other in ("sex", "age")
    )
    assert one["value"].to_list() == two["value"].to_list()


@given(st.integers(0, 500), st.integers(2, 12))
def test_midpoints_by_definition(count, base):
    got = midpoint(np.array([count]), MidpointRounding(base=base))
    assert {int(got[0])} == outcomes("midpoint_rounding", count, base=base)


def test_unknown_parameters_and_senseless_bases_are_errors():
    for wrong in ({"base": 1}, {"base": 3, "bases": 5}, {"base": 3.5}, {"base": "3"}):
        with pytest.raises(ValidationError):
            RandomRounding(**wrong)
    with pytest.raises(ValidationError):
        RoundAfterRedaction(totals="kept")
