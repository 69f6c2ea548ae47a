"""Match the labels of rows to codes, by name or alias, never by guess."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from catalog import normal

#: Id of a code list -> (normalised label, alias or code -> code), only codes that a row may have.
Codes = Callable[[str], Mapping[str, str]]

# Words that are the whole label of a row of totals. Such a row would be counted twice.
_TOTALS = frozenset(
    normal(label)
    for label in (
        *("Tổng", "Tổng cộng", "Tổng số", "Tổng chung", "Tổng cả nước", "Tổng toàn quốc", "Tổng toàn tỉnh"),
        *("Cộng", "Cộng dồn", "Chung", "Tất cả", "Cả nước", "Toàn quốc", "Toàn tỉnh", "Việt Nam"),
        *("Tong", "Tong cong", "Tong so", "Cong", "Ca nuoc", "Toan quoc", "Viet Nam", "Vietnam"),
        *("Total", "Grand total", "Subtotal", "Sub total", "Sum", "All", "Whole country"),
    )
)


def is_total(label: str) -> bool:
    """Whether a label names a row of totals."""
    return normal(label).rstrip(" :") in _TOTALS


def known(codes: Codes, codelist: str | None, values: Mapping[str, str] | None) -> dict[str, str]:
    """Normalised label -> code, from a code list or from the values declared in the spec.

    Raises:
        catalog.CatalogError: If there is no such code list.
    """
    if codelist is not None:
        return dict(codes(codelist))
    return {normal(label): code for label, code in (values or {}).items()}


def tidy(label: str) -> str:
    """A label as text: NFC, single spaces, no blanks around it. Case stays."""
    return " ".join(unicodedata.normalize("NFC", label).replace("\xa0", " ").split())
