"""The server: prepared for a workspace, then this process becomes it."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from catalog.errors import Problem, Text
from opendata import ports
from opendata.errors import SpecError
from opendata.lab import examples, settings
from opendata.messages import Language, unwritable
from opendata.workspace import Workspace

FIRST_PORT = 8888
NEEDED = ("jupyterlab", "ipykernel", "jupyterlab_language_pack_vi_VN")  # modules of the extra `lab`
_TRIED = 1000  # ports


@dataclass(frozen=True, slots=True)
class Lab:
    """A JupyterLab that can be started.

    Attributes:
        url: Where it will answer, with the token.
        command: The program and its arguments; they hold no token.
        environment: The whole environment that it gets.
        folder: Where it starts: the workspace.
        copied: The example notebooks that were copied now.
    """

    url: str = field(repr=False)
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    copied: tuple[Path, ...]


def missing() -> list[str]:
    """The modules of the extra `lab` that are not installed."""
    return [name for name in NEEDED if find_spec(name) is None]


def prepare(
    workspace: Workspace, *, language: Language = "vi", port: int = FIRST_PORT, browser: bool = True
) -> Lab:
    """Make a workspace ready for JupyterLab: settings, a token, the example notebooks, a port.

    Args:
        workspace: The workspace, which is all that the lab shows.
        language: Of the user interface.
        port: The first to try, on 127.0.0.1.
        browser: Whether the browser is opened.

    Raises:
        SpecError: The extra `lab` is not installed, the workspace cannot be written, or no port is free.
    """
    lacking = missing()
    if lacking:
        raise SpecError([Problem(", ".join(lacking), _NO_EXTRA, _INSTALL)])
    found = ports.free(port, within=_TRIED)
    if not found:
        raise SpecError([Problem(f"127.0.0.1:{port}", _NO_PORT, _OTHER_PORT)])
    folder, token = workspace.root / settings.FOLDER, secrets.token_urlsafe(32)
    try:
        settings.write(folder, language=language, token=token)
        copied = examples.copy_missing(workspace.root)
    except OSError as error:
        raise SpecError([Problem(str(workspace.root), unwritable(error), _PERMISSIONS)]) from None
    return Lab(
        f"http://127.0.0.1:{found[0]}/lab?token={token}",
        (sys.executable, "-P", "-m", "jupyterlab", *_arguments(workspace.root, found[0], browser)),
        {**os.environ, **settings.environment(folder), **_terminal(workspace.root, language)},
        workspace.root,
        tuple(copied),
    )


def run(lab: Lab) -> NoReturn:
    """Become the server: signals, the terminal and the exit code are then Jupyter's own."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(lab.folder)
    os.execve(lab.command[0], lab.command, dict(lab.environment))  # noqa: S606 (no shell is wanted)


def _arguments(root: Path, port: int, browser: bool) -> list[str]:
    """What no settings file may change: this machine only, this port, this folder."""
    said = {
        "ip": "127.0.0.1",
        "port": port,
        "port_retries": 0,
        "allow_remote_access": False,
        "allow_root": os.geteuid() == 0,
        "root_dir": root,
        "open_browser": browser,
        "answer_yes": True,
    }
    server = [f"--ServerApp.{name}={value}" for name, value in said.items()]
    return [*server, f"--FileContentsManager.preferred_dir={root / examples.FOLDER}", "--log-level=WARN"]


def _terminal(root: Path, language: Language) -> dict[str, str]:
    """What `opendata` finds in the lab's terminals: itself, this workspace, this language."""
    here = str(Path(sys.executable).parent)
    return {
        "OPENDATA_LANG": language,
        "OPENDATA_WORKSPACE": str(root),
        "PATH": os.pathsep.join([here, *filter(None, [os.environ.get("PATH")])]),
    }


_NO_EXTRA = Text("chưa cài phần mở rộng “lab”.", "the extra “lab” is not installed.")
_INSTALL = Text("Chạy: pip install 'ytemo[lab]'.", "Run: pip install 'ytemo[lab]'.")
_NO_PORT = Text("không còn cổng trống từ đây trở lên.", "no port is free from here upwards.")
_OTHER_PORT = Text("Chọn cổng khác: --port.", "Choose another: --port.")
_PERMISSIONS = Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check the permissions and the free disk space.")
