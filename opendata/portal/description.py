"""What a release is on CKAN: the fields of its dataset and of its files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opendata.portal.connection import Upload
from opendata.release import APPROVALS, Release

MARKER = "publishing"  # an extra of ours on a dataset whose first publication has not ended: its version
_SEPARATOR = "\n\n---\n\n"
_EXTRA_FILES = {
    "manifest.json": "application/json",
    "SHA256SUMS": "text/plain",
    "approvals.jsonld": "application/ld+json",
}
_FORMATS = {
    ".parquet": "Parquet",
    ".csv": "CSV",
    ".xlsx": "XLSX",
    ".json": "JSON",
    ".jsonld": "JSON-LD",
    ".ttl": "TTL",
    ".html": "HTML",
    ".md": "Markdown",
    ".cff": "YAML",
    "": "TXT",
}
_SAYS = {
    "data.parquet": "Dữ liệu (Parquet) / Data (Parquet)",
    "data.csv": "Dữ liệu (CSV, UTF-8) / Data (CSV, UTF-8)",
    "data.xlsx": "Dữ liệu (Excel) / Data (Excel)",
    "report.html": "Báo cáo phát hành / Release report",
    "codebook.json": "Từ điển dữ liệu / Codebook",
    "datapackage.json": "Mô tả gói dữ liệu / Data package",
    "dcat.ttl": "Siêu dữ liệu DCAT (Turtle) / DCAT metadata (Turtle)",
    "dcat.jsonld": "Siêu dữ liệu DCAT (JSON-LD) / DCAT metadata (JSON-LD)",
    "prov.jsonld": "Nguồn gốc PROV-O (JSON-LD) / Provenance in PROV-O (JSON-LD)",
    "healthdcat.ttl": "Siêu dữ liệu HealthDCAT-AP (Turtle) / HealthDCAT-AP metadata (Turtle)",
    "CHANGELOG.md": "Nhật ký thay đổi / Change log",
    "CITATION.cff": "Cách trích dẫn / How to cite",
    "manifest.json": "Bản kê và mã băm / Manifest",
    "SHA256SUMS": "Mã băm SHA-256 / SHA-256 checksums",
    "approvals.jsonld": "Phê duyệt đã ký / Signed approvals",
}
# Licences of an entry, as CKAN knows them: the first of these ids that the portal has.
_LICENCES = {
    "terms-art43-law-20-2023": ("terms-art43-law-20-2023", "other-open"),
    "CC-BY-4.0": ("CC-BY-4.0", "cc-by-4.0", "cc-by"),
}
EXTRAS = (
    "identifier",
    "language",
    "title_en",
    "publisher_name",
    "publisher_uri",
    "contact_name",
    "contact_email",
    "contact_url",
    "issued",
    "modified",
    "frequency",
    "temporal_start",
    "temporal_end",
    "spatial_text",
    "access_rights",
    "licence",
    "legal_basis",
    "health_data_groups",
    "database_category",
    "data_class",
    "small_count_threshold",
    "content_sha256",
    "manifest_sha256",
    MARKER,
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One file as it must be on the portal.

    Attributes:
        file: Its name in the release folder.
        path: Where it lies.
        sha256: Of its bytes, in hexadecimal.
        fields: CKAN's fields: name, description, format, mimetype, hash, release_version, release_file.
    """

    file: str
    path: Path
    sha256: str
    fields: Mapping[str, str]

    @property
    def upload(self) -> Upload:
        """How to send it; CKAN drops every letter of a file name that is not ASCII, so there is none."""
        return Upload(self.fields["name"], self.path, self.fields["mimetype"])


@dataclass(frozen=True, slots=True)
class Desired:
    """A release as it must be on the portal.

    Attributes:
        id: The dataset's name on the portal.
        version: Of the release.
        fields: Plain fields of the dataset: title, notes, owner_org, license_id, author, ...
        tags: Names of tags.
        groups: Names of groups.
        extras: Further facts, key to value; keys are among `EXTRAS`.
        resources: Every public file, by its name in the release folder.
    """

    id: str
    version: str
    fields: Mapping[str, str]
    tags: frozenset[str]
    groups: frozenset[str]
    extras: Mapping[str, str]
    resources: Mapping[str, Resource]


def describe(release: Release, licences: Iterable[str]) -> Desired:
    """Say what a release is on CKAN.

    Args:
        release: A written release.
        licences: Ids of the licences that the portal knows.

    Raises:
        VerificationError: The release's manifest cannot be read.
    """
    manifest = release.manifest
    entry, publication = manifest["entry"], manifest["publication"]
    resources = sorted(_resources(release), key=_rank)
    return Desired(
        release.id,
        release.version,
        _fields(release, entry, _licence(entry, frozenset(licences)))
        | {"owner_org": publication["organization"]},
        frozenset(_tags(entry)),
        frozenset(publication.get("groups", ())),
        _extras(manifest, next(item.sha256 for item in resources if item.file == "manifest.json")),
        {resource.file: resource for resource in resources},
    )


