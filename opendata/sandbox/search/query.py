"""The query language: text in Lucene's classic syntax, or words for dismax, to a tree.

Semantics of operators follow Lucene's classic `QueryParserBase.addClause`: `AND` makes both neighbours
required, `OR` makes them optional, and what has no operator follows the default operator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


class QuerySyntaxError(ValueError):
    """A query nobody can read; Solr answers 400, and so does this server."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every document: `*:*`."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words in one field.

    Attributes:
        field: Where to look; None is the default field.
        text: The word or phrase, unescaped; a pattern when `wild`.
        phrase: True when it was quoted: the words must follow each other.
        wild: True when `text` holds the wildcards `*` or `?`.
    """

    field: str | None
    text: str
    phrase: bool = False
    wild: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """Values between two bounds (`*` is open); the flags say whether a bound itself belongs."""

    field: str | None
    low: str
    high: str
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True, slots=True)
class Boolean:
    """All of `must`, none of `must_not`, and, with no `must`, at least `least` of `should`."""

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    must_not: tuple[Node, ...] = ()
    least: int = 0


@dataclass(frozen=True, slots=True)
class Best:
    """The best of several alternatives (dismax): one word looked for in several weighted fields."""

    choices: tuple[tuple[Node, float], ...]


Node = Everything | Term | Range | Boolean | Best

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<range>[\[{]\s*(?P<low>"[^"]*"|[^\s\]}]+)\s+TO\s+(?P<high>"[^"]*"|[^\s\]}]+)\s*[\]}])
    | (?P<quoted>"(?:[^"\\]|\\.)*")
    | (?P<op>\(|\)|&&|\|\|)
    | (?P<sign>[+\-!](?=\S))
    | (?P<word>(?:[^\s()"\[\]{}:\\^~]|\\.)+)(?P<colon>\s*:(?=\s*\S))?
    )(?P<suffix>(?:\^[\d.]+|~[\d.]*)*)""",
    re.VERBOSE,
)
_CONJUNCTIONS = {"AND": "AND", "&&": "AND", "OR": "OR", "||": "OR"}
_LOCAL_PARAMETERS = re.compile(r"^\{![^}]*\}")


def parse(text: str, *, operator: str = "OR") -> Node:
    """Read a query in Lucene's classic syntax.

    Args:
        text: For example `+site_id:"x" (tags:a OR tags:b) -title:"hai từ"`.
        operator: What joins clauses that say nothing: "AND" or "OR".

    Raises:
        QuerySyntaxError: It cannot be read; Solr would answer 400.
    """
    reader = _Reader(text, operator)
    node = _clauses(reader, field=None, depth=0)
    if reader.here is not None:
        raise reader.error()
    return _positive(node)


def parse_words(text: str, *, fields: str, minimum: str) -> Node:
    """Read what a person typed into the search box (dismax): words, phrases, + and - in front of them.

    Args:
        text: The words.
        fields: Solr's `qf`: field names with optional weights, `title^4 text`.
        minimum: Solr's `mm`: how many of the optional words must be there, `2<-1 5<80%`.
    """
    weights = [_weight(field) for field in fields.split()]
    kinds: dict[str, list[Node]] = {"+": [], "-": [], "": []}
    for sign, quoted, word in re.findall(r'([+\-]?)(?:"([^"]*)"|([^\s"]+))', text):
        if words := (quoted or word).strip():
            kinds[sign].append(Best(tuple((Term(field, words, phrase=True), w) for field, w in weights)))
    should = tuple(kinds[""])
    least = required(minimum, len(should))
    return _positive(Boolean(tuple(kinds["+"]), should, tuple(kinds["-"]), least))


def required(minimum: str, optional: int) -> int:
    """How many of `optional` words Solr's `mm` demands; of its conditions, the last true one wins."""
    need = optional
    for part in minimum.split():
        above, less, value = part.rpartition("<")
        if less and optional <= int(above):
            break
        if value.endswith("%"):
            share = int(optional * abs(int(value[:-1])) / 100)
            need = optional - share if value.startswith("-") else share
        else:
            need = optional + int(value) if value.startswith("-") else int(value)
    return max(0, min(optional, need))


