"""Synthetic surveillance workbooks in the shape of the ministry's yearbooks; no figure in them was ever observed.

Like the real ones they hold one sheet a disease, two header rows with merged cells, a row a province, text in the
TCVN3 (ABC) 8-bit encoding, and twelve months of M (mắc, cases) and C (chết, deaths).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from opendata.source.encodings import encode

MONTHS = 12
COMMON = frozenset({"LyTT", "Tieu chay", "SXH", "Sot ret", "V.Gan", "T.Dau", "Soi", "Quai bi", "Cum", "TCM"})
_NO_CLOCK = datetime(2000, 1, 1)


def write_workbook(path: Path, sheets: Iterable[str], provinces: Iterable[str], *, seed: int) -> None:
    """Write one year's workbook.

    Args:
        path: Where, ending in `.xlsx`.
        sheets: Sheet names, one a disease.
        provinces: Vietnamese province names, in the order of the rows.
        seed: The same seed gives the same workbook, byte for byte.
    """
    names = list(provinces)
    book = Workbook(str(path))
    book.set_properties({"created": _NO_CLOCK})
    for number, sheet in enumerate(sheets):
        rng = np.random.default_rng([seed, number])
        _write_sheet(book.add_worksheet(sheet), book.add_format({"align": "center"}), names, rng)
    book.close()


def _write_sheet(sheet: Worksheet, centred: Format, names: list[str], rng: np.random.Generator) -> None:
    cases, deaths = _counts(len(names), sheet.get_name() in COMMON, rng)
    sheet.write_string(0, 0, encode("Tỉnh/T.phố", "tcvn3"))
    for month in range(MONTHS):
        column = 1 + 2 * month
        sheet.merge_range(0, column, 0, column + 1, encode(f"Tháng {month + 1}", "tcvn3"), centred)
        sheet.write_string(1, column, "M")
        sheet.write_string(1, column + 1, "C")
    for row, name in enumerate(names):
        sheet.write_string(row + 2, 0, encode(name, "tcvn3"))
        for month in range(MONTHS):
            sheet.write_number(row + 2, 1 + 2 * month, int(cases[row, month]))
            sheet.write_number(row + 2, 2 + 2 * month, int(deaths[row, month]))


def _counts(provinces: int, common: bool, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Cases and deaths, province by month: over-dispersed counts around a size, a place and a season.

    As in the yearbooks, some diseases are everywhere and most are nearly never seen.
    """
    size = 10 ** (rng.uniform(0.7, 2.3) if common else rng.uniform(-4.0, -1.5))
    place = rng.lognormal(0.0, 0.8, provinces)
    season = 1 + 0.7 * np.sin(2 * np.pi * (np.arange(MONTHS) - rng.integers(MONTHS)) / MONTHS)
    cases = rng.poisson(size * np.outer(place, season) * rng.gamma(2.0, 0.5, (provinces, MONTHS)))
    return cases, rng.binomial(cases, rng.uniform(0.0, 0.01))
