"""The promises for small counts, as small tables one can check by hand.

Each case: the counts of a row of cells (their total is published too), the hidden cells, what readers know of
zeros, the threshold, and the verdict on every sensitive cell that is not safe.
"""

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize.protect import publish

CASES = [
    # counts         hidden   zeros         T  verdicts
    ({"a": 2, "b": 9}, "", "published", 5, {"a": "shown"}),
    ({"a": 2, "b": 9}, "a", "published", 5, {"a": "exact"}),  # total - b
    ({"a": 2, "b": 9}, "ab", "published", 5, {}),  # 1 to 10
    ({"a": 1, "b": 1, "c": 9}, "ab", "published", 5, {"a": "exact", "b": "exact"}),  # at least 1 each, sum 2
    ({"a": 2, "b": 1, "c": 9}, "ab", "published", 5, {"a": "narrow", "b": "narrow"}),  # 1 or 2
    ({"a": 1, "b": 4, "c": 9}, "ab", "published", 5, {"b": "insider"}),  # the one in a knows b
    ({"a": 1, "b": 4, "c": 9}, "abc", "published", 5, {}),
    ({"a": 0, "b": 3, "c": 9}, "bc", "published", 5, {}),
    ({"a": 0, "b": 3, "c": 9}, "bc", "suppressed", 5, {"a": "shown"}),
    ({"a": 0, "b": 0, "c": 9}, "ab", "suppressed", 5, {"a": "exact", "b": "exact"}),  # sum 0
    ({"a": 0, "b": 9}, "ab", "suppressed", 5, {}),  # 0 to 9
    ({"a": 1}, "a", "published", 5, {"a": "shown_total"}),  # the total is the cell
]


@pytest.mark.parametrize(("counts", "hidden", "zeros", "threshold", "verdicts"), CASES)
def test_verdict(counts, hidden, zeros, threshold, verdicts):
    tree = an.Hierarchy.flat("x", counts, total="all")
    table = an.Table.from_records(
        pl.DataFrame({"x": list(counts), "n": counts.values()}), {"x": tree}, count="n"
    )
    policy = an.Protection(rules=[an.SmallCount(threshold=threshold)], zeros=zeros)
    audit = an.audit(publish(table, np.isin(tree.codes, list(hidden)), policy), policy)
    found = {dict(f.cell)["x"]: f.kind for f in audit.findings}
    if verdicts == {"a": "shown_total"}:
        assert found == {"a": "exact", "all": "shown"}
    else:
        assert found == verdicts
    assert an.audit(an.protect(table, policy), policy).ok
