"""DCAT-AP 3 of one version, for any portal or harvester.

Every node has an address, none is blank, so the same version gives the same bytes in every process. Source:
https://semiceu.github.io/DCAT-AP/releases/3.0.1/
"""

from __future__ import annotations

import uuid
from datetime import date
from urllib.parse import quote

from catalog import law, vocabulary
from catalog.columns import Edition, basename, place
from catalog.entry import Agent
from catalog.files import File
from catalog.labels import Labels
from catalog.quality import SCORE, SCORE_DEFINITION, QualityDimension, metrics, score
from catalog.statements import Draft, address, jsonld, kinds, link, text, turtle, value
from catalog.tabular import DATA_FORMATS
from catalog.terms import licences

# The namespace of names made from a publisher and an id, or from a provision; never to change.
_NAMES = uuid.UUID("6f9c7b1e-2f7a-5b0e-9d51-0f6a4d3c8e27")

_DIMENSIONS: dict[QualityDimension, str] = {
    "completeness": "ldqd:completeness",
    "timeliness": "ldqd:timeliness",
    "consistency": "ldqd:consistency",
    "accuracy": "ldqd:semanticAccuracy",
}


def dcat_turtle(edition: Edition) -> str:
    """The text of `dcat.ttl`.

    Args:
        edition: The version; data files become distributions, other files documentation pages.

    Returns:
        Turtle, ending in a newline.

    Raises:
        LawError: When the entry cites a provision that the law data do not hold.
    """
    return turtle(describe(edition, dataset_iri(edition)))


def dcat_jsonld(edition: Edition) -> str:
    """The text of `dcat.jsonld`: the same statements as `dcat_turtle`.

    Raises:
        LawError: When the entry cites a provision that the law data do not hold.
    """
    return jsonld(describe(edition, dataset_iri(edition)))


def dataset_iri(edition: Edition) -> str:
    """The name of the dataset, the same for all its versions: under `base`, or a `urn:uuid` without one."""
    if edition.base:
        return f"{edition.base.rstrip('/')}/{quote(edition.id)}"
    publisher = edition.entry.publisher
    return urn(f"dataset\n{publisher.uri or publisher.name.vi}\n{edition.id}")


def version_iri(edition: Edition) -> str:
    """The name of this one version: under the name of the dataset, or a `urn:uuid` of its own."""
    dataset = dataset_iri(edition)
    return (
        f"{dataset}/{quote(edition.version)}"
        if edition.base
        else urn(f"version\n{dataset}\n{edition.version}")
    )


def agent_iri(agent: Agent) -> str:
    """The name of an organisation: one node wherever it appears, so that a harvester does not count it twice."""
    return agent.uri or urn(f"agent\n{agent.name.vi}")


def database_iri(publisher: Agent, name: str) -> str:
    """The name of a database, by the id under which its owner lists it publicly."""
    return urn(f"database\n{agent_iri(publisher)}\n{name}")


def describe(edition: Edition, name: str) -> Draft:
    """The statements about a version.

    Args:
        edition: The version.
        name: What it is described as: `dataset_iri`, or `version_iri` beside a newer version.

    Raises:
        LawError: When the entry cites a provision that the law data do not hold.
    """
    draft = Draft(edition, name)
    for part in (_dataset, _vocabularies, _people, _legislation, _databases, _quality):
        part(draft)
    for file in edition.files:
        part_of = _distribution if file.media_type in DATA_FORMATS else _page
        part_of(draft, file)
    return draft


def urn(text: str) -> str:
    """A name made from a text, the same wherever it is made."""
    return uuid.uuid5(_NAMES, text).urn


