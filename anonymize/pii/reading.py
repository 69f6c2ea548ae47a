"""Texts, or many distinct values, read by the recognisers one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from anonymize.pii.encoding import undecoded
from anonymize.pii.text import normalise

WINDOW, MARGIN = 2_400, 200  # characters; no piece of personal data with its context is longer than a margin


class Clue(NamedTuple):
    """One kind of evidence at one place; internal, because it holds raw values.

    Attributes:
        entity: What it is.
        score: How sure.
        example: The first raw piece, for its mask only.
        distinct: Number of distinct pieces.
        cell: The first raw value that holds one, to look up its row; None for evidence about a whole column.
        evidence: "value", "column", "name" or "encoding".
        declared: True if exact texts of the caller cover it.
        row: First row in a column.
    """

    entity: str
    score: float
    example: str
    distinct: int
    cell: str | None
    evidence: str
    declared: bool = False
    row: int | None = None


class _Piece(NamedTuple):
    entity: str
    score: float
    value: str
    cell: str
    declared: bool


def read(values: Iterable[str], allow: Sequence[str] = ()) -> list[Clue]:
    """What the recognisers find in texts or in the distinct values of a column.

    Args:
        values: Raw texts.
        allow: Exact texts that are published on purpose.

    Returns:
        One clue per entity, declared and undeclared pieces apart, in the order of first appearance.

    Raises:
        ScanError: If the recognisers are not ready or anything stops them.
    """
    declared = [normalise(text) for text in allow]
    groups: dict[tuple[str, bool], list[_Piece]] = {}
    for value in values:
        for piece in _pieces(value, declared):
            groups.setdefault((piece.entity, piece.declared), []).append(piece)
    return [_clue(pieces) for pieces in groups.values()]


def _clue(pieces: Sequence[_Piece]) -> Clue:
    first = pieces[0]
    evidence = "encoding" if first.entity == "UNDECODED_TEXT" else "value"
    distinct = len({piece.value for piece in pieces})
    return Clue(
        first.entity,
        max(p.score for p in pieces),
        first.value,
        distinct,
        first.cell,
        evidence,
        first.declared,
    )


def _pieces(raw: str, declared: Sequence[str]) -> Iterable[_Piece]:
    from anonymize.pii.engine import analyse, ready

    if undecoded(raw):
        return [_Piece("UNDECODED_TEXT", 1.0, raw, raw, False)]
    text = normalise(raw)
    covered = [span for allowed in declared for span in _occurrences(text, allowed)]
    return [
        _Piece(
            hit.entity,
            hit.score,
            part[hit.start : hit.end],
            raw,
            _within(at + hit.start, at + hit.end, covered),
        )
        for at, part in _windows(text)
        for hit in analyse(ready(), part)
        if _owned(hit.start, at, at + len(part) < len(text), len(part))
    ]


def _windows(text: str) -> Iterable[tuple[int, str]]:
    """Overlapping pieces of a long text: presidio compares every result with every other."""
    step = WINDOW - 2 * MARGIN
    return [(at, text[at : at + WINDOW]) for at in range(0, max(1, len(text) - 2 * MARGIN), step)]


def _owned(start: int, at: int, more: bool, size: int) -> bool:
    """Each place belongs to the one window that also shows what stands around it."""
    return (at == 0 or start >= MARGIN) and (not more or start < size - MARGIN)


def _occurrences(text: str, part: str) -> Iterable[tuple[int, int]]:
    at = text.find(part)
    while at >= 0:
        yield at, at + len(part)
        at = text.find(part, at + 1)


def _within(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(left <= start and end <= right for left, right in spans)
