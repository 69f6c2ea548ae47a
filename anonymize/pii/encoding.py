"""Signs of text that was never decoded from TCVN3, VNI-Windows or VPS, or that was decoded twice.

Such text hides names from every lexicon, so the scan refuses it instead of reading it.
"""

from __future__ import annotations

import regex  # type: ignore[import-untyped, unused-ignore]

_AFTER = "\u00b5\u00b6\u00b8\u00a8\u00aa\u00ac\u00af\u00be\u00bc\u00bd"  # letters of TCVN3 that Latin-1 shows as signs
_HARD = regex.compile(
    "|".join(
        (
            "\ufffd|[\x80-\x9f]",  # a failed decoding; C1 controls, where VPS keeps letters
            f"[A-Za-z][{_AFTER}]|\u00a7[^\\W\\d_]",
            "[A-Za-z][\u00b9\u00a9\u00ae\u00b7\u00bb\u00ab][a-z]",
            "(?<![^\\W_])\u00ae[^\\W\\d_]|\u00ad[\u00ac\u00e0-\u00ff]",
            "(?<![^\\W_])[A-Za-z]{1,3}\u00d7(?:nh|ch|[nmutp])?(?![^\\W_])",
            "[a-z][\u00c0-\u00d6\u00d8-\u00de]|[A-Z][\u00c0-\u00d6\u00d8-\u00de][a-z]",  # a capital inside a word
            # VNI-Windows: the accented vowel follows its vowel.
            "[aA][\u00e2\u00ea\u00e0\u00e1\u00e3\u00e5\u00fb\u00fa]|A[\u00c2\u00ca\u00c0\u00c1\u00c3\u00c5\u00da]",
            "[eE][\u00e2\u00e0\u00e1\u00e3\u00e5]|[oO][\u00e2\u00e4\u00e5]",
            "[\u00f6\u00f4][\u00f8\u00f9\u00fb\u00f5\u00ef]|[aeouy]\u00f8",
            "E[\u00c2\u00c0\u00c1\u00c3]|O[\u00c2\u00c4]|[\u00d6\u00d4][\u00d8\u00d9\u00db\u00d5\u00cf]|[AEOUY]\u00d8",
            # UTF-8 read as Latin-1 or Windows-1252.
            "\u00c3[\u00a0-\u00bf]|\u00e1[\u00ba\u00bb]|\u00c4[\u2018\u2019]|\u00c6[\u00a1\u00b0]|\u00e2\u20ac",
        )
    )
)
_SOFT = regex.compile("[\u00d7\u00e4-\u00e7\u00eb\u00ee\u00ef\u00f1\u00f6\u00f8\u00fb\u00fc\u00fe\u00df]")
_DECODED = regex.compile("[\u0103\u0111\u01a1\u01b0\u1ea0-\u1ef9]", regex.IGNORECASE)
_WORD = regex.compile(r"\S*[^\W\d_]\S*")

#: Anything that could be such a sign, for the prefilter (Rust regex dialect).
TRIGGER = (
    "[\u0080-\u00bf\u00d7\u00f7\u00d8\u00de\u00df\u00e4-\u00e7\u00eb\u00ee\u00ef\u00f1\u00f6\u00f8\u00fb\u00fc\u00fe\ufffd\u20ac\u2018\u2019]"
    "|[A-Za-z][\u00c0-\u00de]|[aAeEoO\u00f4\u00d4\u00d6\u00c3\u00c4\u00c6\u00e1\u00e2][\u0080-\u00ff]"
)


def undecoded(raw: str) -> bool:
    """Whether a text looks like legacy Vietnamese, or UTF-8, read in the wrong encoding.

    Args:
        raw: The text before any clean-up: soft hyphens and odd signs are evidence here.

    Returns:
        True if one certain sign is there, or if doubtful letters mark two words and 40% of them in a text without a
        single properly decoded Vietnamese letter (so that Sjögren or Behçet in a sentence are no alarm).
    """
    if raw.isascii():
        return False
    if _HARD.search(raw):
        return True
    if _DECODED.search(raw):
        return False
    words = _WORD.findall(raw)
    doubtful = sum(1 for word in words if _SOFT.search(word))
    return doubtful >= 2 and doubtful >= 0.4 * len(words)
