"""Rates: exact rounding, what they give away, and releases that hold them."""

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata import rates
from opendata import spec as specs
from opendata.errors import SpecError
from opendata.rates import Formula
from opendata.workspace import Workspace
from tests.opendata.conftest import respec

COUNTS = st.integers(0, 2**63 - 1) | st.integers(0, 5000)
FORMULAS = st.builds(
    Formula, st.just("n"), st.just("d"), st.sampled_from([1, 100, 1000, 100_000, 10**9]), st.integers(0, 6)
)

LETHALITY = {
    "label": {"vi": "Tỷ lệ chết trên mắc", "en": "Case fatality"},
    "unit": {"vi": "phần trăm", "en": "percent"},
    "of": "deaths",
    "over": "cases",
    "per": 100,
    "decimals": 2,
}


def table(n: int | None, d: int | None) -> pl.DataFrame:
    rows = {"area": ["x"], "n": [n], "n_status": ["Q" if n is None else "A"], "d": [d], "d_status": ["Q"]}
    return pl.DataFrame(rows, schema_overrides={"n": pl.Int64, "d": pl.Int64}).with_columns(
        d_status=pl.lit("Q" if d is None else "A")
    )


def half_up(n: int, d: int, rate: Formula) -> Fraction:
    """The oracle: with fractions, never a float."""
    return Fraction((Fraction(n * rate.scale, d) + Fraction(1, 2)).__floor__(), 10**rate.decimals)


@given(COUNTS, COUNTS, FORMULAS)
def test_a_rate_is_rounded_half_up_once_from_whole_numbers(n, d, rate):
    found = rates.computed(table(n, d), {"r": rate})
    assert found.schema["r"] == pl.Decimal(38, rate.decimals)
    [value], [status] = found["r"], found["r_status"]
    assert (status, value is None) == (("A", False) if d else ("O", True))
    if d:
        assert Fraction(value) == half_up(n, d, rate)


@given(st.none() | COUNTS, st.none() | COUNTS, FORMULAS)
def test_a_hidden_count_hides_its_rates(n, d, rate):
    found = rates.computed(table(n, d), {"r": rate}).row(0, named=True)
    hidden = n is None or d is None
    assert (found["r_status"] == "Q") == hidden
    assert not hidden or found["r"] is None


SMALL = st.integers(0, 60)


@given(
    SMALL, SMALL, st.builds(Formula, st.just("n"), st.just("d"), st.sampled_from([1, 100]), st.integers(0, 2))
)
def test_a_rate_leaves_exactly_the_counts_that_round_to_it(n, d, rate):
    whole = rates.computed(table(n, d), {"r": rate})
    for measure in ("n", "d") if d else ():
        row = rates.shown(whole.drop(measure, f"{measure}_status"), {"r": rate}).row(0, named=True)
        rounded = half_up(n, d, rate)
        fits = [
            x for x in range(2000)
            if (measure == "n" or x) and half_up(*((x, d) if measure == "n" else (n, x)), rate) == rounded
        ]  # fmt: skip
        unbounded = measure == "d" and rounded == 0
        expected = (fits[0] if fits else None, None if unbounded else fits[-1])
        assert (row["measure"], (row["low"], row["high"])) == (measure, expected)


def test_that_a_rate_is_counted_among_none_is_told():
    rate = Formula("n", "d", 100, 1)
    bare = rates.computed(table(7, 0), {"r": rate}).drop("d", "d_status")
    assert rates.shown(bare, {"r": rate}).rows() == [("x", "r", "d", 0, 0)]


def test_of_two_unpublished_counts_a_rate_gives_the_proportion():
    rate = Formula("n", "d", 100, 1)
    bare = rates.computed(table(7, 9), {"r": rate}).drop("n", "n_status", "d", "d_status")
    assert rates.shown(bare, {"r": rate}).rows() == [("x", "r", "n", None, None), ("x", "r", "d", None, None)]


@given(COUNTS, COUNTS, FORMULAS)
def test_a_rate_of_published_or_hidden_counts_gives_nothing_away(n, d, rate):
    for data in (table(n, d), table(None, d), table(n, None)):
        assert rates.shown(rates.computed(data, {"r": rate}), {"r": rate}).is_empty()


@given(st.integers(2**62, 2**63 - 1), st.integers(2**62, 2**63 - 1), FORMULAS)
def test_the_largest_counts_are_bounded_too(n, d, rate):
    whole = rates.computed(table(n, d), {"r": rate})
    for measure, truth in (("n", n), ("d", d)):
        [low], [high] = rates.shown(whole.drop(measure, f"{measure}_status"), {"r": rate}).select(
            "low", "high"
        )
        assert low <= truth
        assert high is None or truth <= high


MISTAKES = {
    "a measure that is not there": ({"over": "people"}, "name no measure of the table: people"),
    "itself": ({"of": "cases"}, "over itself"),
    "for none": ({"per": 0}, "greater than or equal to 1"),
    "for less than none": ({"per": -1000}, "greater than or equal to 1"),
    "half decimals": ({"decimals": -1}, "greater than or equal to 0"),
    "too many decimals": ({"decimals": 7}, "less than or equal to 6"),
    "an unknown key": ({"round": "up"}, "unknown key"),
}


@pytest.mark.parametrize(("change", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_rate_that_cannot_be_is_refused(workspace: Workspace, spec, change, says):
    spec["table"]["rates"] = {"lethality": LETHALITY | change}
    respec(workspace, spec)
    with pytest.raises(SpecError, match=says):
        specs.load(workspace.spec_path("cases"))


@pytest.mark.parametrize("name", ["cases", "area", "cases_status", "status"])
def test_a_rate_has_a_name_of_its_own(workspace: Workspace, spec, name):
    spec["table"]["rates"] = {name: LETHALITY}
    respec(workspace, spec)
    with pytest.raises(SpecError, match=r"used twice|mean something else"):
        specs.load(workspace.spec_path("cases"))


def test_a_measure_is_published_or_in_a_rate(workspace: Workspace, spec):
    spec["table"]["measures"]["deaths"]["published"] = False
    respec(workspace, spec)
    with pytest.raises(SpecError, match="neither published nor in a rate: deaths"):
        specs.load(workspace.spec_path("cases"))
