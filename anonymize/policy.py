"""The declared promises for a table; the section `protection` of a dataset spec."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from anonymize.rules import SmallCount, Zeros


def _as_tuple(value: Any) -> Any:
    """YAML and people write lists; the model is frozen."""
    return tuple(value) if isinstance(value, list) else value


class Subset(BaseModel):
    """One measure counts part of another, in every cell, and readers know it: deaths among cases.

    Attributes:
        part: The measure that can never exceed the other.
        whole: The other measure.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    part: Annotated[str, Field(min_length=1)]
    whole: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _two_measures(self) -> Subset:
        if self.part == self.whole:
            raise ValueError(
                "part and whole must be two measures / phần và toàn thể phải là hai chỉ tiêu khác nhau"
            )
        return self


class Protection(BaseModel):
    """What a published table promises: which cells are sensitive and what a reader is assumed to know.

    Attributes:
        rules: At least one rule; a cell is sensitive when any rule says so.
        zeros: "published": zeros are shown, so a reader knows that a hidden count is at least 1.
            "suppressed": zeros are sensitive too (nobody in a group is also a disclosure about its members).
        subsets: Measures that are parts of other measures.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    rules: Annotated[tuple[SmallCount, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
    zeros: Zeros = "published"
    subsets: Annotated[tuple[Subset, ...], BeforeValidator(_as_tuple)] = ()

    @model_validator(mode="after")
    def _no_cycle(self) -> Protection:
        ordered_measures(self.subsets, {m for s in self.subsets for m in (s.part, s.whole)})
        return self


def ordered_measures(subsets: tuple[Subset, ...], measures: set[str]) -> list[str]:
    """The measures, every whole before its parts, ties by name.

    Raises:
        ValueError: A measure would be a part of itself.
    """
    ordered: list[str] = []
    rest = set(measures)
    while rest:
        free = sorted(m for m in rest if not any(s.part == m and s.whole in rest for s in subsets))
        if not free:
            raise ValueError("subsets form a cycle / các tập con tạo thành vòng lặp")
        ordered += free
        rest -= set(free)
    return ordered
