"""A certificate proves a table safe, to whoever checks it, without a search; a changed one proves nothing."""

import dataclasses

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import anonymize as an
from anonymize.certificate import COLUMNS, seal
from anonymize.goals import goals
from anonymize.protect import publish
from tests.anonymize.test_coalitions import VALUES, WHO, square
from tests.anonymize.test_oracle import small_tables, tractable

POLICY = an.Protection(rules=[an.SmallCount(threshold=5)])
LOOSE = an.Protection(rules=[an.SmallCount(threshold=3)], apriori="nonnegative")
PLACE = an.Hierarchy.from_parents(
    "place", {**{f"p{i}": f"r{i % 3}" for i in range(9)}, "r0": "T", "r1": "T", "r2": "T"}
)
CAUSE = an.Hierarchy.flat("cause", [f"c{i}" for i in range(6)])


def table(seed=0):
    counts = np.random.default_rng(seed).poisson(4, 54)
    frame = pl.DataFrame(
        {"place": [f"p{i // 6}" for i in range(54)], "cause": [f"c{i % 6}" for i in range(54)], "n": counts}
    )
    return an.Table.from_records(frame, {"place": PLACE, "cause": CAUSE}, count="n")


@pytest.fixture(scope="module")
def safe():
    return an.protect(table(), POLICY)


@pytest.fixture(scope="module")
def certificate(safe):
    return an.audit(safe, POLICY).certificate


def resealed(certificate, witnesses):
    """A forger knows how to seal."""
    sealed = seal(certificate.digest, certificate.basis, witnesses)
    return dataclasses.replace(certificate, witnesses=witnesses, seal=sealed)


def faults(safe, certificate, policy=POLICY, known=()):
    return {p.what.en for p in an.check_certificate(safe, certificate, policy, known).problems}


def test_a_safe_table_is_proven_safe(safe, certificate):
    verdict = an.check_certificate(safe, certificate, POLICY)
    assert verdict.ok
    assert verdict.sensitive == (safe.reasons["reason"] == "primary").sum()
    assert 0 < verdict.whole <= verdict.sensitive
    assert dict(certificate.witnesses.schema) == COLUMNS


def test_no_value_is_shown(safe, certificate):
    verdict = an.check_certificate(safe, certificate, POLICY)
    assert repr(certificate) == f"Certificate({certificate.tables} alternative tables)"
    assert "array" not in repr(verdict)


@settings(max_examples=60)
@given(
    place=st.integers(0, 10**6),
    column=st.sampled_from(list(COLUMNS)),
    by=st.sampled_from([-1, 1, 7, 1 << 58]),
)
def test_any_change_of_a_sealed_certificate_is_refused(safe, certificate, place, column, by):
    row = place % certificate.witnesses.height
    changed = certificate.witnesses.with_columns(
        pl.when(pl.int_range(pl.len()) == row)
        .then(pl.col(column) + by)
        .otherwise(pl.col(column))
        .alias(column)
    )
    forged = dataclasses.replace(certificate, witnesses=changed)
    assert "was changed." in faults(safe, forged)


@settings(max_examples=60)
@given(place=st.integers(0, 10**6), by=st.sampled_from([-3, -1, 1, 2, 1 << 40]))
def test_a_forged_change_breaks_a_sum(safe, certificate, place, by):
    row = place % certificate.witnesses.height
    change = pl.when(pl.int_range(pl.len()) == row).then(pl.col("change") + by).otherwise(pl.col("change"))
    forged = resealed(certificate, certificate.witnesses.with_columns(change.alias("change")))
    assert not an.check_certificate(safe, forged, POLICY).ok


def number(w, name):
    return w.with_columns(**{name: pl.lit(-1 if name == "scale" else 10**9, pl.Int64)})


def too_far(w):
    return w.with_columns(
        change=pl.when(pl.col("scale") == 1).then(pl.col("change") * 1000).otherwise("change")
    )


@pytest.mark.parametrize(
    ("forge", "fault"),
    [
        (lambda w: w.with_columns(change=pl.lit(float("nan"))), "lacks the columns of whole numbers."),
        (lambda w: w.with_columns(change=pl.lit(None, pl.Int64)), "lacks the columns of whole numbers."),
        (lambda w: w.with_columns(pl.col("change") * (1 << 50)), "has numbers too large to be added."),
        (lambda w: number(w, "scale"), "has a scale or promise that is not allowed."),
        (lambda w: number(w, "row"), "changes cells that are published."),
        (lambda w: pl.concat([w, w.head(1)]), "repeats a cell or mixes scales in a table."),
        (too_far, "has a table that readers can rule out."),
    ],
)
def test_what_is_no_proof_is_refused(safe, certificate, forge, fault):
    assert fault in faults(safe, resealed(certificate, forge(certificate.witnesses)))


