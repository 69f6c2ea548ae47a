"""What protect and audit promise about their results."""

import subprocess
import sys

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize.protect import publish

POLICY = an.Protection(rules=[an.SmallCount(threshold=5)])
PLACE = an.Hierarchy.from_parents(
    "place", {**{f"p{i}": f"r{i % 3}" for i in range(9)}, "r0": "T", "r1": "T", "r2": "T"}
)
CAUSE = an.Hierarchy.flat("cause", [f"c{i}" for i in range(6)])


def frame(seed=0):
    counts = np.random.default_rng(seed).poisson(4, 54)
    return pl.DataFrame(
        {"place": [f"p{i // 6}" for i in range(54)], "cause": [f"c{i % 6}" for i in range(54)], "n": counts}
    )


def table(rows=None):
    return an.Table.from_records(
        frame() if rows is None else rows, {"place": PLACE, "cause": CAUSE}, count="n"
    )


@pytest.fixture(scope="module")
def safe():
    return an.protect(table(), POLICY)


def test_published_cells_tell_no_reasons(safe):
    assert safe.cells.columns == ["place", "cause", "value", "status"]
    hidden = safe.cells.filter(pl.col("status") == "suppressed")
    assert hidden["value"].null_count() == hidden.height == safe.reasons.height
    assert set(safe.reasons["reason"]) == {"primary", "secondary"}


def test_audit_is_clean_and_bound_to_the_cells(safe):
    audit = an.audit(safe, POLICY)
    assert audit.ok
    assert audit.digest == safe.digest
    assert audit.summary()["suppressed"] == safe.reasons.height


def test_same_pattern_whatever_the_order_of_rows(safe):
    for seed in range(3):
        again = an.protect(table(frame().sample(fraction=1, shuffle=True, seed=seed)), POLICY)
        assert again.digest == safe.digest


def test_representations_show_no_value(safe):
    audit = an.audit(publish(safe.table, np.zeros(safe.cells.height, bool), POLICY), POLICY)
    assert not audit.ok
    shown = repr(safe) + repr(safe.table) + repr(audit) + "".join(map(str, audit.findings))
    assert "value" not in shown
    assert audit.exact == (safe.reasons["reason"] == "primary").sum()


def test_a_changed_cell_is_found(safe):
    changed = safe.cells.with_columns(value=pl.col("value") + 1)
    audit = an.audit(an.Protected(changed, safe.reasons, safe.table), POLICY)
    assert audit.summary()["altered"] > 0
    assert not audit.ok


def test_what_was_published_before_cannot_be_hidden(safe):
    primary = safe.reasons.filter(pl.col("reason") == "primary").select("place", "cause")
    before = safe.table.cells.join(primary.head(1), on=["place", "cause"])
    assert not an.audit(safe, POLICY, known=[before]).ok
    with pytest.raises(an.InfeasibleError, match="place="):
        an.protect(safe.table, POLICY, known=[before])


def test_two_releases_together_give_nothing_away(safe):
    first = an.protect(safe.table, POLICY, seed=1)
    second = an.protect(safe.table, POLICY, known=[first], seed=2)
    assert an.audit(second, POLICY, known=[first]).ok


def test_a_revision_does_not_unmask():
    old = an.protect(table(), POLICY)
    shown = old.cells.filter(
        (pl.col("status") == "published") & pl.col("place").str.starts_with("p") & (pl.col("value") > 5)
    )
    cell = shown.select("place", "cause").row(0, named=True)
    hit = (pl.col("place") == cell["place"]) & (pl.col("cause") == cell["cause"])
    revised = table(frame().with_columns(n=pl.col("n") + hit.cast(pl.Int64)))
    new = an.protect(revised, POLICY, known=[old])
    assert an.audit(new, POLICY, known=[old]).ok


def test_unknown_codes_in_an_earlier_release_are_refused(safe):
    stranger = pl.DataFrame({"place": ["old"], "cause": ["c0"], "value": [3]})
    with pytest.raises(an.PolicyError, match=r"known\[0\]"):
        an.audit(safe, POLICY, known=[stranger])


def test_parts_of_a_whole():
    cases = frame().rename({"n": "cases"}).with_columns(deaths=pl.col("cases") // 2)
    both = an.Table.from_records(cases, {"place": PLACE, "cause": CAUSE}, count=["cases", "deaths"])
    policy = an.Protection(rules=POLICY.rules, subsets=[an.Subset(part="deaths", whole="cases")])
    assert an.audit(an.protect(both, policy), policy).ok
    wrong = an.Table.from_records(
        cases.with_columns(deaths=pl.col("cases") + 1),
        {"place": PLACE, "cause": CAUSE},
        count=["cases", "deaths"],
    )
    with pytest.raises(an.TableError, match="cause=c0, measure=deaths: deaths exceeds cases"):
        an.protect(wrong, policy)
    with pytest.raises(an.PolicyError, match="dead"):
        an.protect(both, an.Protection(rules=POLICY.rules, subsets=[an.Subset(part="dead", whole="cases")]))


def test_measures_hidden_together():
    cases = frame().rename({"n": "cases"}).with_columns(deaths=pl.col("cases") // 3)
    both = an.Table.from_records(cases, {"place": PLACE, "cause": CAUSE}, count=["cases", "deaths"])
    policy = an.Protection(
        rules=POLICY.rules,
        subsets=[an.Subset(part="deaths", whole="cases")],
        together=[["cases", "deaths"]],
    )
    safe = an.protect(both, policy)
    assert an.audit(safe, policy).ok
    status = safe.table.cells.join(safe.cells.drop("value"), on=["place", "cause", "measure"])
    wide = status.pivot("measure", index=["place", "cause"], values=["value", "status"])
    apart = wide.filter(pl.col("status_cases") != pl.col("status_deaths"))
    assert set(apart["value_deaths"]) == {0}
    hidden = safe.cells["status"].to_numpy() == "suppressed"
    row = int(np.flatnonzero(hidden[::2] & hidden[1::2])[0]) * 2
    hidden[row] = False
    assert "apart" in {f.kind for f in an.audit(publish(both, hidden, policy), policy).findings}
    with pytest.raises(an.PolicyError, match="together: dead"):
        an.protect(both, an.Protection(rules=POLICY.rules, together=[["cases", "dead"]]))
    with pytest.raises(ValueError, match="named twice"):
        an.Protection(rules=POLICY.rules, together=[["cases", "deaths"], ["cases", "beds"]])


def test_import_is_light():
    heavy = ("numba", "scipy", "highspy", "presidio_analyzer")
    code = f"import sys, anonymize; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