def _weight(field: str) -> tuple[str, float]:
    name, _, weight = field.partition("^")
    return name, float(weight or 1)


class _Reader:
    """The tokens of one query and the place of the parser in them."""

    def __init__(self, text: str, operator: str) -> None:
        self.text = text
        self.operator = operator
        self._tokens = self._split(_LOCAL_PARAMETERS.sub("", text.strip()).strip())
        self.here: re.Match[str] | None = next(self._tokens, None)

    def _split(self, text: str) -> Iterator[re.Match[str]]:
        place = 0
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None or found.end() == place:
                raise self.error()
            place = found.end()
            yield found

    def take(self) -> re.Match[str]:
        """The next token; there must be one."""
        token = self.here
        if token is None:
            raise self.error()
        self.here = next(self._tokens, None)
        return token

    def error(self) -> QuerySyntaxError:
        """What Solr says of such a query, so that CKAN recognises it."""
        return QuerySyntaxError(f"org.apache.solr.search.SyntaxError: Cannot parse '{self.text}'")


def _clauses(reader: _Reader, *, field: str | None, depth: int) -> Boolean:
    """Read clauses up to a closing parenthesis or the end."""
    if depth > 50:
        raise reader.error()
    read: list[tuple[str, Node]] = []
    while reader.here is not None and reader.here["op"] != ")":
        conjunction = _conjunction(reader)
        sign = _sign(reader)
        node = _clause(reader, field=field, depth=depth)
        if read and read[-1][0] != "-":
            if conjunction == "AND":
                read[-1] = ("+", read[-1][1])
            elif conjunction == "OR" and reader.operator == "AND":
                read[-1] = ("", read[-1][1])
        implied = conjunction == "AND" or (reader.operator == "AND" and conjunction != "OR")
        read.append((sign or ("+" if implied else ""), node))
    kinds = {kind: tuple(node for sign, node in read if sign == kind) for kind in ("+", "", "-")}
    return Boolean(kinds["+"], kinds[""], kinds["-"], least=0 if kinds["+"] else min(1, len(kinds[""])))


def _conjunction(reader: _Reader) -> str:
    token = reader.here
    if token is None or token["colon"]:
        return ""
    word = _CONJUNCTIONS.get(token["op"] or token["word"] or "", "")
    if word:
        reader.take()
    return word


def _sign(reader: _Reader) -> str:
    token = reader.here
    if token is None:
        return ""
    if token["word"] == "NOT" and not token["colon"]:
        reader.take()
        return "-"
    if token["sign"]:
        reader.take()
        return "+" if token["sign"] == "+" else "-"
    return ""


def _clause(reader: _Reader, *, field: str | None, depth: int) -> Node:
    token = reader.take()
    if token["op"] == "(":
        inside = _clauses(reader, field=field, depth=depth + 1)
        if reader.take()["op"] != ")":
            raise reader.error()
        return inside
    if token["range"]:
        low, high = token["low"].strip('"'), token["high"].strip('"')
        return Range(field, low, high, token["range"][0] == "[", token["range"].rstrip()[-1] == "]")
    if token["quoted"]:
        return Term(field, _unescape(token["quoted"][1:-1]), phrase=True)
    if token["colon"]:
        return _clause(reader, field=_unescape(token["word"]), depth=depth + 1)
    if not token["word"]:
        raise reader.error()
    return _word(field, token["word"])


def _word(field: str | None, word: str) -> Node:
    if word == "*" and field in (None, "*"):
        return Everything()
    wild = re.search(r"(?<!\\)[*?]", word) is not None
    return Term(field, _unescape(word), wild=wild)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _positive(node: Boolean) -> Node:
    """A query of refusals only means "everything but", an empty one everything (at the top level only)."""
    if node.must or node.should:
        return node
    return Boolean((Everything(),), (), node.must_not)
