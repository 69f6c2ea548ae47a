"""The git filter and the check before a commit: outputs on real data do not get into a repository."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from opendata import notebooks
from opendata.errors import SpecError
from tests.opendata.test_scanning import ID, NAME, notebook, result


@pytest.fixture
def repository(tmp_path) -> Path:
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "user.name", "test")
    git(tmp_path, "config", "user.email", "test@example.org")
    notebooks.install(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    env = os.environ | {"PYTHONPATH": str(root), "OPENDATA_LANG": "en", "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=env, capture_output=True, text=True, check=check
    )


def committed(folder: Path, name: str) -> dict:
    return json.loads(git(folder, "show", f"HEAD:{name}").stdout)


def test_outputs_stay_on_the_machine_and_out_of_the_repository(repository):
    notebook(repository / "a.ipynb", result("text/plain", f"{NAME} {ID}"))
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "a")
    cell = committed(repository, "a.ipynb")["cells"][0]
    assert (cell["outputs"], cell["execution_count"], cell["source"]) == ([], None, "1 + 1")
    assert ID in (repository / "a.ipynb").read_text("utf-8")
    assert git(repository, "status", "--short").stdout == ""


def test_outputs_on_synthetic_data_are_kept_and_scanned(repository):
    notebook(repository / "a.ipynb", result("text/plain", "42"), ytemo={"data": "synthetic"})
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "a")
    assert committed(repository, "a.ipynb")["cells"][0]["outputs"]
    notebook(repository / "a.ipynb", result("text/plain", f"{NAME}"), ytemo={"data": "synthetic"})
    git(repository, "add", "-A")
    refused = git(repository, "commit", "-qm", "b", check=False)
    assert refused.returncode != 0
    assert "a.ipynb, cell 1, output 1" in refused.stderr
    assert NAME not in refused.stderr


@pytest.mark.parametrize("content", ['{"cells": 1}', "not json", ""])
def test_a_notebook_that_is_none_does_not_get_in(repository, content):
    (repository / "a.ipynb").write_text(content)
    assert git(repository, "add", "a.ipynb", check=False).returncode != 0


def test_without_the_filter_the_check_refuses_outputs(repository):
    (repository / ".gitattributes").unlink()
    notebook(repository / "a.ipynb", result("text/plain", "42"))
    git(repository, "add", "-A")
    refused = git(repository, "commit", "-qm", "a", check=False)
    assert refused.returncode != 0
    assert "opendata git install" in refused.stderr


def test_a_register_is_not_committed(repository):
    (repository / "a.csv").write_text(f"area,who\nN1,{NAME}\n", "utf-8")
    git(repository, "add", "-A")
    refused = git(repository, "commit", "-qm", "a", check=False)
    assert refused.returncode != 0
    assert "a.csv: who" in refused.stderr


def test_installing_again_changes_nothing_and_another_hook_is_left_alone(repository, tmp_path_factory):
    before = (repository / ".gitattributes").read_text()
    assert notebooks.install(repository) == repository
    assert (repository / ".gitattributes").read_text() == before
    (repository / ".git/hooks/pre-commit").write_text("#!/bin/sh\n")
    with pytest.raises(SpecError, match="another pre-commit hook"):
        notebooks.install(repository)
    with pytest.raises(SpecError, match="no usable git repository"):
        notebooks.install(tmp_path_factory.mktemp("none"))
