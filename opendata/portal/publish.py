"""Publishing: create in private, send every file in one revision, read everything back, then open.

Each revision names the state that it was computed from (`package_revise` with `match`), so that nobody's
change is overwritten; CKAN does all of it or nothing. What broke off is found by the next run, and finished.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.errors import Text
from opendata.portal import failures
from opendata.portal.connection import Connection, fetch, read, send, write
from opendata.portal.description import EXTRAS, MARKER, Desired
from opendata.portal.plan import (
    Change,
    Package,
    differences,
    extras_of,
    is_unfinished,
    leftovers,
    resources_of,
    tombstones_of,
)
from opendata.release import order
from ytemo_display.progress import tell

_READING_BACK = Text("Đọc lại từ cổng", "Reading back from the portal")


@dataclass(frozen=True, slots=True)
class Revision:
    """What one `package_revise` does to a dataset.

    Attributes:
        remove: Ids of resources to take away.
        fields: Plain fields, tags, groups and extras to set; lists are given whole.
        files: Names (in the release) of the files to add.
    """

    remove: tuple[str, ...] = ()
    fields: Mapping[str, Any] | None = None
    files: tuple[str, ...] = ()


def publish(
    connection: Connection, desired: Desired, package: Package | None, changes: Iterable[Change]
) -> int:
    """Bring a dataset to what a release says.

    Args:
        connection: With an editor's token.
        desired: What must be there.
        package: What is there, as the plan saw it.
        changes: The differences between the two, to be carried out.

    Returns:
        How many times the portal was written to.

    Raises:
        PortalError: Nothing that is half done can be seen by the public.
    """
    needed, writes = list(changes), 0
    if package is None:
        package, writes = _create(connection, desired), 1
        needed = differences(desired, package)
    revision = plan_revision(desired, package, needed)
    if revision.files or revision.remove or revision.fields:
        before, writes = package, writes + 1
        package = revise(connection, desired, package, revision)
        wrong = read_back(connection, desired, package, revision.files)
        if wrong:
            _undo(connection, desired, before, package)
            raise failures.not_kept(connection.url, wrong)
    if is_unfinished(package):
        package, writes = _open(connection, desired, package), writes + 1
    left = differences(desired, package)
    if left:
        raise failures.not_kept(connection.url, [change.where for change in left])
    return writes


def altered(connection: Connection, desired: Desired, package: Package) -> list[str]:
    """The files of this release whose bytes on the portal are not the release's: downloads them all."""
    there = resources_of(package, desired.version)
    return read_back(connection, desired, package, [file for file in desired.resources if file in there])


def read_back(connection: Connection, desired: Desired, package: Package, files: Iterable[str]) -> list[str]:
    """Download files and compare SHA-256; the names of those that are not as sent."""
    there, asked, wrong = resources_of(package, desired.version), list(files), []
    for number, file in enumerate(asked):
        tell(_READING_BACK, number, len(asked))
        wanted = desired.resources[file].sha256
        if any(_sha256(connection, item) != wanted for item in there.get(file, ())):
            wrong.append(file)
    return wrong


def _sha256(connection: Connection, resource: Mapping[str, Any]) -> str:
    """Of an uploaded file, at the address by which we know the portal: what is private needs our token."""
    address = f"{connection.url}/dataset/{resource['package_id']}/resource/{resource['id']}/download/file"
    return fetch(connection, address if resource.get("url_type") == "upload" else resource["url"]).sha256


def plan_revision(desired: Desired, package: Package, changes: Iterable[Change]) -> Revision:
    """Turn differences into one revision: a file that differs is taken away and sent anew."""
    needed = list(changes)
    files = [change.where for change in needed if change.target == "file"]
    there = resources_of(package, desired.version)
    replaced = [item["id"] for file in files for item in there.get(file, ())]
    gone = (*leftovers(package, desired.version), *tombstones_of(package, desired.version))
    remove = (*replaced, *(item["id"] for item in gone))
    add = tuple(file for file in files if file in desired.resources)
    touched = {change.where for change in needed if change.target == "field"}
    if is_unfinished(package):
        touched -= {"private"}  # comes last, when everything was read back
    return Revision(remove, wanted(desired, package) if touched else None, add)


