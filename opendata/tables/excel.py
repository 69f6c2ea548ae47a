"""The table as an Excel workbook: numbers stay numbers, whatever mark stands beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.errors import Problem, Text
from opendata.data import new_workbook
from opendata.messages import unwritable
from opendata.tables.layout import Cell, PublicationTable, TableError, beneath, is_total, spans

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_HEADS = 2  # the row of heads that span several columns; under it those of the columns, then the body
_NARROWEST, _WIDEST = 10, 60  # characters


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The sheet that is being written, and how its cells look."""

    sheet: Worksheet
    styled: Callable[[dict[str, Any]], Format]
    table: PublicationTable


def write_xlsx(table: PublicationTable, path: str | Path) -> Path:
    """Write the table into one sheet, ready to be printed; Excel writes its numbers as the reader's language does.

    A letter beside a number is part of the number's format, so that the cell can be added up; × and … are texts.

    Args:
        table: From `publication_table`.
        path: The workbook; replaced if it is there.

    Returns:
        The path.

    Raises:
        TableError: When it cannot be written.
    """
    from xlsxwriter.exceptions import FileCreateError

    book = new_workbook(str(path), {"title": table.title})
    made = _Sheet(book.add_worksheet("table"), book.add_format, table)
    _write_heads(made)
    _write_body(made)
    _write_texts(made)
    _lay_out(made)
    try:
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if isinstance(error.args[0], OSError) else OSError()
        raise TableError([Problem(Path(path).name, unwritable(cause), _CHOOSE)]) from None
    return Path(path)


def _write_texts(made: _Sheet) -> None:
    """Title and subtitle above, notes beneath."""
    sheet, table = made.sheet, made.table
    sheet.write_string(0, 0, table.title, made.styled({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, table.subtitle, made.styled({"italic": True}))
    for row, note in enumerate(beneath(table), start=_HEADS + 3 + len(table.lines)):
        sheet.write_string(row, 0, note, made.styled({"font_size": 9}))


def _write_heads(made: _Sheet) -> None:
    sheet, table = made.sheet, made.table
    head = made.styled({**_HEAD, "align": "center"})
    sheet.merge_range(_HEADS, 0, _HEADS + 1, 0, table.stub, made.styled(_HEAD))
    for column, one in enumerate(table.heads, start=1):
        if one.over:
            sheet.write_string(_HEADS + 1, column, one.label, head)
        else:
            sheet.merge_range(_HEADS, column, _HEADS + 1, column, one.label, head)
    for over, columns in spans(table):
        if len(columns) > 1:
            sheet.merge_range(_HEADS, columns[0] + 1, _HEADS, columns[-1] + 1, over, head)
        else:
            sheet.write_string(_HEADS, columns[0] + 1, over, head)


def _write_body(made: _Sheet) -> None:
    for number, line in enumerate(made.table.lines):
        row, bold = _HEADS + 2 + number, {"bold": is_total(made.table, number)}
        made.sheet.write_string(row, 0, line.label, made.styled({**bold, "indent": min(15, line.depth)}))
        for column, (cell, head) in enumerate(zip(line.cells, made.table.heads, strict=True), start=1):
            shape = made.styled({**bold, "align": "right", "num_format": _number_format(cell, head.decimals)})
            if cell.value is None:
                made.sheet.write_string(row, column, cell.shown, shape)
            else:
                made.sheet.write_number(row, column, cell.value, shape)


def _number_format(cell: Cell, decimals: int) -> str:
    """Thousands apart, and the letter in front; Excel puts the marks of the reader's language for , and ."""
    places = f".{'0' * decimals}" if decimals else ""
    flag = f'"{cell.flag} "' if cell.flag else ""
    return f"{flag}#,##0{places};{flag}-#,##0{places}"


def _lay_out(made: _Sheet) -> None:
    """Widths, and how it is printed: heads on every page, all columns on one."""
    sheet, table = made.sheet, made.table
    stub = max(len(line.label) + 2 * line.depth for line in table.lines)
    sheet.set_column(0, 0, min(_WIDEST, max(_NARROWEST, stub, len(table.stub))))
    for column, head in enumerate(table.heads, start=1):
        shown = max(len(line.cells[column - 1].shown) + 2 for line in table.lines)
        sheet.set_column(column, column, max(_NARROWEST, shown, min(20, len(head.label))))
    sheet.freeze_panes(_HEADS + 2, 1)
    sheet.repeat_rows(_HEADS, _HEADS + 1)
    sheet.set_paper(9)  # A4
    if len(table.heads) > 6:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


_HEAD = {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "top": 1}
_CHOOSE = Text("Chọn nơi khác, hoặc đóng tệp đang mở.", "Choose another place, or close the open file.")
