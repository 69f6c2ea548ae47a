"""What a run was made of: enough to repeat it, nothing that tells a value or a place on this machine."""

import hashlib
import json
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

import opendata as od
from opendata import provenance
from opendata.errors import PersonalDataError, SpecError, VerificationError
from opendata.pipeline import build
from tests.opendata.conftest import fresh

COMMIT = r"[0-9a-f]{40}"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return fresh(tmp_path_factory.mktemp("provenance") / "workspace")


@pytest.fixture(scope="module")
def release(workspace):
    return build("cases", workspace.root, progress=lambda *_: None)[0]


def git(folder, *arguments):
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_it_names_inputs_spec_table_and_parameters(release, workspace):
    found = provenance.of(release, {"month": "2024-03", "day": date(2024, 3, 1), "top": 5})
    content = (workspace.root / "data/records.csv").read_bytes()
    assert found["inputs"] == [
        {"name": "data/records.csv", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    ]
    assert found["parameters"] == {"month": "2024-03", "day": "2024-03-01", "top": 5}
    assert (found["dataset"], found["version"]) == ("cases", release.version)
    for name in ("spec_sha256", "content_sha256"):
        assert found[name] == release.manifest[name]


def test_the_environment_is_every_package_and_its_digest():
    found = provenance.environment()
    assert any(line.startswith("polars==") for line in found["packages"])
    assert found["packages"] == sorted(set(found["packages"]))
    lines = "\n".join(found["packages"]) + "\n"
    assert found["sha256"] == hashlib.sha256(lines.encode()).hexdigest()


def test_the_commit_of_the_workspace_and_whether_the_spec_differs_from_it(release, workspace):
    assert provenance.of(release, {})["workspace"]["git"] is None
    git(workspace.root, "init")
    assert provenance.of(release, {})["workspace"]["git"] is None  # nothing is committed
    git(workspace.root, "add", "datasets")
    git(workspace.root, "commit", "-m", "specs")
    found = provenance.of(release, {})["workspace"]["git"]
    assert re.fullmatch(COMMIT, found["commit"])
    assert not found["changed"]
    with workspace.spec_path("cases").open("a") as file:
        file.write("# another thought\n")
    assert provenance.of(release, {})["workspace"]["git"]["changed"]


def test_no_path_of_this_machine_and_no_value(release, workspace):
    text = json.dumps(provenance.of(release, {"month": "2024-03"}))
    assert str(workspace.root) not in text
    assert str(Path.home()) not in text
    assert "8731" not in text  # the first count of the source
    with pytest.raises(SpecError, match=r"parameters\.folder"):
        provenance.of(release, {"folder": str(workspace.root)})


def test_personal_data_among_the_parameters_is_refused(release):
    with pytest.raises(PersonalDataError):
        provenance.of(release, {"author": "Nguyễn Văn An, 0912 345 678"})


def test_it_lies_in_the_confidential_folder_and_the_first_run_stays(release):
    path = provenance.keep(release, {"month": "2024-03"})
    assert path.parent.name == f"{release.version}.private"
    assert json.loads(path.read_text()) == provenance.of(release, {"month": "2024-03"})
    assert provenance.keep(release, {"month": "2024-04"}) == path
    assert json.loads(path.read_text())["parameters"] == {"month": "2024-03"}
    od.Release.open(release.directory)  # nothing was added to what is published


def test_a_release_that_is_not_written_has_none(workspace):
    ds = od.dataset("cases", workspace=workspace)
    safe = ds.protect(ds.aggregate(ds.read()))
    with pytest.raises(VerificationError):
        provenance.of(ds.release(safe, ds.audit(safe)), {})
