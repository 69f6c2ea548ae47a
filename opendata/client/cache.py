"""Downloads on this machine: files by their SHA-256, and what was said of each version.

```
<cache>/files/<sha256>/<name>                      a file; only bytes of that SHA-256 are ever used
<cache>/known/<portal>/<id>/<version>.json         what the portal said of a version when it was first loaded
```
A file appears under its name when it is whole and right, by one rename; readers in other processes never see a part.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from opendata.client import messages
from opendata.errors import VerificationError
from opendata.release import APPROVALS, digest, order, plain_name
from opendata.remote import RemoteFile

DATA = "data.parquet"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source says of one version.

    Attributes:
        version: The version.
        page: Address of the page that a citation names; empty when there is none.
        files: Its files, with their SHA-256.
    """

    version: str
    page: str
    files: tuple[RemoteFile, ...]


def default_cache() -> Path:
    """Where downloads are kept.

    Raises:
        SpecError: When this user has no home, as in some containers.
    """
    try:
        return Path.home() / ".cache" / "ytemo"
    except RuntimeError:
        raise messages.no_home() from None


def checked(portal: str, listing: Listing) -> Listing:
    """The listing, when its names stay inside a folder and its checksums are some.

    Raises:
        VerificationError: When not.
    """
    for file in listing.files:
        if not (plain_name(file.name) and _SHA256.fullmatch(file.sha256) and file.size >= 0):
            raise messages.odd_listing(portal)
    return listing


def place(cache: Path, file: RemoteFile) -> Path:
    """Where a file is kept."""
    return cache / "files" / file.sha256 / file.name


def is_kept(cache: Path, file: RemoteFile) -> bool:
    """Whether the cache has these very bytes; reads all of them."""
    path = place(cache, file)
    try:
        return path.is_file() and digest(path) == file.sha256
    except OSError:
        return False


def fetched(cache: Path, portal: str, file: RemoteFile) -> Path:
    """The file on this machine, its SHA-256 checked now; a copy that is spoiled is downloaded again.

    Raises:
        PortalError: When it must be downloaded and cannot be.
        VerificationError: When what arrives is not what was declared.
        SpecError: When it cannot be written.
    """
    path = place(cache, file)
    if not is_kept(cache, file):
        from opendata.portal import Portal

        try:
            Portal(portal).download(file, path)
        except OSError as error:
            raise messages.cannot_keep(str(cache), error) from None
    return path


def remember(cache: Path, portal: str, id: str, listing: Listing) -> None:
    """Keep what the portal says of a version.

    Raises:
        VerificationError: When it said something else before.
        SpecError: When it cannot be written.
    """
    before = recall(cache, portal, id, listing.version)
    if before is not None:
        if _sums(before.files) != _sums(listing.files):
            raise messages.changed(portal, id, listing.version)
        return
    path = _known(cache, portal, id) / f"{listing.version}.json"
    try:
        _write(path, json.dumps(asdict(listing), ensure_ascii=False, indent=1))
    except OSError as error:
        raise messages.cannot_keep(str(cache), error) from None


def recall(cache: Path, portal: str, id: str, version: str) -> Listing | None:
    """What was said of a version; None when nothing, or nothing that can be read."""
    try:
        kept = json.loads((_known(cache, portal, id) / f"{version}.json").read_text(encoding="utf-8"))
        files = tuple(RemoteFile(**file) for file in kept["files"])
        return checked(portal, Listing(str(kept["version"]), str(kept["page"]), files))
    except (OSError, ValueError, KeyError, TypeError, RecursionError, VerificationError):
        return None


def newest(cache: Path, portal: str, id: str) -> Listing | None:
    """The newest version whose data are on this machine."""
    return next((one for one in all_known(cache, portal, id) if has_data(cache, one)), None)


def all_known(cache: Path, portal: str, id: str) -> Iterator[Listing]:
    """What was said of every version that was ever asked for, newest first."""
    names = [path.stem for path in _known(cache, portal, id).glob("*.json")]
    for version in sorted(names, key=order, reverse=True):
        listing = recall(cache, portal, id, version)
        if listing is not None:
            yield listing


def has_data(cache: Path, listing: Listing) -> bool:
    """Whether the data of a version seem to be on this machine; their SHA-256 is checked when they are read."""
    return any(file.name == DATA and place(cache, file).is_file() for file in listing.files)


def _known(cache: Path, portal: str, id: str) -> Path:
    return cache / "known" / hashlib.sha256(portal.encode()).hexdigest()[:32] / id


def _sums(files: Sequence[RemoteFile]) -> dict[str, str]:
    # A version never changes; that people approved it may come later.
    return {file.name: file.sha256 for file in files if file.name != APPROVALS}


def _write(path: Path, text: str) -> None:
    """Write a file by one rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as output:
            output.write(text)
        Path(draft).chmod(0o644)  # as the data: users may share a cache
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
