"""Findings reviewed by a person: what was decided about each, and for exactly which content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from anonymize.pii import Finding, Waiver
from catalog.errors import Problem, Text
from opendata import validation
from opendata.errors import SpecError
from opendata.messages import unwritable

Stated = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Review(BaseModel):
    """One finding and the decision about it.

    Attributes:
        place: Where it was found.
        entity: What was found.
        digest: Of the content of the place: other content is not covered.
        found: The finding in words, without the value.
        decision: "harmless", "drop" or "recode"; None while nobody has decided.
        reason: Why; needed for "harmless".
        by: Who decided; needed for "harmless".
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    place: Stated
    entity: Stated
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    found: str = ""
    decision: Literal["harmless", "drop", "recode"] | None = None
    reason: Stated | None = None
    by: Stated | None = None

    @model_validator(mode="after")
    def _harmless_is_a_persons_word(self) -> Review:
        if self.decision == "harmless" and not (self.reason and self.by):
            raise ValueError("a finding is harmless only with a reason and the name of who decided")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    reviews: tuple[Review, ...] = Field(default=())


def read(path: Path) -> tuple[Review, ...]:
    """The reviews in a file; none when there is no such file yet.

    Raises:
        SpecError: When it cannot be read as reviews, with every mistake.
    """
    return validation.load(path, _File).reviews if path.exists() else ()


def write(path: Path, kept: Iterable[Review], found: Iterable[Finding]) -> int:
    """Write the reviews that were made, and one without a decision for every finding that has none.

    Args:
        path: The file.
        kept: Reviews already made.
        found: The findings that are open.

    Returns:
        How many are without a decision.

    Raises:
        SpecError: When the file cannot be written.
    """
    listed = {(review.place, review.entity, review.digest): review for review in kept}
    for finding in (finding for finding in found if finding.digest):
        key = finding.place, finding.entity, finding.digest
        told = f"{finding.masked} x{finding.count}, {finding.score:.2f}, {finding.evidence}"
        listed.setdefault(
            key, Review(place=finding.place, entity=finding.entity, digest=finding.digest, found=told)
        )
    data = {"reviews": [review.model_dump() for review in listed.values()]}
    try:
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
        path.write_text(_HEAD + text, encoding="utf-8")
    except OSError as error:
        raise SpecError([Problem(str(path), unwritable(error), _ELSEWHERE)]) from None
    return sum(review.decision is None for review in listed.values())


def harmless(reviews: Iterable[Review]) -> list[Review]:
    """The reviews that set a finding aside; the others are reminders of what is to be done."""
    return [review for review in reviews if review.decision == "harmless"]


def waivers(reviews: Sequence[Review], prefix: str = "") -> list[Waiver]:
    """What the scan takes: the reviews that found something harmless, below one place.

    Args:
        reviews: All reviews.
        prefix: The beginning of the places to take, cut off from them.
    """
    return [
        Waiver(
            review.place.removeprefix(prefix),
            review.entity,
            review.digest,
            str(review.reason),
            str(review.by),
        )
        for review in harmless(reviews)
        if review.place.startswith(prefix)
    ]


_HEAD = """\
# decision: harmless (với reason và by / with reason and by), drop, recode. Rồi quét lại / then scan again.
"""
_ELSEWHERE = Text("Chọn chỗ khác.", "Choose another place.")
