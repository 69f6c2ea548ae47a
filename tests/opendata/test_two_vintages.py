"""One period in the old and in the new provinces: each safe by itself, together they give hidden counts away."""

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize.protect import publish
from catalog.correspondences import correspondence

POLICY = an.Protection(rules=[an.SmallCount(threshold=5)])
NEW = {link.before: f"n{link.after}" for link in correspondence("province-63", "province-34").links}
OLD = {code: f"o{code}" for code in NEW}
DISEASES = an.Hierarchy.flat("disease", [f"d{i}" for i in range(8)])


@pytest.fixture(scope="module")
def records():
    counts = np.random.default_rng(0).poisson(10, (63, 8))
    place = [(code, disease) for code in NEW for disease in DISEASES.leaves]
    return pl.DataFrame(place, schema=["place", "disease"], orient="row").with_columns(
        n=pl.Series(counts.ravel())
    )


def table(records, *vintages):
    place = an.Hierarchy.refinement("place", *vintages)
    return an.Table.from_records(records, {"place": place, "disease": DISEASES}, count="n")


def together(both, *releases):
    """The joint table as it looks when these releases are out: hidden is what each of them hides."""
    shown = pl.concat(safe.cells.select("place", "disease", "status") for safe in releases).unique()
    marks = shown.filter(pl.col("status") == "suppressed").select("place", "disease").unique()
    found = both.cells.select("place", "disease").join(
        marks.with_columns(hide=pl.lit(value=True)),
        on=["place", "disease"],
        how="left",
        maintain_order="left",
    )
    return publish(both, found["hide"].fill_null(value=False).to_numpy(), POLICY)


def test_what_each_hides_the_other_gives_away_and_joint_protection_does_not(records):
    apart = [an.protect(table(records, vintage), POLICY) for vintage in (OLD, NEW)]
    assert all(an.audit(safe, POLICY).ok for safe in apart)
    both = table(records, OLD, NEW)
    assert an.audit(together(both, *apart), POLICY).exact > 0
    assert an.audit(an.protect(both, POLICY), POLICY).ok


def test_the_second_vintage_is_protected_against_the_first(records):
    first, second = (an.protect(table(records, vintage), POLICY) for vintage in (OLD, NEW))
    both, known = table(records, OLD, NEW), [first.cells.select("place", "disease", "value")]
    assert not an.audit(together(both, first, second), POLICY, known=known).ok
    assert an.audit(an.protect(both, POLICY, known=known), POLICY, known=known).ok
