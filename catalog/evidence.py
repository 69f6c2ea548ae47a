"""What may be on file so that conditional information may be opened (Decree 102/2025, Article 9(2))."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from catalog.labels import Day, Digest, Labels, Said, Strict

Condition = Literal["9.2.a", "9.2.b", "9.2.c"]
UndertakingsRule = Literal["dominance", "p_percent", "min_contributors"]
Group = Annotated[int, Field(strict=True)]


def _later(start: datetime.date, end: datetime.date | None) -> None:
    if end is not None and end < start:
        raise PydanticCustomError(
            "date_order", "the end comes before the start", {"vi": "ngày kết thúc trước ngày bắt đầu"}
        )


class OwnerConsent(Strict):
    """Article 9(2)(a): the owner of the trade secrets agreed, in writing, to their being opened.

    Attributes:
        holder: Who agreed: an organisation, not a private person.
        number: Number of the document on file.
        date: Its date.
        expires: Last day it holds; None when it has no end.
        groups: The groups of Article 5 that it covers; all that the dataset declares when it names none.
    """

    kind: Literal["owner_consent"]
    holder: Labels
    number: Said
    date: Day
    expires: Day | None = None
    # What came later leaves the digest of a spec as it was.
    groups: tuple[Group, ...] = Field(default=(), exclude_if=lambda groups: not groups)

    @model_validator(mode="after")
    def _dates(self) -> OwnerConsent:
        _later(self.date, self.expires)
        return self


class UndertakingsAudit(Strict):
    """Article 9(2)(a): no undertaking can be told from the published cells; the build makes it, not a person.

    Attributes:
        rules: The concentration rules that the audit checked.
        digest: SHA-256 of the published cells; it answers for those cells only.
    """

    kind: Literal["undertakings_audit"]
    rules: tuple[UndertakingsRule, ...] = Field(min_length=1)
    digest: Digest


class Decision(Strict):
    """Article 9(2)(d): the head of a state agency decided, for the public interest or community health.

    Attributes:
        number: Number of the decision.
        date: Its date.
        signer: The signer's office (not the person's name).
        necessity: Why it is necessary.
        scope: What it covers, in words.
        groups: The groups of Article 5 that it covers.
        conditions: Whose consent it replaces; empty when it only records that publication was decided.
        expires: Last day it holds: a decision for a necessary case is never without end.
    """

    kind: Literal["decision"]
    number: Said
    date: Day
    signer: Labels
    necessity: Labels
    scope: Labels
    groups: tuple[Group, ...] = Field(min_length=1)
    conditions: tuple[Condition, ...] = ()
    expires: Day

    @model_validator(mode="after")
    def _dates(self) -> Decision:
        _later(self.date, self.expires)
        return self


Evidence = Annotated[OwnerConsent | UndertakingsAudit | Decision, Field(discriminator="kind")]
