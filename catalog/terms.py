"""The terms of use a publisher may choose, as data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from catalog.labels import Day, Labels, Strict


class LicenceTerms(Strict):
    """Terms of use.

    Attributes:
        name: What they are called.
        terms: What they allow and ask.
        dated: Day of this text.
        uri: Their address in the EU authority table, when they are in it.
        spdx: SPDX id, when they have one.
    """

    name: Labels
    terms: Labels
    dated: Day
    uri: str | None
    spdx: str | None


@cache
def licences() -> dict[str, LicenceTerms]:
    """Every choice of `Entry.licence`, by id."""
    text = (files("catalog") / "data" / "licences.json").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, LicenceTerms]).validate_json(text)