def revise(connection: Connection, desired: Desired, package: Package, revision: Revision) -> Package:
    """Carry out one revision, on exactly the state that it was computed from.

    Raises:
        PortalError: Someone changed the dataset meanwhile, or the portal refuses; nothing is written then.
    """
    fields = revision.fields or {}
    lists = [name for name in ("extras", "tags", "groups") if name in fields]
    order_ = {
        "match": json.dumps({"id": package["id"], "metadata_modified": package["metadata_modified"]}),
        "filter": json.dumps(
            [f"-resources__{key}" for key in revision.remove] + [f"-{name}" for name in lists]
        ),
        "update": json.dumps(fields),
    }
    if not revision.files:
        result = write(
            connection, "package_revise", {key: json.loads(value) for key, value in order_.items()}
        )
        return dict(result["package"])
    added = [desired.resources[file] for file in revision.files]
    order_["update__resources__extend"] = json.dumps([dict(item.fields) for item in added])
    uploads = {
        f"update__resources__{place - len(added)}__upload": item.upload for place, item in enumerate(added)
    }
    return dict(send(connection, "package_revise", fields=order_, uploads=uploads)["package"])


def _create(connection: Connection, desired: Desired) -> Package:
    """Make the dataset, private and marked as unfinished."""
    marked = [*_pairs(desired.extras), {"key": MARKER, "value": desired.version}]
    fields = {
        **desired.fields,
        "name": desired.id,
        "private": True,
        "tags": [{"name": tag} for tag in sorted(desired.tags)],
        "groups": [{"name": group} for group in sorted(desired.groups)],
        "extras": marked,
    }
    return dict(write(connection, "package_create", fields))


def _open(connection: Connection, desired: Desired, package: Package) -> Package:
    """Make the dataset public, once everything on the portal is as it must be."""
    left = [change for change in differences(desired, package) if change.where != "private"]
    if left:
        raise failures.not_kept(connection.url, [change.where for change in left])
    kept = {key: value for key, value in extras_of(package).items() if key != MARKER}
    package = revise(
        connection, desired, package, Revision(fields={"private": False, "extras": _pairs(kept)})
    )
    shown = read(connection, "package_show", id=desired.id)
    if shown is None:
        raise failures.missing(connection.url, desired.id)
    return dict(shown)


def wanted(desired: Desired, package: Package) -> dict[str, Any]:
    """The fields of the dataset after a revision. What others added (tags, groups, extras) stays.

    Args:
        desired: What must be there.
        package: What is there; when it is described by a newer version, that description stays.
    """
    if order(desired.version) < order(str(package.get("version") or "")):
        return {"private": False}  # an older release: the newest one describes the dataset
    others = {key: value for key, value in extras_of(package).items() if key not in EXTRAS or key == MARKER}
    tags = {tag["name"] for tag in package.get("tags") or ()} | desired.tags
    groups = {group["name"] for group in package.get("groups") or ()} | desired.groups
    return {
        **desired.fields,
        "private": is_unfinished(package),
        "tags": [{"name": tag} for tag in sorted(tags)],
        "groups": [{"name": group} for group in sorted(groups)],
        "extras": _pairs({**others, **desired.extras}),
    }


def _undo(connection: Connection, desired: Desired, before: Package, after: Package) -> None:
    """Take back a revision whose files do not read back as sent: nobody is to download them."""
    known = {resource["id"] for resource in before.get("resources") or ()}
    remove = tuple(item["id"] for item in after.get("resources") or () if item["id"] not in known)
    fields = {name: before.get(name) or "" for name in desired.fields if name != "owner_org"}
    lists = {name: before.get(name) or [] for name in ("tags", "groups", "extras")}
    revise(connection, desired, after, Revision(remove, {**fields, **lists}))


def _pairs(extras: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in sorted(extras.items())]
