"""Cards as plain text for terminals, logs of notebooks and screen readers: everything that the HTML says."""

from __future__ import annotations

from ytemo_display.card import NEXT, Card, Grid, Shown, Step, left_out, tame, words

WIDTH = 110
"""Tables wider than this many letters are not aligned."""


def written(card: Card) -> str:
    """The card as lines; the second language after a slash."""
    lines = [f"{_both(card.title)}: {_both(card.status)}"]
    lines += [f"  {_both(name)}: {_both(value)}" for name, value in card.facts]
    for grid in card.grids:
        lines += _grid(grid)
    lines += [f"  {_both(note)}" for note in card.notes]
    if card.steps:
        lines.append(f"  {_both(NEXT)}:")
        lines += [line for step in card.steps for line in _step(step)]
    return "\n".join(lines)


def _both(shown: Shown) -> str:
    text = words(shown)
    return text.vi if text.vi == text.en else f"{text.vi} / {text.en}"


def _grid(grid: Grid) -> list[str]:
    """The caption, then the rows beneath each other."""
    rows = [[_both(shown) for shown in row] for row in (grid.headings, *grid.rows)]
    more = left_out(grid)
    rest = [_both(more)] if more else []
    return [f"  {_both(grid.caption)}:", *(f"    {line}" for line in [*_aligned(rows), *rest])]


def _aligned(rows: list[list[str]]) -> list[str]:
    """Columns beneath each other, as long as that fits a screen."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) > WIDTH:
        return [" | ".join(row) for row in rows]
    aligned = ([text.ljust(width) for text, width in zip(row, widths, strict=True)] for row in rows)
    return ["  ".join(row).rstrip() for row in aligned]


def _step(step: Step) -> list[str]:
    return [f"    - {_both(step.text)}"] + ([f"        {tame(step.code)}"] if step.code else [])
