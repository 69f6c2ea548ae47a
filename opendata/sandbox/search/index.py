"""The index: documents in memory, matched, sorted, paged and counted as CKAN's Solr schema would."""

from __future__ import annotations

import datetime
import fnmatch
import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opendata.sandbox.search.query import (
    Best,
    Boolean,
    Everything,
    Node,
    QuerySyntaxError,
    Range,
    Term,
    parse,
    parse_words,
)

# From CKAN's config/solr/schema.xml: fields cut into words, fields copied into `text`, fields not given back.
_PEOPLE = frozenset(("author", "author_email", "maintainer", "maintainer_email"))
_WORDS = _PEOPLE | frozenset(("title", "notes", "text", "urls", "res_name", "res_description"))
_ADDRESSES = frozenset(("url", "ckan_url", "download_url", "res_url"))
_NAMES = frozenset(("name", "title", "notes", "tags", "groups", "organization", "license"))
_IN_TEXT = _ADDRESSES | _NAMES | frozenset(("text", "author", "maintainer", "res_name", "res_description"))
_NOT_STORED = frozenset({"permission_labels", "text", "urls", "title_string"})
_PREFIXES = ("extras_", "res_extras_")
_DATE = re.compile(r"NOW(?:/DAY)?(?:([+-]\d+)(HOUR|DAY|MONTH|YEAR)S?)?(?:/DAY)?$")
_HOURS = {"HOUR": 1, "DAY": 24, "MONTH": 24 * 30, "YEAR": 24 * 365}

Parameters = Mapping[str, Sequence[str]]


def fold(text: str) -> str:
    """Lower case without accents, `đ` as `d`: what a person types without a Vietnamese keyboard finds it."""
    plain = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return re.findall(r"[^\W_]+", fold(text))


@dataclass(frozen=True, slots=True)
class Document:
    """One indexed document.

    Attributes:
        fields: As CKAN sent them.
        terms: Folded words of each text field; `text` holds those of every field copied into it.
    """

    fields: Mapping[str, Any]
    terms: Mapping[str, Sequence[str]]

    def values(self, name: str) -> list[str]:
        """The values of a field as strings; a field that is not there has none."""
        found = self.fields.get(name)
        several = found if isinstance(found, list) else [] if found is None else [found]
        return [str(value).lower() if isinstance(value, bool) else str(value) for value in several]


def document(fields: Mapping[str, Any]) -> Document:
    """Analyse what CKAN sent.

    Raises:
        QuerySyntaxError: There is no `index_id`.
    """
    if not fields.get("index_id"):
        raise QuerySyntaxError("Document is missing mandatory uniqueKey field: index_id")
    bare = Document(fields, {})
    terms: dict[str, list[str]] = {"text": []}
    for name in fields:
        copied = name in _IN_TEXT or name.startswith((*_PREFIXES, "vocab_"))
        if copied or _is_text(name):
            found = [word for value in bare.values(name) for word in words(value)]
            terms["text"] += found if copied else []
            if _is_text(name) and name != "text":
                terms[name] = found
    for name in ("title", "name"):
        terms[f"{name}_ngram"] = [fold(value) for value in bare.values(name)]
    return Document(fields, terms)


def score(node: Node, doc: Document, *, default: str = "text") -> float:
    """How well a document answers: 0 does not, more is better. Only the order means anything."""
    if isinstance(node, Everything):
        return 1.0
    if isinstance(node, Boolean):
        return _boolean(node, doc, default)
    if isinstance(node, Best):
        return max((score(choice, doc) * weight for choice, weight in node.choices), default=0.0)
    if isinstance(node, Range):
        return float(any(_within(node, value) for value in doc.values(node.field or default)))
    return _term(node, doc, node.field or default)


def _boolean(node: Boolean, doc: Document, default: str) -> float:
    if any(score(part, doc, default=default) for part in node.must_not):
        return 0.0
    must = [score(part, doc, default=default) for part in node.must]
    should = [found for part in node.should if (found := score(part, doc, default=default))]
    if not all(must) or len(should) < node.least:
        return 0.0
    return sum(must) + sum(should)


def _term(node: Term, doc: Document, name: str) -> float:
    if node.wild:
        if node.text == "*":
            return float(any(doc.values(name)))
        pattern = fold(node.text) if _is_text(name) else node.text
        pool = doc.terms.get(name, ()) if _is_text(name) else doc.values(name)
        return float(any(fnmatch.fnmatchcase(value, pattern.replace("[", "[[]")) for value in pool))
    if name.endswith("_ngram"):
        return float(any(fold(node.text) in value for value in doc.terms.get(name, ())))
    if not _is_text(name):
        return float(node.text in doc.values(name))
    pool = doc.terms.get(name, ())
    times = _occurrences(pool, words(node.text))
    return 0.1 + math.sqrt(times / (1 + len(pool))) if times else 0.0


def _occurrences(pool: Sequence[str], phrase: Sequence[str]) -> int:
    if not phrase:
        return 0
    span = len(phrase)
    return sum(list(pool[at : at + span]) == list(phrase) for at in range(len(pool) - span + 1))


def _within(node: Range, value: str) -> bool:
    low, high, here = _bound(node.low), _bound(node.high), _ordered(value)
    above = low == "*" or here > _ordered(low) or (node.with_low and here == _ordered(low))
    below = high == "*" or here < _ordered(high) or (node.with_high and here == _ordered(high))
    return above and below


