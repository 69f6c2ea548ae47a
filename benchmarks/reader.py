"""The researcher's line beside owid-catalog, pooch and a plain CKAN download, on one synthetic table.

    python -m benchmarks.reader --reader PYTHON --peers PYTHON [--rows 600000] [--runs 7]

`--reader`: a Python with nothing but `pip install ytemo`; `--peers`: one with owid-catalog, pooch, pandas, pyarrow and
requests. A web server of this process serves the same Parquet file as a static catalogue, as a CKAN portal and as a
catalogue of Our World in Data. Every run is a process of its own; times are medians of CPU seconds, which other jobs on
the machine do not change much. What is noticed is tried out, not taken from documentation: another valid file in the
place of the right one; a spoiled copy on disk; no server.

Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import polars as pl

from opendata.data import write_parquet
from opendata.release import digest
from tests.opendata.client.conftest import as_ckan, large
from tests.opendata.client.server import Site, serving

TOOLS = {
    "ytemo": """
        import opendata as od
        frame = od.load("visits", portal=URL, version="2026.1", cache=CACHE)
    """,
    "pooch": """
        import pandas as pd, pooch
        path = pooch.retrieve(FILE, known_hash=f"sha256:{SHA256}", path=CACHE)
        frame = pd.read_parquet(path)
    """,
    "owid-catalog": """
        from owid.catalog import Client
        frame = Client(catalog_url=f"{URL}/").tables.fetch("garden/moh/2026/visits/visits")
    """,
    "CKAN, plain": """
        import io, pandas as pd, requests
        package = requests.get(f"{URL}/api/3/action/package_show", params={"id": "visits"}).json()["result"]
        address = next(r["url"] for r in package["resources"] if r["release_file"] == "data.parquet")
        frame = pd.read_parquet(io.BytesIO(requests.get(address).content))
    """,
}
OWID = """
    import sys, pandas as pd
    from owid.catalog import Table
    Table(pd.read_parquet(sys.argv[1]), short_name="visits").to_parquet(sys.argv[2])
