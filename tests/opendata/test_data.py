"""The published files: the same rows in each, the same bytes each time."""

import polars as pl
import pytest

from opendata import data as tables

CELLS = pl.DataFrame(
    {
        "area": ["01", "01", "02", "02"],
        "measure": ["cases", "deaths"] * 2,
        "value": [None, 0, 17, 3],
        "status": ["suppressed", "published", "published", "published"],
    }
)


@pytest.fixture
def data() -> pl.DataFrame:
    return tables.published(CELLS, ["area"], ["cases", "deaths"])


def test_one_row_a_cell_with_a_status_a_measure(data):
    assert data.to_dicts() == [
        {"area": "01", "cases": None, "cases_status": "Q", "deaths": 0, "deaths_status": "A"},
        {"area": "02", "cases": 17, "cases_status": "A", "deaths": 3, "deaths_status": "A"},
    ]


def test_readers_other_than_the_writers_read_the_same(data, tmp_path):
    tables.write_parquet(data, tmp_path / "data.parquet", {"dataset": "x"})
    tables.write_csv(data, tmp_path / "data.csv")
    assert tables.write_xlsx(data, tmp_path / "data.xlsx", "Tiêu đề")
    expected = [("area", "cases", "cases_status", "deaths", "deaths_status"), ("01", "", "Q", "0", "A"),
                ("02", "17", "A", "3", "A")]  # fmt: skip
    assert tables.read_back(tmp_path) == dict.fromkeys(["data.parquet", "data.csv", "data.xlsx"], expected)


def test_the_same_table_gives_the_same_bytes(data, tmp_path):
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        tables.write_parquet(data, folder / "p", {"dataset": "x"})
        tables.write_csv(data, folder / "c")
        tables.write_xlsx(data, folder / "x", "t")
    for name in "pcx":
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_csv_opens_in_excel_as_utf8(data, tmp_path):
    tables.write_csv(data, tmp_path / "data.csv")
    assert (tmp_path / "data.csv").read_bytes().startswith(b"\xef\xbb\xbfarea,cases")


def test_a_table_too_long_for_a_sheet_has_no_sheet(data, tmp_path):
    long = pl.DataFrame({"area": ["x"]}).select(pl.col("area").repeat_by(tables.EXCEL_ROWS + 1).explode())
    assert not tables.write_xlsx(long, tmp_path / "data.xlsx", "t")
    assert not (tmp_path / "data.xlsx").exists()


def test_the_cells_of_a_release_are_what_it_shows(data, tmp_path):
    tables.write_parquet(data, tmp_path / "data.parquet", {})
    cells = tables.as_cells(tmp_path / "data.parquet", ["cases", "deaths"])
    expected = {("01", "cases", None), ("01", "deaths", 0), ("02", "cases", 17), ("02", "deaths", 3)}
    assert set(cells.rows()) == expected
    assert cells.columns == ["area", "measure", "value"]
