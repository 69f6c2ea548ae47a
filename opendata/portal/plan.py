"""The plan: what differs between a release and what the portal has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from catalog.errors import Text
from opendata.portal.description import EXTRAS, MARKER, Desired, Resource
from opendata.release import order
from ytemo_display import bundle

Package = Mapping[str, Any]
Kind = Literal["create", "upload", "update", "remove", "drift", "foreign"]
Target = Literal["dataset", "field", "file", "leftover", "tombstone"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        kind: "create", "upload", "update", "remove" are what publishing does; "drift" is what someone changed on the
            portal after it was published; "foreign" is a dataset of this name that is not ours.
        target: The dataset as a whole, one of its fields, one of its files, what an unfinished first publication
            of another version left, or the tombstone of a version that was withdrawn and is to be out again.
        where: The id, the field, the file's name in the release, or the name of a leftover resource.
        what: For people.
    """

    kind: Kind
    target: Target
    where: str
    what: Text


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing a release would change on a portal.

    Attributes:
        url: Of the dataset on the portal.
        id: Of the dataset.
        version: Of the release.
        changes: Every difference; none when the portal serves exactly this release.
    """

    url: str
    id: str
    version: str
    changes: tuple[Change, ...]

    @property
    def drift(self) -> tuple[Change, ...]:
        """What was changed on the portal since; publishing refuses unless told to repair it."""
        return tuple(change for change in self.changes if change.kind == "drift")

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from opendata.cards import of_plan

        return bundle(of_plan(self))


def extras_of(package: Package) -> dict[str, str]:
    """The extras of a dataset, key to value."""
    return {extra["key"]: extra["value"] for extra in package.get("extras") or ()}


def is_unfinished(package: Package) -> bool:
    """Whether a first publication broke off: nobody but the organisation has seen the dataset yet."""
    return bool(package.get("private")) and MARKER in extras_of(package)


def resources_of(package: Package, version: str) -> dict[str, list[Mapping[str, Any]]]:
    """The resources of one version, by their name in the release (each once, unless someone meddled)."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for resource in package.get("resources") or ():
        if resource.get("release_version") == version:
            found.setdefault(str(resource.get("release_file")), []).append(resource)
    return found


def leftovers(package: Package, version: str) -> list[Mapping[str, Any]]:
    """What a first publication of another version left before it broke off; nobody has read it back."""
    found = package.get("resources") or () if is_unfinished(package) else ()
    return [item for item in found if item.get("release_version") not in (None, "", version)]


def tombstones_of(package: Package, version: str) -> list[Mapping[str, Any]]:
    """The resources that stand in the place of a version that was withdrawn."""
    return [item for item in package.get("resources") or () if item.get("withdrawn_version") == version]


def withdrawn_of(package: Package) -> list[str]:
    """The versions that were withdrawn, oldest first."""
    versions = {resource.get("withdrawn_version") for resource in package.get("resources") or ()}
    return sorted((version for version in versions if version), key=order)


def versions_of(package: Package) -> list[str]:
    """The versions that a dataset holds, oldest first."""
    versions = {resource.get("release_version") for resource in package.get("resources") or ()}
    return sorted((version for version in versions if version), key=order)


def differences(desired: Desired, package: Package | None, *, altered: Iterable[str] = ()) -> list[Change]:
    """Compare a release with a dataset on the portal.

    Args:
        desired: What must be there.
        package: CKAN's `package_show`; None when there is nothing.
        altered: Files of this release whose bytes on the portal are others.
    """
    if package is None:
        uploads = [_change("upload", "file", file) for file in desired.resources]
        return [_change("create", "dataset", desired.id), *uploads]
    extras = extras_of(package)
    if extras.get("identifier") != desired.id or "manifest_sha256" not in extras:
        return [_change("foreign", "dataset", desired.id)]
    fresh = is_unfinished(package) or desired.version not in versions_of(package)
    changes = list(_files(desired, package, fresh=fresh, altered=frozenset(altered)))
    stones = tombstones_of(package, desired.version)
    changes += [_change("remove", "tombstone", item["name"]) for item in stones]
    if order(desired.version) >= order(str(package.get("version") or "")):
        kind: Kind = "update" if fresh else "drift"
        changes += [_change(kind, "field", name) for name in _fields(desired, package)]
    if is_unfinished(package):
        changes += [
            _change("remove", "leftover", item["name"]) for item in leftovers(package, desired.version)
        ]
        changes.append(_change("update", "field", "private"))
    elif package.get("private"):
        changes.append(_change("drift", "field", "private"))
    return changes


def _files(desired: Desired, package: Package, *, fresh: bool, altered: frozenset[str]) -> Iterator[Change]:
    there = resources_of(package, desired.version)
    kind: Kind = "upload" if fresh else "drift"
    for file, resource in desired.resources.items():
        found = there.get(file, [])
        if len(found) != 1 or file in altered or not _same(resource, found[0]):
            yield _change(kind, "file", file)
    for file in sorted(there.keys() - desired.resources.keys()):
        yield _change(kind, "file", file)


def _same(resource: Resource, found: Mapping[str, Any]) -> bool:
    plain = all((found.get(name) or "") == value for name, value in resource.fields.items())
    size = found.get("size")  # some storage extensions leave it out; the bytes are compared anyway
    return plain and found.get("url_type") == "upload" and size in (None, resource.path.stat().st_size)


def _fields(desired: Desired, package: Package) -> Iterator[str]:
    there = {**package, "owner_org": (package.get("organization") or {}).get("name")}
    yield from (name for name, value in desired.fields.items() if (there.get(name) or "") != value)
    if not desired.tags <= {tag["name"] for tag in package.get("tags") or ()}:
        yield "tags"
    if not desired.groups <= {group["name"] for group in package.get("groups") or ()}:
        yield "groups"
    extras = extras_of(package)
    yield from (key for key in EXTRAS if key != MARKER and extras.get(key) != desired.extras.get(key))


_WHAT: dict[tuple[Kind, Target], tuple[str, str]] = {
    ("create", "dataset"): ("tạo bộ dữ liệu {}", "create the dataset {}"),
    ("upload", "file"): ("tải lên {}", "upload {}"),
    ("update", "field"): ("cập nhật trường {}", "update the field {}"),
    ("remove", "leftover"): ("gỡ {} của lần công bố dở dang", "remove {} of an unfinished publication"),
    ("remove", "tombstone"): ("gỡ thông báo thu hồi {}", "remove the notice of withdrawal {}"),
    ("drift", "file"): ("tệp {} trên cổng khác bản phát hành", "the file {} is not the release's any more"),
    ("drift", "field"): ("trường {} đã bị sửa trên cổng", "the field {} was changed on the portal"),
    ("foreign", "dataset"): ("tên {} đã có bộ dữ liệu khác", "the name {} belongs to another dataset"),
}


def _change(kind: Kind, target: Target, where: str) -> Change:
    vi, en = _WHAT[kind, target]
    return Change(kind, target, where, Text(vi.format(where), en.format(where)))