def resource_name(dataset: str, version: str, file: str) -> str:
    """A file's name on the portal: says what it is when it lies alone in a download folder."""
    return f"{dataset}-{version}{file[4:]}" if file.startswith("data.") else f"{dataset}-{version}-{file}"


def _rank(resource: Resource) -> int:
    """What researchers come for stands first on the page."""
    return list(_SAYS).index(resource.file) if resource.file in _SAYS else len(_SAYS)


def _fields(release: Release, entry: Mapping[str, Any], licence: str) -> dict[str, str]:
    author = (entry.get("creator") or entry["publisher"])["name"]
    contact = entry["contact"]
    return {
        "title": entry["title"]["vi"],
        "notes": _SEPARATOR.join(_notes(entry, language) for language in ("vi", "en")),
        "version": release.version,
        "license_id": licence,
        "author": author["vi"],
        "maintainer": contact["name"]["vi"],
        "maintainer_email": contact.get("email") or "",
    }


def _notes(entry: Mapping[str, Any], language: str) -> str:
    parts = [entry["description"][language], (entry.get("notes") or {}).get(language)]
    return "\n\n".join(part.strip() for part in parts if part)


def _licence(entry: Mapping[str, Any], known: frozenset[str]) -> str:
    wanted = _LICENCES.get(entry["licence"], (entry["licence"],))
    return next((licence for licence in wanted if licence in known), "notspecified")


def _tags(entry: Mapping[str, Any]) -> Iterable[str]:
    """Keywords in both languages, with what CKAN allows: letters, digits, space, - _ . (2 to 100)."""
    seen = set()
    for keyword in entry["keywords"]:
        for text in (keyword["vi"], keyword["en"]):
            plain = unicodedata.normalize("NFC", re.sub(r"[^\w \-.]+", " ", text))
            tag = " ".join(plain.split())[:100].strip()
            if len(tag) >= 2 and tag.casefold() not in seen:
                seen.add(tag.casefold())
                yield tag


def _extras(manifest: Mapping[str, Any], manifest_sha256: str) -> dict[str, str]:
    """Names as ckanext-dcat reads them where it has one, so that a portal with it serves them too."""
    entry = manifest["entry"]
    publisher, contact, period = entry["publisher"], entry["contact"], entry.get("temporal") or {}
    values = {
        "identifier": manifest["id"],
        "language": "vi, en",
        "title_en": entry["title"]["en"],
        "publisher_name": publisher["name"]["vi"],
        "publisher_uri": publisher.get("uri"),
        "contact_name": contact["name"]["vi"],
        "contact_email": contact.get("email"),
        "contact_url": contact.get("url"),
        "issued": entry.get("issued"),
        "modified": entry.get("modified"),
        "frequency": entry.get("frequency"),
        "temporal_start": period.get("start"),
        "temporal_end": period.get("end"),
        "spatial_text": entry.get("spatial"),
        "access_rights": entry.get("access"),
        "licence": entry.get("licence"),
        "legal_basis": "; ".join(entry.get("legal_basis") or ()),
        "health_data_groups": ", ".join(str(group) for group in entry.get("groups") or ()),
        "database_category": entry.get("category"),
        "data_class": entry.get("data_class"),
        "small_count_threshold": _threshold(manifest),
        "content_sha256": manifest.get("content_sha256"),
        "manifest_sha256": manifest_sha256,
    }
    return {key: str(value).strip() for key, value in values.items() if value not in (None, "")}


def _threshold(manifest: Mapping[str, Any]) -> str:
    rules = manifest.get("audit", {}).get("protection", {}).get("rules", ())
    return ", ".join(str(rule["threshold"]) for rule in rules if "threshold" in rule)


def _resources(release: Release) -> Iterable[Resource]:
    """Every public file; what the manifest cannot list comes last, approvals only when they are complete."""
    for file in release.files:
        yield _resource(release, file.name, file.sha256, file.media_type)
    for name, media_type in _EXTRA_FILES.items():
        if name == APPROVALS and not (release.directory / name).exists():
            continue  # to be planned, not yet to be published
        yield _resource(release, name, _digest(release.directory / name), media_type)


def _resource(release: Release, name: str, sha256: str, media_type: str) -> Resource:
    suffix = Path(name).suffix.lower()
    fields = {
        "name": resource_name(release.id, release.version, name),
        "description": _SAYS.get(name, name),
        "format": _FORMATS.get(suffix, suffix.lstrip(".").upper()),
        "mimetype": media_type,
        "hash": f"sha256:{sha256}",
        "release_version": release.version,
        "release_file": name,
    }
    return Resource(name, release.directory / name, sha256, fields)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
