"""The command line: exit codes, both languages, no traceback."""

import shutil
import subprocess
import sys

import pytest

from tests.opendata.conftest import RECORDS, respec, written


def opendata(*arguments: str, cwd=None) -> subprocess.CompletedProcess[str]:
    code = "from opendata.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )


def test_from_init_to_a_verified_release(workspace):
    built = opendata("--lang", "en", "build", "cases", "--workspace", str(workspace.root))
    assert (built.returncode, built.stderr) == (0, "")
    folder = workspace.root / "releases/cases/2026.1"
    assert f"Wrote {folder}" in built.stdout
    again = opendata("--lang", "en", "build", "cases", cwd=workspace.root)
    assert "Unchanged" in again.stdout
    checked = opendata("--lang", "en", "verify", str(folder))
    assert (checked.returncode, "11 files are as published" in checked.stdout) == (0, True)


def test_check_tells_all_datasets_apart(workspace, spec):
    assert opendata("check", cwd=workspace.root).stdout == "✓ cases\n"
    spec["entry"]["legal_basis"].append("circular-38-2024-tt-byt")
    respec(workspace, spec)
    warned = opendata("--lang", "en", "check", cwd=workspace.root)
    assert (warned.returncode, "  ! entry.legal_basis: Circular 38/2024" in warned.stdout) == (0, True)
    del spec["entry"]["groups"]
    respec(workspace, spec)
    shutil.copy(workspace.spec_path("cases"), workspace.spec_path("others"))
    refused = opendata("check", cwd=workspace.root)
    assert refused.returncode == 6
    assert [line.split(":")[0] for line in refused.stderr.splitlines()[::2]] == ["✗ cases", "✗ others"]


@pytest.mark.parametrize(("expires", "code"), [("2026-02-28", 6), ("9999-12-31", 0)])
def test_check_asks_for_evidence_that_holds_today_as_a_build_does(workspace, spec, expires, code):
    for evidence in spec["entry"]["evidence"]:
        evidence["expires"] = expires
    respec(workspace, spec)
    assert opendata("check", cwd=workspace.root).returncode == code


def test_check_takes_what_is_planned(workspace, spec):
    spec["entry"]["issued"] = "9999-12-30"
    respec(workspace, spec)
    assert opendata("check", cwd=workspace.root).returncode == 0


def test_check_tells_of_files_that_no_dataset_is_read_from(workspace):
    for name in ("so_lieu.yaml", "so-lieu.yml"):
        (workspace.root / "datasets" / name).write_bytes(workspace.spec_path("cases").read_bytes())
    refused = opendata("--lang", "en", "check", cwd=workspace.root)
    assert (refused.returncode, refused.stdout) == (2, "✓ cases\n")
    assert "datasets/so_lieu.yaml: this file is not named ID.yaml" in refused.stderr
    assert "datasets/so-lieu.yml" in refused.stderr
    assert opendata("check", "cases", cwd=workspace.root).returncode == 0


def test_audit_writes_nothing(workspace):
    done = opendata("--lang", "en", "audit", "cases", cwd=workspace.root)
    assert done.returncode == 0
    assert written(workspace) == []


def test_refusals_speak_the_chosen_language(workspace):
    (workspace.root / "data/records.csv").write_text(RECORDS.replace("8731", "many"), encoding="utf-8")
    vietnamese = opendata("build", "cases", cwd=workspace.root)
    english = opendata("--lang", "en", "build", "cases", cwd=workspace.root)
    assert vietnamese.returncode == english.returncode == 3
    assert vietnamese.stderr != english.stderr
    for refused in (vietnamese, english):
        assert "data/records.csv" in refused.stderr
        assert "many" not in refused.stderr
        assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["build", "nothing"], 2),
        (["build"], 2),
        (["fly"], 2),
        (["--lang", "fr", "check"], 2),
        (["publish", "cases"], 7),
        (["publish", "cases", "--portal", "http://127.0.0.1:9"], 2),
        (["verify", "data"], 8),
        (["sandbox", "status"], 7),
    ],
)
def test_every_refusal_has_its_exit_code(workspace, arguments, code):
    done = opendata(*arguments, cwd=workspace.root)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_portal_that_is_down_is_exit_7_once_there_are_approvals(workspace):
    opendata("build", "cases", cwd=workspace.root)
    asked = ("--lang", "en", "publish", "cases", "--portal", "http://127.0.0.1:9")
    assert opendata(*asked, cwd=workspace.root).returncode == 6
    opendata("sandbox", "approve", "cases", cwd=workspace.root)
    done = opendata(*asked, cwd=workspace.root)
    assert done.returncode == 7
    assert "127.0.0.1:9" in done.stderr


def test_init_with_the_examples_makes_sources_that_check(tmp_path):
    assert opendata("init", str(tmp_path / "w"), "--example").returncode == 0
    assert (tmp_path / "w/data/nien-giam-2024.xlsx").is_file()
    assert (tmp_path / "w/data/visits-2025.csv").is_file()
    assert opendata("check", cwd=tmp_path / "w").stdout == "✓ hospital-visits\n✓ notifiable-diseases\n"
