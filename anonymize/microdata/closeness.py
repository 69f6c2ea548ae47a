"""t-closeness: the earth mover's distance between each class and the whole extract.

All three distances are computed from the values that occur in a class alone, never from a matrix of classes x values:
what a class lacks follows from prefix sums of the distribution of the whole.
Source: N. Li, T. Li, S. Venkatasubramanian, ICDE 2007, section 4.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.hierarchy import Hierarchy
from anonymize.margins import heights
from anonymize.microdata.classes import N, extract, keys, tallies
from anonymize.microdata.models import TCloseness

SLACK = 1e-9

Floats = NDArray[np.float64]


def closeness(frame: pl.DataFrame, check: TCloseness) -> pl.DataFrame:
    """Per class `records` (those with a value), `reached` (its distance, 0 to 1) and `fails`."""
    data = extract(frame, check.quasi_identifiers, s=check.sensitive)
    counts = tallies(data, leave_out=check.sensitive_nulls != "value")
    classes = counts.group_by(keys(data)).agg(pl.col("n").sum().alias(N)).with_row_index("class")
    shares = counts.join(classes, on=keys(data), nulls_equal=True).select(
        "class", "s", p=pl.col("n") / pl.col(N)
    )
    whole = counts.group_by("s").agg(pl.col("n").sum()).select("s", q=pl.col("n") / pl.col("n").sum())
    distance = _distance(check, shares, whole)
    found = classes.join(distance, on="class", how="left")
    return found.select(N, "reached", fails=pl.col("reached") > check.t + SLACK)


def _distance(check: TCloseness, shares: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    if check.distance == "equal":
        return equal(shares, whole)
    if check.distance == "ordered":
        return ordered(shares, ranked(whole, check))
    return hierarchical(shares, whole, check.parents or {})


def equal(shares: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """Half the sum of |p - q|, which is the sum of what a class has too much: `class`, `reached`.

    Args:
        shares: `class`, `s`, `p`: the share of each value that occurs in a class.
        whole: `s`, `q`: the share of each value in the extract.
    """
    extra = (pl.col("p") - pl.col("q")).clip(lower_bound=0)
    joined = shares.join(whole, on="s", nulls_equal=True)
    return joined.group_by("class").agg(extra.sum().alias("reached"))


def ranked(whole: pl.DataFrame, check: TCloseness) -> pl.DataFrame:
    """The values that occur, first to last: `s`, `q`, `rank`."""
    if check.order is None:
        return whole.sort("s").with_columns(rank=pl.int_range(pl.len()))
    place = pl.col("s").replace_strict(check.order, range(len(check.order)), return_dtype=pl.Int64)
    return whole.sort(place).with_columns(rank=pl.int_range(pl.len()))


def ordered(shares: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """The sum over i of |sum over j <= i of (p_j - q_j)| / (m - 1), m values: `class`, `reached`.

    Args:
        shares: `class`, `s`, `p`.
        whole: `s`, `q`, `rank`, ordered by rank.
    """
    m = whole.height
    cumulated: Floats = whole["q"].cum_sum().to_numpy()
    rows = shares.join(whole.select("s", "rank"), on="s").sort("class", "rank").with_columns(
        level=pl.col("p").cum_sum().over("class"),
        end=pl.col("rank").shift(-1).over("class").fill_null(m - 1),
        first=pl.col("rank").shift(1).over("class").is_null(),
    )  # fmt: skip
    prefix = np.concatenate([[0.0], np.cumsum(cumulated)])
    start, end = rows["rank"].to_numpy(), rows["end"].to_numpy()
    work = _between(rows["level"].to_numpy(), start, end, cumulated, prefix)
    # Before its first value a class has nothing: the distance there is the cumulated share of the whole.
    work += np.where(rows["first"].to_numpy(), prefix[start], 0.0)
    return (
        rows.select("class").with_columns(work=pl.Series(work)).group_by("class")
        .agg((pl.col("work").sum() / max(m - 1, 1)).alias("reached"))
    )  # fmt: skip


def _between(
    level: Floats, start: NDArray[np.int64], end: NDArray[np.int64], cumulated: Floats, prefix: Floats
) -> Floats:
    """Sum of |level - Q_i| for start <= i < end, Q ascending: below the crossing level - Q, above it Q - level."""
    crossing = np.clip(np.searchsorted(cumulated, level), start, end)
    below = level * (crossing - start) - (prefix[crossing] - prefix[start])
    return (prefix[end] - prefix[crossing]) - level * (end - crossing) + below


def hierarchical(shares: pl.DataFrame, whole: pl.DataFrame, parents: Mapping[str, str]) -> pl.DataFrame:
    """The sum over inner nodes of height / H x what its children can settle among themselves: `class`, `reached`.

    A node that no value of a class lies under has children with too little alone: it settles nothing.
    """
    tree = Hierarchy.from_parents("s", parents)
    height = heights(tree)
    above = _ancestors(parents, tree.leaves)
    masses = shares.join(above, on="s").group_by("class", "node").agg(pl.col("p").sum())
    wholes = whole.join(above, on="s").group_by("node").agg(pl.col("q").sum())
    extra = masses.join(wholes, on="node").with_columns(extra=pl.col("p") - pl.col("q"))
    up = pl.DataFrame({"node": list(parents), "parent": list(parents.values())})
    over = extra.join(up, on="node").group_by("class", pl.col("parent").alias("node")).agg(
        pl.col("extra").clip(lower_bound=0).sum().alias("over")
    )  # fmt: skip
    share = pl.DataFrame(
        {"node": list(height), "height": [height[code] / height[tree.root] for code in height]}
    )
    cost = pl.col("height") * pl.min_horizontal("over", pl.col("over") - pl.col("extra"))
    settled = extra.join(over, on=["class", "node"]).join(share, on="node")
    return settled.group_by("class").agg(cost.sum().alias("reached"))


def _ancestors(parents: Mapping[str, str], leaves: tuple[str, ...]) -> pl.DataFrame:
    """Each leaf with itself and every code above it: `s`, `node`."""
    pairs = []
    for leaf in leaves:
        node: str | None = leaf
        while node is not None:
            pairs.append((leaf, node))
            node = parents.get(node)
    return pl.DataFrame(pairs, schema={"s": pl.String, "node": pl.String}, orient="row")
