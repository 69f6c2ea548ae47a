"""Dataset specs: `datasets/<id>.yaml`, one model per section, every mistake reported at once with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from anonymize import Protection
from catalog import Entry, Labels
from opendata import validation
from opendata.reviews import Review
from opendata.revisions import Announcement, Revisions
from opendata.schedule import Due, Schedule
from opendata.schedule.fitting import check as check_schedule
from opendata.source.section import Source

RESERVED = frozenset(
    {"measure", "value", "status", "reason", "row", "truth", "need", "below", "above", "lower", "upper"}
    | {"seen", "primary"}
)
DatasetId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,98}[a-z0-9]$")]
ColumnName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class Section(BaseModel):
    """Base of the sections this package owns: nothing unknown, nothing coerced, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CodedDimension(Section):
    """A dimension whose codes and margins come from a code list, e.g. `codes: province-63`."""

    label: Labels
    codes: str = Field(
        min_length=1,
        description="Id of a code list: codes/<id>.csv of the workspace, or one that ships with ytemo.",
    )


class CalendarDimension(Section):
    """A time dimension: months such as "2016-04" with quarters and years as margins; years are never added up."""

    label: Labels
    calendar: Literal["months"]


class Measure(Section):
    """A counted quantity, published as a nullable integer beside its status.

    Not published, it is counted and protected just the same, since a rate gives its counts away.
    """

    label: Labels
    unit: Labels
    # Defaults of what came later leave the digest of a spec as it was.
    published: bool = Field(default=True, exclude_if=bool, description="False: only its rates are published.")
    concept: ColumnName | None = Field(
        default=None,
        exclude_if=lambda concept: concept is None,
        description="What is counted, where another dataset counts the same under another name; by default the name.",
    )


class Fixed(Section):
    """The one code that everything in a table has: of a slice of a larger whole, such as one disease of many."""

    codes: str = Field(min_length=1, description="Id of the code list, as of a dimension.")
    code: str = Field(min_length=1, description="The code.")


class Rate(Section):
    """One measure over another, published as a number with a fixed count of decimals beside its status."""

    label: Labels
    unit: Labels
    of: ColumnName = Field(description="The measure that is counted.")
    over: ColumnName = Field(description="The measure that it is counted among.")
    per: int = Field(ge=1, le=10**9, description="For how many of `over`, such as 100000.")
    decimals: int = Field(ge=0, le=6, description="Digits after the decimal mark.")

    @model_validator(mode="after")
    def _of_two_measures(self) -> Rate:
        if self.of == self.over:
            raise PydanticCustomError(
                "rate", "a rate of a measure over itself", {"vi": "tỷ suất của một chỉ tiêu trên chính nó"}
            )
        return self


def _dimension_kind(data: Any) -> str:
    """Tell the two kinds of dimension apart by the one key that only a calendar has."""
    return (
        "calendar"
        if isinstance(data, CalendarDimension) or (isinstance(data, dict) and "calendar" in data)
        else "codes"
    )


Dimension = Annotated[
    Annotated[CodedDimension, Tag("codes")] | Annotated[CalendarDimension, Tag("calendar")],
    Discriminator(_dimension_kind),
]


