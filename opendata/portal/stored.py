"""Where a portal's server keeps what was uploaded: CKAN leaves the files there when their resources are gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on the server's disk.

    Attributes:
        file: Its name in the release.
        resource: Id of the resource that it was.
    """

    file: str
    resource: str

    @property
    def path(self) -> str:
        """Where it lies, under `ckan.storage_path`."""
        return f"resources/{self.resource[:3]}/{self.resource[3:6]}/{self.resource[6:]}"


def as_text(files: Iterable[Stored]) -> str:
    """The files as a field of a resource holds them."""
    return " ".join(f"{one.file}:{one.resource}" for one in files)


def from_text(text: str) -> tuple[Stored, ...]:
    """The files from such a field; whatever is no such pair is left out."""
    pairs = (part.rpartition(":") for part in text.split())
    return tuple(Stored(file, resource) for file, _, resource in pairs if file and len(resource) == _UUID)


_UUID = 36  # letters of a resource's id
