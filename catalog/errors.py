"""Errors of the catalogue: what is wrong, where, and the remedy, in Vietnamese and English, never a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Text(NamedTuple):
    """One sentence in both languages; Vietnamese is authoritative."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: its place (a dotted path, a column, an article), what is wrong and what to do.

    Attributes:
        where: The place; codes and names of columns only, never a value of a cell.
        what: What is wrong.
        remedy: What to do about it.
    """

    where: str
    what: Text
    remedy: Text


class CatalogError(Exception):
    """Base of every error this package raises on purpose; holds all mistakes found, not just the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.where}: {p.what.en} {p.remedy.en}" for p in self.problems))


class CodeListError(CatalogError):
    """A code list that cannot be: a code twice, a parent that is not there, a label missing."""


class LawError(CatalogError):
    """A citation that the law data do not hold, or do not hold for that date."""


class VintageError(CatalogError):
    """Codes without a vintage, of another vintage, or figures that cannot be carried from one to the other."""
