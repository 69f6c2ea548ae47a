"""How the codes of one vintage go over into those of another: unchanged, renamed, merged or split.

The shipped correspondences form a chain from the 40 provinces of 1980 to the 34 of today; any two of its
vintages correspond, in either direction, by composing the steps between them.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, reduce
from importlib.resources import files
from typing import Literal, NamedTuple, get_args

from catalog.codelists import CodeList, leaves
from catalog.errors import CodeListError, Problem, Text, VintageError
from catalog.labels import Labels
from catalog.shipped import builtin

Kind = Literal["unchanged", "renamed", "merged", "split"]
COLUMNS = ("before", "after", "kind", "moved", "note_vi", "note_en")
_FOLDER = files("catalog") / "data" / "correspondences"
_MIRRORED: dict[Kind, Kind] = {"merged": "split", "split": "merged"}


@dataclass(frozen=True, slots=True)
class Link:
    """One code of the earlier vintage, and a code of the later one that its area goes to.

    Attributes:
        before: The earlier code.
        after: The later code.
        kind: What happened; "split" when the earlier code goes to several, even if these were merged with others.
        moved: Whether a part smaller than a code came or went too, so that the areas do not agree exactly.
        note: What a reader must know.
    """

    before: str
    after: str
    kind: Kind
    moved: bool = False
    note: Labels | None = None


@dataclass(frozen=True, slots=True)
class Correspondence:
    """All links between two code lists.

    Attributes:
        before: Id of the one list, such as "province-63".
        after: Id of the other, such as "province-34".
        links: The links, sorted; every leaf of both lists is in one at least.
        source: What they were made from.
    """

    before: str
    after: str
    links: tuple[Link, ...]
    source: str = ""


class _Step(NamedTuple):
    before: str
    after: str
    source: str


@cache
def correspondence(before: str, after: str) -> Correspondence:
    """The correspondence between two shipped code lists, in either direction, over as many steps as it takes.

    Args:
        before: Id of the list that codes come from, such as "province-63".
        after: Id of the list that they go to.

    Raises:
        VintageError: When no chain of correspondences leads from the one to the other.
    """
    steps = _path(before, after)
    if not steps:
        raise VintageError([_unknown(before, after)])
    return reduce(compose, [_shipped(start, end) for start, end in steps])


def steps() -> tuple[tuple[str, str], ...]:
    """The shipped steps as pairs of list ids, each from the earlier vintage to the next, the earliest first."""
    return tuple((step.before, step.after) for step in _index())


def parse(text: str, before: CodeList, after: CodeList, source: str = "") -> Correspondence:
    """Read a correspondence from CSV: before, after, kind, moved ("yes" or empty), note_vi, note_en.

    Raises:
        CodeListError: With every mistake found: columns, codes that a list does not have, leaves without a link,
            links twice, kinds that the links belie.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    name = f"{before.id} → {after.id}"
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise CodeListError([_problem(name, _COLUMNS)])
    links, problems = [], []
    for number, row in enumerate(rows, start=2):
        if None in row or row["kind"] not in get_args(Kind) or row["moved"] not in ("", "yes"):
            problems.append(_problem(f"{name}, line {number}", _COLUMNS))
        else:
            links.append(_link(row))
    problems += _flaws(name, links, before, after)
    if problems:
        raise CodeListError(problems)
    return Correspondence(before.id, after.id, tuple(sorted(links, key=_pair)), source)


def reverse(along: Correspondence) -> Correspondence:
    """The same correspondence read from the later list to the earlier one: what was merged is split."""
    turned = [replace(link, before=link.after, after=link.before) for link in along.links]
    kinds = _shapes(_pair(link) for link in turned)
    links = [replace(link, kind=kinds[_pair(link)] or link.kind) for link in turned]
    return Correspondence(along.after, along.before, tuple(sorted(links, key=_pair)), along.source)


def compose(first: Correspondence, then: Correspondence) -> Correspondence:
    """From the start of the one to the end of the other.

    A code goes to every code that one of its parts goes to; an area that was split and put together again counts
    as whole. Notes stay with their own step.

    Raises:
        VintageError: When the second does not start where the first ends.
    """
    if first.after != then.before:
        raise VintageError([_problem(f"{first.after}, {then.before}", _APART)])
    ways: dict[tuple[str, str], list[tuple[Link, Link]]] = {}
    for one in first.links:
        for two in then.links:
            if one.after == two.before:
                ways.setdefault((one.before, two.after), []).append((one, two))
    kinds = _shapes(ways)
    links = [_joined(pair, kinds[pair], ways[pair]) for pair in sorted(ways)]
    sources = dict.fromkeys((*first.source.split("\n"), *then.source.split("\n")))
    return Correspondence(first.before, then.after, tuple(links), "\n".join(sources))


