"""Normalisation and folding of text.

Positions matter: `fold` maps every character of a normalised text to exactly one character, so that a span found in the
folded text is the same span of the normalised one.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex  # type: ignore[import-untyped, unused-ignore]

_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d")


class _Clean(dict[int, str]):
    """Translation table, filled as characters are met: spaces, digits, dashes and look-alikes become the plain ones."""

    def __missing__(self, code: int) -> str:
        self[code] = value = _clean(chr(code))
        return value


def _clean(char: str) -> str:
    if char in "\n\t" or " " <= char <= "~":
        return char
    if char == "\u00d0":  # Eth, typed for the Vietnamese D with stroke
        return "\u0110"
    if char == "\u00f0":
        return "\u0111"
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind == "Cf":  # zero-width, soft hyphen, direction marks: invisible, so they hide what is read
        return ""
    if kind == "Zs" or char == "\r":
        return " "
    if char in _DASHES:
        return "-"
    wide = unicodedata.normalize("NFKC", char)
    return wide if len(wide) == 1 and "!" <= wide <= "~" else char


_CLEAN = _Clean()


def normalise(text: str) -> str:
    """The text as it is read: NFC, plain spaces, digits and dashes, nothing invisible, Eth as the Vietnamese letter.

    Args:
        text: Any text.

    Returns:
        The normalised text; never longer than NFC of the input.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_CLEAN))


class _Fold(dict[int, str]):
    """Translation table, filled as characters are met: one lower-case letter without diacritics per character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = unicodedata.normalize("NFD", char)[0].lower()
        self[code] = value = {"đ": "d"}.get(base, base if len(base) == 1 else char)
        return value


_FOLD = _Fold()


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without diacritics, character by character.

    Args:
        text: A normalised text.

    Returns:
        A text of the same length, so spans carry over.
    """
    return text.translate(_FOLD)


_TONES = regex.compile("(?<=[oO])([àáảãạèéẻẽẹ])|(?<=[uU])([ỳýỷỹỵ])")
_NEW_TO_OLD = {}
for _mark in "\u0300\u0301\u0309\u0303\u0323":
    for _pair in ("oa", "oe", "uy"):
        _new = _pair[0] + unicodedata.normalize("NFC", _pair[1] + _mark)
        _NEW_TO_OLD[_new] = unicodedata.normalize("NFC", _pair[0] + _mark) + _pair[1]


@lru_cache(maxsize=65536)
def syllable(word: str) -> str:
    """A word as the lexicon spells it: lower case, the tone mark where the older spelling puts it (hoà = hòa)."""
    low = word.lower()
    for new, old in _NEW_TO_OLD.items():
        if low.endswith(new):
            return low[: -len(new)] + old
    return low
