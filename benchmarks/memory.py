"""The disclosure memory: what it costs to protect and audit the next release of a workspace with many behind it.

    python benchmarks/memory.py make STORE          two hundred datasets in families of ten, 24 monthly versions each
    python benchmarks/memory.py measure STORE       prints the tables that README.md here keeps

The datasets of a family count the same synthetic people by province (old, new, of 2026), region, sex, age and month;
each version holds one month more than the last. The next release is the first dataset with one month more.
Every measurement is a process of its own. Beside it the memory without its savings, every cell of every version of
every dataset read anew; and all datasets as one family.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl

import anonymize
import catalog
from opendata import ledger, memory, workspace
from opendata.data import published, write_parquet
from opendata.memory import families, recalling, shelf, trees, truth
from opendata.memory.places import months
from opendata.memory.subjects import Dimension, Subject
from opendata.release import digest, seal

FAMILY, VERSIONS, DATASETS = 10, 24, 200
POLICY = anonymize.Protection(rules=(anonymize.SmallCount(threshold=5),))
SHAPES: list[tuple[str, ...]] = [
    ("province-34", "sex"), ("province-34",), ("economic-region-34", "age"), ("province-63",),
    ("sex", "age"), ("province-34-2026", "sex"), ("economic-region-34", "sex", "age"), ("province-63", "sex"),
    ("province-34", "age"), ("economic-region-63", "sex"),
]  # fmt: skip
AGES = catalog.parse(
    "code,parent,label_vi,label_en,aliases\n_T,,Mọi tuổi,All ages,\nA0,_T,Dưới 15,Under 15,\nA1,_T,15-59,15 to 59,\n"
    "A2,_T,Từ 60,60 and over,\n",
    "age",
)


def codes(name: str) -> catalog.CodeList:
    """A code list of a shape."""
    return AGES if name == "age" else catalog.builtin(name)


def people() -> pl.DataFrame:
    """Counts by every list of the shapes and month: provinces of different size, most small cells small."""
    random = np.random.default_rng(0)
    goes = {v: {one.before: one.after for one in catalog.correspondence("province-63", v).links}
            for v in ("province-34", "province-34-2026")}  # fmt: skip
    regions = {v: catalog.parents(codes(f"province-{v}")) for v in ("34", "63")}
    old = sorted(code.code for code in catalog.leaves(codes("province-63")))
    periods = [f"{2025 + n // 12}-{n % 12 + 1:02}" for n in range(VERSIONS + 1)]
    rows = [
        (code, goes["province-34"][code], goes["province-34-2026"][code], regions["34"][goes["province-34"][code]],
         regions["63"][code], sex, age, month, int(random.poisson(size)))
        for code, size in zip(old, random.gamma(2, 12, len(old)), strict=True)
        for sex in "FM" for age in ("A0", "A1", "A2") for month in periods
    ]  # fmt: skip
    names = ["province-63", "province-34", "province-34-2026", "economic-region-34", "economic-region-63"]
    return pl.DataFrame(rows, schema=[*names, "sex", "age", "month", "n"], orient="row")


def table(records: pl.DataFrame, shape: tuple[str, ...], last: int) -> anonymize.Table:
    """The table of a shape up to a month."""
    periods = records["month"].unique().sort()[: last + 1]
    data = (
        records.filter(pl.col("month").is_in(periods.implode()))
        .group_by(*shape, "month")
        .agg(pl.col("n").sum())
    )
    dimensions = {
        name: anonymize.Hierarchy.from_parents(name, catalog.parents(codes(name))) for name in shape
    }
    calendar = catalog.months(2025, 2025 + last // 12)
    kept = {
        code.code for code in calendar.codes if not months(code.code).isdisjoint(periods) or code.code == "_T"
    }
    whole = [c for c in kept if c != "_T" and not months(c) <= set(periods)]
    parents = {code: parent for code, parent in catalog.parents(calendar).items() if code in kept}
    dimensions["month"] = anonymize.Hierarchy.from_parents("month", parents, omit={"_T", *whole})
    return anonymize.Table.from_records(data, dimensions, count="n")


def subject(made: anonymize.Table, concept: str) -> Subject:
    """What a table of a family counts and where."""
    dimensions = {
        name: Dimension(None if name == "month" else trees.tree(codes(name)), one.codes, one.relations)
        for name, one in made.dimensions.items()
    }
    return Subject(("2025-01",), dimensions, {}, {"n": frozenset({concept})}, (), zeros=True)


def make(store: Path) -> None:
    """One family by the rules of the house, then as many copies under other concepts as there are families."""
    records = people()
    for number, shape in enumerate(SHAPES):
        known: list[pl.DataFrame] = []
        for version in range(VERSIONS):
            made = table(records, shape, version)
            safe = anonymize.protect(made, POLICY, known=known, effort="low")
            known = [safe.cells.select(*made.dimensions, "value")]
            for family in range(DATASETS // FAMILY):
                release(store / f"f{family:02}-d{number}" / f"2025.{version + 1}", safe, f"c{family}")
        print(number, shape, safe, flush=True)


def release(folder: Path, safe: anonymize.Protected, concept: str) -> None:
    """The parts of a release that the memory reads."""
    private = folder.with_name(f"{folder.name}.private")
    for path in (folder, private):
        path.mkdir(parents=True)
    keys = list(safe.table.dimensions)
    write_parquet(published(safe.cells, keys, ["n"]), folder / "data.parquet", {})
    seal(folder, {"id": folder.parent.name, "version": folder.name})
    truth.write(safe, POLICY, subject(safe.table, concept), private)


def office(root: Path, store: Path, datasets: int, versions: int) -> workspace.Workspace:
    """A workspace of some of the releases, each in the ledger."""
    shutil.rmtree(root, ignore_errors=True)
    made = workspace.init(root)
    with ledger.open_ledger(made).writing() as writer:
        for version in range(1, versions + 1):
            for number in range(datasets):
                id = f"f{number // FAMILY:02}-d{number % FAMILY}"
                folder = root / "releases" / id
                folder.mkdir(exist_ok=True)
                for name in (f"2025.{version}", f"2025.{version}.private"):
                    (folder / name).symlink_to((store / id / name).resolve())
                private = {memory.TRUTH: digest(folder / f"2025.{version}.private" / memory.TRUTH)}
                manifest = digest(folder / f"2025.{version}" / "manifest.json")
                writer.append(ledger.Entry(
                    "built", dataset=id, version=f"2025.{version}", manifest=manifest, facts={"private": private}
                ))  # fmt: skip
    return made


def run(root: Path, versions: int, how: str) -> dict[str, float]:
    """Protect and audit the next release, in this process: CPU seconds and peak memory."""
    found = workspace.find(root)
    made = table(people(), SHAPES[0], versions)
    target, about = ("f00-d0", f"2025.{versions + 1}"), subject(made, "c0")
    start = process_time()
    recalled = altered(found, target, about, how) if how else memory.recall(found, target, about).memory
    read = process_time()
    safe = anonymize.protect(made, POLICY, memory=recalled)
    protected = process_time()
    audit = anonymize.audit(safe, POLICY, memory=recalled)
    done = process_time()
    return {
        "publications": len(recalled.earlier),
        "cells": sum(one.cells.height for one in recalled.earlier),
        "recall": read - start,
        "protect": protected - read,
        "audit": done - protected,
        "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "ok": float(audit.ok),
    }


def altered(found: workspace.Workspace, target: tuple[str, str], about: Subject, how: str) -> Any:
    """The memory with every version of every dataset in it: whole and of its own concept ("full"), or all of one."""

    def all_of(one: Subject, shelves: Mapping[str, shelf.Shelf]) -> families.Family:
        members = {id: {out.version: ("n",) for out in held.out} for id, held in shelves.items()}
        concepts = {f"c{n}": "c0" if how == "one" else f"c{n}" for n in range(DATASETS // FAMILY)}
        return replace(families.family(one, shelves), members=members, concepts=concepts)

    whole = patch.object(shelf, "fresh", lambda now, _: now.cells) if how == "full" else nullcontext()
    with whole, patch.object(recalling, "family", all_of):
        return memory.recall(found, target, about).memory


def measured(root: Path, versions: int, repeat: int, how: str = "") -> Iterator[dict[str, float]]:
    """Runs in processes of their own; of the whole memory nothing is kept from one run to the next."""
    command = [sys.executable, __file__, "run", str(root), "--versions", str(versions), "--how", how]
    for _ in range(repeat):
        if how == "full":
            shutil.rmtree(root / "releases" / ".memory", ignore_errors=True)
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=3600)
        yield json.loads(done.stdout)


def total(one: Mapping[str, float]) -> float:
    """CPU seconds in all."""
    return one["recall"] + one["protect"] + one["audit"]


def row(store: Path, datasets: int, versions: int, args: argparse.Namespace) -> None:
    """One line of the table: first the shelves are made, then the median of the runs that find them."""
    root = args.work / "office"
    office(root, store, datasets, versions)
    full = [*measured(root, versions, 1, "full")] if versions == VERSIONS else []
    shutil.rmtree(root / "releases" / ".memory", ignore_errors=True)
    (first,) = measured(root, versions, 1)
    runs = [*measured(root, versions, args.repeat)]
    mid = {key: median(one[key] for one in runs) for key in runs[0]}
    one = [*measured(root, versions, 1, "one")] if versions == VERSIONS and datasets > FAMILY else []
    others = [f"{total(found[0]):.1f} / {found[0]['MB']:,.0f}" if found else "" for found in (full, one)]
    print(
        f"| {datasets} x {versions} | {mid['publications']:.0f} / {mid['cells']:,.0f} | {first['recall']:.1f} | "
        f"{mid['recall']:.1f} | {mid['protect']:.1f} | {mid['audit']:.1f} | {total(mid):.1f} / {mid['MB']:.0f} | "
        f"{others[0]} | {others[1]} |",
        flush=True,
    )


def main() -> None:
    """Make, measure, or run once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("command", choices=["make", "measure", "run"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, default=Path("build"))
    parser.add_argument("--versions", type=int, default=VERSIONS)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--how", choices=["", "full", "one"], default="")
    args = parser.parse_args()
    if args.command == "make":
        make(args.folder)
    elif args.command == "run":
        print(json.dumps(run(args.folder, args.versions, args.how)))
    else:
        for datasets in (1, 10, 50, 100, 200):
            row(args.folder, datasets, VERSIONS, args)
        for versions in (1, 6, 12, 18):
            row(args.folder, DATASETS, versions, args)


if __name__ == "__main__":
    main()
