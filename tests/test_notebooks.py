"""What nbval does not check: notebooks were executed, are short, and hold nothing of a machine or a person."""

import json
import re
from pathlib import Path

import pytest

import anonymize
from opendata.notebooks import is_synthetic
from tests.notebook_outputs import leaks

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def test_every_code_cell_was_run_in_order_and_the_last_lines_show_something(path):
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert sum(bool(cell["outputs"]) for cell in code) >= len(code) / 2
    assert not [out for cell in code for out in cell["outputs"] if out["output_type"] == "error"]


def test_it_is_short_and_defines_nothing(path):
    code = ["".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "code"]
    assert len(code) <= 12
    assert max(len([line for line in text.splitlines() if line.strip()]) for text in code) <= 8
    assert not [text for text in code if re.search(r"^\s*(def|class) ", text, re.MULTILINE)]


def test_it_holds_no_personal_data_and_no_path_of_a_machine(path):
    texts = [("".join(cell["source"])) for cell in cells(path)]
    for cell in cells(path):
        for out in cell.get("outputs", []):
            data = out.get("data", {"text/plain": out.get("text", "")})
            texts += ["".join(text) for kind, text in data.items() if kind.startswith("text/")]
    found = anonymize.scan([(f"{path.name}, {n}", text) for n, text in enumerate(texts)])
    assert found.ok, found.summary("en")
    assert not re.search(r"/(root|home|Users)/", "\n".join(texts))


def test_no_output_shows_a_value_that_the_release_hides(path):
    outputs = [(n, out) for n, cell in enumerate(cells(path)) for out in cell.get("outputs", [])]
    assert not [f"cell {n}: {problem}" for n, out in outputs for problem in leaks(out)]


def test_its_outputs_are_kept_because_its_data_are_synthetic(path):
    assert is_synthetic(json.loads(path.read_text(encoding="utf-8")))
