"""Taking a version off a portal: its files go, a tombstone comes in their place, the dataset and its name stay.

Both happen in one revision, so that nobody sees one without the other. The ids of the resources that go are kept on the
tombstone: they tell where the files still lie on the server, also after a run that broke off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.errors import Problem, Text
from opendata.errors import MissingError, OpendataError, PortalError
from opendata.portal import failures
from opendata.portal.client import Portal
from opendata.portal.connection import Connection, checked_address, connect, fetch, read
from opendata.portal.description import Desired, Resource, describe, resource_name
from opendata.portal.plan import Package, extras_of, resources_of, tombstones_of, versions_of
from opendata.portal.publish import Revision, revise, wanted
from opendata.portal.stored import Stored, as_text, from_text
from opendata.release import Release, digest, media_type


@dataclass(frozen=True, slots=True)
class Removal:
    """What is to be taken off.

    Attributes:
        id: The dataset's id.
        version: The version.
        stones: The files of the tombstone, which come in its place.
        releases: The folder of the dataset's releases: the newest version that is still out describes the dataset.
    """

    id: str
    version: str
    stones: tuple[Path, ...]
    releases: Path


@dataclass(frozen=True, slots=True)
class Removed:
    """What was read back.

    Attributes:
        url: Of the dataset's page.
        written: How many times the portal was written to; 0 when all was done already.
        files: What was taken away, and where it still lies on the server.
    """

    url: str
    written: int
    files: tuple[Stored, ...]


def remove(portal: Portal, removal: Removal) -> Removed:
    """Take a version off a portal; what was done by a run that broke off is not done again.

    Args:
        portal: With the token of an editor.
        removal: What to take off.

    Returns:
        What is there now; no files when the portal never had this version.

    Raises:
        PortalError: The portal refuses, is down, or still serves a file; running again is safe.
    """
    address = checked_address(portal.url, has_token=bool(portal.token))
    with connect(address, portal.token, timeout=portal.timeout) as connection:
        package = read(connection, "package_show", id=removal.id)
        page = f"{connection.url}/dataset/{removal.id}"
        if package is None:
            return Removed(page, 0, ())
        _ours(package, removal, page)
        there = [item for items in resources_of(package, removal.version).values() for item in items]
        known = _remembered(package, removal.version)
        written = 0
        if there or _differs(package, removal):
            if not portal.token:
                raise failures.no_token(connection.url)
            _revised(connection, removal, package, known)
            written = 1
    with connect(address, None, timeout=portal.timeout) as anyone:
        _read_back(anyone, removal, there)
    return Removed(page, written, _merged(known, there))


def _revised(
    connection: Connection, removal: Removal, package: Package, known: tuple[Stored, ...]
) -> Package:
    """Carry out the one revision."""
    there = [item for items in resources_of(package, removal.version).values() for item in items]
    old = tombstones_of(package, removal.version)
    going = tuple(str(item["id"]) for item in (*there, *old))
    stones = {path.name: _stone(removal, path, _merged(known, there)) for path in removal.stones}
    desired = Desired(removal.id, removal.version, {}, frozenset(), frozenset(), {}, stones)
    fields = _described(connection, removal, package)
    return revise(connection, desired, package, Revision(going, fields, tuple(stones)))


def _described(connection: Connection, removal: Removal, package: Package) -> dict[str, Any] | None:
    """The dataset's own fields afterwards: those of the newest version that is still out."""
    if str(package.get("version") or "") != removal.version:
        return None
    left = [version for version in versions_of(package) if version != removal.version]
    if not left:
        return {"version": ""}
    try:
        release = Release.stored(removal.releases / left[-1])
        licences = [licence["id"] for licence in read(connection, "license_list") or ()]
        return wanted(describe(release, licences), {**package, "version": ""})
    except PortalError:
        raise
    except OpendataError:  # its folder is damaged: that must not keep a disclosive file on the portal
        return {"version": left[-1]}


def _stone(removal: Removal, path: Path, files: tuple[Stored, ...]) -> Resource:
    """A file of the tombstone as it must be on the portal; it belongs to no version that can be downloaded."""
    name = resource_name(removal.id, removal.version, path.name)
    sha256 = digest(path)
    fields = {
        "name": name,
        "description": f"Phiên bản {removal.version} đã bị thu hồi / Version {removal.version} was withdrawn",
        "format": path.suffix.lstrip(".").upper(),
        "mimetype": media_type(path.name),
        "hash": f"sha256:{sha256}",
        "withdrawn_version": removal.version,
        "withdrawn_file": path.name,
        "withdrawn_resources": as_text(files),
    }
    return Resource(path.name, path, sha256, fields)


def _differs(package: Package, removal: Removal) -> bool:
    """Whether the tombstone is missing or another one."""
    found = {item.get("withdrawn_file"): item.get("hash") for item in tombstones_of(package, removal.version)}
    return found != {path.name: f"sha256:{digest(path)}" for path in removal.stones}


def _remembered(package: Package, version: str) -> tuple[Stored, ...]:
    texts = (str(item.get("withdrawn_resources") or "") for item in tombstones_of(package, version))
    return tuple(dict.fromkeys(one for text in texts for one in from_text(text)))


def _merged(known: tuple[Stored, ...], there: list[Mapping[str, Any]]) -> tuple[Stored, ...]:
    fresh = (Stored(str(item["release_file"]), str(item["id"])) for item in there)
    return tuple(dict.fromkeys((*known, *fresh)))


def _ours(package: Package, removal: Removal, page: str) -> None:
    extras = extras_of(package)
    if extras.get("identifier") != removal.id or "manifest_sha256" not in extras:
        raise PortalError([Problem(page, _FOREIGN, _LOOK)])


def _read_back(anyone: Connection, removal: Removal, gone: list[Mapping[str, Any]]) -> None:
    """Nobody can download what was taken off, and everybody can read the tombstone, unless the dataset is private."""
    package = read(anyone, "package_show", id=removal.id)
    left = [str(item["release_file"]) for item in gone if _is_served(anyone, str(item["url"]))]
    if package is not None:
        left += resources_of(package, removal.version)
        for item in tombstones_of(package, removal.version):
            if f"sha256:{fetch(anyone, str(item['url'])).sha256}" != item.get("hash"):
                left.append(str(item.get("withdrawn_file")))
        if _differs(package, removal):
            left.append(removal.stones[0].name)
    if left:
        raise failures.not_kept(anyone.url, left)


def _is_served(anyone: Connection, url: str) -> bool:
    try:
        fetch(anyone, url, limit=1)
    except MissingError:
        return False
    return True


_FOREIGN = Text("bộ dữ liệu này trên cổng không do ta công bố.", "this dataset on the portal is not ours.")
_LOOK = Text("Kiểm tra mã và cổng.", "Check the id and the portal.")
