"""A synthetic register of hospital visits: one row per visit, with the fields that identify people.

The headings are those of the insurance data exchange (Decision 130/QD-BYT), so that the personal-data scan meets what
it meets in practice. Names and numbers are drawn at random; an agreement with those of a living person is chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

_SURNAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
)
_MIDDLE = {"1": ("Văn", "Hữu", "Đức", "Quang", "Minh"), "2": ("Thị", "Thị Thu", "Thị Ngọc", "Ngọc", "Thanh")}
_GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dung",
    "Giang",
    "Hà",
    "Hạnh",
    "Hùng",
    "Lan",
    "Long",
    "Mai",
    "Nam",
    "Phúc",
    "Tâm",
)
# A usual diagnosis of each chapter, how frequent it is, and the ages in it (the shape of a beta law times 90 years).
_DIAGNOSES = (
    ("A09", 0.10, (0.7, 2.0)), ("A90", 0.06, (1.2, 2.0)), ("C34", 0.03, (5.0, 2.5)), ("D50", 0.02, (1.0, 1.4)),
    ("E11", 0.09, (4.5, 2.5)), ("F32", 0.02, (2.0, 2.5)), ("G40", 0.02, (1.2, 1.8)), ("H25", 0.03, (6.0, 2.0)),
    ("H66", 0.02, (0.6, 3.0)), ("I10", 0.14, (5.0, 2.5)), ("J18", 0.13, (0.5, 0.8)), ("K29", 0.08, (2.0, 2.0)),
    ("L30", 0.03, (1.0, 1.5)), ("M54", 0.05, (3.0, 2.5)), ("N20", 0.04, (3.0, 2.5)), ("O80", 0.05, (3.5, 7.5)),
    ("P07", 0.01, (0.1, 60.0)), ("Q21", 0.005, (0.4, 6.0)), ("R50", 0.025, (0.8, 1.5)), ("S72", 0.04, (2.0, 1.6)),
    ("Z34", 0.01, (3.5, 7.5)),
)  # fmt: skip


def register(visits: int, provinces: Sequence[str], *, year: int, seed: int) -> pl.DataFrame:
    """Visits to hospitals in a year; all columns are text, as in an export.

    Args:
        visits: How many.
        provinces: Codes of the provinces; the first ones have more visits.
        year: The year of admission.
        seed: The same seed gives the same register.

    Returns:
        MA_LK (visit), HO_TEN, SO_CCCD (12 digits), NGAY_SINH, GIOI_TINH (1 male, 2 female), DIEN_THOAI, MA_TINH,
        MA_BENH (ICD-10, three characters), NGAY_VAO; in the order of admission.
    """
    rng = np.random.default_rng(seed)
    shares = rng.lognormal(0.0, 0.9, len(provinces))
    where = rng.choice(len(provinces), visits, p=np.sort(shares)[::-1] / shares.sum())
    frequency = np.array([share for _, share, _ in _DIAGNOSES])
    disease = rng.choice(len(_DIAGNOSES), visits, p=frequency / frequency.sum())
    shape = np.array([ages for *_, ages in _DIAGNOSES])[disease]
    days = np.sort(rng.integers(0, 365, visits))
    age = (90 * 365 * rng.beta(shape[:, 0], shape[:, 1])).astype(int)
    codes = np.array([code for code, *_ in _DIAGNOSES])[disease]
    sex = np.where(np.isin(codes, ["O80", "Z34"]), 2, 1 + rng.integers(0, 2, visits))
    first = date(year, 1, 1).toordinal()
    return pl.DataFrame(
        {
            "MA_LK": [f"{year}{number:08}" for number in range(visits)],
            "HO_TEN": _names(sex, rng),
            "SO_CCCD": [f"0{a:02}{b:09}" for a, b in zip(*_digits(visits, rng), strict=True)],
            "NGAY_SINH": [
                date.fromordinal(first + int(d - a)).isoformat() for d, a in zip(days, age, strict=True)
            ],
            "GIOI_TINH": sex.astype(str).tolist(),
            "DIEN_THOAI": [f"09{number:08}" for number in rng.integers(0, 10**8, visits)],
            "MA_TINH": [provinces[i] for i in where],
            "MA_BENH": codes.tolist(),
            "NGAY_VAO": [date.fromordinal(first + int(day)).isoformat() for day in days],
        }
    )


def without_people(register: pl.DataFrame, chapters: Sequence[str]) -> pl.DataFrame:
    """What of a register of visits may be counted: no field that identifies anybody is left.

    Args:
        register: From `register`.
        chapters: Codes of the ICD-10 chapters, such as "A00-B99".

    Returns:
        chapter, province, sex (M, F); one row per visit, sorted.
    """
    start = pl.col("chapter").str.slice(0, 3).alias("MA_BENH")
    first = pl.DataFrame({"chapter": list(chapters)}).with_columns(start).sort("MA_BENH")
    found = register.sort("MA_BENH").join_asof(first, on="MA_BENH", check_sortedness=False)
    sex = pl.col("GIOI_TINH").replace_strict({"1": "M", "2": "F"}, return_dtype=pl.String).alias("sex")
    counted = found.select("chapter", pl.col("MA_TINH").alias("province"), sex)
    return counted.sort(counted.columns)


def _names(sex: np.ndarray, rng: np.random.Generator) -> list[str]:
    parts = rng.integers(0, [len(_SURNAMES), 5, len(_GIVEN)], (len(sex), 3))
    return [
        f"{_SURNAMES[a]} {_MIDDLE[str(kind)][b]} {_GIVEN[c]}"
        for kind, (a, b, c) in zip(sex.tolist(), parts.tolist(), strict=True)
    ]


def _digits(count: int, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    return rng.integers(1, 97, count).tolist(), rng.integers(0, 10**9, count).tolist()
