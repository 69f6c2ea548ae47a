"""What a chart says in words: labels, numbers, statuses, and the description for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from math import ceil, floor
from typing import Any, Required, TypedDict, Unpack, get_args

import altair as alt
import polars as pl

import catalog
from catalog import CodeList
from catalog.errors import Problem, Text
from opendata import words
from opendata.charts.errors import ChartError
from opendata.messages import Language

# SDMX CL_OBS_STATUS. What a legend says, and what stands for or beside a number.
LEGENDS = {
    "Q": Text("Đã che (suppressed)", "Suppressed"),
    "O": Text("Không có số liệu (missing)", "Missing"),
    "P": Text("Sơ bộ (provisional)", "Provisional"),
    "E": Text("Ước tính (estimated)", "Estimated"),
    "B": Text("Gián đoạn chuỗi (break)", "Break in series"),
}
REMARKS = {
    "Q": Text("đã che", "suppressed"),
    "O": Text("không có số liệu", "missing"),
    "P": Text("sơ bộ", "provisional"),
    "E": Text("ước tính", "estimated"),
    "B": Text("gián đoạn chuỗi", "break in series"),
}
HIDDEN = frozenset("QO")  # no number stands beside these
MOST_DECIMALS = 15
_EXACT = Context(prec=400)  # any number of a data frame, with its decimals


class Options(TypedDict, total=False):
    """What every chart may be told.

    Attributes:
        title: The chart's title.
        subtitle: What the measure counts, in which unit, and where.
        lists: Code lists by column: labels and order. A column without one shows its codes.
        language: "vi" (the default) or "en".
        decimals: Digits after the decimal mark; unless said 0 for whole numbers, and for others 1 to 4 by their size,
            never more than the column holds.
    """

    title: Required[str]
    subtitle: str
    lists: Mapping[str, CodeList]
    language: Language
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The options of one chart, filled in; see `Options`."""

    title: str
    subtitle: str = ""
    lists: Mapping[str, CodeList] = field(default_factory=dict)
    language: Language = "vi"
    decimals: int = 0

    def text(self, text: Text) -> str:
        """The sentence in the chart's language."""
        return str(getattr(text, self.language))

    def number(self, value: float | Decimal) -> str:
        """A number as readers write it: 4.480,2 in Vietnamese, 4,480.2 in English; -0 is 0."""
        shown = f"{self._decimal(value):,.{self.decimals}f}"
        return shown.translate(str.maketrans(",.", ".,")) if self.language == "vi" else shown

    def rounded(self, value: float) -> float:
        """A number as it is shown; a whole one stays whole."""
        return value if isinstance(value, int) else float(self._decimal(value))

    def _decimal(self, value: float | Decimal) -> Decimal:
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP, _EXACT)
        return rounded if rounded else abs(rounded)

    def axis(self, ticks: int, values: Iterable[float | None], **options: Any) -> alt.Axis:
        """The axis of the measure, for these values; whole numbers never get ticks between them."""
        step: dict[str, Any] = {} if self.decimals else {"tickMinStep": 1}
        ends = [0, *(value for value in values if value is not None)]
        low, high = floor(min(ends)), ceil(max(ends))
        if step and high - low < 5:  # there the renderer puts ticks between whole numbers, whatever the step
            step = {"values": list(range(low, max(high, low + 1) + 1))}
        return alt.Axis(format=f",.{self.decimals}f", tickCount=ticks, **step, **options)

    def shown(self, value: float | Decimal | None, status: str) -> str:
        """A cell in words: "1.234", "1.234 (sơ bộ)", "đã che"."""
        if value is None:
            return self.text(REMARKS[status])
        remark = f" ({self.text(REMARKS[status])})" if status in REMARKS else ""
        return self.number(value) + remark

    def labels(self, column: str, codes: Iterable[str]) -> dict[str, str]:
        """Codes with what is shown for them; two codes of one name are told apart by their codes."""
        codes = list(codes)
        known = {c.code: getattr(c.labels, self.language) for c in self.codes(column)}
        said = {code: known.get(code, code) for code in codes}
        names = list(said.values())
        return {code: name if names.count(name) == 1 else f"{name} ({code})" for code, name in said.items()}

    def codes(self, column: str) -> tuple[catalog.Code, ...]:
        """The codes that a column may hold, in order; none when no list was given."""
        return self.lists[column].codes if column in self.lists else ()


def wording_for(data: pl.DataFrame, measure: str, **options: Unpack[Options]) -> Wording:
    """The options of a chart of these data, with as many decimals as their size asks for unless the caller says.

    Raises:
        ChartError: When the language or the number of decimals is none that can be shown.
    """
    _check(options.get("language", "vi"), options.get("decimals", 0))
    numeric = measure in data.columns and data.schema[measure].is_numeric()
    wording = Wording(**options)
    if "decimals" in options or not numeric or data.schema[measure].is_integer():
        return wording
    largest = float(data[measure].cast(pl.Float64).abs().max() or 0)  # type: ignore[arg-type]
    decimals = next((n for n, least in enumerate((10, 1, 0.1), start=1) if largest >= least), 4)
    kind = data.schema[measure]
    held = kind.scale if isinstance(kind, pl.Decimal) else decimals
    return replace(wording, decimals=min(decimals, held))


def _check(language: str, decimals: int) -> None:
    known, digits = ", ".join(get_args(Language)), f"0 – {MOST_DECIMALS}"
    problems = []
    if language not in get_args(Language):
        problems.append(
            Problem(f"language {language!r}", _NO_OPTION, Text(f"Chọn: {known}.", f"Use: {known}."))
        )
    if decimals not in range(MOST_DECIMALS + 1):
        problems.append(
            Problem(f"decimals {decimals!r}", _NO_OPTION, Text(f"Chọn: {digits}.", f"Use: {digits}."))
        )
    if problems:
        raise ChartError(problems)


def describe(kind: Text, statuses: Iterable[str], wording: Wording, *, extent: str) -> str:
    """What the chart is, for a screen reader: kind, title, extent, and how many cells of each status it holds.

    Args:
        kind: The kind of chart, such as "Biểu đồ đường".
        statuses: The status of every cell.
        wording: Title and language.
        extent: The first and last period, or how many areas.
    """
    found = list(statuses)
    counts = [(wording.text(REMARKS[s]), found.count(s)) for s in REMARKS if s in found]
    cells = f"{wording.text(words.count(len(found)))} {wording.text(Text('ô số liệu', 'cells'))}"
    tallies = [cells, *(f"{wording.text(words.count(n))} {remark}" for remark, n in counts)]
    said = [f"{wording.text(kind)}: {wording.title}", wording.subtitle, extent, ", ".join(tallies)]
    return ". ".join(part.rstrip(".") for part in said if part) + "."


_NO_OPTION = Text("không thể chọn như vậy.", "this cannot be chosen.")
