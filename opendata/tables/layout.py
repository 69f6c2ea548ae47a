"""What stands in a publication table: heads, rows, cells with their marks, and the notes that explain the marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Required, TypedDict, Unpack

import polars as pl

from catalog.codelists import CodeList
from catalog.columns import Column
from catalog.errors import Problem, Text
from catalog.labels import Labels
from opendata.charts import ChartError, periods
from opendata.charts.cells import Row, released
from opendata.charts.wording import HIDDEN, REMARKS, Wording, wording_for
from opendata.charts.wording import Options as WordingOptions
from opendata.errors import OpendataError
from opendata.messages import Language
from opendata.tables.marks import FLAGS, SYMBOLS, notes

_Key = tuple[str, str]  # measure, and the code that runs across


class TableError(OpendataError):
    """Data, columns or codes that no table can show without misleading."""


class Options(TypedDict, total=False):
    """What every table may be told.

    Attributes:
        title: The table's title.
        subtitle: Where and when, beneath the title; the unit is added.
        source: Who publishes the figures, beneath the table.
        language: "vi" (the default) or "en".
        decimals: Digits after the decimal mark; unless said 0 for whole numbers, of rates those that are published, and
            for others 1 to 4 by their size.
    """

    title: Required[Labels]
    subtitle: Labels
    source: Labels
    language: Language
    decimals: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        value: The number; None where it is hidden or missing.
        shown: The number as readers write it, or the symbol that stands for it.
        flag: The letter beside the number: "p", "e", "b" or none.
        said: What the symbol or letter means, in words; empty for a plain number.
    """

    value: float | None
    shown: str
    flag: str
    said: str