def targets(along: Correspondence) -> dict[str, tuple[str, ...]]:
    """Code of the earlier list -> the codes that it goes to; more than one for a split."""
    found: dict[str, tuple[str, ...]] = {}
    for link in along.links:
        found[link.before] = (*found.get(link.before, ()), link.after)
    return found


def breaks(along: Correspondence) -> frozenset[str]:
    """The codes of the later list whose area is not that of one earlier code: there a series by code breaks."""
    return frozenset(link.after for link in along.links if link.moved or link.kind in ("merged", "split"))


@cache
def _index() -> tuple[_Step, ...]:
    steps = json.loads((_FOLDER / "index.json").read_text(encoding="utf-8"))
    return tuple(_Step(**step) for step in steps)


def _path(before: str, after: str) -> list[tuple[str, str]]:
    """The shortest chain of steps, each in the direction in which it is taken; empty when there is none."""
    seen: dict[str, list[tuple[str, str]]] = {before: []}
    waiting = [before]
    while waiting and after not in seen:
        here = waiting.pop(0)
        for step in _index():
            for start, end in ((step.before, step.after), (step.after, step.before)):
                if start == here and end not in seen:
                    seen[end] = [*seen[here], (start, end)]
                    waiting.append(end)
    return seen.get(after, [])


@cache
def _shipped(before: str, after: str) -> Correspondence:
    for step in _index():
        if (step.before, step.after) == (before, after):
            text = (_FOLDER / f"{before}_{after}.csv").read_text(encoding="utf-8")
            return parse(text, builtin(before), builtin(after), step.source)
    return reverse(_shipped(after, before))


def _link(row: dict[str, str]) -> Link:
    note = Labels(vi=row["note_vi"], en=row["note_en"]) if row["note_vi"] or row["note_en"] else None
    kind: dict[str, Kind] = {name: name for name in get_args(Kind)}
    return Link(row["before"], row["after"], kind[row["kind"]], row["moved"] == "yes", note)


def _joined(pair: tuple[str, str], kind: Kind | None, ways: list[tuple[Link, Link]]) -> Link:
    steps = [link for way in ways for link in way]
    same: Kind = "unchanged" if all(link.kind == "unchanged" for link in steps) else "renamed"
    return Link(*pair, kind or same, any(link.moved for link in steps))


def _pair(link: Link) -> tuple[str, str]:
    return link.before, link.after


def _shapes(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Kind | None]:
    """What the links alone tell: a split, a merger, or None where one code goes over into one."""
    listed = set(pairs)
    out, into = Counter(before for before, _ in listed), Counter(after for _, after in listed)
    return {
        (before, after): "split" if out[before] > 1 else "merged" if into[after] > 1 else None
        for before, after in listed
    }


def _flaws(name: str, links: list[Link], before: CodeList, after: CodeList) -> Iterator[Problem]:
    kinds = _shapes(map(_pair, links))
    if len(kinds) < len(links):
        yield _problem(name, _TWICE)
    for link in links:
        shape = kinds[_pair(link)]
        if link.kind != shape and (shape or link.kind in ("merged", "split")):
            yield _problem(f"{name}, {link.before} → {link.after}", _BELIED)
    for codes, used in ((before, {link.before for link in links}), (after, {link.after for link in links})):
        known = {code.code for code in leaves(codes)}
        if used != known:
            yield _problem(f"{name}, {codes.id}: {', '.join(sorted(known - used)) or '–'}", _UNCOVERED)


def _problem(where: str, what: Text) -> Problem:
    return Problem(where, what, _CORRECT)


def _unknown(before: str, after: str) -> Problem:
    known = ", ".join(sorted({name for step in _index() for name in (step.before, step.after)}))
    return Problem(
        f"{before} → {after}",
        Text(
            "Không có bảng chuyển đổi giữa hai danh mục này.",
            "No correspondence leads from one to the other.",
        ),
        Text(f"Chọn hai danh mục khác nhau trong: {known}.", f"Choose two different lists of: {known}."),
    )


_CORRECT = Text("Sửa bảng chuyển đổi.", "Correct the correspondence.")
_COLUMNS = Text(
    f"Không đúng dạng: cần các cột {', '.join(COLUMNS)}.",
    f"Not in form: the columns are {', '.join(COLUMNS)}.",
)
_TWICE = Text("Một dòng xuất hiện hai lần.", "A link stands twice.")
_BELIED = Text("Loại thay đổi không khớp với các dòng.", "The kind does not agree with the links.")
_UNCOVERED = Text(
    "Có mã không nằm trong danh mục, hoặc mã của danh mục không có dòng nào.",
    "There are codes that the list does not have, or codes of the list without a link.",
)
_APART = Text(
    "Bảng sau không bắt đầu ở danh mục cuối của bảng trước.",
    "The second does not start where the first ends.",
)
