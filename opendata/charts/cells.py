"""Released data as the rows of a chart: only the columns drawn, every cell once, no number that is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Any, Literal

import polars as pl

from catalog.errors import Problem, Text
from opendata.charts import periods
from opendata.charts.errors import ChartError
from opendata.charts.wording import HIDDEN, LEGENDS, Wording

Row = dict[str, Any]
Cover = Literal["rows", "product", "lists"]


def released(
    data: pl.DataFrame,
    measure: str,
    columns: Mapping[str, str],
    wording: Wording,
    *,
    cover: Cover = "product",
) -> list[Row]:
    """The cells of a chart.

    Args:
        data: Released rows: `columns`, `measure` and `<measure>_status`; whatever else it holds is left behind.
        measure: The measure's column.
        columns: What each column is on this chart, such as {"time": "month", "series": "disease"}.
        wording: Labels and language.
        cover: Which cells there are: of the rows only, of every combination of the codes found (and of every period
            between the first and the last), or of every code of the lists. One without a row is missing (status O).

    Returns:
        Rows with, per role, `<role>` (what is shown) and `<role>_code`; `value` (None if hidden), `status`, `shown`
        (the cell in words) and `say` (the whole sentence). In the order of the code lists, then of the codes.

    Raises:
        ChartError: With every mistake found: a column missing or of another type, an unknown status, a number
            where the status says there is none or the other way round, a cell twice, a code not in its list.
    """
    _check(data, measure, columns)
    taken = data.select(*columns.values(), measure, f"{measure}_status").with_columns(_number(data, measure))
    held = {row[:-2]: row[-2:] for row in taken.iter_rows()}
    found = [list(dict.fromkeys(codes)) for codes in zip(*held, strict=True)]
    orders = [
        _order(role, column, codes, wording)
        for (role, column), codes in zip(columns.items(), found, strict=True)
    ]
    if cover == "lists":
        orders = [[code.code for code in wording.codes(column)] for column in columns.values()]
    labels = [
        _labels(role, column, codes, wording)
        for (role, column), codes in zip(columns.items(), orders, strict=True)
    ]
    keys = [key for key in product(*orders) if cover != "rows" or key in held]
    return [_row(list(columns), key, held.get(key, (None, "O")), labels, wording) for key in keys]


def statuses(rows: Sequence[Row]) -> list[str]:
    """The status of every cell."""
    return [row["status"] for row in rows]


def _row(
    roles: Sequence[str],
    key: Sequence[str],
    cell: tuple[Any, ...],
    labels: Sequence[Mapping[str, str]],
    wording: Wording,
) -> Row:
    names = [label[code] for label, code in zip(labels, key, strict=True)]
    value, status = cell
    drawn = float(value) if isinstance(value, Decimal) else value
    # An amount of more digits than a float holds is said as it is published.
    exact = isinstance(value, Decimal) and Decimal(repr(drawn)) != value
    shown = wording.shown(value if exact else drawn, status)
    return {
        **dict(zip(roles, names, strict=True)),
        **{f"{role}_code": code for role, code in zip(roles, key, strict=True)},
        "value": drawn,
        "status": status,
        "shown": shown,
        "say": f"{', '.join(names)}: {shown}",
    }


def _order(role: str, column: str, codes: Sequence[str], wording: Wording) -> list[str]:
    """The codes on the chart, in order: periods as the calendar has them, others as their list has them."""
    listed = [code.code for code in wording.codes(column)]
    strays = sorted(set(codes) - set(listed)) if listed else []
    if strays:
        raise ChartError([Problem(f"{column}: {', '.join(strays[:20])}", _NOT_LISTED, _RIGHT_LIST)])
    if role == "time" and periods.form_of(codes):
        return periods.run(codes)
    found = set(codes)
    return [code for code in listed if code in found] or sorted(found)


def _labels(role: str, column: str, codes: Sequence[str], wording: Wording) -> dict[str, str]:
    if role == "time" and periods.form_of(codes):
        return {code: periods.label(code, wording.language) for code in codes}
    return wording.labels(column, codes)


def _number(data: pl.DataFrame, measure: str) -> pl.Expr:
    """The measure; quotients to twelve digits, since their last ones are not the same in every run.

    Whole numbers and decimal fractions, such as amounts in dong, are taken as they are published.
    """
    kind = data.schema[measure]
    if kind.is_integer() or kind.is_decimal():
        return pl.col(measure)
    return pl.col(measure).cast(pl.Float64).round_sig_figs(12)


def _check(data: pl.DataFrame, measure: str, columns: Mapping[str, str]) -> None:
    """Refuse what is no released table; counts of rows in messages, never a value."""
    status = f"{measure}_status"
    problems = [
        Problem(name, _NO_COLUMN, _RELEASED)
        for name in (*columns.values(), measure, status)
        if name not in data.columns
    ]
    if problems:
        raise ChartError(problems)
    text = [*columns.values(), status]
    problems = [Problem(name, _NOT_TEXT, _AS_TEXT) for name in text if data.schema[name] != pl.String]
    if not data.schema[measure].is_numeric() and data.schema[measure] != pl.Null:  # Null: all are hidden
        problems.append(Problem(measure, _NOT_NUMERIC, _RELEASED))
    if problems:
        raise ChartError(problems)
    problems = [
        Problem(f"{where}: {found}", what, remedy)
        for where, bad, what, remedy in _rules(measure, columns)
        if (found := data.filter(bad).height)
    ]
    if not data.height:
        problems.append(Problem(measure, _NO_ROWS, _FILTER))
    if problems:
        raise ChartError(problems)


def _rules(measure: str, columns: Mapping[str, str]) -> list[tuple[str, pl.Expr, Text, Text]]:
    """What no released row does: place, rows that do, what is wrong, remedy."""
    value, status = pl.col(measure), pl.col(f"{measure}_status")
    known = list({"A", *LEGENDS})
    hides = status.is_in(list(HIDDEN))
    keys = pl.struct(list(columns.values()))
    empty = pl.any_horizontal(pl.col(name).is_null() for name in columns.values())
    return [
        (f"{measure}_status", status.is_null() | ~status.is_in(known), _STATUS, _RELEASED),
        (measure, hides & value.is_not_null(), _LEAK, _NEVER),
        (measure, status.is_in(known) & ~hides & value.is_null(), _HOLE, _SAY_WHY),
        (measure, value.cast(pl.Float64).is_finite().not_(), _INFINITE, _RELEASED),
        (", ".join(columns.values()), keys.is_duplicated(), _TWICE, _FILTER),
        (", ".join(columns.values()), empty, _NO_CODE, _RELEASED),
    ]


_NO_COLUMN = Text("không có cột này.", "there is no such column.")
_RELEASED = Text(
    "Dùng bảng đã phát hành: mã dạng chữ, mỗi chỉ tiêu một cột số và cột <chỉ tiêu>_status (A, B, E, O, P, Q).",
    "Use released data: codes as text and, per measure, a number and <measure>_status (A, B, E, O, P, Q).",
)
_NOT_TEXT = Text("cột phải là chữ (String).", "the column must be text (String).")
_AS_TEXT = Text(
    "Đọc lại với mã dạng chữ; số mất các số 0 ở đầu.",
    "Read the codes as text; as numbers they lose leading zeros.",
)
_NOT_NUMERIC = Text("cột chỉ tiêu phải là số.", "the measure must be a number.")
_STATUS = Text("dòng có trạng thái trống hoặc không rõ.", "rows with no status or an unknown one.")
_LEAK = Text(
    "dòng có số liệu dù trạng thái là Q (đã che) hoặc O (không có số liệu); dữ liệu bị từ chối.",
    "rows hold a number although their status is Q (suppressed) or O (missing); the data are refused.",
)
_NEVER = Text(
    "Chỉ dùng tệp dữ liệu đã phát hành; không dùng bảng trước khi che số.",
    "Take the released file only, never the table before suppression.",
)
_HOLE = Text("dòng không có số dù trạng thái không che.", "rows without a number whose status hides nothing.")
_SAY_WHY = Text("Ghi trạng thái Q hoặc O cho ô trống.", "Give empty cells the status Q or O.")
_INFINITE = Text("dòng có số không hữu hạn.", "rows whose number is not finite.")
_TWICE = Text("dòng trùng nhau trên các cột được chọn.", "rows that are the same in the columns chosen.")
_FILTER = Text(
    "Lọc các cột khác về một giá trị, chẳng hạn dòng tổng.",
    "Filter the other columns to one value, such as the total.",
)
_NO_CODE = Text("dòng thiếu mã.", "rows without a code.")
_NO_ROWS = Text("không có dòng nào.", "there are no rows.")
_NOT_LISTED = Text("mã không có trong danh mục đã cho.", "codes that the given code list does not hold.")
_RIGHT_LIST = Text(
    "Dùng danh mục đúng phiên bản của dữ liệu, hoặc lọc bỏ các dòng này.",
    "Give the list of the data's vintage, or leave these rows out.",
)
