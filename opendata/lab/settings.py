"""The settings of the lab: plain files in its folder, written anew at every start."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from opendata.lab.kernel import STARTUP
from opendata.messages import Language

FOLDER = ".lab"
LOCALES: dict[Language, str] = {"vi": "vi_VN", "en": "en"}


def write(folder: Path, *, language: Language, token: str) -> None:
    """Write the settings.

    Args:
        folder: The lab's own; made if it is not there, for its owner alone.
        language: Of the user interface, until somebody chooses another in it.
        token: What the server asks for.

    Raises:
        OSError: When it cannot be written.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    _private(folder / ".gitignore", "*\n")
    _private(folder / "config" / "jupyter_lab_config.json", _json(_server(folder, token)))
    _private(folder / "config" / "labconfig" / "default_setting_overrides.json", _json(_interface(language)))
    _private(folder / "ipython" / "profile_default" / "startup" / "00-ytemo.py", STARTUP)


def environment(folder: Path) -> dict[str, str]:
    """The variables that make Jupyter and IPython keep everything in the lab's folder."""
    config, data = str(folder / "config"), folder / "data"
    above = [config, *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_CONFIG_DIR": config,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(above),  # before what the Python environment says
        "JUPYTER_DATA_DIR": str(data),
        "JUPYTER_RUNTIME_DIR": str(data / "runtime"),
    }


def _server(folder: Path, token: str) -> dict[str, Any]:
    return {
        "IdentityProvider": {"token": token},
        "KernelManager": {"transport_encryption": "auto"},
        "LabApp": {
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",  # would ask PyPI for a list
            "log_level": "WARN",
            "news_url": None,
        },
        # Otherwise npm is asked where it keeps modules, and leaves files in the home folder.
        "LanguageServerManager": {"node_roots": [str(folder.parent)]},
    }


def _interface(language: Language) -> dict[str, Any]:
    return {
        "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
        "@jupyterlab/translation-extension:plugin": {"locale": LOCALES[language]},
    }


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, indent=1) + "\n"


def _private(path: Path, text: str) -> None:
    """Write a file that only its owner reads."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.partial")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    draft.replace(path)