def _dataset(draft: Draft) -> None:
    entry, dataset = draft.edition.entry, draft.dataset
    kinds(draft, dataset, "dcat:Dataset")
    text(draft, dataset, "dct:title", entry.title)
    text(draft, dataset, "dct:description", entry.description)
    if entry.notes is not None:
        text(draft, dataset, "skos:note", entry.notes)
    for keyword in entry.keywords:
        text(draft, dataset, "dcat:keyword", keyword)
    value(draft, dataset, "dct:identifier", draft.edition.id)
    value(draft, dataset, "dcat:version", draft.edition.version)
    value(draft, dataset, "dct:issued", entry.issued.isoformat(), "xsd:date")
    value(draft, dataset, "dct:modified", _modified(draft.edition).isoformat(), "xsd:date")
    period = f"{dataset}#temporal"
    link(draft, dataset, "dct:temporal", period, "dct:PeriodOfTime")
    value(draft, period, "dcat:startDate", entry.temporal.start.isoformat(), "xsd:date")
    value(draft, period, "dcat:endDate", entry.temporal.end.isoformat(), "xsd:date")


def _modified(edition: Edition) -> date:
    return max(edition.entry.modified or edition.released, edition.released, edition.entry.issued)


def _vocabularies(draft: Draft) -> None:
    entry, dataset = draft.edition.entry, draft.dataset
    link(draft, dataset, "dct:accrualPeriodicity", vocabulary.frequency(entry.frequency), "dct:Frequency")
    link(draft, dataset, "dcat:theme", vocabulary.HEALTH_THEME, "skos:Concept")
    text(draft, vocabulary.HEALTH_THEME, "skos:prefLabel", Labels(vi="Y tế", en="Health"))
    for language in vocabulary.LANGUAGES:
        link(draft, dataset, "dct:language", language, "dct:LinguisticSystem")
    if entry.access is not None:
        link(
            draft, dataset, "dct:accessRights", vocabulary.ACCESS_RIGHTS[entry.access], "dct:RightsStatement"
        )
    area = vocabulary.COUNTRIES.get(entry.spatial, f"{dataset}#spatial")
    link(draft, dataset, "dct:spatial", area, "dct:Location")
    if entry.spatial not in vocabulary.COUNTRIES:
        value(draft, area, "dct:identifier", entry.spatial)


def _people(draft: Draft) -> None:
    entry, dataset, contact = draft.edition.entry, draft.dataset, f"{draft.dataset}#contact"
    _agent(draft, "dct:publisher", entry.publisher)
    _agent(draft, "dct:creator", entry.creator or entry.publisher)
    link(draft, dataset, "dcat:contactPoint", contact, "vcard:Kind", "vcard:Organization")
    text(draft, contact, "vcard:fn", entry.contact.name)
    if entry.contact.email is not None:
        link(draft, contact, "vcard:hasEmail", f"mailto:{quote(entry.contact.email, safe='@+')}")
    if entry.contact.url is not None:
        link(draft, contact, "vcard:hasURL", entry.contact.url)


def _agent(draft: Draft, predicate: str, agent: Agent) -> None:
    name = agent_iri(agent)
    link(draft, draft.dataset, predicate, name, "foaf:Agent", "foaf:Organization")
    text(draft, name, "foaf:name", agent.name)


def _legislation(draft: Draft) -> None:
    for name in draft.edition.entry.legal_basis:
        cited = law.citation(name)
        provision = urn(f"provision\n{cited.id}")
        link(draft, draft.dataset, "dcatap:applicableLegislation", provision, "eli:LegalResource")
        text(draft, provision, "dct:title", cited.name)
        text(draft, provision, "dct:description", cited.title)
        value(draft, provision, "dct:identifier", cited.id)
        if cited.valid_from is not None:
            value(draft, provision, "eli:first_date_entry_in_force", cited.valid_from.isoformat(), "xsd:date")


def _quality(draft: Draft) -> None:
    """Each measurement and the score, in the W3C's Data Quality Vocabulary (https://www.w3.org/TR/vocab-dqv/)."""
    measured = draft.edition.quality
    for one in measured:
        metric = metrics()[one.metric]
        _measurement(draft, one.metric, metric.labels, one.value)
        name = _metric(one.metric)
        text(draft, name, "skos:definition", metric.definition)
        dimension = address(_DIMENSIONS[metric.dimension])
        link(draft, name, "dqv:inDimension", dimension, "dqv:Dimension")
    total = score(measured)
    if total is not None:
        _measurement(draft, "score", SCORE, total)
        text(draft, _metric("score"), "skos:definition", SCORE_DEFINITION)


