"""The code lists that come with the package, and the calendar, which is made and not stored."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files

from catalog.codelists import Code, CodeList, Vintage, parse
from catalog.errors import CodeListError, Problem, Text
from catalog.labels import Labels

_FOLDER = files("catalog") / "data" / "codes"
# Written out: strftime("%B") depends on the locale of the machine.
_ENGLISH_MONTHS = "January February March April May June July August September October November December"


@cache
def names() -> tuple[str, ...]:
    """The ids that `builtin` knows, sorted."""
    return tuple(sorted(_index()))


@cache
def builtin(name: str) -> CodeList:
    """A code list that comes with the package: "province-63", "province-34", "sex", "icd-10-blocks", ...

    Args:
        name: Id of the list, its vintage included; `names` tells them all.

    Returns:
        The list.

    Raises:
        CodeListError: When there is none of that name.
    """
    about = _index().get(name)
    if about is None:
        raise CodeListError([_unknown(name)])
    text = (_FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    days = _day(about["valid_from"]), _day(about["valid_to"])
    return parse(text, Vintage(name, about["vintage"] or "", *days, about["source"] or ""))


def months(start_year: int, end_year: int) -> CodeList:
    """The calendar of some years: months "2013-01" in quarters "2013-Q1" in years "2013" under the root "_T".

    Args:
        start_year: First year, 1 to 9999.
        end_year: Last year, included.

    Returns:
        A code list in which years come in order, each followed by its quarters and their months.

    Raises:
        CodeListError: When the years are out of order or out of range.
    """
    if not 1 <= start_year <= end_year <= 9999:
        raise CodeListError([_bad_years()])
    codes = [Code("_T", None, Labels(vi="Tất cả các năm", en="All years"))]
    for year in range(start_year, end_year + 1):
        codes += _year(year)
    span = date(start_year, 1, 1), date(end_year, 12, 31)
    return CodeList("months", f"{start_year:04}-{end_year:04}", *span, tuple(codes))


def _year(year: int) -> list[Code]:
    codes = [Code(f"{year:04}", "_T", Labels(vi=f"Năm {year}", en=str(year)), ())]
    for quarter in range(1, 5):
        code = f"{year:04}-Q{quarter}"
        codes.append(
            Code(code, f"{year:04}", Labels(vi=f"Quý {quarter} năm {year}", en=f"Q{quarter} {year}"))
        )
        codes += [_month(year, month, code) for month in range(3 * quarter - 2, 3 * quarter + 1)]
    return codes


def _month(year: int, month: int, quarter: str) -> Code:
    english = _ENGLISH_MONTHS.split()[month - 1]
    labels = Labels(vi=f"Tháng {month} năm {year}", en=f"{english} {year}")
    return Code(f"{year:04}-{month:02}", quarter, labels, (f"Tháng {month}/{year}", f"{month}/{year}"))


@cache
def _index() -> dict[str, dict[str, str | None]]:
    index: dict[str, dict[str, str | None]] = json.loads((_FOLDER / "index.json").read_text(encoding="utf-8"))
    return index


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _unknown(name: str) -> Problem:
    known = ", ".join(names())
    return Problem(
        f"code list {name}",
        Text("Không có danh mục mã này.", "There is no code list of this name."),
        Text(
            f"Dùng một trong các danh mục: {known}; hoặc thêm tệp CSV vào thư mục codes/.",
            f"Use one of: {known}; or add a CSV to the folder codes/.",
        ),
    )


def _bad_years() -> Problem:
    return Problem(
        "months",
        Text("Năm đầu và năm cuối không hợp lệ.", "The first and last year are not valid."),
        Text(
            "Ghi năm từ 1 đến 9999, năm đầu trước năm cuối.",
            "Give years 1 to 9999, first not after last.",
        ),
    )