@dataclass(frozen=True, slots=True)
class Head:
    """One column of numbers: what stands over it, over several such columns, and its digits after the decimal mark."""

    label: str
    over: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its label, how deep it stands in its code list, and its cells."""

    label: str
    depth: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, repr=False)
class PublicationTable:
    """A table ready to be shown or written; made by `publication_table`.

    Attributes:
        title: The title.
        subtitle: The line beneath it, with the unit.
        language: Of all its texts and numbers.
        stub: What the rows are.
        heads: The columns of numbers.
        lines: The rows.
        notes: The marks in it, each with what it means.
        source: Who publishes the figures; may be empty.
    """

    title: str
    subtitle: str
    language: Language
    stub: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    notes: tuple[tuple[str, str], ...]
    source: str

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from opendata.tables.page import great_table
        from opendata.tables.plain import written

        plain = {"text/plain": written(self)}
        return plain | {"text/html": great_table(self).as_raw_html()} if find_spec("great_tables") else plain

    def __repr__(self) -> str:
        return f"PublicationTable({self.title!r}, {len(self.lines)} x {len(self.heads)}, {self.language!r})"


def spans(table: PublicationTable) -> list[tuple[str, list[int]]]:
    """What stands over the heads, each with the numbers of the columns that it spans."""
    found: list[tuple[str, list[int]]] = []
    for number, head in enumerate(table.heads):
        if head.over and found and found[-1][0] == head.over:
            found[-1][1].append(number)
        elif head.over:
            found.append((head.over, [number]))
    return found


def is_total(table: PublicationTable, number: int) -> bool:
    """Whether the parts of a row come right after it."""
    after = table.lines[number + 1 : number + 2]
    return bool(after) and after[0].depth > table.lines[number].depth


def beneath(table: PublicationTable) -> list[str]:
    """The lines beneath the table: what its marks mean, and who publishes it."""
    marks = [f"{mark}  {meaning}" for mark, meaning in table.notes]
    return [*marks, table.source] if table.source else marks


def publication_table(
    data: pl.DataFrame,
    measures: Sequence[str],
    *,
    rows: str,
    codebook: Sequence[Column],
    columns: str | None = None,
    **options: Unpack[Options],
) -> PublicationTable:
    """Lay released rows out as statistical offices print them.

    Hidden cells show ×, missing ones and combinations that the data leave out …, a true zero 0; provisional, estimated
    and broken figures carry the letters p, e and b, as at Eurostat. Only marks that occur are explained beneath.

    Args:
        data: Released rows: codes as text and, per measure, a number and `<measure>_status`; every combination of
            `rows` and `columns` once.
        measures: The measures and rates, in order.
        rows: The dimension whose codes run down, totals before their parts.
        codebook: The columns of the release, with labels, units and code lists (`catalog.read_codebook`).
        columns: The dimension whose codes run across, each over all measures; without it the measures alone do.
        options: See `Options`.

    Raises:
        TableError: With every mistake found: columns that the codebook does not hold, and whatever is not released
            data, such as a number beside a status that hides it.
    """
    dimensions = [rows, *([columns] if columns else [])]
    known = {column.name: column for column in codebook}
    _require(known, measures, dimensions)
    lists = {name: column.codelist for name, column in known.items() if column.codelist}
    said: WordingOptions = {"title": "", "lists": lists, "language": options.get("language", "vi")}
    if "decimals" in options:
        said["decimals"] = options["decimals"]
    blocks = {
        measure: _block(
            data, measure, dimensions, wording_for(data, measure, **_digits(known[measure]) | said)
        )
        for measure in measures
    }
    wording, heads = Wording(**said), _heads(blocks, known, Wording(**said))
    return PublicationTable(
        title=_in(options["title"], wording),
        subtitle=_subtitle(options.get("subtitle"), [known[name] for name in measures], wording),
        language=wording.language,
        stub=_in(known[rows].labels, wording),
        heads=tuple(heads.values()),
        lines=_lines(blocks, heads, lists.get(rows)),
        notes=notes({status for block in blocks.values() for status in block.statuses}, wording),
        source=_in(options.get("source"), wording),
    )


def _digits(column: Column) -> WordingOptions:
    """The decimals that a rate is published with."""
    return {"title": "", "decimals": column.decimals} if column.decimals is not None else {"title": ""}


@dataclass(frozen=True, slots=True)
class _Block:
    """The cells of one measure by their codes, down and across, with the labels of both in order."""

    cells: Mapping[tuple[str, str], Cell]
    down: Mapping[str, str]
    across: Mapping[str, str]
    statuses: frozenset[str]
    decimals: int


def _block(data: pl.DataFrame, measure: str, dimensions: Sequence[str], wording: Wording) -> _Block:
    names = dict(zip(("row", "column"), dimensions, strict=False))
    roles = {_role(role, name, data, wording): name for role, name in names.items()}
    try:
        found = released(data, measure, roles, wording)
    except ChartError as refused:
        raise TableError(refused.problems) from None
    down, *rest = roles
    across = rest[0] if rest else None
    return _Block(
        {
            (row[f"{down}_code"], row[f"{across}_code"] if across else ""): _cell(row, wording)
            for row in found
        },
        {row[f"{down}_code"]: row[down] for row in found},
        {row[f"{across}_code"]: row[across] for row in found} if across else {"": ""},
        frozenset(row["status"] for row in found),
        wording.decimals,
    )


def _role(role: str, name: str, data: pl.DataFrame, wording: Wording) -> str:
    """Periods without a list of their own are shown as such."""
    if name in wording.lists or name not in data.columns or data.schema[name] != pl.String:
        return role
    return "time" if periods.are(data[name].drop_nulls()) else role


def _cell(row: Row, wording: Wording) -> Cell:
    value, status = row["value"], row["status"]
    shown = SYMBOLS[status] if status in HIDDEN else wording.number(value)
    return Cell(
        value, shown, FLAGS.get(status, ""), wording.text(REMARKS[status]) if status in REMARKS else ""
    )


def _heads(blocks: Mapping[str, _Block], known: Mapping[str, Column], wording: Wording) -> dict[_Key, Head]:
    """The heads by measure and code: of one measure over several columns the codes, else the measures."""
    across = {code: label for block in blocks.values() for code, label in block.across.items()}
    heads = {}
    for code, over in across.items():
        for measure, block in blocks.items():
            column = known[measure]
            unit = f" ({_in(column.unit, wording)})" if column.unit and len(blocks) > 1 else ""
            only = len(blocks) == 1 and over
            label = over if only else f"{_in(column.labels, wording)}{unit}"
            heads[measure, code] = Head(label, "" if only else over, block.decimals)
    return heads


def _lines(blocks: Mapping[str, _Block], keys: Iterable[_Key], codes: CodeList | None) -> tuple[Line, ...]:
    labels = {code: label for block in blocks.values() for code, label in block.down.items()}
    keys = list(keys)
    return tuple(
        Line(labels[code], depth, tuple(blocks[measure].cells[code, over] for measure, over in keys))
        for code, depth in _tree(list(labels), codes)
    )


def _tree(shown: Sequence[str], codes: CodeList | None) -> list[tuple[str, int]]:
    """The codes with their depth among those shown, each total right before its parts."""
    parents = {code.code: code.parent for code in codes.codes} if codes else {}
    below: dict[str | None, list[str]] = {}
    for code in shown:
        above = parents.get(code)
        while above is not None and above not in shown:
            above = parents.get(above)
        below.setdefault(above, []).append(code)

    def walk(code: str, depth: int) -> list[tuple[str, int]]:
        return [(code, depth), *(step for part in below.get(code, []) for step in walk(part, depth + 1))]

    return [step for code in below[None] for step in walk(code, 0)]


def _subtitle(subtitle: Labels | None, measures: Sequence[Column], wording: Wording) -> str:
    """The subtitle; of one measure the unit too, of several each head says its own."""
    parts = [_in(subtitle, wording)] if subtitle else []
    if len(measures) == 1 and measures[0].unit:
        parts.append(f"{wording.text(_UNIT)}: {_in(measures[0].unit, wording)}")
    return ". ".join(part.rstrip(".") for part in parts)


def _in(labels: Labels | None, wording: Wording) -> str:
    return str(getattr(labels, wording.language)) if labels else ""


def _require(known: Mapping[str, Column], measures: Sequence[str], dimensions: Sequence[str]) -> None:
    wanted = [*((name, "measure") for name in measures), *((name, "dimension") for name in dimensions)]
    problems = [
        Problem(f"codebook: {name}", _OTHER_ROLE[role] if name in known else _NOT_DESCRIBED, _RIGHT_BOOK)
        for name, role in wanted
        if name not in known or known[name].role not in _AS[role]
    ]
    if not measures:
        problems.append(Problem("measures", _NO_MEASURE, _RIGHT_BOOK))
    if len(set(dimensions)) < len(dimensions):
        problems.append(Problem(f"rows, columns: {dimensions[0]}", _SAME, _OTHER))
    if problems:
        raise TableError(problems)


_AS = {
    "measure": ("measure", "rate"),
    "dimension": ("dimension",),
}  # what a column of the codebook may be shown as
_UNIT = Text("Đơn vị tính", "Unit")
_NOT_DESCRIBED = Text("từ điển dữ liệu không có cột này.", "the codebook does not describe this column.")
_OTHER_ROLE = {
    "measure": Text("cột này không phải chỉ tiêu.", "this column is no measure."),
    "dimension": Text("cột này không phải chiều phân tổ.", "this column is no dimension."),
}
_NO_MEASURE = Text("chưa chọn chỉ tiêu nào.", "no measure was chosen.")
_SAME = Text("hàng và cột cùng một chiều.", "rows and columns are the same dimension.")
_OTHER = Text("Chọn chiều khác, hoặc bỏ columns.", "Choose another dimension, or leave columns out.")
_RIGHT_BOOK = Text(
    "Dùng codebook.json của chính bản phát hành này, và tên cột ghi trong đó.",
    "Use the codebook.json of this very release, and the names in it.",
)
