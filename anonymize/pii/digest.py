"""Digests that bind a verdict to what was scanned and to the recognisers that scanned it."""

from __future__ import annotations

from functools import cache
from hashlib import scrypt, sha256
from importlib.resources import files

import polars as pl

from anonymize.pii.shapes import SHAPES

RECOGNISERS = "2026.12"  # change it whenever a verdict could change
_SLICE = 100_000
_SALT = b"ytemo review"


@cache
def version() -> str:
    """The version of the recogniser set: its number and a digest of its shapes and word lists.

    Returns:
        For instance "2026.12+3f9a1c20".
    """
    content = sha256("\n".join(f"{s.entity}\t{s.pattern}\t{s.score}" for s in SHAPES).encode())
    for listed in sorted((files("anonymize.pii") / "lexicon").iterdir(), key=lambda entry: entry.name):
        content.update(listed.read_bytes())
    return f"{RECOGNISERS}+{content.hexdigest()[:8]}"


def column_digest(column: pl.Series) -> str:
    """SHA-256 over a column's name, type and values in order; null and empty text differ.

    Args:
        column: A column of scalars.

    Returns:
        Hexadecimal digest.
    """
    content = sha256(f"{column.name}\t{column.dtype}\n".encode())
    frame = column.to_frame()
    for part in frame.iter_slices(_SLICE):
        content.update(part.write_csv(include_header=False).encode())
    return content.hexdigest()


def text_digest(text: str) -> str:
    """SHA-256 over one text.

    Args:
        text: The text.

    Returns:
        Hexadecimal digest.
    """
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def review_digest(content: str) -> str:
    """What binds a review to a content: slow on purpose (scrypt, RFC 7914).

    It is written into review files, and a content may be one number: with a fast digest a reader would try them all.

    Args:
        content: The digest of the column or text.

    Returns:
        Hexadecimal digest.
    """
    return scrypt(content.encode(), salt=_SALT, n=2**12, r=8, p=1, dklen=32).hex()
