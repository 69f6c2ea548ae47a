"""`opendata new ID --notebook`: a notebook that runs as it stands, holds no output, and replaces none."""

import json

import pytest
from typer.testing import CliRunner

from anonymize import scan
from opendata import cli, lab
from opendata.errors import SpecError
from opendata.notebooks import cleaned, is_synthetic


def new(workspace, *arguments):
    return CliRunner().invoke(cli.app, ["new", *arguments, "--workspace", str(workspace.root)])


def code(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_it_goes_from_the_source_to_a_release(workspace, monkeypatch):
    path = lab.start(workspace.root, "cases")
    monkeypatch.chdir(path.parent)
    names: dict = {}
    for cell in code(path):
        exec(cell, names)
    assert names["release"].directory.is_dir()
    assert names["seen"].status()["suppressed"].sum() > 0


def test_it_is_empty_and_what_it_will_show_is_real(workspace):
    path = lab.start(workspace.root, "cases")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert not any(cell.get("outputs") for cell in notebook["cells"])
    assert not is_synthetic(notebook)  # so that the git filter empties it
    assert json.loads(cleaned(path.read_bytes())) == notebook
    assert scan(["\n".join("".join(cell["source"]) for cell in notebook["cells"])]).ok


def test_the_command_writes_spec_and_notebook(workspace):
    assert new(workspace, "births", "--notebook").exit_code == 0
    assert workspace.spec_path("births").exists()
    assert any('od.dataset("births"' in cell for cell in code(workspace.root / "notebooks/births.ipynb"))


def test_a_spec_that_is_there_stays(workspace):
    before = workspace.spec_path("cases").read_bytes()
    assert new(workspace, "cases", "--notebook").exit_code == 0
    assert workspace.spec_path("cases").read_bytes() == before


def test_it_never_replaces_a_notebook(workspace):
    path = lab.start(workspace.root, "cases")
    path.write_text("mine")
    with pytest.raises(SpecError, match=r"notebooks/cases\.ipynb"):
        lab.start(workspace.root, "cases")
    assert path.read_text() == "mine"


def test_a_name_that_is_no_id_writes_nothing(workspace):
    assert isinstance(new(workspace, "../cases", "--notebook").exception, SpecError)
    assert not (workspace.root / "notebooks").exists()
