"""`opendata lab`: what it prepares, where it keeps it, and what it refuses. That it works is shown in tests/browser."""

import json
import os
import socket
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from opendata import lab, ports
from opendata.errors import SpecError
from opendata.lab import examples, kernel, serving, settings
from tests.conftest import ROOT


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def setting(prepared: lab.Lab, name: str) -> dict:
    return json.loads((prepared.folder / ".lab/config" / name).read_text(encoding="utf-8"))


def test_it_listens_on_this_machine_only_and_asks_for_a_token(workspace):
    one, two = lab.prepare(workspace), lab.prepare(workspace)
    for prepared in (one, two):
        token = prepared.url.partition("token=")[2]
        assert len(token) >= 40
        assert token not in " ".join(prepared.command)
        assert token not in repr(prepared)
        assert prepared.url.startswith("http://127.0.0.1:")
        assert "--ServerApp.ip=127.0.0.1" in prepared.command
    assert one.url != two.url
    assert (
        setting(two, "jupyter_lab_config.json")["IdentityProvider"]["token"] == two.url.partition("token=")[2]
    )


def test_its_folder_is_private_and_not_in_git(workspace):
    prepared = lab.prepare(workspace)
    folder = prepared.folder / ".lab"
    assert (folder / ".gitignore").read_text() == "*\n"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()} == {0o600}


def test_jupyter_and_ipython_keep_everything_there(workspace, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/etc/office")
    prepared = lab.prepare(workspace)
    code = (
        "import json, jupyter_core.paths as j, jupyterlab.commands as c, IPython.paths as i;"
        "print(json.dumps([j.jupyter_config_dir(), j.jupyter_data_dir(), j.jupyter_runtime_dir(),"
        " c.get_user_settings_dir(), c.get_workspaces_dir(), i.get_ipython_dir(), *j.jupyter_config_path()[:2]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=dict(prepared.environment),
        capture_output=True,
        text=True,
        check=True,
    )
    *kept, first, second = json.loads(done.stdout)
    assert [path for path in kept if not path.startswith(f"{prepared.folder}/.lab/")] == []
    assert (first, second) == (f"{prepared.folder}/.lab/config", "/etc/office")


def test_the_language_is_the_commands(workspace):
    plugin = "@jupyterlab/translation-extension:plugin"
    for language, locale in settings.LOCALES.items():
        prepared = lab.prepare(workspace, language=language)
        said = setting(prepared, "labconfig/default_setting_overrides.json")
        assert said[plugin] == {"locale": locale}
        assert prepared.environment["OPENDATA_LANG"] == language


def test_the_notebooks_are_copied_once_and_never_overwritten(workspace):
    first = lab.prepare(workspace)
    assert [path.name for path in first.copied] == [path.name for path in examples.shipped()]
    mine = first.copied[0]
    mine.write_text("mine", encoding="utf-8")
    assert lab.prepare(workspace).copied == ()
    assert mine.read_text(encoding="utf-8") == "mine"


def test_the_wheel_holds_the_notebooks_where_they_are_looked_for():
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = said["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {"notebooks": f"opendata/{examples.SHIPPED}"}
    assert [path.parent for path in examples.shipped()] == [ROOT / "notebooks"] * len(examples.shipped())


@pytest.mark.parametrize("base", [0, -1])
def test_what_is_no_port_is_never_told_as_one(base):
    [port] = ports.free(base)
    assert port >= 1024


def test_a_port_that_is_taken_is_passed_over(workspace):
    [port] = ports.free(21_000)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert f":{port}/" not in lab.prepare(workspace, port=port).url
    with pytest.raises(SpecError, match="--port"):
        lab.prepare(workspace, port=40_000)


def test_without_the_extra_it_says_how_to_get_it(workspace, monkeypatch):
    monkeypatch.setattr(serving, "NEEDED", ("jupyterlab", "nobody_made_this"))
    before = files(workspace.root)
    with pytest.raises(SpecError, match=r"nobody_made_this.*ytemo\[lab\]") as refused:
        lab.prepare(workspace)
    assert refused.value.problems[0].what.vi
    assert files(workspace.root) == before


def test_a_workspace_that_cannot_be_written_refuses(workspace):
    (workspace.root / ".lab").symlink_to("/proc/sys")
    with pytest.raises(SpecError, match="permissions"):
        lab.prepare(workspace)


def test_kernels_show_charts_offline_and_import_altair_with_the_first(tmp_path):
    code = f"""
import sys, json
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell({kernel.STARTUP!r}).raise_error()
early = "altair" in sys.modules
import altair as alt
data, _ = shell.display_formatter.format(alt.Chart(alt.Data(values=[{{"a": 1}}])).mark_bar().encode(x="a:Q"))
print(json.dumps([early, sorted(data), "kernel" in shell.user_ns]))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=os.environ | {"IPYTHONDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    early, kinds, left = json.loads(done.stdout.splitlines()[-1])
    assert (early, left) == (False, False)
    assert kinds == ["application/vnd.vegalite.v5+json", "image/png", "text/plain"]


def test_a_renderer_that_a_notebook_chose_stays():
    import altair as alt

    shell = InteractiveShell()
    kernel.register(shell)
    chart = alt.Chart(alt.Data(values=[{"a": 1}])).mark_bar()
    with alt.renderers.enable("json"):
        data, _ = shell.display_formatter.format(chart)
    assert "application/json" in data
