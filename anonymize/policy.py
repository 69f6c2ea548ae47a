"""The declared promises for a table; the section `protection` of a dataset spec."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from anonymize.rules import Complement, GroupDisclosure, Rule, Zeros


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
        together: Groups of measures that are hidden in the same cells: where one is, so are the others, published
            zeros apart.
        insiders: How many people or contributors, each alone in one or more cells, may put together what they know; 0
            leaves out this attack.
        apriori: How far the knowledge goes that a hidden count is at least 1 where zeros are published. In any case
            nobody may compute a sensitive cell with it. "nonnegative": the numbers that must remain possible
            are counted from 0, as is usual in the field. "positive": they are counted from 1, which hides more.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    rules: Annotated[tuple[Rule, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
    zeros: Zeros = "published"
    subsets: Annotated[tuple[Subset, ...], BeforeValidator(_as_tuple)] = ()
    together: Annotated[
        tuple[Annotated[tuple[str, ...], BeforeValidator(_as_tuple), Field(min_length=2)], ...],
        BeforeValidator(_as_tuple),
    ] = ()
    insiders: Annotated[int, Field(ge=0, le=2)] = 1
    apriori: Literal["nonnegative", "positive"] = "nonnegative"

    @model_validator(mode="after")
    def _one_group_each(self) -> Protection:
        named = [measure for group in self.together for measure in group]
        if len(named) != len(set(named)):
            raise ValueError(
                "a measure is named twice in together / một chỉ tiêu xuất hiện hai lần trong together"
            )
        return self

    @model_validator(mode="after")
    def _rules_can_be_kept(self) -> Protection:
        declared = {(s.part, s.whole) for s in self.subsets}
        for rule in self.rules:
            if isinstance(rule, GroupDisclosure) and self.zeros != "suppressed":
                raise ValueError(
                    "group_disclosure needs zeros: suppressed / group_disclosure cần zeros: suppressed"
                )
            if isinstance(rule, Complement) and (rule.part, rule.whole) not in declared:
                raise ValueError(
                    "complement needs its part and whole in subsets / complement cần khai part, whole ở subsets"
                )
        return self

    @model_validator(mode="after")
    def _no_cycle(self) -> Protection:
        ordered_measures(self.subsets, {m for s in self.subsets for m in (s.part, s.whole)})
        return self


def companions(policy: Protection, measure: str) -> tuple[str, ...]:
    """The other measures that are hidden in the same cells."""
    return tuple(m for group in policy.together if measure in group for m in group if m != measure)


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
