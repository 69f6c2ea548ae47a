"""Everything that is not as the ledger says: files, confidential files, unknown versions, people, approvals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from catalog.errors import Problem, Text
from opendata.errors import VerificationError
from opendata.ledger import Event
from opendata.ledger.building import private_digests
from opendata.release import MANIFEST, digest, private_folder, verify, versions
from opendata.workspace import Workspace

Version = tuple[str, str]  # dataset, version


def on_disk(releases: Path) -> set[Version]:
    """Every version that stands under `releases/`."""
    folders = [path for path in releases.glob("*") if path.is_dir() and not path.name.startswith(".")]
    return {(folder.name, version) for folder in folders for version in versions(folder)}


def is_here(workspace: Workspace, dataset: str) -> bool:
    """Whether a dataset is this workspace's: a database may be the ledger of several."""
    return workspace.spec_path(dataset).exists() or (workspace.root / "releases" / dataset).exists()


def altered(releases: Path, built: Event) -> list[Problem]:
    """What is missing or changed of a version, by the digests that the ledger holds.

    Args:
        releases: The folder `releases/`.
        built: The event that tells of it.
    """
    directory = releases / built.dataset / built.version
    place = f"releases/{built.dataset}/{built.version}"
    if not directory.is_dir():
        return [Problem(place, _FOLDER_GONE, _RESTORE)]
    manifest = directory / MANIFEST
    if not manifest.is_file() or digest(manifest) != built.manifest:
        return [Problem(f"{place}/{MANIFEST}", _OTHER_MANIFEST, _RESTORE)]
    files = [Problem(f"{place}/{problem.where}", problem.what, _RESTORE) for problem in _verified(directory)]
    return [*files, *_private(directory, built.facts.get("private", {}))]


def unknown(found: Iterable[Version], built: Iterable[Event]) -> list[Problem]:
    """Versions on the disk that the ledger does not know."""
    known = {(event.dataset, event.version) for event in built}
    return [
        Problem(f"releases/{dataset}/{version}", _UNKNOWN, _BUILD)
        for dataset, version in sorted(set(found) - known)
    ]


def contradicting(built: Iterable[Event]) -> list[Problem]:
    """Versions that the ledger says were built twice: a version never changes."""
    first: dict[Version, Event] = {}
    return [
        Problem(f"ledger, event {event.number}", _TWICE, _RESTORE_LEDGER)
        for event in built
        if first.setdefault((event.dataset, event.version), event) is not event
    ]


def anchors(document: object, place: str) -> Iterator[tuple[str, int, str]]:
    """The events that the signed statements in a document vouch for.

    Args:
        document: Any JSON: every `{"ledger": {"number": …, "digest": …}}` in it counts.
        place: Where it stands, for messages.
    """
    if isinstance(document, Mapping):
        head = document.get("ledger")
        if isinstance(head, Mapping) and head.keys() >= {"number", "digest"}:
            yield place, _number(head["number"]), str(head["digest"])
        for value in document.values():
            yield from anchors(value, place)
    elif isinstance(document, list | tuple):
        for value in document:
            yield from anchors(value, place)


def _number(value: Any) -> int:
    """A number as it must be, or one that no event has."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _verified(directory: Path) -> tuple[Problem, ...]:
    try:
        return tuple(verify(directory))
    except VerificationError as refused:
        return refused.problems


def _private(directory: Path, known: Mapping[str, str]) -> list[Problem]:
    """What is missing or changed of the confidential part; what was added to it since is nobody's harm."""
    found = private_digests(directory)
    place = f"releases/{directory.parent.name}/{private_folder(directory).name}"
    if known and not found:
        return [Problem(place, _FOLDER_GONE, _RESTORE)]
    return [
        Problem(f"{place}/{name}", _CHANGED if name in found else _MISSING, _RESTORE)
        for name, sha256 in sorted(known.items())
        if found.get(name) != sha256
    ]


_FOLDER_GONE = Text("sổ cái có ghi, nhưng thư mục không còn.", "is in the ledger, but the folder is gone.")
_OTHER_MANIFEST = Text(
    "không phải manifest mà sổ cái đã ghi.", "not the manifest that was written down in the ledger."
)
_CHANGED = Text(
    "tệp khác với lúc tạo bản phát hành.", "the file is not what it was when the release was built."
)
_MISSING = Text("thiếu tệp.", "the file is missing.")
_RESTORE = Text(
    "Khôi phục thư mục từ bản sao lưu; đừng công bố phiên bản này trước đó.",
    "Restore the folder from a backup; do not publish this version before.",
)
_UNKNOWN = Text("sổ cái không biết phiên bản này.", "the ledger does not know this version.")
_BUILD = Text(
    "Bỏ thư mục; hoặc, nếu biết nó từ đâu ra, bảo đảm cho nó: opendata ledger adopt ID VERSION --as NGƯỜI --why LÝ-DO.",
    "Take the folder away; or, if you know where it comes from, vouch for it: "
    "opendata ledger adopt ID VERSION --as WHO --why REASON.",
)
_TWICE = Text("phiên bản này đã được ghi là tạo trước đó.", "this version was written down as built before.")
_RESTORE_LEDGER = Text(
    "Khôi phục sổ cái từ bản sao lưu: opendata ledger restore FILE.",
    "Restore the ledger from a backup: opendata ledger restore FILE.",
)
