"""The registers as files to be signed and published: CSV, one workbook, one page that asks nothing of the network."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from catalog.annexes import Registers, Sheet, sheets
from catalog.errors import Problem, Text
from catalog.labels import Labels
from opendata.data import new_workbook
from opendata.errors import SpecError
from opendata.messages import unwritable
from opendata.templating import page


def write(found: Registers, folder: Path, agency: Labels | None = None) -> list[Path]:
    """Write `<annex>.csv` for each annex, `registers.xlsx` and `registers.html`; what was there is replaced.

    Args:
        found: The registers, on their day; the same give the same bytes.
        folder: Where; made if it is not there.
        agency: Whose registers they are, for the head of the page.

    Returns:
        What was written.

    Raises:
        SpecError: When the folder cannot be written.
    """
    annexes = sheets(found)
    files = {f"{sheet.name}.csv": _csv(sheet) for sheet in annexes}
    files["registers.xlsx"] = _xlsx(annexes)
    files["registers.html"] = _html(annexes, found, agency).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise SpecError([Problem(str(folder), unwritable(error), _CHOOSE)]) from None
    return [folder / name for name in files]


def _csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, so that Excel shows Vietnamese; Vietnamese headings."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([heading.vi for heading in sheet.headings])
    writer.writerows(sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(annexes: Sequence[Sheet]) -> bytes:
    data = io.BytesIO()
    book = new_workbook(data, in_memory=True)
    bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
    for sheet in annexes:
        made = book.add_worksheet(sheet.name)
        made.freeze_panes(1, 0)
        if sheet.note:
            made.set_header(f"&C{sheet.note.vi}")
        made.set_column(0, len(sheet.headings) - 1, 24)
        for row, cells in enumerate([[heading.vi for heading in sheet.headings], *sheet.rows]):
            for column, cell in enumerate(cells):
                made.write_string(row, column, cell, wrapped if row else bold)
    book.close()
    return data.getvalue()


def _html(annexes: Sequence[Sheet], found: Registers, agency: Labels | None) -> str:
    return page(
        "registers.html",
        sheets=annexes,
        agency=agency,
        today=found.today,
        review_months=found.review_months,
        correction_days=found.correction_days,
    )


_CHOOSE = Text("Chọn thư mục khác hoặc sửa quyền ghi.", "Choose another folder, or mend its permissions.")
