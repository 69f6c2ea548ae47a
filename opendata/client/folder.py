"""Published data in a folder: a workspace, a static catalogue, or a single release."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from catalog.naming import slug
from opendata.client import messages
from opendata.client.cache import Listing
from opendata.client.sources import Found
from opendata.errors import WithdrawnError
from opendata.release import APPROVALS, CHECKSUMS, MANIFEST, STONE, Release, beside, digest, versions
from opendata.remote import RemoteFile


@dataclass(frozen=True, slots=True)
class Folder:
    """Releases in folders.

    Attributes:
        root: Of `<id>/<version>/`.
        only: Id of the single release that `root` is; empty otherwise.
    """

    root: Path
    only: str = ""

    def listing(self, id: str, version: str | None) -> Listing:
        """The files of a version; see `Source`."""
        known = self.versions(id)
        chosen = version or (known[-1] if known else "")
        gone = self._gone(id)
        asked = chosen or (list(gone)[-1] if gone else "")
        if asked in gone:
            raise _withdrawn(gone[asked])
        if chosen not in known:
            raise messages.unknown_version(str(self.root), id, chosen, known)
        folder = self.root if self.only else self.root / id / chosen
        if (_manifest(folder).get("id"), _manifest(folder).get("version")) != (id, chosen):
            raise messages.odd_listing(str(folder))
        files = Release(folder, id, chosen).files
        listed = [
            RemoteFile(file.name, str(folder / file.name), file.sha256, file.size, chosen) for file in files
        ]
        return Listing(chosen, "", (*listed, *_unlisted(folder, chosen)))

    def versions(self, id: str) -> list[str]:
        """The versions, oldest first; see `Source`."""
        if self.only:
            found = [str(_manifest(self.root)["version"])] if id == self.only else []
        else:
            folder = self.root / id
            found = [one for one in versions(folder) if (folder / one / MANIFEST).is_file()]
        gone = self._gone(id)
        if not found and not gone:
            raise messages.unknown_dataset(str(self.root), id, self.names())
        return [one for one in found if one not in gone]

    def _gone(self, id: str) -> dict[str, Path]:
        """The tombstones of what was withdrawn, oldest first: in its place, or, in a workspace, beside it."""
        folders = [self.root] if self.only else [self.root / id / one for one in versions(self.root / id)]
        places = {folder.name: (folder / STONE, beside(folder)) for folder in folders}
        return {name: path for name, paths in places.items() for path in paths if path.is_file()}

    def names(self) -> list[str]:
        """The ids of all datasets; see `Source`."""
        return (
            [self.only] if self.only else sorted({path.parent.parent.name for path in _manifests(self.root)})
        )

    def found(self, query: str, group: int | None) -> Iterator[Found]:
        """The datasets whose id, title, publisher or keywords hold every word; see `Source`."""
        manifests = []
        for id in self.names():
            out = self.versions(id)
            if out:
                manifests.append(_manifest(self.root if self.only else self.root / id / out[-1]))
        rows = [(described(manifest), manifest) for manifest in manifests if matches(query, _texts(manifest))]
        rows.sort(key=lambda row: (-(row[0].released or date.min).toordinal(), row[0].id))
        yield from (one for one, _ in rows if group is None or group in one.groups)


def opened(folder: Path) -> Folder:
    """The releases of a folder.

    Raises:
        MissingError: When it holds none.
    """
    if (folder / MANIFEST).is_file():
        return Folder(folder.resolve(), str(_manifest(folder).get("id", "")))
    for root in (folder / "releases", folder / "datasets", folder):
        if next(_manifests(root), None) is not None or next(root.glob(f"*/*/{STONE}"), None) is not None:
            return Folder(root)
    raise messages.not_a_source(str(folder))


def _withdrawn(path: Path) -> WithdrawnError:
    from opendata.withdrawal import tombstone  # whoever only loads never pays for it

    stone = tombstone.read(path.read_bytes(), where=str(path))
    return tombstone.refusal(stone, where=str(path.parent), kept=path.name != STONE)


def described(manifest: Mapping[str, Any]) -> Found:
    """A dataset as its manifest describes it.

    Raises:
        VerificationError: When this is not the manifest of a release.
    """
    try:
        entry, names = manifest["entry"], [str(file["name"]) for file in manifest["files"]]
        return Found(
            str(manifest["id"]),
            str(entry["title"]["vi"]),
            str(entry["title"]["en"]),
            str(entry["publisher"]["name"]["vi"]),
            str(manifest["version"]),
            date.fromisoformat(manifest["released"]),
            tuple(entry["groups"]),
            str(entry["licence"]),
            tuple(sorted(name.removeprefix("data.") for name in names if name.startswith("data."))),
        )
    except (KeyError, TypeError, ValueError):
        raise messages.odd_listing(MANIFEST) from None


def matches(query: str, text: str) -> bool:
    """Whether a text holds every word of a query, diacritics and case aside."""
    folded = slug(text)
    return all(word in folded for word in slug(query).split("-"))


def _texts(manifest: Mapping[str, Any]) -> str:
    entry = manifest["entry"]
    labels = [entry["title"], entry["publisher"]["name"], *entry["keywords"]]
    return " ".join([str(manifest["id"]), *(text for label in labels for text in (label["vi"], label["en"]))])


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        _texts(found)
        return found
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise messages.odd_listing(str(folder)) from None


def _manifests(root: Path) -> Iterator[Path]:
    """The manifests of finished releases under `<id>/<version>/`."""
    return (
        path
        for path in root.glob(f"*/*/{MANIFEST}")
        if not path.parent.name.startswith(".") and not path.parent.name.endswith(".private")
    )


def _unlisted(folder: Path, version: str) -> Iterator[RemoteFile]:
    """The files that a manifest cannot list, as they are."""
    for name in (MANIFEST, CHECKSUMS, APPROVALS):
        path = folder / name
        if path.is_file():
            yield RemoteFile(name, str(path), digest(path), path.stat().st_size, version)