def test_a_certificate_without_tables_proves_nothing(safe, certificate):
    empty = an.check_certificate(safe, resealed(certificate, certificate.witnesses.clear()), POLICY)
    assert not empty.problems
    assert len(empty.unproven) == empty.sensitive
    assert not empty.ok
    tables = resealed(certificate, certificate.witnesses.filter(pl.col("scale") > 0))
    assert len(an.check_certificate(safe, tables, POLICY).tied)


def test_it_is_for_these_cells_this_policy_and_this_history_alone(safe, certificate):
    other = an.protect(table(1), POLICY)
    assert "is for other published cells." in faults(other, certificate)
    assert "is for another policy or history." in faults(safe, certificate, LOOSE)
    assert "is for another policy or history." in faults(safe, certificate, known=[safe.cells])
    altered = an.Protected(safe.cells.with_columns(pl.col("value") + 1), safe.reasons, safe.table)
    assert {"is for other published cells.", "the published cells differ from the table."} <= faults(
        altered, certificate
    )


def test_an_open_table_is_not_proven(safe):
    bare = publish(safe.table, np.zeros(safe.cells.height, bool), POLICY)
    verdict = an.check_certificate(bare, an.audit(bare, POLICY).certificate, POLICY)
    assert not verdict.ok
    assert {p.what.en for p in verdict.problems} == {"sensitive cells are published."}


def test_history_is_part_of_the_proof(safe):
    second = an.protect(safe.table, POLICY, known=[safe], seed=2)
    proof = an.audit(second, POLICY, known=[safe]).certificate
    assert an.check_certificate(second, proof, POLICY, known=[safe]).ok


@settings(max_examples=120)
@given(
    small_tables(),
    st.integers(0, 2**40 - 1),
    st.sampled_from([2, 3, 5]),
    st.sampled_from(["positive", "nonnegative"]),
)
def test_proven_exactly_where_the_audit_is_clean(table, hide, threshold, apriori):
    policy = an.Protection(rules=[an.SmallCount(threshold=threshold)], apriori=apriori)
    values = table.values
    if not tractable(table):
        return
    sensitive = (values > 0) & (values < threshold)
    hidden = sensitive | ((hide >> np.arange(len(values)) & 1).astype(bool) & (values > 0))
    shown = publish(table, hidden, policy)
    audit = an.audit(shown, policy)
    verdict = an.check_certificate(shown, audit.certificate, policy)
    assert not verdict.problems
    # Bounds may give away more to somebody alone in several cells of a small component: the audit alone looks.
    assert audit.ok or not verdict.ok or set(audit.intervals["kind"].drop_nulls()) == {"insider"}
    assert verdict.ok or not audit.ok


def test_the_intervals_of_the_audit(safe):
    audit = an.audit(safe, POLICY)
    truth = safe.table.cells.join(audit.intervals, on=["place", "cause"])
    assert truth.height == (safe.reasons["reason"] == "primary").sum()
    assert truth.filter(~pl.col("value").is_between("low", "high")).is_empty()
    assert (audit.intervals["possible"] >= 4).all()
    assert audit.intervals["kind"].null_count() == truth.height
    bare = publish(safe.table, safe.table.values < 5, POLICY)
    assert an.audit(bare, POLICY).intervals["kind"].null_count() < truth.height


@pytest.mark.parametrize(
    ("who", "insiders", "safe_then"), [("P", 0, True), ("P", 1, False), ("Q", 1, True), ("Q", 2, False)]
)
def test_what_contributors_compute_together_is_not_proven_safe(who, insiders, safe_then):
    table = square([["P", who, "q"], *WHO[1:]], VALUES)
    policy = an.Protection(rules=[an.PPercent(p=5)], insiders=insiders)
    shown = publish(table, goals(table, policy).sensitive, policy)
    audit = an.audit(shown, policy)
    assert (audit.insider == 0) == safe_then
    verdict = an.check_certificate(shown, audit.certificate, policy)
    assert (set(verdict.tied) <= set(verdict.unproven)) == safe_then
