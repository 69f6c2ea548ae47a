"""Statements about things, and the two ways of writing them down with the same bytes every time.

rdflib is imported on first use: reading a catalogue entry does not need it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catalog.columns import Edition
from catalog.labels import Labels

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node, URIRef

_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A graph that is being written about a version.

    Attributes:
        graph: The statements so far.
        edition: The version.
        dataset: The name of its dataset.
    """

    graph: Graph
    edition: Edition
    dataset: str


def empty() -> Graph:
    """A graph without statements, with the prefixes that the writers use and no others."""
    from rdflib import Graph

    made = Graph(bind_namespaces="none")
    for prefix, address in _PREFIXES.items():
        made.bind(prefix, address)
    return made


def link(draft: Draft, subject: str, predicate: str, *target: str) -> None:
    """State that one thing points to another; further arguments say what kinds of thing the target is."""
    thing, *sorts = target
    _add(draft, subject, predicate, _iri(thing))
    kinds(draft, thing, *sorts)


def kinds(draft: Draft, subject: str, *sorts: str) -> None:
    """State what kinds of thing a subject is."""
    for sort in sorts:
        _add(draft, subject, "rdf:type", _iri(sort))


def text(draft: Draft, subject: str, predicate: str, labels: Labels) -> None:
    """State a text in both languages."""
    from rdflib import Literal

    _add(draft, subject, predicate, Literal(labels.vi, lang="vi"))
    _add(draft, subject, predicate, Literal(labels.en, lang="en"))


def value(draft: Draft, subject: str, predicate: str, *literal: object) -> None:
    """State a value; a further argument is its datatype."""
    from rdflib import Literal

    content, *datatype = literal
    kind = _iri(str(datatype[0])) if datatype else None
    _add(draft, subject, predicate, Literal(str(content), datatype=kind, normalize=False))


def turtle(graph: Graph) -> str:
    """The graph in Turtle, ending in a newline."""
    return graph.serialize(format="turtle", encoding="utf-8").decode().strip("\n") + "\n"


def jsonld(graph: Graph) -> str:
    """The graph in JSON-LD, ending in a newline."""
    context = {prefix: address for prefix, address in _PREFIXES.items() if prefix != "rdf"}
    made = graph.serialize(format="json-ld", context=context, sort_keys=True)
    return json.dumps(_ordered(json.loads(made)), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _add(draft: Draft, subject: str, predicate: str, target: Node) -> None:
    draft.graph.add((_iri(subject), _iri(predicate), target))


def _iri(name: str) -> URIRef:
    """A full address from itself or from a prefixed name."""
    from rdflib import URIRef

    prefix, colon, rest = name.partition(":")
    return URIRef(_PREFIXES[prefix] + rest if colon and prefix in _PREFIXES else name)


def _ordered(found: Any) -> Any:
    """Arrays in JSON-LD are sets: sorted, so that the bytes do not depend on the order of a hash table."""
    if isinstance(found, dict):
        return {key: part if key == "@context" else _ordered(part) for key, part in found.items()}
    if isinstance(found, list):
        return sorted((_ordered(part) for part in found), key=lambda part: json.dumps(part, sort_keys=True))
    return found
