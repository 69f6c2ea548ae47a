"""Small tables drawn as text: one line per row, columns apart by blanks, codes of several row dimensions with dots.

The first word names the dimensions: `area/sex` (rows, then columns), `area.sex/age`, or `area` alone, where every line
is a measure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ABSENT = "-"
"""A place of the drawing that is no cell."""
Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A drawing: the words at (codes of the dimensions, measure)."""

    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    words: dict[Cell, str]

    def codes(self, name: str) -> list[str]:
        place = self.dimensions.index(name)
        return list(dict.fromkeys(cell[place] for cell in self.words))


def draw(text: str) -> Grid:
    (corner, *columns), *lines = [line.split() for line in text.strip().splitlines()]
    crossed = "/" in corner
    rows = tuple(corner.split("/")[0].split(".")) if crossed else ()
    dimensions = (*rows, corner.split("/")[-1])
    words = {}
    for label, *line in lines:
        if len(line) != len(columns):
            raise ValueError(f"{label}: {len(line)} words under {len(columns)} columns")
        codes, measure = (tuple(label.split(".")), "n") if crossed else ((), label)
        for column, word in zip(columns, line, strict=True):
            words[*codes, column, measure] = word
    measures = tuple(dict.fromkeys(cell[-1] for cell in words))
    return Grid(dimensions, measures, {cell: word for cell, word in words.items() if word != ABSENT})


PART = re.compile(
    r"(?:(?P<who>\w+)(?:@(?P<holding>\w+))?(?P<asked>!)?:)?(?P<amount>-?\d+)(?:\*(?P<weight>\d+))?"
)


def parts(word: str) -> list[dict[str, str | None]]:
    """What a cell is drawn as the sum of: `H@G!:30*2` is 30 of hospital H of holding G, who asked, with weight 2."""
    found = [PART.fullmatch(part) for part in word.split("+")]
    if None in found:
        raise ValueError(f"{word} is neither a number nor a sum of contributions")
    return [match.groupdict() for match in found if match]
