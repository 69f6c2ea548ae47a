"""What a release holds, before and while it becomes files."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import polars as pl

import anonymize
import catalog
from catalog.errors import Problem, Text
from opendata import changelog, gates, memory, quality, rates, report, revisions
from opendata import data as tables
from opendata.errors import SpecError
from opendata.release import Write, listing, seal
from opendata.reviews import harmless, waivers
from opendata.revisions import Announcement, Revisions
from opendata.source import Applied, Provenance
from opendata.spec import Spec
from opendata.versions import Earlier

# Numbers alone: a word or a letter would come after every number there is, so that no later version could follow it.
VERSION = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.(?:0|[1-9][0-9]{0,8})){0,3}")


@dataclass(frozen=True, slots=True, repr=False)
class Contents:
    """Everything a release is made of.

    Attributes:
        id: The dataset's id.
        version: The version.
        spec: The dataset's spec.
        lists: The code list of every dimension, cut down to what is published.
        stored: The code lists that the spec names, whole, by their ids.
        safe: The protected cells.
        audit: The audit of these cells.
        provenance: Where the records came from.
        subject: What the table counts and where, for the memory.
        out: The versions before this one, oldest first.
    """

    id: str
    version: str
    spec: Spec
    lists: Mapping[str, catalog.CodeList]
    stored: Mapping[str, catalog.CodeList]
    safe: anonymize.Protected
    audit: anonymize.Audit
    provenance: Provenance
    subject: memory.Subject
    out: tuple[Earlier, ...] = ()

    @property
    def released(self) -> date:
        """The day of release, as declared: a rebuild on another day gives the same bytes."""
        return self.spec.entry.modified or self.spec.entry.issued

    @property
    def measures(self) -> list[str]:
        """The measures, in the order of the columns."""
        return list(self.spec.table.measures)

    def counts(self) -> pl.DataFrame:
        """The protected counts of every measure, published or not."""
        return tables.published(self.safe.cells, list(self.spec.table.dimensions), self.measures)

    def table(self) -> pl.DataFrame:
        """The published table: measures, then the rates made of them, without the measures that only rates show."""
        section = self.spec.table
        unseen = [name for name in self.measures if name not in section.published]
        full = rates.computed(self.counts(), rates.declared(section))
        shown = full.drop([column for name in unseen for column in (name, f"{name}_status")])
        return revisions.marked(shown, self.spec.revisions)


@dataclass(frozen=True, slots=True, repr=False)
class _Ready:
    """What has passed the gates and is written down: the table that was judged, and what is said of it."""

    made: Contents
    table: pl.DataFrame
    verdict: catalog.Verdict
    assessed: quality.Assessed


def judge(made: Contents, table: pl.DataFrame) -> catalog.Verdict:
    """Scan what is about to be published, then ask the legal gate with the evidence of these very cells.

    Raises:
        PersonalDataError: When a column of the table holds personal data.
        GateError: When the law demands evidence that is not there.
    """
    codes = {name: {code.code for code in found.codes} for name, found in made.lists.items()}
    gates.personal_data(
        table, codes=codes, counts=made.spec.table.published, place="data", allow=waivers(made.spec.reviews)
    )
    return gates.law(
        made.spec.entry,
        catalog.Provided(
            cells=made.safe.digest,
            disclosure_audit=catalog.Proof(made.audit.ok, (made.audit.digest,)),
            personal_data_scan=catalog.Proof(True, (made.safe.digest,)),
        ),
        on=made.released,
    )


def renderer(made: Contents, table: pl.DataFrame, verdict: catalog.Verdict) -> Write:
    """How the files of a release are made; called with the folder of the public and that of the confidential ones.

    Args:
        made: What the release is made of.
        table: The published table that was judged: what is written is that one.
        verdict: Of the legal gate.
    """

    def render(public: Path, private: Path) -> None:
        subject = quality.Subject(made.spec, table, made.lists, made.stored, made.provenance)
        ready = _Ready(made, table, verdict, quality.assess(subject, released=made.released))
        _data_files(made, table, public)
        _metadata_files(ready, public)
        tables.check_written(table, public)
        seal(public, _about(ready))
        gates.files(public, made.spec)
        _private_files(made, private)

    return render


def check_version(version: str) -> str:
    """The version, when it can be one: numbers without leading zeros, dots between them, such as 2026.1.

    Raises:
        SpecError: When it cannot.
    """
    if not VERSION.fullmatch(version):
        raise SpecError([Problem("--version", _BAD_VERSION, _GOOD_VERSION)])
    return version


def fingerprint(spec: Spec) -> str:
    """The SHA-256 of what a spec says, whatever its layout."""
    absent = {name for name in ("revisions", "notice") if getattr(spec, name) is None}
    said = spec.model_dump(mode="json", exclude=absent)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def whole(codes: catalog.CodeList) -> str:
    """The SHA-256 of everything that a code list says, codes without records included; other spellings left out."""
    said = [
        (c.code, c.parent, c.labels.vi, c.labels.en, c.note and (c.note.vi, c.note.en)) for c in codes.codes
    ]
    days = [day and day.isoformat() for day in (codes.valid_from, codes.valid_to)]
    return hashlib.sha256(json.dumps([codes.id, *days, said]).encode()).hexdigest()


def code() -> dict[str, str]:
    """The program that makes releases, and its version."""
    return {"name": "ytemo", "version": installed("ytemo")}


def columns(spec: Spec, lists: Mapping[str, catalog.CodeList]) -> tuple[catalog.Column, ...]:
    """The columns of the published table: dimensions, then each measure and each rate with its status."""
    found = [
        catalog.Column(name, "dimension", "string", dimension.label, codelist=lists[name])
        for name, dimension in spec.table.dimensions.items()
    ]
    for name in spec.table.published:
        measure = spec.table.measures[name]
        found.append(catalog.Column(name, "measure", "integer", measure.label, unit=measure.unit))
        found.append(_status(name, measure.label))
    for column in rates.columns(spec.table):
        found += [column, _status(column.name, column.labels)]
    return tuple(found)


def _status(name: str, label: catalog.Labels) -> catalog.Column:
    """The column that says why a value of a measure or rate is there or not."""
    labels = catalog.Labels(vi=f"Trạng thái: {label.vi}", en=f"Status: {label.en}")
    codes = catalog.builtin("obs-status")
    return catalog.Column(f"{name}_status", "status", "string", labels, codelist=codes, of=name)


def _data_files(made: Contents, table: pl.DataFrame, public: Path) -> None:
    title = made.spec.entry.title.vi
    tables.write_parquet(table, public / "data.parquet", {"dataset": made.id, "version": made.version})
    tables.write_csv(table, public / "data.csv")
    tables.write_xlsx(table, public / "data.xlsx", title)


def _metadata_files(ready: _Ready, public: Path) -> None:
    """The metadata; those that list files come last, so that every file they name is there."""
    made, entry = ready.made, ready.made.spec.entry
    found, measured = columns(made.spec, made.lists), ready.assessed.measured

    def edition() -> catalog.Edition:
        files = tuple(listing(public))
        return catalog.Edition(made.id, made.version, made.released, entry, found, files, quality=measured)

    facts = {
        "columns": found,
        "lists": made.lists,
        "policy": policy(made.spec),
        "legal_basis": [catalog.citation(name).name for name in entry.legal_basis],
        "licence": catalog.licences()[entry.licence].name,
        "conditions": list(ready.verdict.conditions),
        "repairs": _grouped(made.provenance.repairs),
        "assessed": ready.assessed,
    }
    _write(public / "codebook.json", catalog.codebook(edition()))
    _write(public / "report.html", report.render(made.spec, made.version, ready.table, facts))
    _write(public / changelog.FILE, _changelog(made, ready.table))
    _write(public / "CITATION.cff", catalog.citation_cff(edition()))
    final = edition()
    _write(public / "datapackage.json", catalog.datapackage(final))
    _write(public / "dcat.ttl", catalog.dcat_turtle(final))
    _write(public / "dcat.jsonld", catalog.dcat_jsonld(final))
    _write(public / "prov.jsonld", catalog.prov_jsonld(final, _origin(made)))
    health = catalog.healthdcat_turtle(final, records=ready.table.height)
    if health is not None:
        _write(public / "healthdcat.ttl", health)


def _origin(made: Contents) -> catalog.Origin:
    """What the release is made from, as the manifest says it too."""
    return catalog.Origin(
        tuple(item.name for item in made.provenance.inputs),
        (code()["name"], code()["version"]),
        fingerprint(made.spec),
        made.audit.digest,
        made.out[-1].release.version if made.out else None,
    )


def _grouped(repairs: Iterable[Applied]) -> list[dict[str, object]]:
    """Declared repairs for people to read: one line a reason, with how often it was applied."""
    counts: Counter[tuple[str, str]] = Counter()
    for repair in repairs:
        counts[repair.kind, repair.reason] += repair.count
    return [
        {"kind": kind, "reason": reason, "count": count} for (kind, reason), count in sorted(counts.items())
    ]


def policy(spec: Spec) -> Text:
    """What is protected, in words; everybody may know the rule."""
    thresholds = [rule.threshold for rule in spec.protection.rules if rule.kind == "small_count"]
    if not thresholds:
        return Text(
            "Ô nhạy cảm theo quy tắc đã khai được che, cùng các ô khác cần thiết để không tính lại được.",
            "Cells that are sensitive by the declared rules are suppressed, with the others needed so that none can "
            "be computed.",
        )
    first, last = 1 if spec.protection.zeros == "published" else 0, max(thresholds) - 1
    return Text(
        f"Ô có số đếm từ {first} đến {last} được che, cùng các ô khác cần thiết để không tính lại được.",
        f"Cells that count {first} to {last} are suppressed, with the others needed so that none can be computed.",
    )


def _about(ready: _Ready) -> dict[str, Any]:
    """What the manifest says besides the files."""
    made, table, verdict = ready.made, ready.table, ready.verdict
    return {
        "id": made.id,
        "version": made.version,
        "released": made.released.isoformat(),
        "title": made.spec.entry.title.model_dump(),
        "entry": made.spec.entry.model_dump(mode="json", exclude={"evidence"}),
        "publication": made.spec.publication.model_dump(mode="json"),
        "rows": table.height,
        "content_sha256": tables.content_sha256(table),
        "audit": {
            "ok": made.audit.ok,
            "cells_sha256": made.audit.digest,
            "protection": made.spec.protection.model_dump(mode="json"),
        },
        "law": {
            "conditions": list(verdict.conditions),
            "answered": sorted({answer.kind for answer in verdict.answered}),
        },
        # Names only: size and digest of a confidential source would let a reader test guesses at the hidden cells.
        "inputs": [{"name": item.name} for item in made.provenance.inputs],
        "repairs": [asdict(item) for item in made.provenance.repairs],
        # No digests: they would let a reader test guesses at what was found.
        "reviews": [
            item.model_dump(include={"place", "entity", "reason", "by"})
            for item in harmless(made.spec.reviews)
        ],
        "quality": {
            "score": catalog.score(ready.assessed.measured),
            "measurements": {one.metric: one.value for one in ready.assessed.measured},
        },
        "spec_sha256": fingerprint(made.spec),
        # Whole, as the codebook holds only the codes that have records this time.
        "codelists": {name: whole(codes) for name, codes in sorted(made.stored.items())},
        "code": code(),
        **_governed(made.spec),
    }


def _governed(spec: Spec) -> dict[str, Any]:
    """The revision policy and the notice of a change to come, as far as the spec has them."""
    found: dict[str, Revisions | Announcement | None] = {"revisions": spec.revisions, "notice": spec.notice}
    return {name: one.model_dump(mode="json", by_alias=True) for name, one in found.items() if one}


def _private_files(made: Contents, private: Path) -> None:
    """What the reviewer needs and nobody else may see: why each cell is hidden, and the audit in full."""
    made.safe.reasons.write_parquet(private / "reasons.parquet")
    memory.write(made.safe, made.spec.protection, made.subject, private)
    if made.measures != made.spec.table.published:
        made.counts().write_parquet(private / rates.COUNTS)
    _write(
        private / memory.INPUTS,
        json.dumps([asdict(item) for item in made.provenance.inputs], ensure_ascii=False),
    )
    _write(private / "audit.txt", f"{made.audit.summary()}\n")


def _changelog(made: Contents, table: pl.DataFrame) -> str:
    found = changelog.compared(made.out, made.version, columns(made.spec, made.lists), table)
    version = made.version, made.released
    return changelog.render(made.spec, version, table.height, out=made.out, diff=found)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


_BAD_VERSION = Text(
    "số phiên bản không hợp lệ: cần các số không có 0 ở đầu, cách nhau bằng dấu chấm.",
    "not a valid version: it must be numbers without leading zeros, with dots between them.",
)
_GOOD_VERSION = Text("Ví dụ: 2026.1.", "For example: 2026.1.")
