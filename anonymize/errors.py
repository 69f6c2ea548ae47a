"""Errors of disclosure control: what is wrong, where, and the remedy, in Vietnamese and English, never a value."""

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
    """One mistake: its place (a dotted path, a column, cell codes), what is wrong and what to do.

    Attributes:
        where: The place; codes and names of columns only, never a value of a cell.
        what: What is wrong.
        remedy: What to do about it.
    """

    where: str
    what: Text
    remedy: Text


class AnonymizeError(Exception):
    """Base of every error this package raises on purpose; holds all mistakes found, not just the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.where}: {p.what.en} {p.remedy.en}" for p in self.problems))


class TableError(AnonymizeError):
    """A hierarchy or table that cannot be: two roots, unknown codes, cells that do not add up."""


class PolicyError(AnonymizeError):
    """A protection that cannot be honoured as declared: an unknown rule, a threshold that makes no sense."""


class InfeasibleError(AnonymizeError):
    """No pattern meets the policy; `problems` names the blocking cells by their codes and suggests a recode."""


class ScanError(AnonymizeError):
    """The personal-data scan could not run as promised; the caller must refuse, never go on without it."""
