"""Mistakes of a source, in both languages. Places are files, sheets and addresses; never a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalog.errors import Problem, Text
from opendata.source.sentences import SENTENCES

SHOWN_PLACES = 8
SHOWN_PROBLEMS = 60


def problem(kind: str, where: str, detail: object = "") -> Problem:
    """One mistake of a kind at a place.

    Args:
        kind: Name of the sentence.
        where: File, sheet, address.
        detail: A number or a declared name that belongs into the sentence; never a value of the input.
    """
    what_vi, what_en, remedy_vi, remedy_en = SENTENCES[kind]
    shown = str(detail)
    return Problem(where, Text(what_vi.format(shown), what_en.format(shown)), Text(remedy_vi, remedy_en))


def at(path: str, sheet: str = "", cells: Sequence[str] = ()) -> str:
    """A place: file, sheet and the first few addresses."""
    shown = ", ".join(cells[:SHOWN_PLACES])
    more = f" (+{len(cells) - SHOWN_PLACES})" if len(cells) > SHOWN_PLACES else ""
    place = f"{path}, {sheet}" if sheet else path
    return f"{place}!{shown}{more}" if cells and sheet else f"{place}, {shown}{more}" if cells else place


def gathered(path: str, sheet: str, found: Iterable[tuple[str, str, str]]) -> list[Problem]:
    """Mistakes of one sheet: (kind, detail, address) in, one problem for each kind and detail out."""
    groups: dict[tuple[str, str], list[str]] = {}
    for kind, detail, place in found:
        groups.setdefault((kind, detail), []).append(place)
    return [
        problem(kind, at(path, sheet, [p for p in places if p]), detail)
        for (kind, detail), places in groups.items()
    ]


def capped(problems: Sequence[Problem]) -> list[Problem]:
    """At most `SHOWN_PROBLEMS`, and a last one that says how many more there are."""
    if len(problems) <= SHOWN_PROBLEMS:
        return list(problems)
    rest = len(problems) - SHOWN_PROBLEMS
    return [*problems[:SHOWN_PROBLEMS], problem("more", problems[SHOWN_PROBLEMS].where, rest)]
