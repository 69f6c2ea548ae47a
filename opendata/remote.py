"""A file of a published release, wherever it is served."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a published release.

    Attributes:
        name: Its name in the release, such as `data.parquet`.
        url: Where it is downloaded, without a token.
        sha256: Of its bytes, in hexadecimal, as declared when it was published.
        size: In bytes.
        version: Of the release.
    """

    name: str
    url: str
    sha256: str
    size: int
    version: str
