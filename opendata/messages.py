"""How refusals are shown: what, where and the remedy, in one language or both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from catalog.errors import Text
from ytemo_display import Bilingual

Language = Literal["vi", "en"]


class ProblemLike(Protocol):
    """A problem of any package of the house."""

    @property
    def where(self) -> str:
        """The place."""

    @property
    def what(self) -> Bilingual:
        """What is wrong."""

    @property
    def remedy(self) -> Bilingual:
        """What to do."""


SHOWN = 50  # a page of mistakes; the rest is counted


def show(problems: Iterable[ProblemLike], language: Language, *, mark: str = "✗") -> str:
    """The problems as lines for a terminal: place and what is wrong, then the remedy beneath.

    Args:
        problems: What is to be told.
        language: In which language.
        mark: What stands before each: another one for what is as it was planned.
    """
    listed = list(problems)
    lines = []
    for problem in listed[:SHOWN]:
        lines.append(f"{mark} {problem.where}: {getattr(problem.what, language)}")
        lines.append(f"  → {getattr(problem.remedy, language)}")
    rest = len(listed) - SHOWN
    if rest > 0:
        lines.append({"vi": f"… và {rest} lỗi nữa.", "en": f"… and {rest} more."}[language])
    return "\n".join(lines)


def unwritable(error: OSError) -> Text:
    """What is wrong when something cannot be written, in the system's own words."""
    reason = error.strerror or type(error).__name__
    return Text(f"không ghi được ({reason}).", f"cannot be written ({reason}).")
