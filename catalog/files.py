"""A published file, as every description of a version lists it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.labels import Labels


@dataclass(frozen=True, slots=True)
class File:
    """One file of a version.

    Attributes:
        name: File name, ASCII; with folders when the metadata file stands elsewhere.
        sha256: SHA-256 of its bytes, lower-case hexadecimal.
        size: Its size in bytes.
        media_type: IANA media type.
        title: What it is, when the file name does not say.
    """

    name: str
    sha256: str
    size: int
    media_type: str
    title: Labels | None = None
