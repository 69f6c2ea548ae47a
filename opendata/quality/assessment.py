"""The quality of a version as it is reported with it (Decree 102/2025, Article 18(4)).

What is measured must not tell what is hidden: shares of the source are rounded down, counts of its rows stay out, and
only published cells are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

import catalog
from catalog.errors import Text
from catalog.frequencies import next_due
from catalog.quality import Measurement
from opendata.quality.anomalies import Anomaly, anomalies
from opendata.source import Provenance
from opendata.spec import CalendarDimension, CodedDimension, Spec

CodeLists = Mapping[str, catalog.CodeList]
_OF_NUMBERS = frozenset(
    {"truncate", "thousands", "text_to_number", "set_empty"}
)  # repairs that change figures


@dataclass(frozen=True, slots=True)
class Assessed:
    """The quality of one version.

    Attributes:
        measured: One value per metric that applies.
        anomalies: Unusual points of the published series.
        remarks: What a reviewer of the source should know, and at how many places it was seen.
    """

    measured: tuple[Measurement, ...]
    anomalies: tuple[Anomaly, ...]
    remarks: tuple[tuple[Text, int], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Subject:
    """What is assessed.

    Attributes:
        spec: The dataset's spec.
        table: The table to be released.
        lists: The code list of every dimension, cut down to what the records hold.
        stored: The code lists that the spec names, whole, by their ids.
        provenance: Where the records came from.
    """

    spec: Spec
    table: pl.DataFrame
    lists: CodeLists
    stored: CodeLists
    provenance: Provenance


def assess(subject: Subject, *, released: date) -> Assessed:
    """Measure the quality of a version.

    Args:
        subject: What is assessed.
        released: The day of its release.
    """
    table = subject.spec.table
    time = calendar(subject.spec)
    values = {
        "period_coverage": _months(subject, time),
        "code_coverage": _codes(subject),
        "timeliness": _timeliness(subject.spec, released),
        "source_totals": _totals(subject.provenance),
        "parts_within_wholes": _parts(subject),
        "read_as_found": _unrepaired(subject.provenance),
    }
    found = anomalies(subject.table, list(table.dimensions), table.published, time=time)
    remarks = Counter(remark.what for remark in subject.provenance.remarks)
    return Assessed(
        tuple(Measurement(name, round(value, 4)) for name, value in values.items() if value is not None),
        found,
        tuple(sorted(remarks.items())),
    )


def calendar(spec: Spec) -> str | None:
    """The name of the time dimension, None without one."""
    dimensions = spec.table.dimensions.items()
    return next((name for name, dim in dimensions if isinstance(dim, CalendarDimension)), None)


def _months(subject: Subject, time: str | None) -> float | None:
    """The share of the months of the declared period with a record."""
    if time is None:
        return None
    period = subject.spec.entry.temporal
    first, last = (day.year * 12 + day.month - 1 for day in (period.start, period.end))
    expected = {f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)}
    return len(expected & _leaves(subject.lists[time])) / len(expected)


def _codes(subject: Subject) -> float | None:
    """The mean over the coded dimensions of the share of leaf codes with a record."""
    shares = [
        len(_leaves(subject.lists[name])) / len(_leaves(subject.stored[dimension.codes]))
        for name, dimension in subject.spec.table.dimensions.items()
        if isinstance(dimension, CodedDimension)
    ]
    return sum(shares) / len(shares) if shares else None


def _leaves(codes: catalog.CodeList) -> set[str]:
    return {code.code for code in catalog.leaves(codes)}


def _timeliness(spec: Spec, released: date) -> float | None:
    """One promised cycle over the days from the end of the period to the first release of its data."""
    end, issued = spec.entry.temporal.end, spec.entry.issued
    due = next_due(end, spec.entry.frequency)
    if due is None:
        return None
    # A later version corrects data that were out already, unless it covers a period that had not ended then.
    delay = ((issued if issued > end else released) - end).days
    return min(1.0, (due - end).days / delay) if delay > 0 else 1.0


def _totals(provenance: Provenance) -> float | None:
    totals = provenance.totals
    return totals.agreeing / totals.compared if totals.compared else None


def _parts(subject: Subject) -> float | None:
    """The share of cells with both measures published where the part is no larger than the whole."""
    pairs = list(_pairs(subject))
    compared = sum(pair.height for pair in pairs)
    right = sum(int((pair.to_series(0) <= pair.to_series(1)).sum()) for pair in pairs)
    return right / compared if compared else None


def _pairs(subject: Subject) -> Iterator[pl.DataFrame]:
    for subset in subject.spec.protection.subsets:
        if {subset.part, subset.whole} <= set(subject.spec.table.published):
            yield subject.table.select(subset.part, subset.whole).drop_nulls()


def _unrepaired(provenance: Provenance) -> float | None:
    """Rounded down to hundredths: the exact share and the count of repairs would give the number of rows."""
    if not provenance.figures:
        return None
    repaired = sum(item.count for item in provenance.repairs if item.kind in _OF_NUMBERS)
    return 100 * max(0, provenance.figures - repaired) // provenance.figures / 100
