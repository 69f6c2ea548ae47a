"""The static catalogue with thousands of synthetic datasets: writing it, and searching it in headless Chromium.

    python benchmarks/site.py [--datasets 10000] [--folder DIR]

Prints a Markdown table. The personal-data scan of the pages, which `opendata site` makes too, is timed on a sample.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time

from browser import browser, installed

import catalog
from catalog.quality import metrics
from opendata.quality import Suppression
from opendata.site.checking import Checked, check
from opendata.site.pages import Page, Site, dataset, harvested, lists
from opendata.site.reading import Shown

TOPICS = [
    ("Sốt xuất huyết", "Dengue"), ("Tay chân miệng", "Hand, foot and mouth disease"), ("Sởi", "Measles"),
    ("Lao", "Tuberculosis"), ("Tăng huyết áp", "Hypertension"), ("Tiêm chủng mở rộng", "Immunization"),
    ("Khám bệnh, chữa bệnh", "Medical examination and treatment"), ("Nhân lực y tế", "Health workforce"),
    ("Sức khỏe bà mẹ, trẻ em", "Maternal and child health"), ("Ngộ độc thực phẩm", "Food poisoning"),
]  # fmt: skip
BY = [
    ("theo tháng", "by month"),
    ("theo quý", "by quarter"),
    ("theo giới tính", "by sex"),
    ("theo tuổi", "by age"),
]
KINDS = {
    "data.csv": "text/csv",
    "data.parquet": "application/vnd.apache.parquet",
    "data.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "codebook.json": "application/json",
    "datapackage.json": "application/json",
    "report.html": "text/html",
    "manifest.json": "application/json",
}
SEARCH = """(() => {
  const query = document.getElementById("q"), start = performance.now();
  query.value = WORDS;
  query.dispatchEvent(new Event("input"));
  document.body.getBoundingClientRect();
  return [performance.now() - start, document.getElementById("count").innerText.trim()];
})()"""


def made(count: int) -> Site:
    """Synthetic datasets of every topic, place, cut and year, as many as asked for."""
    places = [code.labels for code in catalog.leaves(catalog.builtin("province-63"))]
    kinds = list(product(TOPICS, places, BY, range(2010, 2026)))
    chosen = random.Random(0).sample(kinds, count)  # noqa: S311 (not for secrets)
    return {f"dataset-{n:05}": [shown(n, *kind)] for n, kind in enumerate(chosen)}


def shown(
    number: int, topic: tuple[str, str], place: catalog.Labels, by: tuple[str, str], year: int
) -> Shown:
    """One dataset: two dimensions, a measure, seven files."""
    title = catalog.Labels(
        vi=f"{topic[0]} {by[0]}, {place.vi}, {year}", en=f"{topic[1]} {by[1]}, {place.en}, {year}"
    )
    office = catalog.Labels(vi=f"Sở Y tế {place.vi}", en=f"Department of Health of {place.en}")
    entry = catalog.Entry.model_validate(
        {
            "title": title,
            "description": {"vi": f"{title.vi}: số liệu giả lập.", "en": f"{title.en}: synthetic figures."},
            "keywords": [
                {"vi": topic[0].lower(), "en": topic[1].lower()},
                {"vi": "thống kê", "en": "statistics"},
            ],
            "publisher": {"name": office},
            "contact": {"name": office, "email": "opendata@example.org"},
            "groups": [number % 24 + 1],
            "category": "2b",
            "data_class": "ordinary",
            "access": "open",
            "legal_basis": ["decree-102-2025/10.2.c", "decree-102-2025/22.2", "law-20-2023/43"],
            "frequency": "ANNUAL",
            "temporal": {"start": date(year, 1, 1), "end": date(year, 12, 31)},
            "issued": date(2026, 1, 1) + timedelta(number % 300),
            "licence": "terms-art43-law-20-2023",
        }
    )
    files = tuple(catalog.File(name, f"{number:064x}", 1000 + number, kind) for name, kind in KINDS.items())
    edition = catalog.Edition(
        f"dataset-{number:05}", "2026.1", entry.issued, entry, columns(), files, quality=measured(number)
    )
    return Shown(
        edition, Path(), ("9.2.b",), (Suppression("cases", 5000, 321),), "", ("opendata@example.org",)
    )


def measured(number: int) -> tuple[catalog.Measurement, ...]:
    """Every metric, its values different from dataset to dataset."""
    return tuple(
        catalog.Measurement(name, (7919 * number + 613 * place) % 9999 / 10000)
        for place, name in enumerate(metrics())
    )


def columns() -> tuple[catalog.Column, ...]:
    """Sex, cases and their status."""
    return (
        catalog.Column("sex", "dimension", "string", catalog.Labels(vi="Giới tính", en="Sex"),
                       codelist=catalog.builtin("sex")),
        catalog.Column("cases", "measure", "integer", catalog.Labels(vi="Số ca", en="Cases"),
                       unit=catalog.Labels(vi="ca", en="cases")),
        catalog.Column("cases_status", "status", "string", catalog.Labels(vi="Trạng thái", en="Status"),
                       codelist=catalog.builtin("obs-status"), of="cases"),
    )  # fmt: skip


def write(folder: Path, pages: Iterable[Page]) -> float:
    """Write pages; the CPU seconds it took."""
    start = process_time()
    for path, text in pages:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return process_time() - start


def scanned(about: catalog.Catalog, site: Site, sample: int = 100) -> float:
    """The CPU seconds that the personal-data scan takes for one more dataset's pages."""
    checked = Checked()
    times = []
    for name in list(site)[: sample + 1]:
        start = process_time()
        check(checked, [*dataset(about, name, site[name])], site[name][0].allowed)
        times.append(process_time() - start)
    return sum(times[1:]) / sample  # the first one loads what the scan needs


