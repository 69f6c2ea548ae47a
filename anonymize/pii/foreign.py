"""Names without a Vietnamese surname: called by an honorific, announced by a label, or led by a foreign first name."""

from __future__ import annotations

import regex  # type: ignore[import-untyped, unused-ignore]

from anonymize.pii import cues
from anonymize.pii.lexicon import lexicon
from anonymize.pii.names import Span, Token, tokenise
from anonymize.pii.text import fold

_INITIALS = regex.compile(r"\p{Lu}\.\s?(?:\p{Lu}\.?\s?){1,3}(?!\p{L})")
_CAPITALS = regex.compile(r"\p{Lu}[\p{L}'’]*\.?(?:[ -]\p{Lu}[\p{L}'’]*\.?){0,4}")


def find_called(text: str) -> list[Span]:
    """Names found by what calls them rather than by what they are made of.

    Args:
        text: A normalised text.

    Returns:
        Spans with scores, unordered.
    """
    return [*_labelled(text), *_one_word(text), *_first_names(text), *_initials(text)]


def _labelled(text: str) -> list[Span]:
    found = []
    for label in cues.CALLED.finditer(fold(text)):
        value = _CAPITALS.match(text, label.end())
        if value is None:
            continue
        words = tokenise(value.group())
        if _plausible(words) and (label["sure"] or _unlikely_heading(text, label.start(), words)):
            found.append(Span(value.start(), value.end(), 0.5 if label["sure"] else 0.3))
    return found


def _plausible(words: list[Token]) -> bool:
    joined = " ".join(word.word for word in words)
    plain = " ".join(word.plain for word in words)
    if joined in lexicon().places or plain in lexicon().places_plain:
        return False
    return len(words) >= 2 and not any(word.plain in lexicon().headings for word in words)


def _unlikely_heading(text: str, start: int, words: list[Token]) -> bool:
    # "Patient Safety Goals" is a heading; "patient John Smith" is not. A capital label needs a known first name.
    return all(word.case in "TI" for word in words) and (
        text[start].islower() or words[0].plain in lexicon().foreign
    )


def _initials(text: str) -> list[Span]:
    """Initials behind an honorific: BN N.V.A."""
    titles = cues.HONORIFIC.finditer(text)
    found = [_INITIALS.match(text, title.end()) for title in titles]
    return [Span(value.start(), value.end(), 0.3) for value in found if value]


def _one_word(text: str) -> list[Span]:
    """One given name behind an honorific: bà Lan, BN Tám."""
    found = []
    words = lexicon()
    for title in cues.HONORIFIC.finditer(text):
        value = _CAPITALS.match(text, title.end())
        if value is None:
            continue
        tokens = tokenise(value.group())
        spelled = " ".join(token.word for token in tokens)
        known = all(
            t.word in words.names or (t.word.isascii() and t.plain in words.names_plain) for t in tokens
        )
        place = spelled in words.places or " ".join([title.group().strip().lower(), spelled]) in words.places
        if known and not place and all(token.case == "T" for token in tokens):
            found.append(Span(value.start(), value.end(), 0.3))
    return found


def _first_names(text: str) -> list[Span]:
    found = []
    for value in _CAPITALS.finditer(text):
        words = tokenise(value.group())
        if (
            2 <= len(words) <= 4
            and words[0].plain in lexicon().foreign
            and all(w.case in "TI" for w in words)
        ):
            found.append(Span(value.start(), value.end(), 0.45))
    return found
