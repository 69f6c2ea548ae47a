"""What stands for or beside a number in a publication table, and the note beneath the table that explains it."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.errors import Text
from opendata.charts.wording import REMARKS, Wording


def notes(statuses: Iterable[str], wording: Wording) -> tuple[tuple[str, str], ...]:
    """The marks of the statuses found, each with what it means."""
    found = set(statuses)
    marks = SYMBOLS | FLAGS
    return tuple((mark, wording.text(NOTES[status])) for status, mark in marks.items() if status in found)


# SDMX CL_OBS_STATUS.
SYMBOLS = {"Q": "×", "O": "…"}  # × as at Statistics Canada (x), … as in the yearbooks of Viet Nam
FLAGS = {"P": "p", "E": "e", "B": "b"}  # as at Eurostat
NOTES = {
    "Q": Text(
        "Đã che để không ai bị nhận ra; không được hiểu là số 0.",
        "Suppressed so that nobody can be recognised; not to be read as 0.",
    ),
    "O": Text("Không có số liệu.", "Missing: there is no value."),
    "P": Text("Số liệu sơ bộ.", "Provisional."),
    "E": Text("Số liệu ước tính.", "Estimated."),
    "B": Text(
        "Gián đoạn chuỗi: không so được với kỳ trước.", "Break in series: not comparable with earlier ones."
    ),
}
assert NOTES.keys() == REMARKS.keys()  # a status that a chart explains is explained here too
