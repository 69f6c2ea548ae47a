"""One row for each record: Excel sheets, CSV and Parquet with declared columns and types."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from opendata import source
from opendata.source.encodings import encode
from tests.opendata.source.samples import leaves, refusal, section, write

SECRET = "Zq7bimat"
COLUMNS = """
columns:
  - {name: province, header: Tỉnh, codes: province-34}
  - {name: sex, header: Giới, values: {Nam: M, Nữ: F}}
  - {name: day, header: Ngày, type: date}
  - {name: note, header: Ghi chú, type: ignored}
  - {name: cases, header: Số mắc, type: count}
"""
CSV = "kind: csv\nfiles: [{path: a.csv}]\ndelimiter: ';'" + COLUMNS
PARQUET = "kind: parquet\nfiles: [{path: a.parquet}]" + COLUMNS
EXCEL = "kind: excel\nfiles: [{path: a.xlsx}]\nsheets: {values: {Data: x}}" + COLUMNS
HEAD = ["Tỉnh", "Giới", "Ngày", "Ghi chú", "Số mắc"]
ROWS = [["Hà Nội", "Nam", "2020-01-05", "x", 3], ["TP Hồ Chí Minh", "Nữ", "2020-01-06", "", 4]]
GOOD = [("01", "M", "2020-01-05", 3), ("79", "F", "2020-01-06", 4)]


def csv_bytes(rows: list[list[Any]]) -> str:
    return "\n".join(";".join("" if v is None else str(v) for v in row) for row in [HEAD, *rows]) + "\n"


def read_csv(root: Path, data: str | bytes, **changes: Any) -> source.Records:
    (root / "a.csv").write_bytes(data.encode() if isinstance(data, str) else data)
    return source.read(section(CSV, **changes), root=root, codes=leaves)


def read_excel(root: Path, rows: list[list[Any]], **changes: Any) -> source.Records:
    write(root / "a.xlsx", {"Data": [HEAD, *rows]}, merge=())
    return source.read(section(EXCEL, **changes), root=root, codes=leaves)


def read_parquet(root: Path, rows: list[list[Any]], **changes: Any) -> source.Records:
    pl.DataFrame(rows, schema=HEAD, orient="row").write_parquet(root / "a.parquet")
    return source.read(section(PARQUET, **changes), root=root, codes=leaves)


def test_the_same_table_from_three_formats(tmp_path: Path) -> None:
    dated = [[*r[:2], date.fromisoformat(r[2]), *r[3:]] for r in ROWS]
    for records in (
        read_csv(tmp_path, csv_bytes(ROWS)),
        read_csv(tmp_path, "\ufeff" + csv_bytes(ROWS).replace("\n", "\r\n")),
        read_excel(tmp_path, dated),
        read_excel(tmp_path, ROWS),
        read_parquet(tmp_path, dated),
    ):
        assert records.frame.schema == pl.Schema(
            {"province": pl.String(), "sex": pl.String(), "day": pl.String(), "cases": pl.Int64()}
        )
        assert records.frame.rows() == GOOD
        assert {t.text for t in records.texts} >= {"Hà Nội", "Nữ", "Ghi chú", "x"}


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "vps"])
def test_a_csv_in_an_old_encoding(tmp_path: Path, encoding: Any) -> None:
    data = encode(csv_bytes(ROWS), encoding).encode("latin-1")
    assert read_csv(tmp_path, data, encoding=encoding).frame.rows() == GOOD
    assert refusal(lambda: read_csv(tmp_path, data))[0] == (
        "a.csv",
        "The text is not in the declared encoding.",
    )


def test_codes_stay_texts(tmp_path: Path) -> None:
    columns = [{"name": "code"}, {"name": "n", "type": "count"}]
    assert read_csv(tmp_path, "code;n\n01;1\n001;2\n", columns=columns).frame["code"].to_list() == [
        "001",
        "01",
    ]


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        (["Hà Nội", "Nam", "2020-01-07", "", SECRET], "row 4, column cases", "Text in a column of numbers"),
        (["Hà Nội", "Nam", "2020-01-07", "", "1.5"], "row 4, column cases", "not a whole number"),
        (["Hà Nội", "Nam", "2020-01-07", "", "-2"], "row 4, column cases", "negative"),
        (["Hà Nội", "Nam", "2020-01-07", "", "12345678901"], "row 4, column cases", "too large"),
        (["Hà Nội", "Nam", "2020-01-07", "", ""], "row 4, column cases", "empty cell"),
        (["Hà Nội", "Nam", "07/01/2020", "", "1"], "row 4, column day", "not a date"),
        (["Hà Nội", SECRET, "2020-01-07", "", "1"], "row 4, column sex", "not in “columns.sex.values”"),
        ([SECRET, "Nam", "2020-01-07", "", "1"], "row 4, column province", "not in “province-34”"),
        (["", "Nam", "2020-01-07", "", "1"], "row 4, column province", "empty cell"),
        (["Cả nước", "Nam", "2020-01-07", "", "1"], "row 4, column province", "row of totals"),
        (["Hà Nội", "Nam", "2020-01-05", "", "1"], "row 2, row 4", "same code or combination"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, row: list[str], where: str, what: str
) -> None:
    found = refusal(lambda: read_csv(tmp_path, csv_bytes([*ROWS, row])))
    assert any(place == f"a.csv, {where}" and what in text for place, text in found), found
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        (["Hà Nội", "Nam", "2020-01-07", "", SECRET], "E4", "Text in a column of numbers"),
        (["Hà Nội", "Nam", "2020-01-07", "", "#N/A"], "E4", "formula error"),
        (["Hà Nội", "Nam", 43837, "", 1], "C4", "not a date"),
        ([1.5, "Nam", "2020-01-07", "", 1], "A4", "not a text"),
        ([SECRET, "Nam", "2020-01-07", "", 1], "A4", "not in “province-34”"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_cell(
    tmp_path: Path, row: list[Any], where: str, what: str
) -> None:
    found = refusal(lambda: read_excel(tmp_path, [*ROWS, row]))
    assert any(place == f"a.xlsx, Data!{where}" and what in text for place, text in found), found
    assert SECRET not in str(found)


def test_columns_are_all_declared_and_all_there(tmp_path: Path) -> None:
    other = csv_bytes(ROWS).replace("Giới", "CCCD")
    expected = {"A column with a heading that is not declared.", "The column “Giới” is missing."}
    assert {what for _, what in refusal(lambda: read_csv(tmp_path, other))} >= expected
    write(tmp_path / "a.xlsx", {"Data": [["CCCD", *HEAD[1:]], *ROWS]}, merge=())
    found = refusal(lambda: source.read(section(EXCEL), root=tmp_path, codes=leaves))
    assert ("a.xlsx, Data!A", "A column with a heading that is not declared.") in found


@pytest.mark.parametrize(
    "data", [b"", b"\x00", "Tỉnh;Giới\n1\n".encode(), b'a;"b\n', b"a;a\n1;2\n", b"\xff\xfe\x00"]
)
def test_a_file_that_is_no_csv_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refusal(lambda: read_csv(tmp_path, data))


def test_a_damaged_parquet_file_and_a_wrong_type_are_refused(tmp_path: Path) -> None:
    read_parquet(tmp_path, [[*r[:2], date(2020, 1, 1), *r[3:]] for r in ROWS])
    data = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(data[:40])
    wrong = section(PARQUET)
    assert refusal(lambda: source.read(wrong, root=tmp_path, codes=leaves)) == [
        ("a.parquet", "The file is not a well-formed table (CSV or Parquet).")
    ]
    found = refusal(lambda: read_parquet(tmp_path, [["Hà Nội", 1, date(2020, 1, 1), "", 1]]))
    assert found == [("a.parquet, column sex", "The type of the column is not the declared one (string).")]


def test_repairs_of_lines(tmp_path: Path) -> None:
    rows = [
        *ROWS,
        ["Ha noi (cu)", "Nam", "2020-01-07", "", "2.9"],
        ["Tổng", "", "", "", "9"],
        ["Hà Nội", "", "", "", "1"],
    ]
    repairs = [
        {"kind": "rename", "column": "province", "from": "Ha Noi (cu)", "to": "Hà Nội", "reason": "old name"},
        {"kind": "truncate", "reason": "weighted"},
        {"kind": "drop_rows", "labels": ["Tổng"], "reason": "totals"},
        {"kind": "drop_rows", "file": "a.csv", "rows": [6], "reason": "not complete"},
    ]
    records = read_csv(tmp_path, csv_bytes(rows), repairs=repairs)
    assert records.frame.height == 3
    assert records.frame["cases"].sum() == 9
    assert [r.kind for r in records.repairs] == ["rename", "truncate", "drop_rows", "drop_rows"]
    unused = [{"kind": "drop_rows", "labels": ["Cộng"], "reason": "totals"}]
    assert refusal(lambda: read_csv(tmp_path, csv_bytes(ROWS), repairs=unused))[0][0] == "source.repairs[0]"


def test_a_register_counts_its_rows(tmp_path: Path) -> None:
    text = "province;n\nHà Nội;x\nHà Nội;y\n"
    columns = [{"name": "province", "codes": "province-34"}, {"name": "n", "type": "ignored"}]
    records = read_csv(tmp_path, text, columns=columns, each_row="cases")
    assert records.frame.rows() == [("01", 1), ("01", 1)]


def test_long_numbers_in_a_table_reach_the_scan(tmp_path: Path) -> None:
    columns = [{"name": "province"}, {"name": "cases", "type": "count"}]
    frame = pl.DataFrame({"province": ["x", "y"], "cases": [1, 1099012345]})
    frame.write_parquet(tmp_path / "a.parquet")
    found = source.texts(section(PARQUET, columns=columns), tmp_path)
    assert "001099012345" in {t.text for t in found if t.kind == "number"}


def test_empty_cells_as_declared(tmp_path: Path) -> None:
    rows = [["Hà Nội", "Nam", "2020-01-07", "", ""]]
    assert read_csv(tmp_path, csv_bytes(rows), empty="missing").frame["cases"].to_list() == [None]
    columns = section(CSV).model_dump(by_alias=True)["columns"]
    zero = [c | {"empty": "zero"} if c["type"] == "count" else c for c in columns]
    assert read_csv(tmp_path, csv_bytes(rows), columns=zero).frame["cases"].to_list() == [0]
