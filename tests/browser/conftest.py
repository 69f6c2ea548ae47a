"""A real Chromium that can reach nothing but this machine, and a real JupyterLab started by `opendata lab`."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

from opendata import chromium as chromiums
from opendata import workspace as workspaces
from opendata.errors import SpecError
from tests.browser.visit import Visit, visit

ROOT = Path(__file__).parents[2]
expect.set_options(timeout=60_000)  # a shared machine may be slow for a moment


@pytest.fixture(scope="session")
def chromium():
    """The path of the machine's Chromium."""
    try:
        return chromiums.find(os.environ.get("OPENDATA_CHROMIUM"))
    except SpecError:
        pytest.skip(
            "no Chromium here and none could be installed: sudo apt-get install chromium, then make browser"
        )


@pytest.fixture(scope="session")
def browser(chromium) -> Browser:
    """One browser for all tests; names of other machines lead nowhere, so that no result hangs on a network."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=str(chromium),
            args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--no-proxy-server"],
        )
        yield opened
        opened.close()


@pytest.fixture
def visited(browser) -> Visit:
    """A page of its own, with everything that it asked for and complained of."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    yield visit(context.new_page())
    context.close()


@pytest.fixture
def page(visited) -> Page:
    """The same, where only the page matters."""
    return visited.page


@dataclass(frozen=True, slots=True)
class Server:
    """A JupyterLab that runs.

    Attributes:
        url: Its base address.
        token: What it asks for.
        workspace: The folder it shows.
        home: The home folder it runs under, empty at first.
    """

    url: str
    token: str
    workspace: Path
    home: Path

    def address(self, notebook: str) -> str:
        """Of a notebook, each in a layout of its own."""
        name = Path(notebook).stem
        return f"{self.url}/lab/workspaces/{name}/tree/notebooks/{notebook}?token={self.token}"

    def call(self, method: str, path: str) -> requests.Response:
        """Ask something of its API."""
        signed = {"Authorization": f"token {self.token}"}
        return requests.request(method, f"{self.url}{path}", headers=signed, timeout=30)


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Server:
    """JupyterLab as a publisher starts it."""
    folder = tmp_path_factory.mktemp("lab")
    workspace, home = workspaces.init(folder / "workspace").root, folder / "home"
    home.mkdir()
    command = [sys.executable, "-m", "opendata.cli", "lab", "--workspace", str(workspace), "--no-browser"]
    private = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "IPYTHON", "XDG"))
    }
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=private | {"HOME": str(home), "OPENDATA_LANG": "vi"},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield _answering(process, workspace, home)
    finally:
        process.terminate()
        process.wait(timeout=60)
        process.stdout.close()


def _answering(process: subprocess.Popen, workspace: Path, home: Path) -> Server:
    """The server, once it answers."""
    said = next(
        found for line in process.stdout if (found := re.search(r"(http://\S+)/lab\?token=(\S+)", line))
    )
    server = Server(said[1], said[2], workspace, home)
    deadline = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if server.call("GET", "/api/status").ok:
                return server
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not come up: {process.poll()}")


def saved(path: Path, *cells: nbformat.NotebookNode) -> None:
    """Write a notebook as somebody else would send it: with outputs, without a signature of this machine."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells), metadata={"kernelspec": kernel}), path)