def searched(page: Path) -> list[tuple[str, float, str]]:
    """Query, milliseconds from a keystroke to the list on the page (the slowest of five), and what was found."""
    path = installed()
    if path is None:
        return []
    found = []
    with browser(path) as opened:
        opened.open(page.as_uri())
        for words in (
            "s",
            "sot xuat huyet",
            "Sốt xuất huyết Hà Nội",
            "dengue by month 2024",
            "không có gì như thế",
        ):
            runs = [opened.run(SEARCH.replace("WORDS", repr(words))) for _ in range(5)]
            found.append((words, max(run[0] for run in runs), runs[0][1]))
    return found


def main() -> None:
    """Write, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="Keep the site here.")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="ytemo-site-"))
    site = made(given.datasets)
    labels = catalog.Labels(vi="Danh mục thử", en="Catalogue for tests")
    about = catalog.Catalog(labels, labels, next(iter(site.values()))[0].edition.entry.publisher)
    steps = {
        "catalog.ttl and catalog.jsonld": write(folder, harvested(about, site)),
        "start page with its index, list of all": write(folder, lists(about, site)),
        "pages, explorers, CSVW, Croissant of every dataset": write(
            folder, (page for name, shown in site.items() for page in dataset(about, name, shown))
        ),
    }
    print(f"| step ({given.datasets:,} datasets) | CPU s |\n|---|---|")
    for step, seconds in {**steps, "written in all": sum(steps.values())}.items():
        print(f"| {step} | {seconds:.1f} |")
    print(f"| personal-data scan, per dataset | {scanned(about, site):.3f} |")
    print(f"| peak memory, MB | {getrusage(RUSAGE_SELF).ru_maxrss / 1024:,.0f} |")
    print("\n| search in the page | slowest of five, ms | answer |\n|---|---|---|")
    for words, milliseconds, answer in searched(folder / "index.html"):
        print(f"| {words} | {milliseconds:.0f} | {answer} |")
    if given.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
