"""What tables and verdicts show in a notebook: everything needed to go on, and never a value of a cell."""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import anonymize as an
from anonymize.perturb import RandomRounding, audit_perturbed, perturb
from anonymize.protected import publish

CODES, SEXES = ["A", "B", "C"], ["F", "M"]
MARKERS = st.lists(st.integers(501, 998), min_size=6, max_size=6, unique=True)
"""Counts that cannot be taken for the number of anything else."""


def table(counts):
    frame = pl.DataFrame({"area": CODES * 2, "sex": [s for s in SEXES for _ in CODES], "n": counts})
    dimensions = {"area": an.Hierarchy.flat("area", CODES), "sex": an.Hierarchy.flat("sex", SEXES)}
    return an.Table.from_records(frame, dimensions, count="n")


def policy(threshold=5):
    return an.Protection(rules=[an.SmallCount(threshold=threshold)])


def said(thing):
    """Everything that a notebook or a log might show of something."""
    return "\n".join([repr(thing), str(thing), *thing._repr_mimebundle_(include=None, exclude=None).values()])


def numbers(text):
    """The numbers in a text, however their thousands are set apart; shares and styles aside."""
    text = re.sub(r'\d+[.,]\d %|style="[^"]*"', "", text)
    return {int(re.sub(r"\D", "", found)) for found in re.findall(r"\d[\d.,]*", text) if found}


@settings(deadline=None, max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(MARKERS, st.lists(st.booleans(), min_size=12, max_size=12), st.booleans())
def test_no_value_of_a_cell_is_shown(counts, mask, sensitive):
    made = table(counts)
    rules = policy(1_000 if sensitive else 5)
    safe = publish(made, np.array(mask) & (not sensitive), rules)  # wide intervals take long to search
    noisy = perturb(made, RandomRounding(base=3), seed=1)
    values = {*made.cells["value"].to_list(), *noisy.cells["value"].to_list()}
    verdicts = an.audit(safe, rules), audit_perturbed(noisy, RandomRounding(base=3))
    for thing in (made, safe, noisy, *verdicts):
        assert not numbers(said(thing)) & values


def test_a_table_tells_its_size_and_that_it_is_confidential():
    text = said(table([9, 1, 8, 7, 6, 5]))
    assert re.search(r"area +4 +3", text)
    assert "CONFIDENTIAL" in text
    assert "an.protect(table, policy)" in text


def test_protected_cells_are_counted_but_not_by_reason():
    made = table([9, 1, 8, 70, 60, 50])
    safe = an.protect(made, policy())
    hidden = safe.cells["status"].eq("suppressed").sum()
    text = said(safe)
    assert re.search(rf"n +{12 - hidden} +{hidden} ", text)
    assert "primary" not in text
    assert "secondary" not in text
    assert "an.audit(safe, policy)" in text


def test_two_tables_that_differ_in_what_is_primary_look_alike():
    first, second = table([9, 1, 8, 70, 60, 50]), table([9, 4, 8, 70, 60, 50])
    mask = np.array(an.protect(first, policy()).cells["value"].is_null())
    shown = [publish(made, mask, policy())._repr_mimebundle_() for made in (first, second)]
    assert shown[0] == shown[1]


def test_a_refused_audit_names_cells_and_remedy():
    made = table([9, 1, 8, 70, 60, 50])
    audit = an.audit(publish(made, np.zeros(12, bool), policy()), policy())
    text = said(audit)
    assert "area=B, sex=F" in text
    assert "Hide more cells or merge codes" in text
    assert "suggest_recode" in text
    assert "CONFIDENTIAL" in text


def test_a_passed_audit_leads_to_the_release():
    made = table([9, 1, 8, 70, 60, 50])
    text = said(an.audit(an.protect(made, policy()), policy()))
    assert "PASSED" in text
    assert "ds.release(safe, audit)" in text


def test_many_findings_are_counted():
    codes = [f"c{i:03}" for i in range(40)]
    frame = pl.DataFrame({"area": codes, "n": [3] * 40})
    made = an.Table.from_records(frame, {"area": an.Hierarchy.flat("area", codes)}, count="n")
    audit = an.audit(publish(made, np.zeros(41, bool), policy()), policy())
    assert "and 20 more rows" in said(audit)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a|b`c$d$"])
def test_hostile_names_stay_text(name):
    frame = pl.DataFrame({name: ["<img src=x>", "B"], "n": [2, 30]})
    made = an.Table.from_records(frame, {name: an.Hierarchy.flat(name, ["<img src=x>", "B"])}, count="n")
    audit = an.audit(publish(made, np.zeros(3, bool), policy()), policy())
    for thing in (made, audit):
        assert not re.search(r"<(script|img)", thing._repr_mimebundle_()["text/html"])


def test_ipython_shows_the_card():
    display = pytest.importorskip("IPython.core.formatters").DisplayFormatter()
    forms, _ = display.format(table([9, 1, 8, 7, 6, 5]))
    assert set(forms) == {"text/plain", "text/markdown", "text/html"}
    assert forms["text/plain"].startswith("Bảng số liệu / Table")
