"""How long every notebook takes, run as `make notebooks` runs it but one after the other.

    python benchmarks/notebooks.py [NOTEBOOK ...]

Prints a Markdown table: wall time, and the processor time of the kernel and what it waited for, which other work on
the machine changes less. The sandbox's CKAN must be installed (`opendata sandbox up` once), or 05 takes minutes more.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def run(path: Path) -> tuple[int, float, float]:
    """Cells of code, seconds, seconds of the processor."""
    notebook = nbformat.read(path, as_version=4)
    before, start = processor(), perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    return cells, perf_counter() - start, processor() - before


def processor() -> float:
    """Seconds that the processes which ended so far spent on a processor."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Run them and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path)
    paths = parser.parse_args().notebooks or sorted(NOTEBOOKS.glob("*.ipynb"))
    print("| notebook | code cells | seconds | processor |\n|---|---|---|---|")
    rows = []
    for path in paths:
        rows.append(run(path))
        cells, wall, used = rows[-1]
        print(f"| {path.stem} | {cells} | {wall:.1f} | {used:.1f} |", flush=True)
    cells, wall, used = (sum(column) for column in zip(*rows, strict=True))
    print(f"| all | {cells} | {wall:.1f} | {used:.1f} |")


if __name__ == "__main__":
    main()
