"""The doctor: each failure is brought about for real, and has its remedy."""

import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest
import yaml

from opendata import chromium, doctor, ports
from opendata import workspace as workspaces
from opendata.charts import fonts
from opendata.doctor import Check, Diagnosis, Surroundings, extras
from tests.conftest import ROOT
from tests.opendata.test_cli import opendata
from tests.opendata.test_notebooks_in_git import git


def examined(name: str, folder: Path, portal: str | None = None, **environment: str) -> Diagnosis:
    """What one check of the list finds."""
    check = next(check for check in doctor.CHECKS if check.name == name)
    [(_, found)] = doctor.examine(Surroundings(folder, environment, portal), [check])
    assert (found.remedy is None) == (found.state == "ok")
    return found


def run(folder: Path, *names: str, **environment: str) -> dict[str, str]:
    """The states of some checks in a process of its own."""
    code = (
        "import json, sys; from opendata import doctor; from pathlib import Path; import os;"
        "checks = [c for c in doctor.CHECKS if c.name in sys.argv[2:]];"
        "print(json.dumps({c.name: d.state for c, d in"
        " doctor.examine(doctor.Surroundings(Path(sys.argv[1]), os.environ), checks)}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), *names],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k not in ("LANG", "LC_ALL")} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_every_check_has_a_name_of_its_own_and_speaks_both_languages():
    names = [check.name for check in doctor.CHECKS]
    assert len(names) == len(set(names)) >= 15
    assert all(check.label.vi and check.label.en for check in doctor.CHECKS)


@pytest.mark.parametrize(
    "name", ["extra-publish", "extra-pii", "extra-lab", "font", "renderer", "numba-cache", "workspace"]
)
def test_here_all_is_well(workspace, name):
    assert examined(name, workspace.root).state == "ok"


# --- the machine


def test_a_terminal_without_vietnamese_letters_fails(tmp_path):
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert run(tmp_path, "encoding", **ascii_only) == {"encoding": "fail"}
    assert run(tmp_path, "encoding", LANG="C.UTF-8") == {"encoding": "ok"}


def test_a_font_that_the_renderer_does_not_know_fails(tmp_path, monkeypatch):
    fonts.ready.cache_clear()
    monkeypatch.setattr(fonts, "FAMILY", "No Such Family")
    found = examined("font", tmp_path)
    fonts.ready.cache_clear()
    assert found.state == "fail"
    assert "pip" in found.remedy.en or "ytemo" in found.remedy.en


def test_a_font_of_which_one_weight_is_gone_fails(tmp_path, monkeypatch):
    for path in fonts._FOLDER.glob("*-SemiBold.ttf"):
        shutil.copy(path, tmp_path)
    fonts.ready.cache_clear()
    monkeypatch.setattr(fonts, "_FOLDER", tmp_path)
    found = examined("font", tmp_path)
    fonts.ready.cache_clear()
    assert found.state == "fail"


def test_a_cache_that_cannot_be_written_fails(tmp_path):
    shutil.copytree(ROOT / "anonymize", tmp_path / "anonymize", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "anonymize/__pycache__").symlink_to("/proc/sys")
    nowhere = {"HOME": "/proc/sys", "XDG_CACHE_HOME": "/proc/sys", "PYTHONDONTWRITEBYTECODE": "1"}
    found = run(tmp_path, "numba-cache", PYTHONPATH=str(tmp_path), **nowhere)
    assert found == {"numba-cache": "fail"}


def test_without_chromium_only_pdf_is_missed(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = examined("chromium", tmp_path)
    assert (found.state, "apt-get install chromium" in found.remedy.vi) == ("warn", True)
    assert all(name in found.what.en for name in chromium.NAMES)


def test_a_chromium_that_does_not_start_fails(tmp_path):
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    assert examined("chromium", tmp_path, OPENDATA_CHROMIUM=str(program)).state == "fail"


# --- packages


def distribution(folder: Path, name: str, *lines: str) -> None:
    """Install a distribution that is metadata alone."""
    made = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    made.mkdir()
    head = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0"]
    (made / "METADATA").write_text("\n".join([*head, *lines]) + "\n")


def test_missing_packages_and_old_ones_are_told_apart(tmp_path, monkeypatch):
    needed = {"pii": "nobody-made-this>=1", "lab": "old-thing>=2", "publish": "old-thing>=1"}
    distribution(
        tmp_path, "asking", *(f'Requires-Dist: {r}; extra == "{name}"' for name, r in needed.items())
    )
    distribution(tmp_path, "old-thing")
    monkeypatch.syspath_prepend(tmp_path)
    look = partial(extras.extra, surroundings=Surroundings(tmp_path, {}), distribution="asking")
    assert [look(name).state for name in ("pii", "lab", "publish")] == ["warn", "fail", "ok"]
    assert "nobody-made-this" in look("pii").what.vi
    assert "old-thing 1.0" in look("lab").what.en
    assert "ytemo[lab]" in look("lab").remedy.en


# --- notebooks


def test_a_jupyterlab_of_another_vega_generation_fails(tmp_path, monkeypatch):
    (tmp_path / "static").mkdir()
    listed = {"packages": [{"name": "vega-lite", "versionInfo": "6.1.0"}]}
    (tmp_path / "static/third-party-licenses.json").write_text(json.dumps(listed))
    monkeypatch.setenv("JUPYTERLAB_DIR", str(tmp_path))
    found = examined("renderer", tmp_path)
    assert (found.state, "6.1.0" in found.what.vi) == ("fail", True)


def kernelspec(folder: Path, program: str) -> str:
    """A kernelspec that comes before all others."""
    (folder / "kernels/python3").mkdir(parents=True)
    spec = {"argv": [program, "-m", "ipykernel_launcher"], "display_name": "x", "language": "python"}
    (folder / "kernels/python3/kernel.json").write_text(json.dumps(spec))
    return str(folder)


@pytest.mark.parametrize("program", ["/nowhere/bin/python", sys.base_prefix + "/bin/python3"])
def test_a_kernel_of_another_python_fails(tmp_path, monkeypatch, program):
    monkeypatch.setenv("JUPYTER_PATH", kernelspec(tmp_path, program))
    found = examined("kernel", tmp_path)
    assert (found.state, program in found.what.en) == ("fail", True)
    assert "ipykernel install" in found.remedy.vi


def test_a_kernelspec_that_cannot_be_read_fails(tmp_path, monkeypatch):
    place = Path(kernelspec(tmp_path, "python")) / "kernels/python3/kernel.json"
    place.write_text("{")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert examined("kernel", tmp_path).state == "fail"


def test_the_kernel_of_this_python_is_well(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", kernelspec(tmp_path, sys.executable))
    assert examined("kernel", tmp_path).state == "ok"


# --- places


def test_a_folder_that_is_no_workspace_is_no_failure_but_a_broken_one_is(tmp_path):
    assert examined("workspace", tmp_path).state == "warn"
    (tmp_path / "opendata.toml").write_text("[portal")
    assert examined("workspace", tmp_path).state == "fail"


def test_a_workspace_that_is_not_there_yet_is_judged_by_where_it_would_be(tmp_path):
    for name in ("permissions", "disk"):
        assert examined(name, tmp_path / "not" / "yet").state == "ok"


def test_a_folder_that_cannot_be_written_fails_even_for_root(workspace):
    (workspace.root / "releases").rmdir()
    (workspace.root / "releases").symlink_to("/proc/sys")
    found = examined("permissions", workspace.root)
    assert (found.state, "releases" in found.what.en) == ("fail", True)


def test_a_full_disk_fails():
    assert examined("disk", Path("/proc")).state == "fail"  # a file system without room


def test_git_without_the_filter_fails_and_the_remedy_helps(workspace):
    assert examined("git-filter", workspace.root).state == "ok"  # no repository
    git(workspace.root, "init", "-q")
    assert examined("git-filter", workspace.root).state == "fail"
    git(workspace.root, "config", "core.hooksPath", ".git/hooks")
    assert opendata("git", "install", str(workspace.root)).returncode == 0
    assert examined("git-filter", workspace.root).state == "ok"
    git(workspace.root, "config", "filter.ytemo-notebook.clean", "cat")
    broken = examined("git-filter", workspace.root)
    assert (broken.state, broken.what.en) == ("fail", "not set up, or broken: filter.")


def test_a_repository_that_git_refuses_fails(workspace):
    (workspace.root / ".git").write_text("gitdir: /nowhere\n")
    assert examined("git-filter", workspace.root).state == "fail"


# --- the portal


class Site(http.server.BaseHTTPRequestHandler):
    """As much of CKAN as the check asks for."""

    answers: ClassVar = {
        "status_show": {"ckan_version": "2.12"},
        "organization_list_for_user": [{"name": "bo-y-te"}],
        "user_show": {"name": "editor"},
    }

    def do_GET(self):
        action = self.path.partition("?")[0].rpartition("/")[2]
        known = self.headers.get("Authorization") == "right"
        result = self.answers.get(action) if known or action == "status_show" else None
        error = {"__type": "Authorization Error"}
        body = json.dumps({"success": bool(result), "result": result, "error": error}).encode()
        self.send_response(200 if result else 403)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_no_portal_is_no_failure(workspace):
    assert examined("portal", workspace.root).state == "warn"


def test_a_portal_that_nobody_answers_at_fails_with_code_7(workspace):
    [port] = ports.free(20_000)
    assert examined("portal", workspace.root, f"http://127.0.0.1:{port}").state == "fail"


def test_the_portal_must_know_the_token_and_the_organisation(workspace, spec, site):
    assert examined("portal", workspace.root, site, OPENDATA_TOKEN="right").state == "ok"
    wrong = examined("portal", workspace.root, site, OPENDATA_TOKEN="wrong")
    assert (wrong.state, "wrong" in wrong.what.vi) == ("fail", False)
    spec["publication"]["organization"] = "so-y-te"
    workspace.spec_path("cases").write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    other = examined("portal", workspace.root, site, OPENDATA_TOKEN="right")
    assert (other.state, "so-y-te" in other.what.en) == ("fail", True)
    assert (
        examined("portal", workspace.root, site).state == "fail"
    )  # and without a token it is not there either


# --- the command


def test_exit_codes():
    def found(**states):
        return [
            (Check(name, Check, None, 7 if name == "portal" else 2), Diagnosis(state, None))
            for name, state in states.items()
        ]

    assert doctor.exit_code(found(disk="ok", portal="warn")) == 0
    assert doctor.exit_code(found(disk="warn", portal="fail")) == 7
    assert doctor.exit_code(found(disk="fail", portal="fail")) == 2


def test_a_check_that_breaks_has_failed_and_tells_no_secret(tmp_path):
    def broken(_):
        raise ValueError("Nguyễn Văn A")

    [(_, found)] = doctor.examine(Surroundings(tmp_path, {}), [Check("x", None, broken)])
    assert (found.state, "Nguyễn" in found.what.vi, "ValueError" in found.what.en) == ("fail", False, True)


def test_the_command_tells_machines_and_ends_with_the_portals_code(workspace):
    [port] = ports.free(20_000)
    done = opendata("doctor", "--json", "--portal", f"http://127.0.0.1:{port}", cwd=workspace.root)
    assert (done.returncode, done.stderr) == (7, "")
    listed = json.loads(done.stdout)
    assert [item["check"] for item in listed] == [check.name for check in doctor.CHECKS]
    assert [item["check"] for item in listed if item["state"] == "fail"] == ["portal"]
    assert all(set(item["remedy"]) == {"vi", "en"} for item in listed if item["remedy"])


def test_the_command_tells_people_and_passes_a_fresh_workspace(tmp_path):
    made = workspaces.init(tmp_path / "new")
    done = opendata("--lang", "en", "doctor", "--workspace", str(made.root))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "✓ Free disk space: " in done.stdout
    assert "! Portal: the portal's address is not known.\n  → " in done.stdout
