"""A DCAT-AP 3 catalogue of many datasets, for harvesters.

Written dataset by dataset without a graph in memory: ten thousand datasets hold more than a million statements.
Source: https://semiceu.github.io/DCAT-AP/releases/3.0.1/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from catalog.columns import Edition
from catalog.dcat import agent_iri, dataset_iri, describe, urn, version_iri
from catalog.entry import Agent
from catalog.labels import Labels
from catalog.statements import (
    PREFIXES,
    Draft,
    Literal,
    Statement,
    Statements,
    context,
    kinds,
    link,
    text,
    value,
)
from catalog.vocabulary import LANGUAGES
from catalog.withdrawn import Withdrawn, state

Node = dict[str, list[str | Literal]]  # predicate -> objects


@dataclass(frozen=True, slots=True)
class Catalog:
    """A catalogue of datasets.

    Attributes:
        title: Its title.
        description: What it holds.
        publisher: Who answers for it.
        url: Address of its start page; None when it is not known: the catalogue is then named by a `urn:uuid`.
    """

    title: Labels
    description: Labels
    publisher: Agent
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A dataset as a catalogue lists it.

    Attributes:
        editions: Its versions that are out, newest first; that one stands for the dataset.
        page: Address of its page, absolute or from the catalogue.
        withdrawn: Its versions that were withdrawn, newest first; when nothing else is left, the first one stands for
            the dataset.
    """

    editions: tuple[Edition, ...]
    page: str
    withdrawn: tuple[Withdrawn, ...] = ()

    @property
    def first(self) -> Edition:
        """The version that stands for the dataset."""
        return self.editions[0] if self.editions else self.withdrawn[0].edition


def catalog_rdf(about: Catalog, datasets: Sequence[Listed]) -> tuple[str, str]:
    """The texts of `catalog.ttl` and `catalog.jsonld`: the same statements.

    Older versions are described beside the dataset, which says `dcat:hasVersion` of them.

    Args:
        about: The catalogue.
        datasets: Its datasets, in the order in which they are written.

    Returns:
        Turtle and JSON-LD, each ending in a newline.

    Raises:
        LawError: When an entry cites a provision that the law data do not hold.
    """
    name = about.url or urn(f"catalog\n{agent_iri(about.publisher)}")
    shared = Statements()
    _about(shared, name, about)
    turtle, jsonld = [], []
    for listed in datasets:
        link(shared, name, "dcat:dataset", dataset_iri(listed.first))
        nodes = [node for draft in _drafts(listed) for node in _own(draft, shared)]
        turtle.append(_turtle(nodes))
        jsonld.append(_jsonld(nodes))
    last = max((day for listed in datasets for day in _days(listed)), default=None)
    if last is not None:
        value(shared, name, "dct:modified", last.isoformat(), "xsd:date")
    rest = _grouped(shared.statements)
    prefixes = "".join(f"@prefix {prefix}: <{start}> .\n" for prefix, start in sorted(PREFIXES.items()))
    head = f'{{"@context": {json.dumps(context(), sort_keys=True)},\n"@graph": [\n'
    return "".join([prefixes, *turtle, _turtle(rest)]), head + ",\n".join([*jsonld, _jsonld(rest)]) + "\n]}\n"


def _about(draft: Statements, name: str, about: Catalog) -> None:
    """What the catalogue says of itself."""
    publisher = agent_iri(about.publisher)
    kinds(draft, name, "dcat:Catalog")
    text(draft, name, "dct:title", about.title)
    text(draft, name, "dct:description", about.description)
    link(draft, name, "dct:publisher", publisher, "foaf:Agent", "foaf:Organization")
    text(draft, publisher, "foaf:name", about.publisher.name)
    link(draft, name, "foaf:homepage", about.url or "index.html", "foaf:Document")
    for language in LANGUAGES:
        link(draft, name, "dct:language", language, "dct:LinguisticSystem")


def _drafts(listed: Listed) -> list[Draft]:
    """The newest version as the dataset, and the older and the withdrawn ones as its versions."""
    dataset = describe(listed.first, dataset_iri(listed.first))
    link(dataset, dataset.dataset, "dcat:landingPage", listed.page, "foaf:Document")
    newest = listed.editions[0].version if listed.editions else None
    if newest is None:
        state(dataset, dataset.dataset, listed.withdrawn[0], newest=None)
    drafts = [dataset]
    for edition in (*listed.editions[1:], *(gone.edition for gone in listed.withdrawn)):
        version = describe(edition, version_iri(edition))
        link(version, version.dataset, "dcat:isVersionOf", dataset.dataset)
        link(dataset, dataset.dataset, "dcat:hasVersion", version.dataset)
        drafts.append(version)
    for gone, version in zip(listed.withdrawn, drafts[max(len(listed.editions), 1) :], strict=True):
        state(version, version.dataset, gone, newest=newest)
    return drafts


def _days(listed: Listed) -> Iterator[date]:
    """The days on which something of a dataset changed last."""
    yield listed.first.released
    yield from (gone.at.date() for gone in listed.withdrawn)


def _own(draft: Draft, shared: Statements) -> list[tuple[str, Node]]:
    """The nodes of one dataset alone; what others may say too (agents, provisions, licences) goes to `shared`."""
    own = []
    for statement in draft.statements:
        if statement[0].startswith(draft.dataset):
            own.append(statement)
        else:
            shared.statements[statement] = None
    return _grouped(own)


def _grouped(statements: Iterable[Statement]) -> list[tuple[str, Node]]:
    """Statements by subject and predicate, each sorted: the order of writing does not show."""
    nodes: dict[str, Node] = {}
    for subject, predicate, target in statements:
        nodes.setdefault(subject, {}).setdefault(predicate, []).append(target)
    for node in nodes.values():
        for targets in node.values():
            targets.sort(key=str)
    return sorted(nodes.items())


def _turtle(nodes: Iterable[tuple[str, Node]]) -> str:
    return "".join(_turtle_node(subject, node) for subject, node in nodes)


def _turtle_node(subject: str, node: Node) -> str:
    said = [
        f"{predicate} {', '.join(_turtle_target(predicate, target) for target in targets)}"
        for predicate, targets in sorted(node.items())
    ]
    return f"\n<{subject}> " + " ;\n    ".join(said) + " .\n"


def _turtle_target(predicate: str, target: str | Literal) -> str:
    if isinstance(target, str):
        return target if predicate == "rdf:type" else f"<{target}>"
    text = json.dumps(target.content, ensure_ascii=False)  # the escapes of JSON are those of Turtle
    if target.language:
        return f"{text}@{target.language}"
    return f"{text}^^{target.datatype}" if target.datatype else text


def _jsonld(nodes: Iterable[tuple[str, Node]]) -> str:
    return ",\n".join(json.dumps(_jsonld_node(*node), ensure_ascii=False) for node in nodes)


def _jsonld_node(subject: str, node: Node) -> dict[str, object]:
    found: dict[str, object] = {"@id": subject}
    for predicate, targets in sorted(node.items()):
        if predicate == "rdf:type":
            found["@type"] = targets
        else:
            found[predicate] = [_jsonld_target(target) for target in targets]
    return found


def _jsonld_target(target: str | Literal) -> dict[str, str]:
    if isinstance(target, str):
        return {"@id": target}
    if target.language:
        return {"@value": target.content, "@language": target.language}
    return {"@value": target.content} | ({"@type": target.datatype} if target.datatype else {})
