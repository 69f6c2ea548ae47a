"""A report is a few sheets; a sheet is a frame with a title, and knows whether it may be published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from anonymize import markup
from anonymize.errors import Text


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """One frame of a report.

    Attributes:
        name: What it is called in `Report.frames`.
        title: Its heading.
        frame: The rows.
        confidential: Whether it tells what the published cells do not: reasons, hidden values, other patterns. Such a
            sheet must stay with the publisher.
    """

    name: str
    title: Text
    frame: pl.DataFrame
    confidential: bool

    def __repr__(self) -> str:
        kind = "confidential" if self.confidential else "publishable"
        return f"Sheet({self.name!r}, {self.frame.height} rows, {kind})"

    def _repr_html_(self) -> str:
        """The sheet as a table, under a warning if it is confidential."""
        warning = markup.paragraph(CONFIDENTIAL) if self.confidential else ""
        return warning + markup.table(self.frame, HEADINGS, caption=self.title)


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What was hidden, and what it cost.

    Attributes:
        title: Its heading.
        publishable: Sheets that follow from the published cells and the audit's summary alone.
        confidential: Sheets that must stay with the publisher.
    """

    title: Text
    publishable: tuple[Sheet, ...]
    confidential: tuple[Sheet, ...]

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """Every frame by the name of its sheet, the confidential ones included."""
        return MappingProxyType({s.name: s.frame for s in (*self.publishable, *self.confidential)})

    @property
    def public_html(self) -> str:
        """The publishable sheets as HTML."""
        return markup.heading(self.title) + _tables(self.publishable)

    def __repr__(self) -> str:
        return f"Report({len(self.publishable)} publishable sheets, {len(self.confidential)} confidential)"

    def _repr_html_(self) -> str:
        """Both parts, the confidential one under its warning."""
        warning = markup.heading(Text("Phần mật", "Confidential part"), 4) + markup.paragraph(CONFIDENTIAL)
        return self.public_html + warning + _tables(self.confidential)


def _tables(sheets: Iterable[Sheet]) -> str:
    return "".join(markup.table(sheet.frame, HEADINGS, caption=sheet.title) for sheet in sheets)


CONFIDENTIAL = Text(
    "MẬT: không công bố; phần này cho biết điều mà các ô đã công bố không cho biết.",
    "CONFIDENTIAL: not to be published; this tells what the published cells do not.",
)
HEADINGS = MappingProxyType(
    {
        "measure": Text("Chỉ tiêu", "measure"),
        "cells": Text("Số ô", "cells"),
        "suppressed": Text("Ô bị che", "suppressed"),
        "share": Text("Tỷ lệ ô", "share of cells"),
        "dimension": Text("Chiều", "dimension"),
        "level": Text("Cấp (0 là trên cùng)", "level, 0 at the top"),
        "code": Text("Mã", "code"),
        "codes": Text("Số mã", "codes"),
        "check": Text("Kiểm tra", "check"),
        "found": Text("Phát hiện", "found"),
        "reason": Text("Lý do", "reason"),
        "value": Text("Giá trị", "value"),
        "suppressed_value": Text("Giá trị bị che", "value suppressed"),
        "share_value": Text("Tỷ lệ giá trị", "share of value"),
        "threshold": Text("Ngưỡng", "threshold"),
        "feasible": Text("Khả thi", "feasible"),
        "primary": Text("Ô nhạy cảm", "primary"),
        "secondary": Text("Ô che bổ sung", "secondary"),
        "blocking": Text("Ô không bảo vệ được", "blocking cells"),
        "cell": Text("Ô", "cell"),
        "what_vi": Text("Vấn đề", "problem in Vietnamese"),
        "what_en": Text("Vấn đề bằng tiếng Anh", "problem"),
        "recode_vi": Text("Gộp mã", "recode in Vietnamese"),
        "recode_en": Text("Gộp mã bằng tiếng Anh", "recode"),
        "bits": Text("Mất thông tin (bit mỗi đơn vị)", "information lost, bits per unit"),
        "cells_lost": Text("Ô không còn lập", "cells no longer tabulated"),
        "outcome": Text("Kết quả", "outcome"),
    }
)