class TableSection(Section):
    """What is tabulated: dimensions with every margin of their hierarchies, and the measures."""

    dimensions: dict[ColumnName, Dimension] = Field(min_length=1)
    measures: dict[ColumnName, Measure] = Field(min_length=1)
    rates: dict[ColumnName, Rate] = Field(default={}, exclude_if=lambda rates: not rates)
    fixed: dict[ColumnName, Fixed] = Field(
        default={},
        exclude_if=lambda fixed: not fixed,
        description="What all records have in common besides their period: `disease: {codes: ..., code: A90}`.",
    )

    @property
    def published(self) -> list[str]:
        """The measures whose counts are published, in the order of the columns."""
        return [name for name, measure in self.measures.items() if measure.published]

    @model_validator(mode="after")
    def _names_are_distinct(self) -> TableSection:
        names = [*self.dimensions, *self.measures, *self.rates, *self.fixed]
        columns = [*names, *(f"{name}_status" for name in (*self.measures, *self.rates))]
        twice = sorted({name for name in columns if columns.count(name) > 1})
        if twice:
            raise ValueError(f"column names used twice: {', '.join(twice)}")
        taken = [name for name in names if name in RESERVED or name.endswith("_status")]
        if taken:
            raise ValueError(f"column names that mean something else here: {', '.join(taken)}")
        return self

    @model_validator(mode="after")
    def _rates_name_measures(self) -> TableSection:
        used = {name for rate in self.rates.values() for name in (rate.of, rate.over)}
        unknown = sorted(used - self.measures.keys())
        if unknown:
            listed = ", ".join(unknown)
            raise PydanticCustomError(
                "rates",
                "rates name no measure of the table: {names}",
                {"vi": f"tỷ suất gọi tên không phải chỉ tiêu của bảng: {listed}", "names": listed},
            )
        idle = [name for name in self.measures if name not in used and name not in self.published]
        if idle:
            listed = ", ".join(idle)
            raise PydanticCustomError(
                "measures",
                "measures that are neither published nor in a rate: {names}",
                {
                    "vi": f"chỉ tiêu không công bố mà cũng không có tỷ suất nào dùng: {listed}",
                    "names": listed,
                },
            )
        return self


class Publication(Section):
    """Where the dataset goes: the publishing organization and the groups on the portal, by their CKAN names."""

    organization: DatasetId
    groups: tuple[DatasetId, ...] = ()


class Spec(Section):
    """Everything declared about one dataset; the file's name is its id."""

    entry: Entry
    source: Source
    table: TableSection
    protection: Protection
    publication: Publication
    reviews: tuple[Review, ...] = Field(
        default=(),
        description="Findings of the personal-data scan that a named person has declared harmless.",
    )
    schedule: Schedule | None = Field(
        default=None,
        exclude_if=lambda schedule: schedule is None,
        description="On which days a release is due, for `opendata run --due` and the release calendar.",
    )
    revisions: Revisions | None = Field(
        default=None,
        description="Which figures are provisional, and why final ones were corrected; without it all may be revised.",
    )
    notice: Announcement | None = Field(
        default=None,
        description="A change that will break what readers have written, announced before it comes.",
    )

    @model_validator(mode="after")
    def _subsets_name_measures(self) -> Spec:
        named = {name for subset in self.protection.subsets for name in (subset.part, subset.whole)}
        named |= {name for group in self.protection.together for name in group}
        unknown = sorted(named - self.table.measures.keys())
        if unknown:
            raise ValueError(
                f"protection.subsets or together names no measure of the table: {', '.join(unknown)}"
            )
        return self

    @model_validator(mode="after")
    def _provisional_by_month(self) -> Spec:
        provisional = self.revisions.provisional if self.revisions else None
        if provisional and not isinstance(
            self.table.dimensions.get(provisional.dimension), CalendarDimension
        ):
            raise ValueError("revisions.provisional.dimension names no dimension with a calendar")
        return self

    @model_validator(mode="after")
    def _schedule_fits(self) -> Spec:
        if self.schedule is not None:
            check_schedule(self.schedule, self.entry)
        return self

    def at(self, due: Due) -> Spec:
        """The spec of the release that is due at a moment: of that day, and up to the end of its period.

        Both follow from the schedule alone, never from the day on which the release happens to be made.
        """
        temporal = self.entry.temporal.model_copy(update={"end": due.end})
        entry = self.entry.model_copy(update={"modified": due.day, "temporal": temporal})
        return self.model_copy(update={"entry": entry})


def load(path: Path) -> Spec:
    """Read and check one spec.

    Args:
        path: `datasets/<id>.yaml`.

    Returns:
        The checked spec.

    Raises:
        SpecError: With every mistake: file, line, dotted path and remedy.
    """
    return validation.load(path, Spec)
