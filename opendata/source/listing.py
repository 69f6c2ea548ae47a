"""Tables with one row for each record (Excel, CSV, Parquet) to records, checked column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from catalog import normal
from catalog.errors import Problem
from opendata.source.headers import Fault3
from opendata.source.labels import Codes, is_total, known, tidy
from opendata.source.problems import gathered
from opendata.source.repairs import DropRows, Rename, normalise
from opendata.source.section import Column, Empty
from opendata.source.tally import Tally, matching, note

ROW = "__row"  # number of the row in the file, for places only; never leaves this package


@dataclass(frozen=True, slots=True)
class Listing:
    """A table as read: texts are texts, counts are counts, nothing matched yet.

    Attributes:
        path: File.
        sheet: Sheet; empty if the format has none.
        frame: Column `__row`, then the declared columns by name: String, or Int64 for counts.
        place: (name of a column, row number) -> address.
        faults: Mistakes found while reading: kind, detail, address.
        unusable: Columns that are missing or of a wrong type, reported already: nothing more is said of them.
    """

    path: str
    sheet: str
    frame: pl.DataFrame
    place: Callable[[str, int], str]
    faults: Sequence[Fault3] = ()
    unusable: frozenset[str] = frozenset()


def read_listing(
    listing: Listing, columns: Sequence[Column], *, tally: Tally, codes: Codes, empty: Empty
) -> tuple[pl.DataFrame | None, list[Problem]]:
    """Match, check and repair a table.

    Args:
        listing: The table as read.
        columns: The declared columns; ignored ones are left out.
        tally: Account of repairs.
        codes: Code lists.
        empty: What an empty cell means unless the column says otherwise.

    Returns:
        The columns by name, or None when there are mistakes; and the mistakes.
    """
    faults = list(listing.faults)
    frame = _without_dropped(listing, tally)
    if frame.is_empty():
        faults.append(("no_rows", "", ""))
    frame = _without_totals(listing, frame, columns, faults)
    for column in columns:
        if column.type == "ignored" or column.name in listing.unusable:
            continue
        frame = _renamed(listing, frame, column, tally)
        frame = _empties(listing, frame, column, (column.empty or empty, faults))
        if column.codes or column.values:
            frame = _coded(listing, frame, column, (known(codes, column.codes, column.values), faults))
    problems = gathered(listing.path, listing.sheet, faults)
    return (None if problems else frame), problems


def _texts(frame: pl.DataFrame, name: str) -> list[str]:
    """Distinct texts of a column, in order of appearance."""
    return [t for t in frame[name].unique(maintain_order=True).to_list() if t is not None]


def _places(listing: Listing, frame: pl.DataFrame, name: str, where: pl.Expr) -> list[str]:
    return [listing.place(name, row) for row in frame.filter(where)[ROW].to_list()]


def _without_dropped(listing: Listing, tally: Tally) -> pl.DataFrame:
    frame = listing.frame
    strings = [n for n, t in frame.schema.items() if t == pl.String]
    for index, repair in matching(tally, DropRows, listing.path, listing.sheet):
        wanted = {normalise(label): label for label in repair.labels}
        named = {t: wanted[normalise(t)] for n in strings for t in _texts(frame, n) if normalise(t) in wanted}
        by_label = (
            pl.any_horizontal(pl.col(n).is_in(list(named)) for n in strings) if named else pl.lit(value=False)
        )
        hit = (by_label | pl.col(ROW).is_in(list(repair.rows))).fill_null(value=False)
        for row in frame.filter(hit).select(ROW, *strings).to_dicts():
            items = {named[v] for v in row.values() if v in named} or {str(row[ROW])}
            for item in items:
                note(tally, index, (listing.path, listing.sheet, f"row {row[ROW]}"), item)
        frame = frame.filter(~hit)
    return frame


def _without_totals(
    listing: Listing, frame: pl.DataFrame, columns: Sequence[Column], faults: list[Fault3]
) -> pl.DataFrame:
    """Report rows of totals, by the labels of the columns that are matched to codes."""
    for column in columns:
        if not (column.codes or column.values):
            continue
        totals = [t for t in _texts(frame, column.name) if is_total(t) and t not in (column.values or {})]
        where = pl.col(column.name).is_in(totals)
        faults += [("total_row", "", place) for place in _places(listing, frame, column.name, where)]
        frame = frame.filter(~where.fill_null(value=False))
    return frame


def _renamed(listing: Listing, frame: pl.DataFrame, column: Column, tally: Tally) -> pl.DataFrame:
    if frame.schema[column.name] != pl.String:
        return frame
    for index, repair in matching(tally, Rename, listing.path, listing.sheet):
        if repair.column not in (None, column.name):
            continue
        variants = [t for t in _texts(frame, column.name) if normalise(t) == normalise(repair.from_)]
        where = pl.col(column.name).is_in(variants)
        for place in _places(listing, frame, column.name, where):
            note(tally, index, (listing.path, listing.sheet, place))
        frame = frame.with_columns(
            pl.when(where).then(pl.lit(repair.to)).otherwise(column.name).alias(column.name)
        )
    return frame


def _empties(
    listing: Listing, frame: pl.DataFrame, column: Column, how: tuple[Empty, list[Fault3]]
) -> pl.DataFrame:
    empty, faults = how
    if column.type == "count" or empty == "missing":
        return frame  # counts were read with their own rule for empty cells
    faults += [("empty", "", p) for p in _places(listing, frame, column.name, pl.col(column.name).is_null())]
    return frame


def _coded(
    listing: Listing,
    frame: pl.DataFrame,
    column: Column,
    how: tuple[Mapping[str, str], list[Fault3]],
) -> pl.DataFrame:
    names, faults = how
    found = {t: names.get(normal(tidy(t))) for t in _texts(frame, column.name)}
    unknown = [t for t, code in found.items() if code is None]
    where = pl.col(column.name).is_in(unknown)
    detail = column.codes or f"columns.{column.name}.values"
    faults += [("unknown_label", detail, p) for p in _places(listing, frame, column.name, where)]
    matched = pl.col(column.name).replace_strict(found, default=None, return_dtype=pl.String)
    return frame.with_columns(matched.alias(column.name))
