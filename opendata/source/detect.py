"""Tell which encoding texts were written in, from evidence, or refuse.

The evidence is Vietnamese spelling: under the right encoding, every word with a letter outside ASCII is a
possible syllable (initial, nucleus, coda, one tone; stopped syllables only with acute or dot). Under a wrong
one hardly any is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from opendata.source.encodings import LEGACY, Encoding, Undecodable, as_bytes, decode

# The right reading must explain nearly all words; every reading that differs must fail on a fifth of them,
# and on this many different words. (A wrong single-byte reading still makes a syllable of every second short
# word.)
MIN_MARGIN = 5
MIN_RIGHT = 0.95
MAX_WRONG = 0.8

_TONES = {"\u0300": "", "\u0309": "", "\u0303": "", "\u0301": "acute", "\u0323": "dot"}
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh|gi|g|kh|ph|th|tr|ch|qu|[bcdđhklmnprstvx])?"
    r"(?:uyê|oai|oay|oao|oeo|uôi|ươi|ươu|iêu|yêu|uây|uya|uyu|uao|iê|yê|ia|ya|ua|uô|ưa|ươ|ai|ay|ao|au|âu|ây|eo|êu|iu|oi|ôi|"
    r"ơi|oa|oă|oe|oo|ôô|ui|uê|uơ|uy|ưi|ưu|uâ|uă|ue|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y)"
    r"(?P<coda>ng|nh|ch|[ckmnpt])?"
)
_WORD = re.compile(r"[^\W\d_]+")
# Signs beside letters that say nothing about the encoding.
_NEUTRAL = frozenset("“”‘’„–—…•·°\xa0€™")


@dataclass(frozen=True, slots=True)
class Detection:
    """What texts are written in, and the evidence.

    Attributes:
        encoding: The encoding; None when the evidence does not decide.
        words: How many different words with letters outside ASCII there were.
        explained: Encoding -> how many of the words are Vietnamese syllables under it.
    """

    encoding: Encoding | None
    words: int
    explained: dict[Encoding, int]


def is_syllable(word: str) -> bool:
    """Whether a word is spelled as a Vietnamese syllable can be."""
    letters: list[str] = []
    tones: list[str] = []
    for character in unicodedata.normalize("NFD", word.casefold()):
        if character in _TONES:
            tones.append(_TONES[character])
        else:
            letters.append(character)
    match = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", "".join(letters)))
    if match is None or len(tones) > 1:
        return False
    return match["coda"] not in ("c", "ch", "k", "p", "t") or tones in (["acute"], ["dot"])


def is_vietnamese(text: str) -> bool:
    """Whether every word with letters outside ASCII is a Vietnamese syllable, and no sign is astray."""
    if any(not c.isascii() and not c.isalpha() and c not in _NEUTRAL for c in text):
        return False
    return all(is_syllable(w) for w in _WORD.findall(unicodedata.normalize("NFC", text)) if not w.isascii())


def detect(texts: Iterable[str]) -> Detection:
    """Tell the encoding of texts that were read as Latin-1 or Windows-1252.

    Texts with a character beyond both are Unicode by proof and no evidence for the rest, as people mix them
    in one workbook. Only ASCII, or only such texts: Unicode.

    Returns:
        The detection; its encoding is None when there are too few words, or two different readings explain
        them.
    """
    raw = (t for t in texts if not t.isascii() and as_bytes(t) is not None)
    words = sorted({word for text in raw for word in text.split() if not word.isascii()})
    candidates: tuple[Encoding, ...] = ("unicode", *LEGACY)
    read = {encoding: [_decoded(word, encoding) for word in words] for encoding in candidates}
    explained = {
        encoding: sum(t is not None and is_vietnamese(t) for t in read[encoding]) for encoding in candidates
    }
    best = max(candidates, key=lambda e: explained[e])
    rival = max((explained[e] for e in candidates if read[e] != read[best]), default=-MIN_MARGIN)
    sure = explained[best] >= MIN_RIGHT * len(words) and rival <= min(
        MAX_WRONG * len(words), explained[best] - MIN_MARGIN
    )
    return Detection(best if sure else None, len(words), explained)


def readings(text: str, encoding: Encoding | None) -> tuple[str, ...]:
    """Every text that this one may be: for the personal-data scan, which must miss nothing.

    The declared reading; the text as it stands, if it is Vietnamese or cannot be decoded; every reading if
    the encoding is not known.
    """
    if text.isascii() and min(text, default=" ") > "\x1f":
        return (text,)
    candidates: tuple[Encoding, ...] = (encoding,) if encoding else ("unicode", *LEGACY)
    found = dict.fromkeys(_decoded(text, e) for e in candidates)
    plain = unicodedata.normalize("NFC", text)
    if None in found or (is_vietnamese(plain) and all(_is_cased(word) for word in _WORD.findall(plain))):
        found[plain] = None
    return tuple(t for t in found if t is not None)


def _is_cased(word: str) -> bool:
    """Whether people write a word so: small, Capitalised or CAPITAL. "BÕn" is "Bến" in TCVN3, nobody types it."""
    return word in (word.lower(), word.upper(), word.capitalize())


def _decoded(text: str, encoding: Encoding) -> str | None:
    try:
        return decode(text, encoding)
    except Undecodable:
        return None
