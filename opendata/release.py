"""Releases: an immutable version of a dataset, its files and the manifest that binds them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import Problem, Text
from opendata.errors import VerificationError

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a release: its name inside the folder, SHA-256, size in bytes and media type."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Release:
    """A written release. Made by `Release.open`, which believes nothing but the checksums.

    Attributes:
        directory: `releases/<id>/<version>/`.
        id: The dataset's id (also its name on the portal).
        version: The version, as in the folder's name.
        manifest: The manifest, parsed.
        files: Every public file except the manifest itself, sorted by name.
    """

    directory: Path
    id: str
    version: str
    manifest: dict[str, object]
    files: tuple[File, ...]
