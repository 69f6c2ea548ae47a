"""The audit alone, on a table of a million cells: CPU seconds, peak memory and verdict.

    python benchmarks/audit.py [--communes 15100] [--mean 19]

Communes in 700 districts in 63 provinces, 20 causes, two sexes, every margin; skewed counts, `mean` in an inner cell.
The pattern is that of `protect` with `effort="low"`. Prints one line of a Markdown table.
"""

from __future__ import annotations

import argparse
import resource
from time import process_time

import numpy as np
import polars as pl

import anonymize as an


def register(communes: int, mean: float, seed: int = 0) -> an.Table:
    """The table."""
    rng = np.random.default_rng(seed)
    areas = {f"D{d:03}": f"P{d % 63:02}" for d in range(700)} | {f"P{p:02}": "T" for p in range(63)}
    areas = {
        f"C{c:05}": f"D{rng.integers(700) if c >= 1400 else c % 700:03}" for c in range(communes)
    } | areas
    trees = {
        "area": an.Hierarchy.from_parents("area", areas),
        "cause": an.Hierarchy.from_parents("cause", {f"I{i:02}": "T" for i in range(20)}),
        "sex": an.Hierarchy.from_parents("sex", dict.fromkeys("FM", "T")),
    }
    shape = (communes, 20, 2)
    weights = rng.lognormal(0, 0.7, communes), 1 / np.arange(1.0, 21), rng.lognormal(0, 0.1, 2)
    means = np.einsum("i,j,k->ijk", *weights) * rng.lognormal(0, 0.6, shape)
    place = np.indices(shape).reshape(3, -1)
    frame = pl.DataFrame(
        {
            "area": [f"C{i:05}" for i in place[0]],
            "cause": [f"I{i:02}" for i in place[1]],
            "sex": ["FM"[i] for i in place[2]],
            "n": rng.poisson(means * mean / means.mean()).ravel(),
        }
    )
    return an.Table.from_records(frame, trees, count="n")


def main() -> None:
    """Runs what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, default=15_100)
    parser.add_argument("--mean", type=float, default=19.0)
    given = parser.parse_args()
    policy = an.Protection(rules=[an.SmallCount(threshold=5)], apriori="nonnegative")
    safe = an.protect(register(given.communes, given.mean), policy, effort="low")
    start = process_time()
    verdict = an.audit(safe, policy)
    audited = process_time()
    proof = an.check_certificate(safe, verdict.certificate, policy)
    checked = process_time()
    print("| cells | hidden | exact | narrow | insider | audit s | check s | MB |\n" + "|---" * 8 + "|")
    hidden = safe.cells["value"].null_count()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {safe.cells.height:,} | {hidden:,} | {verdict.exact} | {verdict.narrow} | {verdict.insider} "
        f"| {audited - start:.1f} | {checked - audited:.1f} | {memory:,.0f} |"
    )
    if not (verdict.ok and proof.ok):
        raise SystemExit("the audit or its certificate failed")


if __name__ == "__main__":
    main()
