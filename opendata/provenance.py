"""What a run was made of: program, environment, inputs, spec and parameters, for whoever must repeat or explain it.

Papermill keeps the parameters and times of a notebook and nothing of these.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.metadata import distribution, distributions
from pathlib import Path
from typing import Any

from catalog.errors import Problem, Text
from opendata import gates, memory
from opendata.contents import code
from opendata.errors import SpecError
from opendata.git import git
from opendata.messages import unwritable
from opendata.release import Release, private_folder

RUN = "run.json"
Parameter = str | int | float | bool | date | None


def of(release: Release, parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """Where a written release came from; holds no value and no path of this machine.

    Confidential all the same, as size and digest of a source let a reader test guesses at hidden cells: it belongs
    beside the reasons and the audit, never on a portal.

    Args:
        release: As `build` or `Release.write` left it.
        parameters: What the run was told, such as {"month": "2025-03"}.

    Returns:
        `dataset`, `version`, `content_sha256` (of the published table), `spec_sha256`, `inputs` (name, SHA-256, size),
        `parameters`, `code` (name, version, and its `git`), `workspace` (its `git`) and `environment`: Python, every
        package as `name==version`, and the SHA-256 of these lines. `git` is the commit and whether the files differ
        from it, or None where they are in no repository.

    Raises:
        VerificationError: When the release is not written.
        SpecError: When a parameter is a path of this machine.
        PersonalDataError: When a parameter holds personal data.
    """
    manifest = release.manifest
    return {
        "dataset": release.id,
        "version": release.version,
        "content_sha256": manifest["content_sha256"],
        "spec_sha256": manifest["spec_sha256"],
        "inputs": memory.source_files(release.directory),
        "parameters": _safe(parameters),
        **made_with(release),
    }


def made_with(release: Release) -> dict[str, Any]:
    """The part of `of` that is not confidential: `code`, `workspace` and `environment`."""
    workspace = release.directory.parents[2]
    return {
        "code": {**code(), "git": _installed_commit() or _commit(Path(__file__).parent)},
        "workspace": {"git": _commit(workspace / "datasets" / f"{release.id}.yaml")},
        "environment": environment(),
    }


def keep(release: Release, parameters: Mapping[str, Parameter]) -> Path:
    """Write `of` a release into its confidential folder, where the run that made the release left nothing yet.

    Returns:
        `<version>.private/run.json`; what was there stays, as a release is made once.

    Raises:
        SpecError: When it cannot be written; and whatever `of` raises.
    """
    path = private_folder(release.directory) / RUN
    text = json.dumps(of(release, parameters), ensure_ascii=False, indent=1)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(f"{text}\n")
    except FileExistsError:
        pass
    except OSError as error:
        where = f"{release.id} {release.version}: {RUN}"
        raise SpecError([Problem(where, unwritable(error), _PERMISSIONS)]) from None
    return path


def environment() -> dict[str, Any]:
    """The Python and packages of this run: `python`, `packages` as sorted `name==version`, `sha256` of these lines."""
    packages = _packages()
    lines = "".join(f"{line}\n" for line in packages)
    return {
        "python": platform.python_version(),
        "packages": list(packages),
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
    }


@cache
def _packages() -> tuple[str, ...]:
    """What is installed, read once: it does not change while the program runs."""
    found = {f"{re.sub(r'[-_.]+', '-', one.name).lower()}=={one.version}" for one in distributions()}
    return tuple(sorted(found))


def _safe(parameters: Mapping[str, Parameter]) -> dict[str, str | int | float | bool | None]:
    """The parameters as JSON holds them, days as text."""
    kept = {name: str(value) if isinstance(value, date) else value for name, value in parameters.items()}
    paths = [name for name, value in kept.items() if isinstance(value, str) and Path(value).is_absolute()]
    if paths:
        raise SpecError([Problem(f"parameters.{name}", _MACHINE, _RELATIVE) for name in paths])
    gates.personal_data([(f"parameters.{name}", str(value)) for name, value in kept.items()])
    return kept


def _commit(path: Path) -> dict[str, Any] | None:
    """The commit that a file or folder belongs to, and whether it differs from it; None when git does not hold it."""
    folder = path if path.is_dir() else path.parent
    try:
        if not git(folder, "ls-files", "--", str(path)):
            return None
        changed = bool(git(folder, "status", "--porcelain", "--", str(path)))
        return {"commit": git(folder, "rev-parse", "HEAD").strip(), "changed": changed}
    except SpecError:
        return None


def _installed_commit() -> dict[str, Any] | None:
    """The commit from which pip installed the program (PEP 610), when it came from a repository."""
    said = json.loads(distribution("ytemo").read_text("direct_url.json") or "{}")
    commit = said.get("vcs_info", {}).get("commit_id")
    return {"commit": commit, "changed": False} if commit else None


_MACHINE = Text("tham số là đường dẫn trên máy này.", "the parameter is a path of this machine.")
_RELATIVE = Text(
    "Bỏ tham số này, hoặc ghi tương đối.", "Leave it out, or write it relative to the workspace."
)
_PERMISSIONS = Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check the permissions and the free disk space.")
