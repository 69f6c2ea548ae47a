"""What a report counts, what it keeps to itself, and what the utility curve runs."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize.report import report, utility_curve

POLICY = an.Protection(rules=[an.SmallCount(threshold=5)])
PLACE = an.Hierarchy.from_parents(
    "place", {**{f"p{i}": f"r{i % 3}" for i in range(9)}, "r0": "T", "r1": "T", "r2": "T"}
)
CAUSE = an.Hierarchy.flat("cause", [f"c{i}" for i in range(6)])
FRAME = pl.DataFrame(
    {
        "place": [f"p{i // 6}" for i in range(54)],
        "cause": [f"c{i % 6}" for i in range(54)],
        "n": np.random.default_rng(0).poisson(4, 54),
    }
)
TABLE = an.Table.from_records(FRAME, {"place": PLACE, "cause": CAUSE}, count="n")


@pytest.fixture(scope="module")
def safe():
    return an.protect(TABLE, POLICY)


@pytest.fixture(scope="module")
def found(safe):
    return report(safe, POLICY, an.audit(safe, POLICY))


def rows(safe):
    """Place, cause, count, and whether the cell is hidden."""
    return [
        (p, c, n, v is None)
        for (p, c, n), (_, _, v, _) in zip(TABLE.cells.iter_rows(), safe.cells.iter_rows(), strict=True)
    ]


def test_hidden_cells_by_reason(safe, found):
    cells = rows(safe)
    whole = sum(n for _, _, n, _ in cells)
    small = [n for _, _, n, _ in cells if 0 < n < 5]
    other = [n for _, _, n, hidden in cells if hidden and not 0 < n < 5]
    assert found.frames["reasons"].rows() == [
        ("n", "primary", len(small), len(small) / len(cells), sum(small), sum(small) / whole),
        ("n", "secondary", len(other), len(other) / len(cells), sum(other), sum(other) / whole),
    ]
    hidden = len(small) + len(other)
    assert found.frames["suppressed"].rows() == [("n", len(cells), hidden, hidden / len(cells))]


def test_losses_per_level_and_code(safe, found):
    level = {"T": 0, "r0": 1, "r1": 1, "r2": 1}
    seen = found.frames["levels"].filter(dimension="place")
    value = found.frames["values"].filter(dimension="place")
    for depth, codes in enumerate([1, 3, 9]):
        cells = [(n, hidden) for p, _, n, hidden in rows(safe) if level.get(p, 2) == depth]
        count = sum(hidden for _, hidden in cells)
        assert seen.row(depth) == ("place", depth, codes, len(cells), count, count / len(cells))
        lost = sum(n for n, hidden in cells if hidden)
        assert value["suppressed_value"][depth] == lost
        assert value["share_value"][depth] == lost / sum(n for n, _ in cells)
    p4 = found.frames["codes"].filter(code="p4").row(0, named=True)
    own = [(n, hidden) for p, _, n, hidden in rows(safe) if p == "p4"]
    assert (p4["cells"], p4["suppressed"]) == (7, sum(hidden for _, hidden in own))
    assert p4["suppressed_value"] == sum(n for n, hidden in own if hidden)


def test_measures_are_told_apart():
    both = an.Table.from_records(
        FRAME.with_columns(d=pl.col("n") * 20), {"place": PLACE, "cause": CAUSE}, count=["n", "d"]
    )
    safe = an.protect(both, POLICY)
    frames = report(safe, POLICY, an.audit(safe, POLICY)).frames
    assert frames["suppressed"]["measure"].to_list() == ["d", "n"]
    assert set(frames["reasons"]["measure"]) == {"n"}  # no count of d is small


def test_the_publishable_part_holds_nothing_confidential(found):
    assert [s.name for s in found.publishable] == ["suppressed", "levels", "audit"]
    assert all(s.confidential for s in found.confidential)
    assert not any(s.confidential for s in found.publishable)
    for column in ("value", "suppressed_value", "reason"):
        assert all(column not in s.frame.columns for s in found.publishable)
    assert "primary" not in found.public_html
    assert "CONFIDENTIAL" not in found.public_html
    page = found._repr_html_()
    public, secret = page.split("Confidential part")
    assert "secondary" in secret
    assert "secondary" not in public


def test_the_publishable_part_follows_from_what_is_published(safe, found):
    """Other counts behind the same published cells give the same publishable sheets."""
    shift = safe.cells["value"].is_null().cast(pl.Int64) * 3
    other = replace(TABLE, cells=TABLE.cells.with_columns(value=pl.col("value") + shift))
    twin = an.Protected(safe.cells, safe.reasons, other)
    again = report(twin, POLICY, an.audit(safe, POLICY))
    assert again.public_html == found.public_html
    assert again.frames["values"].rows() != found.frames["values"].rows()


def test_pages_are_accessible_and_escaped(found):
    page = found._repr_html_()
    assert page.count("<table>") == page.count("<caption>") == 6
    assert '<th scope="col"' in page
    assert "http" not in page
    assert "<script" not in page
    odd = an.Hierarchy.flat("<place>", ["<i>a</i>", "b"])
    rows = pl.DataFrame({"<place>": ["<i>a</i>", "b"], "n": [7, 8]})
    table = an.Table.from_records(rows, {"<place>": odd}, count="n")
    safe = an.protect(table, POLICY)
    page = report(safe, POLICY, an.audit(safe, POLICY))._repr_html_()
    assert "<i>" not in page
    assert "&lt;i&gt;a&lt;/i&gt;" in page


def test_an_audit_of_other_cells_is_refused(safe):
    other = an.protect(TABLE, an.Protection(rules=[an.SmallCount(threshold=3)]))
    with pytest.raises(an.PolicyError, match="other cells"):
        report(other, POLICY, an.audit(safe, POLICY))


def test_the_curve_runs_every_threshold(safe):
    sheet = utility_curve(TABLE, POLICY, [10, 5, 3, 5])
    assert sheet.confidential
    assert sheet.frame["threshold"].to_list() == [3, 5, 10]
    assert sheet.frame["suppressed"].is_sorted()
    own = sheet.frame.row(1, named=True)
    reason = safe.reasons["reason"].to_list()
    assert (own["primary"], own["secondary"]) == (reason.count("primary"), reason.count("secondary"))
    assert own["suppressed_value"] == sum(n for _, _, n, hidden in rows(safe) if hidden)
    assert own["share"] == len(reason) / TABLE.cells.height


def test_the_curve_tells_what_is_not_feasible():
    known = TABLE.cells.filter((pl.col("value") >= 3) & (pl.col("value") < 5))
    frame = utility_curve(TABLE, POLICY, [3, 5], known=[known]).frame
    assert frame["feasible"].to_list() == [True, False]
    assert frame["suppressed"].to_list()[1] is None
    assert frame["blocking"][1] >= known.height
    with pytest.raises(an.PolicyError, match="threshold 1"):
        utility_curve(TABLE, POLICY, [1])


def test_the_first_recode_named_with_a_blocking_cell_uses_tabulated_codes():
    years = an.Hierarchy.from_parents("year", {"2015": "all", "2016": "all"}, omit=["all"])
    wide = an.Hierarchy.from_parents("place", {"a": "A", "b": "A", "c": "T", "A": "T"})
    frame = pl.DataFrame({"year": ["2015", "2016"], "place": ["a", "b"], "n": [3, 50]})
    table = an.Table.from_records(frame, {"year": years, "place": wide}, count="n")
    known = table.cells.filter(pl.col("place") == "a", pl.col("year") == "2015")
    with pytest.raises(an.InfeasibleError) as caught:
        an.protect(table, POLICY, [known])
    assert [p.remedy.en for p in caught.value.problems if p.where == "cell year=2015, place=a"] == [
        "Recode place: publish A without the codes below it, a among them."
    ]
