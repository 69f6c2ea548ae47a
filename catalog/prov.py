"""PROV-O of one version: what was made from what, by which steps and program, for whom.

Every node has an address, and what is known by its bytes is named by their SHA-256 (RFC 6920), so that whatever else
speaks of the same bytes speaks of the same thing: an approval, a database, another version. A source has a name and
nothing more, as size and digest of a confidential source would let a reader test guesses at the hidden cells.
Source: https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote

from catalog.columns import Edition, basename
from catalog.dcat import agent_iri, database_iri, dataset_iri, urn, version_iri
from catalog.entry import Agent
from catalog.labels import Labels
from catalog.statements import Draft, jsonld, kinds, link, text, value
from catalog.tabular import DATA_FORMATS


@dataclass(frozen=True, slots=True)
class Origin:
    """What a version was made from.

    Attributes:
        sources: Names of the sources.
        software: Name and version of the program.
        spec: SHA-256 of what the spec says; empty when there is none.
        cells: SHA-256 of the protected cells that were audited; empty of a list that holds no statistics.
        before: The version before this one; None of the first.
    """

    sources: tuple[str, ...]
    software: tuple[str, str]
    spec: str = ""
    cells: str = ""
    before: str | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """An activity: what it is called, and the parts that it uses and makes."""

    name: str
    labels: Labels
    uses: tuple[str, ...]
    makes: str


def prov_jsonld(edition: Edition, origin: Origin) -> str:
    """The text of `prov.jsonld`.

    Args:
        edition: The version; of its files those that hold the data are named.
        origin: What it was made from.

    Returns:
        JSON-LD, ending in a newline; nothing in it depends on the machine or the time.
    """
    draft = Draft(edition, version_iri(edition))
    _version(draft, origin)
    sources = tuple(_source(draft, name) for name in origin.sources)
    plan = _plan(draft, origin)
    lists = tuple(_lists(draft))
    software = _software(draft, *origin.software)
    for step in _steps(origin, (*sources, *plan), lists):
        _activity(draft, step, software)
    for file in edition.files:
        if file.media_type in DATA_FORMATS:
            _file(draft, digest_iri(file.sha256), (basename(file), file.media_type))
    return jsonld(draft)


def digest_iri(sha256: str) -> str:
    """The name of a thing that is known by its bytes, by RFC 6920.

    Args:
        sha256: In hexadecimal.
    """
    return f"nih:sha-256;{sha256}"


def _version(draft: Draft, origin: Origin) -> None:
    """The version as a whole, who answers for it, and what it comes after."""
    edition, version = draft.edition, draft.dataset
    kinds(draft, version, "prov:Entity", "prov:Collection")
    text(draft, version, "dct:title", edition.entry.title)
    value(draft, version, "dct:identifier", edition.id)
    value(draft, version, "dcat:version", edition.version)
    value(draft, version, "dct:issued", edition.released.isoformat(), "xsd:date")
    link(draft, version, "prov:specializationOf", dataset_iri(edition), "prov:Entity")
    link(draft, version, "prov:wasGeneratedBy", _part(draft, "release"))
    for agent in dict.fromkeys((edition.entry.publisher, edition.entry.creator or edition.entry.publisher)):
        link(draft, version, "prov:wasAttributedTo", _organization(draft, agent))
    if origin.before is not None:
        before = version_iri(replace(edition, version=origin.before))
        link(draft, version, "prov:wasRevisionOf", before, "prov:Entity")
        value(draft, before, "dcat:version", origin.before)
    for one in edition.entry.databases:
        database = database_iri(edition.entry.publisher, one)
        link(draft, version, "prov:wasDerivedFrom", database, "prov:Entity")
        value(draft, database, "dct:identifier", one)


def _organization(draft: Draft, agent: Agent) -> str:
    name = agent_iri(agent)
    kinds(draft, name, "prov:Agent", "prov:Organization")
    text(draft, name, "foaf:name", agent.name)
    return name


def _source(draft: Draft, name: str) -> str:
    """A source: its name and nothing more."""
    node = _part(draft, f"source-{quote(name, safe='')}")
    kinds(draft, node, "prov:Entity")
    value(draft, node, "dct:title", name)
    link(draft, draft.dataset, "prov:wasDerivedFrom", node)
    return node


def _plan(draft: Draft, origin: Origin) -> tuple[str, ...]:
    """The spec, when there is one."""
    if not origin.spec:
        return ()
    spec = digest_iri(origin.spec)
    kinds(draft, spec, "prov:Entity", "prov:Plan")
    value(draft, spec, "dct:title", f"datasets/{draft.edition.id}.yaml")
    return (spec,)


def _lists(draft: Draft) -> Iterable[str]:
    """The code lists of the dimensions, each with the days on which its codes hold."""
    columns = [one for one in draft.edition.columns if one.role == "dimension"]
    for found in {one.codelist.id: one.codelist for one in columns if one.codelist is not None}.values():
        node = _part(draft, f"codes-{quote(found.id, safe='')}")
        kinds(draft, node, "prov:Entity", "skos:ConceptScheme")
        value(draft, node, "dct:identifier", found.id)
        if found.vintage:
            value(draft, node, "dcat:version", found.vintage)
        if found.valid_from or found.valid_to:
            first, last = (day.isoformat() if day else ".." for day in (found.valid_from, found.valid_to))
            value(draft, node, "dct:valid", f"{first}/{last}")
        yield node


def _software(draft: Draft, name: str, version: str) -> str:
    node = urn(f"software\n{name}\n{version}")
    kinds(draft, node, "prov:Agent", "prov:SoftwareAgent")
    value(draft, node, "foaf:name", name)
    value(draft, node, "dcat:version", version)
    return node


def _steps(origin: Origin, inputs: tuple[str, ...], lists: tuple[str, ...]) -> list[_Step]:
    """The steps in order; a list that holds no statistics is read and written, nothing else."""
    read = _Step("read", _READ, inputs, "records")
    if not origin.cells:
        return [read, _Step("release", _RELEASE, ("records", *lists), "")]
    spec = (digest_iri(origin.spec),) if origin.spec else ()
    return [
        read,
        _Step("aggregate", _AGGREGATE, ("records", *lists, *spec), "table"),
        _Step("protect", _PROTECT, ("table", *spec), digest_iri(origin.cells)),
        _Step("audit", _AUDIT, (digest_iri(origin.cells), *spec), "audit-report"),
        _Step("release", _RELEASE, (digest_iri(origin.cells), "audit-report", *lists), ""),
    ]


def _activity(draft: Draft, step: _Step, software: str) -> None:
    node = _part(draft, step.name)
    kinds(draft, node, "prov:Activity")
    text(draft, node, "dct:title", step.labels)
    link(draft, node, "prov:wasAssociatedWith", software)
    for used in step.uses:
        link(draft, node, "prov:used", _named(draft, used))
    if step.makes:
        made = _named(draft, step.makes)
        link(draft, made, "prov:wasGeneratedBy", node)
        kinds(draft, made, "prov:Entity")
        text(draft, made, "dct:title", _MADE[step.name])


def _file(draft: Draft, node: str, about: tuple[str, str]) -> None:
    """A data file: its name and media type, by its bytes."""
    name, media_type = about
    kinds(draft, node, "prov:Entity")
    value(draft, node, "dct:title", name)
    value(draft, node, "dct:format", media_type)
    link(draft, node, "prov:wasGeneratedBy", _part(draft, "release"))
    link(draft, draft.dataset, "prov:hadMember", node)


def _named(draft: Draft, name: str) -> str:
    """A part of this version by its plain name; anything else has its own."""
    return name if ":" in name else _part(draft, name)


def _part(draft: Draft, name: str) -> str:
    return f"{draft.dataset}#{name}"


_READ = Labels(vi="Đọc nguồn và quét dữ liệu cá nhân", en="Read the sources and scan for personal data")
_AGGREGATE = Labels(vi="Lập bảng", en="Count into the table")
_PROTECT = Labels(vi="Che các ô nhạy cảm", en="Suppress sensitive cells")
_AUDIT = Labels(vi="Tấn công thử", en="Attack what is to be published")
_RELEASE = Labels(vi="Ghi các tệp và đọc lại", en="Write the files and read them back")
_MADE = {
    "read": Labels(vi="Bản ghi (mật)", en="Records (confidential)"),
    "aggregate": Labels(vi="Bảng chưa che (mật)", en="The unprotected table (confidential)"),
    "protect": Labels(vi="Các ô đã che", en="The protected cells"),
    "audit": Labels(vi="Kết quả kiểm tra: đạt", en="The audit: passed"),
}