def _bound(text: str) -> str:
    found = _DATE.match(text)
    if found is None:
        return text
    hours = int(found[1] or 0) * _HOURS.get(found[2] or "HOUR", 0)
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=hours)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _ordered(value: str) -> tuple[int, float, str]:
    try:
        return (0, float(value), "")
    except ValueError:
        return (1, 0.0, value)


def _is_text(name: str) -> bool:
    return name in _WORDS or name.startswith(_PREFIXES)


@dataclass(slots=True)
class Index:
    """Every document by its `index_id`; safe for several threads."""

    documents: dict[str, Document] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Add documents, replacing those with the same `index_id`; all or none."""
        analysed = [document(fields) for fields in documents]
        ready = {str(doc.fields["index_id"]): doc for doc in analysed}
        with self.lock:
            self.documents |= ready

    def delete(self, query: str) -> None:
        """Remove every document that a query matches."""
        node = parse(query)
        with self.lock:
            self.documents = {key: doc for key, doc in self.documents.items() if not score(node, doc)}


def select(index: Index, parameters: Parameters) -> dict[str, Any]:
    """Answer a search the way Solr's `/select` does, with `wt=json`.

    Args:
        index: The documents.
        parameters: Solr's parameters, each with its values: q, q.op, df, defType, qf, mm, fq, sort, start,
            rows, fl, facet, facet.field, facet.limit, facet.mincount.

    Raises:
        QuerySyntaxError: A query, a sort order or a number cannot be read.
    """
    hits = _hits(index, parameters)
    start, rows = _number(parameters, "start", 0), _number(parameters, "rows", 10)
    chosen = [name for value in parameters.get("fl", ["*"]) for name in re.split(r"[\s,]+", value) if name]
    page = [_stored(doc, chosen, points) for points, doc in hits[start : start + rows]]
    answer: dict[str, Any] = {
        "responseHeader": {"status": 0, "QTime": 0},
        "response": {"numFound": len(hits), "start": start, "numFoundExact": True, "docs": page},
    }
    if _first(parameters, "facet", "false") == "true":
        counts = {name: _facet(hits, name, parameters) for name in parameters.get("facet.field", ())}
        answer["facet_counts"] = {"facet_queries": {}, "facet_fields": counts, "facet_ranges": {}}
    return answer


def _hits(index: Index, parameters: Parameters) -> list[tuple[float, Document]]:
    operator, default = _first(parameters, "q.op", "OR"), _first(parameters, "df", "text")
    node = _main_query(parameters, operator)
    filters = [parse(text, operator=operator) for text in parameters.get("fq", ()) if text.strip()]
    with index.lock:
        documents = list(index.documents.values())
    kept = [doc for doc in documents if all(score(part, doc, default=default) for part in filters)]
    hits = [(points, doc) for doc in kept if (points := score(node, doc, default=default))]
    return _sorted(hits, _first(parameters, "sort", "score desc"))


def _main_query(parameters: Parameters, operator: str) -> Node:
    text = _first(parameters, "q", "*:*").strip()
    kind = _first(parameters, "defType", "lucene")
    if text in ("", "*:*") or kind == "lucene" or (kind == "edismax" and ":" in text):
        return parse(text, operator=operator)
    return parse_words(
        text, fields=_first(parameters, "qf", "text"), minimum=_first(parameters, "mm", "100%")
    )


def _sorted(hits: list[tuple[float, Document]], orders: str) -> list[tuple[float, Document]]:
    """Sort by several keys, the last first, since Python's sort keeps ties; what has no value comes last."""
    for order in reversed([part.strip() for part in orders.split(",") if part.strip()]):
        found = re.fullmatch(r"([\w.\-]+)\s+(asc|desc)", order, re.IGNORECASE)
        if found is None:
            raise QuerySyntaxError(f"Can't determine a Sort Order (asc or desc) in sort spec '{order}'")
        name, down = found[1], found[2].lower() == "desc"
        if name == "score":
            hits = sorted(hits, key=lambda hit: hit[0], reverse=down)
            continue
        with_value = [hit for hit in hits if hit[1].values(name)]
        without = [hit for hit in hits if not hit[1].values(name)]
        hits = sorted(with_value, key=lambda hit: _ordered(hit[1].values(name)[0]), reverse=down) + without
    return hits


def _facet(hits: Sequence[tuple[float, Document]], name: str, parameters: Parameters) -> list[str | int]:
    """Solr's flat list: value, count, value, count; the most frequent first."""
    limit, least = _number(parameters, "facet.limit", 100), _number(parameters, "facet.mincount", 0)
    counts = Counter(value for _, doc in hits for value in set(doc.values(name)))
    ordered = sorted(
        ((value, n) for value, n in counts.items() if n >= least), key=lambda item: (-item[1], item[0])
    )
    return [part for item in (ordered if limit < 0 else ordered[:limit]) for part in item]


def _stored(doc: Document, chosen: Sequence[str], points: float) -> dict[str, Any]:
    kept = {
        name: value
        for name, value in doc.fields.items()
        if name not in _NOT_STORED and any(fnmatch.fnmatchcase(name, pattern) for pattern in chosen)
    }
    return kept | ({"score": points} if "score" in chosen else {})


def _first(parameters: Parameters, name: str, otherwise: str) -> str:
    return next(iter(parameters.get(name, ())), otherwise)


def _number(parameters: Parameters, name: str, otherwise: int) -> int:
    try:
        return int(_first(parameters, name, str(otherwise)))
    except ValueError:
        raise QuerySyntaxError(f"{name} is not a number") from None
