"""One column: its name, the shapes of its distinct values, then the values that could hold something."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from anonymize.errors import Problem, ScanError, Text
from anonymize.pii.evidence import Evidence, day_evidence, text_evidence, trade_codes, whole_evidence
from anonymize.pii.headers import personal_column
from anonymize.pii.lexicon import lexicon
from anonymize.pii.prefilter import candidates
from anonymize.pii.reading import Clue, read
from anonymize.pii.text import fold, normalise

COUNT_LIMIT = 10**8  # nine digits: an identity card number typed into a count
_SAMPLE = 1_000  # cells that are read to judge a column
_PLAIN = (pl.Boolean, pl.Null, pl.Time, pl.Duration)


def implausible_counts(counts: pl.Series, limit: int = COUNT_LIMIT) -> int:
    """How many distinct values of a measure are too large to be counts, and so may be numbers of people's documents.

    Args:
        counts: A column of whole numbers.
        limit: The smallest implausible value; raise it for measures such as population or money.

    Returns:
        The number of distinct values of at least `limit`, in either sign.
    """
    return int(counts.filter(counts.cast(pl.Int128, strict=True).abs() >= limit).n_unique())


def column_clues(
    column: pl.Series, codes: frozenset[str] | None, limit: int | None, allow: Sequence[str]
) -> list[Clue]:
    """Everything that speaks for personal data in one column.

    Args:
        column: The column, named.
        codes: Its declared code list, whose values are not looked at.
        limit: For a declared count, the smallest implausible value.
        allow: Exact texts published on purpose.

    Returns:
        Clues with rows; at most one per entity and kind of evidence.

    Raises:
        ScanError: If the type cannot be read, or the recognisers failed.
    """
    clues = [Clue("COLUMN_NAME", 1.0, column.name, 1, None, "name")] if personal_column(column.name) else []
    clues += read([column.name])
    values = _distinct(column, codes or frozenset())
    if limit is not None and column.dtype.is_integer():
        clues += _count_clues(values, limit)
    else:
        clues += _value_clues(values, allow)
    return [clue._replace(row=_row(column, clue.cell)) for clue in clues]


def _distinct(column: pl.Series, codes: frozenset[str]) -> pl.Series:
    """Distinct values that are no declared codes; all of an Enum's: unused entries stay in the bytes of a file."""
    if isinstance(column.dtype, pl.Enum):
        column = pl.concat([column.dtype.categories.alias(column.name), column.cast(pl.String)])
    elif column.dtype == pl.Categorical:
        column = column.cast(pl.String)
    values = column.drop_nulls().unique(maintain_order=True)
    if not codes or not len(values):
        return values
    listed = pl.Series(sorted(codes), dtype=pl.String)
    return values.filter(~values.cast(pl.String).is_in(listed.implode()))


def _value_clues(values: pl.Series, allow: Sequence[str]) -> list[Clue]:
    kind = values.dtype
    if kind.is_integer():
        return [_column_clue(found, len(values)) for found in whole_evidence(values)]
    if kind.is_float() or kind.is_decimal():
        return _value_clues(_whole(values), allow)
    if kind == pl.Date or kind == pl.Datetime:
        return [
            _column_clue(found, len(values))
            for found in day_evidence(values.cast(pl.Date).unique(maintain_order=True))
        ]
    if kind == pl.String:
        return _text_clues(values, allow)
    if kind in _PLAIN:
        return []
    raise _unreadable(values)


def _whole(values: pl.Series) -> pl.Series:
    """The whole numbers among fractions: a spreadsheet turns identifiers into floats."""
    whole = values.filter((values == values.floor()) & (values.abs() < 2**53))
    return (
        whole.cast(pl.Int64)
        if len(whole) >= 0.95 * len(values)
        else pl.Series(values.name, [], dtype=pl.Int64)
    )


def _text_clues(values: pl.Series, allow: Sequence[str]) -> list[Clue]:
    if trade_codes(values):
        values = values.filter(~values.str.contains(r"^[\s\d.]+$"))
    shapes = text_evidence(values)
    clues = [_column_clue(found, len(values)) for found in shapes]
    suspects = candidates(values)
    # A column that consists of identifiers is refused whatever else it holds: a sample is enough for the report.
    return clues + _read_cells((suspects.head(_SAMPLE) if shapes else suspects).to_list(), len(values), allow)


def _read_cells(suspects: Sequence[str], distinct: int, allow: Sequence[str]) -> list[Clue]:
    """What the recognisers find; wards named after people are no people in a column of wards.

    A column that holds no more other people than such names, and mostly neither, lists places.
    """
    wards = lexicon().wards
    others = [cell for cell in suspects if " ".join(fold(normalise(cell)).split()) not in wards]
    named = len(suspects) - len(others)
    if named and 2 * named <= distinct:
        people = [clue.distinct for clue in read(others[:_SAMPLE]) if clue.entity == "PERSON"]
        if sum(people) <= named:
            return read(others, allow)
    return read(suspects, allow)


def _column_clue(found: Evidence, distinct: int) -> Clue:
    return Clue(found.entity, found.score, found.example, round(found.share * distinct), None, "column")


def _count_clues(values: pl.Series, limit: int) -> list[Clue]:
    large = values.filter(values.cast(pl.Int128).abs() >= limit)
    if not len(large):
        return []
    return [Clue("IMPLAUSIBLE_COUNT", 0.6, str(large[0]), len(large), str(large[0]), "value")]


def _row(column: pl.Series, cell: str | None) -> int | None:
    if cell is None:
        return None
    where = (column.cast(pl.String) == cell).fill_null(False)
    return where.arg_max() if where.any() else None


def _unreadable(values: pl.Series) -> ScanError:
    what = Text(
        f"Kiểu cột {values.dtype} không quét được.", f"A column of type {values.dtype} cannot be scanned."
    )
    remedy = Text("Chuyển thành chuỗi, số nguyên hoặc ngày.", "Turn it into text, whole numbers or dates.")
    return ScanError([Problem(values.name, what, remedy)])
