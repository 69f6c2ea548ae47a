"""The files that releases were made from: a copy of one, under another name, is the same source."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from catalog.errors import Problem, Text
from opendata.errors import VerificationError
from opendata.memory.subjects import Subject
from opendata.memory.truth import restore
from opendata.release import private_folder

INPUTS = "inputs.json"
LOST = Text(
    "danh sách tệp nguồn (inputs.json) bị thiếu hoặc khác với lúc phát hành.",
    "the list of its source files (inputs.json) is missing or not the one of the release.",
)
_MARK = "~sha256:"
"""Comes after every name of a measure or concept, so that no digest ever stands for what is counted."""


def source_files(directory: Path) -> list[dict[str, object]]:
    """The files that a release was made from, with size and digest; from its confidential part, empty without it."""
    path = private_folder(directory) / INPUTS
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else []


def digests(directory: Path) -> dict[str, str]:
    """Path -> SHA-256 of the files that a release was made from, as its confidential part tells; empty without it.

    Args:
        directory: `releases/<id>/<version>/`.

    Raises:
        VerificationError: When they cannot be read.
    """
    try:
        return {str(file["name"]): str(file["sha256"]) for file in source_files(directory)}
    except (OSError, ValueError, KeyError, TypeError):
        where = f"releases/{directory.parent.name}/{directory.name}"
        raise VerificationError([Problem(where, LOST, restore(directory))]) from None


def recognised(found: Subject, inputs: Mapping[str, str]) -> Subject:
    """The subject whose measures tell the content of the files that they come from beside the paths.

    Args:
        found: The subject.
        inputs: Path -> SHA-256.
    """
    return replace(
        found, measures={name: said | {*_copies(said, inputs)} for name, said in found.measures.items()}
    )


def _copies(said: frozenset[str], inputs: Mapping[str, str]) -> Iterator[str]:
    for path, sha256 in inputs.items():
        column = f"{path}#"
        yield from (
            f"{_MARK}{sha256}#{name.removeprefix(column)}" for name in said if name.startswith(column)
        )
