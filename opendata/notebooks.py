"""Keep outputs on real data out of a repository: a git filter that empties notebooks, and a check before a commit.

A notebook keeps its outputs when its metadata declare that it works on synthetic data:
`{"ytemo": {"data": "synthetic"}}`; its outputs are then scanned like everything else.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from catalog.errors import Problem, Text
from opendata.errors import PersonalDataError, SpecError
from opendata.git import git

FILTER = "ytemo-notebook"
ATTRIBUTES = f"*.ipynb filter={FILTER} diff={FILTER}"
HOOK = "pre-commit"


def is_synthetic(notebook: dict[str, Any]) -> bool:
    """Whether a notebook declares that it works on synthetic data."""
    own = notebook.get("metadata", {}).get("ytemo", {})
    return isinstance(own, dict) and own.get("data") == "synthetic"


def cleaned(data: bytes) -> bytes:
    """A notebook without outputs, counts and widget states, unless it works on synthetic data.

    Args:
        data: The bytes of the notebook.

    Raises:
        PersonalDataError: When they are none: nothing may pass that was not understood.
    """
    from opendata.scanning.texts import notebook as parsed

    notebook = parsed(data, "stdin")
    if is_synthetic(notebook):
        return data
    for cell in notebook["cells"]:
        if "outputs" in cell:
            cell["outputs"], cell["execution_count"] = [], None
        cell.pop("attachments", None)
        cell.get("metadata", {}).pop("execution", None)
    notebook.get("metadata", {}).pop("widgets", None)
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def has_outputs(notebook: dict[str, Any]) -> bool:
    """Whether any cell of a notebook holds an output."""
    return any(cell.get("outputs") or cell.get("attachments") for cell in notebook["cells"])


def staged(repository: Path) -> list[str]:
    """The files that the next commit would add or change, below the repository's root."""
    listed = git(repository, "diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z")
    return [name for name in listed.split("\0") if name]


def check(repository: Path, names: Sequence[str]) -> None:
    """Refuse notebooks with outputs on real data, and personal data in any notebook or data file of the next commit.

    Args:
        repository: A folder in it.
        names: The files, below its root; their staged content is looked at.

    Raises:
        PersonalDataError: With one problem per notebook and per finding.
        SpecError: When this is no git repository.
    """
    root = _root(repository)
    problems = [problem for name in names for problem in _wrong(root, name)]
    if problems:
        raise PersonalDataError(problems)


def install(repository: Path) -> Path:
    """Set up the filter and the check in a git repository; again and again does no harm.

    Args:
        repository: A folder in it.

    Returns:
        The root of the repository.

    Raises:
        SpecError: When this is no git repository, or it has a pre-commit hook of its own.
    """
    root = _root(repository)
    command = f"{shlex.quote(sys.executable)} -m opendata.cli git"
    git(root, "config", f"filter.{FILTER}.clean", f"{command} clean")
    git(root, "config", f"filter.{FILTER}.smudge", "cat")
    # Without the filter git must refuse, not let the outputs pass.
    git(root, "config", f"filter.{FILTER}.required", "true")
    git(root, "config", f"diff.{FILTER}.textconv", "cat")
    attributes = root / ".gitattributes"
    listed = attributes.read_text(encoding="utf-8").splitlines() if attributes.exists() else []
    if ATTRIBUTES not in listed:
        attributes.write_text("\n".join([*listed, ATTRIBUTES]) + "\n", encoding="utf-8")
    hook = _hook(root)
    script = f"#!/bin/sh\nexec {command} check\n"
    if hook.exists() and hook.read_text(encoding="utf-8", errors="replace") != script:
        raise SpecError([Problem(str(hook), _OWN_HOOK, _ADD_LINE)])
    hook.parent.mkdir(parents=True, exist_ok=True)
    hook.write_text(script, encoding="utf-8")
    hook.chmod(0o755)
    return root


def missing(repository: Path) -> list[str]:
    """What of the filter and the check is not at work in a git repository: "filter", "pre-commit".

    The filter is tried on a notebook with an output, under the attributes of this very folder.

    Raises:
        SpecError: When this is no git repository.
    """
    root = _root(repository)
    hook = _hook(root)
    works = {
        "filter": _empties(repository),
        "pre-commit": hook.is_file()
        and os.access(hook, os.X_OK)
        and "git check" in hook.read_text(encoding="utf-8", errors="replace"),
    }
    return [name for name, there in works.items() if not there]


def _empties(repository: Path) -> bool:
    """Whether git would store a notebook of this folder without its outputs."""
    output = {"output_type": "stream", "name": "stdout", "text": ["1"]}
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [output], "source": ["1"]}
    tried = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    stored = _hashed(repository, tried, "--path", "tried.ipynb")
    return stored != "" and stored == _hashed(repository, cleaned(tried), "--no-filters")


def _hashed(repository: Path, data: bytes, *how: str) -> str:
    """The name under which git would store this; empty when it refuses."""
    command = ["git", "hash-object", "--stdin", *how]
    done = subprocess.run(command, cwd=repository, input=data, capture_output=True, check=False)
    return done.stdout.decode() if done.returncode == 0 else ""


def _hook(root: Path) -> Path:
    hook = Path(git(root, "rev-parse", "--git-path", f"hooks/{HOOK}").strip())
    return hook if hook.is_absolute() else root / hook


def _wrong(root: Path, name: str) -> Iterator[Problem]:
    from opendata import gates, scanning
    from opendata.scanning.texts import NOTEBOOKS, notebook

    kind = Path(name).suffix.lower()
    if kind not in NOTEBOOKS | scanning.tables.KINDS:
        return
    content = _show(root, name)
    try:
        if kind in NOTEBOOKS:
            parsed = notebook(content, name)
            if has_outputs(parsed) and not is_synthetic(parsed):
                yield Problem(name, _OUTPUTS, _INSTALL)
                return
        yield from gates.refused(scanning.scan_bytes(content, name).findings).problems
    except PersonalDataError as error:
        yield from error.problems


def _show(root: Path, name: str) -> bytes:
    found = subprocess.run(["git", "show", f":{name}"], cwd=root, capture_output=True, check=False)
    if found.returncode:
        raise SpecError([Problem(name, _NOT_STAGED, _ADD_IT)])
    return found.stdout


def _root(repository: Path) -> Path:
    return Path(git(repository, "rev-parse", "--show-toplevel").strip())


_OUTPUTS = Text(
    "sổ tay còn kết quả chạy và không khai báo là số liệu giả lập.",
    "the notebook holds outputs and does not declare that its data are synthetic.",
)
_INSTALL = Text(
    "Chạy opendata git install rồi git add lại; hoặc khai báo metadata ytemo.data = synthetic.",
    "Run opendata git install and git add again; or declare metadata ytemo.data = synthetic.",
)
_NOT_STAGED = Text("tệp chưa được đưa vào git.", "the file is not staged in git.")
_ADD_IT = Text("Chạy git add trước.", "Run git add first.")
_OWN_HOOK = Text("đã có pre-commit hook khác.", "there is another pre-commit hook already.")
_ADD_LINE = Text("Thêm vào đó dòng: opendata git check", "Add this line to it: opendata git check")
