"""Names without a Vietnamese surname: called by an honorific, announced by a label, or led by a foreign first name."""

from __future__ import annotations

from typing import Any

import regex  # type: ignore[import-untyped, unused-ignore]

from anonymize.pii import cues
from anonymize.pii.lexicon import lexicon
from anonymize.pii.names import Span, Token, tokenise
from anonymize.pii.text import fold

_INITIALS = regex.compile(r"\p{Lu}\.\s?(?:\p{Lu}\.?\s?){1,3}(?!\p{L})")
_NATIONAL = regex.compile(
    r",?\s*\(?(?:(?:quốc tịch|quoc tich|nationality)(?!\p{L})|người (?:nước ngoài|\p{Lu}))"
)
_VIETNAMESE = regex.compile("[\u0103\u0111\u01a1\u01b0\u1ea0-\u1ef9]", regex.IGNORECASE)
_INSIDE = regex.compile(r"\p{Lu}\p{L}* $")
_GOES_ON = regex.compile(r"\s*[,(]|\s+\p{Ll}")
_CAPITALS = regex.compile(
    r"\p{Lu}[\p{L}'’]*\.?(?:(?: (?:van|von|de|der|den|bin|al|el|da|dos|du)){0,2}[ -]\p{Lu}[\p{L}'’]*\.?|-\p{Ll}+){0,4}"
)


def find_called(text: str) -> list[Span]:
    """Names found by what calls them rather than by what they are made of.

    Args:
        text: A normalised text.

    Returns:
        Spans with scores, unordered.
    """
    return [*_labelled(text), *_one_word(text), *_first_names(text), *_initials(text), *_nationals(text)]


def _labelled(text: str) -> list[Span]:
    found = []
    for label in cues.CALLED.finditer(fold(text)):
        value = _CAPITALS.match(text, label.end())
        if value is None:
            continue
        words = tokenise(value.group())
        if _plausible(words) and (
            label["sure"]
            or _unlikely_heading(text, label.start(), words)
            or _strange(text, label.start(), value, words)
        ):
            found.append(Span(value.start(), value.end(), 0.5 if label["sure"] else 0.3))
    return found


def _plausible(words: list[Token]) -> bool:
    joined = " ".join(word.word for word in words)
    plain = " ".join(word.plain for word in words)
    if joined in lexicon().places or plain in lexicon().places_plain:
        return False
    return len(words) >= 2 and not any(word.plain in lexicon().headings for word in words)


def _strange(text: str, start: int, value: Any, words: list[Token]) -> bool:
    """Capitalised words of no Vietnamese spelling within a sentence; headings end with them."""
    if _VIETNAMESE.search(value.group()) or not _GOES_ON.match(text, value.end()):
        return False
    if _INSIDE.search(text, max(0, start - 24), start):  # the Chi of Ho Chi Minh
        return False
    return all(word.case in "TIL" for word in words) and any(
        word.plain not in lexicon().names_plain for word in words
    )


def _unlikely_heading(text: str, start: int, words: list[Token]) -> bool:
    # "Patient Safety Goals" is a heading; "patient John Smith" is not. A capital label needs a known first name.
    return all(word.case in "TIL" for word in words) and (
        text[start].islower()
        or text.startswith(("Mr", "Ms", "Miss", "Dr", "Prof"), start)
        or words[0].plain in lexicon().foreign
    )


def _initials(text: str) -> list[Span]:
    """Initials behind an honorific or before an age: BN N.V.A., ca T.T.N. (nam, 7 tuổi)."""
    titles = cues.HONORIFIC.finditer(text)
    found = [value for title in titles if (value := _INITIALS.match(text, title.end()))]
    found += [v for v in _INITIALS.finditer(text) if cues.AFTER_NAME.search(text[v.end() : v.end() + 24])]
    return [Span(value.start(), value.end(), 0.3) for value in found]


def _nationals(text: str) -> list[Span]:
    """Whatever stands before a nationality: Sok Dara, quốc tịch ..."""
    found = []
    for value in _CAPITALS.finditer(text):
        if _NATIONAL.match(text, value.end()) and _plausible(words := tokenise(value.group())):
            found += [Span(value.start(), value.end(), 0.3)] if all(w.case in "TI" for w in words) else []
    return found


def _one_word(text: str) -> list[Span]:
    """One given name behind an honorific: bà Lan, BN Tám."""
    found = []
    words = lexicon()
    for title in cues.HONORIFIC.finditer(text):
        value = _CAPITALS.match(text, title.end())
        if value is None or (title.group()[0].isupper() and _named_place(text, title.start())):
            continue
        tokens = tokenise(value.group())
        spelled = " ".join(token.word for token in tokens)
        known = all(
            t.word in words.names or (t.word.isascii() and t.plain in words.names_plain) for t in tokens
        )
        if title["foreign"] and len(tokens) == 1:
            known = tokens[0].plain not in words.headings
        called = " ".join([title.group().strip().lower(), spelled])
        place = spelled in words.places or called in words.places
        if known and not place and all(token.case == "T" for token in tokens):
            found.append(Span(value.start(), value.end(), 0.3))
    return found


def _named_place(text: str, start: int) -> bool:
    """Whether an honorific is part of a place's name: chợ Bà Chiểu, cầu Ông Lãnh."""
    return cues.BEFORE_INSTITUTION.search(text[max(0, start - 40) : start].lower()) is not None


def _first_names(text: str) -> list[Span]:
    """Foreign names by their lists: sure if first and family name are known, else in need of a cue."""
    found = []
    words = lexicon()
    for value in _CAPITALS.finditer(text):
        tokens = tokenise(value.group())
        if any(token.case not in "TIL" for token in tokens):
            continue
        for at, token in enumerate(tokens[:-1]):
            first = token.plain in words.foreign
            if first or (token.plain in words.asian and token.word.isascii()):
                rest = tokens[at + 1 : at + 4]
                sure = first and any(word.plain in words.family for word in rest)
                end = value.start() + rest[-1].end
                found.append(Span(value.start() + token.start, end, 0.65 if sure else 0.45))
                break
    return found
