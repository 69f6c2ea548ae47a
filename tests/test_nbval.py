"""The comparison of notebooks, with the very options of `make notebooks`: one changed number in an output fails it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.nightly
CELLS = [
    "import polars as pl\nfrom opendata import charts\n\ncharts.enable()\n6 * 7",
    'data = pl.DataFrame({"area": ["a", "b"], "n": [1234, None], "n_status": ["A", "Q"]})\ndata',
    'charts.ranked_bars(data, "area", "n", title="Số mắc")',
    "print('http://127.0.0.1:25310', 'f' * 64, '12,3 KB')",
]
# What is changed in the stored outputs, and in which cell the comparison must then fail.
CHANGES = {
    "a result": (0, "42", "43"),
    "a table": (1, "1234", "1243"),
    "the data of a chart": (2, '"value": 1234', '"value": 1243'),
    "a status in a chart": (2, '"status": "Q"', '"status": "O"'),
    "what a chart says": (2, "1 đã che", "2 đã che"),
}
ALLOWED = [("25310", "25300"), ("f" * 64, "0" * 64), ("12,3 KB", "14,5 KB")]  # what differs from run to run


def options():
    """The options of `make notebooks`, but for those of parallel runs."""
    recipe = re.search(
        r"^notebooks:.*\n\t\$\(BIN\)/pytest (.*) notebooks$", (ROOT / "Makefile").read_text(), re.M
    )
    words = recipe[1].replace("tests/", f"{ROOT}/tests/").split()
    return [word for word in words if word not in ("-n", "auto", "--dist", "loadscope")]


def changed(notebook, number, changes):
    """A copy with the stored outputs of one cell changed; what it runs stays the same."""
    copy = json.loads(json.dumps(notebook))
    outputs = json.dumps(copy["cells"][number]["outputs"], ensure_ascii=False)
    for before, after in changes:
        assert before in outputs
        outputs = outputs.replace(before, after)
    copy["cells"][number]["outputs"] = json.loads(outputs)
    return copy


def write(path, notebook):
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


@pytest.fixture(scope="module")
def failed(tmp_path_factory):
    """Notebook -> the cells that failed, of one run over an honest copy and one copy for each change."""
    folder = tmp_path_factory.mktemp("notebooks")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    NotebookClient(notebook, kernel_name="python3").execute()
    write(folder / "honest.ipynb", notebook)
    write(folder / "allowed.ipynb", changed(notebook, 3, ALLOWED))
    for name, (cell, before, after) in CHANGES.items():
        write(folder / f"{name.replace(' ', '-')}.ipynb", changed(notebook, cell, [(before, after)]))
    command = [
        sys.executable,
        "-m",
        "pytest",
        *options(),
        "-rf",
        "-c",
        str(ROOT / "pyproject.toml"),
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    found = re.findall(r"^FAILED (?:.*/)?([\w-]+)\.ipynb::Cell (\d+)", done.stdout, re.M)
    assert done.returncode == 1, done.stdout + done.stderr
    return {name: [int(cell) for stem, cell in found if stem == name] for name in {stem for stem, _ in found}}


def test_what_was_not_changed_passes(failed):
    assert "honest" not in failed


def test_ports_digests_and_sizes_may_differ(failed):
    assert "allowed" not in failed


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_output_fails(failed, change):
    assert failed[change.replace(" ", "-")] == [CHANGES[change][0]]
