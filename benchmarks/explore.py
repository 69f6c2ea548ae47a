"""Exploring a table of a hundred thousand rows in headless Chromium: from a click to rows, chart and counts.

    python benchmarks/explore.py [--folder DIR]

Prints a Markdown table. The figures are synthetic; the pages are those that `opendata site` writes.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
from browser import Page, browser, installed

import catalog
from opendata.data import write_parquet
from opendata.site import exploring
from opendata.site.pages import dataset
from opendata.site.reading import Shown

LISTS = {
    "disease": catalog.builtin("notifiable-diseases"),
    "province": catalog.builtin("province-63"),
    "time": catalog.months(2022, 2024),
}
PAGE = "datasets/cases/2026.1.explore.html"
LOADED = """(async () => {
  while (document.documentElement.dataset.rows === undefined) await new Promise((done) => setTimeout(done, 5));
  return performance.now();
})()"""
CLICK = """(async () => {
  const lists = document.querySelectorAll("details.filter");
  for (const one of lists) one.open = true;
  await new Promise((done) => setTimeout(done, 50));
  const start = performance.now();
  WHAT.click();
  await new Promise((done) => setTimeout(done));
  document.body.getBoundingClientRect();
  return [performance.now() - start, Number(document.documentElement.dataset.rows)];
})()"""
STEPS = {
    "every disease": "lists[0].querySelectorAll('button')[0]",
    "every province and region too": "lists[1].querySelectorAll('button')[0]",
    "every period too: all rows": "lists[2].querySelectorAll('button')[0]",
    "all rows, sorted by value": "document.querySelector('#x-head th.n button')",
    "one disease less": "lists[0].querySelectorAll('input[type=checkbox]')[3]",
    "months only": "lists[2].querySelectorAll('button')[3]",
}


def write(folder: Path) -> int:
    """Write the pages of one dataset with every combination of its codes; the number of rows."""
    frames = [pl.DataFrame({name: [code.code for code in codes.codes]}) for name, codes in LISTS.items()]
    keys = frames[0].join(frames[1], how="cross").join(frames[2], how="cross").sort(*LISTS)
    number = pl.int_range(pl.len()) * 7919 % 5003
    table = keys.with_columns(
        pl.when(number % 11 > 0).then(number).alias("cases"),
        pl.when(number % 11 > 0).then(pl.lit("A")).otherwise(pl.lit("Q")).alias("cases_status"),
    )
    release = folder / "datasets" / "cases" / "2026.1"
    release.mkdir(parents=True)
    write_parquet(table, release / exploring.DATA, {})
    data = (release / exploring.DATA).read_bytes()
    (release.parent / "2026.1.data.js").write_text(exploring.script(data))
    for path, text in (*dataset(about(), "cases", [shown(data)]), *exploring.programs().items()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return table.height


def spent(page: Page) -> float:
    """The CPU milliseconds that the page's main thread has spent: scripts, layout and paint."""
    metrics = page.call("Performance.getMetrics")["metrics"]
    return 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")


def about() -> catalog.Catalog:
    """The catalogue that the dataset stands in."""
    return catalog.Catalog(
        both("Danh mục thử", "Catalogue for tests"), both("Thử", "Test"), entry().publisher
    )


def shown(data: bytes) -> Shown:
    """The version as its page shows it."""
    status = catalog.Column("cases_status", "status", "string", both("Trạng thái", "Status"), of="cases",
                            codelist=catalog.builtin("obs-status"))  # fmt: skip
    cases = catalog.Column(
        "cases", "measure", "integer", both("Số mắc", "Cases"), unit=both("người", "persons")
    )
    columns = [
        catalog.Column(name, "dimension", "string", both(name, name), codelist=codes)
        for name, codes in LISTS.items()
    ]
    digest = hashlib.sha256(data).hexdigest()
    files = (
        catalog.File(exploring.DATA, digest, len(data), "application/vnd.apache.parquet"),
        catalog.File("data.csv", "0" * 64, 1, "text/csv"),  # named on the page, not asked for
    )
    day = date(2026, 1, 1)
    return Shown(catalog.Edition("cases", "2026.1", day, entry(), (*columns, cases, status), files), Path())


def entry() -> catalog.Entry:
    """The catalogue record."""
    office = both("Bộ Y tế", "Ministry of Health")
    return catalog.Entry.model_validate(
        {
            "title": both("Số liệu giả lập", "Synthetic figures"),
            "description": both("Số liệu giả lập.", "Synthetic figures."),
            "keywords": [both("thống kê", "statistics")],
            "publisher": {"name": office},
            "contact": {"name": office, "email": "opendata@example.org"},
            "groups": [1],
            "category": "2a",
            "data_class": "ordinary",
            "access": "open",
            "legal_basis": ["decree-102-2025/10.2.c"],
            "frequency": "ANNUAL",
            "temporal": {"start": date(2022, 1, 1), "end": date(2024, 12, 31)},
            "issued": date(2026, 1, 1),
            "licence": "terms-art43-law-20-2023",
        }
    )


def both(vi: str, en: str) -> catalog.Labels:
    """A text in both languages."""
    return catalog.Labels(vi=vi, en=en)


def main() -> None:
    """Write, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="Keep the pages here.")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="ytemo-explore-"))
    rows, path = write(folder), installed()
    if path is None:
        raise SystemExit("no Chromium is installed here")
    print(f"| step ({rows:,} rows) | ms | CPU ms | rows shown |\n|---|---|---|---|")
    with browser(path) as page:
        page.call("Performance.enable", timeDomain="threadTicks")
        page.open((folder / PAGE).as_uri())
        print(f"| the page opens, from a folder | {page.run(LOADED):.0f} | {spent(page):.0f} | |")
        for step, what in STEPS.items():
            before = spent(page)
            elapsed, found = page.run(CLICK.replace("WHAT", what))
            print(f"| {step} | {elapsed:.0f} | {spent(page) - before:.0f} | {found:,} |")
    if given.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
