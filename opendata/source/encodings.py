"""Legacy Vietnamese encodings to Unicode and back: one table for TCVN3 (ABC), VNI-Windows and VPS.

Old ministry files hold the bytes of such an encoding, and every reader hands them over as Latin-1 or
Windows-1252 ("TØnh/T.phè" is "Tỉnh/T.phố"). Both readings are accepted; the result is always NFC.

Sources of the tables: TCVN 5712:1993 (VN3), the VNI-Windows font layout and the VPS layout; the 134 letters
were compared with UniKey's and VietPad's tables.

Two properties of the encodings themselves matter to whoever reads a decoded text:

* TCVN3 has no toned capitals. Its fonts come in pairs and the capital one (".VnTimeH") draws "µ" as "À", so
  the text alone does not tell "À" from "à": decoding always gives the small letter. Compare labels without
  regard to case.
* VPS keeps some capitals on control characters, which spreadsheets may have lost before we see them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

Legacy = Literal["tcvn3", "vni", "vps"]
Encoding = Literal["unicode", "tcvn3", "vni", "vps"]

LEGACY: Final[tuple[Legacy, ...]] = get_args(Legacy)

# Every small letter of the alphabet outside ASCII, in one fixed order: vowel by vowel, tones as listed (none,
# grave, hook, tilde, acute, dot), then d with stroke. The tables below follow it.
_SMALL: Final = (
    "àảãáạ" "ăằẳẵắặ" "âầẩẫấậ" "èẻẽéẹ" "êềểễếệ" "ìỉĩíị" "òỏõóọ" "ôồổỗốộ" "ơờởỡớợ" "ùủũúụ" "ưừửữứự" "ỳỷỹýỵ" "đ"
)  # fmt: skip
_LARGE: Final = _SMALL.upper()
LETTERS: Final = _SMALL + _LARGE

_TCVN3_SMALL: Final = bytes.fromhex(
    "B5B6B7B8B9 A8BBBCBDBEC6 A9C7C8C9CACB CCCECFD0D1 AAD2D3D4D5D6 D7D8DCDDDE DFE1E2E3E4 "
    "ABE5E6E7E8E9 ACEAEBECEDEE EFF1F2F3F4 ADF5F6F7F8F9 FAFBFCFDFE AE"
)
_TCVN3_LARGE: Final = {"Ă": 0xA1, "Â": 0xA2, "Ê": 0xA3, "Ô": 0xA4, "Ơ": 0xA5, "Ư": 0xA6, "Đ": 0xA7}
_VPS_SMALL: Final = bytes.fromhex(
    "E0E4E3E1E5 E6A2A3A4A1A5 E2C0C4C5C3C6 E8C8EBE9CB EA8A8BCD898C ECCCEFEDCE F2D5F5F386 "
    "F4D2B087D3B6 D6A9AAABA7AE F9FBDBFAF8 DCD8BABBD9BF FF9BCF9A9C C7"
)
_VPS_LARGE: Final = bytes.fromhex(
    "808182C102 888E8FF08D04 C28485 1C8303 D7DEFEC905 CA939495 9006 B5B7B8B410 BCBDBEB911 "
    "D497989996 12 F79E9FA69D13 A8D1ACDA14 D0AFB11DAD15 B2FDB3DD19 F1"
)
# VNI writes base letter + accent. Accents of a plain vowel, of a breve (ă), of a circumflex (â ê ô); i, y-dot
# are letters.
_VNI_TONES: Final = {"grave": "ø", "hook": "û", "tilde": "õ", "acute": "ù", "dot": "ï"}
_VNI_BREVE: Final = "êèúüéë"
_VNI_CIRCUMFLEX: Final = "âàåãáä"
_VNI_SINGLE: Final = {
    "ì": "ì",
    "ỉ": "æ",
    "ĩ": "ó",
    "í": "í",
    "ị": "ò",
    "ỵ": "î",
    "đ": "ñ",
    "ơ": "ô",
    "ư": "ö",
}

# Bytes 0x80-0x9F: a Windows-1252 reader gives these characters, a Latin-1 reader the control characters of
# the same number.
_CP1252: Final = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(0x80, 0xA0)}
# Signs that these fonts leave as Windows-1252 has them: quotes, dashes, the no-break space.
_SIGNS: Final = frozenset("“”‘’„–—…•€‰™")


def _vni() -> dict[str, str]:
    table = dict(_VNI_SINGLE)
    tones = tuple(_VNI_TONES.values())
    for vowel in "aeouy":
        table.update(zip(_tones_of(vowel), (vowel + t for t in tones), strict=True))
    for vowel in "ơư":
        table.update(zip(_tones_of(vowel), (_VNI_SINGLE[vowel] + t for t in tones), strict=True))
    table.update(zip("ăằẳẵắặ", ("a" + t for t in _VNI_BREVE), strict=True))
    for vowel, base in zip("âêô", "aeo", strict=True):
        table.update(zip(vowel + _tones_of(vowel), (base + t for t in _VNI_CIRCUMFLEX), strict=True))
    return table | {letter.upper(): legacy.upper() for letter, legacy in table.items()}


def _tones_of(vowel: str) -> str:
    """The vowel with grave, hook, tilde, acute and dot, composed."""
    return "".join(unicodedata.normalize("NFC", vowel + mark) for mark in "\u0300\u0309\u0303\u0301\u0323")


def _single(codes: bytes, letters: str) -> dict[str, str]:
    return {letter: chr(code) for letter, code in zip(letters, codes, strict=True)}


def _tables() -> dict[Legacy, Mapping[str, str]]:
    tcvn3 = _single(_TCVN3_SMALL, _SMALL) | {letter: chr(code) for letter, code in _TCVN3_LARGE.items()}
    vps = _single(_VPS_SMALL, _SMALL) | _single(_VPS_LARGE, _LARGE)
    return {"tcvn3": MappingProxyType(tcvn3), "vni": MappingProxyType(_vni()), "vps": MappingProxyType(vps)}


#: For each encoding, the Unicode letter -> its byte or bytes, as Latin-1 characters.
TABLES: Final[Mapping[Legacy, Mapping[str, str]]] = MappingProxyType(_tables())
_BACK: Final = {name: {legacy: letter for letter, legacy in table.items()} for name, table in TABLES.items()}
# In capitals, some writers leave the accent small ("Aù") and some not ("AÙ"); the base letter decides the
# case.
_BACK["vni"] |= {
    legacy[0] + legacy[1].lower(): letter for letter, legacy in TABLES["vni"].items() if len(legacy) == 2
}  # fmt: skip
_VNI_PAIR: Final = re.compile("|".join(sorted(map(re.escape, _BACK["vni"]), key=len, reverse=True)))


class Undecodable(ValueError):
    """A text that is not in the encoding it was said to be in. Its message never holds the text."""


def as_bytes(text: str) -> str | None:
    """The bytes behind a text, one Latin-1 character each; None if it cannot have been bytes.

    A character beyond Latin-1 and Windows-1252 proves that the text is Unicode already: no 8-bit reader makes
    it.
    """
    if text.isascii():
        return text
    codes = [_CP1252.get(c, ord(c)) for c in text]
    return "".join(map(chr, codes)) if all(code < 256 for code in codes) else None


def decode(text: str, encoding: Encoding) -> str:
    """Decode a text that was read as Latin-1 or Windows-1252; Unicode (and pure ASCII) passes, in NFC.

    Args:
        text: As the reader gave it.
        encoding: What the bytes were written in.

    Raises:
        Undecodable: If a byte has no meaning in that encoding.
    """
    if text.isascii() and (encoding != "vps" or text.isprintable()):
        return text
    raw = as_bytes(text)
    if encoding == "unicode" or raw is None:
        return unicodedata.normalize("NFC", text)
    decoded = _decode_vni(raw) if encoding == "vni" else "".join(_letter(c, encoding) for c in raw)
    return unicodedata.normalize("NFC", decoded)


def _letter(code: str, encoding: Legacy) -> str:
    letter = _BACK[encoding].get(code)
    if letter is not None:
        return letter
    return _sign(code)


def _sign(code: str) -> str:
    """An ASCII character or a sign that the legacy fonts share with Windows-1252."""
    if code.isascii() or code == "\xa0":
        return code
    sign = bytes([ord(code)]).decode("cp1252", "ignore")
    if sign in _SIGNS:
        return sign
    raise Undecodable("a byte that has no meaning in this encoding")


def _decode_vni(raw: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _VNI_PAIR.finditer(raw):
        parts += map(_sign, raw[end : match.start()])
        parts.append(_BACK["vni"][match.group()])
        end = match.end()
    return "".join([*parts, *map(_sign, raw[end:])])


def encode(text: str, encoding: Encoding) -> str:
    """Write a text in a legacy encoding, as the Latin-1 string that a reader would give back.

    TCVN3 has no toned capitals: as its fonts do, the small letter is written, so `decode` gives the small
    letter.

    Raises:
        ValueError: If a character has no place in the encoding (the message names no text).
    """
    composed = unicodedata.normalize("NFC", text)
    if encoding == "unicode":
        return composed
    table = TABLES[encoding]
    return "".join(_code(c, table) for c in composed)


def _code(character: str, table: Mapping[str, str]) -> str:
    for candidate in (character, character.lower()):
        if candidate in table:
            return table[candidate]
    if character.isascii() or character == "\xa0":
        return character
    if character in _SIGNS and chr(_CP1252[character]) not in table.values():
        return chr(_CP1252[character])
    raise ValueError("a character that this encoding does not have")