def _measurement(draft: Draft, metric: str, labels: Labels, number: float) -> None:
    node, name = f"{draft.dataset}#{quote(draft.edition.version)}-quality-{metric}", _metric(metric)
    link(draft, draft.dataset, "dqv:hasQualityMeasurement", node, "dqv:QualityMeasurement")
    link(draft, node, "dqv:isMeasurementOf", name, "dqv:Metric")
    link(draft, node, "dqv:computedOn", draft.dataset)
    # Turtle writes a decimal with a point always; so JSON-LD says the same literal.
    said = f"{number:.4f}".rstrip("0")
    value(draft, node, "dqv:value", f"{said}0" if said.endswith(".") else said, "xsd:decimal")
    text(draft, name, "skos:prefLabel", labels)
    link(draft, name, "dqv:expectedDataType", address("xsd:decimal"))


def _metric(metric: str) -> str:
    return urn(f"metric\n{metric}")


def _databases(draft: Draft) -> None:
    """The databases that the data are drawn from, by the ids under which they are publicly listed.

    `prov:wasDerivedFrom`, since the range of `dct:source` is a dataset: the databases themselves are not published, and
    a harvester must not count them as datasets nor look for their data.
    """
    for name in draft.edition.entry.databases:
        database = database_iri(draft.edition.entry.publisher, name)
        link(draft, draft.dataset, "prov:wasDerivedFrom", database, "prov:Entity")
        value(draft, database, "dct:identifier", name)


def _distribution(draft: Draft, file: File) -> None:
    entry, where = draft.edition.entry, place(draft.edition, file)
    node, checksum = _node(draft, file), _node(draft, file, "checksum")
    link(draft, draft.dataset, "dcat:distribution", node, "dcat:Distribution")
    kind = DATA_FORMATS[file.media_type].upper()
    named = Labels(vi=f"{entry.title.vi} ({kind})", en=f"{entry.title.en} ({kind})")
    text(draft, node, "dct:title", file.title or named)
    link(draft, node, "dcat:accessURL", where)
    link(draft, node, "dcat:downloadURL", where)
    link(draft, node, "dcat:mediaType", vocabulary.media_type(file.media_type), "dct:MediaType")
    link(draft, node, "dct:format", vocabulary.FILE_TYPES[file.media_type], "dct:MediaTypeOrExtent")
    value(draft, node, "dcat:byteSize", file.size, "xsd:nonNegativeInteger")
    value(draft, node, "dct:issued", draft.edition.released.isoformat(), "xsd:date")
    link(draft, node, "spdx:checksum", checksum, "spdx:Checksum")
    link(draft, checksum, "spdx:algorithm", vocabulary.SHA256, "spdx:ChecksumAlgorithm")
    value(draft, checksum, "spdx:checksumValue", file.sha256, "xsd:hexBinary")
    _licence(draft, node)


def _licence(draft: Draft, node: str) -> None:
    terms = licences()[draft.edition.entry.licence]
    name = terms.uri or urn(f"licence\n{draft.edition.entry.licence}\n{terms.dated.isoformat()}")
    link(draft, node, "dct:license", name, "dct:LicenseDocument")
    text(draft, name, "dct:title", terms.name)
    text(draft, name, "dct:description", terms.terms)


def _page(draft: Draft, file: File) -> None:
    where = place(draft.edition, file)
    link(draft, draft.dataset, "foaf:page", where, "foaf:Document")
    text(draft, where, "dct:title", file.title or Labels(vi=basename(file), en=basename(file)))


def _node(draft: Draft, file: File, part: str = "") -> str:
    """A name for a distribution that holds for this version only, since its bytes do."""
    fragment = "-".join(quote(p) for p in (draft.edition.version, basename(file), part) if p)
    return f"{draft.dataset}#{fragment}"
