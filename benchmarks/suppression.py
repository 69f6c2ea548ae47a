"""Cell suppression on generated tables: what is hidden, what an attacker is left with, CPU seconds and peak memory.

    python benchmarks/suppression.py TABLES [--effort default] [--repeat 3] [--apriori nonnegative] [T0 T1s ...]

TABLES is a folder with one folder per table: `python ../shared/bench/gen.py TABLES` writes it (and needs pandas). Every
run is a process of its own. Prints one line of a Markdown table per table, medians of its runs; `README.md` here
keeps the result.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

TABLES = ["T0", "T1s", "T1", "T2", "T3", "M0", "M1"]


def load(folder: Path) -> Any:
    """The table of a folder, aggregated to every margin."""
    import polars as pl

    import anonymize as an

    spec = json.loads((folder / "spec.json").read_text())
    dimensions = {}
    for name in spec["dims"]:
        codes = pl.read_csv(folder / f"hier_{name}.csv", infer_schema=False)
        dimensions[name] = an.Hierarchy.from_parents(name, {c: p for c, p in codes.iter_rows() if p})
    counts = spec["kind"] == "freq"
    frame = pl.read_parquet(folder / ("inner.parquet" if counts else "micro.parquet"))
    frame = frame.with_columns(pl.col(spec["dims"]).cast(pl.String))
    if counts:
        return an.Table.from_records(frame, dimensions, count=spec["value"])
    return an.Table.from_records(frame, dimensions, value=spec["value"], contributor=spec["contributor"])


def policy(folder: Path, apriori: str, insiders: int) -> Any:
    """The promises the generator declares for the table."""
    import anonymize as an

    spec = json.loads((folder / "spec.json").read_text())
    if spec["kind"] == "freq":
        rules: list[Any] = [an.SmallCount(threshold=spec["threshold"])]
    else:
        rules = [an.PPercent(p=spec["p_percent"])]
    return an.Protection(rules=rules, apriori=apriori, insiders=insiders)


def measure(folder: Path, effort: Any, apriori: str, insiders: int) -> dict[str, Any]:
    """One run in this process."""
    import anonymize as an

    table, promise = load(folder), policy(folder, apriori, insiders)
    start = process_time()
    safe = an.protect(table, promise, effort=effort)
    protected = process_time()
    verdict = an.audit(safe, promise)
    audited = process_time()
    proof = an.check_certificate(safe, verdict.certificate, promise)
    checked = process_time()
    hidden = safe.cells["value"].is_null()
    reasons = safe.reasons["reason"]
    return {
        "cells": safe.cells.height,
        "sensitive": int((reasons == "primary").sum()),
        "secondary": int((reasons == "secondary").sum()),
        "value": float(table.cells["value"].filter(hidden).sum()),
        "exact": verdict.exact,
        "narrow": verdict.narrow,
        "insider": verdict.insider,
        "ok": verdict.ok and proof.ok,
        "protect": protected - start,
        "audit": audited - protected,
        "check": checked - audited,
        "tables": verdict.certificate.tables,
        "total": checked - start,
        "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Runs what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("tables", nargs="*", default=TABLES)
    parser.add_argument("--effort", default="default")
    parser.add_argument("--apriori", default="nonnegative")
    parser.add_argument("--insiders", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        folder = given.folder / given.tables[0]
        print(json.dumps(measure(folder, given.effort, given.apriori, given.insiders)))
        return
    for number, name in enumerate(given.tables):
        command = [
            sys.executable, __file__, str(given.folder), name, "--one", "--effort", given.effort,
            "--apriori", given.apriori, "--insiders", str(given.insiders),
        ]  # fmt: skip
        runs = [json.loads(subprocess.check_output(command)) for _ in range(given.repeat)]
        row = {key: median(run[key] for run in runs) for key in runs[0]}
        if number == 0:
            print("| table |", " | ".join(row), "|")
            print("|---" * (len(row) + 1) + "|")
        shown = (f"{row[key]:.1f}" if key in SECONDS else f"{row[key]:,.10g}" for key in row)
        print(f"| {name} |", " | ".join(shown), "|", flush=True)


SECONDS = ("protect", "audit", "check", "total", "MB")

if __name__ == "__main__":
    main()