"""
TARGETS = {
    "`import opendata`": "import opendata",
    "`import opendata`, first use of `opendata.load`": "import opendata; opendata.load",
    "the same, then `od.load` of a cached version": "import opendata as od; "
    'od.load("visits", portal=URL, version="2026.1", cache=CACHE)',
}
QUERIES = {
    "one of 63 provinces, two columns": 'lazy.filter(pl.col("province") == "7").select("province", "visits")',
    "one column": 'lazy.select("province")',
    "everything": "lazy",
}


@dataclass(slots=True)
class Bench:
    """What every run needs.

    Attributes:
        site: The server.
        pythons: The interpreter of each tool.
        folder: Scratch space.
        runs: How many times each thing is timed.
        names: What the scripts know: URL, FILE, SHA256, CACHE.
    """

    site: Site
    pythons: dict[str, str]
    folder: Path
    runs: int
    names: dict[str, str] = field(default_factory=dict)

    def run(self, python: str, code: str) -> float | None:
        """CPU seconds of a script in a process of its own, once the interpreter has started; None when it fails."""
        lines = [f"{name} = {value!r}" for name, value in self.names.items()]
        before = ["import time", *lines, "start = time.process_time()"]
        script = "\n".join([*before, textwrap.dedent(code), "print(time.process_time() - start)"])
        done = subprocess.run([python, "-c", script], capture_output=True, text=True, cwd=self.folder)
        return float(done.stdout.splitlines()[-1]) if done.returncode == 0 else None

    def timed(self, python: str, code: str, *, fresh: bool) -> str:
        """The median in CPU seconds; with an empty cache each time, or a full one."""
        self.run(python, code)  # compiles, and fills the cache
        times = []
        for _ in range(self.runs):
            if fresh:
                self.empty()
            times.append(self.run(python, code))
        return f"{median(t for t in times if t is not None):.2f}" if None not in times else "fails"

    def empty(self) -> None:
        """Empty the cache."""
        shutil.rmtree(self.names["CACHE"], ignore_errors=True)
        Path(self.names["CACHE"]).mkdir()


def compare(bench: Bench) -> None:
    """Print the table of tools."""
    print(
        "| | lines | import, s | import and first load, s | and again, s | no server | another file | spoiled copy |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for tool, code in TOOLS.items():
        python, lines = bench.pythons[tool], textwrap.dedent(code).strip().splitlines()
        imports = bench.timed(python, lines[0], fresh=False)
        first, again = bench.timed(python, code, fresh=True), bench.timed(python, code, fresh=False)
        cells = [tool, len(lines), imports, first, again, *noticed(bench, python, code)]
        print(f"| {' | '.join(map(str, cells))} |")


def noticed(bench: Bench, python: str, code: str) -> tuple[str, str, str]:
    """What happens without a server, when the server has another valid file, and when the copy on disk is spoiled."""
    bench.empty()
    bench.run(python, code)
    bench.site.tricks = {"": 503}
    offline = "works" if bench.run(python, code) is not None else "fails"
    bench.site.tricks = {}
    copies = [
        path for path in Path(bench.names["CACHE"]).rglob("*") if path.is_file() and path.suffix != ".json"
    ]
    for path in copies:
        path.write_bytes(spare(bench).read_bytes())
    spoiled = "–" if not copies else seen(bench, python, code, copies)
    bench.empty()
    swap(bench)
    other = "refused" if bench.run(python, code) is None else "used"
    swap(bench)
    return offline, other, spoiled


def seen(bench: Bench, python: str, code: str, copies: list[Path]) -> str:
    """Whether a spoiled copy was used, replaced or refused."""
    if bench.run(python, code) is None:
        return "refused"
    return "replaced" if all(digest(path) == bench.names["SHA256"] for path in copies) else "used"


def spare(bench: Bench) -> Path:
    """A valid file with the same columns and other values."""
    return bench.folder / "other.parquet"


def swap(bench: Bench) -> None:
    """Change the right file and the other one, wherever the server has it."""
    home = bench.site.folder
    right, owid = home / "datasets/visits/2026.1/data.parquet", home / "garden/moh/2026/visits/visits.parquet"
    before, other = right.read_bytes(), spare(bench).read_bytes()
    right.write_bytes(other)
    spare(bench).write_bytes(before)
    if owid.is_file():
        kept = bench.folder / "owid.parquet"
        now = owid.read_bytes()
        owid.write_bytes(kept.read_bytes() if kept.is_file() else other)
        kept.write_bytes(now)


def targets(bench: Bench) -> None:
    """Print how long it takes until the data are there, and how much is installed."""
    python = bench.pythons["ytemo"]
    print("\n| reader | CPU s, median |\n|---|---|")
    for what, code in TARGETS.items():
        print(f"| {what} | {bench.timed(python, code, fresh=False)} |")
    where = 'import sysconfig; open("where", "w").write(sysconfig.get_path("purelib"))'
    bench.run(python, where)
    packages = Path((bench.folder / "where").read_text())
    sizes = {path: path.stat().st_size for path in packages.rglob("*") if path.is_file()}
    whole, own = sum(sizes.values()), sum(size for path, size in sizes.items() if path.suffix != ".pyc")
    print(f"| MB in site-packages (without compiled `.pyc`) | {whole / 1e6:.0f} ({own / 1e6:.0f}) |")


def ranges(bench: Bench) -> None:
    """Print what comes over the network when parts are read."""
    size = (bench.site.folder / "datasets/visits/2026.1/data.parquet").stat().st_size
    print(f"\n| `od.scan(…, verify=False)` of {size / 1e6:.2f} MB | MB | requests |\n|---|---|---|")
    for what, query in QUERIES.items():
        bench.empty()
        bench.site.log.clear()
        code = 'lazy = od.scan("visits", portal=URL, version="2026.1", cache=CACHE, verify=False)'
        bench.run(bench.pythons["ytemo"], f"import polars as pl, opendata as od\n{code}\n({query}).collect()")
        parts = [sent for path, _, sent in bench.site.log if path.endswith(".parquet")]
        print(f"| {what} | {sum(parts) / 1e6:.2f} | {len(parts)} |")


def prepared(site: Site, given: argparse.Namespace, folder: Path) -> Bench:
    """Serve the table in three ways."""
    frame = large(site.folder, given.rows)
    home = site.folder / "datasets/visits/2026.1"
    other = frame.with_columns(pl.col("visits") + 1)
    write_parquet(other, folder / "other.parquet", {})
    as_ckan(site, "visits", "2026.1")
    owid = site.folder / "garden/moh/2026/visits"
    owid.mkdir(parents=True)
    for source, target in (
        (home / "data.parquet", owid / "visits.parquet"),
        (folder / "other.parquet", folder / "owid.parquet"),
    ):
        made = [given.peers, "-c", textwrap.dedent(OWID), str(source), str(target)]
        subprocess.run(made, check=True, capture_output=True)
    pythons = dict.fromkeys(TOOLS, given.peers) | {"ytemo": given.reader}
    names = {
        "URL": site.url,
        "FILE": f"{site.url}/datasets/visits/2026.1/data.parquet",
        "SHA256": digest(home / "data.parquet"),
        "CACHE": str(folder / "cache"),
    }
    return Bench(site, pythons, folder, given.runs, names)


def main() -> None:
    """Serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", required=True)
    parser.add_argument("--peers", required=True)
    parser.add_argument("--rows", type=int, default=600_000)
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ytemo-reader-") as name, serving(Path(name) / "www") as site:
        site.folder.mkdir()
        bench = prepared(site, given, Path(name))
        for part in (compare, targets, ranges):
            part(bench)


if __name__ == "__main__":
    main()
