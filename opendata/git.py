"""Git, as far as a workspace needs it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from catalog.errors import Problem, Text
from opendata.errors import SpecError


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints.

    Raises:
        SpecError: When it fails, or there is no git.
    """
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise SpecError([Problem(str(folder), _NO_REPOSITORY, _RUN_THERE)]) from None
    return done.stdout.decode()


_NO_REPOSITORY = Text("đây không phải kho git dùng được.", "this is no usable git repository.")
_RUN_THERE = Text("Chạy trong kho git của bạn.", "Run this inside your git repository.")
