"""Column names that announce personal data, in Vietnamese and English, with or without diacritics, glued or not."""

from __future__ import annotations

from functools import cache

import regex  # type: ignore[import-untyped, unused-ignore]

from anonymize.pii.lexicon import sections
from anonymize.pii.text import fold, normalise

_CAMEL = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})|[^\p{L}\d]+")


def personal_column(name: str) -> bool:
    """Whether a column of this name holds data about one person.

    Fields of the insurance claim files (Decisions 130/QD-BYT 2023, 4750/QD-BYT 2023, 3176/QD-BYT 2024) and of the
    electronic health record (Decision 31/QD-BYT 2026) that identify a person or a single visit; aggregates of them
    ("tong_so_the_bhyt") and attributes of a facility ("dia_chi_co_so") are let through.

    Args:
        name: The column's name as found in the data.

    Returns:
        True if it is on the deny-list.
    """
    words = [word for word in _CAMEL.split(normalise(name)) if word]
    plain = " ".join(fold(word) for word in words)
    glued = plain.replace(" ", "")
    listed = _deny()
    if _spoken(listed["aggregate"], plain) or _spoken(listed["facility"], plain):
        return glued in listed["glued"]
    return (
        glued in listed["glued"]
        or _spoken(listed["field"], plain)
        or any(w in listed["glued"] for w in plain.split())
    )


def _spoken(wanted: frozenset[str], plain: str) -> bool:
    padded = f" {plain} "
    return any(f" {phrase} " in padded for phrase in wanted)


@cache
def _deny() -> dict[str, frozenset[str]]:
    listed = {
        part: frozenset(fold(entry) for entry in entries) for part, entries in sections("columns").items()
    }
    return listed | {"glued": frozenset(entry.replace(" ", "") for entry in listed["field"])}
