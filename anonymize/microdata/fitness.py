"""Whether an extract and its checks fit together; every mistake is told at once, none with a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from anonymize.errors import Problem, Text
from anonymize.hierarchy import Hierarchy
from anonymize.microdata.models import Check, KAnonymity, KMap, LDiversity, TCloseness

COMPARABLE = (pl.String, pl.Boolean, pl.Categorical, pl.Enum, pl.Decimal)


def declaration_problems(
    data: pl.DataFrame, checks: Sequence[Check], *, population: pl.DataFrame | None, person: str | None
) -> list[Problem]:
    """Mistakes of the declaration: empty when every check can be computed from columns that are there."""
    if not checks:
        return [_problem("checks", "không có kiểm tra nào.", "there is no check.")]
    found: dict[Problem, None] = {}
    for check in checks:
        for problem in _declared(data, check, population, person):
            found[problem] = None
    return list(found)


def data_problems(
    data: pl.DataFrame, checks: Sequence[Check], population: pl.DataFrame | None
) -> list[Problem]:
    """Mistakes of the records and of the population, in numbers of rows."""
    if not data.height:
        return [_problem("frame", "không có bản ghi nào.", "there is no record.")]
    found: dict[Problem, None] = {}
    for check in checks:
        problem = None
        if isinstance(check, TCloseness):
            problem = _outside(data, check)
        elif isinstance(check, KMap):
            problem = _numbers(data, check, population)
        if problem is not None:
            found[problem] = None
    return list(found)


def _declared(
    data: pl.DataFrame, check: Check, population: pl.DataFrame | None, person: str | None
) -> Iterator[Problem]:
    wanted = [*check.quasi_identifiers]
    wanted += [check.sensitive] if isinstance(check, LDiversity | TCloseness) else []
    wanted += [check.weight] if isinstance(check, KMap) and check.weight else []
    wanted += [person] if person is not None else []
    yield from (p for name in wanted if (p := _column(data, name)) is not None)
    if isinstance(check, KAnonymity) and check.nulls == "wildcard" and person is not None:
        yield _problem(
            "nulls", "wildcard không dùng cùng person.", "wildcard cannot be combined with person."
        )
    if isinstance(check, TCloseness):
        yield from _unordered(data, check)
    if isinstance(check, KMap):
        yield from _population(data, check, population)


def _column(data: pl.DataFrame, name: str) -> Problem | None:
    if name not in data.columns:
        return _problem(f"column {name}", "không có trong dữ liệu.", "is missing from the data.")
    kind = data.schema[name]
    if not (kind.is_numeric() or kind.is_temporal() or isinstance(kind, COMPARABLE)):
        return _problem(
            f"column {name}", "có kiểu không so sánh được.", "is of a type that cannot be compared."
        )
    return None


def _unordered(data: pl.DataFrame, check: TCloseness) -> Iterator[Problem]:
    kind = data.schema.get(check.sensitive)
    textual = isinstance(kind, pl.String | pl.Categorical)
    if kind is not None and check.distance == "ordered" and textual and check.order is None:
        yield _problem(
            f"column {check.sensitive}",
            "là văn bản: khai báo thứ tự các giá trị (order).",
            "is text: declare the order of its values (order).",
        )
    if kind is not None and not textual and (check.order is not None or check.parents is not None):
        yield _problem(
            f"column {check.sensitive}",
            "phải là văn bản để dùng order hoặc parents.",
            "must be text for order or parents.",
        )


def _population(data: pl.DataFrame, check: KMap, population: pl.DataFrame | None) -> Iterator[Problem]:
    if (
        check.weight is not None
        and check.weight in data.columns
        and not data.schema[check.weight].is_numeric()
    ):
        yield _problem(f"column {check.weight}", "phải là số.", "must be numeric.")
    if check.estimate != "given":
        return
    if population is None:
        yield _problem("population", "chưa được đưa vào.", "is not given.")
        return
    for name in check.quasi_identifiers:
        if name in data.columns and population.schema.get(name) != data.schema[name]:
            yield _problem(
                f"population: column {name}",
                "thiếu hoặc khác kiểu với dữ liệu.",
                "is missing or of another type than in the data.",
            )
    count = str(check.count)
    if count not in population.columns or not population.schema[count].is_numeric():
        yield _problem(
            f"population: column {count}", "thiếu hoặc không phải số.", "is missing or not numeric."
        )


def _outside(data: pl.DataFrame, check: TCloseness) -> Problem | None:
    """Values that the declared order or hierarchy does not know."""
    allowed = check.order
    if check.parents is not None:
        allowed = Hierarchy.from_parents(check.sensitive, check.parents).leaves
    if allowed is None:
        return None
    values = data[check.sensitive].cast(pl.String).drop_nulls()
    rows = int((~values.is_in(list(allowed))).sum())
    return _rows(f"column {check.sensitive}", rows, _OUTSIDE) if rows else None


def _numbers(data: pl.DataFrame, check: KMap, population: pl.DataFrame | None) -> Problem | None:
    """Weights below 1, people below 0, or neither a number."""
    if check.weight is not None:
        rows = _unfit(data[check.weight], 1)
        return _rows(f"column {check.weight}", rows, _WEIGHT) if rows else None
    if check.count is not None and population is not None:
        rows = _unfit(population[check.count], 0)
        return _rows(f"population: column {check.count}", rows, _COUNT) if rows else None
    return None


def _unfit(column: pl.Series, least: int) -> int:
    numbers = column.cast(pl.Float64)
    return len(numbers) - int((numbers.is_finite() & (numbers >= least)).sum())


def _rows(where: str, rows: int, what: Text) -> Problem:
    return _problem(where, what.vi.format(n=rows), what.en.format(n=rows))


def _problem(where: str, vi: str, en: str) -> Problem:
    return Problem(
        where,
        Text(vi, en),
        Text("Sửa khai báo kiểm tra hoặc dữ liệu.", "Correct the declared checks or the data."),
    )


_OUTSIDE = Text(
    "có {n} bản ghi với giá trị ngoài khai báo.", "has {n} records with values outside the declaration."
)
_WEIGHT = Text(
    "có {n} bản ghi thiếu trọng số hoặc trọng số nhỏ hơn 1.", "has {n} records without a weight or below 1."
)
_COUNT = Text("có {n} dòng thiếu số người hoặc số âm.", "has {n} rows without a number of people or below 0.")
