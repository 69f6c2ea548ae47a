"""Cards as HTML: no script, no style sheet, no request, and the colours of whatever page they stand in.

Text keeps the page's colour, so that it has the page's contrast in a dark and in a light theme; the second language is
the same colour, thinner. Lines take JupyterLab's own colours where it offers them. A title is no `<h4>`, which would
enter JupyterLab's table of contents, but a screen reader hears a heading.
"""

from __future__ import annotations

from html import escape

from ytemo_display.card import NEXT, Card, Grid, Shown, Step, Tone, left_out, tame, words

_EDGE: dict[Tone, str] = {
    "plain": "var(--jp-border-color1, #8c8c8c)",
    "confidential": "var(--jp-warn-color1, #b45309)",
    "passed": "var(--jp-success-color1, #2e7d32)",
    "refused": "var(--jp-error-color1, #c62828)",
}
_LINE = "1px solid var(--jp-border-color2, rgba(128, 128, 128, .4))"
_CELL = "vertical-align:top;padding:.25em 1.2em .25em 0;border:0;white-space:normal;max-width:34em"
_TABLE = f"border-collapse:collapse;border:0;border-top:{_LINE};margin:.5em 0;font-size:inherit;color:inherit"
_MUTED = "opacity:.75;font-size:.92em;font-weight:normal"
_CAPTION = "text-align:left;caption-side:top;padding:.4em 0;color:inherit;white-space:nowrap"


def written(card: Card) -> str:
    """The card as one element."""
    parts = (_head(card), _facts(card), *map(_grid, card.grids), *map(_note, card.notes), _steps(card.steps))
    style = f"border:{_LINE};border-left:4px solid {_EDGE[card.tone]};padding:.5em 1em;margin:.3em 0"
    inner = "\n".join(part for part in parts if part)
    return f'<div role="group" lang="vi" style="{style};max-width:62em">\n{inner}\n</div>'


def _both(shown: Shown, *, inline: bool = False) -> str:
    """Vietnamese, and English beneath or beside it where that differs; each marked as what it is."""
    text = words(shown)
    if text.vi == text.en:
        return escape(text.vi)
    style = _MUTED if inline else f"display:block;{_MUTED}"
    return (
        f'<span lang="vi">{escape(text.vi)}</span> <span lang="en" style="{style}">{escape(text.en)}</span>'
    )


def _head(card: Card) -> str:
    title = (
        f'<span role="heading" aria-level="4" style="font-weight:600">{_both(card.title, inline=True)}</span>'
    )
    return f'<div>{title}</div>\n<div style="margin:.2em 0">{_both(card.status, inline=True)}</div>'


def _facts(card: Card) -> str:
    rows = "\n".join(_fact(name, value) for name, value in card.facts)
    return f'<table style="{_TABLE}"><tbody>\n{rows}\n</tbody></table>' if rows else ""


def _fact(name: Shown, value: Shown) -> str:
    style = _aligned(False)
    return (
        f'<tr style="background:transparent"><th scope="row" style="{style};font-weight:normal">{_both(name)}</th>'
        f'<td style="{style}">{_both(value)}</td></tr>'
    )


def _grid(grid: Grid) -> str:
    numbers = {
        place for place in range(len(grid.headings)) if any(isinstance(row[place], int) for row in grid.rows)
    }
    head = "".join(
        f'<th scope="col" style="{_aligned(place in numbers)};font-weight:600">{_both(name)}</th>'
        for place, name in enumerate(grid.headings)
    )
    rows = "\n".join(_row(row, numbers) for row in grid.rows)
    more = left_out(grid)
    rest = f'\n<div style="margin:.3em 0">{_both(more, inline=True)}</div>' if more else ""
    return (
        f'<table style="{_TABLE}"><caption style="{_CAPTION}">{_both(grid.caption, inline=True)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>{rest}"
    )


def _row(row: tuple[Shown, ...], numbers: set[int]) -> str:
    cells = "".join(
        f'<td style="{_aligned(place in numbers)}">{_both(shown)}</td>' for place, shown in enumerate(row)
    )
    return f'<tr style="background:transparent">{cells}</tr>'


def _aligned(number: bool) -> str:
    return f"text-align:{'right' if number else 'left'};{_CELL}"


def _note(note: Shown) -> str:
    return f'<div style="margin:.4em 0">{_both(note)}</div>'


def _steps(steps: tuple[Step, ...]) -> str:
    if not steps:
        return ""
    items = "\n".join(f'<li style="margin:.3em 0">{_both(step.text)}{_code(step)}</li>' for step in steps)
    return (
        f'<div style="border-top:{_LINE};padding-top:.4em"><span style="font-weight:600">'
        f'{_both(NEXT, inline=True)}</span>\n<ul style="margin:.2em 0">\n{items}\n</ul></div>'
    )


def _code(step: Step) -> str:
    return f'<code style="display:block">{escape(tame(step.code))}</code>' if step.code else ""
