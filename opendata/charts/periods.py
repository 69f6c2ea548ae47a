"""Periods on an axis: "2016-04" is 4/2016, in order, and a period that the data leave out is not skipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from catalog.errors import Problem, Text
from opendata.charts.errors import ChartError
from opendata.messages import Language

# Written out: strftime("%b") depends on the locale of the machine.
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_FORMS = {
    "year": re.compile(r"(\d{4})"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "week": re.compile(r"(\d{4})-W(0[1-9]|[1-4]\d|5[0-3])"),
    "day": re.compile(r"(\d{4})-(\d{2})-(\d{2})"),
}


def form_of(codes: Sequence[str]) -> str | None:
    """Whether the codes are years, quarters, months, weeks or days; None when they are none of these.

    Raises:
        ChartError: When they are of several kinds: a year beside its months is not a point of the same line.
    """
    kinds = {_kind(code) for code in codes}
    if len(kinds) > 1:
        raise ChartError([Problem("time", _MIXED, _ONE_KIND)])
    return kinds.pop() if kinds else None


def are(codes: Iterable[str]) -> bool:
    """Whether all codes are periods of one kind."""
    kinds = {_kind(code) for code in codes}
    return len(kinds) == 1 and None not in kinds


def run(codes: Sequence[str]) -> list[str]:
    """All periods from the first to the last, those without data included; the codes sorted if they are none."""
    step = _NEXT.get(form_of(codes) or "")
    if step is None:
        return sorted(set(codes))
    periods, last = [min(codes)], max(codes)
    while periods[-1] < last:
        periods.append(step(periods[-1]))
    return periods


def label(code: str, language: Language) -> str:
    """A period as readers write it: 4/2016, quý 1/2016, tuần 5/2016, 31/01/2016; Apr 2016, Q1 2016, ..."""
    kind = form_of([code])
    if kind is None or kind == "year":
        return code
    parts = [int(part) for part in _FORMS[kind].fullmatch(code).groups()]  # type: ignore[union-attr]
    return _WORDS[kind, language](parts)


def ticks(periods: Sequence[str], width: int, language: Language) -> list[str]:
    """The periods whose labels fit side by side: all, or the first of every year, or every second, third, ..."""
    longest = max(len(label(code, language)) for code in periods)
    room = max(1, width // (7 * longest + 8))
    starts = [code for code in periods if re.search(r"-(01|Q1|W01|01-01)$", code)]
    if len(periods) > room and 2 <= len(starts) <= room:
        return starts
    return list(periods[:: -(-len(periods) // room)])


def _kind(code: str) -> str | None:
    """The form of one code; a day or a week that no calendar has is none."""
    kind = next((kind for kind, form in _FORMS.items() if form.fullmatch(code)), None)
    try:
        if kind == "week":
            date.fromisocalendar(int(code[:4]), int(code[6:]), 1)
        elif kind:
            date.fromisoformat(code if kind == "day" else f"{code[:4]}-01-01")
    except ValueError:
        return None
    return kind


def _next_month(code: str) -> str:
    year, month = int(code[:4]), int(code[5:])
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


def _next_quarter(code: str) -> str:
    year, quarter = int(code[:4]), int(code[-1])
    return f"{year + quarter // 4:04}-Q{quarter % 4 + 1}"


def _next_week(code: str) -> str:
    monday = date.fromisocalendar(int(code[:4]), int(code[6:]), 1) + timedelta(days=7)
    year, week, _ = monday.isocalendar()
    return f"{year:04}-W{week:02}"


_NEXT: dict[str, Callable[[str], str]] = {
    "year": lambda code: f"{int(code) + 1:04}",
    "quarter": _next_quarter,
    "month": _next_month,
    "week": _next_week,
    "day": lambda code: (date.fromisoformat(code) + timedelta(days=1)).isoformat(),
}
_WORDS: dict[tuple[str, Language], Callable[[list[int]], str]] = {
    ("quarter", "vi"): lambda p: f"quý {p[1]}/{p[0]}",
    ("quarter", "en"): lambda p: f"Q{p[1]} {p[0]}",
    ("month", "vi"): lambda p: f"{p[1]}/{p[0]}",
    ("month", "en"): lambda p: f"{_MONTHS[p[1] - 1]} {p[0]}",
    ("week", "vi"): lambda p: f"tuần {p[1]}/{p[0]}",
    ("week", "en"): lambda p: f"week {p[1]}, {p[0]}",
    ("day", "vi"): lambda p: f"{p[2]:02}/{p[1]:02}/{p[0]}",
    ("day", "en"): lambda p: f"{p[2]} {_MONTHS[p[1] - 1]} {p[0]}",
}
_MIXED = Text(
    "các mã thời gian không cùng một loại (năm, quý, tháng, tuần, ngày).",
    "the periods are of several kinds (years, quarters, months, weeks, days).",
)
_ONE_KIND = Text("Lọc lấy một loại kỳ.", "Filter the rows to one kind of period.")
