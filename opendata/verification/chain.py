"""The chain of provenance in plain words, from `prov.jsonld` and the signed approvals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalog.errors import Text
from opendata import words
from opendata.verification.checking import Signer, Verified

Node = Mapping[str, Any]
_STEPS = ("read", "aggregate", "protect", "audit", "release")
_ACTS = {
    "submit": Text("Trình", "Submitted by"),
    "approve": Text("Phê duyệt", "Approved by"),
    "approve_standing": Text("Phê duyệt trước", "Standing approval by"),
}


def chain(found: Verified) -> list[Text]:
    """What a release was made from, by which steps and program, and who answers for it; one line each.

    Args:
        found: From `verify`.

    Returns:
        Lines in both languages; only those about people when the release says nothing of its origin.
    """
    return [*_origin(found.origin), *(line for one in found.signers for line in _signed(one))]


def _origin(told: Mapping[str, Any]) -> Iterator[Text]:
    nodes = {str(node["@id"]): node for node in _listed(told.get("@graph"))}
    version = next((node for node in nodes.values() if "prov:Collection" in _listed(node.get("@type"))), None)
    if version is None:
        return
    own = f"{version['@id']}#"
    drawn = [nodes[one] for one in _ids(version, "prov:wasDerivedFrom") if one in nodes]
    sources = [_text(one, "dct:title") for one in drawn if str(one["@id"]).startswith(own)]
    databases = [_text(one, "dct:identifier") for one in drawn if not str(one["@id"]).startswith(own)]
    yield from _line("Nguồn (chỉ tên; nội dung là mật)", "Sources (names only; confidential)", sources)
    yield from _line("Cơ sở dữ liệu", "Databases", databases)
    yield from _line("Khai báo", "Spec", map(_digested, _of(nodes, "prov:Plan")))
    yield from _line("Danh mục mã", "Code lists", sorted(map(_listing, _of(nodes, "skos:ConceptScheme"))))
    steps = [nodes[own + step] for step in _STEPS if own + step in nodes]
    if steps:
        vi, en = (
            " → ".join(_text(step, "dct:title", language) for step in steps) for language in ("vi", "en")
        )
        yield Text(f"Các bước: {vi}", f"Steps: {en}")
    programs = [
        f"{_text(one, 'foaf:name')} {_text(one, 'dcat:version')}" for one in _of(nodes, "prov:SoftwareAgent")
    ]
    yield from _line("Chương trình", "Program", programs)
    before = [nodes[one] for one in _ids(version, "prov:wasRevisionOf") if one in nodes]
    yield from _line("Phiên bản trước", "Version before", (_text(one, "dcat:version") for one in before))
    offices = [nodes[one] for one in _ids(version, "prov:wasAttributedTo") if one in nodes]
    if offices:
        vi, en = (
            "; ".join(_text(one, "foaf:name", language) for one in offices) for language in ("vi", "en")
        )
        yield Text(f"Cơ quan: {vi}", f"Published by: {en}")


def _signed(one: Signer) -> Iterator[Text]:
    name, day = _ACTS.get(one.act, Text(one.act, one.act)), words.day(one.day)
    title = Text(one.title.vi, one.title.en) if one.title else Text(one.who, one.who)
    why = f": {one.why}" if one.why else ""
    yield Text(
        f"{name.vi}: {title.vi} ({one.who}, {one.role}), {day.vi}{why}",
        f"{name.en}: {title.en} ({one.who}, {one.role}), {day.en}{why}",
    )
    made = one.made_with
    if made:
        git = (made.get("code") or {}).get("git") or {}
        commit = str(git.get("commit") or "-") + ("+" if git.get("changed") else "")
        python, lock = made.get("python", "-"), made.get("packages_sha256", "-")
        yield Text(
            f"  Mã nguồn {commit}; Python {python}; các gói SHA-256 {lock}",
            f"  Code {commit}; Python {python}; packages SHA-256 {lock}",
        )


def _line(vi: str, en: str, items: Iterable[str]) -> Iterator[Text]:
    listed = [item for item in items if item]
    if listed:
        yield Text(f"{vi}: {', '.join(listed)}", f"{en}: {', '.join(listed)}")


def _digested(node: Node) -> str:
    return f"{_text(node, 'dct:title')} (SHA-256 {str(node['@id']).rpartition(';')[2]})"


def _listing(node: Node) -> str:
    valid = _text(node, "dct:valid")
    return _text(node, "dct:identifier") + (f" ({valid})" if valid else "")


def _of(nodes: Mapping[str, Node], kind: str) -> list[Node]:
    return [node for node in nodes.values() if kind in _listed(node.get("@type"))]


def _ids(node: Node, predicate: str) -> list[str]:
    return sorted(str(one["@id"]) for one in _listed(node.get(predicate)) if isinstance(one, Mapping))


def _text(node: Node, predicate: str, language: str = "") -> str:
    """A text of a node, in a language where it has one."""
    for one in _listed(node.get(predicate)):
        if not isinstance(one, Mapping):
            return str(one)
        if one.get("@language", "") == language or not language:
            return str(one.get("@value", ""))
    return ""


def _listed(found: Any) -> list[Any]:
    """JSON-LD writes a list of one as the one."""
    if found is None:
        return []
    return found if isinstance(found, list) else [found]
