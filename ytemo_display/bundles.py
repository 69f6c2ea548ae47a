"""A card in every form that a notebook may want."""

from __future__ import annotations

from ytemo_display import html, markdown, plain
from ytemo_display.card import Card


def bundle(card: Card) -> dict[str, str]:
    """The card as IPython asks for it (`_repr_mimebundle_`): media type -> text, each complete.

    The same card gives the same text: nothing in it is numbered, dated or random.
    """
    return {
        "text/plain": plain.written(card),
        "text/markdown": markdown.written(card),
        "text/html": html.written(card),
    }
