"""The monthly notebook as a scheduler runs it: papermill, another month, then the next one in the same workspace."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from opendata import demo, provenance, workspace
from opendata.errors import SpecError
from opendata.release import Release, versions
from tests.notebook_outputs import leaks

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "06-monthly-publication.ipynb"


def run(office, out, month):
    """Run the notebook; its exit code."""
    told = ["-p", "month", month, "-p", "office", str(office)]
    command = [sys.executable, "-m", "papermill", str(NOTEBOOK), str(out), *told, "--no-progress-bar"]
    return subprocess.run(command, capture_output=True, text=True, cwd=office, check=False)


def kept(office, version):
    path = office / "releases" / demo.MONTHLY / f"{version}.private" / provenance.RUN
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


@pytest.mark.nightly
def test_papermill_makes_one_version_a_month_and_keeps_what_it_was_made_of(tmp_path):
    office = tmp_path / "office"
    office.mkdir()
    for month, version in (("2026-02", "2026.2"), ("2026-03", "2026.3")):
        done = run(office, tmp_path / f"{month}.ipynb", month)
        assert done.returncode == 0, done.stderr
        made = kept(office, version)
        assert made["parameters"] == {"month": month}
        release = Release.open(office / "releases" / demo.MONTHLY / version)
        assert made["content_sha256"] == release.manifest["content_sha256"]
        assert [item["name"] for item in made["inputs"]] == ["data/dengue-2026.csv"]
        assert any(line.startswith("papermill==") for line in made["environment"]["packages"])
        assert str(tmp_path) not in json.dumps(made)
    assert versions(office / "releases" / demo.MONTHLY) == ["2026.1", "2026.2", "2026.3"]
    second = json.loads((tmp_path / "2026-03.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in second for output in cell.get("outputs", [])]
    assert "{'2026.3': '2026-03'}" in json.dumps(outputs, ensure_ascii=False)  # all that was due
    assert not [problem for output in outputs for problem in leaks(output)]


@pytest.mark.nightly
@pytest.mark.parametrize("month", ["2026-13", "2027-01"])  # none of the calendar, none of the register
def test_a_refusal_ends_the_run_with_an_error_and_releases_nothing(tmp_path, month):
    assert run(tmp_path, tmp_path / "out.ipynb", month).returncode != 0
    assert not versions(tmp_path / "releases" / demo.MONTHLY)


def test_the_extract_and_the_dates_of_the_spec_go_to_the_end_of_the_month(tmp_path):
    office = workspace.init(tmp_path / "office")
    demo.add_month(office, "2026-02")
    lines = (office.root / "data/dengue-2026.csv").read_text().splitlines()
    assert {line.rsplit(",", 1)[1] for line in lines[1:]} == {"2026-01", "2026-02"}
    entry = office.spec(demo.MONTHLY).entry
    assert (str(entry.temporal.end), str(entry.modified)) == ("2026-02-28", "2026-03-10")
    assert yaml.safe_load(office.spec_path(demo.MONTHLY).read_text())["source"]["files"]
    with pytest.raises(SpecError, match="2025-12"):
        demo.add_month(office, "2025-12")
