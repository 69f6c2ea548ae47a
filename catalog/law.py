"""The law as data: which provision says what, and from which day to which day.

Adding a law or amending a date is a change of `data/law.json`, read as a diff by a jurist; no code changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import TypeAdapter

from catalog.errors import LawError, Problem, Text
from catalog.evidence import Condition
from catalog.labels import Day, Labels, Strict

Confidence = Literal["H", "M", "L"]
_FOLDER = files("catalog") / "data"


class Provision(Strict):
    """A part of a document as stored: what differs from the document as a whole.

    Attributes:
        path: Article, clause, point, such as "10.2.c".
        title: What it says.
        basis: Whether publication of open data can rest on it.
        valid_to: Last day, when it ended before the document did.
        repealed_by: Id of the provision that ended it.
    """

    path: str
    title: Labels
    basis: bool = False
    valid_to: Day | None = None
    repealed_by: str | None = None


class Document(Strict):
    """A law, decree, decision or circular as stored.

    Attributes:
        id: Such as "decree-102-2025".
        name: Kind and number.
        title: Its subject.
        valid_from: First day in force; None when the day is not confirmed.
        valid_to: Last day in force.
        repealed_by: Id of what ended it.
        confidence: H the primary text was read, M a credible secondary source, L to be confirmed.
        basis: Whether publication of open data can rest on the document as a whole.
        provisions: The parts that are cited.
    """

    id: str
    name: Labels
    title: Labels
    valid_from: Day | None
    valid_to: Day | None
    repealed_by: str | None
    confidence: Confidence
    basis: bool
    provisions: tuple[Provision, ...]


class Citation(Strict):
    """A provision that can be cited.

    Attributes:
        id: Such as "decree-102-2025/10.2.c", or the document alone.
        name: How it is cited: "điểm c khoản 2 Điều 10 Nghị định 102/2025/NĐ-CP".
        title: What it says.
        valid_from: First day in force; None when the day is not confirmed.
        valid_to: Last day in force; None while it is.
        repealed_by: Id of what ended it.
        confidence: How sure the dates are: H, M or L.
        basis: Whether publication of open data can rest on it.
    """

    id: str
    name: Labels
    title: Labels
    valid_from: Day | None
    valid_to: Day | None
    repealed_by: str | None
    confidence: Confidence
    basis: bool


class HealthGroup(Strict):
    """One of the 24 groups of Article 5, Decree 102/2025.

    Attributes:
        group: Its number, 1 to 24.
        labels: Its name in the decree.
        conditions: The points of Article 9(2) that name it.
        national_database: Points of Article 14 that it feeds (our reading).
        master_data: Clauses of Article 15 that it feeds (our reading).
        registry: Whether an open copy of its registers must say that it is not the master copy.
    """

    group: int
    labels: Labels
    conditions: tuple[Condition, ...]
    national_database: tuple[str, ...]
    master_data: tuple[str, ...]
    registry: bool


class Category(Strict):
    """A kind of database of Article 7, Decree 102/2025.

    Attributes:
        category: "1", "2a", "2b", "3" or "4".
        provision: Its clause and point.
        labels: Its name.
    """

    category: str
    provision: str
    labels: Labels


class _HealthData(Strict):
    groups: tuple[HealthGroup, ...]
    categories: tuple[Category, ...]


def citation(name: str) -> Citation:
    """The provision of that id.

    Raises:
        LawError: When the law data do not hold it.
    """
    found = citations().get(name)
    if found is None:
        raise LawError([unknown_citation(name, "legal_basis")])
    return found


@cache
def citations() -> dict[str, Citation]:
    """Every provision and document that can be cited, by id."""
    text = (_FOLDER / "law.json").read_text(encoding="utf-8")
    documents = TypeAdapter(tuple[Document, ...]).validate_json(text)
    return {c.id: c for document in documents for c in _citations_of(document)}


@cache
def groups() -> dict[int, HealthGroup]:
    """The 24 groups of Article 5 by number."""
    return {g.group: g for g in _health_data().groups}


@cache
def categories() -> dict[str, Category]:
    """The kinds of database of Article 7 by "1", "2a", "2b", "3", "4"."""
    return {c.category: c for c in _health_data().categories}


def in_force(provision: Citation, on: date) -> bool:
    """Whether a provision is in force on a day; a first day that is not confirmed counts as not."""
    started = provision.valid_from is not None and provision.valid_from <= on
    return started and not ended(provision, on)


def ended(provision: Citation, on: date) -> bool:
    """Whether a provision was repealed or expired before a day."""
    return provision.valid_to is not None and provision.valid_to < on


def conditions(declared: Iterable[int]) -> dict[Condition, tuple[int, ...]]:
    """The conditions of Article 9(2) over some groups: each point, with the groups that bring it in.

    Args:
        declared: Numbers of groups of Article 5; unknown numbers bring nothing (the gate refuses them).

    Returns:
        Points in the order of the article -> groups, ascending. Empty when no group carries a condition.
    """
    known = groups()
    numbers = sorted(set(declared) & set(known))
    points = sorted({point for n in numbers for point in known[n].conditions})
    return {point: tuple(n for n in numbers if point in known[n].conditions) for point in points}


def unknown_citation(name: str, where: str) -> Problem:
    """The problem of an id that the law data do not hold."""
    return Problem(
        where,
        Text(f"Không biết căn cứ pháp lý “{name}”.", f"No provision “{name}” is known."),
        Text(
            "Ghi đúng mã, ví dụ decree-102-2025/10.2.c, hoặc bổ sung dữ liệu pháp luật.",
            "Write the id in full, such as decree-102-2025/10.2.c, or add it to the law data.",
        ),
    )


@cache
def _health_data() -> _HealthData:
    return _HealthData.model_validate_json((_FOLDER / "health_groups.json").read_text(encoding="utf-8"))


def _citations_of(document: Document) -> Iterable[Citation]:
    whole = document.model_dump(exclude={"provisions"})
    yield Citation.model_validate(whole)
    for part in document.provisions:
        own = {
            "id": f"{document.id}/{part.path}",
            "name": _cited(document.name, part.path),
            "title": part.title,
            "basis": part.basis,
            "valid_to": part.valid_to or document.valid_to,
            "repealed_by": part.repealed_by or document.repealed_by,
        }
        yield Citation.model_validate(whole | own)


def _cited(name: Labels, path: str) -> Labels:
    """Both ways of citing: from the point up in Vietnamese, "Article 10(2)(c)" in English."""
    article, *rest = path.split(".")
    vietnamese = [f"{kind} {part}" for kind, part in zip(("khoản", "điểm"), rest, strict=False)][::-1]
    english = f"Article {article}" + "".join(f"({part})" for part in rest)
    return Labels(
        vi=" ".join([*vietnamese, f"Điều {article}", name.vi]),
        en=f"{english}, {name.en}",
    )
