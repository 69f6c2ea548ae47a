"""Joins of coded columns, and figures carried from one vintage of a code list to another.

A code means nothing without its vintage, and only what can be added up can be carried over: a rate of the new
area is recomputed from its numerator and denominator, never added or averaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from catalog.codelists import CodeList
from catalog.correspondences import Correspondence, targets
from catalog.errors import Problem, Text, VintageError
from catalog.shipped import builtin, names

MeasureKind = Literal["count", "amount", "rate", "ratio", "percentage", "mean", "median", "index"]
ADDITIVE: frozenset[MeasureKind] = frozenset({"count", "amount"})


@dataclass(frozen=True, slots=True)
class Coded:
    """The codes of a column and the list that gives them their meaning.

    Attributes:
        place: The column, for messages.
        codes: The codes that stand in it.
        codelist: The list with its vintage; None when nobody declared it, which is a mistake.
    """

    place: str
    codes: frozenset[str]
    codelist: CodeList | None


def joinable(*columns: Coded) -> None:
    """Refuse to join columns unless all are coded by one list, and hold no code that it does not have.

    Raises:
        VintageError: With every mistake: columns without a list, codes of no or another vintage, lists that differ.
    """
    problems = [p for column in columns for p in _column_problems(column)]
    lists = sorted({column.codelist.id for column in columns if column.codelist})
    if len(lists) > 1:
        problems.append(Problem(", ".join(c.place for c in columns), _differ(lists), _ROLL_UP_FIRST))
    if problems:
        raise VintageError(problems)


def roll_up(
    values: Mapping[str, int | None], along: Correspondence, *, kind: MeasureKind, name: str = "measure"
) -> dict[str, int | None]:
    """Carry the figures of the earlier codes over to the later ones.

    Args:
        values: Code of the earlier list -> figure; None where it is hidden or missing.
        along: The correspondence.
        kind: What the figures are; counts and amounts only can be added up.
        name: The measure, for messages.

    Returns:
        Later code -> sum, for each that one of the given codes goes to; None where a part is missing: a sum over
        some of the parts would be taken for the whole.

    Raises:
        VintageError: With every mistake, see `require`.
    """
    require(along, values, {name: kind})
    parts: dict[str, list[int | None]] = {}
    for link in along.links:
        parts.setdefault(link.after, []).append(values.get(link.before))
    reached = {after for code in values for after in targets(along)[code]}
    return {after: _sum(found) for after, found in parts.items() if after in reached}


def require(along: Correspondence, codes: Iterable[str], measures: Mapping[str, MeasureKind]) -> None:
    """Refuse what cannot be carried over.

    Args:
        along: The correspondence.
        codes: The codes that figures are given for.
        measures: Name of each measure -> what it is.

    Raises:
        VintageError: With every mistake: measures that do not add up, codes that the earlier list does not have
            (margins among them), codes that were split: their figure is not known for the parts.
    """
    goes, given = targets(along), set(codes)
    problems = [_not_additive(name) for name, kind in measures.items() if kind not in ADDITIVE]
    strange = given - goes.keys()
    if strange:
        problems.append(_strange(along.before, strange))
    problems += [_split(along, code) for code in sorted(given & goes.keys()) if len(goes[code]) > 1]
    if problems:
        raise VintageError(problems)


def _sum(parts: Iterable[int | None]) -> int | None:
    known = list(parts)
    return None if None in known else sum(part for part in known if part is not None)


def _column_problems(column: Coded) -> list[Problem]:
    if column.codelist is None:
        return [Problem(column.place, _NO_VINTAGE, _DECLARE)]
    strange = column.codes - {code.code for code in column.codelist.codes}
    return [_strange(column.codelist.id, strange, column.place)] if strange else []


def _strange(name: str, strange: Iterable[str], place: str = "") -> Problem:
    """Codes that a list does not have: how many, never which, for they may be anything."""
    found = set(strange)
    others = [other for other in names() if found <= {code.code for code in builtin(other).codes}]
    where = f"{place}: {name}" if place else name
    hint = ", ".join(others)
    return Problem(
        where,
        Text(f"{len(found)} mã không có trong danh mục.", f"{len(found)} codes are not in this list."),
        Text(
            f"Các mã này có trong: {hint}. Kiểm tra phiên bản danh mục." if hint else _CHECK.vi,
            f"They are in: {hint}. Check which vintage the column is in." if hint else _CHECK.en,
        ),
    )


def _differ(lists: Iterable[str]) -> Text:
    listed = ", ".join(lists)
    return Text(
        f"Các cột dùng danh mục khác nhau: {listed}.", f"The columns are coded by different lists: {listed}."
    )


def _not_additive(name: str) -> Problem:
    return Problem(
        name,
        Text("Chỉ tiêu này không cộng được.", "This measure does not add up."),
        Text(
            "Cộng tử số và mẫu số riêng, rồi tính lại tỷ lệ.",
            "Roll up its numerator and its denominator, then divide again.",
        ),
    )


def _split(along: Correspondence, code: str) -> Problem:
    parts = ", ".join(targets(along)[code])
    return Problem(
        f"{along.before} {code} → {along.after} {parts}",
        Text(
            "Mã này bị tách: không biết số liệu của từng phần.",
            "This code was split: its parts are not known.",
        ),
        Text(
            f"Làm ngược lại: cộng số liệu của {along.after} về {along.before}.",
            f"Go the other way: roll the figures of {along.after} up to {along.before}.",
        ),
    )


_NO_VINTAGE = Text(
    "Cột mã không khai báo danh mục và phiên bản.", "The column of codes declares no list and vintage."
)
_DECLARE = Text(
    "Khai báo danh mục có phiên bản, ví dụ province-63 hoặc province-34.",
    "Declare a list with its vintage, such as province-63 or province-34.",
)
_ROLL_UP_FIRST = Text(
    "Chuyển về cùng một danh mục theo bảng chuyển đổi rồi mới nối.",
    "Carry them over to one list along a correspondence first, then join.",
)
_CHECK = Text(
    "Bỏ các dòng tổng; kiểm tra danh mục và cách viết mã.",
    "Leave totals out; check the list and how codes are written.",
)
