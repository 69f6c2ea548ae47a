"""Cards as Markdown, for whatever shows no HTML; nothing in a card can become markup."""

from __future__ import annotations

import re

from ytemo_display.card import NEXT, Card, Grid, Shown, Step, left_out, tame, words

_MARKUP = re.compile(r"[\\`*{}\[\]<>#|$~&_]|^[-+=]|^\d(?=\d*[.)])")


def written(card: Card) -> str:
    """The card as Markdown with tables as GitHub and JupyterLab know them."""
    parts = [f"**{_both(card.title)}** – {_both(card.status)}"]
    parts.append("\n".join(f"- {_both(name)}: {_both(value)}" for name, value in card.facts))
    parts += map(_grid, card.grids)
    parts += (_both(note) for note in card.notes)
    if card.steps:
        parts.append(f"**{_both(NEXT)}**\n\n" + "\n".join(map(_step, card.steps)))
    return "\n\n".join(part for part in parts if part)


def _both(shown: Shown) -> str:
    text = words(shown)
    return _plain(text.vi) if text.vi == text.en else f"{_plain(text.vi)} / {_plain(text.en)}"


def _plain(text: str) -> str:
    """Text that stays text: entities, which open no markup, not even mathematics."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", text)


def _grid(grid: Grid) -> str:
    rule = f"|{' --- |' * len(grid.headings)}"
    lines = [_row(grid.headings), rule, *map(_row, grid.rows)]
    more = left_out(grid)
    rest = [_both(more)] if more else []
    return "\n\n".join([_both(grid.caption), "\n".join(lines), *rest])


def _row(row: tuple[Shown, ...]) -> str:
    return f"| {' | '.join(map(_both, row))} |"


def _step(step: Step) -> str:
    return f"- {_both(step.text)}" + (f": {_code(tame(step.code))}" if step.code else "")


def _code(code: str) -> str:
    """A span of code between more backticks than it has."""
    fence = "`" * (max((len(run) for run in re.findall("`+", code)), default=0) + 1)
    edge = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{fence}{edge}{code}{edge}{fence}"
