"""Written releases as the site shows them: nothing but what stands in their files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

import catalog
from catalog.errors import Problem, Text
from catalog.quality import metrics
from opendata.errors import SpecError
from opendata.quality import Suppression, suppression
from opendata.release import Release, listing
from opendata.scanning.texts import Place, strings
from opendata.site.visible import visible
from opendata.workspace import Workspace

_CHART = re.compile(r"<figure\b[^>]*>(<svg\b.*?</svg>)</figure>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as its page shows it.

    Attributes:
        edition: Its description, from the manifest and the codebook.
        folder: Where its files are.
        conditions: Points of Article 9(2), Decree 102/2025, that were answered.
        suppression: How much is hidden, per measure.
        chart: The chart of its report as SVG; empty without one.
        allowed: Texts that the scan would find and that may stand there: published contacts, and what was reviewed.
    """

    edition: catalog.Edition
    folder: Path
    conditions: tuple[str, ...] = ()
    suppression: tuple[Suppression, ...] = ()
    chart: str = ""
    allowed: tuple[str, ...] = ()


def released(workspace: Workspace, *, now: datetime) -> dict[str, list[Shown]]:
    """Every release of a workspace that may be shown (`visible`), checked byte by byte.

    Returns:
        Dataset id -> its versions, newest first; ids sorted.

    Raises:
        VerificationError: When the files of a release are not as written.
        SpecError: When a release lies in the folder of another one, or its metadata cannot be read.
    """
    root = workspace.root / "releases"
    may = visible(workspace, now=now)
    return {name: [shown(root / name / v) for v in reversed(own)] for name, own in may.items()}


def shown(folder: Path) -> Shown:
    """One written release.

    Raises:
        VerificationError: When its files are not as written.
        SpecError: When it lies in the folder of another one, or its metadata cannot be read.
    """
    release = Release.stored(folder)
    manifest = release.manifest
    try:
        edition = _edition(manifest, folder)
        conditions = tuple(map(str, manifest["law"]["conditions"]))
        allowed = _allowed(manifest, edition)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, catalog.CatalogError):
        raise SpecError(
            [Problem(f"releases/{release.id}/{release.version}", _OTHER_FORMAT, _RESTORE)]
        ) from None
    # Of registers none: nothing there is hidden.
    measures = [str(column.of) for column in edition.columns if column.role == "status"]
    statuses = pl.read_parquet(folder / "data.parquet", columns=[f"{name}_status" for name in measures])
    return Shown(edition, folder, conditions, suppression(statuses, measures), _chart(folder), allowed)


def _edition(manifest: Mapping[str, Any], folder: Path) -> catalog.Edition:
    return catalog.Edition(
        str(manifest["id"]),
        str(manifest["version"]),
        date.fromisoformat(manifest["released"]),
        catalog.Entry.model_validate(manifest["entry"]),
        catalog.read_codebook((folder / "codebook.json").read_text(encoding="utf-8")),
        tuple(listing(folder)),
        quality=tuple(_measured(manifest)),
    )


def _measured(manifest: Mapping[str, Any]) -> Iterator[catalog.Measurement]:
    """What was measured of the version's quality, in the order of reports; of a register nothing is."""
    given = manifest.get("quality", {}).get("measurements", {})
    for unknown in given.keys() - metrics().keys():
        raise KeyError(unknown)
    yield from (catalog.Measurement(name, float(given[name])) for name in metrics() if name in given)


def _allowed(manifest: Mapping[str, Any], edition: catalog.Edition) -> tuple[str, ...]:
    """What may stand on the page of a release that has passed the scan: a review names a place, not its text."""
    reviewed = {review["place"] for review in manifest["reviews"]}
    contact = edition.entry.contact
    texts = [*strings(manifest["entry"], "entry"), *_labels(edition)]
    return (
        *filter(None, (contact.email, contact.url)),
        *(text for place, text in texts if place in reviewed),
    )


def _labels(edition: catalog.Edition) -> Iterator[Place]:
    """The labels and units of the columns, by their places in the spec."""
    for column in edition.columns:
        place = f"table.{column.role}s.{column.name}"
        for name, labels in (("label", column.labels), ("unit", column.unit)):
            if labels is not None:
                yield from strings(labels.model_dump(), f"{place}.{name}")


def _chart(folder: Path) -> str:
    """The chart stands in the report already; a site of many datasets does not draw it again."""
    found = _CHART.search((folder / "report.html").read_text(encoding="utf-8"))
    return found.group(1) if found else ""


_OTHER_FORMAT = Text("không đọc được siêu dữ liệu của bản này.", "its metadata cannot be read.")
_RESTORE = Text(
    "Khôi phục thư mục từ bản sao lưu, hoặc cài đúng phiên bản phần mềm đã tạo ra nó.",
    "Restore the folder from a backup, or install the version of the software that made it.",
)
