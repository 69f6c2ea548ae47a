"""A small released table: suppressed, missing, zero, provisional, estimated and broken cells, and its codebook."""

import polars as pl
import pytest

import catalog
from catalog import Column, Labels

HIDDEN_VALUE = 987_654  # stands wherever a value must not be seen
AREAS = catalog.CodeList(
    "areas",
    "2025",
    None,
    None,
    (
        catalog.Code("N1", "N", Labels(vi="Bắc <một>", en="North <one>")),
        catalog.Code("VN", None, Labels(vi="Cả nước", en="Whole country")),
        catalog.Code("N", "VN", Labels(vi="Miền Bắc", en="North")),
        catalog.Code("S", "VN", Labels(vi="Miền Nam", en="South")),
    ),
)
SEX = catalog.builtin("sex")
CODEBOOK = (
    Column("area", "dimension", "string", Labels(vi="Vùng", en="Area"), codelist=AREAS),
    Column("sex", "dimension", "string", Labels(vi="Giới tính", en="Sex"), codelist=SEX),
    Column("year", "dimension", "string", Labels(vi="Năm", en="Year")),
    Column(
        "cases", "measure", "integer", Labels(vi="Số mắc", en="Cases"), unit=Labels(vi="người", en="persons")
    ),
    Column("rate", "measure", "number", Labels(vi="Tỷ suất", en="Rate"), unit=Labels(vi="‰", en="per 1000")),
)
_CELLS = [
    ("VN", "_T", 4480, "A", 4480.25, "A"),
    ("VN", "F", 2200, "P", 0.5, "E"),
    ("N", "_T", 4480, "B", 12.0, "A"),
    ("N", "F", 0, "A", 0.0, "A"),
    ("N1", "_T", None, "Q", None, "Q"),
    ("N1", "F", None, "O", 1.25, "A"),
    ("S", "_T", None, "Q", None, "O"),
]
DATA = pl.DataFrame(
    _CELLS,
    schema={
        "area": pl.String,
        "sex": pl.String,
        "cases": pl.Int64,
        "cases_status": pl.String,
        "rate": pl.Float64,
        "rate_status": pl.String,
    },
    orient="row",
)
TITLE = Labels(vi="Số mắc theo vùng", en="Cases by area")


@pytest.fixture
def data() -> pl.DataFrame:
    return DATA
