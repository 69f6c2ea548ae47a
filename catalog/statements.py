"""Statements about things, and the two ways of writing them down with the same bytes every time.

Statements are plain tuples, so that a catalogue of ten thousand datasets is made in seconds; rdflib, imported on first
use, writes those about one version.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from catalog.columns import Edition
from catalog.labels import Labels

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "healthdcatap": "http://healthdataportal.eu/ns/health#",
    "ldqd": "http://www.w3.org/2016/05/ldqd#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Literal(NamedTuple):
    """What a statement says of its subject when it does not point to another thing.

    Attributes:
        content: The text.
        language: "vi" or "en" for a text in a language.
        datatype: Prefixed name of its datatype, such as "xsd:date".
    """

    content: str
    language: str | None = None
    datatype: str | None = None


# Subject, predicate, object; things are addresses or prefixed names.
Statement = tuple[str, str, "str | Literal"]


class Stating(Protocol):
    """Whatever statements are added to, each once, in the order in which they are made."""

    @property
    def statements(self) -> dict[Statement, None]:
        """The statements so far."""


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements about anything.

    Attributes:
        statements: The statements so far, each once, in the order in which they were made.
    """

    statements: dict[Statement, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """Statements that are being written about a version.

    Attributes:
        edition: The version.
        dataset: The name of its dataset.
        statements: The statements so far, each once, in the order in which they were made.
    """

    edition: Edition
    dataset: str
    statements: dict[Statement, None] = field(default_factory=dict)


def link(draft: Stating, subject: str, predicate: str, *target: str) -> None:
    """State that one thing points to another; further arguments say what kinds of thing the target is."""
    thing, *sorts = target
    draft.statements[subject, predicate, thing] = None
    kinds(draft, thing, *sorts)


def kinds(draft: Stating, subject: str, *sorts: str) -> None:
    """State what kinds of thing a subject is."""
    for sort in sorts:
        draft.statements[subject, "rdf:type", sort] = None


def text(draft: Stating, subject: str, predicate: str, labels: Labels) -> None:
    """State a text in both languages."""
    draft.statements[subject, predicate, Literal(labels.vi, "vi")] = None
    draft.statements[subject, predicate, Literal(labels.en, "en")] = None


def value(draft: Stating, subject: str, predicate: str, *literal: object) -> None:
    """State a value; a further argument is its datatype."""
    content, *datatype = literal
    said = Literal(str(content), datatype=str(datatype[0]) if datatype else None)
    draft.statements[subject, predicate, said] = None


def address(name: str) -> str:
    """A full address from itself or from a prefixed name."""
    prefix, colon, rest = name.partition(":")
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else name


def graph(draft: Stating) -> Graph:
    """The statements as an rdflib graph, with the prefixes that the writers use and no others."""
    from rdflib import Graph, URIRef

    made = Graph(bind_namespaces="none")
    for prefix, start in PREFIXES.items():
        made.bind(prefix, start)
    for subject, predicate, target in draft.statements:
        made.add((URIRef(address(subject)), URIRef(address(predicate)), _node(target)))
    return made


def turtle(draft: Stating) -> str:
    """The statements in Turtle, ending in a newline."""
    return graph(draft).serialize(format="turtle", encoding="utf-8").decode().strip("\n") + "\n"


def jsonld(draft: Stating) -> str:
    """The statements in JSON-LD, ending in a newline."""
    made = graph(draft).serialize(format="json-ld", context=context(), sort_keys=True)
    return json.dumps(_ordered(json.loads(made)), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def context() -> dict[str, str]:
    """The prefixes as JSON-LD declares them; `rdf` has a keyword there."""
    return {prefix: start for prefix, start in PREFIXES.items() if prefix != "rdf"}


def _node(target: str | Literal) -> Node:
    import rdflib

    if isinstance(target, str):
        return rdflib.URIRef(address(target))
    if target.language:
        return rdflib.Literal(target.content, lang=target.language)
    kind = rdflib.URIRef(address(target.datatype)) if target.datatype else None
    return rdflib.Literal(target.content, datatype=kind, normalize=False)


def _ordered(found: Any) -> Any:
    """Arrays in JSON-LD are sets: sorted, so that the bytes do not depend on the order of a hash table."""
    if isinstance(found, dict):
        return {key: part if key == "@context" else _ordered(part) for key, part in found.items()}
    if isinstance(found, list):
        return sorted((_ordered(part) for part in found), key=lambda part: json.dumps(part, sort_keys=True))
    return found
